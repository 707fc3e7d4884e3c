"""Everything that changes who counts where, in any order: submissions by number and by external id, bans and void
sessions and undoing them, attributes that move players between splits, links, erased players, seasons that end and are
recomputed, boards that change and are filled. After each step every total, rank and archive is what Python makes of the
ledger, and so is each answer.

Longer runs: HYPOTHESIS_EXAMPLES=500 pytest tests/sql/moderation/test_all_together.py
"""

import json
from collections import Counter
from typing import Any

import asyncpg
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.support.oracle import assert_reads, order_of
from tests.support.seasons import close_seasons
from tests.support.state_machines import DatabaseMachine, run_machine

players = st.integers(1, 6)
names = st.sampled_from(["steam:1", "steam:2", "device/é", "u-3"])
scores = st.sampled_from([0, 1, 1, 2, 5, 5, 9, 64, 4096, -3])
modes = st.sampled_from(["solo", "team"])
keys = st.sampled_from([None, None, None, "a", "b"])
countries = st.sampled_from([None, "DE", "DE", "FR", "IT"])

#: name: aggregate, game mode, least and most score, lowest_wins, ties, split_by, period
BOARDS = {
    "sum": ("sum", None, -10, 5000, False, "shared", "country", None),
    "sum-low": ("sum", "team", -10, 5000, True, "earliest", "platform", None),
    "best": ("best", None, 0, 100, False, "shared", "country", None),
    "best-low": ("best", "solo", -10, 5000, True, "earliest", "country", None),
    "last": ("last", None, 1, 5000, False, "earliest", "platform", None),
    "first": ("first", None, -10, 64, True, "shared", "country", None),
    "count": ("count", None, 1, 5000, False, "earliest", "country", None),
    "cup": ("sum", None, -10, 5000, False, "earliest", "country", None),
    "era": ("best", None, -10, 5000, True, "shared", "country", "10 years"),
}
boards = st.sampled_from(sorted(BOARDS))
CREATE = """
    SELECT api.create_board($1, $3, $2, $4, $5, p_lowest_wins => $6, p_ties => $7, p_split_by => $8, p_period => $9,
                            p_manual_seasons => $1 = 'cup',
                            p_grace => CASE WHEN $9 <> '' THEN interval '24 h' ELSE '0' END)
"""
RANKINGS = """
    SELECT b.*, r.id AS ranking_id, r.number, r.starts_at, r.ends_at, coalesce((
               SELECT max(s.split_by) FROM rankings AS s
               WHERE r.closed_at IS NOT NULL AND s.board_id = r.board_id AND s.number = r.number
           ), b.split_by) AS by, r.closed_at IS NOT NULL AS closed,
           r.filled_to IS NOT NULL AS filling, r.splits_to IS NOT NULL AS splitting
    FROM boards AS b JOIN rankings AS r ON r.board_id = b.id WHERE r.split = '' ORDER BY r.id
"""
TOTALS = """
    SELECT r.board_id, r.number, r.split, l.user_id, l.total_score, l.tie
    FROM rankings AS r JOIN leaderboard AS l ON l.board_id = r.id WHERE r.closing_xid IS NULL
"""
ARCHIVED = """
    SELECT r.board_id, r.number, r.split, u.user_id, u.total, s.first_place + u.n - 1 AS place
    FROM rankings AS r JOIN season_places AS s ON s.ranking_id = r.id,
        unnest(s.user_ids, s.totals) WITH ORDINALITY AS u(user_id, total, n)
    ORDER BY r.id, place
"""
COUNTING = """
    SELECT g.*, u.ban_id FROM game_sessions AS g JOIN users AS u ON u.id = g.user_id
    WHERE g.void_id IS NULL ORDER BY g."timestamp", g.id
"""
USERS = """
    SELECT u.id, u.username, u.attributes ->> 'country' AS country, u.attributes ->> 'platform' AS platform, m.action
    FROM users AS u LEFT JOIN moderation AS m ON m.id = u.ban_id
"""

#: board id, number of the season, split
Key = tuple[int, int, str]


class AllTogether(DatabaseMachine):
    """A run of calls on one database."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: dict[str, int] = {}  # of players, by external id
        self.archive: dict[Key, list[tuple[int, int]]] = {}
        self.run(self.prepare())

    def teardown(self) -> None:
        try:
            self.run(self.fill(10_000))
            self.run(self.check(*BOARDS))
            for board in BOARDS:
                self.run(self.read(board))
        finally:
            super().teardown()

    async def prepare(self) -> None:
        await self.db.execute("TRUNCATE users, moderation CASCADE; DELETE FROM boards WHERE id > 1")
        for name, options in BOARDS.items():
            await self.db.execute(CREATE, name, *options)
        await self.db.execute("SELECT api.submit_scores('{1,2,3,100,101}', '{1,2,3,1,5}')")
        await self.db.execute('SELECT api.set_attributes(100, \'{"country": "DE", "platform": "pc"}\')')

    async def standings(self, filled: bool = True, closed: bool = False) -> dict[Key, list[Any]]:
        """Rankings and their splits from the ledger: the rows of the oracle. Without those that are being filled,
        unless `filled` is false, and either those that are closed or the others.
        """
        users = {user["id"]: user for user in await self.db.fetch(USERS)}
        usernames = {user["id"]: user["username"] for user in users.values()}
        ledger = [one for one in await self.db.fetch(COUNTING) if one["ban_id"] is None]
        found = {}
        for ranking in await self.db.fetch(RANKINGS):
            key = (ranking["id"], ranking["number"])
            if ranking["closed"] != closed or (filled and ranking["filling"]):
                continue
            found[(*key, "")] = order_of(ranking, ledger, usernames)
            if ranking["by"] is None or (filled and ranking["splitting"]):
                continue
            for value in {user[ranking["by"]] for user in users.values()} - {None}:
                among = [one for one in ledger if users[one["user_id"]][ranking["by"]] == value]
                found[(*key, value)] = order_of(ranking, among, usernames)
        return found

    async def check(self, *boards: str) -> None:
        rankings = {(one["id"], one["number"]): one for one in await self.db.fetch(RANKINGS)}
        stored: dict[Key, set[Any]] = {}
        for board_id, number, split, *row in await self.db.fetch(TOTALS):
            ranking = rankings[board_id, number]
            if not ranking["filling"] and not (split and ranking["splitting"]):
                stored.setdefault((board_id, number, split), set()).add(tuple(row))
        expected = await self.standings()
        for key, order in expected.items():
            sign = -1 if rankings[key[:2]]["lowest_wins"] else 1
            assert stored.pop(key, set()) == {(row[1], sign * row[3], row[5]) for row in order}, key
        assert not any(stored.values())
        assert await self.db.fetch("SELECT * FROM api.verify_leaderboard()") == []
        assert await self.archived() == self.archive
        ids = {row[0]: row[1] for row in await self.db.fetch("SELECT external_id, user_id FROM player_ids")}
        assert ids == self.ids
        for board in boards:
            await self.read(board)

    async def read(self, board: str) -> None:
        """Compares all reads of a board and its splits, those of banned players too."""
        users = {user["id"]: user for user in await self.db.fetch(USERS)}
        names = {user["id"]: user["username"] for user in users.values()}
        ledger = await self.db.fetch(COUNTING)
        for key, order in (await self.standings()).items():
            ranking = next(r for r in await self.db.fetch(RANKINGS) if (r["id"], r["number"]) == key[:2])
            if ranking["name"] != board or board in ("cup", "era"):
                continue
            name = f"{board}/{key[2]}" if key[2] else board
            if key[2] and not await self.db.fetchval("SELECT true FROM rankings WHERE board_id = $1 AND split = $2",
                                                     key[0], key[2]):  # fmt: skip
                assert order == []
                continue
            await assert_reads(self.db, name, order)
            for player in (user for user in users.values() if user["action"]):
                if key[2] and player[ranking["by"]] != key[2]:
                    mine = []
                else:
                    mine = order_of(ranking, [one for one in ledger if one["user_id"] == player["id"]], names)
                seen = await self.db.fetch("SELECT * FROM api.player_ranks($1, $2)", [player["id"]], name)
                better = (lambda a, b: a < b) if ranking["lowest_wins"] else (lambda a, b: a > b)
                assert [(r["total_score"], r["rank"], r["players"], r["hidden"]) for r in seen] == [
                    (row[3], 1 + sum(better(o[3], row[3]) for o in order), len(order) + 1,
                     player["action"] == "ban" or None)
                    for row in mine
                ]  # fmt: skip
                around = [row["user_id"] for row in await self.db.fetch(
                    "SELECT * FROM api.players_around($1, 100, $2)", player["id"], name)] if mine else []  # fmt: skip
                assert sorted(around) == sorted([row[1] for row in order] + [player["id"]] if mine else [])

    async def archived(self) -> dict[Key, list[tuple[int, int]]]:
        found: dict[Key, list[tuple[int, int]]] = {}
        for board_id, number, split, user_id, total, place in await self.db.fetch(ARCHIVED):
            places = found.setdefault((board_id, number, split), [])
            places.append((user_id, total))
            assert place == len(places)
        return found

    @rule(data=st.data(), board=boards, ranks=st.booleans())
    def submit(self, data: st.DataObject, board: str, ranks: bool) -> None:
        on = data.draw(boards)
        mode = BOARDS[on][1]
        item = st.tuples(players | names, scores, modes if mode is None else st.just(mode), keys)
        self.run(self.submit_batch(on, data.draw(st.lists(item, min_size=1, max_size=10)), ranks))
        self.run(self.check(board))

    async def submit_batch(self, board: str, batch: list[Any], ranks: bool) -> None:
        before = await self.db.fetchval("SELECT count(*) FROM game_sessions")
        outcomes = await self.db.fetch(
            """SELECT s.*, u.ban_id, m.action FROM api.submit_scores($1, $2, $3, p_submission_keys => $4,
                p_board => $5, p_with_rank => $6, p_with_boards => $6, p_players => $7) AS s
            LEFT JOIN users AS u ON u.id = s.user_id LEFT JOIN moderation AS m ON m.id = u.ban_id ORDER BY item""",
            [who if isinstance(who, int) else None for who, *_ in batch], [one[1] for one in batch],
            [one[2] for one in batch], [one[3] for one in batch], board, ranks,
            [who if isinstance(who, str) else None for who, *_ in batch],
        )  # fmt: skip
        counted = [one for one in outcomes if one["status"] == "accepted"]
        assert await self.db.fetchval("SELECT count(*) FROM game_sessions") == before + len(counted)
        assert {one["error"] for one in outcomes} <= {None, "LB003", "LB021"}
        for (who, *_), outcome in zip(batch, outcomes, strict=True):
            if isinstance(who, str) and outcome["user_id"]:
                assert self.ids.setdefault(who, outcome["user_id"]) == outcome["user_id"]
            elif isinstance(who, int):
                assert outcome["user_id"] == who
            if outcome["status"] != "rejected":
                assert outcome["hidden"] is (True if outcome["action"] == "ban" else None)
        await self.check_totals(board, {one["user_id"]: one for one in counted}, ranks, len(counted) == 1)

    async def check_totals(self, board: str, last: dict[int, Any], ranks: bool, alone: bool) -> None:
        """The last item of each player says the total and rank that they have now, or would have."""
        ranking = await self.running(board)
        ledger = await self.db.fetch(COUNTING)
        others = order_of(ranking, [one for one in ledger if one["ban_id"] is None], {})
        for player, outcome in last.items():
            ((_, _, _, total, *_),) = order_of(ranking, [one for one in ledger if one["user_id"] == player], {})
            assert outcome["total_score"] == total
            # The ranks of banned players are those right after their item, before what others submit in the same call.
            if ranks and not ranking["filling"] and (outcome["ban_id"] is None or alone):
                better = [row for row in others if (row[3] < total if ranking["lowest_wins"] else row[3] > total)]
                assert outcome["rank"] == 1 + len(better)
                found = {one["board"]: one["total_score"] for one in json.loads(outcome["boards"])}
                assert found[board] == total

    async def running(self, board: str) -> asyncpg.Record:
        now = await self.db.fetchval("SELECT clock_timestamp()")
        return next(
            r for r in await self.db.fetch(RANKINGS)
            if r["name"] == board and r["starts_at"].replace(tzinfo=now.tzinfo) <= now
            < r["ends_at"].replace(tzinfo=now.tzinfo)
        )  # fmt: skip

    @rule(
        restore=st.booleans(), player=st.none() | players, above=st.none() | scores,
        on=st.none() | boards, session=st.none() | st.none() | st.integers(0, 50), board=boards,
    )  # fmt: skip
    def change_sessions(
        self, restore: bool, player: int | None, above: int | None, on: str | None, session: int | None, board: str
    ) -> None:
        ids = [row[0] for row in self.run(self.db.fetch("SELECT id FROM game_sessions ORDER BY id"))]
        chosen = None if session is None else ids[session % len(ids)]
        if (player, above, on, chosen) == (None,) * 4:
            return
        name = "restore_sessions" if restore else "void_sessions"
        self.run(
            self.db.execute(
                f"SELECT api.{name}('me', 'why', $1, $2, p_above => $3, p_board => $4)", player, chosen, above, on
            )
        )
        self.run(self.check(board))

    @rule(
        action=st.sampled_from(["ban", "hide", "unban"]), chosen=st.sets(players, min_size=1, max_size=3), board=boards
    )  # fmt: skip
    def change_players(self, action: str, chosen: set[int], board: str) -> None:
        known = [row[0] for row in self.run(self.db.fetch("SELECT id FROM users WHERE id = ANY ($1)", list(chosen)))]
        if not known:
            return
        if action == "unban":
            self.run(self.db.execute("SELECT api.unban_players('me', 'why', $1)", known))
        else:
            self.run(self.db.execute("SELECT api.ban_players('me', 'why', $1, NULL, $2)", known, action == "hide"))
        self.run(self.check(board))

    @rule(which=st.integers(0, 50), board=boards)
    def undo(self, which: int, board: str) -> None:
        acts = self.run(self.db.fetch(
            "SELECT id FROM api.moderation_log() WHERE undone_by IS NULL AND action NOT IN ('erase', 'recompute')"
        ))  # fmt: skip
        if acts:
            self.run(self.db.execute("SELECT api.undo_act('me', 'why', $1)", acts[which % len(acts)]["id"]))
            self.run(self.check(board))

    @rule(player=players, country=countries, platform=st.sampled_from([None, "pc", "phone"]), board=boards)
    def move(self, player: int, country: str | None, platform: str | None, board: str) -> None:
        if self.run(self.db.fetchval("SELECT true FROM users WHERE id = $1", player)):
            attributes = json.dumps({"country": country, "platform": platform})
            self.run(self.db.execute("SELECT api.set_attributes($1, $2)", player, attributes))
            self.run(self.check(board))

    @rule(player=players, name=names)
    def link(self, player: int, name: str) -> None:
        try:
            self.run(self.db.execute("SELECT api.link_player($1, $2)", player, name))
            assert self.ids.setdefault(name, player) == player
        except asyncpg.PostgresError as error:
            taken = self.ids.get(name, player) != player
            assert error.sqlstate in (["LB037", "LB011"] if taken else ["LB011"])
        self.run(self.check())

    @rule(name=names)
    def unlink(self, name: str) -> None:
        if name in self.ids:
            assert self.run(self.db.fetchval("SELECT api.unlink_player($1)", name)) == self.ids.pop(name)
            self.run(self.check())

    @rule(player=players | names, board=boards)
    def erase(self, player: int | str, board: str) -> None:
        user_id = player if isinstance(player, int) else self.ids.get(player)
        if not self.run(self.db.fetchval("SELECT true FROM users WHERE id = $1", user_id)):
            return
        self.run(self.db.execute("SELECT api.erase_player($1, $1)", user_id))
        self.ids = {name: one for name, one in self.ids.items() if one != user_id}
        for key, places in self.archive.items():
            self.archive[key] = [(0 if one == user_id else one, total) for one, total in places]
        self.run(self.check(board))

    @rule(on=boards, split_by=st.sampled_from([None, "country", "country", "platform"]), board=boards)
    def split(self, on: str, split_by: str | None, board: str) -> None:
        self.run(self.db.execute("SELECT api.alter_board($1, $2)", on, json.dumps({"split_by": split_by})))
        self.run(self.check(on, board))

    @rule(on=boards, low=st.sampled_from([-10, 0, 2]), high=st.sampled_from([9, 100, 5000]))
    def bound(self, on: str, low: int, high: int) -> None:
        bounds = json.dumps({"min_score": low, "max_score": high})
        try:
            self.run(self.db.execute("SELECT api.alter_board($1, $2)", on, bounds))
        except asyncpg.PostgresError as error:
            assert error.sqlstate == "LB032"  # how many totals change cannot be said while the board is being filled
        self.run(self.check(on))

    @rule(board=boards)
    def rebuild(self, board: str) -> None:
        self.run(self.db.execute("SELECT api.fold_ranks()"))
        self.run(self.db.execute("SELECT * FROM api.rebuild_leaderboard()"))
        self.run(self.check(board))

    @rule(on=boards, splits=st.booleans())
    def unfill(self, on: str, splits: bool) -> None:
        """As right after a change while the ledger was large."""
        column = "splits_to" if splits else "filled_to"
        self.run(self.db.execute(
            f"""WITH r AS (
                UPDATE rankings SET {column} = 0 WHERE split = '' AND closing_xid IS NULL AND board_id = (
                    SELECT id FROM boards WHERE name = $1 AND (split_by IS NOT NULL OR $2)) RETURNING *
            ) DELETE FROM leaderboard AS l USING rankings AS s JOIN r ON r.board_id = s.board_id
            WHERE l.board_id = s.id AND (s.split <> '' OR $2) AND s.closing_xid IS NULL""",
            on, not splits,
        ))  # fmt: skip
        self.run(self.check())

    @rule(steps=st.integers(1, 5))
    def some_steps(self, steps: int) -> None:
        self.run(self.fill(steps))
        self.run(self.check())

    async def fill(self, steps: int) -> None:
        for _ in range(steps):
            if not await self.db.fetchval("SELECT api.fill_boards()"):
                break

    @rule()
    def end_season(self) -> None:
        before = self.run(self.standings(filled=False))
        cup = self.run(self.running("cup"))
        self.run(self.db.execute("SELECT api.end_season('cup')"))
        self.run(close_seasons(self.db))
        for key, order in before.items():
            if key[:2] == (cup["id"], cup["number"]) and order:
                self.archive[key] = [(row[1], row[3]) for row in order]
        self.run(self.check())

    @rule(which=st.integers(0, 50))
    def recompute(self, which: int) -> None:
        seasons = sorted({key[:2] for key in self.archive})
        if not seasons:
            return
        season = seasons[which % len(seasons)]
        self.run(self.db.execute("SELECT api.recompute_season('me', 'why', $1)", f"cup@{season[1]}"))
        now = self.run(self.standings(closed=True))
        found = self.run(self.archived())
        for key in [key for key in self.archive if key[:2] == season]:
            deleted = [one for one in self.archive.pop(key) if one[0] == 0]
            wanted = [(row[1], row[3]) for row in now.get(key, [])] + deleted
            places = found.get(key, [])
            assert Counter(places) == Counter(wanted)
            assert [total for _, total in places] == sorted((total for _, total in places), reverse=True)
            if places:
                self.archive[key] = places
        self.run(self.check())


def test_all_acts_together(database_url: str) -> None:
    run_machine(AllTogether, database_url, 3)
