-- The data set as plain SQL, for an empty database (whose first player gets id 1). The second statement counts already: triggers
-- bring totals and ranks to whatever is written to game_sessions. So the third one finds its totals there, passes them over
-- (INSERT 0 0) and only fills in ranks that are missing. `make seed` loads as much several times faster.
--
--     make -s psql < seed/dataset.sql
--     psql "$DATABASE_URL" -f seed/dataset.sql -v users=1000 -v sessions=5000

\set ON_ERROR_STOP on
\if :{?users}
\else
    \set users 1000000
\endif
\if :{?sessions}
\else
    \set sessions 5000000
\endif

INSERT INTO users (username) SELECT 'user_' || generate_series(1, :users);

INSERT INTO game_sessions (user_id, score, game_mode, timestamp)
SELECT
    floor(random() * :users + 1)::int,
    floor(random() * 10000 + 1)::int,
    CASE WHEN random() > 0.5 THEN 'solo' ELSE 'team' END,
    NOW() - INTERVAL '1 day' * floor(random() * 365)
FROM generate_series(1, :sessions);

INSERT INTO leaderboard (user_id, total_score, rank)
SELECT user_id, SUM(score), RANK() OVER (ORDER BY SUM(score) DESC)
FROM game_sessions
GROUP BY user_id;
