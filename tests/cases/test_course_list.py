"""The course list: who sees what, its filters, phases in the database."""

import datetime

import pytest
from django.urls import reverse

from cases.models import Course, CourseFunction, FunctionHolding
from cases.rules.phases import Phase, phase_on
from tests.cases.course_records import refused_records, shown_records
from tests.factories import (
    DRAWN_ON,
    CourseFactory,
)
from tests.loops import some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


def test_the_list_shows_own_courses_and_records_whom_it_showed(as_user, holder, course):
    page = as_user(holder).get(reverse("cases:courses"))
    assert page.status_code == 200
    assert "Testborger Ågesen" in page.content.decode()
    assert shown_records("courses").get().citizens == [course.citizen.public_id]


def test_the_leader_sees_the_whole_project_and_others_their_own_only(
    as_user, leader, colleague, stranger, course
):
    assert "Ågesen" in as_user(leader).get(reverse("cases:courses")).content.decode()
    for user in (colleague, stranger):
        page = as_user(user).get(reverse("cases:courses")).content.decode()
        assert "Ågesen" not in page
        assert reverse("cases:find") in page


def test_the_agency_has_no_list(as_user, agency):
    assert as_user(agency).get(reverse("cases:courses")).status_code == 403
    assert refused_records("cases:courses").exists()


@pytest.mark.parametrize("count", [3, 60])
def test_the_list_keeps_to_eight_queries(as_user, holder, project, django_assert_max_num_queries, count):
    for _ in range(count):
        CourseFactory(project_for=project, holders=holder)
    client = as_user(holder)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("cases:courses"))
    assert page.content.decode().count('data-title="Borger"') == min(count, 25)


def test_the_list_filters_by_phase_municipality_and_function(as_user, holder, project, course):
    internship_course = CourseFactory(
        project_for=project,
        holders=holder,
        referral__name="Testborger Praktik",
        internship_from=DRAWN_ON + 7 * DAY,
        continued_from=DRAWN_ON + 98 * DAY,
        retention_until=DRAWN_ON + 98 * DAY,
    )
    FunctionHolding.objects.filter(course=internship_course, function=CourseFunction.MENTOR).delete()
    client = as_user(holder)

    def names(**query):
        page = client.get(reverse("cases:courses"), query).content.decode()
        return {name for name in ("Ågesen", "Praktik") if f"Testborger {name}" in page}

    assert names() == {"Ågesen", "Praktik"}
    assert names(phase="sniffing") == {"Ågesen"}
    assert names(phase="internship") == {"Praktik"}
    assert names(phase="ended") == set()
    assert names(function="mentor") == {"Ågesen"}
    assert names(municipality=course.municipality_id) == {"Ågesen", "Praktik"}
    assert names(phase="nonsense") == {"Ågesen", "Praktik"} or names(phase="nonsense") == set()


def test_a_phase_in_the_database_is_the_phase_of_the_rule(project):
    for internship, continued, ended in [
        (None, None, None), (3, 94, None), (3, 94, 50), (None, None, 20), (3, 30, 60), (40, 131, None),
    ]:  # fmt: skip
        CourseFactory(
            project_for=project,
            internship_from=internship and DRAWN_ON + internship * DAY,
            continued_from=continued and DRAWN_ON + continued * DAY,
            retention_until=continued and DRAWN_ON + continued * DAY,
            ended_on=ended and DRAWN_ON + ended * DAY,
            end_reason="other" if ended else "",
        )
    for offset in (-1, 0, 2, 3, 20, 30, 40, 50, 60, 94, 131, 400):
        day = DRAWN_ON + offset * DAY
        for phase in some(Phase):
            expected = {c.pk for c in Course.objects.all() if phase_on(c.transitions, day) == phase}
            courses = set(Course.objects.in_phase(phase, day).values_list("pk", flat=True))
            assert courses == expected, (phase, offset)
