"""The statements of an import (importer.py), on temporary tables of its lines."""

TABLES = (
    """CREATE TEMPORARY TABLE import_line (
        line bigint NOT NULL, user_id integer, username text, score bigint NOT NULL, game_mode text NOT NULL,
        "timestamp" timestamptz
    )""",
    "CREATE TEMPORARY TABLE import_fault (kind text, name text, reason text)",
    "CREATE TEMPORARY TABLE import_bad (LIKE import_line, reason text NOT NULL)",
)

#: The problems of new names and of modes, by the rules of the database.
CHECK_NAMES = """
    INSERT INTO import_fault (kind, name, reason)
    SELECT '{kind}', d.name, internal.{kind}_problem(d.name)
    FROM ({distinct}) AS d(name)
    WHERE internal.{kind}_problem(d.name) IS NOT NULL
"""
NEW_NAMES = """
    SELECT DISTINCT l.username FROM import_line AS l
    WHERE l.username IS NOT NULL AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.username = l.username)
"""
MODES = "SELECT DISTINCT l.game_mode FROM import_line AS l"

#: Removes lines, with the reason.
REFUSE = """
    WITH bad AS (
        DELETE FROM import_line AS l USING {using} WHERE {condition} RETURNING l.*, {reason} AS reason
    )
    INSERT INTO import_bad SELECT * FROM bad
"""

NEW_IDS = """
    CREATE TEMPORARY TABLE import_new AS
    SELECT row_number() OVER (ORDER BY n.user_id) AS number, n.user_id, n.username
    FROM (
        SELECT l.user_id,
               (array_agg(l.username ORDER BY l.line) FILTER (WHERE l.username IS NOT NULL))[1] AS username
        FROM import_line AS l
        WHERE l.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = l.user_id)
        GROUP BY l.user_id
    ) AS n
"""
NEW_BY_NAME = """
    CREATE TEMPORARY TABLE import_new AS
    SELECT row_number() OVER (ORDER BY n.first) AS number, n.username
    FROM (
        SELECT l.username, min(l.line) AS first
        FROM import_line AS l
        WHERE l.user_id IS NULL AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.username = l.username)
        GROUP BY l.username
    ) AS n
"""

#: Names that several players have, where names need not be unique (api.set_unique_usernames).
SHARED_NAMES = """
    SELECT u.username
    FROM public.users AS u
    WHERE u.username IN (SELECT l.username FROM import_line AS l WHERE l.user_id IS NULL)
    GROUP BY u.username
    HAVING count(*) > 1
"""

#: Whose total would leave the range of totals: none of their lines is counted.
TOO_MUCH = """
    SELECT DISTINCT s.user_id
    FROM (
        SELECT r.id AS board_id, l.user_id, sum(l.score) AS added
        FROM import_line AS l
        JOIN public.boards AS b ON b.aggregate = 'sum' AND board.counts(b, l.game_mode, l.score)
        JOIN public.rankings AS r ON r.board_id = b.id
        GROUP BY r.id, l.user_id
    ) AS s
    LEFT JOIN public.leaderboard AS t ON t.board_id = s.board_id AND t.user_id = s.user_id
    WHERE abs(coalesce(t.total_score, 0) + s.added) > 9007199254740991
"""
