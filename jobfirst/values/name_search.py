"""Finding names as people type them: parts in any order, without capitals, accents or Danish letters.

`soren aage` finds "Søren Ågesen" and "Aagesen, Sören". Both sides are folded by the same steps: small
letters, accents left out, `æ` as `ae`, `ø` and `oe` as `o`, `å` and `aa` as `a`.
"""

import unicodedata
from typing import TypeVar, cast

from django.db.models import F, Func, Model, Q, QuerySet, Value
from django.db.models.functions import Lower, Replace

ModelT = TypeVar("ModelT", bound=Model)

ACCENTED = "àáâãäåāăąçćčďèéêëēęěğìíîïīłñńňòóôõöøōőŕřśşšťùúûüūůűýÿźżž"
WITHOUT = "aaaaaaaaacccdeeeeeeegiiiiilnnnoooooooorrssstuuuuuuuyyzzz"
#: Two letters that stand for one, and what they are folded to; in this order.
PAIRS = (("æ", "ae"), ("œ", "o"), ("aa", "a"), ("oe", "o"))


class Translate(Func):
    """PostgreSQL's translate(text, from, to): letter by letter."""

    function = "translate"
    arity = 3


def folded(text: str) -> str:
    """Return the text as names are compared, in composed form."""
    text = unicodedata.normalize("NFC", text).lower().translate(str.maketrans(ACCENTED, WITHOUT))
    for letters, fold in PAIRS:
        text = text.replace(letters, fold)
    return text


def folded_in_sql(expression: str) -> str:
    """Return the SQL that folds the text of an SQL expression by the same steps, for triggers."""
    sql = f"translate(lower({expression}), '{ACCENTED}', '{WITHOUT}')"
    for letters, fold in PAIRS:
        sql = f"replace({sql}, '{letters}', '{fold}')"
    return sql


def named_like(queryset: "QuerySet[ModelT, ModelT]", field: str, typed: str) -> "QuerySet[ModelT, ModelT]":
    """Return the rows in whose name each of the typed words stands somewhere; all when nothing is typed."""
    words = folded(typed).split()
    if not words:
        return queryset
    name: Func = Translate(Lower(F(field)), Value(ACCENTED), Value(WITHOUT))
    for letters, fold in PAIRS:
        name = Replace(name, Value(letters), Value(fold))
    condition = Q()
    for word in words:
        condition &= Q(folded_name__contains=word)
    # The stubs forget the model of a queryset with an alias.
    return cast("QuerySet[ModelT, ModelT]", queryset.alias(folded_name=name).filter(condition))
