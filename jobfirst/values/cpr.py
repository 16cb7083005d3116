"""The Danish personal identification number (CPR): parsed, and never validated by its check digit.

It is stored encrypted by `cases.models.citizen.Citizen` (`jobfirst.encryption.crypto`), and found by a keyed
hash.

A number is ten digits, ``DDMMYYSSSS``: the day of birth, the year without its century, and a serial number
whose first digit, together with the year, gives the century. The modulus 11 check was abandoned on 1 October
2007, so a number that fails it is valid too.

No function puts the number into a message, a representation or an exception: an error says what is wrong with
it, never what was typed. There is no clock here: whether a birth date lies in the future is checked by the
caller.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from jobfirst.reader.as_seen import INVISIBLE

_PATTERN = re.compile(r"([0-9]{6})[- ]?([0-9]{4})")
#: Ten digits in text, not part of a longer number, separated by hyphens, dashes, points or spaces of any
#: kind or by brackets; the day may be written apart, with a year of two digits or four, when a hyphen follows
#: it: 01.02.70-1234, 01.02.1970-1234.
_HYPHEN = r"\-\u2010-\u2015\u2212"
_IN_TEXT = re.compile(
    rf"(?<![0-9])([0-9]{{6}})[\s./_(){_HYPHEN}]{{0,3}}([0-9]{{4}})(?![0-9])"
    rf"|(?<![0-9])([0-9]{{2}}[\s./{_HYPHEN}]?[0-9]{{2}}[\s./{_HYPHEN}]?)(?:19|20)?([0-9]{{2}})"
    rf"\s?[{_HYPHEN}]\s?([0-9]{{4}})(?![0-9])"
)
_NO_DIGIT = re.compile("[^0-9]")

#: The century by the serial number's first digit (the 7th digit) and the two-digit year, as the Civil
#: Registration System's own description lays it down ("Personnummeret i CPR-systemet", cpr.dk). Each entry
#: reads: years up to and including the first number belong to the first century, the rest to the second.
#:
#:     7th digit   year       born
#:     0-3         00-99      1900-1999
#:     4, 9        00-36      2000-2036
#:                 37-99      1937-1999
#:     5-8         00-57      2000-2057
#:                 58-99      1858-1899
_CENTURIES = {
    **dict.fromkeys("0123", (99, 1900, 1900)),
    **dict.fromkeys("49", (36, 2000, 1900)),
    **dict.fromkeys("5678", (57, 2000, 1800)),
}


class InvalidCpr(ValueError):
    """The text is not a CPR number. ``code`` is ``format`` (not ten digits) or ``birth_date``.

    The message never repeats what was typed.
    """

    MESSAGES = {
        "format": "must be ten digits, DDMMYYSSSS, with or without a hyphen",
        "birth_date": "the first six digits are not a birth date",
    }

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(self.MESSAGES[code])


@dataclass(frozen=True)
class Cpr:
    """A parsed number and its birth date. ``repr`` and ``str`` leave the number out."""

    digits: str = field(repr=False)
    born_on: date = field(repr=False)

    def __str__(self) -> str:
        return "CPR"


def parse(text: str) -> Cpr:
    """Parse a CPR number written ``DDMMYYSSSS``, ``DDMMYY-SSSS`` or ``DDMMYY SSSS``.

    Raises `InvalidCpr` when it is not ten digits, or when its first six are not a date in the century that
    the seventh digit gives. Modulus 11 is not checked.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise InvalidCpr("format")
    digits = match[1] + match[2]
    return Cpr(digits=digits, born_on=birth_date(digits))


def stands_in(text: str) -> bool:
    """Whether the text contains ten digits that can be a CPR number, also with invisible characters between.

    Another number of ten digits matches only by chance: about one in twenty-eight begins with a valid day.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    for match in _IN_TEXT.finditer(text):
        try:
            birth_date(_NO_DIGIT.sub("", "".join(part for part in match.groups() if part)))
        except InvalidCpr:
            continue
        return True
    return False


def birth_date(digits: str) -> date:
    """Return the birth date of ten digits ``DDMMYYSSSS``; `InvalidCpr` when there is no such day."""
    day, month, year = int(digits[0:2]), int(digits[2:4]), int(digits[4:6])
    last_year_of_first, first, second = _CENTURIES[digits[6]]
    century = first if year <= last_year_of_first else second
    try:
        return date(century + year, month, day)
    except ValueError:
        # "from None": a traceback of the chained error could show the number among its local variables.
        raise InvalidCpr("birth_date") from None
