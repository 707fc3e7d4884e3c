"""The offline queue of the Python clients: nothing is lost, nothing counts twice, and what is refused is reported."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from leaderboard_client import ApiError, QueueFull, Refused, Unreachable

from tests.support import ROOT
from tests.support.gateway import Gateway, error

NewClient = Callable[..., Any]
PYTHON = ROOT / "clients" / "python"
Ledger = Callable[[], Awaitable[list[tuple[int, int]]]]


def files(queue: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(queue.glob("*.json"))]


async def test_scores_wait_until_the_service_is_there(
    new_python: NewClient, gateway: Gateway, queue: Path, ledger: Ledger, unused_tcp_port: int
) -> None:
    offline = new_python(f"http://127.0.0.1:{unused_tcp_port}", queue=queue, patience=0)
    await offline.submit_later(1, player=7)
    await offline.submit_later(2, player="steam:1", board="overall", key="match-2")
    flushed = await offline.flush()
    assert (flushed.sent, flushed.refused, flushed.left) == (0, [], 2)
    assert isinstance(flushed.error, Unreachable)
    assert [file["sent_at"] for file in files(queue)] == [None, None]
    assert files(queue)[1]["query"] == {"board": "overall"}

    online = new_python(gateway.address, queue=queue)
    assert await online.queued() == 2
    assert (await online.flush()).sent == 2
    flushed = await online.flush()
    assert (flushed.sent, flushed.left, flushed.error) == (0, 0, None)
    assert [score for _, score in await ledger()] == [1, 2]
    assert [key for _, _, key in gateway.seen][1] == "match-2"
    assert list(queue.iterdir()) == []


async def test_a_lost_answer_counts_once(
    new_python: NewClient, gateway: Gateway, queue: Path, ledger: Ledger, waits: list[float]
) -> None:
    client = new_python(gateway.address, queue=queue)
    await client.submit_later(1, player=7)
    gateway.next.append("lose")
    assert (await client.flush()).sent == 1
    assert await ledger() == [(7, 1)]
    gateway.next.extend(["lose"] * 50)
    await client.submit_later(2, player=7)
    stopped = await new_python(gateway.address, queue=queue, patience=0).flush()
    assert isinstance(stopped.error, Unreachable)
    assert files(queue)[0]["sent_at"] is not None
    gateway.next.clear()
    assert (await client.flush()).sent == 1
    assert await ledger() == [(7, 1), (7, 2)]


def program(kind: str, address: str, queue: Path, work: str) -> list[str]:
    """A Python program that works with a client, as a process."""
    name, run = ("AsyncClient", "asyncio.run(main())") if kind == "async" else ("Client", "main()")
    text = f"""
        import asyncio
        from leaderboard_client import {name}
        async def main():
            client = {name}({address!r}, queue={str(queue)!r})
            {work}
        {run}
    """
    text = "\n".join(line[8:] for line in text.splitlines())
    if kind == "sync":
        text = text.replace("async def", "def").replace("await ", "")
    return [sys.executable, "-c", text]


async def test_a_client_that_is_killed_between_queueing_and_sending(
    kind: str, new_python: NewClient, address: str, queue: Path, ledger: Ledger
) -> None:
    work = "[await client.submit_later(score, player=7) for score in (1, 2)]; print('queued', flush=True); input()"
    process = subprocess.Popen(
        program(kind, address, queue, work),
        cwd=ROOT / "clients" / "python",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await asyncio.to_thread(process.stdout.readline) == b"queued\n"
    process.kill()
    process.communicate()
    assert (await new_python(address, queue=queue).flush()).sent == 2
    assert await ledger() == [(7, 1), (7, 2)]


async def test_a_client_that_is_killed_while_it_sends(
    kind: str, new_python: NewClient, gateway: Gateway, queue: Path, ledger: Ledger
) -> None:
    """The score was counted, and the client dies before it sees the answer."""
    gateway.next.append("hold")
    work = "await client.submit_later(1, player=7); await client.flush()"
    process = subprocess.Popen(program(kind, gateway.address, queue, work), cwd=PYTHON)
    await asyncio.wait_for(gateway.holds.wait(), 60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert await ledger() == [(7, 1)]
    assert (await new_python(gateway.address, queue=queue).flush()).sent == 1
    assert await ledger() == [(7, 1)]


async def test_what_is_refused_is_reported_and_leaves(
    new_python: NewClient, address: str, queue: Path, ledger: Ledger
) -> None:
    reported: list[Refused] = []
    client = new_python(address, queue=queue, on_refused=reported.append)
    await client.submit_later(-1, player=7)
    await client.submit_later(1, player=7, board="nowhere")
    await client.submit_later(2, player=7)
    flushed = await client.flush()
    assert (flushed.sent, flushed.left, flushed.error) == (1, 0, None)
    assert flushed.refused == reported
    assert [refused.error.code for refused in reported if isinstance(refused.error, ApiError)] == [
        "score_out_of_bounds",
        "unknown_board",
    ]
    assert reported[0].score.score["score"] == -1
    assert await ledger() == [(7, 2)]


async def test_a_report_that_fails_keeps_the_score(new_python: NewClient, address: str, queue: Path) -> None:
    def fail(_refused: Refused) -> None:
        raise RuntimeError("the game's log is full")

    client = new_python(address, queue=queue, on_refused=fail)
    await client.submit_later(-1, player=7)
    with pytest.raises(RuntimeError):
        await client.flush()
    assert await client.queued() == 1


async def test_a_wrong_key_is_not_the_scores_fault(
    new_python: NewClient, address: str, queue: Path, ledger: Ledger, make_key: Callable[..., Awaitable[str]]
) -> None:
    right, wrong = await make_key("submit"), await make_key("read")
    for key, code in ((None, "api_key_required"), (wrong, "scope_missing")):
        client = new_python(address, key, queue=queue)
        await client.submit_later(1, player=7)
        with pytest.raises(ApiError, match=code):
            await client.flush()
    assert [file["sent_at"] for file in files(queue)] == [None, None]
    assert (await new_python(address, right, queue=queue).flush()).sent == 2


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"Content-Type": "text/html"}, "<h1>Welcome to our hotel</h1>"),
        (200, {"Content-Type": "application/json"}, '{"welcome": "hotel"}'),
        (404, {"Content-Type": "text/html"}, "no such page"),
    ],
)
async def test_an_answer_of_something_else_keeps_the_score(
    new_python: NewClient, gateway: Gateway, queue: Path, answer: Any
) -> None:
    client = new_python(gateway.address, queue=queue)
    await client.submit_later(1, player=7)
    gateway.next.append(answer)
    flushed = await client.flush()
    assert (flushed.sent, flushed.left) == (0, 1)
    assert isinstance(flushed.error, Unreachable)
    assert (await client.flush()).sent == 1


async def test_an_internal_error_keeps_one_score_and_lets_others_pass(
    new_python: NewClient, gateway: Gateway, queue: Path, ledger: Ledger
) -> None:
    client = new_python(gateway.address, queue=queue)
    await client.submit_later(1, player=7)
    await client.submit_later(2, player=7)
    gateway.next.append(error(500, "internal_error"))
    flushed = await client.flush()
    assert (flushed.sent, flushed.left, flushed.refused) == (1, 1, [])
    assert await ledger() == [(7, 2)]
    assert (await client.flush()).sent == 1


async def test_a_player_above_the_limit_per_minute_waits(
    new_python: NewClient, address: str, queue: Path, ledger: Ledger, db: asyncpg.Connection
) -> None:
    await db.execute("SELECT api.set_score_rules('overall', p_max_submissions_per_minute => 1)")
    client = new_python(address, queue=queue)
    for player, score in ((7, 1), (7, 2), (8, 3), (7, 4)):
        await client.submit_later(score, player=player)
    flushed = await client.flush()
    assert (flushed.sent, flushed.left, flushed.refused, flushed.error) == (2, 2, [], None)
    assert await ledger() == [(7, 1), (8, 3)]
    await db.execute("SELECT api.set_score_rules('overall', p_max_submissions_per_minute => 0)")
    assert (await client.flush()).sent == 2


async def test_scores_count_in_the_season_in_which_they_were_played(
    new_python: NewClient, address: str, queue: Path, db: asyncpg.Connection
) -> None:
    await db.execute("SELECT api.create_board('cup', p_manual_seasons => true, p_grace => '1 hour')")
    client = new_python(address, queue=queue)
    await client.submit_later(1, player=7, board="cup")
    await asyncio.sleep(0.01)
    await db.execute("SELECT api.end_season('cup')")
    assert (await client.flush()).refused == []
    assert [row["total_score"] for row in await client.top(board="cup", season=1)] == [1]
    assert await client.top(board="cup") == []


async def test_a_clock_that_is_ahead_loses_nothing(
    new_python: NewClient, address: str, queue: Path, ledger: Ledger
) -> None:
    client = new_python(address, queue=queue)
    await client.submit_later(1, player=7)
    (path,) = queue.iterdir()
    ahead = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    path.write_text(path.read_text().replace(files(queue)[0]["score"]["played_at"], ahead))
    assert (await client.flush()).sent == 1
    await client.submit_later(2, player=7, played_at=ahead)
    (refused,) = (await client.flush()).refused
    assert refused.error.code == "invalid_played_at", "the game gave that time itself"
    assert await ledger() == [(7, 1)]


async def test_an_uncertain_score_is_not_sent_after_its_key_was_forgotten(
    new_python: NewClient, gateway: Gateway, queue: Path, ledger: Ledger, db: asyncpg.Connection
) -> None:
    client = new_python(gateway.address, queue=queue, patience=0)
    await client.submit_later(1, player=7)
    gateway.next.append("lose")
    await client.flush()
    (path,) = queue.iterdir()
    sent_at = files(queue)[0]["sent_at"]
    path.write_text(path.read_text().replace(sent_at, (datetime.now(UTC) - timedelta(days=8)).isoformat()))
    await db.execute("DELETE FROM submission_keys")
    (refused,) = (await client.flush()).refused
    assert refused.error.code == "outcome_unknown"
    assert await ledger() == [(7, 1)]
    assert await client.queued() == 0


async def test_a_full_queue_says_so(new_python: NewClient, address: str, queue: Path) -> None:
    client = new_python(address, queue=queue, queue_limit=2)
    await client.submit_later(1, player=7)
    await client.submit_later(2, player=7)
    with pytest.raises(QueueFull, match="holds 2 scores"):
        await client.submit_later(3, player=7)
    assert (await client.flush()).sent == 2


async def test_a_queue_without_a_disk_says_so(new_python: NewClient, address: str, queue: Path) -> None:
    queue.write_text("a file, not a folder")
    with pytest.raises(OSError, match=str(queue)):
        await new_python(address, queue=queue).submit_later(1, player=7)


async def test_a_damaged_file_is_put_aside_and_reported(
    new_python: NewClient, address: str, queue: Path, ledger: Ledger
) -> None:
    client = new_python(address, queue=queue)
    await client.submit_later(1, player=7)
    (queue / "1-000000-0.json").write_text('{"key": "half')
    (queue / "2-000000-0.json").write_text('["of another kind"]')
    flushed = await client.flush()
    assert (flushed.sent, flushed.left, len(flushed.refused)) == (1, 0, 2)
    assert "unreadable" in str(flushed.refused[0].error)
    assert sorted(path.name for path in queue.iterdir()) == ["1-000000-0.unreadable", "2-000000-0.unreadable"]


async def test_two_clients_share_a_queue(new_python: NewClient, address: str, queue: Path, ledger: Ledger) -> None:
    one, other = new_python(address, queue=queue), new_python(address, queue=queue)
    for score in range(20):
        await (one if score % 2 else other).submit_later(score, player=7)
    flushed = await asyncio.gather(one.flush(), other.flush(), one.flush())
    assert [flush.error for flush in flushed] == [None] * 3
    assert sorted(score for _, score in await ledger()) == list(range(20))
    assert await one.queued() == 0
