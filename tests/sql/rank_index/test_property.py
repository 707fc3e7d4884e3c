"""Arbitrary histories: after every step each read equals RANK() over leaderboard, and totals the ledger.

Longer runs: HYPOTHESIS_EXAMPLES=500 pytest tests/sql/rank_index/test_property.py
"""

from typing import Any

import asyncpg
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.support.oracle import STALE_RANKS, assert_exact
from tests.support.state_machines import DatabaseMachine, run_machine

BOARDS = ("overall", "team-best", "last")
players = st.integers(1, 6)
# Few values make ties, large ones levels of the tree.
scores = st.sampled_from([0, 1, 2, 63, 64, 65, 4095, 4096, 300000, 2147483647])
modes = st.sampled_from(["solo", "team"])
keys = st.sampled_from([None, None, "a", "b", "c"])
items = st.tuples(players, scores, modes, keys)

RESET = """
    TRUNCATE users CASCADE;
    DELETE FROM boards WHERE id > 1;
    SELECT api.create_board('team-best', 'team', 'best', 0, 4096);
    SELECT api.create_board('last', NULL, 'last');
"""


class History(DatabaseMachine):
    """A run of calls and plain statements on one database."""

    def __init__(self) -> None:
        super().__init__()
        self.run(self.db.execute(RESET))
        self.tampered: set[int] = set()  # players whose totals an admin changed
        self.used: dict[tuple[int, str], tuple[int, str, int]] = {}  # key -> score, mode, total of its first outcome

    async def check(self) -> None:
        for board in BOARDS:
            await assert_exact(self.db, board, ledger=False)
        wrong = await self.db.fetch("SELECT subject FROM api.verify_leaderboard() WHERE check_name = 'total'")
        assert {int(row["subject"]) for row in wrong} <= self.tampered

    def expected(self, player: int, score: int, mode: str, key: str | None) -> tuple[str, int | None]:
        if key is None or (player, key) not in self.used:
            return "accepted", None
        first = self.used[player, key]
        return ("replayed", first[2]) if first[:2] == (score, mode) else ("rejected", None)

    @rule(batch=st.lists(items, min_size=1, max_size=8))
    def submit(self, batch: list[tuple[int, int, str, str | None]]) -> None:
        columns = [list(column) for column in zip(*batch, strict=True)]
        outcomes = self.run(self.db.fetch("SELECT * FROM api.submit_scores($1, $2, $3, NULL, $4)", *columns))
        for (player, score, mode, key), outcome in zip(batch, outcomes, strict=True):
            status, total = self.expected(player, score, mode, key)
            assert outcome["status"] == status
            if status == "replayed":
                assert outcome["total_score"] == total
            if status == "accepted" and key is not None:
                self.used[player, key] = (score, mode, outcome["total_score"])
        self.run(self.check())

    @rule(player=players, score=scores, mode=modes, key=keys)
    def submit_one(self, player: int, score: int, mode: str, key: str | None) -> None:
        status, _ = self.expected(player, score, mode, key)
        try:
            row = self.run(
                self.db.fetchrow(
                    "SELECT * FROM api.submit_score($1, $2, $3, NULL, $4, 'overall', true)",
                    player,
                    score,
                    mode,
                    key,
                )
            )
        except asyncpg.PostgresError as error:
            assert (status, error.sqlstate) == ("rejected", "LB021")
        else:
            assert row["duplicate"] == (status == "replayed")
            if status == "accepted":
                assert row["rank"] == self.run(self.db.fetchval("SELECT rank FROM api.player_rank($1)", player))
                if key is not None:
                    self.used[player, key] = (score, mode, row["total_score"])
        self.run(self.check())

    @rule(player=players, score=scores)
    def roll_back(self, player: int, score: int) -> None:
        async def steps() -> None:
            transaction = self.db.transaction()
            await transaction.start()
            await self.db.execute("SELECT api.submit_score($1, $2)", player, score)
            await self.check()
            await transaction.rollback()
            await self.check()

        self.run(steps())

    @rule(player=players)
    def delete_player(self, player: int) -> None:
        self.run(self.db.execute("DELETE FROM users WHERE id = $1", player))
        self.tampered.discard(player)
        self.used = {key: value for key, value in self.used.items() if key[0] != player}
        self.run(self.check())

    @rule(player=players, total=st.sampled_from([-5000, -1, 0, 64, 2**31, 2**53 - 2**34]))
    def admin_update(self, player: int, total: int) -> None:
        self.run(self.db.execute("UPDATE leaderboard SET total_score = $2 WHERE user_id = $1", player, total))
        self.tampered.add(player)
        self.run(self.check())

    @rule(player=players)
    def admin_delete(self, player: int) -> None:
        self.run(self.db.execute("DELETE FROM leaderboard WHERE user_id = $1", player))
        self.tampered.add(player)
        self.run(self.check())

    @rule()
    def truncate(self) -> None:
        self.run(self.db.execute("TRUNCATE leaderboard"))
        self.tampered |= set(range(1, 7))
        self.run(self.check())

    @rule()
    def fold(self) -> None:
        self.run(self.db.execute("SELECT api.fold_ranks()"))
        assert self.run(self.db.fetchval("SELECT pending FROM api.rank_index_status()")) == 0
        self.run(self.check())

    @rule()
    def rebuild(self) -> None:
        self.run(self.db.execute("SELECT api.rebuild_leaderboard()"))
        self.tampered.clear()
        self.run(self.check())
        assert self.run(self.db.fetch(STALE_RANKS)) == []


conditions = st.sampled_from(
    ["user_id = {0}", "user_id <> {0}", "score = 64", "game_mode = 'team'", "id % 3 = 0", "true", "false"]
)
assignments = st.sampled_from(
    [
        "score = 65 - score",
        "score = 4096",
        "user_id = 1 + user_id % 6",
        "game_mode = 'team'",
        '"timestamp" = "timestamp" - interval \'1 day\'',
        "\"timestamp\" = '2020-01-01'",
    ]
)
boards = st.sampled_from(BOARDS)
countings = st.sampled_from(
    [
        "aggregate = 'sum'",
        "aggregate = 'best', game_mode = NULL",
        "aggregate = 'last'",
        "game_mode = 'team'",
        "game_mode = NULL, min_score = -9007199254740991, max_score = 9007199254740991",
        "min_score = 2, max_score = 4096",
        "max_score = 2147483647",
        "max_submissions_per_minute = 1000",
    ]
)


class PlainSql(DatabaseMachine):
    """A run of plain statements on game_sessions, boards and users, mixed with calls.

    Each leaves totals that are the ledger's and ranks that are exact.
    """

    def __init__(self) -> None:
        super().__init__()
        self.run(self.db.execute(RESET))
        self.run(
            self.db.execute(
                "UPDATE boards SET aggregate = 'sum', game_mode = NULL, min_score = 0, max_score = 2147483647"
                " WHERE id = 1;"
                "INSERT INTO users (id, username) SELECT g, 'p' || g FROM generate_series(1, 6) AS g;"
                "INSERT INTO game_sessions (user_id, score, game_mode)"
                " SELECT id, id * 64 % 5, CASE id % 2 WHEN 0 THEN 'team' ELSE 'solo' END FROM users;"
                "SELECT api.submit_scores('{1,2,3,4}', '{64,64,4096,7}', '{solo,team,team,solo}')"
            )
        )

    def statement(self, sql: str, *arguments: Any, undo: bool = False) -> None:
        async def steps() -> None:
            transaction = self.db.transaction()
            await transaction.start()
            await self.db.execute(sql, *arguments)
            assert await self.db.fetch("SELECT * FROM api.verify_leaderboard()") == []
            await (transaction.rollback() if undo else transaction.commit())
            assert await self.db.fetch("SELECT * FROM api.verify_leaderboard()") == []
            await assert_exact(self.db)

        self.run(steps())

    @rule(batch=st.lists(st.tuples(players, scores, modes), min_size=1, max_size=6), undo=st.booleans())
    def insert(self, batch: list[tuple[int, int, str]], undo: bool) -> None:
        self.statement(
            "INSERT INTO game_sessions (user_id, score, game_mode)"
            " SELECT i.id, i.score, i.mode"
            " FROM unnest($1::integer[], $2::bigint[], $3::text[]) AS i(id, score, mode)"
            " WHERE EXISTS (SELECT FROM users AS u WHERE u.id = i.id)",
            *(list(column) for column in zip(*batch, strict=True)),
            undo=undo,
        )

    @rule(assignment=assignments, condition=conditions, player=players, undo=st.booleans())
    def update(self, assignment: str, condition: str, player: int, undo: bool) -> None:
        everybody = "INSERT INTO users (id, username) SELECT g, 'again' || g FROM generate_series(1, 6) AS g"
        self.run(self.db.execute(f"{everybody} ON CONFLICT DO NOTHING"))
        self.statement(f"UPDATE game_sessions SET {assignment} WHERE {condition.format(player)}", undo=undo)

    @rule(condition=conditions, player=players, undo=st.booleans())
    def delete(self, condition: str, player: int, undo: bool) -> None:
        self.statement(f"DELETE FROM game_sessions WHERE {condition.format(player)}", undo=undo)

    @rule(player=players, undo=st.booleans())
    def delete_player(self, player: int, undo: bool) -> None:
        self.statement(f"DELETE FROM users WHERE id >= {player} AND id % 2 = {player % 2}", undo=undo)

    @rule(board=boards, counting=countings, undo=st.booleans())
    def change_board(self, board: str, counting: str, undo: bool) -> None:
        self.statement(f"UPDATE boards SET {counting} WHERE name = '{board}'", undo=undo)

    @rule(counting=countings)
    def change_all_boards(self, counting: str) -> None:
        self.statement(f"UPDATE boards SET {counting}")

    @rule(undo=st.booleans())
    def make_board_again(self, undo: bool) -> None:
        self.run(self.db.execute("DELETE FROM boards WHERE name = 'last'"))
        self.statement("INSERT INTO boards (name, aggregate) VALUES ('last', 'last')", undo=undo)
        if undo:
            self.statement("SELECT api.create_board('last', 'team', 'last')")

    @rule(batch=st.lists(st.tuples(players, scores, modes), min_size=1, max_size=6), undo=st.booleans())
    def submit(self, batch: list[tuple[int, int, str]], undo: bool) -> None:
        columns = [list(column) for column in zip(*batch, strict=True)]
        self.statement("SELECT api.submit_scores($1, $2, $3)", *columns, undo=undo)

    @rule()
    def materialize(self) -> None:
        self.statement("SELECT api.materialize_ranks()")

    @rule()
    def load_ranks(self) -> None:
        self.statement(
            "INSERT INTO leaderboard (board_id, user_id, total_score, rank)"
            " SELECT board_id, user_id, total_score,"
            " rank() OVER (PARTITION BY board_id ORDER BY total_score DESC)"
            " FROM leaderboard"
        )
        assert self.run(self.db.fetchval("SELECT count(*) FROM leaderboard WHERE rank IS NULL")) == 0

    @rule()
    def fold(self) -> None:
        self.statement("SELECT api.fold_ranks()")

    @rule()
    def rebuild(self) -> None:
        corrected = self.run(self.db.fetch("SELECT corrected FROM api.rebuild_leaderboard()"))
        assert {row["corrected"] for row in corrected} == {0}
        self.statement("SELECT 1")

    @rule(undo=st.booleans())
    def empty(self, undo: bool) -> None:
        self.statement("TRUNCATE game_sessions, leaderboard", undo=undo)


@pytest.mark.parametrize("machine", [History, PlainSql])
def test_every_history_leaves_exact_standings(database_url: str, machine: type[History] | type[PlainSql]) -> None:
    run_machine(machine, database_url, 12)
