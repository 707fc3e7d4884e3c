"""What a request has to pass before its handler sees it: its host, its address's limit, its API key, and the
key's limit. A player's limit is taken by the handlers, for the body says who he is.
"""

import logging
import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from aiohttp import web

from service import errors, redaction
from service.access import allowed_hosts, api_keys, client_address
from service.access.api_keys import Keyring
from service.errors import ApiError
from service.http import app_keys
from service.http.json_body import read_body
from service.http.routes import ROUTES
from service.settings import Settings

if TYPE_CHECKING:
    from service.access.rate_limits import RateLimits

log = logging.getLogger(__name__)

#: The scope of keys that a call needs, and whether it has a body, by the name of its route.
_SCOPES = {route.name: (route.scope, route.body is not None) for route in ROUTES if route.scope is not None}
_WHAT = {"submit": "a submission", "read": "reading this leaderboard", "admin": "this call"}
#: Probes come by address, so ALLOWED_HOSTS is not for them; they tell nothing of players.
_PROBES = frozenset({"healthz", "readyz"})
#: The routes whose players are counted.
_SUBMISSIONS = frozenset({"submit", "submit_batch"})
#: What is shown of a refused Host header.
_SHOWN = 100
#: So often is a path decoded to see what it is meant to be.
_MOST_DECODED = 3


class Doors:
    """The doors of an application. `keyring` is set when it starts, `limits` too, if there are any."""

    keyring: Keyring
    limits: "RateLimits | None" = None

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._allows_host = allowed_hosts.check(settings)
        #: What was said last: whether the doors are open, and how many keys there are.
        self._reported: tuple[bool, int] | None = None

    def report(self) -> None:
        """Says in the log who is let in, at the start and whenever that changes: loudly where strangers may
        submit.
        """
        settings, is_open, count = self._settings, self.keyring.is_open(), self.keyring.count
        if (is_open, count) == self._reported:
            return
        opened = self._reported is not None and is_open
        self._reported = is_open, count
        log.info(
            "doors",
            extra={
                "submissions": "open" if is_open else "API key",
                "reads": "open" if is_open or settings.open_reads else "API key",
                "api_keys": count,
                "hosts": ",".join(settings.allowed_hosts)
                or ("any" if allowed_hosts.loopback_check(settings) is None else "this machine"),
                "limits": "; ".join(f"{name} {limit}" for name, limit in settings.rate_limits.items()) or "none",
            },
        )
        if opened:
            log.warning("every API key was deleted, so the doors are open again: REQUIRE_KEYS=1 keeps them shut")
        if is_open and allowed_hosts.is_reachable(settings):
            log.warning(
                "ANYBODY WHO REACHES %s:%s MAY SUBMIT ANY SCORE FOR ANY PLAYER: there is no API key."
                " `make api-key NAME=game SCOPES=submit` makes one, and from then on a key is needed",
                f"[{settings.host}]" if ":" in settings.host else settings.host,
                settings.port,
            )

    async def admit(self, request: web.Request, route: str) -> None:
        """Lets the request in, or raises the ApiError that tells why not. `route` is its route's name."""
        if self._allows_host is not None:
            for host in allowed_hosts.named(request):
                if not self._allows_host(host):
                    self._refuse_host(host, route)
        limits = self.limits if self.limits is not None and _is_call(request) else None
        if limits is not None and limits.address is not None:
            await limits.address.check(client_address.limited_as(client_address.of(request)))
        needed = _SCOPES.get(route)
        if needed is None or request.method == "OPTIONS":
            return
        scope, has_body = needed
        if self.keyring.is_open() and scope != "admin":
            return
        key = await self._authenticate(request, scope, has_body)
        if limits is not None and limits.key is not None and key is not None:
            await limits.key.check(key)

    async def may(self, request: web.Request, scope: str) -> bool:
        """Whether a call that needs `scope` would be let in with what the request carries. Raises ApiError
        for a key or signature that is none.
        """
        if self.keyring.is_open() and scope != "admin":
            return True
        try:
            await self._authenticate(request, scope, has_body=False)
        except ApiError as error:
            if error.failure in (errors.API_KEY_REQUIRED, errors.SCOPE_MISSING):
                return False
            raise
        return True

    def announce(self, request: web.Request, route: str, response: web.StreamResponse) -> None:
        """Tells a client the limits that apply to its call; what is left of them only Redis knows."""
        if self.limits is not None and _is_call(request):
            policy = self.limits.policies[app_keys.API_KEY in request, route in _SUBMISSIONS]
            if policy:
                response.headers["RateLimit-Policy"] = policy

    def _refuse_host(self, host: str, route: str) -> None:
        if route in _PROBES and self._settings.allowed_hosts:
            return
        shown = repr(redaction.excerpt(host, _SHOWN))
        raise ApiError(
            errors.HOST_NOT_ALLOWED,
            f"the service does not answer to the host {shown}: its operator can add it to ALLOWED_HOSTS",
        )

    async def _authenticate(self, request: web.Request, scope: str, has_body: bool) -> str | None:
        """Checks the request's API key: see api_keys.py and docs/security.md. Gives its id; None where none
        is needed and none was sent.
        """
        sent = api_keys.credentials(request.headers.getall("Authorization", ()))
        everybody = scope == "read" and self._settings.open_reads
        if sent is None:
            if everybody:
                return None
            raise api_keys.required(_WHAT[scope])
        request[app_keys.SENT_KEY] = sent.key_id
        key = await self.keyring.find(sent)
        if sent.signature is not None:
            # In this order, so that only a request made a moment ago with a known key has its body read.
            api_keys.check_time(sent.signature, self.keyring.time())
            body = await read_body(request) if has_body else b""
            message = api_keys.signed_message(
                sent.signature.timestamp,
                request.method,
                request.raw_path,
                request.headers.get("Idempotency-Key", ""),
                body,
            )
            api_keys.check_signature(key, sent.signature, message)
            request[app_keys.SIGNED] = True
        if not everybody and scope not in key.scopes and "admin" not in key.scopes:
            raise ApiError(
                errors.SCOPE_MISSING,
                f"this needs a key with the scope {scope}; this one has {', '.join(sorted(key.scopes))}",
            )
        request[app_keys.API_KEY] = key.id
        self.keyring.note_use(key)
        return key.id


def _is_call(request: web.Request) -> bool:
    # Not by the route: who asks for what there is not is counted, too, however he writes it.
    path = request.path
    return path.startswith("/api/") or (request.match_info.route.resource is None and _plain(path).startswith("/api/"))


def _plain(path: str) -> str:
    """What a path would be without its detours: //api/, /./api/, /%252e/api/, /x/../api/, /API/."""
    for _ in range(_MOST_DECODED):
        path = unquote(path)
    return posixpath.normpath("/" + path.replace("\\", "/").lstrip("/")).lower() + "/"
