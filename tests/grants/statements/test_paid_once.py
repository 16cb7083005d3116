"""What is paid is paid once: paid before, approved and not yet paid, second statements, retroactive rates."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from grants.models import GrantTerms
from grants.presentation import export
from grants.reckoning.compute import compute
from grants.statements import actions
from grants.storage import submitted
from tests.factories import PlacementFactory, UserFactory
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import END_2016, approved_statement, checked_statement

HALF, END, NEXT = date(2016, 6, 30), END_2016, date(2017, 12, 31)


@pytest.fixture(autouse=True)
def cheap_pdf(monkeypatch):
    monkeypatch.setattr(export, "as_pdf", lambda draft, *_args: b"%PDF- " + repr(draft).encode())


@pytest.fixture
def project(db):
    """A project with an internship of 91 days from 4 April: both parts, the completion on 3 July."""
    return PlacementFactory().course.project


def single_statement(project, cut_off):
    (statement_now,) = compute(cut_off.year, cut_off, [project]).projects
    return statement_now


def test_a_retroactive_rate_for_an_approved_event_of_the_same_day_is_an_adjustment(project):
    first = approved_statement(project, END)
    completion = first.lines.get(kind="completion")
    GrantTerms.objects.create(
        valid_from=date(2016, 7, 1),
        start_amount=8000,
        completion_amount=9500,
        completion_days=91,
        counting_kinds=["internship"],
        ceiling_share=Decimal("0.9"),
        reason="x",
    )
    recompute_events()
    statement_now = single_statement(project, NEXT)
    (item,) = statement_now.adjustments
    assert (item.line_id, item.was_on, item.on) == (completion.pk, completion.on, completion.on)
    assert (item.was, item.now, item.amount) == (Decimal(8000), Decimal(9500), Decimal(1500))
    assert (statement_now.new, statement_now.payable) == (Decimal(0), Decimal(1500))


def test_paid_before_is_what_is_registered_as_paid_and_nothing_is_payable_twice(project):
    first = approved_statement(project, END)
    statement_now = single_statement(project, NEXT)
    assert (statement_now.paid_before, statement_now.approved_unpaid) == (Decimal(0), Decimal(16000))
    assert statement_now.payable == Decimal(0)
    day = timezone.localdate(first.approved_at)
    actions.pay(first, UserFactory(), day, "2017-0042", last_day=day)
    statement_now = single_statement(project, NEXT)
    assert (statement_now.paid_before, statement_now.approved_unpaid) == (Decimal(16000), Decimal(0))
    assert statement_now.payable == Decimal(0)


def test_a_payment_meanwhile_does_not_send_the_next_statement_back(project):
    first = approved_statement(project, HALF)
    second = checked_statement(project, END)
    day = timezone.localdate(first.approved_at)
    actions.pay(first, UserFactory(), day, "R", last_day=day)
    assert actions.approve(second, UserFactory()).state == "approved"


def test_a_second_statement_of_a_year_needs_a_reason(project):
    approved_statement(project, HALF)
    seen = submitted.content_hash(compute(2016, END, [project]))
    with pytest.raises(ValidationError) as refused:
        actions.submit(project, 2016, END, UserFactory(), seen=seen, last_day=None, another_reason=" ")
    assert "another_reason" in refused.value.error_dict
    statement = actions.submit(
        project, 2016, END, UserFactory(), seen=seen, last_day=None, another_reason="Efterregistrering"
    )
    assert statement.another_reason == "Efterregistrering"


def test_the_leader_is_asked_why_a_year_gets_another_statement(trial, log_in):
    approved_statement(trial.aalborg, HALF)
    client, url = log_in(trial.leader), reverse("grants:submit", args=["aalborg"])
    form = client.get(url, {"year": "2016"}).context["form"]
    data = {name: form[name].value() for name in ("year", "cut_off", "seen", "submission")}
    response = client.post(url, {**data, "declared": "on"})
    assert "another_reason" in response.context["form"].errors
    client.post(url, {**data, "declared": "on", "another_reason": "Efterregistrering"})
    statement = trial.aalborg.statements.get(cut_off=END)
    page = client.get(reverse("grants:stored", args=[statement.public_id])).content.decode()
    assert "Efterregistrering" in page


def test_the_approval_says_in_numbers_what_it_does(trial, log_in):
    approved_statement(trial.aalborg, HALF)
    statement = checked_statement(trial.aalborg, END)
    url = reverse("grants:approve", args=[statement.public_id])
    page = log_in(trial.approver).get(url).content.decode()
    assert "3 optjeninger: 2 påbegyndte og 1 gennemførte" in page
    assert "16.000,00 kr." in page  # approved before: two starts
    assert "8.000,00 kr." in page  # to be paid now: the completion
    assert "kan ikke længere ændres eller sendes tilbage" in page
    statement.refresh_from_db()
    assert statement.state == "checked"


def test_the_payment_says_what_is_paid_in_all_afterwards(trial, log_in):
    first = approved_statement(trial.aalborg, HALF)
    day = timezone.localdate(first.approved_at)
    actions.pay(first, UserFactory(), day, "R-1", last_day=day)
    second = approved_statement(trial.aalborg, END)
    page = log_in(trial.agency).get(reverse("grants:pay", args=[second.public_id])).content.decode()
    for amount in ("8.000,00 kr.", "16.000,00 kr.", "24.000,00 kr."):
        assert amount in page
