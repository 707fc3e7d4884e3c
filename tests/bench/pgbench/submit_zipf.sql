-- As submit.sql, by Zipf's law: player n is chosen in proportion to 1 / n, so sessions meet at the same players.
\set user_id random_zipfian(1, :players, 1.001)
\set score random(0, 10000)
SELECT * FROM api.submit_score(:user_id, :score);
