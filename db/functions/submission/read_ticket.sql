-- Purpose:  reads a play ticket: play1 and, in hexadecimal, 28 bytes and their HMAC-SHA-256 (RFC 2104). The bytes:
--           user id (4), time of issue in microseconds since 1970 (8), random (8), start of the SHA-256 of the game
--           mode (8).
-- Args:     p_ticket.
-- Returns:  user_id, issued_at and mode_digest; all NULL when this database did not make the ticket.
-- Note:     hexadecimal in lower case, so that a ticket has one spelling: it is its own submission key.
CREATE OR REPLACE FUNCTION submission.read_ticket(
    p_ticket text, OUT user_id integer, OUT issued_at timestamptz, OUT mode_digest bytea
)
RETURNS record
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_bytes bytea;
BEGIN
    IF char_length(p_ticket) <> 125 OR p_ticket !~ '^play1[0-9a-f]*$' THEN
        RETURN;
    END IF;
    v_bytes := decode(substr(p_ticket, 6), 'hex');
    -- Hashes are compared, so that the time of a comparison says nothing about the code.
    IF sha256(substr(v_bytes, 29)) IS DISTINCT FROM sha256(submission.ticket_code(substr(v_bytes, 1, 28))) THEN
        RETURN;
    END IF;
    user_id := ('x' || encode(substr(v_bytes, 1, 4), 'hex'))::bit(32)::integer;
    issued_at := 'epoch'::timestamptz
        + ('x' || encode(substr(v_bytes, 5, 8), 'hex'))::bit(64)::bigint * interval '1 microsecond';
    mode_digest := substr(v_bytes, 21, 8);
END
$$;

COMMENT ON FUNCTION submission.read_ticket(text) IS 'What is in a play ticket; NULL: it is not genuine.';
