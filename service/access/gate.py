"""Access control: the checks that a request must pass before its handler sees it. In order: its host, its address's
rate limit, its API key and the key's rate limit. Handlers check the player's limit, since the player is in the body.
"""

import dataclasses
import logging
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from aiohttp import web
from multidict import MultiMapping

from service import errors, redaction
from service.access import allowed_hosts, client_address, credentials
from service.access.api_keys import Keyring, invalid_key
from service.access.rate_limits import RateLimits
from service.database.rows import ApiKey
from service.errors import ApiError
from service.settings import Settings

logger = logging.getLogger(__name__)

_CALLS = {"submit": "submitting scores", "read": "reading this leaderboard", "play": "beginning a play"}
#: The scopes of keys that may make a call with each scope. A key that may do everything else still issues no keys.
_GRANTED_BY: Mapping[str, frozenset[str]] = {
    "submit": frozenset({"submit", "admin"}),
    "read": frozenset({"read", "moderate", "admin"}),
    "play": frozenset({"play", "submit", "admin"}),
    "moderate": frozenset({"moderate", "admin"}),
    "keys": frozenset({"keys"}),
    "admin": frozenset({"admin"}),
}
#: They require a key even while none exists.
_ALWAYS_CLOSED = frozenset({"moderate", "keys", "admin"})
#: How much of a refused Host header an error message shows.
_SHOWN = 100
_LONGEST_OPERATOR = 100
#: How often a path is decoded to find the one it stands for.
_MAX_DECODED = 3


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request, as far as it was checked."""

    #: The id of the API key in the request, valid or not. Only for the log.
    claimed_key_id: str | None = None
    #: RateLimit-Policy: the limits that apply to the call; empty if none do.
    rate_limit_policy: str = ""
    #: The API key, if the call was checked against one.
    key: ApiKey | None = None

    def may(self, scope: str) -> bool:
        """Whether the caller's API key allows calls that require `scope`. False without a key."""
        return self.key is not None and _has_scope(self.key, scope)

    @property
    def needs_ticket(self) -> bool:
        """Whether the caller may submit scores with play tickets only."""
        return self.key is not None and not _has_scope(self.key, "submit")

    @property
    def operator(self) -> str:
        """The id and name of the key, for the log of moderation."""
        assert self.key is not None, "the call always requires a key"
        return f"{self.key.id} {self.key.name}"[:_LONGEST_OPERATOR].rstrip()


_ANYONE = Caller()


class AccessDenied(Exception):
    """`caller` may not make the call; `error` is the answer."""

    def __init__(self, caller: Caller, error: ApiError) -> None:
        super().__init__(error.message)
        self.caller = caller
        self.error = error


class AccessControl:
    """The access control of an application. `keyring` is set at its start, and `limits` if there are any."""

    keyring: Keyring
    limits: RateLimits | None = None

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._allows_host = allowed_hosts.check(settings)
        #: What was logged last: whether calls need no key, and how many keys are valid.
        self._logged: tuple[bool, int] | None = None

    def log_changes(self) -> None:
        """Logs who has access, at the start and when it changes, with a warning where anyone may submit."""
        settings, is_open, count = self._settings, self.keyring.is_open(), self.keyring.count
        if (is_open, count) == self._logged:
            return
        opened = self._logged is not None and is_open
        self._logged = is_open, count
        logger.info(
            "access",
            extra={
                "submissions": "open" if is_open else "API key",
                "reads": "open" if is_open or settings.open_reads else "API key",
                "api_keys": count,
                "hosts": ",".join(settings.allowed_hosts)
                or ("any" if allowed_hosts.loopback_check(settings.host) is None else "this machine"),
                "limits": "; ".join(f"{name} {limit}" for name, limit in settings.rate_limits.items()) or "none",
            },
        )
        if opened:
            logger.warning("every API key was deleted, so access is open again: set REQUIRE_KEYS=1 to require keys")
        if is_open and allowed_hosts.is_reachable(settings):
            logger.warning(
                "ANYONE WHO CAN REACH %s:%s CAN SUBMIT ANY SCORE FOR ANY PLAYER: there is no API key."
                " `make api-key NAME=game SCOPES=submit` creates one; from then on a key is required",
                settings.url_host,
                settings.port,
            )

    async def authorize(
        self, request: web.Request, scope: str | None, *, is_probe: bool = False, limited_as: str | None = None
    ) -> Caller:
        """Checks whether the request may be served. Raises AccessDenied.

        `scope` is what its route requires of an API key; None: no key. A probe is served under any host name.
        `limited_as`: "submissions" or "plays" if it is one of these. Submissions are also open to keys with the scope
        play: see `Caller.needs_ticket`.
        """
        limits = self.limits if self.limits is not None and _is_call(request) else None
        caller = Caller(rate_limit_policy="" if limits is None else limits.policy(limited_as, with_key=False))
        try:
            self._check_host(request, is_probe)
            if limits is not None and limits.address is not None:
                await limits.address.check(self._limited_address(request))
            if scope is None or request.method == "OPTIONS":
                return caller
            if not self.keyring.is_open() or scope in _ALWAYS_CLOSED:
                claimed = credentials.read(request.headers)
                if claimed is not None:
                    caller = dataclasses.replace(caller, claimed_key_id=claimed.key_id)
                key = await self._verify(claimed, scope, with_ticket=limited_as == "submissions")
                if key is not None:
                    if limited_as == "plays" and _has_scope(key, "submit"):
                        limited_as = None  # a server that begins the plays of all its players
                    policy = "" if limits is None else limits.policy(limited_as, with_key=True)
                    caller = dataclasses.replace(caller, rate_limit_policy=policy, key=key)
                    if limits is not None and limits.key is not None:
                        await limits.key.check(key.id)
            if limits is not None and limits.plays is not None and limited_as == "plays":
                await limits.plays.check(self._limited_address(request))
        except ApiError as error:
            raise AccessDenied(caller, error) from error
        return caller

    def _limited_address(self, request: web.Request) -> str:
        return client_address.limited_as(client_address.of(request, self._settings.trusted_proxies))

    def authorize_at_once(self, headers: MultiMapping[str], scope: str) -> Caller | None:
        """As `authorize`, without waiting, for a request whose target is a path. None where only `authorize` can tell:
        for whatever it would refuse, for unknown keys, and while there are rate limits for these calls.
        """
        if self.limits is not None and self.limits.are_for_all_calls:
            return None
        if self._allows_host is not None and not self._allows_host(headers.get("Host", "")):
            return None
        is_public = scope == "read" and self._settings.open_reads
        try:
            if self.keyring.is_open():
                return _ANYONE
            claimed = credentials.read(headers)
        except ApiError:
            return None
        if claimed is None:
            return _ANYONE if is_public else None
        key = self.keyring.known(claimed)
        # A submission may have a play ticket: that is checked with it.
        if key is None or not (is_public or _has_scope(key, scope) or (scope == "submit" and _has_scope(key, "play"))):
            return None
        self.keyring.record_use(key)
        return Caller(claimed.key_id, key=key)

    async def allows(self, request: web.Request, scope: str) -> bool:
        """Whether the request's API key, or none, is enough for calls that require `scope`. Raises ApiError for an
        invalid key, once there are keys: before, calls that need none work with any.
        """
        is_open = self.keyring.is_open()
        if is_open and scope not in _ALWAYS_CLOSED:
            return True
        try:
            await self._verify(credentials.read(request.headers), scope)
        except ApiError as error:
            if error.failure in (errors.API_KEY_REQUIRED, errors.SCOPE_MISSING):
                return False
            if is_open and error.failure is errors.INVALID_API_KEY:
                return False
            raise
        return True

    def refusal(self, key: ApiKey | None, scope: str) -> ApiError | None:
        """Why a call that was authorized with `key`, or without any, would not be now; None if it would. Raises
        ApiError while that is not known.
        """
        if self.keyring.is_open():
            return None
        is_public = scope == "read" and self._settings.open_reads
        if key is None:
            return None if is_public else _key_required(scope)
        now = self.keyring.with_id(key.id)
        if now is None or now.secret_hash != key.secret_hash:
            return invalid_key()
        if not (is_public or _has_scope(now, scope)):
            return _scope_missing(now, scope)
        self.keyring.record_use(now)
        return None

    async def allows_page_read(self, request: web.Request) -> bool:
        """Whether a page may show what reads answer: if they need no key, and the address has calls left, of which this
        counts as one. Raises ApiError if that is not known.
        """
        if not (self._settings.open_reads or self.keyring.is_open()):
            return False
        if self.limits is not None and self.limits.address is not None:
            await self.limits.address.check(self._limited_address(request))
        return True

    def add_rate_limit_headers(self, response: web.StreamResponse, caller: Caller) -> None:
        """Tells the client which limits apply to its call. What is left of them only Redis knows."""
        if caller.rate_limit_policy:
            response.headers["RateLimit-Policy"] = caller.rate_limit_policy

    def _check_host(self, request: web.Request, is_probe: bool) -> None:
        # Probes name the machine by its address, and what they read is open to everyone.
        if self._allows_host is None or is_probe:
            return
        for host in allowed_hosts.named(request):
            if not self._allows_host(host):
                raise ApiError(
                    errors.HOST_NOT_ALLOWED,
                    f"the host {redaction.excerpt(host, _SHOWN)!r} is not served here; the operator can add it to"
                    " ALLOWED_HOSTS",
                )

    async def _verify(
        self, claimed: credentials.Credentials | None, scope: str, *, with_ticket: bool = False
    ) -> ApiKey | None:
        """The valid key of a request; None where none is needed and none was sent. `with_ticket`: a key with the scope
        play will do. Raises ApiError.
        """
        is_public = scope == "read" and self._settings.open_reads
        if claimed is None:
            if is_public:
                return None
            raise _key_required(scope)
        key = await self.keyring.verify(claimed)
        if not (is_public or _has_scope(key, scope) or (with_ticket and _has_scope(key, "play"))):
            raise _scope_missing(key, scope)
        self.keyring.record_use(key)
        return key


def _has_scope(key: ApiKey, scope: str) -> bool:
    return not _GRANTED_BY[scope].isdisjoint(key.scopes)


def _key_required(scope: str) -> ApiError:
    return ApiError(
        errors.API_KEY_REQUIRED,
        f"{_CALLS.get(scope, 'this call')} requires an API key; the operator can create one (make api-key)."
        " Send it as Authorization: Bearer lb_...",
        credentials.CHALLENGE,
    )


def _scope_missing(key: ApiKey, scope: str) -> ApiError:
    return ApiError(
        errors.SCOPE_MISSING,
        f"this call requires an API key with the scope {scope}; this key has {', '.join(sorted(key.scopes))}",
    )


def _is_call(request: web.Request) -> bool:
    # Not by the route: requests for unknown paths count too, however they are written.
    path = request.path
    return path.startswith("/api/") or (
        request.match_info.route.resource is None and _normalized(path).startswith("/api/")
    )


def _normalized(path: str) -> str:
    """The path without detours: //api/, /./api/, /%252e/api/, /x/../api/, /API/."""
    for _ in range(_MAX_DECODED):
        path = unquote(path)
    return posixpath.normpath("/" + path.replace("\\", "/").lstrip("/")).lower() + "/"
