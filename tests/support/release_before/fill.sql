-- Fills a database of the release before db/migrations/0012 through its own api. See README.md.
-- What its owner and its service did:
SELECT api.create_board('ranked', 'ranked');
SELECT api.create_board('best', NULL, 'best', -1000, 100000);
SELECT api.create_board('last', NULL, 'last');
SELECT api.create_board('narrow', 'solo', 'sum', 10, 500);
SELECT api.create_board('ruled', 'ruled', 'sum', 0, 5000);
SELECT api.set_score_rules('ruled', p_max_submissions_per_minute => 3, p_max_gain_per_hour => 4000);

-- Batches: three game modes, names for half of the players, keys for most submissions.
SELECT count(*)
FROM generate_series(1, 40) AS b
CROSS JOIN LATERAL api.submit_scores(
    ARRAY(SELECT 1 + (b * 31 + i * 17) % 150 FROM generate_series(1, 16) AS i),
    ARRAY(SELECT (b * 7919 + i * 104729) % 900 FROM generate_series(1, 16) AS i),
    ARRAY(SELECT (ARRAY['solo', 'ranked', NULL])[1 + (b + i) % 3] FROM generate_series(1, 16) AS i),
    ARRAY(SELECT CASE WHEN (b * 31 + i * 17) % 2 = 0 THEN 'Name ' || 1 + (b * 31 + i * 17) % 150 || ' é' END FROM generate_series(1, 16) AS i),
    ARRAY(SELECT CASE WHEN i % 4 > 0 THEN format('old-%s-%s', b, i) END FROM generate_series(1, 16) AS i),
    p_with_rank => b % 2 = 0
);
-- Refused by rules: the fourth within a minute, a gain that is too large, a score out of bounds.
SELECT status, error FROM api.submit_scores('{1,1,1,1}', '{5,6,7,8}', '{ruled,ruled,ruled,ruled}', p_board => 'ruled');
SELECT status, error FROM api.submit_scores('{2,2}', '{3000,3000}', '{ruled,ruled}', p_board => 'ruled');
SELECT status, error FROM api.submit_scores('{3,4}', '{9000,1}', '{ruled,ruled}', p_board => 'ruled');

-- Plain SQL on the ledger, and what an owner does now and then.
INSERT INTO game_sessions (user_id, score, game_mode) SELECT u.id, 3 * u.id, 'solo' FROM users AS u WHERE u.id % 5 = 0;
UPDATE users SET username = 'renamed' WHERE id = 7;
DELETE FROM users WHERE id = 11;
SELECT api.materialize_ranks();
SELECT id FROM api.create_api_key('game server', '{submit}');
SELECT id FROM api.create_api_key('dashboard', '{read}');
SELECT api.revoke_api_key((SELECT id FROM api.create_api_key('lost', '{admin}')));
SELECT api.set_cache_warning('worker 1');
INSERT INTO imported_files (sha256, name, size_bytes, lines, counted, rejected) VALUES (sha256('old'), 'old.csv', 100, 5, 5, 0);

-- Some changes are in the rank trees, the later ones are pending.
SELECT api.fold_ranks() > 0 AS folded;
SELECT count(*)
FROM generate_series(1, 20) AS u
CROSS JOIN LATERAL api.submit_score(u, u * 13 % 70, 'solo', p_submission_key => 'pending-' || u) AS s
WHERE u <> 11;
