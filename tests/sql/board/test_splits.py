"""Boards split by an attribute of players: each split holds the totals of the players who have its value."""

import asyncio
import json
import random

import asyncpg
import pytest

from tests.support.oracle import assert_reads, plain_order, rows
from tests.support.seasons import close_seasons
from tests.support.sql import fill_up, submit

#: Splits that differ from the ranking of all players, by plain SQL.
WRONG = """
    WITH expected AS (
        SELECT r.board_id, r.number, u.attributes ->> b.split_by AS split, l.user_id, l.total_score, l.tie
        FROM boards AS b
        JOIN rankings AS r ON r.board_id = b.id AND r.split = '' AND r.closed_at IS NULL
        JOIN leaderboard AS l ON l.board_id = r.id
        JOIN users AS u ON u.id = l.user_id
        WHERE u.attributes ? b.split_by
    ), found AS (
        SELECT r.board_id, r.number, r.split, l.user_id, l.total_score, l.tie
        FROM rankings AS r JOIN leaderboard AS l ON l.board_id = r.id
        WHERE r.split <> '' AND r.closed_at IS NULL
    )
    (SELECT 'missing', * FROM (TABLE expected EXCEPT TABLE found) AS m)
    UNION ALL (SELECT 'left over', * FROM (TABLE found EXCEPT TABLE expected) AS m)
"""
COUNTRIES = ["DE", "FR", "DE", None, "DE"]  # of the players 1, 2, ...


async def give(db, player, **attributes):
    await db.execute("SELECT api.set_attributes($1, $2)", player, json.dumps(attributes))


async def register(db, countries=COUNTRIES):
    for player, country in enumerate(countries, 1):
        await db.execute("INSERT INTO users (id, username) VALUES ($1, $2)", player, f"u{player}")
        if country:
            await give(db, player, country=country)


async def alter(db, board, **changes):
    return json.loads(await db.fetchval("SELECT api.alter_board($1, $2)", board, json.dumps(changes)))


async def unfill_splits(db, board):
    """Leaves a board as it is right after it was split while the ledger was large."""
    await db.execute(
        "WITH r AS (UPDATE rankings SET splits_to = 0 WHERE split = '' AND closing_xid IS NULL AND board_id ="
        " (SELECT id FROM boards WHERE name = $1) RETURNING board_id)"
        " DELETE FROM leaderboard AS l USING rankings AS s JOIN r ON r.board_id = s.board_id"
        " WHERE l.board_id = s.id AND s.split <> ''",
        board,
    )


async def assert_splits(db):
    assert rows(await db.fetch(WRONG)) == []
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []


async def top(db, board):
    return [
        (row["rank"], row["user_id"], row["total_score"])
        for row in await db.fetch("SELECT * FROM api.top_players(100, p_board => $1)", board)
    ]


async def error_of(db, query, *arguments):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(query, *arguments)
    return caught.value.sqlstate


async def test_players_are_ranked_among_those_of_their_country(db):
    await register(db)
    await db.execute("SELECT api.create_board('b', p_split_by => 'country')")
    await submit(db, (1, 10), (2, 20), (3, 30), (4, 40), (5, 10), board="b")
    assert await top(db, "b/DE") == [(1, 3, 30), (2, 1, 10), (2, 5, 10)]
    assert await top(db, "b/FR") == [(1, 2, 20)]
    everyone = {row[1]: row for row in await plain_order(db, "b")}
    order = [(rank, *everyone[player][1:]) for rank, player, _ in await top(db, "b/DE")]
    await assert_reads(db, "b/DE", order)
    await submit(db, (1, 25))
    assert (await db.fetchrow("SELECT * FROM api.player_rank(1, 'b/DE')"))["rank"] == 1
    assert await error_of(db, "SELECT * FROM api.player_rank(2, 'b/DE')") == "LB011"
    assert rows(await db.fetch("SELECT * FROM api.board_splits('b')")) == [("DE", 3), ("FR", 1)]
    await assert_splits(db)


async def test_unknown_and_empty_splits(db):
    await register(db, ["DE"])
    await db.execute("SELECT api.create_board('b', p_split_by => 'country', p_manual_seasons => true)")
    for board in ("b/DE", "b/", "b/x", "b@1/DE", "overall/DE"):
        for read in ("api.top_players(p_board => $1)", "api.player_rank(1, $1)", "api.threshold(1, p_board => $1)"):
            assert await error_of(db, f"SELECT * FROM {read}", board) == "LB018"
    assert await error_of(db, "SELECT * FROM api.list_seasons('b/DE')") == "LB018"
    assert await error_of(db, "SELECT * FROM api.player_seasons(1, 'b/DE')") == "LB018"
    await submit(db, (1, 10))
    assert await top(db, "b/DE") == await top(db, "b@1/DE") == await top(db, "b@current/DE") == [(1, 1, 10)]
    await db.execute("SELECT api.end_season('b')")
    assert await top(db, "b/DE") == []  # known, but without players
    assert rows(await db.fetch("SELECT * FROM api.rank_of_score(5, 'b/DE')")) == [(1, 0, 100.0)]
    assert await error_of(db, "SELECT * FROM api.player_rank(1, 'b/DE')") == "LB011"
    assert await error_of(db, "SELECT * FROM api.top_players(p_board => 'b@3/DE')") == "LB014"
    assert await error_of(db, "SELECT * FROM api.top_players(p_board => 'nowhere/DE')") == "LB010"
    for board in ("b/DE", "b@2/DE"):
        assert await error_of(db, "SELECT * FROM api.submit_score(1, 10, p_board => $1)", board) in ("LB010", "LB014")
    assert await db.fetch("SELECT * FROM api.board_splits('overall')") == []


@pytest.mark.parametrize("attribute", ["", "Country", "unknown", "avatar"])
async def test_boards_are_split_by_declared_attributes_that_are_no_addresses(db, attribute):
    create = "SELECT api.create_board('b', p_split_by => $1)"
    assert await error_of(db, create, attribute) == "LB001"
    assert await error_of(db, "UPDATE boards SET split_by = $1", attribute) == "LB001"
    change = json.dumps({"split_by": attribute})
    assert await error_of(db, "SELECT api.alter_board('overall', $1)", change) == "LB001"


async def test_a_change_of_the_attribute_moves_the_player(db):
    await register(db)
    await db.execute("SELECT api.create_board('best', p_aggregate => 'best', p_split_by => 'country')")
    await db.execute("SELECT api.create_board('low', p_lowest_wins => true, p_ties => 'earliest',"
                     " p_manual_seasons => true, p_split_by => 'country')")  # fmt: skip
    await submit(db, (1, 10), (2, 20), (3, 30), (4, 40), (5, 10))
    await give(db, 1, country="FR")
    assert await top(db, "best/DE") == [(1, 3, 30), (2, 5, 10)]
    assert await top(db, "low/FR") == [(1, 1, 10), (2, 2, 20)]
    await give(db, 2, country=None)
    await give(db, 4, country="DE", platform="pc")
    await assert_splits(db)
    # Plain SQL on many players; those whose country stays do not move.
    moved = await db.fetchval("SELECT coalesce(sum(version), 0) FROM rank_state")
    await db.execute("UPDATE users SET attributes = coalesce(attributes, '{}') || '{\"platform\": \"tv\"}'")
    assert await db.fetchval("SELECT count(*) FROM rank_delta WHERE xid = pg_current_xact_id()") == 0
    assert await db.fetchval("SELECT coalesce(sum(version), 0) FROM rank_state") == moved
    await db.execute("UPDATE users SET attributes = jsonb_build_object('country', CASE id % 2 WHEN 0 THEN 'IT'"
                     " ELSE 'DE' END)")  # fmt: skip
    assert [row[1] for row in await top(db, "low/IT")] == [2, 4]
    await assert_splits(db)
    await db.execute("UPDATE users SET attributes = NULL")
    assert rows(await db.fetch("SELECT * FROM api.board_splits('low')")) == []
    await assert_splits(db)


async def test_a_move_needs_read_committed(db):
    await register(db)
    await alter(db, "overall", split_by="country")
    async with db.transaction(isolation="repeatable_read"):
        assert await error_of(db, 'UPDATE users SET attributes = \'{"country": "IT"}\' WHERE id = 1') == "LB030"


async def test_existing_boards_are_split_and_not_any_more(db):
    await register(db)
    await submit(db, (1, 10), (2, 20), (3, 30))
    assert await alter(db, "overall", split_by="country") == {
        "board": "overall", "totals_changed": 0, "filling": False, "seasons_dropped": 0
    }  # fmt: skip
    await assert_splits(db)
    assert await top(db, "overall/DE") == [(1, 3, 30), (2, 1, 10)]
    await give(db, 1, platform="pc")
    await alter(db, "overall", split_by="platform")
    assert await top(db, "overall/pc") == [(1, 1, 10)]
    assert await error_of(db, "SELECT * FROM api.top_players(p_board => 'overall/DE')") == "LB018"
    await assert_splits(db)
    await alter(db, "overall", split_by=None)
    assert await error_of(db, "SELECT * FROM api.top_players(p_board => 'overall/pc')") == "LB018"
    await submit(db, (1, 1))
    assert await db.fetchval("SELECT count(*) FROM rankings") == await db.fetchval("SELECT count(*) FROM rank_state")
    assert await db.fetchval("SELECT count(*) FROM leaderboard") == 3
    await assert_splits(db)


async def test_options_that_change_what_counts_reach_the_splits(db):
    await register(db)
    await db.execute("SELECT api.create_board('b', p_split_by => 'country')")
    await submit(db, (1, 10), (1, 5), (2, 20), (3, 30), (3, 1))
    for changes in (
        {"lowest_wins": True}, {"aggregate": "best"}, {"max_score": 9}, {"ties": "earliest", "aggregate": "last"},
        {"split_by": "platform", "max_score": 100}, {"split_by": "country", "aggregate": "count"},
    ):  # fmt: skip
        await alter(db, "b", **changes)
        await assert_splits(db)
    assert await top(db, "b/DE") == [(1, 1, 2), (1, 3, 2)]


async def test_a_board_is_split_in_steps_beside_submits(db):
    await register(db, [random.Random(i).choice(["DE", "FR", None]) for i in range(40)])
    await alter(db, "overall", split_by="country")
    await submit(db, *((player, player) for player in range(1, 36)))
    await unfill_splits(db, "overall")
    await db.execute("UPDATE rankings SET splits_to = 10 WHERE splits_to = 0")  # as if a step had been made
    await db.execute("UPDATE rankings SET splits_to = 0 WHERE splits_to = 10")
    for read in ("api.top_players(p_board => 'overall/DE')", "api.board_splits('overall')",
                 "api.player_rank(1, 'overall/XX')"):  # fmt: skip
        assert await error_of(db, f"SELECT * FROM {read}") in ("LB032", "LB018")
    assert await error_of(db, "SELECT * FROM api.board_splits('overall')") == "LB032"
    assert (await top(db, "overall"))[0] == (1, 35, 35)  # the board itself is there
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []
    await submit(db, (3, 100), (38, 7))
    await give(db, 3, country="IT")
    await give(db, 4, country="IT")
    assert await fill_up(db) == 2
    assert (await top(db, "overall/IT"))[0] == (1, 3, 103)
    await assert_splits(db)
    # A rebuild does it, too, for what was filled wrongly.
    await db.execute("DELETE FROM leaderboard AS l USING rankings AS r WHERE l.board_id = r.id AND r.split = 'IT'")
    await db.execute("SELECT * FROM api.rebuild_leaderboard('overall')")
    await assert_splits(db)


async def test_a_new_board_is_filled_in_steps_with_its_splits(db):
    await register(db)
    await submit(db, (1, 10), (2, 20), (3, 30), (4, 40))
    await db.execute("SELECT api.create_board('b', p_aggregate => 'best', p_split_by => 'country')")
    await assert_splits(db)
    await db.execute(
        "WITH r AS (UPDATE rankings SET filled_to = 0 FROM boards AS b WHERE b.name = 'b' AND rankings.board_id = b.id"
        " AND split = '' RETURNING b.id) DELETE FROM leaderboard AS l USING rankings AS s, r"
        " WHERE s.board_id = r.id AND l.board_id = s.id"
    )
    assert await error_of(db, "SELECT * FROM api.top_players(p_board => 'b/DE')") == "LB032"
    await submit(db, (1, 50), (5, 50))
    await fill_up(db)
    assert await top(db, "b/DE") == [(1, 1, 50), (1, 5, 50), (3, 3, 30)]
    await assert_splits(db)


async def test_a_board_has_a_limited_number_of_splits(db):
    await db.execute("CREATE OR REPLACE FUNCTION board.max_splits() RETURNS integer LANGUAGE sql IMMUTABLE RETURN 2")
    await register(db, ["DE", "FR", "IT", "IT", "ES"])
    await alter(db, "overall", split_by="country")
    await submit(db, (1, 10), (2, 20))
    await submit(db, (3, 30), (4, 40), (5, 50))
    assert rows(await db.fetch("SELECT * FROM api.board_splits('overall')")) == [("DE", 1), ("FR", 1)]
    assert await error_of(db, "SELECT * FROM api.top_players(p_board => 'overall/IT')") == "LB018"
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []
    await give(db, 1, country="IT")
    assert await top(db, "overall/DE") == []
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []
    await give(db, 3, country="FR")
    assert await top(db, "overall/FR") == [(1, 3, 30), (2, 2, 20)]


async def test_values_that_are_no_split(db):
    await db.execute("SELECT api.declare_attribute('clan', 'text', 1000)")
    await register(db, [None, None, None])
    await give(db, 1, clan="x" * 101)
    await give(db, 2, clan="a/b@c 🙂")
    await alter(db, "overall", split_by="clan")
    await submit(db, (1, 1), (2, 2), (3, 3))
    assert rows(await db.fetch("SELECT * FROM api.board_splits('overall')")) == [("a/b@c 🙂", 1)]
    assert await top(db, "overall/a/b@c 🙂") == [(1, 2, 2)]
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []


async def season_board(db, **options):
    await register(db)
    options = {"p_manual_seasons": True, "p_split_by": "country", **options}
    arguments = ", ".join(f"{name} => ${place}" for place, name in enumerate(options, 1))
    await db.execute(f"SELECT api.create_board('cup', {arguments})", *options.values())


async def test_closed_seasons_keep_the_final_ranks_of_their_splits(db):
    await season_board(db, p_ties="earliest")
    await submit(db, (1, 10), (2, 20), (3, 30), (4, 40), (5, 10))
    await db.execute("SELECT api.end_season('cup')")
    await submit(db, (1, 1), (2, 2))
    live = await top(db, "cup@1/DE")
    assert await close_seasons(db) > 0
    assert await top(db, "cup@1/DE") == live == [(1, 3, 30), (2, 1, 10), (2, 5, 10)]
    assert await top(db, "cup@previous/FR") == [(1, 2, 20)]
    assert await top(db, "cup/DE") == [(1, 1, 1)]
    assert await db.fetchval("SELECT count(*) FROM leaderboard") == 5 + 2 + 2
    assert rows(await db.fetch("SELECT * FROM api.board_splits('cup@1')")) == [("DE", 3), ("FR", 1)]
    everyone = [row[:5] for row in rows(await db.fetch("SELECT * FROM api.top_players(9, p_board => 'cup@1')"))]
    rank = {row[1]: row[0] for row in live}
    names = {row[1]: row for row in everyone}
    order = [(rank[player], *names[player][1:], place) for place, (_, player, _) in enumerate(live, 1)]
    await assert_reads(db, "cup@1/DE", order, 1)
    # Later changes of attributes and the board do not touch it.
    await give(db, 3, country="FR")
    await alter(db, "cup", split_by=None)
    assert await top(db, "cup@1/DE") == live
    assert await error_of(db, "SELECT * FROM api.top_players(p_board => 'cup@2/DE')") == "LB018"
    seasons = await db.fetch("SELECT season, players, winner_user_id FROM api.list_seasons('cup/DE')")
    assert rows(seasons) == [(2, 0, None), (1, 3, 3)]
    own = await db.fetch("SELECT season, closed, total_score, rank, players FROM api.player_seasons(1, 'cup/DE')")
    assert rows(own) == [(1, True, 10, 2, 3)]
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []
    await db.execute("DELETE FROM users WHERE id = 3")
    assert await top(db, "cup@1/DE") == [(1, 0, 30), (2, 1, 10), (2, 5, 10)]
    assert await db.fetchval("SELECT count(*) FROM season_players WHERE 3 = ANY (user_ids)") == 0


async def test_seasons_that_were_over_when_the_board_was_created_have_splits(db):
    await register(db)
    await submit(db, (1, 10), (2, 20), (3, 30))
    await db.execute("UPDATE game_sessions SET \"timestamp\" = now() - interval '3 days' WHERE user_id < 3")
    await db.execute("SELECT api.create_board('daily', p_period => 'daily', p_opens_at => now() - interval '4 days',"
                     " p_split_by => 'country')")  # fmt: skip
    await close_seasons(db)
    played = await db.fetchval("SELECT number FROM rankings WHERE closed_at IS NOT NULL AND split = 'DE'")
    assert await top(db, f"daily@{played}/DE") == [(1, 1, 10)]
    assert await top(db, f"daily@{played}/FR") == [(1, 2, 20)]
    assert await top(db, "daily/DE") == [(1, 3, 30)]
    await assert_splits(db)


async def test_a_season_closes_while_its_splits_are_filled(db):
    await season_board(db)
    await submit(db, (1, 10), (2, 20), (3, 30))
    await unfill_splits(db, "cup")
    await db.execute("SELECT api.end_season('cup')")
    await close_seasons(db)
    assert await top(db, "cup@1/DE") == [(1, 3, 30), (2, 1, 10)]
    assert not await db.fetchval("SELECT api.fill_boards()")
    await assert_splits(db)


async def test_splits_go_with_their_season(db):
    await season_board(db, p_keep_seasons=1)
    for _ in range(3):
        await submit(db, (1, 10), (2, 20))
        await db.execute("SELECT api.end_season('cup')")
    await close_seasons(db)
    kept = await db.fetch("SELECT number, split FROM rankings WHERE closed_at IS NOT NULL ORDER BY 1, 2")
    assert rows(kept) == [(3, ""), (3, "DE"), (3, "FR")]
    assert await db.fetchval("SELECT count(DISTINCT ranking_id) FROM season_places") == 3


async def test_a_recomputed_season_has_its_splits_recomputed(db):
    await season_board(db)
    await submit(db, (1, 10), (2, 20), (3, 30))
    await db.execute("SELECT api.end_season('cup')")
    await close_seasons(db)
    await alter(db, "cup", split_by="platform")
    await db.execute("SELECT * FROM api.ban_players('op', 'cheats', '{3}')")
    assert await top(db, "cup@1/DE") == [(1, 3, 30), (2, 1, 10)]
    await db.execute("SELECT api.recompute_season('op', 'cheats', 'cup@1')")
    assert await top(db, "cup@1/DE") == [(1, 1, 10)]
    assert await top(db, "cup@1/FR") == [(1, 2, 20)]
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []


async def test_moderation_reaches_the_splits(db):
    await season_board(db)
    await submit(db, (1, 10), (2, 20), (3, 30), (3, 5), (5, 1))
    before = await top(db, "cup/DE")
    ban = await db.fetchrow("SELECT * FROM api.ban_players('op', 'cheats', '{3}')")
    assert await top(db, "cup/DE") == [(1, 1, 10), (2, 5, 1)]
    await submit(db, (3, 5))
    await assert_splits(db)
    own = await db.fetchrow("SELECT * FROM api.player_rank(3, 'cup/DE')")
    assert (own["rank"], own["total_score"], own["hidden"]) == (1, 40, True)
    assert await error_of(db, "SELECT * FROM api.player_rank(3, 'cup/FR')") == "LB011"
    unban = await db.fetchrow("SELECT * FROM api.unban_players('op', 'sorry', '{3}')")
    assert ban["ranks"] == unban["ranks"] == 2
    assert await top(db, "cup/DE") == [(1, 3, 40), *before[1:]]
    await assert_splits(db)
    act = await db.fetchrow("SELECT * FROM api.void_sessions('op', 'cheats', p_user_id => 3, p_above => 4)")
    assert await top(db, "cup/DE") == [(1, 1, 10), (2, 5, 1)]
    await assert_splits(db)
    await db.execute("SELECT * FROM api.undo_act('op', 'sorry', $1)", act["act"])
    await assert_splits(db)
    await db.execute("DELETE FROM users WHERE id = 1")
    assert await top(db, "cup/DE") == [(1, 3, 40), (2, 5, 1)]
    await assert_splits(db)
    await db.execute("DELETE FROM boards WHERE name = 'cup'")
    assert await db.fetchval("SELECT count(*) FROM rankings") == 1
    assert await db.fetchval("SELECT count(*) FROM leaderboard") == 3


async def test_plain_sql_and_checks(db):
    await register(db)
    await alter(db, "overall", split_by="country")
    await db.execute("INSERT INTO game_sessions (user_id, score) SELECT i % 5 + 1, i FROM generate_series(1, 50) AS i")
    await assert_splits(db)
    await db.execute("UPDATE game_sessions SET score = score + 1 WHERE user_id = 1")
    await db.execute("DELETE FROM game_sessions WHERE user_id = 5")
    await assert_splits(db)
    await db.execute("SELECT api.materialize_ranks('overall')")
    ranks = await db.fetch("SELECT l.rank FROM leaderboard AS l JOIN rankings AS r ON r.id = l.board_id"
                           " WHERE r.split = 'DE' ORDER BY 1")  # fmt: skip
    assert rows(ranks) == [(1,), (2,)]
    # Whatever goes wrong is found, and repaired.
    split = await db.fetchval("SELECT id FROM rankings WHERE split = 'DE'")
    await db.execute("UPDATE leaderboard SET total_score = total_score + 7 WHERE board_id = $1 AND user_id = 1", split)
    await db.execute("DELETE FROM leaderboard WHERE board_id = $1 AND user_id = 3", split)
    await db.execute("INSERT INTO leaderboard (board_id, user_id, total_score) VALUES ($1, 4, 3)", split)
    await db.execute("DELETE FROM rank_node WHERE board_id = $1", split)
    found = await db.fetch("SELECT DISTINCT board, check_name, subject FROM api.verify_leaderboard('overall')"
                           " WHERE check_name = 'total' ORDER BY subject")  # fmt: skip
    assert rows(found) == [("overall/DE", "total", player) for player in "134"]
    sample = await db.fetch("SELECT DISTINCT board, check_name FROM api.verify_sample(1000)")
    assert ("overall/DE", "total") in rows(sample)
    assert (await db.fetchrow("SELECT * FROM api.rebuild_leaderboard('overall')"))["corrected"] == 3
    await assert_splits(db)
    await db.execute("DELETE FROM rank_state WHERE board_id = $1", split)
    assert len(await db.fetch("SELECT * FROM api.verify_leaderboard()")) > 0
    await db.execute("SELECT * FROM api.rebuild_leaderboard()")
    await assert_splits(db)


async def test_folds_of_splits_are_spread(db):
    """Of many splits with few deltas each, a fold takes some; reads are exact all the time, and all are folded soon."""
    await db.execute("SELECT api.create_board('b', p_split_by => 'platform')")
    await db.execute("INSERT INTO users (id, username, attributes) SELECT i, 'u' || i,"
                     " jsonb_build_object('platform', 'p' || i) FROM generate_series(1, 35) AS i")  # fmt: skip
    await submit(db, *((player, player) for player in range(1, 36)))
    pending = []
    while not pending or pending[-1] > 0:
        await db.execute("SELECT api.fold_ranks()")
        pending.append(await db.fetchval("SELECT pending FROM api.rank_index_status()"))
        assert (await db.fetchrow("SELECT * FROM api.player_rank(35, 'b/p35')"))["players"] == 1
    assert pending[0] >= 20
    assert pending == sorted(set(pending), reverse=True)
    assert len(pending) <= 5


async def test_submits_moves_and_fills_side_by_side(db, connect):
    await register(db, [random.Random(i).choice(["DE", "FR", None]) for i in range(12)])
    await db.execute("SELECT api.create_board('low', p_lowest_wins => true, p_aggregate => 'best',"
                     " p_manual_seasons => true, p_split_by => 'country')")  # fmt: skip
    await alter(db, "overall", split_by="country")

    async def submits(seed):
        chosen, own = random.Random(seed), await connect()
        for _ in range(40):
            players = chosen.sample(range(1, 15), chosen.choice([1, 1, 3, 8]))
            await submit(own, *((player, chosen.randint(0, 9)) for player in players))

    async def moves(seed):
        chosen, own = random.Random(seed), await connect()
        for _ in range(40):
            player, country = chosen.randint(1, 12), chosen.choice(["DE", "FR", "IT", "ES", None])
            await give(own, player, country=country)

    async def upkeep():
        own = await connect()
        for board in ["overall", "low"] * 4:
            await alter(own, board, split_by=None)
            await alter(own, board, split_by="country")
            await unfill_splits(own, board)
            await fill_up(own)
            await own.execute("SELECT api.end_season('low')")
            await close_seasons(own)
            await own.execute("SELECT api.fold_ranks()")

    await asyncio.gather(submits(1), submits(2), moves(3), moves(4), upkeep())
    await fill_up(db)
    await close_seasons(db)
    await assert_splits(db)
