"""Steps at the same moment: one of two is taken; what changes meanwhile is seen, or waits."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction

from companies.actions.placements import end_placement
from grants.awards.forms import TermsForm
from grants.models import GrantTerms, Statement
from grants.presentation import export
from grants.statements import actions
from randomization.ledger.actions import record_event
from randomization.models import Allocation
from tests.factories import AllocationFactory, PlacementFactory, UserFactory
from tests.scenarios.grant_statements import checked_statement, submitted_statement

END = date(2016, 12, 31)
SOON = 1.0  # seconds in which an action that is not blocked has finished

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cheap_pdf(monkeypatch):
    monkeypatch.setattr(export, "as_pdf", lambda draft, *_args: b"%PDF- " + repr(draft).encode())


@pytest.fixture
def placement():
    placement = PlacementFactory()
    AllocationFactory(referral=placement.course.referral)
    return placement


@pytest.fixture
def statement(placement):
    return checked_statement(placement.course.project, END)


class BackgroundAction:
    """An action on a connection of its own, running while the test goes on."""

    def __init__(self, action):
        self.outcome = None
        self.thread = threading.Thread(target=self._run, args=[action], daemon=True)
        self.thread.start()

    def _run(self, action):
        try:
            self.outcome = action()
        except Exception as error:
            self.outcome = error
        finally:
            connections.close_all()

    def is_waiting(self):
        self.thread.join(SOON)
        return self.thread.is_alive()

    def join(self):
        self.thread.join(30)
        assert not self.thread.is_alive()
        return self.outcome


def end_early(placement):
    return end_placement(placement, ended_on=placement.starts_on + timedelta(days=20), today=END)


def lower_terms(_placement):
    now = GrantTerms.objects.latest("valid_from")
    data = {name: getattr(now, name) for name in TermsForm.Meta.fields}
    data |= {
        "valid_from": "2016-06-01",
        "completion_amount": "1000",
        "ceiling_share": "90",
        "reason": "Lavere",
        "sure": "on",
    }
    form = TermsForm({**data, "bridge_non_working_days": "on"}, now=now, today=END)
    assert form.is_valid(), form.errors
    return form.save(by=UserFactory(), today=END)


def leave_trial(placement):
    allocation = Allocation.objects.get(citizen=placement.course.citizen)
    return record_event(allocation, "withdrawn", date(2016, 5, 1), "x", UserFactory())


CHANGES = {"placement": end_early, "terms": lower_terms, "allocation": leave_trial}


@pytest.mark.parametrize("change", ["placement", "terms", "allocation"])
def test_a_change_waits_until_the_approval_stands(placement, statement, change, monkeypatch):
    """The approval has reckoned; what would change the reckoning comes before it is committed."""
    original_is_fresh, observed = actions.is_fresh, {}

    def change_during_approval(current):
        is_fresh = original_is_fresh(current)
        observed["job"] = BackgroundAction(partial(CHANGES[change], placement))
        observed["waits"] = observed["job"].is_waiting()
        observed["state"] = Statement.objects.get(pk=statement.pk).state
        return is_fresh

    monkeypatch.setattr(actions, "is_fresh", change_during_approval)
    actions.approve(statement, UserFactory())
    assert (observed["waits"], observed["state"]) == (True, "checked")
    outcome = observed["job"].join()
    if change == "placement":
        assert outcome.ended_on is not None
    elif change == "allocation":
        assert outcome.kind == "withdrawn"
    else:  # the form was filled in before anything was approved; the terms would now reach back
        assert isinstance(outcome, ValidationError)
        assert GrantTerms.objects.count() == 1


@pytest.mark.parametrize("change", ["placement", "terms", "allocation"])
def test_an_approval_waits_for_a_change_and_sees_it(placement, statement, change):
    user = UserFactory()
    with transaction.atomic():
        CHANGES[change](placement)
        approval = BackgroundAction(lambda: actions.approve(statement, user))
        assert approval.is_waiting()
    assert isinstance(approval.join(), ValidationError)
    assert Statement.objects.get().state == "checked"


def test_two_projects_are_approved_at_once(statement):
    """The lock on the terms is shared: one approval does not wait for another."""
    other = checked_statement(PlacementFactory().course.project, END)
    user = UserFactory()
    with transaction.atomic():
        actions.approve(statement, UserFactory())
        approval = BackgroundAction(lambda: actions.approve(other, user))
        assert not approval.is_waiting()
    assert approval.join().paid == Decimal(16000)


def run_at_once(jobs):
    """Run the jobs at once, each on a connection of its own; return what each gave or raised."""
    barrier, outcomes = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number, job):
        try:
            barrier.wait(30)
            outcomes[number] = job()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_two_approvals_at_once_approve_once():
    project = PlacementFactory().course.project
    statement = checked_statement(project, END)
    people = [UserFactory(), UserFactory()]
    outcomes = run_at_once([lambda user=user: actions.approve(statement, user) for user in people])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Statement", "ValidationError"]
    assert Statement.objects.get().approved_by in people


def test_two_submissions_at_once_submit_once():
    project = PlacementFactory().course.project
    outcomes = run_at_once([lambda: submitted_statement(project, END, None)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Statement", "ValidationError"]
    assert Statement.objects.count() == 1
