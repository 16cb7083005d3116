"""Finding courses in the list: by parts of a name, by what is due, overdue or empty; and as an Excel file."""

import io

import openpyxl
import pytest
from django.urls import reverse

from audit.models import AccessRecord
from cases.elements import stored as stored_elements
from cases.models import Course, Referral
from jobfirst.values.name_search import folded, named_like
from reminders import deadlines
from tests.factories import CourseFactory, UserFactory

pytestmark = pytest.mark.usefixtures("wednesday")
NAMES = ["Søren Ågesen", "Zoë Müller-Jørgensen", "Karen Aagaard", "Bo Æbelø"]


@pytest.fixture
def names(as_user, holder, project):
    """`names(**query)`: the names that the list shows to the holder of four courses."""
    for name in NAMES:
        CourseFactory(project_for=project, holders=holder, referral__name=name)
    client = as_user(holder)

    def shown(**query):
        page = client.get(reverse("cases:courses"), query)
        return {row.citizen for row in page.context["table"].records}

    return shown


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("soren", {"Søren Ågesen"}),
        ("SØREN åge", {"Søren Ågesen"}),
        ("aagesen soe", {"Søren Ågesen"}),
        ("muller jorg", {"Zoë Müller-Jørgensen"}),
        ("zoe", {"Zoë Müller-Jørgensen"}),
        ("åg", {"Søren Ågesen", "Karen Aagaard"}),
        ("aebel", {"Bo Æbelø"}),
        ("  ", set(NAMES)),
        ("%", set()),
        ("_", set()),
        ("søren jørgensen", set()),
        ("a\u030agesen", {"Søren Ågesen"}),
    ],
)
def test_a_name_is_found_by_its_parts(names, typed, expected):
    assert names(name=typed) == expected


@pytest.mark.parametrize("text", [*NAMES, "Aaaage Oeoe", "Łukasz ČAPEK", "œuvre"])
def test_the_database_folds_as_python_does(project, text):
    CourseFactory(project_for=project, referral__name=text)
    assert named_like(Referral.objects.all(), "name", folded(text)).count() == 1


def test_a_search_finds_nobody_else(as_user, colleague, course):
    page = as_user(colleague).get(reverse("cases:courses"), {"name": "agesen"})
    assert list(page.context["table"].records) == []


def test_who_works_in_several_projects_may_choose_one(as_user, holder, project, course):
    client = as_user(holder)
    assert 'name="project"' not in client.get(reverse("cases:courses")).content.decode()
    other = CourseFactory(holders=holder, referral__name="Testborger Anden")
    both = UserFactory(project=project, roles=["project_leader"])
    both.memberships.create(project=other.project, role="project_leader")
    page = as_user(both).get(reverse("cases:courses"), {"project": other.project.slug})
    assert [row.citizen for row in page.context["table"].records] == ["Testborger Anden"]
    assert 'name="project"' in page.content.decode()


def test_overdue_courses_are_found(names, course, wednesday):
    """A course in which nothing has happened has overdue contacts; one drawn today has none."""
    new = CourseFactory(project_for=course.project, holders=holder_of(course), referral__name="Ny Prøve")
    Course.objects.filter(pk=new.pk).update(started_on=wednesday)
    deadlines.recompute()
    assert course.citizen_name in names(overdue="yes")
    assert "Ny Prøve" in names()
    assert "Ny Prøve" not in names(overdue="yes")


def holder_of(course):
    return course.holdings.first().user


def test_gaps_are_found_behind_and_ahead(names, course, wednesday):
    assert course.citizen_name in names(gap="behind")
    assert course.citizen_name in names(gap="ahead")
    Course.objects.filter(pk=course.pk).update(ended_on=wednesday, end_reason="moved")
    assert course.citizen_name not in names(gap="ahead")


def test_courses_that_missed_a_core_element_are_found(names, course):
    """Nothing has happened for six weeks: the monthly meeting was not held (4), the roles were filled (1)."""
    stored_elements.recompute()
    assert course.citizen_name in names(missed="4")
    assert course.citizen_name not in names(missed="1")
    assert names(missed="0") == names(missed="x") == names()


def test_the_excel_file_holds_the_filtered_list_and_is_recorded(names, as_user, holder):
    response = as_user(holder).get(reverse("cases:courses"), {"name": "agesen", "format": "xlsx"})
    assert response["Content-Disposition"] == 'attachment; filename="forloeb.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [line[0] for line in lines] == ["Borger", "Søren Ågesen"]
    assert len(AccessRecord.objects.get(action="courses.excel").citizens) == 1
    assert AccessRecord.objects.get(action="list.export").asked_for == reverse("cases:courses")


def test_the_log_says_that_a_file_was_fetched(names, as_user, holder, leader, course):
    as_user(holder).get(reverse("cases:courses"), {"format": "xlsx"})
    page = as_user(leader).get(reverse("cases:access_log", args=[course.public_id]))
    assert "(Excel)" in page.content.decode()


def test_a_page_of_sixty_offers_the_file_of_all(as_user, holder, project):
    for _number in range(30):
        CourseFactory(project_for=project, holders=holder)
    client = as_user(holder)
    assert "format=xlsx" in client.get(reverse("cases:courses"), {"page": 2}).content.decode()
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("cases:courses"), {"page": 2, "format": "xlsx"}).content)
    ).active
    assert sheet.max_row == 31
