"""Erasing a player: afterwards no column of any table holds them. And exporting all that is kept."""

import asyncio
import json
import re

import asyncpg
import pytest

from tests.support.oracle import assert_exact
from tests.support.sql import submit
from tests.support.waiting import until

PLAYER = 1987654321
PLAYER_ID = "steam:unmistakable-77"
NAME = "Zyxwvut Ωmega"

#: Every kind of board, besides overall.
BOARDS = (
    "'best', p_aggregate => 'best', p_ties => 'earliest'",
    "'last', p_aggregate => 'last'",
    "'first', p_aggregate => 'first'",
    "'count', p_aggregate => 'count'",
    "'lowest', p_aggregate => 'best', p_lowest_wins => true, p_unit => 'ms', p_decimals => 2",
    "'daily', p_period => 'daily'",
    "'cup', p_manual_seasons => true, p_split_by => 'country'",
)
TABLES = """
    SELECT c.oid::regclass::text FROM pg_class AS c
    WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace::regnamespace::text !~ '^pg_|^information_schema$'
    ORDER BY 1"""
#: Tables with a row of the player, after `everywhere`.
KEEPING = {
    "game_sessions", "leaderboard", "moderation", "moderation_players", "player_ids", "rejected_submissions",
    "season_places", "season_players", "submission_keys", "users",
}  # fmt: skip
#: All columns, arrays and jsonb too, as text.
FOUND = r"SELECT t::text FROM {table} AS t WHERE t::text ~* $1"
TRACES = rf"(?<![0-9]){PLAYER}(?![0-9])|{re.escape(PLAYER_ID)}|{re.escape(NAME)}"

PLACES = "SELECT s.* FROM season_places AS s ORDER BY ranking_id, first_place"
PLAYERS = "SELECT s.* FROM season_players AS s ORDER BY ranking_id, first_user_id"


async def kept(db):
    """What each table has of the player."""
    found = {}
    for (table,) in await db.fetch(TABLES):
        rows = await db.fetch(FOUND.format(table=table), TRACES)
        if rows:
            found[table] = [row[0] for row in rows]
    return found


async def close_all(db):
    while await db.fetchval("SELECT api.close_seasons()"):
        pass


async def everywhere(db):
    """A player of whom every table that can has something, among others."""
    for board in BOARDS:
        await db.execute(f"SELECT api.create_board({board})")
    others = [(user_id, user_id % 13, None, None, f"k{user_id}") for user_id in range(1, 40)]
    await submit(db, *others, (PLAYER, 7, None, NAME, f"key-of-{PLAYER_ID}"))
    await db.execute("SELECT api.link_player($1, $2), api.link_player($1, $3)", PLAYER, PLAYER_ID, f"{PLAYER_ID}/b")
    await db.execute("SELECT api.set_attributes($1, $2)", PLAYER, json.dumps({"country": "DE", "platform": NAME}))
    await db.execute('SELECT api.set_attributes(u.id, \'{"country": "DE"}\') FROM users AS u WHERE u.id % 2 = 0')
    await db.execute("SELECT api.end_season('cup')")
    await close_all(db)
    await submit(db, *[(user_id, score) for score in (5, 9) for user_id in (1, 2, 3, PLAYER)])
    await db.execute(
        "UPDATE game_sessions SET metadata = $2 WHERE user_id = $1", PLAYER, json.dumps({"name": NAME, "id": PLAYER})
    )
    await db.execute("SELECT api.set_score_rules('overall', p_max_submissions_per_minute => 2)")
    assert (await submit(db, (PLAYER, 5, None, None, f"again-{PLAYER}")))[0][1] == "rejected"
    await db.execute("SELECT api.set_score_rules('overall', p_max_submissions_per_minute => 0)")
    newest = await db.fetchval("SELECT max(id) FROM game_sessions WHERE user_id = $1", PLAYER)
    await db.execute(
        "SELECT api.void_sessions('me', $1, p_session_id => $2)",
        f"{NAME} ({PLAYER}) cheats, {PLAYER}0 does not",
        newest,
    )
    await db.execute("SELECT api.ban_players('me', $1, '{39}')", f"friend of {NAME}; see {PLAYER_ID}")
    await db.execute("SELECT api.link_player(1, 'steam:1')")
    await db.execute("ANALYZE")


async def refused(db, query, *arguments):
    with pytest.raises(asyncpg.PostgresError) as raised:
        await db.fetch(query, *arguments)
    return raised.value.sqlstate


ERASE = "SELECT * FROM api.erase_player($1, $2, p_reason => $3)"


async def test_nothing_is_left_of_an_erased_player(db):
    await everywhere(db)
    assert set(await kept(db)) == KEEPING
    columns = await db.fetch(
        "SELECT attrelid::regclass::text FROM pg_attribute WHERE attname ~ '^(user_ids?|external_id|username)$'"
        " AND attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname !~ '^_yoyo')"
    )
    assert {row[0] for row in columns} <= KEEPING, "a new table with players: let `everywhere` fill it"
    places, players = await db.fetch(PLACES), await db.fetch(PLAYERS)
    counted = {
        "sessions": 3,
        "totals": 9,
        "seasons": 1,
        "external_ids": 2,
        "submission_keys": 1,
        "rejected": 1,
        "acts": 1,
    }

    dry = await db.fetchrow("SELECT * FROM api.erase_player($1, p_dry_run => true)", PLAYER)
    assert dict(dry) == counted
    assert set(await kept(db)) == KEEPING
    assert dict(await db.fetchrow(ERASE, PLAYER, PLAYER, f"{NAME} wrote from {PLAYER_ID}")) == counted
    assert await kept(db) == {}
    await db.execute("VACUUM ANALYZE")  # PostgreSQL's own samples of values
    assert await db.fetch("SELECT s.tablename, s.attname FROM pg_stats AS s WHERE s::text ~* $1", TRACES) == []

    # Final ranks of others do not change: only the place is nobody's any more.
    places = [{**row, "user_ids": [0 if one == PLAYER else one for one in row["user_ids"]]} for row in places]
    assert [dict(row) for row in await db.fetch(PLACES)] == places
    for old, new in zip(players, await db.fetch(PLAYERS), strict=True):
        pairs = zip(old["user_ids"], old["places"], strict=True)
        assert [pair for pair in pairs if pair[0] != PLAYER] == list(zip(new["user_ids"], new["places"], strict=True))
    assert [
        tuple(row) for row in await db.fetch("SELECT action, operator, user_id, reason FROM moderation ORDER BY id")
    ] == [
        ("void", "me", None, f"[erased] ([erased]) cheats, {PLAYER}0 does not"),
        ("ban", "me", 39, "friend of [erased]; see [erased]"),
        ("erase", "leaderboard_owner", None, "[erased] wrote from [erased]"),
    ]
    for board in ("overall", "best", "lowest", "count"):
        await assert_exact(db, board)
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_an_id_that_is_used_again_starts_from_nothing(db):
    await everywhere(db)
    await db.execute(ERASE, PLAYER, PLAYER, "asked")
    key = f"key-of-{PLAYER_ID}"
    outcome = (await submit(db, (PLAYER, 3, None, None, key), with_rank=True))[0]
    assert outcome[1] == "accepted"
    profile = await db.fetchrow("SELECT username, players, attributes FROM api.player_profile($1)", PLAYER)
    assert tuple(profile) == (f"user_{PLAYER}", [], None)
    assert await db.fetchval("SELECT total_score FROM api.player_rank($1)", PLAYER) == 3
    assert [row["season"] for row in await db.fetch("SELECT * FROM api.player_seasons($1, 'cup')", PLAYER)] == [2]
    assert await db.fetchval("SELECT count(*) FROM api.player_sessions($1)", PLAYER) == 1
    with pytest.raises(asyncpg.PostgresError, match="there is no player steam"):
        await db.fetchval("SELECT api.find_player($1)", PLAYER_ID)


async def test_erasing_needs_confirmation(db):
    await submit(db, (1, 5), (2, 6))
    assert await refused(db, ERASE, 1, None, "why") == "LB033"
    assert await refused(db, ERASE, 1, 2, "why") == "LB033"
    assert await refused(db, ERASE, 3, 3, "why") == "LB011"
    assert await refused(db, ERASE, None, None, "why") == "LB011"
    assert await refused(db, ERASE, 1, 1, "") == "LB001"
    async with db.transaction(isolation="repeatable_read"):
        await db.execute("SELECT")
        assert await refused(db, ERASE, 1, 1, "why") == "LB030"
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 2


@pytest.mark.parametrize("call", ["api.erase_player(1, 1)", "api.export_player(1)", "api.export_lines(1)"])
async def test_the_service_needs_an_admin_key(db, call):
    await submit(db, (1, 5))
    await db.execute("SET ROLE leaderboard_service")
    assert await refused(db, f"SELECT * FROM {call}") == "42501"
    await db.execute("RESET ROLE; SELECT api.create_api_key('a', '{admin}'); SET ROLE leaderboard_service")
    assert await db.fetch(f"SELECT * FROM {call}")


async def test_names_with_special_characters_leave_the_reasons(db):
    name = "a.b*(c)[d]$ \\1"
    await submit(db, (1, 5, None, name), (2, 5, None, "Canada"), (3, 5, None, "ada"))
    await db.execute(
        "INSERT INTO moderation (operator, action, reason) VALUES ('me', 'ban', $1), ('me', 'ban', 'ada of Canada')",
        f"<{name}>, axb",
    )
    await db.execute(ERASE, 1, 1, "asked")
    await db.execute(ERASE, 3, 3, "asked")
    reasons = [row[0] for row in await db.fetch("SELECT reason FROM moderation ORDER BY id LIMIT 2")]
    assert reasons == ["<[erased]>, axb", "[erased] of Canada"]


async def test_an_export_has_everything(db):
    await everywhere(db)
    document = json.loads(await db.fetchval("SELECT api.export_player($1)", PLAYER))
    lines = [row[0] for row in await db.fetch("SELECT line FROM api.export_lines($1)", PLAYER)]
    assert json.loads("\n".join(lines)) == document
    assert document["user_id"] == PLAYER
    assert document["username"] == NAME
    assert document["players"] == [PLAYER_ID, f"{PLAYER_ID}/b"]
    assert document["attributes"] == {"country": "DE", "platform": NAME}
    boards = {(row["board"], row.get("season"), row.get("split")): row for row in document["boards"]}
    assert len(boards) == len(document["boards"]) == 11
    assert boards["overall", None, None] | {"rank": 0, "players": 0} == {
        "board": "overall", "total_score": 12, "rank": 0, "players": 0,
    }  # fmt: skip
    for (board, season, split), row in boards.items():
        rank = await db.fetchrow(
            "SELECT rank, total_score FROM api.player_rank($1, $2)",
            PLAYER,
            "".join([board, f"@{season}" if season else "", f"/{split}" if split else ""]),
        )
        assert (row["rank"], row["total_score"]) == tuple(rank), board
    assert boards["lowest", None, None]["unit"] == "ms"
    assert [row["reason"] for row in document["moderation"]] == [f"{NAME} ({PLAYER}) cheats, {PLAYER}0 does not"]
    assert [row["key"] for row in document["submission_keys"]] == [f"key-of-{PLAYER_ID}"]
    assert [row["error"] for row in document["rejected"]] == ["LB024"]
    assert [row["score"] for row in document["sessions"]] == [7, 5, 9]
    assert document["sessions"][0]["metadata"] == {"name": NAME, "id": PLAYER}
    await db.execute("INSERT INTO users (id, username) VALUES (50, $1)", '"quoted"\\')
    assert json.loads(await db.fetchval("SELECT api.export_player(50)"))["username"] == '"quoted"\\'
    assert await refused(db, "SELECT api.export_player(51)") == "LB011"


async def test_an_export_has_what_a_banned_player_would_have(db):
    await submit(db, (1, 5), (2, 7), (3, 9))
    await db.execute("SELECT api.ban_players('me', 'cheats', '{2}', p_hide => true)")
    document = json.loads(await db.fetchval("SELECT api.export_player(2)"))
    assert document["boards"] == [{"board": "overall", "total_score": 7, "rank": 2, "players": 3, "hidden": True}]
    assert [row["action"] for row in document["moderation"]] == ["hide"]


async def test_an_erase_cannot_be_undone(db):
    await submit(db, (1, 5))
    await db.execute(ERASE, 1, 1, "asked")
    act = await db.fetchval("SELECT id FROM api.moderation_log() WHERE action = 'erase'")
    assert await refused(db, "SELECT api.undo_act('me', 'oops', $1)", act) == "LB036"


async def test_names_in_reasons_are_erased_however_they_are_written(db):
    await db.execute("SELECT api.submit_scores('{7,8}', '{1,1}', p_usernames => '{Ada,Canada}')")
    await db.execute("SELECT api.ban_players('me', 'ADA and ada, not Canada', '{8}')")
    await db.execute("SELECT api.erase_player(7, 7)")
    reasons = await db.fetch("SELECT reason FROM api.moderation_log() WHERE action = 'ban'")
    assert [row[0] for row in reasons] == ["[erased] and [erased], not Canada"]


async def test_two_players_who_are_named_in_the_acts_about_each_other(db, connect):
    await db.execute("SELECT api.submit_scores('{1,2}', '{1,1}', p_usernames => '{Ada,Bob}')")
    first = await db.fetchval("SELECT act FROM api.ban_players('me', 'with Bob', '{1}')")
    await db.execute("SELECT api.ban_players('me', 'with Ada', '{2}')")
    holder, *others = [await connect() for _ in range(3)]
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid = $1)"
    erasing = []
    async with holder.transaction():
        await holder.execute("SELECT FROM moderation WHERE id = $1 FOR UPDATE", first)
        for player, other in ((2, others[0]), (1, others[1])):
            erasing.append(asyncio.create_task(other.execute("SELECT api.erase_player($1, $1)", player)))
            await until(lambda other=other: db.fetchval(waiting, other.get_server_pid()))
    await asyncio.gather(*erasing)
    reasons = await db.fetch("SELECT reason FROM api.moderation_log() WHERE action = 'ban'")
    assert {row[0] for row in reasons} == {"with [erased]"}
    assert await db.fetchval("SELECT count(*) FROM users") == 0
