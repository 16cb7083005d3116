"""The demo's money: entered as people would enter it, in every state, with a correction to look at."""

import datetime
import hashlib

from accounts.models import Project
from grants import voucher_actions, voucher_files
from grants.models import Application, Award, Document, State, Statement, Voucher
from grants.statement import compute

ON = datetime.date(2026, 11, 20)
CUT_OFF = datetime.date(2026, 9, 30)


def test_every_project_has_its_application_and_award(demo):
    for project in Project.objects.all():
        award = Award.objects.get(project=project)
        assert award.target_count == project.target_count
        assert award.fixed_grants.count() == project.municipalities.count()
        assert award.budget.count() == 9
        application = Application.objects.get(project=project)
        assert not application.is_late
        assert not application.is_too_long
        assert not application.missing


def test_statements_stand_in_every_state_and_are_named_by_different_people(demo):
    states = {state: statement for statement in Statement.objects.all() for state in [statement.state]}
    assert set(states) == {State.PAID, State.SUBMITTED, State.CHECKED, State.RETURNED, State.APPROVED}
    for state in (State.PAID, State.APPROVED):
        statement = states[state]
        assert statement.cut_off == CUT_OFF
        people = {statement.submitted_by_id, statement.checked_by_id, statement.approved_by_id}
        assert len(people) == 3
        document = Document.objects.get(statement=statement)
        assert hashlib.sha256(bytes(document.content)).hexdigest() == statement.pdf_sha256
    assert states[State.PAID].paid > 0


def test_the_paid_project_shows_an_adjustment_that_balances(demo):
    statement = Statement.objects.get(state=State.PAID)
    (own,) = compute(ON.year, ON, [statement.project]).projects
    (adjustment,) = own.adjustments
    assert (adjustment.on, adjustment.now, adjustment.amount) == (None, 0, -8000)
    assert own.earned_before + own.new + own.adjusted == own.earned_to_date
    assert own.paid_before == statement.paid


def test_vouchers_are_documented_and_never_ahead(demo):
    assert not Voucher.objects.filter(on__gt=ON).exists()
    for sha256 in Voucher.objects.values_list("file_sha256", flat=True).distinct():
        assert voucher_files.read(sha256)
    for project in Project.objects.all():
        found = voucher_actions.of_project(project, ON)
        assert 0 < found.spent < found.budget
        assert found.statutory > 0
        assert found.share > 50
