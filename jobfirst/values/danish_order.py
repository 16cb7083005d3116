"""The order of names in Danish: Æ, Ø and Å last, Aa as Å, capitals and accents only between equal names.

The database sorts so by itself, because its collation is that of ICU for Danish (docs/operations.md):
`check_database` refuses one that does not. `danish_key` is the same rule for rows that are sorted in Python.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

#: What is no letter, in the order of ICU's root collation; then digits, then letters.
OTHER_CHARACTERS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"
ORDER = {character: rank for rank, character in enumerate(f" {OTHER_CHARACTERS}0123456789{LETTERS}")}
#: Letters that Danish sorts as another one.
SORTED_AS = {"ä": "æ", "ö": "ø", "ü": "y", "ð": "d", "þ": "th", "œ": "ø", "ő": "ø", "ű": "y", "ß": "ss"}

#: The ways to write Å with two letters (not aA), and their places among Å (0) and å (3).
AS_AA = {"AA": 1, "Aa": 2, "aa": 4}
UNITS = re.compile("AA|Aa|aa|.", re.DOTALL)

IN_ORDER = "SELECT 'anna' < 'Berg' AND 'Zornig' < 'Ærø' AND 'Ærø' < 'Øster' AND 'Øster' < 'Aagaard'"


def danish_key(text: str) -> tuple[tuple[int, ...], ...]:
    """Return what a text is sorted by: its letters; then accents; then capitals before small letters."""
    units = UNITS.findall(unicodedata.normalize("NFC", text))
    letters = ["å" if unit in AS_AA else unit.lower() for unit in units]
    base = "".join(SORTED_AS.get(letter, letter) for letter in letters)
    return (
        tuple(ORDER.get(letter, len(ORDER)) for letter in map(_without_accent, base)),
        tuple(int(letter not in ORDER) for letter in letters),
        tuple(AS_AA.get(unit, 0 if unit.isupper() else 3) for unit in units),
    )


def _without_accent(character: str) -> str:
    """Return the letter below an accent; Å is a letter of its own."""
    return character if character in ORDER else unicodedata.normalize("NFD", character)[0]


@register(Tags.database)
def check_database(
    app_configs: Any = None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Refuse a database whose collation is not Danish; `migrate` checks it first."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(IN_ORDER)
            is_danish = cursor.fetchone() == (True,)
        if not is_danish:
            hint = "Create it with --locale-provider=icu --icu-locale=da-DK (docs/operations.md)."
            text = "The database does not sort names as in Danish."
            errors.append(Error(text, hint=hint, id="jobfirst.E001"))
    return errors
