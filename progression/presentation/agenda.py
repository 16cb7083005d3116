"""The first topic of a follow-up meeting: what the answers of the month say, beside the last ones (D35)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.agenda import AgendaLine, AgendaTopic, MeetingFacts
from cases.models import Course
from jobfirst.kit.days import LONG_DATE, written_day
from progression.extension_points import review_parts
from progression.models import AnswerSheet, Rater
from progression.presentation.comparison import ComparedCategory, compare


def _lines(facts: MeetingFacts) -> Iterator[AgendaLine]:
    """Yield the lines of the progression tool, and those of the other parts of the review (D35)."""
    yield from _tool_lines(facts)
    for part in review_parts():
        yield from part.agenda_lines(facts)


def _tool_lines(facts: MeetingFacts) -> Iterator[AgendaLine]:
    """Yield the answers that changed; what is missing before this meeting is named."""
    sheets = AnswerSheet.objects.of_review().filter(course=facts.course, answered_on__lte=facts.on)
    latest = list(sheets.select_related("questionnaire_version")[:2])
    if not latest or not facts.is_new(latest[0].answered_on):
        yield AgendaLine(_("The answers before this meeting are missing."), is_urgent=True)
        return
    day = {"day": written_day(latest[0].answered_on, LONG_DATE)}
    if len(latest) == 1:
        yield AgendaLine(_("The first answers were given on %(day)s.") % day)
        return
    changes = [line for category in compare(latest).categories for line in _changes(category)]
    yield AgendaLine(
        _("Answers of %(day)s, compared with the time before:") % day
        if changes
        else _("The answers of %(day)s are as the time before.") % day
    )
    yield from changes


def _changes(category: ComparedCategory) -> Iterator[AgendaLine]:
    """Yield a line for each answer of the category that changed, and the reason once."""
    has_changed = False
    for compared in category.questions:
        if not compared.difference:
            continue
        now, before = (answer.answer for answer in compared.answers[:2])
        if now is None or before is None:
            continue  # never: a difference has both
        has_changed = True
        change = {"category": category.label, "before": before.value, "now": now.value}
        if compared.rater == Rater.MENTOR:
            yield AgendaLine(_("%(category)s: %(before)s → %(now)s (the mentor's own estimate)") % change)
        else:
            yield AgendaLine(_("%(category)s: %(before)s → %(now)s") % change)
    if has_changed and category.reason:
        yield AgendaLine(_("Why: %(reason)s") % {"reason": category.reason})


def _url(course: Course) -> str:
    return reverse("progression:review", args=[course.public_id])


TOPIC = AgendaTopic("progression", gettext_lazy("Progression"), 10, _lines, _url)
