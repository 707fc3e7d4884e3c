"""API keys: the ones that are good at the moment, and whether a request comes with one of them.

A key is `lb_<id>_<secret>`: 12 hex digits by which it is known, and 256 random bits. The database has the
SHA-256 of the secret; of that many random bits a fast hash gives nothing away. A request carries the key,

    Authorization: Bearer lb_0123456789ab_<64 hex digits>

or, so that whoever reads the request has neither the key nor a request of his own, a signature made with it:

    Authorization: LB1-HMAC-SHA256 key=0123456789ab, timestamp=1700000000.123, signature=<64 hex digits>

The signature is the client's proof of SCRAM (RFC 5802 section 3, with the SHA-256 of RFC 7677), for which the
database needs no more than the hash that it has, and from which a stolen hash makes no other:

    stored    = SHA-256(secret)
    message   = timestamp \\n method \\n path and query \\n Idempotency-Key or nothing \\n body
    signature = secret XOR HMAC-SHA256(stored, message)

The service takes the XOR off again and has the secret if, and only if, who signed had it. (Who has the hash
and also reads a signed request has it too: docs/security.md.)
"""

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from service import errors
from service.batching import Batcher, FullError
from service.database.rows import ApiKey, UsableApiKeys
from service.errors import ApiError

SIGNATURE_SCHEME = "LB1-HMAC-SHA256"
#: How far a signature's timestamp may be off, in seconds: for clocks that differ, and slow networks.
SIGNATURE_SECONDS = 300
#: For how long the keys as they were are believed while the database cannot be asked. It is as long as the
#: cache may answer without it.
TRUSTED_SECONDS = 30.0
#: Keys that are not known are looked for at most this often, whoever sends them, in seconds.
PAUSE_SECONDS = 0.1
#: Requests with unknown keys that may wait for such a look.
MOST_WAITING = 1_000

#: What a call with a wrong or without a key is told to send (RFC 6750 section 3).
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="leaderboard"'}

_BEARER = re.compile(r"Bearer +lb_([0-9a-f]{12})_([0-9a-f]{64})", re.IGNORECASE)
_SIGNED = re.compile(
    rf"{SIGNATURE_SCHEME} +key=([0-9a-f]{{12}}), *timestamp=([0-9]{{1,12}}(?:\.[0-9]{{1,9}})?),"
    r" *signature=([0-9a-f]{64})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signed request says of itself: when it was made, as it is written there, and the proof."""

    timestamp: str
    proof: bytes


@dataclass(frozen=True, slots=True)
class Credentials:
    """What stands in an Authorization header: a key's id and its secret, or its signature."""

    key_id: str
    secret: bytes | None
    signature: Signature | None


def credentials(headers: Iterable[str]) -> Credentials | None:
    """What the Authorization headers of a request say; None without one. Raises ApiError for anything else
    than one key or one signature.
    """
    sent = list(headers)
    if not sent:
        return None
    if len(sent) == 1:
        if bearer := _BEARER.fullmatch(sent[0]):
            return Credentials(bearer[1].lower(), bytes.fromhex(bearer[2]), None)
        if signed := _SIGNED.fullmatch(sent[0]):
            proof = Signature(signed[2], bytes.fromhex(signed[3]))
            return Credentials(signed[1].lower(), None, proof)
    raise ApiError(
        errors.INVALID_API_KEY,
        "the header Authorization must be one key, Bearer lb_<12 hex digits>_<64 hex digits>, or one"
        f" signature, {SIGNATURE_SCHEME} key=<12 hex digits>, timestamp=<seconds>, signature=<64 hex digits>",
        _CHALLENGE,
    )


def required(what: str) -> ApiError:
    """The refusal of a call without a key."""
    return ApiError(
        errors.API_KEY_REQUIRED,
        f"{what} needs an API key, which whoever runs the leaderboard makes (make api-key): send it as"
        " Authorization: Bearer lb_...",
        _CHALLENGE,
    )


def signed_message(timestamp: str, method: str, target: str, idempotency_key: str, body: bytes) -> bytes:
    """What a signature is made over. `target` is path and query as they are sent."""
    head = f"{timestamp}\n{method}\n{target}\n{idempotency_key}\n"
    return head.encode("utf-8", "surrogateescape") + body


def check_signature(key: ApiKey, signature: Signature, message: bytes) -> None:
    """Raises ApiError unless `signature` was made over `message` with the key's secret."""
    secret = _xor(signature.proof, hmac.digest(key.secret_hash, message, "sha256"))
    if not _has_secret(key, secret):
        raise ApiError(
            errors.INVALID_SIGNATURE,
            "the signature is not the key's for this request: sign the timestamp, method, path with query,"
            " Idempotency-Key and body exactly as they are sent, with a line feed between them",
            _CHALLENGE,
        )


def check_time(signature: Signature, now: float) -> None:
    """Raises ApiError if at `now` the signature is too old, or of the future."""
    off = abs(now - float(signature.timestamp))
    if off > SIGNATURE_SECONDS:
        raise ApiError(
            errors.INVALID_SIGNATURE,
            f"the signature's timestamp is {off:.0f} s off the leaderboard's clock, which"
            f" says {now:.0f}: at most {SIGNATURE_SECONDS} s are allowed",
            _CHALLENGE,
        )


def _has_secret(key: ApiKey, secret: bytes) -> bool:
    return hmac.compare_digest(hashlib.sha256(secret).digest(), key.secret_hash)


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(32)


class Keyring:
    """The keys that are good, as they were at the last look. `look` is called every half second
    (upkeep.py); a key that is not known yet has another look taken at once.

    So a revoked or expired key is refused within that interval, and a new one works at once. While the
    database cannot be asked, the last look counts for TRUSTED_SECONDS; after that nobody is let in.
    """

    def __init__(self, load: Callable[[], Awaitable[UsableApiKeys | None]], *, required: bool) -> None:
        """`load` gives the keys that are good, None if none was ever made. `required`: who has none is not
        let in even then.
        """
        self._load = load
        self._required = required
        self._keys: dict[str, ApiKey] | None = None
        self._looked = -TRUSTED_SECONDS
        #: How far PostgreSQL's clock was ahead of the monotonic one at the last look.
        self._ahead = 0.0
        self._looks: Batcher[None, ApiError | None] = Batcher(self._look_for_all, "api_keys", capacity=MOST_WAITING)
        #: Ids of keys that were used since somebody asked.
        self._used: set[str] = set()

    async def close(self) -> None:
        await self._looks.close()

    async def look(self) -> None:
        """Asks the database. Raises ApiError if that fails; what was known stays known for a while."""
        now = time.monotonic()
        found = await self._load()
        if now < self._looked:
            return  # one that began later was faster
        self._keys = None
        if found is not None:
            self._keys = {key.id: key for key in found.keys}
            self._ahead = found.time - time.monotonic()
        self._looked = now

    def is_open(self) -> bool:
        """Whether no key was ever made, so that everybody is let in, unless keys are required all the same.
        Raises ApiError when nobody knows.
        """
        if time.monotonic() - self._looked >= TRUSTED_SECONDS:
            raise ApiError(
                errors.DATABASE_UNAVAILABLE,
                "who may call is in the database, which cannot be reached at the moment; nothing was changed,"
                " try again",
            )
        return self._keys is None and not self._required

    def time(self) -> float:
        """The time by PostgreSQL's clock, by which keys expire: one for all services, and none of theirs has
        to be right. Known as soon as a key is.
        """
        return self._ahead + time.monotonic()

    @property
    def count(self) -> int:
        """How many keys are good."""
        return len(self._keys or ())

    async def find(self, sent: Credentials) -> ApiKey:
        """The key that was sent, or that a signature names, which is still to be checked. Raises ApiError."""
        key = await self._find(sent.key_id)
        if key is None or (sent.secret is not None and not _has_secret(key, sent.secret)):
            raise ApiError(errors.INVALID_API_KEY, "the API key is unknown, revoked or expired", _CHALLENGE)
        if key.signed and sent.secret is not None:
            raise ApiError(
                errors.INVALID_SIGNATURE,
                "this key signs requests and must not be sent itself. It was sent now: revoke it and make another",
                _CHALLENGE,
            )
        return key

    async def _find(self, key_id: str) -> ApiKey | None:
        if self._keys is None or key_id not in self._keys:
            try:
                failed = await self._looks(None)
            except FullError:
                # Nobody has that many new keys: these are guesses.
                return None
            if failed is not None:
                raise ApiError(failed.failure, failed.message) from failed.__cause__
        return (self._keys or {}).get(key_id)

    async def _look_for_all(self, asked: list[None]) -> list[ApiError | None]:
        """One look for all who wait, and some time after the last one: guessed keys must not cost a query
        each.
        """
        await asyncio.sleep(self._looked + PAUSE_SECONDS - time.monotonic())
        try:
            await self.look()
        except ApiError as error:
            return [error] * len(asked)
        return [None] * len(asked)

    def note_use(self, key: ApiKey) -> None:
        """The key was good for a request."""
        self._used.add(key.id)

    def note_again(self, used: set[str]) -> None:
        """They could not be written down: they are taken the next time."""
        self._used |= used

    def take_used(self) -> set[str]:
        """The ids of the keys that were used since the last call."""
        used, self._used = self._used, set()
        return used
