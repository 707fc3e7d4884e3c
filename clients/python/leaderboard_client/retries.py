"""When to try again: which answers, and after how long."""

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: Request timeout, too many requests, bad gateway, unavailable, gateway timeout.
RETRIED_STATUSES = frozenset({408, 429, 502, 503, 504})
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 10.0


def wait_after(attempts: int, retry_after: float | None) -> float:
    """Seconds to wait after that many failed attempts: random, so that clients that failed together come back apart,
    and never shorter than the service asked for.
    """
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(attempts, 16))
    return (retry_after or 0.0) + random.uniform(0, longest)


def seconds_of(header: str | None) -> float | None:
    """The seconds that a Retry-After header asks for, which may also be a date; None: there is none to understand."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())
