"""A renewal starts with what held last, its work agreement included (D38)."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from companies.actions.renewals import renew_placement
from companies.models import CompanyContact, Placement, WorkAgreement
from companies.signing.status import in_force_on
from reminders.models import Deadline
from tests.companies.factories import SuccessionFactory
from tests.factories import CompanyFactory, UserFactory
from tests.scenarios.signing import sign_all
from tests.scenarios.work_agreements import CONTENT, SIGNED_ON, save_agreement, work_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]
FIRST, LAST = datetime.date(2016, 8, 1), datetime.date(2016, 9, 1)
WEEK = [work_period(1, "08:30", "12:00"), work_period(3, "22:00", "06:00", "ordinary")]


def renew(internship, *, internship_hours="3.5", ordinary_hours="8", **values) -> Placement:
    return renew_placement(
        internship,
        starts_on=FIRST,
        planned_end_on=LAST,
        internship_hours=Decimal(internship_hours),
        ordinary_hours=Decimal(ordinary_hours),
        today=SIGNED_ON,
        **values,
    )


def test_a_renewal_has_a_draft_of_what_held_last(internship) -> None:
    earlier = save_agreement(internship, schedule=WEEK)
    by = UserFactory()
    draft = renew(internship, by=by).agreements.get()
    assert (draft.state, draft.number, draft.made_by) == ("draft", 1, by)
    assert {name: getattr(draft, name) for name in CONTENT} == CONTENT
    assert draft.periods() == earlier.periods() == sorted(WEEK)
    assert (draft.starts_on, draft.ends_on, draft.valid_from) == (FIRST, LAST, FIRST)
    assert not draft.signatures.exists()


def test_a_renewal_takes_over_what_is_signed_and_not_a_later_draft(internship, holder) -> None:
    sign_all(save_agreement(internship, schedule=WEEK), holder)
    save_agreement(internship, content={**CONTENT, "tasks": "Halvfærdigt"}, is_draft=True)
    draft = renew(internship).agreements.get()
    assert draft.tasks == CONTENT["tasks"]


def test_the_draft_of_a_renewal_is_signed_by_nobody(internship, holder) -> None:
    sign_all(save_agreement(internship, schedule=WEEK), holder)
    renewal = renew(internship)
    assert not renewal.agreements.get().signatures.exists()
    assert in_force_on(renewal, FIRST) is None
    assert not WorkAgreement.objects.signed_by_all().filter(placement=renewal).exists()


def test_a_renewal_without_an_agreement_before_has_none(internship) -> None:
    assert not renew(internship).agreements.exists()


def test_the_same_renewal_sent_twice_makes_one_draft(internship) -> None:
    save_agreement(internship, schedule=WEEK)
    submission = "7b0bb6fc-8a5a-4ff0-9f7f-7e5f1c2d3e4f"
    first, second = (renew(internship, submission=submission) for _time in range(2))
    assert first == second
    assert first.agreements.count() == 1


def test_the_contact_person_is_as_stored_now(internship) -> None:
    agreement = save_agreement(internship, schedule=WEEK)
    CompanyContact.objects.filter(pk=agreement.company_contact_id).update(name="Karla Nygift")
    assert renew(internship).agreements.get().company_contact_name == "Karla Nygift"


def test_the_draft_is_no_signed_agreement_for_the_deadlines(internship) -> None:
    save_agreement(internship, schedule=WEEK)
    renew(internship)
    unsigned = Deadline.objects.filter(kind="agreement_unsigned", subject=internship.course.public_id)
    assert FIRST in set(unsigned.values_list("due_on", flat=True))


def test_hours_that_differ_from_the_week_of_the_draft_are_named(as_user, holder, internship) -> None:
    save_agreement(internship, schedule=WEEK)
    renewal = renew(internship, ordinary_hours="12")
    draft = renewal.agreements.get()
    words = "3,50 praktiktimer og 8 ordinære timer, men der er aftalt 3,50 og 12"
    for name, row in (("placement", renewal), ("agreement", renewal), ("agreement_page", draft)):
        page = as_user(holder).get(reverse(f"companies:{name}", args=[row.public_id]))
        assert words in page.content.decode(), name


def test_renewing_at_a_company_that_was_taken_over_warns_once(as_user, holder, internship) -> None:
    successor = CompanyFactory(name="Bageren Ny A/S")
    SuccessionFactory(predecessor=internship.company, successor=successor, from_on=FIRST)
    url = reverse("companies:renew", args=[internship.public_id])
    data = {
        "starts_on": "2016-08-01",
        "planned_end_on": "2016-09-01",
        "internship_hours": "10",
        "ordinary_hours": "5",
        "submission": "7b0bb6fc-8a5a-4ff0-9f7f-7e5f1c2d3e4f",
    }
    client = as_user(holder)
    response = client.post(url, data)
    assert "Bageren Ny A/S" in response.content.decode()
    assert 'name="warned" value="on"' in response.content.decode()
    assert not Placement.objects.filter(renews=internship).exists()
    assert client.post(url, {**data, "warned": "on"}).status_code == 302
    assert Placement.objects.filter(renews=internship).exists()
