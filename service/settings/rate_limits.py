"""The notation of rate limits: `100/second`, `20 per second; 600 per 5 minutes`."""

import re
from dataclasses import dataclass

from service.settings.parsers import Problem

#: Redis counts exactly up to these.
MAX_SECONDS, MAX_CALLS = 366 * 86_400, 1_000_000_000

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "month": 30 * 86_400, "year": 360 * 86_400}
_QUOTA = re.compile(r"\s*([0-9]{1,15})\s*(?:/|per)\s*([0-9]{1,15})?\s*([a-z]+?)s?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `calls` in any `seconds`. `period` names the window in messages: "second", "5 minutes"."""

    calls: int
    seconds: int
    period: str


def parse(text: str) -> tuple[Quota, ...]:
    """The quotas of a setting, the shortest window first. Raises Problem."""
    advice = "use the form 100/second, or several such as 20 per second; 600 per 5 minutes"
    quotas = []
    for part in re.split(r"[,;|]", text):
        match = _QUOTA.fullmatch(part)
        if match is None or (unit := match[3].lower()) not in _SECONDS:
            raise Problem(f"{advice}. Periods are second, minute, hour, day, month and year")
        calls, multiple = int(match[1]), int(match[2] or 1)
        seconds = multiple * _SECONDS[unit]
        if not 1 <= calls <= MAX_CALLS:
            raise Problem(f"{advice}, each with 1 to {MAX_CALLS} calls")
        if not 1 <= seconds <= MAX_SECONDS:
            raise Problem(f"{advice}, each for one second to one year")
        quotas.append(Quota(calls, seconds, unit if multiple == 1 else f"{multiple} {unit}s"))
    quotas.sort(key=lambda quota: quota.seconds)
    if len({quota.seconds for quota in quotas}) < len(quotas):
        raise Problem(f"{advice}, with one limit for each period")
    return tuple(quotas)


def checked(text: str) -> str:
    """The text itself. Raises Problem."""
    parse(text)
    return text


def checked_or_none(text: str) -> str:
    """The same, or an empty text for "none", which takes away a limit that there is by default. Raises Problem."""
    return "" if text.strip().lower() == "none" else checked(text)
