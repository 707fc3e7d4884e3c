"""What a benchmark's environment variables ask for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


class OptionError(ValueError):
    """A variable cannot be used; the text says which and why."""


#: What ONLY chooses from: the calls over HTTP, and pgbench on the database.
PARTS = ("submit", "keyed_submit", "zipf_submit", "rank", "top", "pgbench")


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """`make bench`. With QUICK=1 the defaults of ROUNDS, CONNECTIONS and RUN_SECONDS shrink, nothing else."""

    players: int
    sessions: int
    connections: tuple[int, ...]
    rounds: int
    run_seconds: int
    save: bool
    only: tuple[str, ...] = PARTS

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "BenchOptions":
        quick = flag(environ, "QUICK")
        return cls(
            players=number(environ, "PLAYERS", 1_000_000),
            sessions=number(environ, "SESSIONS", 5_000_000),
            connections=numbers(environ, "CONNECTIONS", (1, 64) if quick else (1, 64, 256)),
            rounds=number(environ, "ROUNDS", 1 if quick else 3),
            run_seconds=number(environ, "RUN_SECONDS", 2 if quick else 3),
            save=flag(environ, "SAVE"),
            only=parts(environ),
        )


@dataclass(frozen=True, slots=True)
class GrowthOptions:
    """`make bench-growth`."""

    sizes: tuple[int, ...]
    sessions_per_player: int
    rounds: int
    save: bool

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "GrowthOptions":
        return cls(
            sizes=tuple(sorted(numbers(environ, "SIZES", (10_000, 100_000, 1_000_000, 10_000_000)))),
            sessions_per_player=number(environ, "SESSIONS_PER_PLAYER", 5),
            rounds=number(environ, "ROUNDS", 5),
            save=flag(environ, "SAVE"),
        )


@dataclass(frozen=True, slots=True)
class SoakOptions:
    """`make soak`."""

    players: int
    sessions: int
    seconds: int
    interval: int
    connections: int
    save: bool

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "SoakOptions":
        seconds = number(environ, "SECONDS", 600)
        return cls(
            players=number(environ, "PLAYERS", 1_000_000),
            sessions=number(environ, "SESSIONS", 5_000_000),
            seconds=seconds,
            interval=min(number(environ, "INTERVAL", 30), seconds),
            connections=number(environ, "CONNECTIONS", 64),
            save=flag(environ, "SAVE"),
        )


def parts(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The parts that ONLY names, in their own order; all without it. Raises OptionError."""
    names = {name.strip() for name in environ.get("ONLY", "").split(",")} - {""}
    if unknown := names - set(PARTS):
        raise OptionError(f"ONLY: there is no {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    if names and names != set(PARTS) and flag(environ, "SAVE"):
        raise OptionError("SAVE=1 replaces the whole table: leave ONLY out")
    return tuple(part for part in PARTS if part in names) or PARTS


def flag(environ: Mapping[str, str], name: str) -> bool:
    """Whether the variable is set to anything but 0."""
    return environ.get(name, "").strip() not in ("", "0")


def number(environ: Mapping[str, str], name: str, default: int) -> int:
    (value,) = numbers(environ, name, (default,), most=1)
    return value


def numbers(environ: Mapping[str, str], name: str, default: tuple[int, ...], most: int = 20) -> tuple[int, ...]:
    """Whole numbers above 0 with commas between them. Raises OptionError."""
    text = environ.get(name, "").strip()
    if not text:
        return default
    parts = [part.strip().replace("_", "") for part in text.split(",")]
    if len(parts) > most or not all(part.isascii() and part.isdigit() and int(part) > 0 for part in parts):
        what = "a whole number above 0" if most == 1 else "whole numbers above 0 with commas between them"
        raise OptionError(f"{name}={text!r} cannot be used: give {what}")
    return tuple(int(part) for part in parts)
