-- Purpose:  the authentication code of a play ticket: HMAC-SHA-256 (RFC 2104) with the key of public.ticket_key.
-- Args:     p_bytes  what is signed.
-- Returns:  32 bytes; NULL while no ticket was ever made.
CREATE OR REPLACE FUNCTION submission.ticket_code(p_bytes bytea) RETURNS bytea
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT sha256(k.outer_pad || sha256(k.inner_pad || p_bytes)) FROM public.ticket_key AS k);
END
$$;

COMMENT ON FUNCTION submission.ticket_code(bytea) IS 'The authentication code of a play ticket.';
