-- Purpose:  writes the archive of a closed season anew, from the ledger as it is now: without void sessions and banned
--           players, and by the options that the board has now. Acts of moderation alone leave closed seasons as they
--           were. Deleted players keep their places, without a name.
-- Args:     p_operator  who does it, 1 to 100 characters; p_reason  why, 1 to 500 characters
--           p_board  the season, such as 'daily@12' or 'daily@previous'.
-- Returns:  the revision of the archive: 2 for the first time.
-- Errors:   LB001 for an invalid argument, or while the season is not closed; LB010 when the board does not exist,
--           LB014 when the season does not; LB023 when a total would leave its range; LB030 when the transaction is not
--           READ COMMITTED; 42501 for the service without a key with the scope moderate or admin.
-- Locks:    the seasons lock, so that no season is closed or dropped meanwhile; the boards lock, shared; the deletion
--           lock, exclusive; the rankings of the season. Submits wait for none of it. Writes: season_places,
--           season_players, rankings, moderation.
CREATE OR REPLACE FUNCTION api.recompute_season(p_operator text, p_reason text, p_board text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_board    public.boards;
    v_season   public.rankings;
    v_ranking  public.rankings;
    v_deleted  bigint[];
    v_written  bigint;
    v_players  bigint;
    v_revision integer;
    v_act      bigint;
BEGIN
    PERFORM moderation.require_author(p_operator, p_reason);
    PERFORM internal.lock_seasons();
    PERFORM internal.lock_boards_shared();
    -- Before seasons, as a DELETE of players does.
    PERFORM internal.lock_deletion();
    v_board := board.board_with_season(p_board);
    v_season := board.season_of(v_board, substring(p_board FROM '@(.*)'));
    IF v_season.closed_at IS NULL THEN
        RAISE EXCEPTION 'season % of board % is not closed, so its ranks are live', v_season.number, v_board.name
            USING ERRCODE = 'LB001';
    END IF;
    FOR v_ranking IN
        SELECT r.*
        FROM public.rankings AS r
        WHERE r.board_id = v_board.id AND r.starts_at = v_season.starts_at AND r.closed_at IS NOT NULL
        ORDER BY r.id
        FOR UPDATE
    LOOP
        SELECT coalesce(array_agg(u.total) FILTER (WHERE u.user_id = 0), '{}') INTO v_deleted
        FROM public.season_places AS s
        CROSS JOIN LATERAL unnest(s.user_ids, s.totals) AS u(user_id, total)
        WHERE s.ranking_id = v_ranking.id;
        PERFORM archive.drop(v_ranking.id);
        v_written := archive.write(v_ranking.id, v_deleted);
        UPDATE public.rankings AS r
        SET players = v_written, revision = r.revision + 1
        WHERE r.id = v_ranking.id
        RETURNING r.revision INTO v_revision;
        IF v_ranking.id = v_season.id THEN
            v_players := v_written;
        END IF;
    END LOOP;
    v_act := moderation.add_act(
        p_operator, p_reason, 'recompute',
        p_filter => jsonb_build_object('board', v_board.name || '@' || v_season.number, 'revision', v_revision)
    );
    UPDATE public.moderation AS m SET players = v_players WHERE m.id = v_act;
    PERFORM rank_index.log_change();
    RETURN v_revision;
END
$$;

COMMENT ON FUNCTION api.recompute_season(text, text, text) IS
    'Writes the archive of a closed season anew, from the ledger as it is now.';
