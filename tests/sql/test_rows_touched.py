"""What a call reads among 200,000 players depends on the size of its answer, not on the tables, on every supported
server with default settings, whatever the statistics were when its plans were made.

Rows are counted in two ways: by the server's counters, which include the index entries of dead rows, and in the plans
of all statements, which include the rows that joins compare.
"""

import json
from collections.abc import Iterator

import psycopg
import pytest

from tests.support.databases import execute_on, template_on

PLAYERS = 200_000
LOAD = """
SET session_replication_role = replica;  -- no triggers and foreign keys, which would take most of the time
INSERT INTO users (id, username) SELECT g, 'player_' || g FROM generate_series({first}, {last}) AS g;
-- A quarter of the players share one total, and a few play another mode.
INSERT INTO game_sessions (user_id, score, game_mode)
SELECT g, CASE g % 4 WHEN 0 THEN 5000 ELSE hashint4(g) & 65535 END, CASE g % 10000 WHEN 1 THEN 'rare' ELSE 'solo' END
FROM generate_series({first}, {last}) AS g;
INSERT INTO leaderboard (board_id, user_id, total_score)
SELECT b.id, g.user_id, g.score
FROM boards AS b
JOIN game_sessions AS g ON board.counts(b, g.game_mode, g.score)
WHERE g.user_id BETWEEN {first} AND {last};
-- Some keys and rejections have expired.
INSERT INTO submission_keys (user_id, key, board_id, score, game_mode, session_id, total_score, created_at)
SELECT g, 'old', 1, 5000, 'solo', g, 5000, now() - CASE g % 200 WHEN 0 THEN interval '99 days' ELSE '0' END
FROM generate_series({first}, {last}) AS g;
INSERT INTO rejected_submissions (user_id, score, game_mode, board, error, reason, rejected_at)
SELECT 1 + g % 5000, -1, 'solo', CASE g % 10000 WHEN 1 THEN 'few' ELSE 'overall' END, 'LB003', 'too low',
       now() - CASE g % 200 WHEN 0 THEN interval '99 days' ELSE '0' END
FROM generate_series({first}, {last}) AS g;
SET session_replication_role = origin;
SELECT rank_index.rebuild(b.id) FROM boards AS b;
"""
# Deltas that folds have merged, and that an open transaction keeps from being removed.
FOLDED = """
INSERT INTO rank_delta (xid, board_id, old_total, new_total)
SELECT pg_current_xact_id(), 1, g, g + 1 FROM generate_series(1, 20000) AS g;
SELECT api.fold_ranks()
"""
FORGOTTEN = """
DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace);
UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')
"""
EXPLAIN = """
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_analyze = on;
SET auto_explain.log_timing = off;
SET auto_explain.log_format = json;
SET auto_explain.log_level = notice
"""


def spread(count: int, first: int = 1) -> str:
    """Ids of players all over the table, as SQL."""
    return f"(SELECT array_agg({first} + i * 1999 % {PLAYERS}) FROM generate_series(1, {count}) AS i)"


def reads() -> Iterator[tuple[int, str]]:
    """Each read with the number of rows that it asks for."""
    for board in ("overall", "few"):
        for limit in (10, 1000):
            yield limit, f"api.top_players({limit}, p_board => '{board}')"
            # In the middle, at the start of a tie, within it, near its end, near the end of the board, below everyone.
            for total, user_id in ((60000, 70000), (5000, 1), (5000, 100000), (5000, 199900), (300, 1), (-1, 1)):
                yield limit, f"api.top_players({limit}, {total}, {user_id}, '{board}')"
        for span in (5, 100):
            yield 2 * span + 1, f"api.players_around(10001, {span}, '{board}')"
        yield 1, f"api.player_rank(10001, '{board}')"
        yield 1, f"api.rank_of_score(5000, '{board}')"
        # A place reads 64 slots a level, whatever the board has.
        yield 20, f"api.threshold(p_percent => 10, p_board => '{board}')"
        for place in ("1", "70000", "NULL"):
            yield 20, f"api.players_from_place({place}, 10, '{board}')"
        for count in (1, 100, 1000):
            yield count, f"api.player_ranks({spread(count)}, '{board}')"
            yield count, f"api.score_distribution({count}, '{board}')"
    yield 1, "api.player_rank(4)"
    yield 201, "api.players_around(4, 100)"
    yield 1000, f"api.submitted_names({spread(1000)})"
    for limit in (1, 1000):
        for before in ("NULL", "100000"):
            for user_id, board in (("NULL", "NULL"), ("7", "NULL"), ("NULL", "'few'"), ("7", "'few'")):
                # PostgreSQL may replace the plans of the first five calls by one for any arguments.
                for _ in range(7):
                    yield limit, f"api.rejected_submissions({limit}, {before}, {user_id}, {board})"
        yield limit, f"api.players_by_name('player', {limit})"
        yield limit, f"api.players_by_name('PLAYER_1', {limit}, 'player_15', 15)"
    yield 1, "api.players_by_name('player_12345')"
    yield 1, "api.players_by_name('%')"
    yield 1, "api.player_profile(7)"
    yield 1, "api.player_sessions(7)"
    yield 1, "api.export_player(7)"
    yield 1000, "api.find_players(ARRAY(SELECT 'steam:' || g FROM generate_series(1, 1000) AS g))"
    for name in ("rank_index_status", "list_boards", "cache_warnings", "usable_api_keys", "list_api_keys"):
        yield 10, f"api.{name}()"
    yield 24, "api.error_codes()"


def submissions(prefix: str = "k") -> Iterator[tuple[int, str]]:
    """Each call with its number of items. `prefix` is that of the keys and names, which are new once."""
    for count in (1, 32, 128, 1000):
        scores = f"array_fill(7::bigint, ARRAY[{count}])"
        keys = f"(SELECT array_agg('{prefix}' || i) FROM generate_series(1, {count}) AS i)"
        for first, mode, key, rank in (
            (1, "solo", "NULL", False),
            (1, "solo", keys, False),
            (1, "solo", keys, False),  # replays
            (1, "solo", "NULL", True),
            (1_000_000 * count, "solo", keys, False),  # new players
            (1, "rare", keys.replace(f"'{prefix}'", f"'r{prefix}'"), False),  # boards with rules, and with last scores
        ):
            modes = f"array_fill('{mode}'::text, ARRAY[{count}])"
            names = keys.replace(f"'{prefix}'", f"'name_{prefix}_{count}_'") if first > 1 else "NULL"
            yield (
                count,
                f"api.submit_scores({spread(count, first)}, {scores}, {modes}, {names}, {key}, 'overall', {rank})",
            )


@pytest.fixture(scope="module")
def grown(default_postgres) -> Iterator[str]:
    """The name of a database that was analyzed when it had 30 players, and has 200,000 now."""
    execute_on(default_postgres, f"CREATE DATABASE grown TEMPLATE {template_on(default_postgres)}")
    with psycopg.connect(default_postgres.url(database="grown"), autocommit=True) as connection:
        for (table,) in connection.execute("SELECT relname FROM pg_stat_user_tables").fetchall():
            connection.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
        connection.execute(
            "INSERT INTO boards (name, game_mode, aggregate)"
            " VALUES ('few', 'rare', 'sum'), ('best', NULL, 'best'), ('last', 'rare', 'last')"
        )
        connection.execute("SELECT api.set_score_rules('few', NULL, NULL, 1000000, 900000000)")
        connection.execute(LOAD.format(first=1, last=30))
        connection.execute("ANALYZE")
        connection.execute(LOAD.format(first=31, last=PLAYERS))
    yield "grown"
    execute_on(default_postgres, "DROP DATABASE grown WITH (FORCE)")


@pytest.fixture(scope="module", params=["of 30 players", "missing", "current"])
def connection(request, default_postgres, grown) -> Iterator[psycopg.Connection]:
    """A connection to a database of 200,000 players, with statistics of the tables as the parameter says."""
    execute_on(default_postgres, f"CREATE DATABASE measured TEMPLATE {grown} STRATEGY FILE_COPY")
    url = default_postgres.url(database="measured")
    with psycopg.connect(url) as holder, psycopg.connect(url) as connection:
        holder.execute("SELECT pg_current_xact_id()")
        for statement in FOLDED.split(";"):
            connection.execute(statement)
            connection.commit()
        if request.param != "of 30 players":
            connection.execute(FORGOTTEN if request.param == "missing" else "ANALYZE")
        connection.execute(EXPLAIN)
        connection.commit()
        yield connection
    execute_on(default_postgres, "DROP DATABASE measured WITH (FORCE)")


def test_reads(connection):
    assert excess(connection, reads(), counted=(100, 5), compared=(1000, 100)) == []


def test_the_check_of_a_sample(connection):
    """Of each of the two large boards it reads ranges of some 5,000 and 2,000 players, and all 50,000 of the tie."""
    assert excess(connection, [(100, "api.verify_sample(100)")], counted=(140_000, 400), compared=(300_000, 2000)) == []


def test_a_fold(connection):
    """It merges the deltas of 1,000 submissions, and deletes the 1,000 expired keys and rejections."""
    connection.execute(f"SELECT FROM api.submit_scores({spread(1000)}, array_fill(7::bigint, ARRAY[1000]))")
    connection.commit()
    assert excess(connection, [(1000, "api.fold_ranks()")], counted=(1000, 20), compared=(1000, 100)) == []


def test_submissions(connection):
    assert excess(connection, submissions(), counted=(400, 80), compared=(2000, 400)) == []


def test_that_the_bounds_find_a_whole_table(connection):
    """A call that has to read all players, whatever the plans."""
    assert len(excess(connection, [(1, "api.verify_leaderboard()")], counted=(100, 5), compared=(1000, 100))) == 1


def test_one_submission_while_no_board_has_rules(connection):
    """It goes the short way."""
    rules = "UPDATE boards SET max_submissions_per_minute = {}, max_gain_per_hour = {} WHERE name = 'few'"
    connection.execute(rules.format("NULL", "NULL"))
    connection.execute("SELECT api.fold_ranks()")  # the deltas of the tests before
    connection.commit()
    try:
        alone = [call for call in submissions("s") if call[0] == 1]
        assert excess(connection, alone, counted=(400, 80), compared=(2000, 400)) == []
    finally:
        connection.rollback()
        connection.execute(rules.format(1000000, 900000000))
        connection.commit()


def excess(connection, calls, counted, compared) -> list[str]:
    """The calls that read more rows than the bounds allow, each (base, for each row of the answer)."""
    found = []
    for size, call in calls:
        plans: list[str] = []
        before = rows_counted(connection)
        handler = lambda notice: plans.append(notice.message_primary)  # noqa: E731, B023
        connection.add_notice_handler(handler)
        connection.execute(f"SELECT * FROM {call}")
        connection.remove_notice_handler(handler)
        rows = rows_counted(connection) - before
        rows_in_plans = sum(rows_of_plan(plan) for plan in plans if "{" in plan)
        assert rows_in_plans > 0
        if rows > counted[0] + counted[1] * size or rows_in_plans > compared[0] + compared[1] * size:
            found.append(f"{call}: {rows} counted, {rows_in_plans} in plans")
    connection.commit()  # deltas that are rolled back would be in the way of the next test until the next fold
    return found


def rows_counted(connection) -> int:
    """Rows and index entries that this transaction has read."""
    return connection.execute(
        "SELECT sum(pg_stat_get_xact_tuples_returned(c.oid))::bigint FROM pg_class AS c"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')"
    ).fetchone()[0]


def rows_of_plan(plan: str) -> int:
    """Rows that the nodes of a plan returned, or removed by a filter."""
    nodes = [json.loads(plan[plan.index("{") :])["Plan"]]
    for node in nodes:
        nodes.extend(node.get("Plans", ()))
    per_loop = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")
    return round(sum(node["Actual Loops"] * node.get(name, 0) for node in nodes for name in per_loop))
