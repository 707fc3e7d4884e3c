"""Arbitrary sessions of forty days, recorded and played at arbitrary times, with acts of moderation, deletions, splits
and folds between them, on boards of every option: windows, ranks at past moments and copies of rankings are what Python
makes of the ledger.

Longer runs: HYPOTHESIS_EXAMPLES=500 pytest tests/sql/past/test_property.py
"""

import datetime as dt
from typing import Any

import asyncpg
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.support.oracle import Row, order_of, utc
from tests.support.state_machines import DatabaseMachine, run_machine

players = st.integers(1, 8)
scores = st.sampled_from([0, 0, 1, 1, 2, 5, 63, 64, -64, -3, 4096, 300000])
modes = st.sampled_from(["solo", "team"])
#: Quarters of days before midnight: many sessions are on the boundary of a day, and of a window.
quarters = st.integers(-3, 160)
late = st.sampled_from([None, None, 0, 1, 1, 7, 40])
sessions = st.tuples(players, scores, modes, quarters, late)

#: name: aggregate, game mode, lowest_wins, ties, period, split_by
BOARDS: dict[str, tuple[Any, ...]] = {
    f"{aggregate}{'-low' if low else ''}": (
        aggregate, "team" if number % 3 == 2 else None, low, "earliest" if number % 2 else "shared", None,
        "country" if number % 4 == 1 else None,
    )
    for number, (aggregate, low) in enumerate(
        (aggregate, low) for low in (False, True) for aggregate in ("sum", "best", "last", "first", "count")
    )
}  # fmt: skip
BOARDS["weekly"] = ("sum", None, False, "shared", "weekly", "country")
BOARDS["weekly-low"] = ("last", None, True, "earliest", "weekly", None)
CREATE = """
    SELECT api.create_board($1, $2, $3, -1000000, 1000000, p_lowest_wins => $4, p_ties => $5, p_period => $6,
        p_split_by => $7, p_grace => '1 day',
        p_opens_at => CASE WHEN $6::text IS NOT NULL THEN now() - interval '41 days' END)
"""
INSERT = """
    INSERT INTO game_sessions (user_id, score, game_mode, "timestamp", played_at)
    SELECT * FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[])
"""
LEDGER = """
    SELECT g.*, u.username, u.attributes ->> 'country' AS country, u.ban_id IS NOT NULL AS banned
    FROM game_sessions AS g JOIN users AS u ON u.id = g.user_id WHERE g.void_id IS NULL ORDER BY g."timestamp", g.id
"""
SEASONS = """
    SELECT r.number, r.starts_at, r.ends_at, r.deadline, r.closed_at
    FROM rankings AS r JOIN boards AS b ON b.id = r.board_id WHERE b.name = $1 AND r.split = '' ORDER BY r.number
"""
RANKING = """
    SELECT r.id FROM rankings AS r JOIN boards AS b ON b.id = r.board_id
    WHERE b.name = $1 AND r.number = $2 AND r.split = $3
"""
COUNTRIES = ("DE", "FR")
ALL = {"starts_at": dt.datetime.min, "ends_at": dt.datetime.max}


class Past(DatabaseMachine):
    """A run of calls on one database."""

    def __init__(self) -> None:
        super().__init__()
        self.run(self.prepare())

    async def prepare(self) -> None:
        await self.db.execute("TRUNCATE users CASCADE; DELETE FROM boards WHERE id > 1; DELETE FROM rank_copies")
        await self.db.execute("DELETE FROM rank_copy_blocks")
        for name, (aggregate, mode, low, ties, period, split_by) in BOARDS.items():
            await self.db.execute(CREATE, name, mode, aggregate, low, ties, period, split_by)
        while await self.db.fetchval("SELECT api.close_seasons()"):
            pass
        await self.db.execute(
            "INSERT INTO users (id, username, attributes)"
            " SELECT g, 'user ' || g, CASE WHEN g % 4 > 0 THEN jsonb_build_object('country', ($1::text[])[1 + g % 2])"
            " END FROM generate_series(1, 8) AS g",
            list(COUNTRIES),
        )
        self.midnight = await self.db.fetchval("SELECT date_trunc('day', now(), 'UTC')")

    def moment(self, quarter: int) -> dt.datetime:
        """In the past, so that a submission comes after all of them."""
        now = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)
        return min(now, self.midnight - quarter * dt.timedelta(hours=6))

    @rule(batch=st.lists(sessions, min_size=1, max_size=15))
    def record(self, batch: list[tuple[int, int, str, int, int | None]]) -> None:
        """Sessions of the past, as an import or plain SQL records them; the last column is how much later than they
        were played.
        """
        known = {row["id"] for row in self.run(self.db.fetch("SELECT id FROM users"))}
        batch = [one for one in batch if one[0] in known]
        times = [self.moment(quarter) for *_, quarter, _ in batch]
        played = [
            None if one[4] is None else time - one[4] * dt.timedelta(hours=6)
            for one, time in zip(batch, times, strict=True)
        ]
        columns = [[one[part] for one in batch] for part in range(3)]
        self.run(self.db.execute(INSERT, *columns, times, played))

    @rule(player=players, score=scores, mode=modes)
    def submit(self, player: int, score: int, mode: str) -> None:
        self.run(self.db.execute("SELECT api.submit_scores($1, $2, $3, p_board => 'sum')", [player], [score], [mode]))

    @rule(player=st.none() | players, above=scores)
    def void(self, player: int | None, above: int) -> None:
        self.run(self.db.execute("SELECT api.void_sessions('me', 'why', $1, p_above => $2)", player, above))

    @rule(player=players, action=st.sampled_from(["ban_players", "unban_players"]))
    def ban(self, player: int, action: str) -> None:
        if self.run(self.db.fetchval("SELECT count(*) FROM users WHERE id = $1", player)):
            self.run(self.db.execute(f"SELECT api.{action}('me', 'why', $1)", [player]))

    @rule(player=players)
    def delete(self, player: int) -> None:
        self.run(self.db.execute("DELETE FROM users WHERE id = $1", player))

    @rule(player=players, country=st.none() | st.sampled_from(COUNTRIES))
    def move(self, player: int, country: str | None) -> None:
        self.run(
            self.db.execute(
                "UPDATE users SET attributes = CASE WHEN $2::text IS NOT NULL THEN jsonb_build_object('country', $2)"
                " END WHERE id = $1", player, country,
            )
        )  # fmt: skip

    @rule()
    def fold(self) -> None:
        self.run(self.db.execute("SELECT api.fold_ranks()"))

    @rule(board=st.sampled_from(sorted(BOARDS)), begin=quarters, length=st.integers(1, 200), split=st.booleans())
    def windows(self, board: str, begin: int, length: int, split: bool) -> None:
        """Of a board, of its splits, and of the seasons of one that has some."""
        start = self.moment(begin)
        self.run(self.check_window(board, start, start + length * dt.timedelta(hours=6), self.split(board, split)))

    @rule(board=st.sampled_from(sorted(BOARDS)), quarter=quarters, split=st.booleans())
    def ranks(self, board: str, quarter: int, split: bool) -> None:
        self.run(self.check_ranks(board, self.moment(quarter), self.split(board, split)))

    @rule(board=st.sampled_from(sorted(BOARDS)), days=st.sets(st.integers(0, 39), min_size=1, max_size=3),
          split=st.booleans())  # fmt: skip
    def copies(self, board: str, days: set[int], split: bool) -> None:
        self.run(self.check_copies(board, [self.moment(4 * day) for day in sorted(days)], self.split(board, split)))

    def split(self, board: str, wanted: bool) -> str:
        if not wanted or BOARDS[board][5] is None:
            return ""
        known = self.run(self.db.fetch(
            "SELECT DISTINCT r.split FROM rankings AS r JOIN boards AS b ON b.id = r.board_id WHERE b.name = $1"
            " AND r.split <> '' ORDER BY 1", board,
        ))  # fmt: skip
        return known[0]["split"] if known else ""

    async def order(
        self, board: str, split: str, *, before: dt.datetime | None = None, banned: int | None = None, **window: Any
    ) -> list[Row]:
        """What Python makes of the ledger: of the sessions recorded before a moment, and of those played in a window
        and recorded before its deadline. With `banned`, of this player alone.
        """
        options = dict(await self.db.fetchrow("SELECT * FROM boards WHERE name = $1", board))
        ledger = []
        for one in await self.db.fetch(LEDGER):
            played = one["played_at"] or one["timestamp"]
            if (
                (before is None or one["timestamp"] < before)
                and ("starts_at" not in window or utc(window["starts_at"]) <= played < utc(window["ends_at"]))
                and ("deadline" not in window or one["timestamp"] < utc(window["deadline"]))
                and split in ("", one["country"])
                and (one["user_id"] == banned if banned else not one["banned"])
            ):
                ledger.append(one)
        return order_of({**options, **ALL}, ledger, {one["user_id"]: one["username"] for one in ledger})  # type: ignore[arg-type]

    async def check_window(self, board: str, start: dt.datetime, end: dt.datetime, split: str) -> None:
        name = f"{board}/{split}" if split else board
        found = await self.db.fetch("SELECT * FROM api.top_between($1, $2, 1000, $3)", start, end, name)
        opens = await self.db.fetchval("SELECT opens_at FROM boards WHERE name = $1", board)
        begin = max(start, opens) if opens else start
        assert [tuple(row) for row in found] == [
            row[:-1] for row in await self.order(board, split, starts_at=begin, ends_at=end)
        ]
        if BOARDS[board][4] is None:
            return
        for season in await self.db.fetch(SEASONS, board):
            of_season = f"{board}@{season['number']}" + (f"/{split}" if split else "")
            begin, last = max(start, season["starts_at"]), min(end, season["ends_at"])
            expected = await self.order(board, split, starts_at=begin, ends_at=last, deadline=season["deadline"])
            found = await self.db.fetch("SELECT * FROM api.top_between($1, $2, 3, $3)", start, end, of_season)
            assert [tuple(row) for row in found] == [row[:-1] for row in expected][:3]

    async def check_ranks(self, board: str, at: dt.datetime, split: str) -> None:
        window: dict[str, Any] = {}
        number = None
        if BOARDS[board][4] is not None:
            (season,) = [s for s in await self.db.fetch(SEASONS, board) if s["starts_at"] <= at < s["ends_at"]]
            window = {part: season[part] for part in ("starts_at", "ends_at", "deadline")}
            number = season["number"]
        order = await self.order(board, split, before=at, **window)
        expected = [
            (user_id, username, total, rank, len(order), shown, number, None)
            for rank, user_id, username, total, shown, _ in order
        ]
        for player in await self.db.fetch("SELECT id FROM users WHERE ban_id IS NOT NULL"):
            alone = await self.order(board, split, before=at, banned=player["id"], **window)
            expected += [
                (user_id, username, total, 1 + self.better(board, order, total), len(order) + 1, shown, number, True)
                for _, user_id, username, total, shown, _ in alone
            ]
        if number and not await self.db.fetchval(RANKING, board, number, split):
            expected = []  # the season was closed without a player of the split
        name = f"{board}/{split}" if split else board
        found = []
        for player in range(1, 9):
            try:
                row = await self.db.fetchrow("SELECT * FROM api.rank_at($1, $2, $3)", player, at, name)
            except asyncpg.PostgresError as error:
                assert error.sqlstate in ("LB011", "LB018"), error
                continue
            found.append((*row[:5], *row[6:]))
        assert found == sorted(expected)

    @staticmethod
    def better(board: str, order: list[Row], total: int) -> int:
        return sum(row[3] < total if BOARDS[board][2] else row[3] > total for row in order)

    async def check_copies(self, board: str, ats: list[dt.datetime], split: str) -> None:
        """The histories of all players from copies of these moments, made in any order."""
        await self.db.execute("DELETE FROM rank_copies; DELETE FROM rank_copy_blocks")
        numbers = [s for s in await self.db.fetch(SEASONS, board) if s["closed_at"] is None]
        season = numbers[-1]
        ranking = await self.db.fetchval(RANKING, board, season["number"], split)
        if ranking is None:
            return
        for at in ats:
            assert await self.db.fetchval("SELECT past.add_copy($1, $2)", ranking, at)
        name = f"{board}/{split}" if split else board
        window = {part: season[part] for part in ("starts_at", "ends_at", "deadline")} if BOARDS[board][4] else {}
        orders = {at: await self.order(board, split, before=at, **window) for at in ats}
        copied = await self.db.fetch("SELECT at, players FROM rank_copies ORDER BY at")
        assert [tuple(row) for row in copied] == [(at, len(orders[at])) for at in sorted(ats)]
        for player in range(1, 9):
            since = min(ats)
            try:
                found = await self.db.fetch("SELECT * FROM api.player_history($1, $2, NULL, $3)", player, since, name)
            except asyncpg.PostgresError as error:
                assert error.sqlstate in ("LB011", "LB018"), error
                continue
            now = await self.db.fetchrow("SELECT * FROM api.player_rank($1, $2)", player, name)
            assert found[-1][1:] == (now["rank"], now["players"], now["total_score"], now["display"], now["hidden"])
            expected = []
            for at in sorted(ats):
                order = orders[at]
                alone = await self.order(board, split, before=at, banned=player, **window)
                mine = alone if now["hidden"] else [row for row in order if row[1] == player]
                expected += [
                    (at, 1 + self.better(board, order, row[3]), len(order) + bool(now["hidden"]), row[3], row[4],
                     now["hidden"])
                    for row in mine
                ]  # fmt: skip
            assert [tuple(row) for row in found[:-1]] == expected


def test_the_past_is_what_the_ledger_says(database_url: str) -> None:
    run_machine(Past, database_url, 6)
