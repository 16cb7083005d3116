"""The activity plan and the plan for job on the agenda of a follow-up meeting (D13, D21)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.agenda import AgendaLine, AgendaTopic, MeetingFacts
from cases.extension_points import section_url
from cases.models import Course
from jobfirst.kit.days import LONG_DATE, week_number, written_day
from jobfirst.values.dates import DAY, DateSpan
from plans.models import ActivityLine
from plans.presentation.activity_weeks import empty_weeks_of
from plans.presentation.words import words_to_take_up


def _lines(facts: MeetingFacts) -> Iterator[AgendaLine]:
    """Yield what was planned and done since the last meeting, what comes, empty weeks, and the plan for
    job."""
    for activity in facts.course.activities.all():
        if activity.starts_on > facts.on:
            if not activity.cancelled:
                yield AgendaLine(_("Planned: %(what)s, %(day)s") % _names(activity))
        elif facts.is_new(activity.ends_on):
            yield _activity_line(activity)
    ahead = DateSpan(facts.on, facts.on + facts.terms.meeting_interval_days * DAY)
    weeks = empty_weeks_of(facts.course, within=ahead, pauses=facts.course.pauses.all())
    if weeks:
        text = ngettext(
            "No activity yet in week %(weeks)s.", "No activity yet in weeks %(weeks)s.", len(weeks)
        )
        numbers = ", ".join(week_number(week.monday, facts.on) for week in weeks)
        yield AgendaLine(text % {"weeks": numbers}, is_urgent=True)
    yield from _plan_for_job(facts)
    yield from _words_of_citizen(facts)


def _names(activity: ActivityLine) -> dict[str, str]:
    return {"what": activity.what, "day": written_day(activity.starts_on, LONG_DATE)}


def _activity_line(activity: ActivityLine) -> AgendaLine:
    """Return an activity that has begun, with its state."""
    words = _names(activity)
    if activity.cancelled:
        return AgendaLine(_("Cancelled: %(what)s, %(day)s") % words)
    if activity.done is None:
        return AgendaLine(_("Was it done? %(what)s, %(day)s") % words)
    if activity.done:
        return AgendaLine(_("Done: %(what)s, %(day)s") % words)
    return AgendaLine(_("Not done: %(what)s, %(day)s") % words)


def _plan_for_job(facts: MeetingFacts) -> Iterator[AgendaLine]:
    """Yield a new version of the plan, or that the plan is to be made before the next meeting is due."""
    newest = facts.course.plans.first()
    if newest is not None:
        if facts.is_new(newest.made_on):
            words = {"number": newest.number, "day": written_day(newest.made_on, LONG_DATE)}
            yield AgendaLine(_("Plan for job: version %(number)s of %(day)s") % words)
        return
    continued_from = facts.course.continued_from
    if continued_from is not None and continued_from <= facts.on + facts.terms.meeting_interval_days * DAY:
        due_on = written_day(continued_from - DAY, LONG_DATE)
        text = _("The plan for job is to be made by %(day)s.")
        yield AgendaLine(text % {"day": due_on}, is_urgent=True)


def _words_of_citizen(facts: MeetingFacts) -> Iterator[AgendaLine]:
    """Yield of each plan what the citizen disagrees with or could not answer (D55)."""
    for word in words_to_take_up(facts.course, facts.last_held):
        words = {"plan": word.get_subject_display(), "answer": word.get_answer_display(), "why": word.why}
        text = _("The citizen's word on %(plan)s: %(answer)s. %(why)s") % words
        yield AgendaLine(text.strip(), is_urgent=True)


def _url(course: Course) -> str:
    return section_url(course.public_id, "activities")


TOPIC = AgendaTopic("plan", gettext_lazy("Activities and plan for job"), 60, _lines, _url)
