"""What the events of the grant are called: the same words on pages, in files and on paper (D26).

A completion is called after its length wherever the terms it is judged by are at hand.
"""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.models import GrantEventKindChoices, GrantTerms
from grants.reckoning.statement import EventLine
from grants.rules.values import GrantEventKind

DAYS_OF_A_WEEK = 7


def length_in_words(days: int) -> str:
    """Return a number of days as weeks where it is whole weeks: 13 weeks, 90 days."""
    if days % DAYS_OF_A_WEEK:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    weeks = days // DAYS_OF_A_WEEK
    return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}


def kind_label(kind: GrantEventKind) -> str:
    """Return the event in the reader's language, without the length of a completion."""
    return str(GrantEventKindChoices(kind.value).label)


def completion_label(days: int) -> str:
    """Return what a completion of so many days is called."""
    return _("Completion of %(length)s") % {"length": length_in_words(days)}


def event_label(kind: GrantEventKind, on: datetime.date, terms: GrantTerms) -> str:
    """Return what an event of the day is called; a completion with its length if it falls under the terms.

    `terms` holds the terms in force on the cut-off: an earlier event is of earlier terms.
    """
    if kind is GrantEventKind.COMPLETION and on >= terms.valid_from:
        return completion_label(terms.completion_days)
    return kind_label(kind)


def completion_heading(lines: Iterable[EventLine], terms: GrantTerms) -> str:
    """Return the heading of a column of completions: with the length, if all fall under the terms."""
    completions = (line.event for line in lines if line.event.kind is GrantEventKind.COMPLETION)
    if all(event.on >= terms.valid_from for event in completions):
        return completion_label(terms.completion_days)
    return kind_label(GrantEventKind.COMPLETION)
