-- Who may call what. Nothing else is granted to anybody: tables, lib and shard belong to the owner alone.
-- Functions that change what a leaderboard is (create_board, set_score_rules, rebuild_leaderboard, materialize_ranks)
-- and those that make, list and revoke API keys stay the owner's: whoever took over the service could not let himself in for good.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA lib, shard, api FROM PUBLIC;

GRANT EXECUTE ON FUNCTION
    api.submit_score(bigint, bigint, text, text, text, text, boolean),
    api.submit_scores(bigint[], bigint[], text[], text[], text[], text, boolean),
    api.submitted_names(bigint[]),
    api.top_players(integer, bigint, integer, text),
    api.player_rank(bigint, text),
    api.player_ranks(bigint[], text),
    api.players_around(bigint, integer, text),
    api.score_distribution(integer, text),
    api.list_boards(),
    api.fold_ranks(),
    api.rank_index_status(),
    api.horizon_holder(),
    api.verify_leaderboard(text),
    api.verify_sample(integer),
    api.error_codes(),
    api.usable_api_keys(),
    api.note_api_keys_used(text[]),
    api.cache_warnings(),
    api.set_cache_warning(text, uuid),
    api.clear_cache_warning(text, uuid),
    api.rejected_submissions(integer, bigint, bigint, text)
TO leaderboard_service;
