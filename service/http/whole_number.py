"""Numbers as JSON clients write them: some have no integers and send 7.0 or 1e2."""

import re

#: A number as JSON writes it.
_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?)([0-9]+))?")
#: Larger than any bound of any integer of the API.
_BEYOND_ALL_BOUNDS = 2**64


def whole_number(text: str) -> int | None:
    """The integer that `text` stands for: 7, 7.0, 1e2 and 1.5e1 are integers. None if it is not one, or not a JSON
    number.

    It works on the digits and never on a double, so no digit is lost. A number too large for every bound of the
    API is returned as another one that is too large: 1e999999 is never computed.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, before, after, minus, exponent = match.groups(default="")
    digits = (before + after).lstrip("0")
    if not digits:
        return 0
    # Ten digits of the exponent are enough: no body is long enough to balance a larger one with zeros.
    power = int(exponent.lstrip("0")[:10] or 0)
    point = len(digits) - len(after) + (-power if minus == "-" else power)
    if len(digits.rstrip("0")) > point:
        return None
    number = int(digits[:point].ljust(point, "0")) if point < 20 else _BEYOND_ALL_BOUNDS
    return -number if sign else number


def number(text: str) -> float | None:
    """The number that `text` stands for; None if it is not a JSON number."""
    return float(text) if _NUMBER.fullmatch(text) else None


def integer_or_float(text: str) -> int | float:
    """The same for a number that need not be an integer."""
    number = whole_number(text)
    return float(text) if number is None else number
