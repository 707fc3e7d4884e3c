"""The id of a request, which its answer, its log line and its trace have: the client's own, or a new one."""

import itertools
import re
import secrets

from service import redaction

_VALID = re.compile(r"[A-Za-z0-9._:-]{1,128}")

#: Our own ids are one random number per process and a counter: a random number per request costs a system call.
_PROCESS = secrets.token_hex(8)
_NUMBERS = itertools.count(secrets.randbits(32))


def given_or_new(sent: str | None) -> str:
    """The X-Request-Id header that was sent, if it can be one and holds no API key; otherwise a new id."""
    if sent is not None and _VALID.fullmatch(sent) and redaction.without_api_keys(sent) == sent:
        return sent
    return f"{_PROCESS}{next(_NUMBERS):x}"
