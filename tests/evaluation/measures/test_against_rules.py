"""Every measure, computed in the database, against the rules of the apps course by course."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from accounts.models import Project, TrialTerms
from cases.deadlines import weekly_contact_overdue
from cases.deadlines.facts import contact_days, course_days, meeting_days
from cases.gaps import find_gaps, with_filled_days
from cases.models import Course
from cases.rules.monthly_meeting import meetings_due
from cases.rules.pauses import is_paused
from companies.models import Placement, PlacementKind
from evaluation.fidelity.counts import count_fidelity
from evaluation.measures import registry
from evaluation.measures.contacts import weeks_within
from evaluation.measures.figures import CountedRows, figures
from evaluation.measures.values import Unit, Window
from jobfirst.values.dates import DateSpan
from progression.models import CategorySelection
from progression.presentation.months import review_months
from progression.presentation.series import of_citizen, series_of
from progression.rules.progress import has_progressed
from reminders.models import Deadline
from tests.demo.conftest import ON
from tests.loops import some

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.long]

WINDOW = Window.weeks(26, ON)


@pytest.fixture
def projects():
    return list(Project.objects.order_by("pk"))


def measured(projects, *measures):
    by_code = figures(measures, projects, WINDOW)
    return [{project.pk: by_code[measure.code][project.pk] for project in projects} for measure in measures]


def pairs(by_project):
    """How many count, of how many, by project; projects with none left out."""
    return {project: (figure.counted, figure.rows) for project, figure in by_project.items() if figure.rows}


def keys():
    return [str(public_id) for public_id in Course.objects.values_list("public_id", flat=True)]


def counted(rows):
    """`rows` are pairs of a project and whether it counts."""
    totals = defaultdict(lambda: [0, 0])
    for project, counts in rows:
        totals[project][0] += counts
        totals[project][1] += 1
    return {project: tuple(numbers) for project, numbers in totals.items()}


@pytest.mark.parametrize("measure", registry.MEASURES, ids=lambda measure: measure.code)
def test_a_figure_is_the_length_of_its_list(projects, measure):
    (by_project,) = measured(projects, measure)
    for project in some(projects):
        figure = by_project[project.pk]
        assert len(CountedRows(measure, project, WINDOW)) == figure.rows
        listed = CountedRows(measure, project, WINDOW, counts=True)
        assert len(list(listed)) == len(listed) == figure.counted
        assert figure.rows == sum(figure.by_note.values())
    assert sum(figure.rows for figure in by_project.values()) > 0


def test_all_measures_take_one_query_beside_the_terms(projects, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        figures(registry.MEASURES, projects, WINDOW)


def test_the_weekly_contacts(projects):
    contacts, weekday = contact_days(keys()), TrialTerms.objects.get().contact_weekday
    rows = []
    for course in course_days(keys()):
        pauses = course.paused(weekly_contact_overdue.KIND.code)
        for week in weeks_within(WINDOW):
            is_owed = week.monday in course.follow_up and week.sunday in course.running
            if is_owed and not any(is_paused(week, pause, weekday=weekday) for pause in pauses):
                rows.append((course.project_id, any(day in week for day in contacts.get(course.pk, ()))))
    (by_project,) = measured(projects, registry.WEEKLY_CONTACT)
    assert pairs(by_project) == counted(rows)


def test_the_monthly_meetings(projects):
    held, interval = meeting_days(keys()), TrialTerms.objects.get().meeting_interval_days
    rows = []
    for course in course_days(keys()):
        days = [day for day in held.get(course.pk, ()) if day < ON]
        for due_on, waiting in meetings_due(course.follow_up, days, interval_days=interval):
            if waiting.is_empty or not WINDOW.first <= due_on < ON or due_on not in course.running:
                continue
            is_on_time = waiting.last is not None and waiting.last < due_on
            if is_on_time or not any(due_on in pause for pause in course.paused("meeting_overdue")):
                rows.append((course.project_id, is_on_time))
    (by_project,) = measured(projects, registry.MEETINGS)
    assert pairs(by_project) == counted(rows)


def test_a_missing_review_is_missing_on_the_course_page_as_well(projects):
    terms = TrialTerms.objects.get()
    missing = Counter()
    for course in Course.objects.prefetch_related("meetings"):
        for month in review_months(course, list(course.answer_sheets.of_review()), ON, terms):
            is_running = course.ended_on is None or month.due_on < course.ended_on
            if month.is_missing and WINDOW.first <= month.due_on < ON and is_running:
                missing[course.project_id] += 1
    (by_project,) = measured(projects, registry.REVIEWS)
    assert {pk: figure.rows - figure.counted for pk, figure in by_project.items()} == {
        project.pk: missing[project.pk] for project in projects
    }


def test_the_gaps_are_those_of_the_list(projects):
    courses = list(with_filled_days(Course.objects.running(ON)))
    gaps = list(find_gaps(courses, ON))
    (by_project, ahead) = measured(projects, registry.GAPS, registry.GAPS_AHEAD)
    assert pairs(by_project) == counted((gap.course.project_id, True) for gap in gaps)
    assert pairs(ahead) == counted((gap.course.project_id, gap.is_ahead) for gap in gaps)
    days = Counter()
    for gap in gaps:
        days[gap.course.project_id] += gap.working_days
    assert {pk: figure.amount for pk, figure in by_project.items()} == {
        project.pk: days[project.pk] for project in projects
    }
    listed = {(gap.course.pk, gap.first, gap.working_days) for gap in gaps}
    measured_rows = {
        (row.course, row.day, row.amount)
        for project in projects
        for row in CountedRows(registry.GAPS, project, WINDOW)
    }
    assert measured_rows == listed


def test_courses_with_empty_days_have_a_gap_in_the_period(projects):
    courses = list(with_filled_days(Course.objects.running(ON)))
    span = DateSpan(WINDOW.first, WINDOW.last)
    with_gaps = {gap.course.pk for gap in find_gaps(courses, ON) if gap.gap.span.overlaps(span)}
    (by_project,) = measured(projects, registry.EMPTY_DAYS)
    assert pairs(by_project) == counted((course.project_id, course.pk in with_gaps) for course in courses)


def test_the_ordinary_hours(projects):
    hours = defaultdict(Decimal)
    running = Placement.objects.running(ON).exclude(kind=PlacementKind.SNIFFING)
    for placement in running.filter(course__in=Course.objects.running(ON)).select_related("course"):
        hours[placement.course] += placement.hours_on(ON).ordinary
    (share, mean) = measured(projects, registry.ORDINARY_SHARE, registry.ORDINARY_MEAN)
    assert pairs(share) == counted((course.project_id, amount > 0) for course, amount in hours.items())
    total = sum(figure.amount for figure in mean.values())
    assert total == sum(hours.values()) > 0


def test_who_has_progressed(projects):
    terms = TrialTerms.objects.get()
    courses = Course.objects.all()
    selections = dict(CategorySelection.objects.values_list("course_id", "codes"))
    project_of = dict(courses.values_list("pk", "project_id"))
    rows = []
    for pk, series in series_of(courses.values("pk")).items():
        progressed = has_progressed(
            of_citizen(series), selections.get(pk, ()), at_least=terms.progressed_categories
        )
        if progressed is not None:
            rows.append((project_of[pk], progressed))
    (by_project,) = measured(projects, registry.PROGRESSED)
    assert pairs(by_project) == counted(rows)


def test_phases_elements_and_plans(projects):
    (phases, nine, plans) = measured(projects, registry.PHASES, registry.NINE_ELEMENTS, registry.PLANS_DUE)
    for project in some(projects):
        by_phase = Course.objects.filter(project=project).count_by_phase(ON)
        by_phase = {
            str(phase): number for phase, number in by_phase.items() if number and phase != "not_started"
        }
        assert dict(phases[project.pk].by_note) == by_phase
        due = Deadline.objects.shown_on(ON).filter(project=project, kind="plan_for_job_due")
        assert plans[project.pk].rows == due.count()
    fidelity = {row.project.pk: (row.all_nine, row.courses) for row in count_fidelity(projects, ON)}
    assert {pk: (figure.counted, figure.rows) for pk, figure in nine.items()} == fidelity


def test_a_share_of_nothing_is_not_known():
    project = Project.objects.create(
        slug="tom", name="Tom", starts_on=ON, ends_on=ON.replace(year=ON.year + 1), target_count=1
    )
    (by_project,) = measured([project], registry.WEEKLY_CONTACT)
    assert by_project[project.pk].value(Unit.SHARE) is None
