"""`make api-key`, `make api-keys` and `make revoke-api-key`: the database's owner creates, lists and revokes API keys,
whether or not the service runs.

    python -m service.commands.api_keys create NAME SCOPE[,SCOPE]... [--days DAYS]
    python -m service.commands.api_keys list
    python -m service.commands.api_keys revoke ID

Standard output gets the new key and nothing else; the explanation goes to standard error.
"""

import argparse
import contextlib
import functools
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from service import redaction
from service.commands import command
from service.commands.command import UsageError
from service.database import migrate
from service.embedded import owner_database
from service.settings import Settings

_MAX_DAYS = 36_500
_SCOPES = ("submit", "read", "moderate", "play", "admin", "keys")


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return command.run(functools.partial(_run, options=options))
    except BrokenPipeError:
        # The reader of the list has closed it (`| head`). A new key, however, was not seen.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if options.action is not _create:
            return 0
        print("error: the key could not be written: revoke it (make api-keys) and create another", file=sys.stderr)
        return 1


def _run(settings: Settings, *, options: argparse.Namespace) -> None:
    options.check(options)
    with owner_database(settings, options.target) as url:
        if options.action is _create and settings.migrate_on_start:
            # The database may still be empty.
            migrate.apply(url, service_has_login=settings.service_has_login)
        with psycopg.connect(url, autocommit=True) as connection:
            options.action(connection, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m service.commands.api_keys", description="API keys.")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="create a key and show it, once")
    create.add_argument("name", help="what it is for")
    create.add_argument("scopes", help=f"{', '.join(_SCOPES)}: one or more, separated by commas")
    create.add_argument("--days", default="", help="days until it expires (default: never)")
    create.set_defaults(target="make api-key", action=_create, check=_check_create)
    listing = actions.add_parser("list", help="list the keys, without their secrets")
    listing.set_defaults(target="make api-keys", action=_list, check=lambda options: None)
    revoke = actions.add_parser("revoke", help="revoke a key")
    revoke.add_argument("id", help="the 12 characters after lb_, or the whole key")
    revoke.set_defaults(target="make revoke-api-key", action=_revoke, check=_check_revoke)
    return parser


def _check_create(options: argparse.Namespace) -> None:
    """Parses the options, before a database is touched."""
    options.name = options.name.strip()
    options.scopes = options.scopes.replace(",", " ").split()
    if not options.name or not options.scopes:
        raise UsageError("give the key a name and scopes: make api-key NAME='game server' SCOPES=submit")
    wrong = [scope for scope in options.scopes if scope not in _SCOPES]
    if wrong:
        raise UsageError(f"SCOPES: there is no scope {', '.join(wrong)}; use {', '.join(_SCOPES)}, separated by commas")
    options.expires_at = _expiry(options.days)


def _create(connection: psycopg.Connection[Any], options: argparse.Namespace) -> None:
    row = connection.execute(
        "SELECT k.id, k.api_key FROM api.create_api_key(%s::text, %s::text[], %s::timestamptz) AS k",
        (options.name, options.scopes, options.expires_at),
    ).fetchone()
    assert row is not None
    key_id, key = row
    print(key, flush=True)
    expiry = f"It expires on {_shown(options.expires_at)} UTC. " if options.expires_at else ""
    print(
        "Store this key now: it is not shown again.",
        f"Send it as Authorization: Bearer lb_... {expiry}make revoke-api-key ID={key_id} revokes it.",
        "From now on submitting and reading require a key; OPEN_READS=1 leaves reading open.",
        sep="\n",
        file=sys.stderr,
    )


def _expiry(days: str) -> datetime | None:
    if not days.strip():
        return None
    with contextlib.suppress(ValueError):
        if 0 < float(days) <= _MAX_DAYS:
            return datetime.now(UTC) + timedelta(days=float(days))
    raise UsageError(f"DAYS must be above 0 and at most {_MAX_DAYS}, not {days!r}")


def _list(connection: psycopg.Connection[Any], options: argparse.Namespace) -> None:
    found = connection.execute(
        "SELECT k.id, k.status, array_to_string(k.scopes, ','), k.created_at, k.last_used_at, k.expires_at, k.name"
        " FROM api.list_api_keys() AS k"
    ).fetchall()
    if not found:
        print(
            "There is no API key, so anyone may submit and read (unless REQUIRE_KEYS=1)."
            " make api-key NAME=game SCOPES=submit creates one."
        )
        return
    heads = ("id", "status", "scopes", "created", "last used", "expires", "name")
    table = [heads, *(tuple(_shown(value) for value in row) for row in found)]
    widths = [max(len(row[column]) for row in table) for column in range(len(heads))]
    for row in table:
        cells = (value.ljust(width) for value, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
    sys.stdout.flush()


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    return "never" if value is None else str(value)


def _check_revoke(options: argparse.Namespace) -> None:
    options.id = options.id.strip().removeprefix("lb_").partition("_")[0]
    if not options.id:
        raise UsageError("name the key: make revoke-api-key ID=0123456789ab; make api-keys lists them")


def _revoke(connection: psycopg.Connection[Any], options: argparse.Namespace) -> None:
    key_id = options.id
    before = connection.execute(
        "SELECT k.revoked_at FROM api.list_api_keys() AS k WHERE k.id = %s", (key_id,)
    ).fetchone()
    if before is None:
        shown = redaction.excerpt(key_id, 20)  # it may be a secret
        raise UsageError(f"there is no API key {shown}; make api-keys lists them")
    connection.execute("SELECT api.revoke_api_key(%s::text)", (key_id,))
    if before[0] is not None:
        print(f"The key {key_id} was revoked already, on {_shown(before[0])} UTC.")
    else:
        print(f"The key {key_id} is revoked; services refuse it within half a second.")


if __name__ == "__main__":
    sys.exit(main())
