-- A submission of a random player, one a transaction.
\set user_id random(1, :players)
\set score random(0, 10000)
SELECT * FROM api.submit_score(:user_id, :score);
