"""A statement's life by example: submitted, checked, approved, paid; adjustments; races."""

import datetime
import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from companies.actions import placements as companies_actions
from grants.models import Document, GrantTerms, Statement
from grants.presentation import export
from grants.reckoning.compute import compute
from grants.statements import actions, documents
from grants.storage import submitted
from randomization.ledger.actions import record_event
from tests.factories import AllocationFactory, CourseFactory, PlacementFactory, UserFactory
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import (
    answer_doubts,
    approved_statement,
    checked_statement,
    submitted_statement,
)

HALF, END, NEXT = date(2016, 6, 30), date(2016, 12, 31), date(2017, 12, 31)


@pytest.fixture
def placement(db):
    """An internship of 91 days from 4 April: both parts, the completion on 3 July."""
    return PlacementFactory()


@pytest.fixture
def project(placement):
    return placement.course.project


def single_statement(project, cut_off):
    (statement_now,) = compute(cut_off.year, cut_off, [project]).projects
    return statement_now


def end_early(placement, days=20):
    placement.ended_on = placement.starts_on + timedelta(days=days)
    placement.save()
    recompute_events()


def cheap_pdf(monkeypatch):
    monkeypatch.setattr(export, "as_pdf", lambda draft, *_args: b"%PDF- " + repr(draft).encode())


@pytest.fixture
def real_pdf():
    """Asked for by a test that wants its PDF drawn rather than a stand-in."""


@pytest.fixture(autouse=True)
def quick(monkeypatch, request):
    if "real_pdf" not in request.fixturenames:
        cheap_pdf(monkeypatch)


def test_submitting_stores_figures_and_lines(project, placement):
    leader = UserFactory()
    statement = submitted_statement(project, END, leader)
    assert (statement.state, statement.submitted_by) == ("submitted", leader)
    assert (statement.starts, statement.completions, statement.paid) == (1, 1, Decimal(16000))
    assert [(line.kind, line.entry) for line in statement.lines.all()] == [
        ("start", "new"),
        ("completion", "new"),
    ]
    assert "erklærer" in statement.declaration
    assert len(statement.content_hash) == 64


def test_the_same_form_twice_submits_once(project):
    import uuid

    token = uuid.uuid4()
    seen = submitted.content_hash(compute(2016, END, [project]))
    user = UserFactory()
    statements = [
        actions.submit(project, 2016, END, user, seen=seen, last_day=None, submission=token) for _ in range(2)
    ]
    assert statements[0].pk == statements[1].pk
    assert Statement.objects.count() == Document.objects.count() == 1


def test_figures_that_changed_since_the_page_are_read_again_first(project, placement):
    seen = submitted.content_hash(compute(2016, END, [project]))
    end_early(placement)
    with pytest.raises(ValidationError):
        actions.submit(project, 2016, END, UserFactory(), seen=seen, last_day=None)
    assert not Statement.objects.exists()


def test_a_cut_off_ahead_is_refused_in_a_real_system(project):
    seen = submitted.content_hash(compute(2016, END, [project]))
    with pytest.raises(ValidationError):
        actions.submit(project, 2016, END, UserFactory(), seen=seen, last_day=HALF)


@pytest.mark.parametrize("day", [HALF, END])
def test_cut_offs_rise(project, day):
    approved_statement(project, END)
    with pytest.raises(ValidationError):
        submitted_statement(project, day)
    submitted_statement(project, NEXT)


def test_a_project_has_one_pending_statement_until_it_is_sent_back(project):
    first = submitted_statement(project, END)
    with pytest.raises(ValidationError):
        submitted_statement(project, END)
    actions.send_back(first, UserFactory(), "Mangler bilag")
    second = submitted_statement(project, END)
    assert (first.pk != second.pk, Statement.objects.count()) == (True, 2)


def test_nobody_takes_two_of_the_three_steps(project):
    leader, first = UserFactory(), UserFactory()
    statement = submitted_statement(project, END, leader)
    documents.make(statement.document.pk)
    answer_doubts(project, END)
    with pytest.raises(ValidationError):
        actions.check(statement, leader)
    actions.check(statement, first)
    for statement_now in (leader, first):
        with pytest.raises(ValidationError):
            actions.approve(statement, statement_now)
    actions.approve(statement, UserFactory())


def test_a_changed_draft_is_not_approved(project, placement):
    statement = checked_statement(project, END)
    end_early(placement)
    with pytest.raises(ValidationError):
        actions.approve(statement, UserFactory())
    statement.refresh_from_db()
    assert statement.state == "checked"


def test_a_changed_rate_is_not_approved(project):
    statement = checked_statement(project, END)
    GrantTerms.objects.create(
        valid_from=date(2016, 7, 1),
        start_amount=9000,
        completion_amount=7000,
        completion_days=91,
        counting_kinds=["internship"],
        ceiling_share=Decimal("0.9"),
        reason="x",
    )
    recompute_events()
    with pytest.raises(ValidationError):
        actions.approve(statement, UserFactory())


def test_a_correction_that_moves_no_event_does_not_prevent_the_approval(project, placement):
    statement = checked_statement(project, END)
    placement.planned_end_on += timedelta(days=30)
    placement.save()
    recompute_events()
    answer_doubts(project, END)  # the planned end that is not confirmed is another one
    assert actions.approve(statement, UserFactory()).state == "approved"


def test_without_its_pdf_a_statement_is_not_approved(project):
    statement = actions.check(submitted_statement(project, END), UserFactory())
    with pytest.raises(ValidationError):
        actions.approve(statement, UserFactory())


def test_approval_keeps_the_hash_of_the_pdf(project):
    statement = approved_statement(project, END)
    document = statement.document
    assert statement.pdf_sha256 == hashlib.sha256(bytes(document.content)).hexdigest()


def test_paying_is_recorded_once_with_date_and_reference(project):
    statement = approved_statement(project, END)
    day = timezone.localdate(statement.approved_at)
    with pytest.raises(ValidationError):
        actions.pay(statement, UserFactory(), day - timedelta(days=1), "A", last_day=day)
    with pytest.raises(ValidationError):
        actions.pay(statement, UserFactory(), day + timedelta(days=1), "A", last_day=day)
    actions.pay(statement, UserFactory(), day, "2017-0042", last_day=day)
    with pytest.raises(ValidationError):
        actions.pay(statement, UserFactory(), day, "2017-0043", last_day=day)
    statement.refresh_from_db()
    assert (statement.paid_on, statement.payment_reference) == (day, "2017-0042")


def test_a_correction_becomes_an_adjustment_linked_to_its_line(project, placement):
    first = approved_statement(project, END)
    completion = first.lines.get(kind="completion")
    end_early(placement)
    statement_now = single_statement(project, NEXT)
    (item,) = statement_now.adjustments
    assert (item.line_id, item.amount, item.on, item.was_on) == (
        completion.pk,
        Decimal(-8000),
        None,
        date(2016, 7, 3),
    )
    assert (statement_now.earned_before, statement_now.new, statement_now.adjusted) == (
        Decimal(16000),
        Decimal(0),
        Decimal(-8000),
    )
    assert (
        statement_now.earned_before + statement_now.new + statement_now.adjusted
        == statement_now.earned_to_date
    )
    second = approved_statement(project, NEXT)
    assert second.lines.get(entry="adjustment").corrects == completion
    assert (second.payable, second.paid) == (Decimal(-8000), Decimal(0))


def test_a_negative_sum_is_carried_over_to_what_is_earned_later(project, placement):
    approved_statement(project, END)
    end_early(placement)
    approved_statement(project, date(2017, 3, 31))
    later = CourseFactory(project_for=project, started_on=date(2017, 1, 2))
    PlacementFactory(course=later, starts_on=date(2017, 4, 3))
    statement_now = single_statement(project, NEXT)
    assert (statement_now.earned_to_date, statement_now.approved_before, statement_now.payable) == (
        Decimal(24000),
        Decimal(16000),
        Decimal(8000),
    )
    assert statement_now.adjustments == ()


def test_a_placement_withdrawn_as_error_is_taken_back_in_the_next_statement(project, placement):
    approved_statement(project, HALF)
    approved_statement(project, END)
    companies_actions.withdraw_as_error(placement, reason="never came", by=UserFactory())
    statement_now = single_statement(project, NEXT)
    assert [(item.kind.value, item.on, item.amount) for item in statement_now.adjustments] == [
        ("start", None, Decimal(-8000)),
        ("completion", None, Decimal(-8000)),
    ]
    assert (statement_now.earned_to_date, statement_now.payable) == (Decimal(0), Decimal(-16000))


@pytest.mark.parametrize(
    ("kind", "taken_back"),
    [
        ("referred_in_error", ["start", "completion"]),
        ("withdrawn", ["completion"]),
        ("moved", ["completion"]),
        ("died", ["completion"]),
    ],
)
def test_a_ledger_event_after_the_approval_is_an_adjustment(project, placement, kind, taken_back):
    first = approved_statement(project, END)
    allocation = AllocationFactory(referral=placement.course.referral)
    record_event(allocation, kind, date(2016, 5, 1), "x", UserFactory())
    statement_now = single_statement(project, NEXT)
    assert [(item.kind.value, item.on, item.amount) for item in statement_now.adjustments] == [
        (part, None, Decimal(-8000)) for part in taken_back
    ]
    lines = {line.pk for line in first.lines.filter(kind__in=taken_back)}
    assert {item.line_id for item in statement_now.adjustments} == lines
    assert (
        statement_now.earned_before + statement_now.new + statement_now.adjusted
        == statement_now.earned_to_date
    )


def test_an_event_that_moves_is_shown_as_moved(project, placement):
    approved_statement(project, END)
    placement.starts_on += timedelta(days=1)
    placement.planned_end_on += timedelta(days=1)
    placement.save()
    recompute_events()
    statement_now = single_statement(project, NEXT)
    assert [(item.amount, (item.on - item.was_on).days) for item in statement_now.adjustments] == [
        (Decimal(0), 1),
        (Decimal(0), 1),
    ]
    assert {line.entry for line in statement_now.lines} == {"changed"}


def test_a_statement_is_shown_again_exactly_whatever_happened(project, placement):
    statement = approved_statement(project, END)
    before = [export.as_file(submitted.read(statement), kind).content for kind in ("json", "csv")]
    end_early(placement)
    placement.company.name = "Et andet navn"
    placement.company.save()
    project.target_count = 7
    project.save()
    GrantTerms.objects.create(
        valid_from=date(2015, 6, 1),
        start_amount=1,
        completion_amount=1,
        completion_days=1,
        counting_kinds=["internship"],
        ceiling_share=Decimal("0.1"),
        reason="x",
    )
    recompute_events()
    again = Statement.objects.get(pk=statement.pk)
    assert [export.as_file(submitted.read(again), kind).content for kind in ("json", "csv")] == before
    data = json.loads(before[0])["projects"][0]
    assert sum(Decimal(event["amount"]) for event in data["events"]) == Decimal(data["earned_to_date"])
    assert data["target_count"] == 100


def test_two_half_years_pay_what_the_year_pays(project):
    for days in range(0, 200, 41):
        PlacementFactory(
            course=CourseFactory(project_for=project), starts_on=date(2016, 4, 4) + timedelta(days=days)
        )
    year = single_statement(project, END).payable
    assert approved_statement(project, HALF).paid + approved_statement(project, END).paid == year


def test_the_pdf_of_a_statement_says_who_declared_what(project, real_pdf):
    import io

    import pypdf

    statement = submitted_statement(project, END, UserFactory(name="Lene Leder"))
    documents.make(statement.document.pk)
    document = Document.objects.get()
    reader = pypdf.PdfReader(io.BytesIO(bytes(document.content)))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "Lene Leder" in text
    assert statement.content_hash[:16] in text.replace("\n", "")
    assert document.citizens == [statement.lines.first().course.citizen.public_id]
    documents.make(document.pk)  # a task that comes twice
    assert Document.objects.get().sha256 == document.sha256


@pytest.mark.parametrize(
    ("year", "cut_off"),
    [(2015, END), (2018, END), (2015, date(2015, 12, 31))],  # the project begins in 2016
)
def test_a_cut_off_lies_in_the_statements_year_and_not_before_the_project(project, year, cut_off):
    assert project.starts_on == date(2016, 3, 1)
    seen = submitted.content_hash(compute(year, cut_off, [project]))
    with pytest.raises(ValidationError) as refused:
        actions.submit(project, year, cut_off, UserFactory(), seen=seen, last_day=None)
    assert any(word in refused.value.messages[0] for word in ("Opgørelsesdatoen", "Projektet begynder"))


def test_figures_are_reckoned_with_the_project_as_it_is_now(project):
    """The page may have been opened before the project's dates were moved."""
    seen = submitted.content_hash(compute(2016, END, [project]))
    type(project).objects.filter(pk=project.pk).update(starts_on=date(2016, 6, 1))
    recompute_events()
    with pytest.raises(ValidationError):
        actions.submit(project, 2016, END, UserFactory(), seen=seen, last_day=None)


def test_a_payment_is_not_before_the_day_of_the_approval_in_denmark(project, monkeypatch):
    late = datetime.datetime(2017, 1, 31, 23, 30, tzinfo=datetime.UTC)  # 1 February in Denmark
    statement = checked_statement(project, END)
    monkeypatch.setattr(actions.clock, "now", lambda: late)
    statement = actions.approve(statement, UserFactory())
    with pytest.raises(ValidationError):
        actions.pay(statement, UserFactory(), date(2017, 1, 31), "R", last_day=date(2017, 2, 1))
    actions.pay(statement, UserFactory(), date(2017, 2, 1), "R", last_day=date(2017, 2, 1))
