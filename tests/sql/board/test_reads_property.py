"""Arbitrary submissions, changes of attributes, folds and ends of seasons on boards of every option, split or not: each
read equals what Python makes of the ledger.

Longer runs: HYPOTHESIS_EXAMPLES=500 pytest tests/sql/board/test_reads_property.py
"""

import json
from typing import Any

import asyncpg
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.support.oracle import assert_reads, order_of
from tests.support.seasons import close
from tests.support.state_machines import DatabaseMachine, run_machine

players = st.integers(1, 9)
# Few values make ties, large ones levels of the tree, negative ones its second half.
scores = st.sampled_from([0, 0, 1, 1, -1, 63, 64, -64, -65, 4096, -300000, 2147483647, -(2**40), 2**40])
modes = st.sampled_from(["solo", "team"])
items = st.tuples(players, scores, modes)

AGGREGATES = ("sum", "best", "last", "first", "count")
#: unit and decimals
DISPLAYS = (("ms", 0), ("points", 2), (None, 0), ("s", 0), ("s", 1))
SEASONS = ("season-shared", "season-earliest")
PLATFORMS = ("pc", "a/@ b")
WINDOWS = ("closed", "opened", "opens-later")
BOARDS = tuple(
    f"{aggregate}{low}{ties}" for aggregate in AGGREGATES for low in ("", "-low") for ties in ("", "-earliest")
)
LEAST, MOST = -(2**41), 2**41
CREATE = """
    SELECT api.create_board($1, $2, $3, $4, $5, p_lowest_wins => $6, p_unit => $7, p_decimals => $8, p_ties => $9,
        p_opens_at => $10, p_closes_at => $11, p_manual_seasons => $12, p_split_by => $13)
"""
RANKINGS = """
    SELECT b.*, r.id AS ranking_id, r.number, r.starts_at, r.ends_at, r.closed_at
    FROM boards AS b JOIN rankings AS r ON r.board_id = b.id AND r.split = '' WHERE b.name = $1 ORDER BY r.number
"""
KNOWN = """
    SELECT DISTINCT r.split FROM rankings AS r JOIN boards AS b ON b.id = r.board_id WHERE b.name = $1 AND r.split <> ''
"""
END = """
    WITH ended AS (
        UPDATE rankings SET ends_at = clock_timestamp(), deadline = clock_timestamp() WHERE id = $1 RETURNING *
    ), next AS (
        INSERT INTO rankings (board_id, number, starts_at)
        SELECT e.board_id, e.number + 1, e.ends_at FROM ended AS e RETURNING id
    )
    INSERT INTO rank_state (board_id) SELECT n.id FROM next AS n
"""


class Reads(DatabaseMachine):
    """A run of calls on one database."""

    def __init__(self) -> None:
        super().__init__()
        self.run(self.prepare())
        #: The platforms of the players when a season was closed.
        self.closed: dict[int, dict[int, str]] = {}

    async def prepare(self) -> None:
        await self.db.execute("TRUNCATE users CASCADE; DELETE FROM boards WHERE id > 1")
        for number, name in enumerate(BOARDS):
            await self.create(name, number, name.split("-")[0], low="-low" in name, earliest="-earliest" in name)
        for number, name in enumerate(SEASONS):
            await self.create(name, number, "sum", low=True, earliest="earliest" in name, seasons=True)

    async def create(
        self, name: str, number: int, aggregate: str, *, low: bool, earliest: bool, seasons: bool = False, **window: Any
    ) -> None:
        unit, decimals = DISPLAYS[number % len(DISPLAYS)]
        await self.db.execute(
            CREATE, name, "team" if number % 4 == 3 else None, aggregate, LEAST, MOST, low, unit, decimals,
            "earliest" if earliest else "shared", window.get("opens_at"), window.get("closes_at"), seasons,
            "platform" if number % 2 == 0 or seasons else None,
        )  # fmt: skip

    def teardown(self) -> None:
        try:
            self.run(self.check(*BOARDS, *SEASONS))
        finally:
            super().teardown()

    async def check(self, *boards: str) -> None:
        ledger = await self.db.fetch('SELECT * FROM game_sessions ORDER BY "timestamp", id')
        names = dict(await self.db.fetch("SELECT id, username FROM users"))
        for board in boards:
            rankings = await self.db.fetch(RANKINGS, board)
            known = [split for (split,) in await self.db.fetch(KNOWN, board)]
            for ranking in rankings:
                season = ranking["number"] if board in SEASONS else None
                places = self.closed.get(ranking["ranking_id"]) or await self.platforms()
                for split in [None, *known]:
                    counted = ledger if split is None else [s for s in ledger if places[s["user_id"]] == split]
                    order = order_of(ranking, counted, names)
                    if ranking["closed_at"] is not None:  # the tie of an archived row is its place
                        order = [(*row[:5], place) for place, row in enumerate(order, 1)]
                    for reference in references(board, ranking, rankings[-1]["number"]):
                        asked = reference if split is None else f"{reference}/{split}"
                        await assert_reads(self.db, asked, order, season)

    async def platforms(self) -> dict[int, str]:
        return dict(await self.db.fetch("SELECT id, attributes ->> 'platform' FROM users"))

    @rule(batch=st.lists(items, min_size=1, max_size=12), board=st.sampled_from(BOARDS + SEASONS))
    def submit(self, batch: list[tuple[int, int, str]], board: str) -> None:
        columns = [list(column) for column in zip(*batch, strict=True)]
        self.run(self.db.execute("SELECT api.submit_scores($1, $2, $3, p_board => $4)", *columns, "sum"))
        self.run(self.check(board))

    @rule(player=players, platform=st.sampled_from((None, *PLATFORMS)), board=st.sampled_from(BOARDS + SEASONS))
    def move(self, player: int, platform: str | None, board: str) -> None:
        attributes = json.dumps({} if platform is None else {"platform": platform, "country": "DE"})
        self.run(self.db.execute("UPDATE users SET attributes = $2 WHERE id = $1", player, attributes))
        self.run(self.check(board))

    @rule(board=st.sampled_from(BOARDS))
    def fold(self, board: str) -> None:
        self.run(self.db.execute("SELECT api.fold_ranks()"))
        self.run(self.check(board))

    @rule(board=st.sampled_from(SEASONS), archived=st.booleans())
    def end_season(self, board: str, archived: bool) -> None:
        *before, running = self.run(self.db.fetch(RANKINGS, board))
        self.run(self.db.execute(END, running["ranking_id"]))
        for ranking in [*before, running] if archived else []:
            if ranking["closed_at"] is None:
                self.run(close(self.db, ranking["ranking_id"]))
                self.closed[ranking["ranking_id"]] = self.run(self.platforms())
        self.run(self.check(board))

    @rule(board=st.sampled_from(WINDOWS), aggregate=st.sampled_from(AGGREGATES))
    def make_window(self, board: str, aggregate: str) -> None:
        """A board that takes scores only up to now, from now on, or from tomorrow on."""
        now = self.run(self.db.fetchval("SELECT clock_timestamp()"))
        tomorrow = self.run(self.db.fetchval("SELECT clock_timestamp() + interval '1 day'"))
        window = {"closed": {"closes_at": now}, "opened": {"opens_at": now}, "opens-later": {"opens_at": tomorrow}}
        self.run(self.db.execute("DELETE FROM boards WHERE name = $1", board))
        self.run(self.create(board, 0, aggregate, low=False, earliest=True, **window[board]))
        self.run(self.check(board))

    @rule(board=st.sampled_from(WINDOWS))
    def read_window(self, board: str) -> None:
        self.run(self.check(board))

    @rule(player=players, board=st.sampled_from(BOARDS))
    def delete_sessions(self, player: int, board: str) -> None:
        """Of a player in the present seasons: the archive keeps its ranks."""
        self.run(
            self.db.execute(
                'DELETE FROM game_sessions WHERE user_id = $1 AND "timestamp" >='
                " (SELECT coalesce(max(r.ends_at), '-infinity') FROM rankings AS r WHERE r.closed_at IS NOT NULL)",
                player,
            )
        )
        self.run(self.check(board))


def references(board: str, ranking: asyncpg.Record, last: int) -> list[str]:
    """The names by which a read may ask for the ranking."""
    if board not in SEASONS:
        return [board]
    by_name = {last: [board, f"{board}@current"], last - 1: [f"{board}@previous"]}
    return [f"{board}@{ranking['number']}", *by_name.get(ranking["number"], [])]


def test_every_read_of_every_option_equals_the_ledger(database_url: str) -> None:
    run_machine(Reads, database_url, 6)
