-- A random player's live rank. (After `make seed` every player has a session, so nobody is missing.)
\set user_id random(1, :players)
SELECT * FROM api.player_rank(:user_id);
