"""The pages of a placement: kind first, fitting fields, early end, no-show, the arithmetic of D24."""

import datetime
import uuid

import pytest
from django.urls import reverse

from audit.models import AccessRecord
from cases.models import FunctionHolding
from companies.actions.renewals import renew_placement
from companies.models import Placement
from tests.companies.factories import WorkplaceFactory
from tests.factories import DRAWN_ON, CompanyFactory, CourseFactory, PlacementFactory
from tests.loops import if_any, some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


def url(name: str, *args: object) -> str:
    return reverse(f"companies:{name}", args=args)


def content_of(response) -> str:
    return response.content.decode()


def placement_data(company, kind: str, **fields: str) -> dict[str, str]:
    return {
        "kind": kind,
        "cvr": company.cvr,
        "starts_on": "2016-05-18",
        "planned_end_on": "2016-05-24",
        "submission": str(uuid.uuid4()),
        **fields,
    }


def test_the_kind_is_chosen_first_and_the_first_day_goes_along(as_user, holder, course) -> None:
    page = content_of(as_user(holder).get(url("new_placement", course.public_id), {"from": "2016-05-20"}))
    assert "?from=2016-05-20&amp;kind=flex_job" in page
    assert "<form" not in page.split("<main")[1]


@pytest.mark.parametrize(
    ("kind", "fields", "absent"),
    [
        ("sniffing", ["internship_hours"], ["ordinary_hours", "waived_few_hours", "waiver_reason"]),
        ("internship", ["internship_hours", "ordinary_hours", "waived_employment"], []),
        ("wage_subsidy", ["ordinary_hours", "waived_few_hours"], ["internship_hours", "waived_employment"]),
        ("flex_job", ["ordinary_hours"], ["internship_hours", "waived_few_hours"]),
    ],
)
def test_the_form_shows_only_the_fields_that_fit(as_user, holder, course, kind, fields, absent) -> None:
    page = content_of(as_user(holder).get(url("new_placement", course.public_id), {"kind": kind}))
    for name in some(fields):
        assert f'name="{name}"' in page
    for name in if_any(absent):
        assert f'name="{name}"' not in page


def test_another_kind_shows_its_fields_and_loses_nothing_typed(as_user, holder, course, company) -> None:
    data = placement_data(company, "flex_job", other_kind="1", ordinary_hours="7,5")
    response = as_user(holder).post(url("new_placement", course.public_id), data)
    page = content_of(response)
    assert response.status_code == 200
    assert 'value="7,5"' in page
    assert 'name="internship_hours"' not in page
    assert not Placement.objects.exists()


def test_an_unknown_headcount_is_asked_for_and_kept(as_user, holder, course) -> None:
    company = CompanyFactory(ordinary_employees=None)
    data = placement_data(company, "wage_subsidy", ordinary_hours="10")
    client = as_user(holder)
    page = content_of(client.post(url("new_placement", course.public_id), data))
    assert "Antallet af ordinært ansatte er ikke kendt" in page
    assert 'name="ordinary_employees"' in page
    answer = client.post(url("new_placement", course.public_id), {**data, "ordinary_employees": "12"})
    assert answer.status_code == 302
    company.refresh_from_db()
    assert company.ordinary_employees == 12


def test_the_headcount_of_a_named_workplace_goes_to_the_workplace(as_user, holder, course) -> None:
    company = CompanyFactory(ordinary_employees=40)
    named, other = (WorkplaceFactory(company=company) for _number in range(2))
    data = placement_data(company, "wage_subsidy", ordinary_hours="10", workplace=str(named.public_id))
    client = as_user(holder)
    page = content_of(client.post(url("new_placement", course.public_id), data))
    assert f"Antallet af ordinært ansatte på {named} er ikke kendt" in page
    assert 'name="ordinary_employees"' in page
    answer = client.post(url("new_placement", course.public_id), {**data, "ordinary_employees": "12"})
    assert answer.status_code == 302
    for row in (company, named, other):
        row.refresh_from_db()
    assert (company.ordinary_employees, named.ordinary_employees, other.ordinary_employees) == (40, 12, None)


def test_the_requirement_is_counted_at_the_workplace_and_names_it(as_user, holder, course) -> None:
    company = CompanyFactory(ordinary_employees=40)
    named, other = (WorkplaceFactory(company=company, ordinary_employees=5) for _number in range(2))
    for workplace in (named, other):
        PlacementFactory(company=company, workplace=workplace, starts_on=DRAWN_ON + 40 * DAY)
    data = placement_data(company, "wage_subsidy", ordinary_hours="10", workplace=str(named.public_id))
    page = content_of(as_user(holder).post(url("new_placement", course.public_id), data))
    assert f"Rimelighedskravet giver {named} 1 plads" in page
    assert "5 ordinært ansatte, 1 plads for hver 5: 1." in page


def test_the_arithmetic_names_own_citizens_only(as_user, holder, project, course, internship) -> None:
    own_course = CourseFactory(project_for=project, holders=holder, referral__name="Testborger Egen")
    for other_course in (own_course, CourseFactory(referral__name="Testborger Fremmed")):
        PlacementFactory(course=other_course, company=internship.company, starts_on=DRAWN_ON + 40 * DAY)
    page = content_of(as_user(holder).get(url("placement", internship.public_id)))
    assert "12 ordinært ansatte, 1 plads for hver 5: 2." in page
    assert "Testborger Egen, 1 anden person" in page
    assert "Fremmed" not in page
    assert AccessRecord.objects.filter(
        action="course.placement", citizens=[own_course.citizen.public_id], outcome="shown"
    ).exists()


def test_the_representative_and_the_confirmation_are_recorded(as_user, holder, internship) -> None:
    data = {
        "representative_name": "Tillids Repræsentant",
        "representative_confirmed_on": "2016-05-17",
        "version": str(internship.version),
    }
    client = as_user(holder)
    assert client.post(url("representative", internship.public_id), data).status_code == 302
    page = content_of(client.get(url("placement", internship.public_id)))
    assert "Tillids Repræsentant, bekræftet den 17. maj 2016" in page
    assert Placement.objects.get().representative_recorded_by == holder


def test_an_early_end_asks_why_and_offers_to_remove_the_renewal(as_user, holder, internship) -> None:
    renew_placement(
        internship,
        today=internship.starts_on,
        starts_on=datetime.date(2016, 8, 1),
        planned_end_on=datetime.date(2016, 9, 1),
        internship_hours=1,
        ordinary_hours=0,
    )
    client, address = as_user(holder), url("end", internship.public_id)
    assert "Fjern også den planlagte forlængelse: 1. august 2016 – 1. september 2016" in content_of(
        client.get(address)
    )
    version = str(Placement.objects.get(pk=internship.pk).version)
    data = {"ended_on": "2016-05-17", "version": version, "removes_renewals": "on"}
    assert "Vælg, hvorfor den slutter" in content_of(client.post(address, data))
    answer = client.post(address, {**data, "end_reason": "illness", "actual_hours": "21,5"})
    assert answer.status_code == 302
    assert list(Placement.objects.values_list("end_reason", flat=True)) == ["illness"]
    page = content_of(client.get(url("placement", internship.public_id)))
    assert "Sygdom" in page


def test_a_no_show_is_recorded_and_undone_from_the_courses_page(as_user, holder, course, internship) -> None:
    client = as_user(holder)
    data = {"withdrawn_reason": "Kom ikke", "version": str(internship.version)}
    assert client.post(url("no_show", internship.public_id), data).status_code == 302
    course_page = content_of(client.get(reverse("cases:course_company", args=[course.public_id])))
    assert "Mødte aldrig op" in course_page
    assert url("stand_again", internship.public_id) in course_page
    assert client.post(url("stand_again", internship.public_id)).status_code == 302
    assert Placement.objects.get() == internship


def test_a_mentor_is_not_offered_the_undo(as_user, holder, project, course, internship) -> None:
    from tests.factories import UserFactory

    as_user(holder).post(
        url("no_show", internship.public_id),
        {"withdrawn_reason": "Kom ikke", "version": str(internship.version)},
    )
    mentor = UserFactory(project=project, roles=["mentor"])
    FunctionHolding.objects.filter(course=course, function="mentor").update(user=mentor)
    page = content_of(as_user(mentor).get(reverse("cases:course_company", args=[course.public_id])))
    assert url("stand_again", internship.public_id) not in page


def test_the_chain_stands_on_each_of_its_pages(as_user, holder, course, internship) -> None:
    renewal = renew_placement(
        internship,
        today=internship.starts_on,
        starts_on=datetime.date(2016, 8, 1),
        planned_end_on=datetime.date(2016, 9, 1),
        internship_hours=1,
        ordinary_hours=4,
    )
    client = as_user(holder)
    first, second = (content_of(client.get(url("placement", row.public_id))) for row in (internship, renewal))
    assert url("placement", renewal.public_id) in first
    assert url("placement", internship.public_id) in second
    assert "Fra 1. august 2016" in first


@pytest.mark.parametrize("others", [0, 20])
def test_the_page_of_a_placement_keeps_its_number_of_queries(
    as_user, holder, project, internship, django_assert_max_num_queries, others
) -> None:
    for _number in range(others):
        other_course = CourseFactory(project_for=project, holders=holder)
        PlacementFactory(course=other_course, company=internship.company)
    client = as_user(holder)
    client.get(url("placement", internship.public_id))
    with django_assert_max_num_queries(20):
        client.get(url("placement", internship.public_id))
