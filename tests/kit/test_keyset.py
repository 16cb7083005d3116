"""Pages by key show every row once and in order, and stand still while rows come and go."""

import datetime
import itertools

import pytest
from django.http import QueryDict

from audit.access import record_shown
from audit.models import AccessRecord
from cases.models import Course
from cases.tables.access_log import AccessTable
from cases.tables.courses import CourseTable
from jobfirst.kit.keyset import neighbours, sort_keys
from tests.factories import CourseFactory, ProjectFactory

ON = datetime.date(2016, 6, 1)
PAGE = 3
SORTS = [
    "",
    "citizen",
    "-citizen",
    "municipality",
    "started_on",
    "-started_on",
    "internship_from",
    "-internship_from",
]


@pytest.fixture
def courses(db):
    """Some begin on the same day, some have no internship, two citizens share a name."""
    project = ProjectFactory()
    names = [
        "Åse Prøve",
        "Anna Prøve",
        "Østen Prøve",
        "Anna Prøve",
        "Bo Prøve",
        "Zoë Prøve",
        "Ægir Prøve",
        "Eva Prøve",
    ]
    for number, name in enumerate(names):
        course = CourseFactory(project_for=project, referral__name=name)
        started_on = datetime.date(2016, 3, 1 + number // 3)
        dates = {"started_on": started_on}
        if number % 2:
            internship_from = started_on + datetime.timedelta(weeks=number)
            dates |= {
                "internship_from": internship_from,
                "continued_from": internship_from + datetime.timedelta(weeks=13),
                "retention_until": internship_from + datetime.timedelta(weeks=13),
            }
        Course.objects.filter(pk=course.pk).update(**dates)
    return Course.objects.filter(project=project)


def page(courses, query):
    table = CourseTable(courses, on=ON)
    table.configure(QueryDict(query), page_size=PAGE)
    return table


def walk(courses, query, url):
    """Yield the rows page by page, along the addresses that `url` gives."""
    for _step in range(20):
        table = page(courses, query)
        yield [row.public_id for row in table.records]
        if not (table.page.has_next() if url == "next_url" else table.page.has_previous()):
            return
        query = getattr(table, url)().removeprefix("?")


@pytest.mark.parametrize("sort", SORTS)
def test_following_the_pages_shows_every_row_once_in_order(courses, sort):
    expected = [row.public_id for row in page_of_all(courses, sort).records]
    assert len(expected) == 8
    forwards = list(walk(courses, f"sort={sort}", "next_url"))
    assert list(itertools.chain(*forwards)) == expected
    table = page(courses, f"sort={sort}")
    for _step in range(2):
        table = page(courses, table.next_url().removeprefix("?"))
    last_of_second = list(page(courses, f"sort={sort}&page=2").records)[-1].public_id
    query = f"sort={sort}&page={table.page.number}&after={last_of_second}"
    backwards = list(walk(courses, query, "previous_url"))
    assert list(itertools.chain(*reversed(backwards))) == expected


def page_of_all(courses, sort):
    table = CourseTable(courses, on=ON)
    table.configure(QueryDict(f"sort={sort}"), page_size=100)
    return table


def test_a_row_that_comes_in_front_moves_no_page(courses):
    first = page(courses, "")
    seen = [row.public_id for row in first.records]
    newest = CourseFactory(project_for=courses[0].project)
    Course.objects.filter(pk=newest.pk).update(started_on=datetime.date(2016, 5, 1))
    second = [row.public_id for row in page(courses, first.next_url().removeprefix("?")).records]
    assert not {newest.public_id, *seen} & set(second)
    assert len(second) == PAGE


@pytest.mark.parametrize("after", ["0", "x", "9" * 40, "", "6d55c71e-c29f-469c-b77b-cb76f5fc7dcf", "\x00"])
def test_a_row_that_is_gone_leaves_the_number_of_the_page(courses, after):
    by_number = [row.public_id for row in page(courses, "page=2").records]
    assert [row.public_id for row in page(courses, f"page=2&after={after}").records] == by_number


def test_a_row_of_somebody_elses_is_no_beginning(courses):
    foreign = CourseFactory(project_for=ProjectFactory())
    assert neighbours(courses, QueryDict(f"after={foreign.public_id}"), PAGE) is None


def test_rows_without_a_public_id_have_numbers_of_pages_only(courses):
    for _number in range(5):
        record_shown(None, "course", [])
    table = AccessTable(AccessRecord.objects.all())
    table.configure(QueryDict(""), page_size=2)
    assert table.next_url() == "?page=2"
    table.configure(QueryDict("page=2&after=1"), page_size=2)
    assert [row.pk for row in table.records] == list(AccessRecord.objects.values_list("pk", flat=True)[2:4])


def test_no_name_stands_in_an_address(courses):
    assert "r%C3%B8ve" not in page(courses, "sort=citizen").next_url()


def test_another_order_begins_at_the_first_page(courses):
    table = page(courses, page(courses, "").next_url().removeprefix("?"))
    assert table.urls("sort")("citizen") == "?sort=citizen"


def test_an_order_by_an_expression_has_no_keys(courses):
    from django.db.models.functions import Lower

    assert sort_keys(courses.order_by(Lower("referral__name"))) is None
    assert sort_keys(courses.order_by("?")) is None
    assert sort_keys(courses.order_by("referral__name")) == ["referral__name", "pk"]
