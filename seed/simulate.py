"""`make simulate`: a crowd of players against the HTTP API of a running service, and a check of its ledger.

    python -m seed.simulate [--players N] [--seconds N] [--think A-B|none] [--base-url URL] [--allow-remote]

Each player submits a score (retrying with the same Idempotency-Key until it is acknowledged), reads the top list, reads
their own rank, and pauses. Every response is checked against what the player knows (crowd.py). In the end every
acknowledged submission must be in the database once, and nothing else may be (ledger.py).
"""

import argparse
import contextlib
import ipaddress
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import asyncpg
import uvloop

from seed import ledger
from seed.crowd import Options, assembled, database
from seed.ledger import Verdict
from seed.tally import Tally
from service.embedded import owner_database
from service.embedded.postgres import running_url
from service.errors import OperatorError
from service.settings import Settings, SettingsError, load

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Result:
    """The result. `verdict` is None if the database is not known."""

    tally: Tally
    elapsed: float
    verdict: Verdict | None

    @property
    def exit_status(self) -> int:
        """0 if all is well, 1 after any error or difference, 2 if the ledger was not checked."""
        if self.tally.errors or (self.verdict is not None and self.verdict.problems):
            return 1
        return 2 if self.verdict is None else 0


async def simulate(options: Options, database_url: str | None) -> Result:
    """Plays, then checks the ledger in the database at `database_url` (the owner's), if it is known.

    Takes `options.seconds`, or up to 10 s longer for calls in progress; the first SIGINT ends it early. Raises
    NotPlayableError if no service answers, if it has too few players, or if the database is not the service's.
    """
    async with assembled(options, database_url) as (crowd, before):
        elapsed = await crowd.play()
    if before is None or database_url is None:
        return Result(crowd.tally, elapsed, None)
    async with database(database_url) as connection:
        verdict = await ledger.verdict(connection, before, crowd.submissions)
    return Result(crowd.tally, elapsed, verdict)


def report(result: Result) -> str:
    """The result as text: the table of calls, the errors by kind, and the check of the ledger."""
    parts = [result.tally.table(result.elapsed)]
    messages = result.tally.messages.most_common(_SHOWN)
    parts += [f"error, {count:,} times: {message}" for message, count in messages]
    verdict = result.verdict
    if verdict is None:
        parts.append(
            "ledger: NOT CHECKED, because the service's database is not known here. Set DATABASE_URL (its"
            " owner), or DATA_DIR to the service's data folder."
        )
    elif verdict.problems:
        parts.append(f"ledger: WRONG, {len(verdict.problems):,} differences")
        parts += [f"  {problem}" for problem in verdict.problems[:_SHOWN]]
    else:
        parts.append(
            f"ledger: right, it has {verdict.counted:,} submissions once each and totals grew by"
            f" {verdict.growth:,}; {verdict.unknown:,} that were never acknowledged did not count"
        )
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Plays as `arguments` say and prints the report; returns the exit status."""
    try:
        settings = load()
        options = _parse(arguments, settings)
        with _owner_database(settings) as database_url:
            result = uvloop.run(simulate(options, database_url))
    except (SettingsError, OperatorError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (asyncpg.PostgresError, asyncpg.InterfaceError, aiohttp.ClientError, OSError) as error:
        print(f"error: {error or type(error).__name__}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted, and the ledger was not checked", file=sys.stderr)
        return 130
    print(report(result))
    return result.exit_status


def _owner_database(settings: Settings) -> AbstractContextManager[str | None]:
    """The owner's address of the database, None if it is not known. Unlike other commands, this starts no server."""
    if settings.embedded_database and running_url(settings.data_dir) is None:
        return nullcontext(None)
    if settings.database_url is None and settings.service_database_url is not None:
        return nullcontext(None)
    return owner_database(settings, "make simulate")


def _parse(arguments: list[str], settings: Settings) -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m seed.simulate",
        description="Let players play against a running service: submit, read the top, read their rank, pause."
        " Then check that its ledger has every acknowledged submission once and nothing else. The players are"
        " drawn at random; no other client may submit for them in the meantime.",
        epilog="Exit status: 0 all is well; 1 an error, or a difference in the ledger; 2 nothing was played,"
        " or the ledger was not checked. The check needs the service's database: the embedded one in DATA_DIR,"
        " or that of DATABASE_URL (its owner). LEADERBOARD_API_KEY is the API key if the service requires one;"
        " ALLOWED_HOSTS are the names the service answers to, if it is restricted.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--players", type=_whole, default=200, metavar="N", help="how many play at once")
    parser.add_argument("--seconds", type=_positive, default=60.0, metavar="N", help="how long they play")
    parser.add_argument(
        "--think",
        type=_think,
        default="0.5-2",
        metavar="A-B",
        help="seconds between a player's rounds; none for full load",
    )
    parser.add_argument("--base-url", default=_default_url(settings), metavar="URL", help="the service")
    parser.add_argument("--allow-remote", action="store_true", help="permit a service on another machine")
    options = parser.parse_args(arguments)
    if urlsplit(options.base_url).scheme not in ("http", "https"):
        parser.error(f"{options.base_url} is not an address such as http://127.0.0.1:8000")
    if not options.allow_remote and not _is_local(options.base_url):
        parser.error(f"{options.base_url} is not on this machine; to use another one, add --allow-remote")
    api_key = os.environ.get("LEADERBOARD_API_KEY", "").strip() or None
    return Options(options.base_url, options.players, options.seconds, options.think, api_key, settings.allowed_hosts)


def _default_url(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _positive(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 < float(text) < float("inf"):
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")


def _think(text: str) -> tuple[float, float] | None:
    if text in ("none", "0"):
        return None
    low, _, high = text.partition("-")
    with contextlib.suppress(ValueError):
        seconds = (float(low), float(high or low))
        if 0 <= seconds[0] <= seconds[1] < float("inf"):
            return seconds
    raise argparse.ArgumentTypeError(f"{text!r} is neither a range of seconds such as 0.5-2 nor none")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
