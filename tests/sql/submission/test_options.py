"""Submissions to boards with every option: totals, ties and answers are those of an oracle that reads the ledger."""

import datetime
import json
import random

import pytest

from tests.support.oracle import rows
from tests.support.seasons import close_seasons

DAY = datetime.timedelta(days=1)
SUBMIT = "SELECT * FROM api.submit_scores($1, $2, $3, NULL, $4, $5, $6, $7, $8)"


def expected_total(board, sessions):
    """The total that the board makes of a player's sessions, in the order of the ledger, and its tie."""
    sessions = sorted(sessions, key=lambda s: (s["timestamp"], s["id"]))
    better = min if board["lowest_wins"] else max
    match board["aggregate"]:
        case "sum":
            total = sum(s["score"] for s in sessions)
            changing = [s["id"] for s in sessions if s["score"] != 0]
            made_by = max(changing) if changing else min(s["id"] for s in sessions)
        case "count":
            total, made_by = len(sessions), max(s["id"] for s in sessions)
        case "best":
            total = better(s["score"] for s in sessions)
            made_by = min(s["id"] for s in sessions if s["score"] == total)
        case "last":
            total, made_by = sessions[-1]["score"], sessions[-1]["id"]
        case "first":
            total, made_by = sessions[0]["score"], sessions[0]["id"]
    return total, made_by if board["ties"] == "earliest" else None


def counts_in(board, ranking, session):
    played = session["played_at"] or session["timestamp"]
    return (
        board["game_mode"] in (None, session["game_mode"])
        and board["min_score"] <= session["score"] <= board["max_score"]
        and ranking["starts_at"] <= played < ranking["ends_at"]
        and session["timestamp"] < ranking["deadline"]
    )


async def standings(db):
    """What every ranking should hold: {(ranking, player): (total as players see it, tie)}."""
    sessions = await db.fetch("SELECT * FROM game_sessions")
    attributes = {player: json.loads(own or "{}") for player, own in await db.fetch("SELECT id, attributes FROM users")}
    rankings = await db.fetch("SELECT * FROM rankings WHERE closing_xid IS NULL")
    splits = {(r["board_id"], r["starts_at"], r["split"]): r["id"] for r in rankings}
    found = {}
    for ranking in rankings:
        if ranking["split"]:
            continue
        board = await db.fetchrow("SELECT * FROM boards WHERE id = $1", ranking["board_id"])
        players = {}
        for session in sessions:
            if counts_in(board, _with_bounds(ranking), session):
                players.setdefault(session["user_id"], []).append(session)
        for player, own in players.items():
            found[ranking["id"], player] = expected_total(board, own)
            if value := attributes[player].get(board["split_by"]):
                split = splits[ranking["board_id"], ranking["starts_at"], value]
                found[split, player] = found[ranking["id"], player]
    return found


def _with_bounds(ranking):
    """asyncpg reads infinity as the first or last datetime, without a zone."""
    return {
        name: value.replace(tzinfo=datetime.UTC) if isinstance(value, datetime.datetime) else value
        for name, value in ranking.items()
    }


async def assert_all_totals(db):
    expected = await standings(db)
    signs = dict(
        await db.fetch(
            "SELECT r.id, CASE WHEN b.lowest_wins THEN -1 ELSE 1 END"
            " FROM rankings AS r JOIN boards AS b ON b.id = r.board_id"
        )
    )
    found = {
        (ranking, player): (signs[ranking] * total, tie)
        for ranking, player, total, tie in rows(
            await db.fetch("SELECT board_id, user_id, total_score, tie FROM leaderboard")
        )
    }
    assert found == expected
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []
    return expected


async def add_boards(db, chosen):
    """Boards with random options. The first is overall."""
    names = ["overall"]
    for number in range(6):
        options = {
            "p_game_mode": chosen.choice([None, None, "team"]),
            "p_aggregate": chosen.choice(["sum", "best", "last", "first", "count"]),
            "p_min_score": chosen.choice([-1000, 0, 3]),
            "p_max_score": chosen.choice([1000, 7]),
            "p_lowest_wins": chosen.random() < 0.4,
            "p_ties": chosen.choice(["shared", "earliest"]),
            "p_unit": chosen.choice([None, "ms"]),
            "p_split_by": chosen.choice([None, "country", "platform"]),
        }
        kind = chosen.choice(["plain", "window", "daily", "weekly", "hours", "manual"])
        now = datetime.datetime.now(datetime.UTC)
        if kind == "window":
            options |= {"p_opens_at": now - chosen.randint(1, 3) * DAY, "p_closes_at": now + DAY}
        elif kind == "manual":
            options |= {"p_manual_seasons": True}
        elif kind != "plain":
            options |= {
                "p_period": {"hours": "7 hours"}.get(kind, kind),
                "p_time_zone": chosen.choice(["UTC", "Pacific/Apia", "America/Havana"]),
                "p_grace": chosen.randint(0, 2) * DAY,
                "p_opens_at": now - chosen.randint(0, 20) * DAY,
            }
        names.append(f"{kind}{number}")
        arguments = ", ".join(f"{name} => ${place}" for place, name in enumerate(options, 2))
        await db.execute(f"SELECT api.create_board($1, {arguments})", names[-1], *options.values())
    return names


@pytest.mark.parametrize("seed", range(12))
async def test_random_submissions_to_random_boards(db, seed):
    chosen = random.Random(seed)
    names = await add_boards(db, chosen)
    keys = {}
    for _ in range(25):
        size = chosen.choice([1, 1, 2, 8])
        board = chosen.choice(names)
        items = [
            (
                chosen.randint(1, 6),
                chosen.choice([0, 0, 1, 5, 7, 900, -3, chosen.randint(0, 12)]),
                chosen.choice(["solo", "team"]),
                f"k{chosen.randint(1, 40)}" if chosen.random() < 0.3 else None,
                datetime.datetime.now(datetime.UTC) - chosen.random() * 4 * DAY if chosen.random() < 0.4 else None,
            )
            for _ in range(size)
        ]
        columns = [list(column) for column in zip(*items, strict=True)]
        if chosen.random() < 0.4:
            await _change_attributes(db, chosen)
        with_rank, with_boards = chosen.random() < 0.5, chosen.random() < 0.5
        outcomes = await db.fetch(SUBMIT, *columns[:4], board, with_rank, columns[4], with_boards)
        expected = await assert_all_totals(db)
        for (player, score, _, key, _), outcome in zip(items, outcomes, strict=True):
            if outcome["status"] == "accepted":
                assert (outcome["user_id"], outcome["score"]) == (player, score)
                if key is not None:
                    assert (player, key) not in keys
                    keys[player, key] = outcome["total_score"]
            elif outcome["status"] == "replayed":
                assert keys[player, key] == outcome["total_score"]
            else:
                assert outcome["error"] in ("LB003", "LB021", "LB022", "LB026")
        if size == 1 and outcomes[0]["status"] == "accepted":
            await _check_answer(db, expected, board, outcomes[0], with_rank=with_rank, with_boards=with_boards)


async def _change_attributes(db, chosen):
    """Of some players, in one statement."""
    own = {player: {"country": chosen.choice(["DE", "FR"])} for player in range(1, 7) if chosen.random() < 0.5}
    for player in own:
        if chosen.random() < 0.5:
            own[player] |= {"platform": chosen.choice(["pc", "phone"])}
    await db.execute(
        "UPDATE users AS u SET attributes = a.own::jsonb FROM unnest($1::int[], $2::text[]) AS a(id, own)"
        " WHERE u.id = a.id",
        list(own),
        [json.dumps(attributes) for attributes in own.values()],
    )


async def _check_answer(db, expected, board, outcome, *, with_rank, with_boards):
    """What the newest session's submission answered, by the oracle."""
    session = await db.fetchrow("SELECT * FROM game_sessions ORDER BY id DESC LIMIT 1")
    counted = {}
    for ranking in await db.fetch("SELECT * FROM rankings WHERE closing_xid IS NULL AND split = '' ORDER BY board_id"):
        row = await db.fetchrow("SELECT * FROM boards WHERE id = $1", ranking["board_id"])
        if counts_in(row, _with_bounds(ranking), session):
            totals = [total for (place, _), (total, _) in expected.items() if place == ranking["id"]]
            own = expected[ranking["id"], session["user_id"]][0]
            ahead = sum(total < own if row["lowest_wins"] else total > own for total in totals)
            season = ranking["number"] if row["period"] is not None or row["manual_seasons"] else None
            counted[row["name"]] = {"board": row["name"], "season": season, "total_score": own, "rank": ahead + 1}
    assert outcome["total_score"] == counted[board]["total_score"]
    assert outcome["rank"] == (counted[board]["rank"] if with_rank else None)
    if not with_boards:
        assert outcome["boards"] is None
        return
    answered = [{**entry} for entry in json.loads(outcome["boards"])]
    for entry in answered:
        entry.pop("display", None)
    wanted = [
        {name: value for name, value in entry.items() if value is not None and (with_rank or name != "rank")}
        for entry in counted.values()
    ]
    assert answered == wanted


async def test_a_season_that_is_named_must_count_the_score(db):
    now = datetime.datetime.now(datetime.UTC)
    await db.execute(
        "SELECT api.create_board('daily', p_period => 'daily', p_opens_at => $1, p_grace => '36 hours')", now - 5 * DAY
    )

    async def submit(board, played_at=None):
        (row,) = await db.fetch(SUBMIT, [1], [10], ["solo"], [None], board, False, [played_at], False)
        return row["status"], row["error"] or row["total_score"]

    assert await submit("daily") == ("accepted", 10)
    assert await submit("daily@current") == ("accepted", 20)
    assert await submit("daily@6") == ("accepted", 30)
    assert await submit("daily@previous") == ("rejected", "LB026")
    assert await submit("daily@previous", now - DAY) == ("accepted", 10)
    assert await submit("daily", now - DAY) == ("accepted", 20)
    assert await submit("daily@current", now - DAY) == ("rejected", "LB026")
    assert await submit("daily", now - 4 * DAY) == ("rejected", "LB026")
    assert await submit("overall", now - 4 * DAY) == ("accepted", 60)  # it has no deadline
    for board, error in (
        ("overall@1", "LB014"),
        ("daily@0", "LB014"),
        ("daily@x", "LB014"),
        ("daily@6@6", "LB014"),
        ("nowhere@1", "LB010"),
    ):
        with pytest.raises(Exception, match=r"season|board") as caught:
            await submit(board)
        assert caught.value.sqlstate == error


async def test_a_retry_after_the_end_of_the_season_gets_the_first_outcome(db):
    await db.execute("SELECT api.create_board('short', p_period => '1 second')")
    call = "SELECT status, total_score FROM api.submit_scores('{1}', '{10}', NULL, NULL, '{k}', 'short')"
    assert tuple(await db.fetchrow(call)) == ("accepted", 10)
    await db.execute("SELECT pg_sleep(1.1)")
    assert tuple(await db.fetchrow(call)) == ("replayed", 10)
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 1


async def test_a_retry_that_asks_for_the_rank_after_the_end_of_the_season(db):
    """It has the rank in the season of the first try, as its total, until that is closed."""
    await db.execute("SELECT api.create_board('m', p_manual_seasons => true, p_grace => '1 hour')")
    call = (
        "SELECT status, total_score, previous_rank, rank FROM"
        " api.submit_scores($1, $2, p_submission_keys => $3, p_board => 'm', p_with_rank => $4)"
    )
    await db.fetch(call, [1, 2, 3], [10, 30, 5], ["k", "k", "k"], False)
    await db.execute("SELECT api.end_season('m')")
    found = await db.fetch(call, [1, 1, 3], [10, 1, 5], ["k", "l", "k"], True)
    assert rows(found) == [("replayed", 10, None, 2), ("accepted", 1, None, 1), ("replayed", 5, None, 3)]
    assert rows(await db.fetch(call, [1], [10], ["k"], True)) == [("replayed", 10, None, 2)]
    assert rows(await db.fetch(call, [1], [1], ["l"], True)) == [("replayed", 1, None, 1)]
    await db.execute("UPDATE rankings SET deadline = now() WHERE ends_at < now()")
    await close_seasons(db)
    assert rows(await db.fetch(call, [1], [10], ["k"], True)) == [("replayed", 10, None, None)]
    assert rows(await db.fetch(call, [1, 2], [10, 30], ["k", "k"], True)) == [
        ("replayed", 10, None, None),
        ("replayed", 30, None, None),
    ]


async def test_a_season_that_is_over_counts_nothing_though_it_is_not_closed_yet(db):
    await db.execute("SELECT api.create_board('short', p_period => '1 second')")
    await db.execute("SELECT api.submit_score(1, 10)")
    played_at = await db.fetchval("SELECT clock_timestamp() - interval '1 microsecond'")
    await db.execute("SELECT pg_sleep(1.1)")
    late = "SELECT error FROM api.submit_scores('{1}', '{5}', p_board => $1, p_played_at => ARRAY[$2::timestamptz])"
    assert await db.fetchval(late, "short", played_at) == "LB026"
    assert await db.fetchval(late, "overall", played_at) is None
    assert await db.fetchval("SELECT count(*) FROM rankings WHERE closing_xid IS NOT NULL") == 0
    totals = await db.fetch("SELECT total_score FROM leaderboard ORDER BY board_id")
    assert rows(totals) == [(15,), (10,)]
    assert rows(await db.fetch("SELECT * FROM api.verify_leaderboard()")) == []


async def test_times_that_are_not_possible_are_refused(db):
    for played_at in ("infinity", "-infinity", "tomorrow", "0001-01-01Z", "1969-12-31Z"):
        row = await db.fetchrow(
            f"SELECT * FROM api.submit_scores('{{1}}', '{{1}}', p_played_at => ARRAY['{played_at}'::timestamptz])"
        )
        assert (row["status"], row["error"]) == ("rejected", "LB007")
    await db.execute("SELECT * FROM api.submit_score(1, 1, p_played_at => now() + interval '4 minutes')")
    assert rows(await db.fetch("SELECT played_at FROM game_sessions")) == [(None,)]


async def test_a_board_counts_from_its_opening_to_its_close(db):
    now = datetime.datetime.now(datetime.UTC)
    await db.execute("SELECT api.create_board('later', p_opens_at => $1)", now + DAY)
    await db.execute("SELECT api.create_board('over', p_closes_at => $1)", now - DAY)
    for board, error in (("later", "LB027"), ("over", "LB026")):
        row = await db.fetchrow("SELECT * FROM api.submit_scores('{1}', '{1}', p_board => $1)", board)
        assert (row["status"], row["error"]) == ("rejected", error)
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0
    await db.execute("SELECT api.submit_score(1, 1)")  # it counts on overall only
    assert rows(await db.fetch("SELECT board_id FROM leaderboard")) == [(1,)]


async def test_a_retry_is_a_replay_whatever_the_board_counts_by_then(db):
    await db.execute("SELECT api.create_board('b', 'duel')")
    call = "SELECT status, total_score, error FROM api.submit_scores('{1,1}', $1, '{duel,duel}', NULL, '{k,l}', 'b')"
    first = await db.fetch(call, [10, 20])
    assert rows(first) == [("accepted", 10, None), ("accepted", 30, None)]
    for change in ({"max_score": 5}, {"max_score": 100, "game_mode": "solo"}):
        await db.execute("SELECT api.alter_board('b', $1)", json.dumps(change))
        assert rows(await db.fetch(call, [10, 20])) == [("replayed", 10, None), ("replayed", 30, None)]
        error = "LB003" if "game_mode" not in change else "LB022"
        assert rows(await db.fetch(call, [11, 20])) == [("rejected", None, error), ("replayed", 30, None)]
    assert await db.fetchval("SELECT count(*) FROM rejected_submissions") == 1
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 2
