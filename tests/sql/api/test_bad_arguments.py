"""Every function of `api` with arguments that nobody should give: NULL, empty and huge arrays, arrays of
other shapes, numbers at their ends. Taken from the catalogue, so no function can be forgotten.

A call either works or is refused with an error of class LB; refused, it changed nothing; and after all of
them every rank is exact.
"""

import itertools
import re

import asyncpg
import pytest

from tests.support.oracle import assert_exact

ARGUMENTS = """
    SELECT p.proname AS name, a.argument, format_type(a.type, NULL) AS type
    FROM pg_proc AS p
    CROSS JOIN LATERAL unnest(p.proargnames[1:p.pronargs], p.proargtypes::oid[])
        WITH ORDINALITY AS a(argument, type, number)
    WHERE p.pronamespace = 'api'::regnamespace
    ORDER BY p.proname, a.number
"""
FUNCTIONS = "SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'api'::regnamespace ORDER BY 1"

#: Arguments with which each function works. A new function fails the test until it has an entry.
GOOD = {
    "alter_board": {"p_name": "'overall'", "p_changes": '\'{"unit": "points"}\''},
    "attribute_keys": {},
    "ban_players": {"p_operator": "'me'", "p_reason": "'why'", "p_user_ids": "'{1}'"},
    "board_splits": {"p_board": "'overall'"},
    "cache_status": {},
    "cache_warnings": {},
    "clear_cache_warning": {"p_process": "'a'", "p_token": "gen_random_uuid()"},
    "close_seasons": {},
    "copy_ranks": {},
    "create_api_key": {"p_name": "'fresh'", "p_scopes": "'{read}'"},
    "create_board": {"p_name": "'fresh'"},
    "declare_attribute": {"p_name": "'clan'", "p_kind": "'text'"},
    "delete_board": {"p_name": "'second'", "p_confirm": "'second'"},
    "display_score": {"p_total": "1", "p_unit": "'ms'"},
    "drop_attribute": {"p_name": "'platform'"},
    "end_season": {"p_board": "'manual'"},
    "erase_player": {"p_user_id": "2", "p_confirm": "2"},
    "error_codes": {},
    "export_lines": {"p_user_id": "1"},
    "export_player": {"p_user_id": "1"},
    "fill_boards": {},
    "find_player": {"p_player": "'steam:1'"},
    "find_players": {"p_players": "'{steam:1}'"},
    "fold_ranks": {},
    "horizon_holder": {},
    "issue_api_key": {"p_key": "'lb_0123456789ac_' || repeat('0', 64)", "p_name": "'game'", "p_scopes": "'{submit}'"},
    "lift_bans": {},
    "link_player": {"p_user_id": "1", "p_player": "'steam:2'"},
    "list_api_keys": {},
    "list_boards": {},
    "list_seasons": {"p_board": "'overall'"},
    "listed_api_keys": {"p_key": "'lb_0123456789ac_' || repeat('0', 64)"},
    "materialize_ranks": {},
    "moderation_log": {},
    "next_boundary": {},
    "note_api_keys_used": {"p_ids": "'{0123456789ab}'"},
    "player_history": {"p_user_id": "1"},
    "player_profile": {"p_user_id": "1"},
    "player_rank": {"p_user_id": "1"},
    "player_ranks": {"p_user_ids": "'{1,2}'"},
    "player_seasons": {"p_user_id": "1", "p_board": "'overall'"},
    "player_sessions": {"p_user_id": "1"},
    "players_around": {"p_user_id": "1"},
    "players_by_name": {"p_prefix": "'u'"},
    "players_from_place": {},
    "probe_write": {},
    "rank_at": {"p_user_id": "1", "p_at": "clock_timestamp()"},
    "rank_index_status": {},
    "rank_of_score": {"p_score": "5"},
    "rebuild_leaderboard": {},
    "recompute_season": {"p_operator": "'me'", "p_reason": "'why'", "p_board": "'closed@1'"},
    "rejected_submissions": {},
    "rename_player": {"p_user_id": "1", "p_username": "'ada'"},
    "restore_sessions": {"p_operator": "'me'", "p_reason": "'why'", "p_user_id": "1"},
    "revoke_api_key": {"p_id": "'0123456789ab'"},
    "row_details": {"p_board": "'overall'", "p_user_ids": "'{1,2}'"},
    "score_distribution": {},
    "season_of": {"p_board": "'overall'"},
    "set_attributes": {"p_user_id": "1", "p_attributes": '\'{"country": "DE"}\''},
    "set_cache_server": {"p_process": "'a'", "p_known": "NULL", "p_server": "'b'"},
    "set_cache_warning": {"p_process": "'a'"},
    "set_score_rules": {"p_board": "'overall'"},
    "set_unique_usernames": {"p_unique": "true"},
    "start_play": {"p_user_id": "1"},
    "submit_score": {"p_user_id": "1", "p_score": "10"},
    "submit_scores": {"p_user_ids": "'{1,2}'", "p_scores": "'{10,20}'"},
    "submitted_names": {"p_user_ids": "'{1,2}'"},
    "test_score_rules": {"p_board": "'overall'", "p_max_score": "1"},
    "threshold": {"p_place": "1"},
    "top_between": {"p_from": "NULL"},
    "top_players": {},
    "unban_players": {"p_operator": "'me'", "p_reason": "'why'", "p_user_ids": "'{1}'"},
    "undo_act": {"p_operator": "'me'", "p_reason": "'why'", "p_act": "1"},
    "unlink_player": {"p_player": "'steam:1'"},
    "usable_api_keys": {},
    "verify_leaderboard": {},
    "verify_sample": {},
    "void_sessions": {"p_operator": "'me'", "p_reason": "'why'", "p_user_id": "1"},
    "withdraw_api_key": {"p_key": "'lb_0123456789ac_' || repeat('0', 64)", "p_id": "'0123456789ab'"},
}

#: What the arguments speak of: two players, a key, a closed season and an act of moderation.
PREPARE = """
    SELECT api.submit_scores('{1,2}', '{5,5}');
    INSERT INTO boards (name, manual_seasons) VALUES ('second', false), ('manual', true), ('closed', true)
    ON CONFLICT DO NOTHING;
    UPDATE rankings SET ends_at = now(), deadline = now(), closing_xid = '0', closed_at = now(), cleared = true,
        players = archive.write(id)
    WHERE board_id = (SELECT id FROM boards WHERE name = 'closed');
    DELETE FROM leaderboard WHERE board_id = (SELECT r.id FROM rankings AS r WHERE r.cleared);
    DELETE FROM rank_state WHERE board_id = (SELECT r.id FROM rankings AS r WHERE r.cleared);
    DELETE FROM rank_delta WHERE board_id = (SELECT r.id FROM rankings AS r WHERE r.cleared);
    SELECT api.void_sessions('me', 'why', 2);
    INSERT INTO api_keys (id, name, scopes, secret_hash)
    VALUES ('0123456789ab', 'a', '{read}', sha256('a')),
        ('0123456789ac', 'own', '{keys}', sha256(decode(repeat('0', 64), 'hex')));
    INSERT INTO player_ids (external_id, user_id) VALUES ('steam:1', 1) ON CONFLICT DO NOTHING"""

_INTEGERS = ("0", "'-1'", "1001", "2147483647", "'-2147483648'")
_TEXTS = ("''", "' '", "'nobody knows it'", "repeat('x', 1000000)", "E'a\\nb'", "U&'\\FFFF'", "'%s'", "''''")
_OF_TYPE = {
    "integer": _INTEGERS,
    "bigint": (*_INTEGERS, "9223372036854775807", "'-9223372036854775808'", "2147483648", "9007199254740992"),
    "double precision": ("0", "'-1'", "1e-300", "1e300", "'NaN'", "'Infinity'", "'-Infinity'"),
    "text": _TEXTS,
    "boolean": ("true", "false"),
    "uuid": ("'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
    "timestamp with time zone": ("'infinity'", "'-infinity'", "'epoch'", "'294276-12-31'", "'4713-01-01 BC'"),
    "timestamp with time zone[]": (
        "'{}'",
        "'{infinity}'",
        "'{-infinity}'",
        "'{epoch}'",
        "'{294276-12-31}'",
        "'{NULL}'",
    ),
    "timestamp without time zone": ("'infinity'", "'epoch'", "'294276-12-31'", "'4713-01-01 BC'"),
    "interval": ("'0'", "'-1 day'", "'178000000 years'", "'1 month 1 day'"),
    "jsonb": ("'{}'", "'[]'", "'null'", "'1'", "'{\"a\": 1}'", "'{\"min_score\": 1e300}'", '\'{"unit": ""}\''),
    "bigint[]": (
        "'{}'",
        "'{NULL}'",
        "'{NULL,NULL}'",
        "'{1}'",
        "'{1,2,3}'",
        "'{1,NULL}'",
        "'{0,-1}'",
        "'{9223372036854775807,-9223372036854775808}'",
        "'{{1,2}}'",
        "'{{1},{2}}'",
        "'{{{1,2}}}'",
        "'[5:6]={1,2}'",
        "'[-3:-2]={2,1}'",
        "'[0:0][0:1]={{1,2}}'",
        "array_fill(1::bigint, ARRAY[1001])",
        "array_fill(NULL::bigint, ARRAY[1001])",
        "array_fill(1::bigint, ARRAY[200000])",
        "array_fill(1::bigint, ARRAY[2], ARRAY[2147483645])",
    ),
    "integer[]": (
        "'{}'",
        "'{NULL,1,1}'",
        "'{0,-1,2147483647,-2147483648}'",
        "'{{1,2}}'",
        "'[-3:-2]={2,1}'",
        "array_fill(1, ARRAY[200000])",
    ),
    "text[]": (
        "'{}'",
        "'{NULL,NULL}'",
        "'{NULL}'",
        "'{a,NULL}'",
        "'{a,a}'",
        '\'{""," "}\'',
        "'{{a,b}}'",
        "'{{a},{b}}'",
        "'[7:8]={c,d}'",
        "'[-1:0]={e,NULL}'",
        "ARRAY[repeat('y', 1000000), 'z']",
        "array_fill('w'::text, ARRAY[200000])",
        "array_fill('v'::text, ARRAY[2], ARRAY[2147483645])",
    ),
}

_STATE = """
    SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM game_sessions),
           (SELECT count(*) FROM submission_keys), (SELECT count(*) FROM boards),
           (SELECT md5(string_agg(k::text, ' ' ORDER BY k.id)) FROM api_keys AS k),
           (SELECT md5(string_agg(b::text, ' ' ORDER BY b.id)) FROM boards AS b),
           (SELECT md5(string_agg(r::text, ' ' ORDER BY r.id)) FROM rankings AS r),
           (SELECT sum(total_score) FROM leaderboard)"""


async def functions(db):
    return [row[0] for row in await db.fetch(FUNCTIONS)]


async def arguments(db):
    found = {name: {} for name in await functions(db)}
    for row in await db.fetch(ARGUMENTS):
        found[row["name"]][row["argument"]] = row["type"]
    return found


async def attempt(db, name, given):
    """Calls the function; gives the SQLSTATE of a refusal, after which the database is what it was."""
    call = f"SELECT * FROM api.{name}({', '.join(f'{key} => {value}' for key, value in given.items())})"
    before = await db.fetchrow(_STATE)
    try:
        await db.fetch(call)
    except asyncpg.PostgresError as error:
        assert error.sqlstate.startswith("LB"), f"{call[:200]}: {error.sqlstate} {error}"
        assert 10 < len(error.args[0]) < 500, f"{call[:200]}: {error}"
        assert await db.fetchrow(_STATE) == before, call[:200]
        return error.sqlstate
    return None


async def test_every_function_is_tried(db):
    assert await functions(db) == sorted(GOOD)


async def test_the_good_arguments_are_good(db):
    await db.execute(PREPARE)
    for name, given in GOOD.items():
        assert await attempt(db, name, given) is None, name


@pytest.mark.parametrize("name", sorted(GOOD))
async def test_each_argument_alone(db, name):
    """All others good; this one NULL, at an end of its type, or of another shape."""
    await db.execute(PREPARE)
    for argument, kind in (await arguments(db))[name].items():
        for value in ("NULL", *_OF_TYPE[kind]):
            await attempt(db, name, {**GOOD[name], argument: f"{value}::{kind}"})
    await assert_exact(db)


@pytest.mark.parametrize("name", sorted(GOOD))
async def test_all_arguments_null(db, name):
    await db.execute(PREPARE)
    kinds = (await arguments(db))[name]
    await attempt(db, name, {argument: f"NULL::{kind}" for argument, kind in kinds.items()})
    await assert_exact(db)


async def test_arrays_of_odd_shapes_together(db):
    """Each shape of ids with each of the other arrays: those that fit are counted as their elements stand."""
    kinds = (await arguments(db))["submit_scores"]
    arrays = [argument for argument, kind in kinds.items() if kind.endswith("[]")]
    shapes = {
        kind: [value for value in _OF_TYPE[kind] if "000" not in value]
        for kind in kinds.values()
        if kind.endswith("[]")
    }
    for one, other in itertools.combinations(arrays, 2):
        for first, second in itertools.product(shapes[kinds[one]], shapes[kinds[other]]):
            given = {
                **GOOD["submit_scores"],
                one: f"{first}::{kinds[one]}",
                other: f"{second}::{kinds[other]}",
            }
            await attempt(db, "submit_scores", given)
    await assert_exact(db)


async def test_lower_bounds_make_no_difference(db):
    """What an element means follows from its place among the others, not from its subscript."""
    plain = await db.fetch(
        "SELECT * FROM api.submit_scores('{1,2,1}', '{10,20,30}', '{solo,NULL,team}', '{ada,NULL,NULL}',"
        " '{a,b,c}', p_with_rank => true)"
    )
    odd = await db.fetch(
        "SELECT * FROM api.submit_scores('[5:7]={11,12,11}', '[0:2]={10,20,30}', '[-9:-7]={solo,NULL,team}',"
        " '[3:5]={eve,NULL,NULL}', '[2:4]={a,b,c}', p_with_rank => true)"
    )
    assert [(r["status"], r["total_score"]) for r in plain] == [("accepted", t) for t in (10, 20, 40)]
    assert [(r["status"], r["user_id"], r["total_score"]) for r in odd] == [
        ("accepted", 11, 10),
        ("accepted", 12, 20),
        ("accepted", 11, 40),
    ]
    names = dict(await db.fetch("SELECT id, username FROM users"))
    assert names == {1: "ada", 2: "user_2", 11: "eve", 12: "user_12"}
    modes = [row[0] for row in await db.fetch("SELECT game_mode FROM game_sessions WHERE user_id > 10 ORDER BY id")]
    assert modes == ["solo", "solo", "team"]
    await assert_exact(db)


async def test_an_element_that_is_null_is_refused_alone(db):
    outcomes = await db.fetch("SELECT * FROM api.submit_scores('{1,NULL,3,4}', '{10,20,NULL,40}', p_with_rank => true)")
    assert [(row["status"], row["error"]) for row in outcomes] == [
        ("accepted", None),
        ("rejected", "LB002"),
        ("rejected", "LB003"),
        ("accepted", None),
    ]
    await assert_exact(db)


@pytest.mark.parametrize("name", sorted(GOOD))
async def test_wrong_types_do_not_reach_the_function(db, name):
    """PostgreSQL itself finds no function of these types, or no such value."""
    await db.execute(PREPARE)
    before = await db.fetchrow(_STATE)
    for argument, kind in (await arguments(db))[name].items():
        for value in ("'{\"a\": 1}'::jsonb", "1.5::numeric", "ARRAY[ARRAY[true]]", "now()", "'\\x00'::bytea"):
            if kind == "text" or (kind.startswith("boolean") and "true" not in value):
                continue
            if (kind[:6], value) in (("timest", "now()"), ("double", "1.5::numeric")) or value.endswith(f"::{kind}"):
                continue
            given = {**GOOD[name], argument: value}
            call = f"SELECT * FROM api.{name}({', '.join(f'{key} => {text}' for key, text in given.items())})"
            with pytest.raises(asyncpg.PostgresError) as caught:
                await db.fetch(call)
            assert caught.value.sqlstate == "42883", call
        if kind != "text" and not kind.startswith("text"):
            with pytest.raises(asyncpg.PostgresError) as caught:
                await db.fetch(f"SELECT api.{name}({argument} => 'nonsense'::text::{kind})")
            assert re.match("22P02|22007|42883", caught.value.sqlstate)
    assert await db.fetchrow(_STATE) == before
