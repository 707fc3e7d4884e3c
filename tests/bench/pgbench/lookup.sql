-- The floor of a rank read: the player's row by its primary key.
\set user_id random(1, :players)
SELECT total_score FROM leaderboard WHERE user_id = :user_id AND board_id = 1;
