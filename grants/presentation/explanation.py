"""Explanations in words: what an amount rests on, and why a spell earned nothing (D26–D28)."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from companies.models import PlacementKind
from grants.models import GrantTerms
from grants.presentation.event_labels import completion_label, event_label
from grants.reckoning.statement import Adjustment, CitizenSpells, EventLine, ProjectStatement, StatementView
from grants.rules.values import (
    CrossedTakeOver,
    GrantEvent,
    GrantEventKind,
    Hole,
    HoleKind,
    LongestRun,
    Spell,
    UnusedReason,
    UnusedSpell,
)
from jobfirst.values import money


@dataclass(frozen=True, slots=True)
class EarnedPart:
    """One event or adjustment: its heading, its amount, and the sentences that explain it."""

    heading: str
    amount: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpellWords:
    """One spell: kind, company, days, the events it carries, or the reason why none."""

    kind: str
    company: str
    first: str
    last: str
    gave: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one citizen in one statement."""

    pseudonym: str
    parts: tuple[EarnedPart, ...]
    missing: tuple[str, ...]
    adjustments: tuple[EarnedPart, ...]
    spells: tuple[SpellWords, ...]


def explain(
    statement: ProjectStatement, terms: GrantTerms, companies: Mapping[str, str]
) -> Explanation | None:
    """Return the explanation of the only citizen in `statement`; None when there is none.

    `terms` holds the terms in force on the cut-off. `companies` are names by CVR number; without a
    name the number is shown.
    """
    rows: list[EventLine | Adjustment | CitizenSpells] = [
        *statement.lines,
        *statement.adjustments,
        *statement.spells_by_citizen,
    ]
    if not rows:
        return None
    spells = [
        words
        for citizen_spells in statement.spells_by_citizen
        for words in _spell_words(citizen_spells, statement.lines, terms, companies)
    ]
    return Explanation(
        pseudonym=rows[0].citizen.pseudonym,
        parts=tuple(_event_part(line.event, terms, companies) for line in statement.lines),
        missing=tuple(
            _missing_completion_text(citizen_spells.longest)
            for citizen_spells in statement.spells_by_citizen
            if citizen_spells.longest
        ),
        adjustments=tuple(
            _adjustment_part(item, statement.spells_by_citizen, terms, companies)
            for item in statement.adjustments
        ),
        spells=tuple(spells),
    )


def _event_part(event: GrantEvent, terms: GrantTerms, companies: Mapping[str, str]) -> EarnedPart:
    company = companies.get(event.company, event.company)
    heading = f"{event_label(event.kind, event.on, terms)}: {_short_date(event.on)}"
    if event.kind is GrantEventKind.START:
        because = [_("The first day that counts, at %(company)s.") % {"company": company}]
    else:
        because = [
            _("Day %(days)s in a row that counts at %(company)s, counted from %(first)s.")
            % {"days": event.counted_days, "company": company, "first": _short_date(event.counted_from)}
        ]
        because += [_take_over_text(item, companies) for item in event.crossed]
        because += [_hole_text(hole) for hole in event.holes]
    because.append(_("By the terms from %(day)s.") % {"day": _short_date(event.terms_valid_from)})
    return EarnedPart(heading, money.written(event.amount), tuple(because))


def _take_over_text(item: CrossedTakeOver, companies: Mapping[str, str]) -> str:
    """Return why days at two companies are one run."""
    text = _(
        "%(predecessor)s was taken over by %(successor)s on %(day)s: days at the same workplace go on there."
    )
    return text % {
        "predecessor": companies.get(item.predecessor) or item.predecessor,
        "successor": companies.get(item.successor) or item.successor,
        "day": _short_date(item.on),
    }


def _hole_text(hole: Hole) -> str:
    values = {
        "first": _short_date(hole.span.first),
        "last": _short_date(hole.span.last_day),
        "n": hole.span.days,
    }
    if hole.kind is HoleKind.NON_WORKING:
        text = ngettext(
            "%(first)s to %(last)s: %(n)d day bridged and counted; only weekend or public holiday.",
            "%(first)s to %(last)s: %(n)d days bridged and counted; only weekend or public holidays.",
            hole.span.days,
        )
    else:
        text = ngettext(
            "%(first)s to %(last)s: %(n)d day within the tolerance; it breaks nothing, and does not count.",
            "%(first)s to %(last)s: %(n)d days within the tolerance; they break nothing, and do not count.",
            hole.span.days,
        )
    return text % values


def _missing_completion_text(longest: LongestRun) -> str:
    """Return why there is a start and no completion: how far the longest run came."""
    text = _(
        "%(event)s: not earned. Longest run in a row: %(counted)s of %(needed)s days (%(first)s–%(last)s)."
    )
    return text % {
        "event": completion_label(longest.needed_days),
        "counted": longest.counted_days,
        "needed": longest.needed_days,
        "first": _short_date(longest.span.first),
        "last": _short_date(longest.span.last_day),
    }


def _adjustment_part(
    item: Adjustment,
    spells_by_citizen: Iterable[CitizenSpells],
    terms: GrantTerms,
    companies: Mapping[str, str],
) -> EarnedPart:
    heading = event_label(item.kind, item.was_on, terms)
    was = _("In the statement of %(cut_off)s: %(day)s, %(amount)s kroner.") % {
        "cut_off": _short_date(item.approved_cut_off),
        "day": _short_date(item.was_on),
        "amount": money.written(item.was),
    }
    if item.on is None:
        reasons = [
            text
            for citizen_spells in spells_by_citizen
            for text in _reasons_lost(item, citizen_spells, companies)
        ]
        now = [_("It is no longer earned."), *reasons]
    else:
        now = [
            _("Now: %(day)s, %(amount)s kroner.")
            % {
                "day": _short_date(item.on),
                "amount": money.written(item.now),
            }
        ]
    return EarnedPart(heading, money.written(item.amount), (was, *now))


def _reasons_lost(
    item: Adjustment, citizen_spells: CitizenSpells, companies: Mapping[str, str]
) -> Iterator[str]:
    """Yield the known reasons why an approved event is no longer earned.

    These are ledger events of the citizen, withdrawn placements, and a placement that now ends before the
    day of the event.
    """
    reason_of = {unused.spell_id: unused.reason for unused in citizen_spells.unused}
    if UnusedReason.REFERRED_IN_ERROR in reason_of.values():
        yield _("The citizen was referred in error: nothing counts.")
    if citizen_spells.left_on and citizen_spells.left_on < item.was_on:
        text = _("The citizen left the trial on %(day)s (withdrew, moved or died).")
        yield text % {"day": _short_date(citizen_spells.left_on)}
    carried = [
        spell
        for spell in citizen_spells.spells
        if spell.starts_on <= item.was_on and reason_of.get(spell.id) is not UnusedReason.KIND_DOES_NOT_COUNT
    ]
    for spell in carried:
        if reason_of.get(spell.id) is UnusedReason.WITHDRAWN:
            text = _(
                "The placement at %(company)s from %(first)s is withdrawn: entered in error, or the citizen "
                "never came."
            )
            yield text % _company_and_start(spell, companies)
    standing = [spell for spell in carried if reason_of.get(spell.id) is not UnusedReason.WITHDRAWN]
    latest = max(standing, key=_end_of, default=None)
    if latest and _end_of(latest) < item.was_on:
        if latest.ended_on:
            text = _("The placement at %(company)s from %(first)s ended on %(last)s.")
        else:
            text = _("The placement at %(company)s from %(first)s is now planned to end on %(last)s.")
        yield text % (_company_and_start(latest, companies) | {"last": _short_date(_end_of(latest))})


def _company_and_start(spell: Spell, companies: Mapping[str, str]) -> dict[str, str]:
    return {"company": companies.get(spell.company, spell.company), "first": _short_date(spell.starts_on)}


def _end_of(spell: Spell) -> datetime.date:
    """Return the last day, else the planned one; of an open spell the latest possible day."""
    return spell.ended_on or spell.planned_end_on or datetime.date.max


def _spell_words(
    citizen_spells: CitizenSpells,
    lines: Iterable[EventLine],
    terms: GrantTerms,
    companies: Mapping[str, str],
) -> Iterable[SpellWords]:
    unused = {item.spell_id: item for item in citizen_spells.unused}
    events = [line.event for line in lines if line.citizen.course_id == citizen_spells.citizen.course_id]
    for spell in citizen_spells.spells:
        item = unused.get(spell.id)
        yield SpellWords(
            kind=str(PlacementKind(spell.kind).label),
            company=companies.get(spell.company, spell.company),
            first=_short_date(spell.starts_on),
            last=_last_day_text(spell),
            gave=", ".join(
                event_label(event.kind, event.on, terms) for event in events if spell.id in event.spell_ids
            ),
            why=reason_words(item) if item else "",
        )


def _last_day_text(spell: Spell) -> str:
    if spell.ended_on:
        return _short_date(spell.ended_on)
    if spell.planned_end_on:
        return _("%(day)s (planned)") % {"day": _short_date(spell.planned_end_on)}
    return _("Onwards")


#: Why a spell earned nothing; too short a one with the days in `reason_words`.
UNUSED = {
    UnusedReason.KIND_DOES_NOT_COUNT: gettext_lazy("This kind does not count."),
    UnusedReason.NO_END_KNOWN: gettext_lazy("No end is known, and it is no employment."),
    UnusedReason.ENDS_BEFORE_IT_STARTS: gettext_lazy("It ends before it starts."),
    UnusedReason.BEFORE_ALLOCATION: gettext_lazy("It was over before the draw."),
    UnusedReason.BEFORE_PROJECT: gettext_lazy("It was over before the project began."),
    UnusedReason.AFTER_PROJECT: gettext_lazy("It begins after the project's end."),
    UnusedReason.AFTER_CUT_OFF: gettext_lazy("It begins after the cut-off."),
    UnusedReason.NO_TERMS: gettext_lazy("No terms were in force."),
    UnusedReason.TOO_SHORT: gettext_lazy("Too short for the completion."),
    UnusedReason.ALREADY_EARNED: gettext_lazy("Both parts were earned already; each is paid once."),
    UnusedReason.REFERRED_IN_ERROR: gettext_lazy("The citizen was referred in error: nothing counts."),
    UnusedReason.LEFT_TRIAL: gettext_lazy(
        "It begins after the citizen left the trial (withdrew, moved or died)."
    ),
    UnusedReason.WITHDRAWN: gettext_lazy("Withdrawn: entered in error, or the citizen never came."),
}


def reason_words(item: UnusedSpell) -> str:
    """Return why the spell earned nothing, in words."""
    if item.reason is UnusedReason.TOO_SHORT:
        return _("Too short for the completion: %(days)s of %(needed)s days in a row.") % {
            "days": item.counted_days,
            "needed": item.needed_days,
        }
    return str(UNUSED[item.reason])


def look_back_warnings(view: StatementView) -> list[str]:
    """Return the warning of a look back, whose cut-off lies before an approved one; otherwise nothing."""
    if view.approved_after is None:
        return []
    warning = _("A statement up to %(day)s is approved: this is a look back, nothing is payable from it.")
    return [warning % {"day": date_format(view.approved_after, "DATE_FORMAT")}]


def _short_date(day: datetime.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
