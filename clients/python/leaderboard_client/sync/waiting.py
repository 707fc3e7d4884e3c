"""How the sync client waits. The async client has the same names from leaderboard_client.aio.waiting."""

from collections.abc import Callable
from threading import Lock
from time import sleep
from typing import ParamSpec, TypeVar

__all__ = ["Lock", "off_loop", "sleep"]

P = ParamSpec("P")
T = TypeVar("T")


def off_loop(function: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    return function(*arguments, **options)
