"""The agency's figures are published once a month, with few citizens withheld, and never change."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from accounts.models import TrialTerms
from cases.elements import stored
from cases.models import Course, CourseElement
from evaluation.fidelity.counts import count_fidelity
from evaluation.measures import registry
from evaluation.measures.figures import CountedRows
from evaluation.measures.values import Window
from evaluation.publication import plan
from evaluation.publication.actions import publish_due
from evaluation.publication.models import TOTAL, Publication, PublishedFigure
from evaluation.publication.reading import read_figures
from evaluation.rules.cut_offs import MONTHS_AT_FIRST, cut_offs
from evaluation.tasks import publish_figures
from tests.factories import DRAWN_ON, CourseFactory, ProjectFactory, ReferralFactory
from tests.loops import some

pytestmark = pytest.mark.django_db

MAY = datetime.date(2016, 5, 1)
JUNE = datetime.date(2016, 6, 1)
DROP_OUT = registry.DROP_OUT.code
CODES = [published.code for published in plan.PLAN]


def end(courses, number, on=DRAWN_ON):
    """End so many of the courses early, by their rows: figures are what is tested."""
    keys = [course.pk for course in courses[:number]]
    Course.objects.filter(pk__in=keys).update(ended_on=on, end_reason="moved")


@pytest.fixture
def projects():
    """Three projects with twelve courses each, of which 6, 2 and 0 have ended early."""
    projects = [ProjectFactory() for _number in range(3)]
    for project, number in zip(projects, (6, 2, 0), strict=True):
        courses = [CourseFactory(project_for=project) for _course in range(12)]
        end(courses, number)
    stored.recompute()
    return projects


def newest(measure, row=TOTAL):
    figure = read_figures([measure]).newest(measure, row)
    return figure and (figure.counted, figure.rows)


# The days


def test_the_cut_offs_are_the_firsts_of_the_months_that_are_over():
    assert cut_offs(DRAWN_ON, JUNE) == [MAY]
    assert cut_offs(DRAWN_ON, JUNE + datetime.timedelta(days=1)) == [MAY, JUNE]
    assert cut_offs(DRAWN_ON, MAY) == []
    assert cut_offs(DRAWN_ON, datetime.date(2016, 7, 2), after=MAY) == [JUNE, datetime.date(2016, 7, 1)]


def test_of_a_long_trial_the_last_two_years_are_published_at_first():
    days = cut_offs(DRAWN_ON, datetime.date(2020, 1, 15))
    assert (len(days), days[-1]) == (MONTHS_AT_FIRST, datetime.date(2020, 1, 1))


def test_each_month_is_published_once(projects):
    assert publish_due(JUNE) == 1
    assert publish_due(JUNE) == 0
    assert publish_due(datetime.date(2016, 7, 2)) == 2
    days = Publication.objects.order_by("cut_off").values_list("cut_off", flat=True)
    assert list(days) == [MAY, JUNE, datetime.date(2016, 7, 1)]


def test_the_night_publishes(projects, time_machine):
    time_machine.move_to(datetime.datetime(2016, 5, 2, 4, tzinfo=datetime.UTC))
    publish_figures()
    assert Publication.objects.get().cut_off == MAY


def test_nothing_is_published_before_a_course_has_begun():
    ProjectFactory()
    assert publish_due(datetime.date(2026, 1, 1)) == 0
    assert read_figures(CODES) is None


# The figures


def test_every_figure_is_that_of_the_lists_of_the_leaders(projects):
    """Withheld or not, a project's figure is the length of the leader's list, and the total their sum."""
    publish_due(JUNE)
    window = Window(DRAWN_ON.replace(day=1), MAY)
    figures = {
        (figure.measure, figure.row): (figure.counted, figure.rows)
        for figure in PublishedFigure.objects.all()
    }
    for measure in some(plan.COUNTED):
        lists = {
            project.slug: (
                len(CountedRows(measure, project, window, counts=True)),
                len(CountedRows(measure, project, window)),
            )
            for project in projects
        }
        for row, numbers in some(lists.items()):
            assert figures[measure.code, row] == numbers, measure.code
        total = tuple(sum(numbers) for numbers in zip(*lists.values(), strict=True))
        assert figures[measure.code, TOTAL] == total, measure.code
    for fidelity in some(count_fidelity(projects, MAY)):
        for element in some(fidelity.elements):
            met = figures[plan.met(element.element), fidelity.project.slug]
            assert met == (element.met, fidelity.courses)


def test_few_citizens_are_not_shown_nor_given_away_by_the_total(projects):
    publish_due(JUNE)
    figures = [newest(DROP_OUT, project.slug) for project in projects]
    assert figures[1] is None
    total = newest(DROP_OUT)
    withheld = [project for project, figure in zip(projects, figures, strict=True) if figure is None]
    assert total is None or len(withheld) > 1


def test_the_smallest_count_is_a_dated_term(projects):
    TrialTerms.objects.update(smallest_count=1)
    publish_due(JUNE)
    assert [newest(DROP_OUT, project.slug) for project in projects] == [(6, 12), (2, 12), (0, 12)]
    assert newest(DROP_OUT) == (8, 36)
    assert read_figures(CODES).smallest_count == 1


def test_a_figure_that_changed_by_few_citizens_keeps_its_older_day(projects):
    publish_due(JUNE)
    courses = Course.objects.filter(project=projects[0], ended_on=None).order_by("pk")
    end(courses, 2, on=datetime.date(2016, 5, 10))
    publish_due(datetime.date(2016, 6, 2))
    figures = read_figures([DROP_OUT])
    assert figures.cut_off == JUNE
    before = PublishedFigure.objects.get(publication__cut_off=MAY, measure=DROP_OUT, row=projects[0].slug)
    after = PublishedFigure.objects.get(publication__cut_off=JUNE, measure=DROP_OUT, row=projects[0].slug)
    assert (before.counted, after.counted, after.is_withheld) == (6, 8, True)
    published = figures.newest(DROP_OUT, projects[0].slug)
    assert published is None or published.cut_off == MAY


def test_what_is_published_never_changes(projects):
    publish_due(JUNE)
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedFigure.objects.update(counted=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedFigure.objects.all().delete()
    CourseElement.objects.all().delete()
    before = list(read_figures(CODES).series.values())
    publish_due(JUNE)
    assert list(read_figures(CODES).series.values()) == before


def test_reasons_are_those_of_the_whole_trial(projects):
    for _number in range(7):
        ReferralFactory(project=projects[0], state="refused", reasons=["under_30"], referred_on=DRAWN_ON)
    for _number in range(2):
        ReferralFactory(project=projects[1], state="refused", reasons=["wrong_benefit"], referred_on=DRAWN_ON)
    publish_due(JUNE)
    figures = read_figures([plan.REFUSAL_REASON, plan.END_REASON])
    assert figures.rows(plan.REFUSAL_REASON) == ["under_30"]
    assert figures.newest(plan.END_REASON, "moved").counted == 8


@pytest.mark.parametrize("count", [1, 6])
def test_the_projects_do_not_add_queries(count, django_assert_max_num_queries):
    for _number in range(count):
        CourseFactory(project_for=ProjectFactory())
    stored.recompute()
    with django_assert_max_num_queries(20):
        publish_due(JUNE)
    with django_assert_max_num_queries(2):
        read_figures(CODES)
