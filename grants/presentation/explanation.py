"""What an amount rests on, and why a spell gave nothing, in words (D26–D28)."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models import PlacementKind
from grants.models import GrantTerms
from grants.presentation.event_labels import completion_label, event_label
from grants.reckoning.statement import Account, Adjustment, Draft, Line, ProjectStatement
from grants.rules.values import (
    EarnedEvent,
    GrantEventKind,
    Hole,
    HoleKind,
    LongestRun,
    Spell,
    UnusedReason,
    UnusedSpell,
)
from jobfirst import money


@dataclass(frozen=True, slots=True)
class Part:
    """One earned part: its heading, its amount in words, and the sentences it rests on."""

    heading: str
    amount: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpellWords:
    """One spell: kind, company, days, what it gave, and if nothing why not."""

    kind: str
    company: str
    first: str
    last: str
    gave: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one citizen in one statement."""

    pseudonym: str
    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    adjustments: tuple[Part, ...]
    spells: tuple[SpellWords, ...]


def explain(own: ProjectStatement, terms: GrantTerms, companies: Mapping[str, str]) -> Explanation | None:
    """The one citizen of `own` in words; None when there is nobody.

    `terms` holds the terms in force on the cut-off. `companies` gives names by CVR number where the reader
    may know them; elsewhere the number stands.
    """
    rows: list[Line | Adjustment | Account] = [*own.lines, *own.adjustments, *own.accounts]
    if not rows:
        return None
    spells = [words for account in own.accounts for words in _spells(account, own.lines, terms, companies)]
    return Explanation(
        pseudonym=rows[0].who.pseudonym,
        parts=tuple(_part(line.event, terms, companies) for line in own.lines),
        missing=tuple(_missing(account.longest) for account in own.accounts if account.longest),
        adjustments=tuple(_adjusted(item, own.accounts, terms, companies) for item in own.adjustments),
        spells=tuple(spells),
    )


def _part(event: EarnedEvent, terms: GrantTerms, companies: Mapping[str, str]) -> Part:
    where = companies.get(event.company, event.company)
    heading = f"{event_label(event.kind, event.on, terms)}: {_day(event.on)}"
    if event.kind is GrantEventKind.START:
        because = [_("The first day that counts, at %(company)s.") % {"company": where}]
    else:
        because = [
            _("Day %(days)s in a row that counts at %(company)s, counted from %(first)s.")
            % {"days": event.counted_days, "company": where, "first": _day(event.counted_from)}
        ]
        because += [_hole(hole) for hole in event.holes]
    because.append(_("By the terms from %(day)s.") % {"day": _day(event.terms_valid_from)})
    return Part(heading, money.written(event.amount), tuple(because))


def _hole(hole: Hole) -> str:
    values = {"first": _day(hole.span.first), "last": _day(hole.span.last_day), "n": hole.span.days}
    if hole.kind is HoleKind.NON_WORKING:
        said = ngettext(
            "%(first)s to %(last)s: %(n)d day bridged and counted; only weekend or public holiday.",
            "%(first)s to %(last)s: %(n)d days bridged and counted; only weekend or public holidays.",
            hole.span.days,
        )
    else:
        said = ngettext(
            "%(first)s to %(last)s: %(n)d day within the tolerance; it breaks nothing, and does not count.",
            "%(first)s to %(last)s: %(n)d days within the tolerance; they break nothing, and do not count.",
            hole.span.days,
        )
    return said % values


def _missing(longest: LongestRun) -> str:
    """Why there is a start and no completion: how far the longest run came."""
    said = _(
        "%(event)s: not earned. Longest run in a row: %(counted)s of %(needed)s days (%(first)s–%(last)s)."
    )
    return said % {
        "event": completion_label(longest.needed_days),
        "counted": longest.counted_days,
        "needed": longest.needed_days,
        "first": _day(longest.span.first),
        "last": _day(longest.span.last_day),
    }


def _adjusted(
    item: Adjustment, accounts: Iterable[Account], terms: GrantTerms, companies: Mapping[str, str]
) -> Part:
    heading = event_label(item.kind, item.was_on, terms)
    was = _("In the statement of %(cut_off)s: %(day)s, %(amount)s kroner.") % {
        "cut_off": _day(item.approved_cut_off),
        "day": _day(item.was_on),
        "amount": money.written(item.was),
    }
    if item.on is None:
        why = [said for account in accounts for said in _lost(item, account, companies)]
        now = [_("It is no longer earned."), *why]
    else:
        now = [
            _("Now: %(day)s, %(amount)s kroner.")
            % {
                "day": _day(item.on),
                "amount": money.written(item.now),
            }
        ]
    return Part(heading, money.written(item.amount), (was, *now))


def _lost(item: Adjustment, account: Account, companies: Mapping[str, str]) -> Iterator[str]:
    """Why an approved event is no longer earned, as far as it is known: what has been said of the citizen,
    which placements were withdrawn, and which of them now ends before the event's day."""
    reasons = {unused.spell_id: unused.reason for unused in account.unused}
    if UnusedReason.REFERRED_IN_ERROR in reasons.values():
        yield _("The citizen was referred in error: nothing counts.")
    if account.left_on and account.left_on < item.was_on:
        said = _("The citizen left the trial on %(day)s (withdrew, moved or died).")
        yield said % {"day": _day(account.left_on)}
    carried = [
        spell
        for spell in account.spells
        if spell.starts_on <= item.was_on and reasons.get(spell.id) is not UnusedReason.KIND_DOES_NOT_COUNT
    ]
    for spell in carried:
        if reasons.get(spell.id) is UnusedReason.WITHDRAWN:
            said = _(
                "The placement at %(company)s from %(first)s is withdrawn: entered in error, or the citizen "
                "never came."
            )
            yield said % _named(spell, companies)
    standing = [spell for spell in carried if reasons.get(spell.id) is not UnusedReason.WITHDRAWN]
    latest = max(standing, key=_ends, default=None)
    if latest and _ends(latest) < item.was_on:
        if latest.ended_on:
            said = _("The placement at %(company)s from %(first)s ended on %(last)s.")
        else:
            said = _("The placement at %(company)s from %(first)s is now planned to end on %(last)s.")
        yield said % (_named(latest, companies) | {"last": _day(_ends(latest))})


def _named(spell: Spell, companies: Mapping[str, str]) -> dict[str, str]:
    return {"company": companies.get(spell.company, spell.company), "first": _day(spell.starts_on)}


def _ends(spell: Spell) -> datetime.date:
    """The last day, the planned one while there is no other; an open spell never ends."""
    return spell.ended_on or spell.planned_end_on or datetime.date.max


def _spells(
    account: Account, lines: Iterable[Line], terms: GrantTerms, companies: Mapping[str, str]
) -> Iterable[SpellWords]:
    unused = {item.spell_id: item for item in account.unused}
    events = [line.event for line in lines if line.who.course_id == account.who.course_id]
    for spell in account.spells:
        item = unused.get(spell.id)
        yield SpellWords(
            kind=str(PlacementKind(spell.kind).label),
            company=companies.get(spell.company, spell.company),
            first=_day(spell.starts_on),
            last=_last(spell),
            gave=", ".join(
                event_label(event.kind, event.on, terms) for event in events if spell.id in event.spell_ids
            ),
            why=reason_words(item) if item else "",
        )


def _last(spell: Spell) -> str:
    if spell.ended_on:
        return _day(spell.ended_on)
    if spell.planned_end_on:
        return _("%(day)s (planned)") % {"day": _day(spell.planned_end_on)}
    return _("Onwards")


def reason_words(item: UnusedSpell) -> str:
    """Why the spell gave nothing."""
    words = {
        UnusedReason.KIND_DOES_NOT_COUNT: _("This kind does not count."),
        UnusedReason.NO_END_KNOWN: _("No end is known, and it is no employment."),
        UnusedReason.ENDS_BEFORE_IT_STARTS: _("It ends before it starts."),
        UnusedReason.BEFORE_ALLOCATION: _("It was over before the draw."),
        UnusedReason.BEFORE_PROJECT: _("It was over before the project began."),
        UnusedReason.AFTER_PROJECT: _("It begins after the project's end."),
        UnusedReason.AFTER_CUT_OFF: _("It begins after the cut-off."),
        UnusedReason.NO_TERMS: _("No terms were in force."),
        UnusedReason.TOO_SHORT: _("Too short for the completion: %(days)s of %(needed)s days in a row.")
        % {"days": item.counted_days, "needed": item.needed_days},
        UnusedReason.ALREADY_EARNED: _("Both parts were earned already; each is paid once."),
        UnusedReason.REFERRED_IN_ERROR: _("The citizen was referred in error: nothing counts."),
        UnusedReason.LEFT_TRIAL: _("It begins after the citizen left the trial (withdrew, moved or died)."),
        UnusedReason.WITHDRAWN: _("Withdrawn: entered in error, or the citizen never came."),
    }
    return words[item.reason]


def look_back(draft: Draft) -> list[str]:
    """What is said of a draft whose cut-off lies before an approved one; nothing of any other."""
    if draft.look_back is None:
        return []
    said = _("A statement up to %(day)s is approved: this is a look back, nothing is payable from it.")
    return [said % {"day": date_format(draft.look_back, "DATE_FORMAT")}]


def _day(day: datetime.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
