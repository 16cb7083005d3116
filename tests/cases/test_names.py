"""A name belongs to the project that typed it (D39). See also tests/access/test_cpr_numbers.py."""

import datetime
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import ProjectMunicipality
from accounts.roles import Role
from cases import actions, extension_points
from cases.actions import ReferralData
from cases.course_pages import CoursePage, page_url
from cases.models import Citizen, Course, Referral
from reminders import deadlines
from tests.factories import (
    AllocationFactory,
    CourseFactory,
    ProjectFactory,
    UserFactory,
    cpr,
)

pytestmark = pytest.mark.django_db

LIST = "/henvisninger/"


@pytest.fixture
def odense():
    return ProjectFactory(slug="odense", codes=["0461"])


@pytest.fixture
def aarhus():
    return ProjectFactory(slug="aarhus", codes=["0751"])


def sign_in_leader(client, project):
    client.force_login(
        UserFactory(project=project, roles=[Role.PROJECT_LEADER, Role.COORDINATING_CASEWORKER])
    )
    return client


def refer(project, name, **facts) -> Referral:
    data = ReferralData(
        digits=cpr(1),
        name=name,
        municipality_code=project.places.get(is_lead=True).municipality_id,
        **{
            "target_group": "activity_ready",
            "benefit": "cash_benefit",
            "public_support_since": datetime.date(2014, 1, 1),
            "activity_ready": True,
            "in_integration_programme": False,
            "referred_on": datetime.date(2016, 3, 20),
            **facts,
        },
    )
    return actions.refer(data).referral


def open_course_of(referral) -> Course:
    AllocationFactory(referral=referral)
    return CourseFactory(referral=referral, project_for=referral.project)


def pages_about(client, course) -> str:
    """Return the HTML of the course's own pages, the lists it is on, and its draw."""
    addresses = [
        LIST,
        reverse("cases:referral", args=[course.referral.public_id]),
        reverse("cases:courses"),
        *(page_url(course.public_id, page) for page in CoursePage if extension_points.sections(page)),
        reverse("cases:access_log", args=[course.public_id]),
        reverse("randomization:drawn"),
        reverse("randomization:allocation", args=[course.referral.public_id]),
        reverse("evaluation:dashboard"),
    ]
    pages = []
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert course.citizen_name in response.content.decode(), address
        pages.append(response.content.decode())
    return "\n".join(pages)


def test_every_referral_keeps_the_name_that_was_typed(odense, aarhus) -> None:
    refer(odense, "Anna Odense")
    refer(aarhus, "Anne Aarhus")
    assert list(Referral.objects.order_by("pk").values_list("name", flat=True)) == [
        "Anna Odense",
        "Anne Aarhus",
    ]
    assert Citizen.objects.count() == 1


def test_who_refers_a_participant_of_another_project_sees_the_own_typing_only(client, odense, aarhus) -> None:
    open_course_of(refer(odense, "Anna Odense"))
    referral = refer(aarhus, "Anne Aarhus")
    page = sign_in_leader(client, aarhus)
    for address in (LIST, reverse("cases:referral", args=[referral.public_id])):
        html = page.get(address).content.decode()
        assert "Anne Aarhus" in html
        assert "Anna Odense" not in html


@pytest.mark.parametrize("elsewhere_first", [True, False])
def test_a_course_bears_the_name_of_its_own_referral(client, odense, aarhus, elsewhere_first) -> None:
    ineligible = {"activity_ready": False}
    if elsewhere_first:
        refer(aarhus, "Anne Aarhus", **ineligible)
    course = open_course_of(refer(odense, "Anna Odense"))
    deadlines.recompute()
    if not elsewhere_first:
        refer(aarhus, "Anne Aarhus", **ineligible)
    assert course.citizen_name == "Anna Odense"
    html = pages_about(sign_in_leader(client, odense), course)
    assert "Anne Aarhus" not in html


def test_a_later_refused_referral_of_ones_own_renames_nobody(client, odense) -> None:
    course = open_course_of(refer(odense, "Anna Odense"))
    refused = refer(odense, "Anna Nygift", referred_on=datetime.date(2016, 5, 1))
    page = sign_in_leader(client, odense)
    assert course.citizen_name == "Anna Odense"
    assert "Anna Nygift" in page.get(reverse("cases:referral", args=[refused.public_id])).content.decode()
    drawn_page = page.get(reverse("randomization:drawn")).content.decode()
    assert "Anna Odense" in drawn_page
    assert "Anna Nygift" not in drawn_page


def test_the_certificate_bears_the_name_of_the_accepted_referral(client, odense, aarhus) -> None:
    refer(aarhus, "Anne Aarhus", activity_ready=False)
    referral = open_course_of(refer(odense, "Anna Odense")).referral
    response = sign_in_leader(client, odense).get(
        reverse("randomization:certificate", args=[referral.public_id])
    )
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    assert "Anna Odense" in text
    assert "Anne Aarhus" not in text


def test_a_search_by_name_looks_at_the_own_projects_typing(client, odense, aarhus) -> None:
    open_course_of(refer(odense, "Anna Odense"))
    refer(aarhus, "Anne Aarhus")
    page = sign_in_leader(client, aarhus)
    assert "Anne Aarhus" in page.get(LIST, {"name": "anne"}).content.decode()
    assert page.get(LIST, {"name": "anna"}).context["table"].total == 0


def test_a_search_among_the_drawn_looks_at_the_accepted_referral(client, odense) -> None:
    open_course_of(refer(odense, "Anna Odense"))
    refer(odense, "Anna Nygift", referred_on=datetime.date(2016, 5, 1))
    page = sign_in_leader(client, odense)
    drawn_url = reverse("randomization:drawn")
    assert "Anna Odense" in page.get(drawn_url, {"name": "odense"}).content.decode()
    assert "Anna Odense" not in page.get(drawn_url, {"name": "nygift"}).content.decode()


def test_the_waiting_list_shows_the_accepted_referral(client, odense, aarhus) -> None:
    refer(aarhus, "Anne Aarhus", activity_ready=False)
    refer(odense, "Anna Odense")
    html = sign_in_leader(client, odense).get(reverse("randomization:waiting")).content.decode()
    assert "Anna Odense" in html
    assert "Anne Aarhus" not in html


def test_the_same_facts_in_another_project_are_a_referral_of_its_own(client, odense, aarhus) -> None:
    """A municipality that changes project does not take the old project's referrals with it."""
    first = refer(odense, "Anna Odense")
    ProjectMunicipality.objects.filter(municipality="0461").update(project=aarhus, is_lead=False)
    ProjectMunicipality.objects.filter(municipality="0751").update(is_lead=False)
    ProjectMunicipality.objects.filter(municipality="0461").update(is_lead=True)
    second = refer(aarhus, "Anne Aarhus")
    assert (second.pk != first.pk, second.reasons, second.project) == (True, ["already_referred"], aarhus)


def test_a_changed_name_stays_in_the_history(odense) -> None:
    referral = refer(odense, "Anna Odense")
    referral.name = "Anna Nygift"
    referral.save()
    events = Referral.pgh_event_model.objects.filter(pgh_obj=referral).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "name")) == [
        ("insert", "Anna Odense"),
        ("update", "Anna Nygift"),
    ]


def test_neither_number_nor_name_stands_with_the_citizen_or_her_history() -> None:
    fields = {field.name for field in Citizen.pgh_event_model._meta.get_fields()}
    assert fields.isdisjoint({"name", "cpr_cipher", "cpr_lookup"})
    assert "name" not in {field.name for field in Citizen._meta.get_fields()}


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Anna Maria Berg", "AB"), ("anna", "A"), ("Øre  Ågesen", "ØÅ"), ("", "")],
)
def test_initials_are_the_first_letters_of_first_and_last_name(name, initials) -> None:
    referral = Referral(name=name)
    assert referral.initials == initials
    assert Course(referral=referral).initials == initials
