"""Arbitrary acts of moderation among submissions, on boards of every aggregate, and undoing them in any order: what is
void and who is banned is what Python makes of the acts in effect, each read is what it makes of the ledger, and once
all acts are undone, everything is as it was.

Longer runs: HYPOTHESIS_EXAMPLES=500 pytest tests/sql/moderation/test_property.py
"""

from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.support.oracle import Row, assert_reads, order_of, percentile
from tests.support.state_machines import DatabaseMachine, run_machine

players = st.integers(1, 7)
scores = st.sampled_from([0, 1, 1, 2, 5, 5, 9, 64, 4096, -3])
items = st.tuples(players, scores, st.sampled_from(["solo", "team"]))

#: name: aggregate, game mode, least and most score, lowest_wins, ties
BOARDS = {
    "sum": ("sum", None, -10, 5000, False, "shared"),
    "sum-earliest": ("sum", "team", -10, 5000, True, "earliest"),
    "best": ("best", None, 0, 100, False, "shared"),
    "best-low": ("best", "solo", -10, 5000, True, "earliest"),
    "last": ("last", None, 1, 5000, False, "earliest"),
    "first": ("first", None, -10, 64, True, "shared"),
    "count": ("count", None, 1, 5000, False, "earliest"),
    "season": ("sum", None, -10, 5000, False, "shared"),
}
CREATE = """
    SELECT api.create_board(
        $1, $3, $2, $4, $5, p_lowest_wins => $6, p_ties => $7, p_manual_seasons => $1 = 'season',
        p_split_by => CASE WHEN $1 IN ('season', 'last') THEN 'country' END
    )
"""
RANKING = """
    SELECT b.*, r.id AS ranking_id, r.starts_at, r.ends_at
    FROM boards AS b JOIN rankings AS r ON r.board_id = b.id AND r.split = '' WHERE b.name = $1
"""
#: Every player has a country, also those who were deleted and come back; verify_leaderboard checks the splits.
SETTLE = """
    UPDATE users SET attributes = jsonb_build_object('country', (ARRAY['DE', 'FR', 'IT'])[1 + id % 3])
    WHERE attributes IS NULL AND id < 100
"""
LEDGER = 'SELECT * FROM game_sessions ORDER BY "timestamp", id'


@dataclass
class Act:
    """An act in effect, or undone, and what it covers: session ids or players."""

    action: str
    covers: set[int]
    standing: bool = True
    undoes: int | None = None


class Moderation(DatabaseMachine):
    """A run of calls on one database."""

    def __init__(self) -> None:
        super().__init__()
        self.acts: dict[int, Act] = {}
        self.run(self.prepare())

    async def prepare(self) -> None:
        await self.db.execute("TRUNCATE users CASCADE; DELETE FROM boards WHERE id > 1")
        for name, options in BOARDS.items():
            await self.db.execute(CREATE, name, *options)
        # Players whom nobody bans, so that every board has some.
        await self.db.execute("SELECT api.submit_scores('{1,2,3,100,101}', '{1,2,3,1,5}')")

    def teardown(self) -> None:
        try:
            for act in sorted(self.acts, reverse=True):
                if self.acts[act].action != "undo" and self.acts[act].standing:
                    self.run(self.undo_one(self.last_of(act)))
            self.run(self.check(*BOARDS))
            assert self.run(self.db.fetchval("SELECT count(*) FROM game_sessions WHERE void_id IS NOT NULL")) == 0
            assert self.run(self.db.fetchval("SELECT count(*) FROM users WHERE ban_id IS NOT NULL")) == 0
        finally:
            super().teardown()

    def last_of(self, act: int) -> int:
        """The end of the chain of undos that begins with the act: the one that can be undone."""
        for undo, one in self.acts.items():
            if one.undoes == act:
                return self.last_of(undo)
        return act

    def decided(self, actions: tuple[str, ...]) -> dict[int, int]:
        """The last act in effect for each session or player that one of them covers."""
        return {
            covered: act
            for act, one in sorted(self.acts.items())
            if one.standing and one.action in actions
            for covered in one.covers
        }

    def void(self) -> dict[int, int]:
        return {s: act for s, act in self.decided(("void", "restore")).items() if self.acts[act].action == "void"}

    def banned(self) -> dict[int, int]:
        decided = self.decided(("ban", "hide", "unban"))
        return {player: act for player, act in decided.items() if self.acts[act].action != "unban"}

    async def check(self, *boards: str) -> None:
        ledger = await self.db.fetch(LEDGER)
        void, banned = self.void(), self.banned()
        assert {s["id"]: s["void_id"] for s in ledger if s["void_id"]} == {
            s["id"]: void[s["id"]] for s in ledger if s["id"] in void
        }
        users = await self.db.fetch("SELECT id, username, ban_id FROM users")
        assert {u["id"]: u["ban_id"] for u in users if u["ban_id"]} == {
            u["id"]: banned[u["id"]] for u in users if u["id"] in banned
        }
        names = {user["id"]: user["username"] for user in users}
        counts = [one for one in ledger if one["id"] not in void]
        for board in boards:
            ranking = await self.db.fetchrow(RANKING, board)
            order = order_of(ranking, [one for one in counts if one["user_id"] not in banned], names)
            season = 1 if board == "season" else None
            await assert_reads(self.db, board, order, season)
            for player in set(banned) & set(names):
                mine = order_of(ranking, [one for one in counts if one["user_id"] == player], names)
                await self.check_hidden(board, ranking["lowest_wins"], order, player, mine)
        assert await self.db.fetch("SELECT * FROM api.verify_leaderboard()") == []

    async def check_hidden(self, board: str, low: bool, order: list[Row], player: int, mine: list[Row]) -> None:
        """What a banned player sees of themselves."""
        if not mine:
            with pytest.raises(asyncpg.PostgresError, match="is not on board"):
                await self.db.fetchrow("SELECT * FROM api.player_rank($1, $2)", player, board)
            return
        ((_, _, name, total, display, tie),) = mine
        rank = 1 + sum(row[3] < total if low else row[3] > total for row in order)
        hidden = True if self.acts[self.banned()[player]].action == "ban" else None
        found = tuple(await self.db.fetchrow("SELECT * FROM api.player_rank($1, $2)", player, board))
        assert (*found[:5], *found[8:]) == (player, name, total, rank, len(order) + 1, hidden)
        assert abs(found[5] - percentile(rank, len(order) + 1)) < 0.0051
        among = await self.db.fetch(
            "SELECT * FROM api.player_ranks($1, $2)", [player, *(row[1] for row in order)], board
        )
        assert len(among) == len(order) + 1
        for row in among:
            assert row["rank"] == row["rank_among"]
            assert row["hidden"] is (hidden if row["user_id"] == player else None)
        around = await self.db.fetch("SELECT * FROM api.players_around($1, 100, $2)", player, board)
        assert [tuple(row)[:-1] for row in around if row["user_id"] != player] == order
        (itself,) = (row for row in around if row["user_id"] == player)
        assert tuple(itself) == (rank, player, name, total, display, tie, hidden)
        sign = 1 if low else -1
        keys = [(sign * row["total_score"], row["tie"] or 0, row["user_id"]) for row in around]
        assert keys == sorted(keys)
        near = await self.db.fetch("SELECT * FROM api.players_around($1, 1, $2)", player, board)
        place = around.index(itself)
        assert near == around[max(place - 1, 0) : place + 2]

    async def act(self, call: str, *arguments: Any) -> asyncpg.Record:
        """Makes the call after its dry run, which must say the same and change nothing."""
        before = await self.state()
        tried = await self.db.fetchrow(f"SELECT * FROM {call}, p_dry_run => true)", *arguments)
        assert await self.state() == before
        done = await self.db.fetchrow(f"SELECT * FROM {call})", *arguments)
        assert tried["act"] is None
        assert tuple(tried)[1:] == tuple(done)[1:]
        after = await self.state()
        assert done["ranks"] == len({key for key, _ in set(before[0]) ^ set(after[0])})
        assert done["sessions"] == len({s for s, _ in before[1]} ^ {s for s, _ in after[1]})
        return done

    async def state(self) -> list[list[Any]]:
        return [
            [tuple(row) for row in await self.db.fetch(statement)]
            for statement in (
                "SELECT (l.board_id, l.user_id), (l.total_score, l.tie)"
                " FROM leaderboard AS l JOIN rankings AS r ON r.id = l.board_id AND r.split = '' ORDER BY 1",
                "SELECT id, void_id FROM game_sessions WHERE void_id IS NOT NULL ORDER BY 1",
                "SELECT id, ban_id FROM users WHERE ban_id IS NOT NULL ORDER BY 1",
                "SELECT id, standing FROM moderation ORDER BY 1",
            )
        ]

    @rule(batch=st.lists(items, min_size=1, max_size=12), board=st.sampled_from(sorted(BOARDS)))
    def submit(self, batch: list[tuple[int, int, str]], board: str) -> None:
        columns = [list(column) for column in zip(*batch, strict=True)]
        self.run(self.db.execute("SELECT api.submit_scores($1, $2, $3, p_board => $4)", *columns, "sum"))
        self.run(self.db.execute(SETTLE))
        self.run(self.check(board))

    @rule(
        restore=st.booleans(),
        player=st.none() | players,
        above=st.none() | scores,
        on=st.sampled_from([None, None, *BOARDS]),
        session=st.none() | st.none() | st.integers(0, 50),
        since=st.none() | st.integers(0, 50),
        until=st.none() | st.integers(0, 50),
        board=st.sampled_from(sorted(BOARDS)),
    )
    def change_sessions(
        self, restore: bool, player: int | None, above: int | None, on: str | None, session: int | None,
        since: int | None, until: int | None, board: str,
    ) -> None:  # fmt: skip
        ledger = self.run(self.db.fetch(LEDGER))
        chosen = None if session is None else ledger[session % len(ledger)]["id"]
        begin = None if since is None else ledger[since % len(ledger)]["timestamp"]
        end = None if until is None else ledger[until % len(ledger)]["timestamp"]
        if begin is not None and end is not None and begin >= end:
            end = None
        if (player, above, on, chosen, begin, end) == (None,) * 6:
            return
        options = BOARDS[on] if on else ("sum", None, -(2**53), 2**53, False, "shared")
        void = self.void()
        covers = {
            one["id"]
            for one in ledger
            if player in (None, one["user_id"])
            and options[1] in (None, one["game_mode"])
            and options[2] <= one["score"] <= options[3]
            and (above is None or (one["score"] < above if options[4] else one["score"] > above))
            and chosen in (None, one["id"])
            and (begin is None or one["timestamp"] >= begin)
            and (end is None or one["timestamp"] < end)
            and (not restore or one["id"] in void)
        }
        name = "restore_sessions" if restore else "void_sessions"
        done = self.run(
            self.act(
                f"api.{name}('me', 'why', $1, $2, $3, $4, $5, $6", player, chosen, begin, end, above, on,
            )
        )  # fmt: skip
        assert (done["act"] is None) == (not covers)
        if covers:
            self.acts[done["act"]] = Act("restore" if restore else "void", covers)
        self.run(self.check(board))

    @rule(which=st.integers(0, 50), board=st.sampled_from(sorted(BOARDS)))
    def restore_act(self, which: int, board: str) -> None:
        voids = [act for act, one in sorted(self.acts.items()) if one.action == "void"]
        if not voids:
            return
        act = voids[which % len(voids)]
        covers = {session for session, by in self.void().items() if by == act}
        covers &= {one["id"] for one in self.run(self.db.fetch(LEDGER))}
        done = self.run(self.act("api.restore_sessions('me', 'why', p_act => $1", act))
        assert done["sessions"] == len(covers)
        if covers:
            self.acts[done["act"]] = Act("restore", covers)
        self.run(self.check(board))

    @rule(
        action=st.sampled_from(["ban", "hide", "unban"]),
        chosen=st.sets(players, min_size=1, max_size=4),
        board=st.sampled_from(sorted(BOARDS)),
    )
    def change_players(self, action: str, chosen: set[int], board: str) -> None:
        known = {row["id"] for row in self.run(self.db.fetch("SELECT id FROM users"))}
        covers = chosen & known
        if not covers:
            return
        if action == "unban":
            done = self.run(self.act("api.unban_players('me', 'why', $1", sorted(covers)))
            covers &= set(self.banned())
        else:
            done = self.run(self.act("api.ban_players('me', 'why', $1, p_hide => $2", sorted(covers), action == "hide"))
        assert done["players"] == len(covers)
        if covers:
            self.acts[done["act"]] = Act(action, covers)
        self.run(self.check(board))

    @rule(which=st.integers(0, 50), board=st.sampled_from(sorted(BOARDS)))
    def undo(self, which: int, board: str) -> None:
        if self.acts:
            self.run(self.undo_one(self.last_of(sorted(self.acts)[which % len(self.acts)])))
            self.run(self.check(board))

    async def undo_one(self, act: int) -> None:
        done = await self.act("api.undo_act('me', 'why', $1", act)
        root = self.acts[act]
        while root.undoes is not None:
            root = self.acts[root.undoes]
        root.standing = not root.standing
        self.acts[done["act"]] = Act("undo", set(), undoes=act)
        with pytest.raises(asyncpg.PostgresError, match="was undone already"):
            await self.db.fetchrow("SELECT * FROM api.undo_act('me', 'why', $1)", act)

    @rule(player=players, board=st.sampled_from(sorted(BOARDS)))
    def delete_player(self, player: int, board: str) -> None:
        """Acts no longer cover them: a later player with the same id starts afresh."""
        sessions = self.run(self.db.fetch("SELECT id FROM game_sessions WHERE user_id = $1", player))
        self.run(self.db.execute("DELETE FROM users WHERE id = $1", player))
        for one in self.acts.values():
            one.covers -= {row["id"] for row in sessions} if one.action in ("void", "restore") else {player}
        self.run(self.check(board))

    @rule(player=players, board=st.sampled_from(sorted(BOARDS)))
    def delete_sessions(self, player: int, board: str) -> None:
        self.run(self.db.execute("DELETE FROM game_sessions WHERE user_id = $1 AND id % 2 = 0", player))
        self.run(self.check(board))

    @rule(board=st.sampled_from(sorted(BOARDS)))
    def rebuild(self, board: str) -> None:
        self.run(self.db.execute("SELECT api.fold_ranks()"))
        assert sum(row["corrected"] for row in self.run(self.db.fetch("SELECT * FROM api.rebuild_leaderboard()"))) == 0
        self.run(self.check(board))


def test_acts_can_be_undone_in_any_order(database_url: str) -> None:
    run_machine(Moderation, database_url, 4)
