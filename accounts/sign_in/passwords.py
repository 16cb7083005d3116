"""Which passwords are refused beside Django's 20,000 most common ones: those that are easy to guess here.

No rule asks for certain characters: length and unpredictability count (OWASP ASVS 6.2).
"""

import csv
import functools
import re
from itertools import pairwise
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

REFERENCE = Path(__file__).parent.parent / "reference"
#: So many letters must be left of a password when the words that everybody thinks of are taken out.
FEWEST_OTHER_LETTERS = 4
FEWEST_DIFFERENT_CHARACTERS = 5
#: Of a password without letters.
FEWEST_DIFFERENT_DIGITS = 7
#: Characters in a row that each follow the one before are counting, as 1234 or 9876.
COUNTING = 4
#: What people write for a letter.
STAND_INS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})


class LongestPasswordValidator:
    """No longer than 128 characters: a longer one costs time to hash and no longer adds anything."""

    longest = 128

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password that is too long."""
        if len(password) > self.longest:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("The password may have at most %(count)d characters.") % {"count": self.longest}


class GuessablePasswordValidator:
    """Not made of words that come to mind here: seasons and years, names, places, the system's own name."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password with little else in it, or with few different characters."""
        text = password.casefold()
        if _has_letters(text):
            readings = (text, text.translate(STAND_INS))
            is_guessable = any(len(_other_letters(reading)) < FEWEST_OTHER_LETTERS for reading in readings)
        else:
            is_guessable = len(set(text)) < FEWEST_DIFFERENT_DIGITS or _counts_on(text)
        if is_guessable or len(set(text)) < FEWEST_DIFFERENT_CHARACTERS:
            text = _(
                "This password is easy to guess. Take several words that have nothing to do with each other."
            )
            raise ValidationError(text, code="password_guessable")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("The password may not consist of names, places, seasons, years and the like.")


def _has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _counts_on(text: str) -> bool:
    """Whether some characters in a row go up or down by one."""
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    runs = [steps[start : start + COUNTING - 1] for start in range(len(steps) - COUNTING + 2)]
    return any(set(run) in ({1}, {-1}) for run in runs)


def _other_letters(text: str) -> str:
    """Return the letters of the text that belong to no word of the list."""
    return "".join(re.findall(r"[^\W\d_]", _words().sub(" ", text)))


@functools.cache
def _words() -> re.Pattern[str]:
    """Return a pattern of the words of the list and the names of the municipalities, longest first."""
    words = set((REFERENCE / "password_words.txt").read_text(encoding="utf-8").split())
    with (REFERENCE / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        words |= {row["name"].casefold() for row in csv.DictReader(file, delimiter=";")}
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
