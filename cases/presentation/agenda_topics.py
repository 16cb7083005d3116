"""The topics of a follow-up meeting that the course itself owns (D18): promises, CV, job goal, contact."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.agenda import AgendaLine, AgendaTopic, MeetingFacts
from cases.extension_points import section_url
from cases.gaps import CourseGap, find_gaps, with_filled_days
from cases.models import Course, MentorContact
from cases.presentation.cv import cv_changed_on, cv_last_seen_on
from cases.presentation.pauses import pause_words
from jobfirst.kit.days import LONG_DATE, written_day


def _section(key: str) -> Callable[[Course], str]:
    """Return the function from a course to this section of its pages."""

    def url(course: Course) -> str:
        return section_url(course.public_id, key)

    return url


def _cv(facts: MeetingFacts) -> Iterator[AgendaLine]:
    """Yield that the CV is missing, or when it was changed and seen through since the last meeting."""
    changed_on, seen_on = cv_changed_on(facts.course), cv_last_seen_on(facts.course)
    if changed_on is None:
        yield AgendaLine(_("There is no CV yet."), is_urgent=True)
    elif facts.is_new(changed_on):
        yield AgendaLine(_("The CV was updated on %(day)s.") % {"day": written_day(changed_on, LONG_DATE)})
    if seen_on is not None and facts.is_new(seen_on):
        words = _("Seen through with the citizen on %(day)s")
        yield AgendaLine(words % {"day": written_day(seen_on, LONG_DATE)})


def _job_goals(facts: MeetingFacts) -> Iterator[AgendaLine]:
    goals = list(facts.course.job_goals.all())
    if not goals:
        yield AgendaLine(_("There are no job goals yet."), is_urgent=True)
    for goal in goals:
        if facts.is_new(goal.set_on):
            words = "; ".join(text for text in (goal.functions, goal.workplaces) if text)
            day = written_day(goal.set_on, LONG_DATE)
            yield AgendaLine(_("Job goal of %(day)s: %(goal)s") % {"day": day, "goal": words})
            if goal.reason:
                yield AgendaLine(_("Why it was changed: %(reason)s") % {"reason": goal.reason})


def _follow_up(facts: MeetingFacts) -> Iterator[AgendaLine]:
    """Yield the contacts and attempts since the last meeting, pauses, and gaps behind and ahead."""
    yield from _contacts(facts)
    for pause in facts.course.pauses.all():
        if facts.on in pause.span or facts.is_new(pause.starts_on):
            yield AgendaLine(pause_words(pause))
    courses = with_filled_days(Course.objects.filter(pk=facts.course.pk))
    for gap in find_gaps(courses, facts.on):
        if gap.is_ahead or facts.is_new(gap.last):
            yield _gap_line(gap)


def _contacts(facts: MeetingFacts) -> Iterator[AgendaLine]:
    contacts = MentorContact.objects.filter(course=facts.course, held_on__lte=facts.on)
    recent = [
        present for day, present in contacts.values_list("held_on", "citizen_present") if facts.is_new(day)
    ]
    count = sum(recent)
    if count:
        text = ngettext(
            "The mentor and the citizen have had contact %(count)d time since the last meeting.",
            "The mentor and the citizen have had contact %(count)d times since the last meeting.",
            count,
        )
        yield AgendaLine(text % {"count": count})
    else:
        text = _("The mentor and the citizen have had no contact since the last meeting.")
        yield AgendaLine(text, is_urgent=True)
    failed = len(recent) - count
    if failed:
        text = ngettext("%(count)d failed attempt", "%(count)d failed attempts", failed)
        yield AgendaLine(text % {"count": failed})


def _gap_line(gap: CourseGap) -> AgendaLine:
    days = {"first": written_day(gap.first, LONG_DATE), "last": written_day(gap.last, LONG_DATE)}
    if gap.is_ahead:
        return AgendaLine(_("Nothing is planned from %(first)s to %(last)s.") % days, is_urgent=True)
    return AgendaLine(_("There was a gap from %(first)s to %(last)s.") % days)


PROMISES = "promises"
TOPICS = (
    AgendaTopic(PROMISES, gettext_lazy("What we promised each other"), 20, url=_section("promises")),
    AgendaTopic("cv", gettext_lazy("CV"), 30, _cv, _section("cv")),
    AgendaTopic("job_goal", gettext_lazy("Job goal"), 40, _job_goals, _section("goals")),
    AgendaTopic("follow_up", gettext_lazy("Contact, pauses and gaps"), 70, _follow_up, _section("contacts")),
    AgendaTopic("other", gettext_lazy("Anything else"), 90),
)
