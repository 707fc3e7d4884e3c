"""What the parsers of DATABASE_URL and REDIS_URL share: their error, and how characters are escaped."""

import re
from urllib.parse import unquote


class UrlError(ValueError):
    """What is wrong with an address and what to write: the end of a sentence, without any part of the address that
    may be a piece of a password.
    """


#: The error message if libpq cannot read an address after all. Its own message may quote it.
UNREADABLE = (
    "the database driver cannot read the address of the database; its message is not shown, since it may contain the"
    " password: check DATABASE_URL and SERVICE_DATABASE_URL"
)

ESCAPE = (
    "write each character except letters, digits and - . _ ~ as % and two hexadecimal digits: @ is %40,"
    " % is %25, : is %3A, / is %2F, ? is %3F, # is %23, [ is %5B, ] is %5D, a space is %20"
)
USER_OR_PASSWORD = f"a character of its user or its password is not escaped: {ESCAPE}"
HOST = (
    "its host is not valid: use a name, an address, or an IPv6 address in brackets, then a colon and the port if"
    f" needed; if that is right, {USER_OR_PASSWORD}"
)
QUERY = "the part after its ? must be name=value, several separated by &; if there should be no ?, " + USER_OR_PASSWORD

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def decoded(part: str, text: str) -> str:
    """`text`, which is that `part` of an address, without its escapes. Raises UrlError."""
    if _BAD_ESCAPE.search(text):
        raise UrlError(f"a character of its {part} is not escaped: {ESCAPE}")
    try:
        return unquote(text, errors="strict")
    except UnicodeError:
        raise UrlError(f"its {part} is not UTF-8 once the % escapes are decoded: {ESCAPE}") from None
