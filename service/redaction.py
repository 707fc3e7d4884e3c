"""Removes secrets from text that others read: log lines, error messages, traces."""

import re

#: Hexadecimal digits of a trace id, the longest id there is. The secret of an API key has 64, so a longer run is one.
LONGEST_ID = 32
_MARKED_KEY = re.compile(r"(lb_[0-9a-f]{12}_)[0-9a-f]+", re.IGNORECASE)
_SECRET = re.compile(rf"[0-9a-f]{{{LONGEST_ID + 1},}}", re.IGNORECASE)
#: Both of them, where any character may be percent-encoded.
_ENCODED_KEY = re.compile(
    rf"(lb(?:_|%5f)[0-9a-f]{{12}}(?:_|%5f))[0-9a-f%]+|(?:[0-9a-f]|%3[0-9]|%[46][1-6]){{{LONGEST_ID + 1},}}",
    re.IGNORECASE,
)
#: Up to the last @, since a password may contain one.
_PASSWORD_IN_URL = re.compile(r"(\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/@:\"]*:)[^\s\"]+@")


def without_api_keys(text: str) -> str:
    """The text with the secrets of API keys replaced by ***: in whole keys, in cut ones, and bare secrets."""
    text = without_marked_keys(text)
    if len(text) > LONGEST_ID:
        text = _ENCODED_KEY.sub(r"\1***", text) if "%" in text else _SECRET.sub("***", text)
    return text


def without_marked_keys(text: str) -> str:
    """The same, but only for secrets after `lb_`, which is much faster to check."""
    return _MARKED_KEY.sub(r"\1***", text) if "lb_" in text.lower() else text


def without_passwords(text: str) -> str:
    """The text with the passwords in URLs replaced by ***."""
    return _PASSWORD_IN_URL.sub(r"\1***@", text) if "://" in text else text


def excerpt(text: str, max_length: int) -> str:
    """The beginning of client input, without secrets: they are removed first, so that none is cut and missed."""
    text = without_api_keys(text)
    return text if len(text) <= max_length else text[:max_length] + "..."


def quoted(text: str, max_length: int = 50) -> str:
    """The same in quotes, for an error message."""
    return repr(excerpt(text, max_length))
