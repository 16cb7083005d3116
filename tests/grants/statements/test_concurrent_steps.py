"""Steps at the same moment: one of two is taken; what changes meanwhile is seen, or waits."""

import io
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from companies.actions.placement_corrections import CorrectedPlacement, correct_placement
from companies.actions.placements import end_placement
from companies.actions.withdrawals import withdraw_as_error
from companies.exchange import COLUMNS, load_placements
from companies.models import Placement
from grants.awards.forms import TermsForm
from grants.models import DoubtAnswer, GrantTerms, Statement
from grants.presentation import export
from grants.statements import actions
from grants.statements.doubt_answers import DoubtReply, answer, open_doubts
from jobfirst.exchange import read_table
from randomization.ledger.actions import record_event
from randomization.models import Allocation
from tests.concurrency import BackgroundAction, run_at_once
from tests.factories import AllocationFactory, PlacementFactory, UserFactory
from tests.scenarios.grant_statements import checked_statement, submitted_statement
from tests.scenarios.placement_files import HEADER, placement_row

END = date(2016, 12, 31)

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
        "version": GrantTerms.objects.count(),
    }
    form = TermsForm({**data, "bridge_non_working_days": "on"}, now=now, today=END)
    assert form.is_valid(), form.errors
    return form.save(by=UserFactory(), today=END)


def leave_trial(placement):
    allocation = Allocation.objects.get(citizen=placement.course.citizen)
    return record_event(allocation, "withdrawn", date(2016, 5, 1), "x", UserFactory())


def deliver_file(placement):
    """Import a file that says the placement ended after 21 days."""
    last_day = placement.starts_on + timedelta(days=20)
    row = placement_row(
        placement.course,
        cvr=placement.company.cvr,
        company=placement.company.name,
        p_number="",
        starts_on=placement.starts_on.isoformat(),
        planned_end_on=placement.planned_end_on.isoformat(),
        ended_on=last_day.isoformat(),
    )
    return load_placements(read_table(io.BytesIO(f"{HEADER}\n{row}\n".encode()), COLUMNS))


def correct_first_day(placement):
    """A person corrects the first day to a week later."""
    facts = {name: getattr(placement, name) for name in CorrectedPlacement.__dataclass_fields__}
    later = CorrectedPlacement(**{**facts, "starts_on": placement.starts_on + timedelta(days=7)})
    return correct_placement(placement, later, reason="x", by=UserFactory(), today=END)


def withdraw(placement):
    """A person withdraws the placement as entered in error, as it was then."""
    withdraw_as_error(placement, reason="x", by=UserFactory())
    return Placement.everything.get(pk=placement.pk)


CHANGES = {
    "placement": end_early,
    "correction": correct_first_day,
    "withdrawal": withdraw,
    "delivery": deliver_file,
    "terms": lower_terms,
    "allocation": leave_trial,
}


@pytest.mark.parametrize("change", list(CHANGES))
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
    elif change == "correction":
        assert outcome.starts_on == placement.starts_on + timedelta(days=7)
    elif change == "withdrawal":
        assert outcome.withdrawn_at is not None
    elif change == "delivery":
        assert outcome["updated"] == 1
    elif change == "allocation":
        assert outcome.kind == "withdrawn"
    else:  # the form was filled in before anything was approved; the terms would now reach back
        assert isinstance(outcome, ValidationError)
        assert GrantTerms.objects.count() == 1


@pytest.mark.parametrize("change", list(CHANGES))
def test_an_approval_waits_for_a_change_and_sees_it(placement, statement, change):
    user = UserFactory()
    with transaction.atomic():
        CHANGES[change](placement)
        approval = BackgroundAction(lambda: actions.approve(statement, user))
        assert approval.is_waiting()
    assert isinstance(approval.join(), ValidationError)
    assert Statement.objects.get().state == "checked"


def test_an_answer_during_an_approval_comes_too_late_and_is_refused(placement, statement, monkeypatch):
    """The approval holds the project: the answer waits, finds the doubt approved, and stores nothing."""
    original_is_fresh, observed = actions.is_fresh, {}
    project = placement.course.project
    doubt = open_doubts(project, END, END).doubts[0]
    answers_before = DoubtAnswer.objects.count()
    leader = UserFactory()

    def answer_during_approval(current):
        reply = DoubtReply(doubt.key, "For sent")
        observed["job"] = BackgroundAction(partial(answer, project, END, reply, leader, END))
        observed["waits"] = observed["job"].is_waiting()
        return original_is_fresh(current)

    monkeypatch.setattr(actions, "is_fresh", answer_during_approval)
    approved = actions.approve(statement, UserFactory())
    assert observed["waits"]
    assert isinstance(observed["job"].join(), ValidationError)
    assert DoubtAnswer.objects.count() == answers_before
    assert "For sent" not in approved.approval.content


def test_an_approval_waits_for_an_answer_and_has_it(placement, statement):
    project, user, leader = placement.course.project, UserFactory(), UserFactory()
    doubt = open_doubts(project, END, END).doubts[0]
    with transaction.atomic():
        answer(project, END, DoubtReply(doubt.key, "Set efter igen"), leader, END)
        approval = BackgroundAction(lambda: actions.approve(statement, user))
        assert approval.is_waiting()
    assert "Set efter igen" in approval.join().approval.content


def test_two_projects_are_approved_at_once(statement):
    """The lock on the terms is shared: one approval does not wait for another."""
    other = checked_statement(PlacementFactory().course.project, END)
    user = UserFactory()
    with transaction.atomic():
        actions.approve(statement, UserFactory())
        approval = BackgroundAction(lambda: actions.approve(other, user))
        assert not approval.is_waiting()
    assert approval.join().paid == Decimal(16000)


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
