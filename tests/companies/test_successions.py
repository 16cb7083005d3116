"""Companies that are taken over: who records it, what is refused, what the pages say."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.roles import Role
from companies.actions import placements
from companies.actions.companies import save_workplace
from companies.actions.successions import record_succession, withdraw_succession
from companies.models import Company, Succession
from grants.models import EarnedEvent
from grants.storage.stored_events import differences
from jobfirst.values.dates import DAY
from tests.companies.factories import SuccessionFactory
from tests.concurrency import run_at_once
from tests.factories import (
    DRAWN_ON,
    CompanyFactory,
    CourseFactory,
    MatchFactory,
    PlacementFactory,
    ProjectFactory,
    UserFactory,
    cvr,
)

pytestmark = pytest.mark.django_db

TAKEN_OVER = date(2016, 5, 18)


@pytest.fixture
def agency():
    return UserFactory(roles=[Role.AGENCY])


@pytest.fixture
def leader():
    return UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])


def record(by, predecessor=None, successor=None, from_on=TAKEN_OVER, **fields):
    return record_succession(
        predecessor or CompanyFactory(),
        successor or CompanyFactory(),
        from_on=from_on,
        **{"all_workplaces": True, "reason": "Fusion", "by": by, **fields},
    )


def course_of(leader):
    return CourseFactory(project_for=leader._factory_project)


def test_a_leader_records_the_take_over_of_a_company_that_only_the_own_project_uses(leader):
    placement = PlacementFactory(course=course_of(leader))
    assert record(leader, placement.company).recorded_by == leader


def test_what_another_project_uses_is_left_to_the_agency(leader, agency):
    company = CompanyFactory()
    for course in (course_of(leader), CourseFactory()):
        PlacementFactory(course=course, company=company)
    with pytest.raises(ValidationError, match="STAR"):
        record(leader, company)
    succession = record(agency, company)
    with pytest.raises(ValidationError, match="STAR"):
        withdraw_succession(succession, reason="x", by=leader)


def test_a_take_over_further_up_the_chain_counts_as_use(leader):
    """Whoever has placements at A gets other days when B, which took over A, is taken over."""
    placement = PlacementFactory()
    earlier = SuccessionFactory(predecessor=placement.company, from_on=DRAWN_ON)
    with pytest.raises(ValidationError):
        record(leader, earlier.successor)


@pytest.mark.parametrize(
    ("first", "second"),
    [(("A", "B", 0), ("A", "C", 5)), (("A", "B", 0), ("B", "A", -5)), (("A", "B", 0), ("B", "C", 0))],
    ids=["twice", "in a circle", "by a company that is gone"],
)
def test_an_impossible_chain_is_refused(agency, first, second):
    companies = {name: CompanyFactory() for name in "ABC"}
    for number, (predecessor, successor, days) in enumerate((first, second)):
        fields = {"from_on": TAKEN_OVER + days * DAY}
        if number == 0:
            record(agency, companies[predecessor], companies[successor], **fields)
            continue
        with pytest.raises(ValidationError):
            record(agency, companies[predecessor], companies[successor], **fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            SuccessionFactory(predecessor=companies[predecessor], successor=companies[successor], **fields)


def test_a_company_does_not_take_over_itself(agency):
    company = CompanyFactory()
    with pytest.raises(ValidationError):
        record(agency, company, company)
    with pytest.raises(IntegrityError), transaction.atomic():
        SuccessionFactory(predecessor=company, successor=company)


def test_the_same_form_sent_twice_records_it_once(agency):
    company, successor, token = CompanyFactory(), CompanyFactory(), uuid.uuid4()
    for _twice in range(2):
        record(agency, company, successor, submission=token)
    assert Succession.objects.count() == 1


def test_a_withdrawn_one_stays_with_its_reason_and_can_be_recorded_anew(agency):
    succession = record(agency)
    withdraw_succession(succession, reason="Forkert nummer", by=agency)
    withdraw_succession(succession, reason="Forkert nummer", by=agency)  # a double click
    with pytest.raises(ValidationError, match="Forkert nummer"):
        withdraw_succession(succession, reason="igen", by=agency)
    record(agency, succession.predecessor, succession.successor)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Succession.objects.filter(pk=succession.pk).update(withdrawn_reason="andet")


@pytest.mark.django_db(transaction=True)
def test_two_people_close_a_circle_at_the_same_moment():
    agency = UserFactory(roles=[Role.AGENCY])
    companies = [CompanyFactory(), CompanyFactory()]
    outcomes = run_at_once([lambda: record(agency, *companies), lambda: record(agency, *reversed(companies))])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Succession", "ValidationError"]


@pytest.mark.django_db(transaction=True)
def test_a_placement_that_starts_meanwhile_is_reckoned_with_the_take_over():
    agency = UserFactory(roles=[Role.AGENCY])
    companies = [CompanyFactory(), CompanyFactory()]
    course = CourseFactory()
    match = MatchFactory(course=course, company=companies[0])
    terms = {"kind": "internship", "internship_hours": 15, "ordinary_hours": 0}
    outcomes = run_at_once(
        [
            lambda: record(agency, *companies),
            lambda: placements.start_placement(
                course, match.company, starts_on=DRAWN_ON, planned_end_on=DRAWN_ON + 90 * DAY, **terms
            ),
        ]
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert EarnedEvent.objects.get(kind="completion").basis["company"] == companies[1].cvr
    assert differences() == []


def url(name, *args):
    return reverse(f"companies:{name}", args=args)


def fields(company, successor_cvr, **other):
    return {
        "cvr": company.cvr,
        "successor_cvr": successor_cvr,
        "from_on": "2016-05-18",
        "all_workplaces": "on",
        "reason": "Fusion ifølge CVR",
        "submission": str(uuid.uuid4()),
        **other,
    }


def test_the_agency_records_and_withdraws_it_on_the_pages(client, agency, django_assert_max_num_queries):
    company = CompanyFactory(name="Den gamle bager")
    client.force_login(agency)
    page = client.post(url("new_succession"), fields(company, cvr(500))).content.decode()
    assert "skriv også" in page.lower() or "navn" in page.lower()
    response = client.post(url("new_succession"), fields(company, cvr(500), successor_name="Den nye bager"))
    assert response.status_code == 302
    with django_assert_max_num_queries(8):
        page = client.get(url("successions")).content.decode()
    assert "Den gamle bager" in page
    assert "Den nye bager" in page
    succession = Succession.objects.get()
    data = {"reason": "Forkert", "version": "1"}
    assert client.post(url("withdraw_succession", succession.public_id), data).status_code == 302
    assert "Forkert" in client.get(url("successions")).content.decode()
    assert client.get(url("withdraw_succession", succession.public_id)).status_code == 404
    second = client.post(
        url("withdraw_succession", succession.public_id), {**data, "reason": "Mit andet ord"}
    )
    assert second.status_code == 409
    assert "Mit andet ord" in second.content.decode()


def test_a_cpr_number_in_the_reason_is_refused(client, agency):
    client.force_login(agency)
    client.post(url("new_succession"), fields(CompanyFactory(), CompanyFactory().cvr, reason="170570-1234"))
    assert not Succession.objects.exists()


def test_a_refused_take_over_leaves_no_new_company(client, leader):
    placement = PlacementFactory()
    client.force_login(leader)
    data = fields(placement.company, cvr(500), successor_name="Ny")
    page = client.post(url("new_succession"), data).content.decode()
    assert "ikke ændre denne virksomhed alene" in page
    assert not Company.objects.filter(cvr=cvr(500)).exists()


@pytest.mark.usefixtures("wednesday")
def test_the_page_of_the_company_leads_to_its_successor(as_user, holder):
    succession = SuccessionFactory(from_on=date(2016, 5, 1))
    client = as_user(holder)
    page = client.get(url("company", succession.predecessor.cvr)).content.decode()
    assert url("company", succession.successor.cvr) in page
    page = client.get(url("company", succession.successor.cvr)).content.decode()
    assert url("company", succession.predecessor.cvr) in page


@pytest.mark.usefixtures("wednesday")
def test_a_new_placement_at_the_old_company_is_warned_of_and_not_forbidden(as_user, holder, course):
    succession = SuccessionFactory(from_on=date(2016, 5, 1))
    client = as_user(holder)
    data = {
        "cvr": succession.predecessor.cvr,
        "kind": "sniffing",
        "starts_on": "2016-05-19",
        "planned_end_on": "2016-05-27",
        "submission": str(uuid.uuid4()),
    }
    page = client.post(url("new_placement", course.public_id), data).content.decode()
    assert url("company", succession.successor.cvr) in page
    assert not course.placements.exists()
    assert client.post(url("new_placement", course.public_id), {**data, "warned": "on"}).status_code == 302


def test_a_p_number_goes_over_to_the_successor_with_its_workplace(agency):
    succession = SuccessionFactory()
    facts = {"p_number": "1003257424"}
    save_workplace(succession.predecessor, facts)
    assert save_workplace(succession.successor, facts).p_number == "1003257424"
    with pytest.raises(ValidationError):
        save_workplace(CompanyFactory(), facts)


@pytest.mark.usefixtures("wednesday")
def test_a_match_at_the_old_company_is_warned_of_once(as_user, holder, course):
    succession = SuccessionFactory(from_on=date(2016, 5, 1))
    client = as_user(holder)
    data = {
        "cvr": succession.predecessor.cvr,
        "matched_on": "2016-05-18",
        "submission": str(uuid.uuid4()),
    }
    page = client.post(url("new_match", course.public_id), data).content.decode()
    assert url("company", succession.successor.cvr) in page
    assert not course.matches.exists()
    assert client.post(url("new_match", course.public_id), {**data, "warned": "on"}).status_code == 302
