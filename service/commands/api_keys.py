"""`make api-key`, `make api-keys` and `make revoke-api-key`: API keys, made, listed and revoked by the owner
of the database, whether or not the service runs.

    python -m service.commands.api_keys create NAME SCOPE[,SCOPE]... [--signed] [--days DAYS]
    python -m service.commands.api_keys list
    python -m service.commands.api_keys revoke ID

A new key goes to standard output alone, once; what there is to say about it to standard error.
"""

import argparse
import contextlib
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from service import redaction
from service.database import migrate
from service.embedded import EmbeddedServerError, owner_database
from service.settings import SettingsError, load, urls

_NO_FUNCTIONS = {"3F000", "42883"}  # no schema api, or no such function in it
_MOST_DAYS = 36_500


def main(arguments: list[str] | None = None) -> int:
    """Does what is asked; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.check(options)
        settings = load()
        with owner_database(settings, "make api-key") as url:
            if options.action is _create and settings.migrate_on_start:
                # A key may be the first thing that a database gets.
                migrate.apply(url)
            with psycopg.connect(url, autocommit=True) as connection:
                options.action(connection, options)
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error)
        if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
            message = urls.UNREADABLE
        if error.sqlstate in _NO_FUNCTIONS:
            message = "the database has not got this release's functions: start the service, or run make migrate"
        print(f"error: {message}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Who read the list has seen enough. What is left to write goes nowhere, too. A key nobody has seen.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if options.action is not _create:
            return 0
        print("error: the key went nowhere: revoke it (make api-keys) and make another", file=sys.stderr)
        return 1
    except (SettingsError, EmbeddedServerError, migrate.MigrationError, _UsageError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


class _UsageError(ValueError):
    """What is asked for makes no sense; the message says what to write."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m service.commands.api_keys", description="API keys.")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a key and show it, once")
    create.add_argument("name", help="what it is for")
    create.add_argument("scopes", help="submit, read, admin: one or more with commas between")
    create.add_argument("--signed", action="store_true", help="requests have to be signed with it")
    create.add_argument("--days", default="", help="how long it is good; until it is revoked if not given")
    create.set_defaults(action=_create, check=_check_create)
    listing = actions.add_parser("list", help="show the keys there are, without their secrets")
    listing.set_defaults(action=_list, check=lambda options: None)
    revoke = actions.add_parser("revoke", help="end a key")
    revoke.add_argument("id", help="the 12 characters after lb_; the whole key will do")
    revoke.set_defaults(action=_revoke, check=_check_revoke)
    return parser


def _check_create(options: argparse.Namespace) -> None:
    """Turns what was typed into what the function takes, before any database is touched."""
    options.name = options.name.strip()
    options.scopes = options.scopes.replace(",", " ").split()
    if not options.name or not options.scopes:
        raise _UsageError("say what the key is for and what it may do: make api-key NAME='game server' SCOPES=submit")
    wrong = [scope for scope in options.scopes if scope not in ("submit", "read", "admin")]
    if wrong:
        raise _UsageError(
            f"SCOPES: there is no scope {', '.join(wrong)}: use submit, read or admin, with commas between"
        )
    options.expires_at = _expiry(options.days)


def _create(connection: psycopg.Connection[Any], options: argparse.Namespace) -> None:
    row = connection.execute(
        "SELECT k.id, k.api_key FROM api.create_api_key(%s::text, %s::text[], %s::boolean, %s::timestamptz) AS k",
        (options.name, options.scopes, options.signed, options.expires_at),
    ).fetchone()
    assert row is not None
    key_id, key = row
    print(key, flush=True)
    use = "Sign requests with it (docs/security.md)" if options.signed else "Send it as Authorization: Bearer lb_..."
    end = f"It ends on {_shown(options.expires_at)} UTC. " if options.expires_at else ""
    print(
        "This is the one time that the key is shown: keep it where secrets are kept.",
        f"{use}. {end}make revoke-api-key ID={key_id} ends it.",
        "From the first key on nobody submits or reads without one; OPEN_READS=1 leaves reading open.",
        sep="\n",
        file=sys.stderr,
    )


def _expiry(days: str) -> datetime | None:
    if not days.strip():
        return None
    with contextlib.suppress(ValueError):
        if 0 < float(days) <= _MOST_DAYS:
            return datetime.now(UTC) + timedelta(days=float(days))
    raise _UsageError(f"DAYS must be a number above 0, at most {_MOST_DAYS}: not {days!r}")


def _list(connection: psycopg.Connection[Any], options: argparse.Namespace) -> None:
    found = connection.execute(
        "SELECT k.id, k.status, array_to_string(k.scopes, ','), CASE WHEN k.signed THEN 'signed' ELSE '' END,"
        " k.created_at, k.last_used_at, k.expires_at, k.name FROM api.list_api_keys() AS k"
    ).fetchall()
    if not found:
        print(
            "There is no API key, so everybody may submit and read (unless REQUIRE_KEYS=1)."
            " make api-key NAME=game SCOPES=submit makes one."
        )
        return
    heads = ("id", "status", "scopes", "", "made", "last used", "expires", "name")
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
        raise _UsageError("say which one: make revoke-api-key ID=0123456789ab; make api-keys lists them")


def _revoke(connection: psycopg.Connection[Any], options: argparse.Namespace) -> None:
    key_id = options.id
    before = connection.execute(
        "SELECT k.revoked_at FROM api.list_api_keys() AS k WHERE k.id = %s", (key_id,)
    ).fetchone()
    if before is None:
        shown = redaction.excerpt(key_id, 20)  # somebody may have typed the secret
        raise _UsageError(f"there is no API key {shown}: make api-keys lists them")
    connection.execute("SELECT api.revoke_api_key(%s::text)", (key_id,))
    if before[0] is not None:
        print(f"The key {key_id} was revoked already, on {_shown(before[0])} UTC.")
    else:
        print(f"The key {key_id} is revoked: within half a second no service takes it any more.")


if __name__ == "__main__":
    sys.exit(main())
