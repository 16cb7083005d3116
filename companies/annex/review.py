"""The annex as part of the monthly review, on the agenda of the meeting, and on the course's page (D35)."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.links.actions import LastLink
from accounts.links.models import RecipientKind
from cases.agenda import AgendaLine, MeetingFacts
from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection
from cases.models import Course
from companies.annex.comparison import AnnexComparison, compare_months, months_beside
from companies.annex.months import AnnexOverTime, AnsweredMonth, annex_over_time
from companies.annex.owed import is_owed
from companies.links.last_sent import ANNEX, last_links_of
from companies.models import AnnexParty
from jobfirst.kit.days import LONG_DATE, written_day
from progression.extension_points import ReviewFacts, ReviewPart


class AnnexLinks(NamedTuple):
    """The last links by which company and citizen were asked (D44)."""

    company: LastLink | None
    citizen: LastLink | None


@dataclass(frozen=True)
class ShownAnnex:
    """An annex on the review: the chosen month with its answers beside the last and the first."""

    annex: AnnexOverTime
    links: AnnexLinks
    chosen: AnsweredMonth | None
    comparison: AnnexComparison | None


def _chosen_day(facts: ReviewFacts) -> datetime.date | None:
    """Return the day whose month is looked at: that of the address, or of the answers above."""
    try:
        return datetime.date.fromisoformat(facts.query.get("bilag", ""))
    except ValueError:
        return facts.answered_on if "svar" in facts.query else None


def _links_of(annexes: Sequence[AnnexOverTime], course: Course) -> list[AnnexLinks]:
    """Return the last links of each annex of the course; one query.

    What a company owes may have been asked for by a link about another placement, which leads on to this one.
    """
    links = last_links_of(course)
    rows = []
    for annex in annexes:
        month = annex.current
        company = links.last(ANNEX, annex.engagement, RecipientKind.COMPANY_CONTACT)
        to_contact = links.to_contacts.get(annex.engagement.contact)
        if to_contact is not None and month is not None and is_owed(annex, annex.on):
            is_newer = company is None or company.link.pk < to_contact.link.pk
            sent_on = timezone.localdate(to_contact.link.created_at)
            company = to_contact if is_newer and sent_on >= month.month.asked_from else company
        rows.append(AnnexLinks(company, links.last(ANNEX, annex.engagement, RecipientKind.CITIZEN)))
    return rows


def _context(facts: ReviewFacts) -> dict[str, Any] | None:
    """Return the annexes of the course; None without a work agreement."""
    annexes = annex_over_time(facts.course, facts.on, facts.terms)
    if not annexes:
        return None
    day = _chosen_day(facts)
    rows = []
    for annex, links in zip(annexes, _links_of(annexes, facts.course), strict=True):
        chosen = None if day is None else annex.month_on(day)
        comparison = compare_months(months_beside(annex, chosen))
        rows.append(ShownAnnex(annex, links, chosen or next(iter(annex.months), None), comparison))
    return {"annexes": rows, "may_answer": facts.may_answer, "course": facts.course}


def parties_in_words(parties: Sequence[AnnexParty]) -> str:
    """Return who is missing, in words."""
    if len(parties) > 1:
        return _("both the company and the citizen")
    words = {AnnexParty.COMPANY: _("the company"), AnnexParty.CITIZEN: _("the citizen")}
    return "".join(words[party] for party in parties)


def _agenda_lines(facts: MeetingFacts) -> Iterator[AgendaLine]:
    """Yield what company and citizen answered before this meeting, and who has not answered."""
    for annex in annex_over_time(facts.course, facts.on, facts.terms):
        month = annex.month_on(facts.on)
        if month is None or not (month.month.is_owed or month.has_replies):
            continue
        company = {"company": annex.engagement.first.company.name}
        lacking = [party for party in AnnexParty if month.reply_of(party) is None]
        if lacking:
            values = {**company, "parties": parties_in_words(lacking)}
            yield AgendaLine(_("Annex, %(company)s: missing from %(parties)s.") % values, is_urgent=True)
        if month.is_shown and month.has_replies:
            yield from _changed_lines(annex, month, company)


def _changed_lines(
    annex: AnnexOverTime, month: AnsweredMonth, company: dict[str, str]
) -> Iterator[AgendaLine]:
    """Yield the questions that a party answers otherwise than the time before, and those that both see
    differently now."""
    comparison = compare_months(months_beside(annex, month)[:2])
    if comparison is None:
        return
    heading = {**company, "day": written_day(month.month.due_on, LONG_DATE)}
    yield AgendaLine(_("Annex, %(company)s, answered before %(day)s:") % heading)
    for question in comparison.questions:
        now = {answer.party: answer for answer in question.months[0]}
        values = {answer.value for answer in now.values()}
        before = question.months[1] if len(question.months) > 1 else []
        has_changed = any(
            answer.value is not None
            and now[answer.party].value is not None
            and answer.value != now[answer.party].value
            for answer in before
        )
        if has_changed or (len(values) > 1 and None not in values):
            words = {
                "question": question.text,
                "company": now[AnnexParty.COMPANY].words,
                "citizen": now[AnnexParty.CITIZEN].words,
            }
            yield AgendaLine(_("%(question)s Company: %(company)s. Citizen: %(citizen)s.") % words)


def _section_context(course_on_day: CourseOnDay) -> dict[str, Any] | None:
    """Return the annexes of placements that run; None without a work agreement."""
    course = course_on_day.course
    annexes = annex_over_time(course, course_on_day.on, course_on_day.terms, with_answers=False)
    running = [annex for annex in annexes if annex.current is not None]
    return {"annexes": list(zip(running, _links_of(running, course), strict=True))} if annexes else None


PART = ReviewPart("annex", "companies/_annex_review.html", _context, _agenda_lines)
SECTION = CourseSection(
    key="annex",
    title=gettext_lazy("The annex: the company's and the citizen's answers"),
    template="companies/annex_panel.html",
    page=CoursePage.COMPANY,
    order=12,
    context=_section_context,
)
