"""`make api-key`, `make api-keys` and `make revoke-api-key`: API keys, made, listed and revoked by the owner
of the database, whether or not the service runs.

    python -m service.manage_keys create NAME SCOPE[,SCOPE]... [--signed] [--days DAYS]
    python -m service.manage_keys list
    python -m service.manage_keys revoke ID

A new key goes to standard output alone, once; what there is to say about it to standard error.
"""

import argparse
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from service.embedded import EmbeddedServerError, owner_database
from service.settings import SettingsError, load

_NO_FUNCTIONS = {"3F000", "42883"}  # no schema api, or no such function in it


def main(arguments: list[str] | None = None) -> int:
    """Does what is asked; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        with (
            owner_database(load(), "make api-key") as url,
            psycopg.connect(url, autocommit=True) as connection,
        ):
            options.action(connection, options)
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error)
        if error.sqlstate in _NO_FUNCTIONS:
            message = (
                "the database has not got this release's functions: start the service, or run make migrate"
            )
        print(f"error: {message}", file=sys.stderr)
        return 1
    except (SettingsError, EmbeddedServerError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m service.manage_keys", description="API keys.")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a key and show it, once")
    create.add_argument("name", help="what it is for")
    create.add_argument("scopes", type=_list, help="submit, read, admin: one or more with commas between")
    create.add_argument("--signed", action="store_true", help="requests have to be signed with it")
    create.add_argument("--days", type=_days, help="how long it is good; until it is revoked if not given")
    create.set_defaults(action=_create)
    actions.add_parser("list", help="show the keys there are, without their secrets").set_defaults(
        action=_list_all
    )
    revoke = actions.add_parser("revoke", help="end a key")
    revoke.add_argument("id", help="the 12 characters after lb_; the whole key will do")
    revoke.set_defaults(action=_revoke)
    return parser


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _days(text: str) -> timedelta:
    days = float(text)
    if not 0 < days <= 36_500:
        raise ValueError
    return timedelta(days=days)


def _create(connection: psycopg.Connection[Any], options: argparse.Namespace) -> None:
    expires_at = datetime.now(UTC) + options.days if options.days else None
    row = connection.execute(
        "SELECT k.id, k.api_key"
        " FROM api.create_api_key(%s::text, %s::text[], %s::boolean, %s::timestamptz) AS k",
        (options.name, options.scopes, options.signed, expires_at),
    ).fetchone()
    assert row is not None
    key_id, key = row
    use = (
        "Sign requests with it (docs/security.md)"
        if options.signed
        else "Send it as Authorization: Bearer lb_..."
    )
    print(key, flush=True)
    print(
        "This is the one time that the key is shown: keep it where secrets are kept.",
        f"{use}; make revoke-api-key ID={key_id} ends it.",
        sep="\n",
        file=sys.stderr,
    )


def _list_all(connection: psycopg.Connection[Any], options: argparse.Namespace) -> None:
    found = connection.execute(
        "SELECT k.id, k.status, array_to_string(k.scopes, ','), CASE WHEN k.signed THEN 'signed' ELSE '' END,"
        " k.created_at, k.last_used_at, k.expires_at, k.name FROM api.list_api_keys() AS k"
    ).fetchall()
    if not found:
        print(
            "There is no API key, so everybody may submit and read."
            " make api-key NAME=game SCOPES=submit makes one."
        )
        return
    heads = ("id", "status", "scopes", "", "made", "last used", "expires", "name")
    table = [heads, *(tuple(_shown(value) for value in row) for row in found)]
    widths = [max(len(row[column]) for row in table) for column in range(len(heads))]
    for row in table:
        print("  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)).rstrip())


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    return "never" if value is None else str(value)


def _revoke(connection: psycopg.Connection[Any], options: argparse.Namespace) -> None:
    key_id = options.id.removeprefix("lb_").partition("_")[0]
    connection.execute("SELECT api.revoke_api_key(%s::text)", (key_id,))
    print(f"The key {key_id} is revoked: within seconds no service takes it any more.")


if __name__ == "__main__":
    sys.exit(main())
