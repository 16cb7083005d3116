"""The core elements by project (D7): stored states, the command, the leader's page, the agency's counts."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from cases import actions, extension_points
from cases.elements import stored
from cases.models import CourseElement, FunctionHolding
from evaluation.fidelity.counts import count_fidelity
from evaluation.publication.actions import publish_due
from jobfirst import clock
from jobfirst.values.dates import DAY
from tests.factories import DRAWN_ON, CourseFactory, ProjectFactory, UserFactory
from tests.loops import some
from tests.scenarios.nine_elements import ALL_MET_ON, PARTS, course_with_nine_elements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

ELEMENTS = list(range(1, 10))


def states_on(course, day):
    rows = CourseElement.objects.on(day).filter(course=course).order_by("element")
    return {row.element: row.state for row in rows}


def fidelity(capsys, *arguments):
    call_command("fidelity", *arguments)
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def nine(project, holder):
    return course_with_nine_elements(project, holder, referral__name="Testborger Nielsen")


@pytest.fixture
def agency():
    return UserFactory(roles=[Role.AGENCY])


# The states


def test_a_course_with_everything_in_time_meets_all_nine(nine):
    assert states_on(nine, ALL_MET_ON) == dict.fromkeys(ELEMENTS, "met")
    assert "missed" not in states_on(nine, DRAWN_ON + DAY).values()
    before = states_on(nine, ALL_MET_ON - DAY)
    assert before == {**dict.fromkeys(ELEMENTS, "met"), 4: "not_yet", 6: "not_yet"}


@pytest.mark.parametrize(("part", "element"), PARTS.items())
def test_what_is_left_out_fails_its_element_and_no_other(project, holder, part, element):
    course = course_with_nine_elements(project, holder, without=[part])
    on = datetime.date(2016, 8, 15)
    expected = {**dict.fromkeys(ELEMENTS, "met"), element: "missed"}
    if part == "contact":
        assert states_on(course, DRAWN_ON + 42 * DAY)[6] == "missed"
    assert states_on(course, on) == expected


def test_on_every_day_each_element_has_one_state(nine):
    for offset in (0, 1, 27, 28, 90, 119, 300, 2000):
        assert sorted(states_on(nine, DRAWN_ON + offset * DAY)) == ELEMENTS
    assert states_on(nine, DRAWN_ON - DAY) == {}


def test_what_the_actions_stored_is_what_the_facts_give(nine):
    assert list(stored.described_differences()) == []


def test_a_row_that_was_changed_is_found_and_repaired(nine):
    CourseElement.objects.filter(course=nine, element=3).update(state="missed")
    (line, *_more) = stored.described_differences()
    assert line.startswith(f"{nine.public_id} element 3 from ")
    assert stored.recompute() > 0
    assert list(stored.described_differences()) == []


def test_a_course_that_ends_misses_what_was_not_settled(project, holder):
    course = CourseFactory(project_for=project, holders=holder)
    actions.end_course(course, ended_on=DRAWN_ON + 3 * DAY, reason="moved")
    row = CourseElement.objects.on(DRAWN_ON + 3 * DAY).get(course=course, element=8)
    assert (row.state, row.reasons) == ("missed", ["course_ended"])


@pytest.mark.parametrize("count", [2, 30])
def test_any_number_of_courses_takes_the_same_queries(project, holder, django_assert_num_queries, count):
    courses = [CourseFactory(project_for=project, holders=holder) for _number in range(count)]
    keys = [str(course.public_id) for course in courses]
    with django_assert_num_queries(14):
        rows = list(stored.derive_rows(keys, extension_points.core_elements()))
    assert len({(row.course_id, row.element) for row in rows}) == 9 * count


def test_many_courses_at_once_give_what_each_gives_alone(project, holder):
    courses = [
        course_with_nine_elements(project, holder),
        course_with_nine_elements(project, holder, without=["contact", "plan"]),
        CourseFactory(project_for=project),
    ]

    def values(*chosen):
        keys = [str(course.public_id) for course in chosen]
        rows = stored.derive_rows(keys, extension_points.core_elements())
        return {(row.course_id, row.element, row.from_on, row.state, tuple(row.reasons)) for row in rows}

    assert values(*courses) == set().union(*(values(course) for course in courses))


# The command


def test_the_command_counts_by_project_and_element(capsys, project, holder, nine):
    course_with_nine_elements(project, holder, without=["plan", "contact"])
    other = ProjectFactory()
    report = fidelity(capsys, "--on", ALL_MET_ON.isoformat())
    assert report["on"] == "2016-08-02"
    assert {row["project"] for row in report["projects"]} >= {project.slug, other.slug}
    (row,) = (row for row in report["projects"] if row["project"] == project.slug)
    assert (row["courses"], row["all_nine"]) == (2, 1)
    assert [element["element"] for element in row["elements"]] == ELEMENTS
    by_number = {element.pop("element"): element for element in row["elements"]}
    assert by_number[8] == {"met": 1, "not_yet": 0, "missed": 1}
    assert by_number[1] == {"met": 2, "not_yet": 0, "missed": 0}
    (empty,) = (row for row in report["projects"] if row["project"] == other.slug)
    assert (empty["courses"], empty["all_nine"]) == (0, 0)
    assert empty["elements"][0] == {"element": 1, "met": 0, "not_yet": 0, "missed": 0}


def test_the_command_counts_courses_that_have_begun_ended_ones_too(capsys, project, holder):
    ended = CourseFactory(project_for=project, holders=holder)
    actions.end_course(ended, ended_on=DRAWN_ON + 9 * DAY, reason="moved")
    CourseFactory(project_for=project, holders=holder, started_on=DRAWN_ON + 30 * DAY)
    stored.recompute()
    for offset, expected in ((-1, 0), (0, 1), (10, 1), (30, 2)):
        on = DRAWN_ON + offset * DAY
        (row,) = fidelity(capsys, "--on", on.isoformat(), "--project", project.slug)["projects"]
        assert row["courses"] == expected
        for element in some(row["elements"]):
            assert element["met"] + element["not_yet"] + element["missed"] == expected


def test_the_command_refuses_what_is_no_day_or_project():
    with pytest.raises(CommandError, match="not a date"):
        call_command("fidelity", "--on", "yesterday")
    with pytest.raises(CommandError, match="no project 'nowhere'"):
        call_command("fidelity", "--project", "nowhere")


@pytest.mark.parametrize("count", [1, 6])
def test_the_counts_take_one_query(project, holder, django_assert_num_queries, count):
    projects = [project, *(ProjectFactory() for _number in range(count))]
    with django_assert_num_queries(1):
        count_fidelity(projects, DRAWN_ON)


# The pages


def elements_page(client, **query):
    return client.get(reverse("evaluation:elements"), query)


def test_the_leader_sees_the_counts_and_the_courses_of_a_number(client, leader, project, nine):
    missing = CourseFactory(project_for=project, referral__name="Testborger Olsen")
    stored.recompute()
    client.force_login(leader)
    page = elements_page(client, project=project.slug).content.decode()
    assert "2 forløb er begyndt" in page
    assert "Nielsen" in page
    page = elements_page(client, project=project.slug, element=1, state="missed").content.decode()
    assert "Testborger Olsen" in page
    assert "Nielsen" not in page
    assert "En funktion var ikke besat fra starten" in page
    record = AccessRecord.objects.filter(action="elements").latest("pk")
    assert record.citizens == [missing.citizen.public_id]


@pytest.mark.parametrize("count", [2, 30])
def test_the_leaders_page_keeps_to_its_queries(
    client, leader, project, holder, django_assert_max_num_queries, count
):
    for _number in range(count):
        CourseFactory(project_for=project)
    stored.recompute()
    client.force_login(leader)
    with django_assert_max_num_queries(11):
        response = elements_page(client, project=project.slug, element=1, state="missed")
    assert response.content.decode().count('data-title="Borger"') == min(count, 25)


@pytest.mark.parametrize(
    "query",
    [
        {"element": "0", "state": "met"},
        {"element": "3"},
        {"element": "3", "state": "none"},
        {"element": "x", "state": "met"},
        {"project": "nowhere"},
    ],
)
def test_an_address_that_means_nothing_is_not_found(client, leader, query):
    client.force_login(leader)
    assert elements_page(client, **query).status_code == 404


def test_another_project_is_not_found(client, leader, nine):
    client.force_login(leader)
    assert elements_page(client, project=ProjectFactory().slug).status_code == 404


def test_the_agency_sees_counts_by_project_and_no_citizen(client, agency, project, nine):
    publish_due(clock.today())
    client.force_login(agency)
    page = client.get(reverse("evaluation:trial_elements"), {"state": "met"}).content.decode()
    assert project.name in page
    assert "Nielsen" not in page
    assert str(nine.public_id) not in page
    assert elements_page(client).status_code == 403
    assert client.get(reverse("evaluation:trial_elements"), {"state": "none"}).status_code == 404


def test_the_overview_of_the_course_tells_each_element_and_why(client, holder, project):
    course = CourseFactory(project_for=project, holders=holder)
    FunctionHolding.objects.filter(course=course, function="mentor").update(from_on=DRAWN_ON + DAY)
    stored.recompute()
    client.force_login(holder)
    page = client.get(reverse("cases:course", args=[course.public_id])).content.decode()
    section = page[page.index('id="core-elements"') :]
    for words in (
        "De ni grundelementer",
        "Klar rollefordeling fra start",
        "En funktion var ikke besat fra starten",
        "siden den 5. april 2016",
        "Kickstart og varighed",
    ):
        assert words in section
    assert extension_points.section_url(course.public_id, "functions") in section
