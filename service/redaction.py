"""Takes secrets out of texts that others will read: log lines, answers, traces."""

import re

#: The secret of a key is 64 hexadecimal digits. Ids of traces have 32, and nothing else has more.
LONGEST_ID = 32
_MARKED_KEY = re.compile(r"(lb_[0-9a-f]{12}_)[0-9a-f]+", re.IGNORECASE)
_SECRET = re.compile(rf"[0-9a-f]{{{LONGEST_ID + 1},}}", re.IGNORECASE)
#: The same, and the key in front of it, where any character may be percent-encoded.
_ENCODED_KEY = re.compile(
    rf"(lb(?:_|%5f)[0-9a-f]{{12}}(?:_|%5f))[0-9a-f%]+|(?:[0-9a-f]|%3[0-9]|%[46][1-6]){{{LONGEST_ID + 1},}}",
    re.IGNORECASE,
)
#: Up to the last @, for a password may hold others.
_PASSWORD_IN_ADDRESS = re.compile(r"(\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/@:\"]*:)[^\s\"]+@")


def without_api_keys(text: str) -> str:
    """The text with the secrets of API keys taken out, which stand where none belongs, such as in a path:
    those of whole keys, or of a part of one, and bare ones.
    """
    text = without_marked_keys(text)
    if len(text) > LONGEST_ID:
        text = _ENCODED_KEY.sub(r"\1***", text) if "%" in text else _SECRET.sub("***", text)
    return text


def without_marked_keys(text: str) -> str:
    """The same of those that stand behind `lb_` only, which is found out fast."""
    return _MARKED_KEY.sub(r"\1***", text) if "lb_" in text.lower() else text


def without_passwords(text: str) -> str:
    """The text with the passwords in addresses taken out."""
    return _PASSWORD_IN_ADDRESS.sub(r"\1***@", text) if "://" in text else text


def excerpt(text: str, longest: int) -> str:
    """The beginning of what somebody sent, without secrets: not even the half of one that is cut."""
    text = without_api_keys(text)
    return text if len(text) <= longest else text[:longest] + "..."
