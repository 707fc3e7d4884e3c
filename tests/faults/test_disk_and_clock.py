"""A full disk, and a clock that jumps: where the machine has what it takes to make them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import on_clock, on_disk
from tests.faults.drill import assert_harmless
from tests.faults.stack import running
from tests.support.programs import missing
from tests.support.service import Service
from tests.support.waiting import eventually


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small file system. CI machines that run as a user, or as root of a container, are not allowed to mount one, and
    skip these tests as others do. With the right to mount, CI has to run them.
    """
    try:
        with on_disk.small_disk() as folder:
            yield folder
    except on_disk.NoMountError as error:
        if on_disk.has_mount_right():
            missing(f"no small disk: {error}")
        pytest.skip(f"a small disk takes the right to mount one: {error}")


async def test_a_full_disk_loses_nothing(disk: Path) -> None:
    with running(postgres_folder=disk) as stack:
        await assert_harmless(stack, on_disk.FULL)


def test_readyz_reports_a_full_disk_until_there_is_room(disk: Path) -> None:
    with running(postgres_folder=disk) as stack:
        service = stack.service
        assert service.request("/readyz")[0] == 200
        with on_disk.filled(disk):
            status, body = fail_to_submit(service)
            assert (status, body["error"]["code"]) == (503, "database_unavailable")
            assert "disk is full" in body["error"]["message"] and "please retry" in body["error"]["message"]
            eventually(lambda: service.request("/readyz")[0] == 503)
            _, state = service.request("/readyz")
            assert state["database"] == {"status": "not_writable", "detail": "the server's disk is full"}
            assert state["schema"]["status"] == "current"
        # Nothing is submitted meanwhile: a load balancer sends no requests to a service that is not ready.
        eventually(lambda: service.request("/readyz")[0] == 200)
        assert service.submit(1, 1)[0] == 200


def fail_to_submit(service: Service) -> tuple[int, Any]:
    """Submits until the room within PostgreSQL's files is used up; returns the answer to the submission that failed."""
    for first in range(1, 100_000, 500):
        batch = [{"user_id": player, "score": 1} for player in range(first, first + 500)]
        status, body = service.request("/api/leaderboard/submit/batch", batch)
        if status != 200:
            return status, body
    raise AssertionError("the disk did not become full")


async def test_a_clock_that_jumps_is_not_noticed(tmp_path: Path) -> None:
    fake = on_clock.library() or missing("libfaketime is not installed (Debian: faketime)")
    with running(environ=on_clock.environ(fake, tmp_path)) as stack:
        await assert_harmless(stack, on_clock.jumps(tmp_path))
