"""What the database promises of terms and statements, by trying to break it."""

import datetime
from decimal import Decimal

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from grants.models import Document, GrantTerms, Statement, StatementLine, StatementSpell
from grants.storage import approvals
from tests.factories import CourseFactory, UserFactory
from tests.grants.factories import (
    AT,
    DocumentFactory,
    StatementFactory,
    StatementLineFactory,
    VoucherFactory,
    advance,
)

pytestmark = pytest.mark.django_db

APPROVED_AT = datetime.datetime(2017, 1, 20, 9, 0, tzinfo=datetime.UTC)


def assert_refused(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_the_trial_begins_with_the_default_split_marked_as_the_projects_own_choice():
    terms = GrantTerms.objects.get()
    assert (terms.start_amount, terms.completion_amount) == (Decimal("8000.00"), Decimal("8000.00"))
    assert (terms.completion_days, terms.tolerance_days, terms.ceiling_share) == (91, 0, Decimal("0.9"))
    assert terms.own_choices == [
        "start_amount",
        "completion_amount",
        "tolerance_days",
        "bridge_non_working_days",
    ]
    assert "sniffing" not in terms.counting_kinds


def test_terms_once_entered_are_never_changed_or_removed():
    terms = GrantTerms.objects.get()
    assert_refused(lambda: GrantTerms.objects.update(start_amount=1))
    assert_refused(terms.delete)


@pytest.mark.parametrize("state", ["submitted", "checked", "approved", "paid"])
def test_a_submitted_statement_does_nothing_but_its_next_step(state):
    statement = StatementFactory(state=state, events=1)
    rows = Statement.objects.filter(pk=statement.pk)
    assert_refused(lambda: rows.update(paid=0, payable=0, earned_to_date=0))
    assert_refused(lambda: rows.update(cut_off=datetime.date(2017, 1, 31)))
    assert_refused(lambda: rows.update(declaration="Nej"))
    assert_refused(lambda: rows.update(content_hash="f" * 64))
    assert_refused(lambda: rows.update(submitted_by=UserFactory()))
    assert_refused(lambda: rows.update(version=F("version") + 1))
    assert_refused(lambda: rows.update(state="preparing"))
    assert_refused(statement.delete)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("submitted", "approved"),
        ("submitted", "paid"),
        ("checked", "submitted"),
        ("checked", "paid"),
        ("approved", "checked"),
        ("approved", "returned"),
        ("paid", "approved"),
        ("paid", "returned"),
    ],
)
def test_no_step_is_skipped_or_taken_back(before, after):
    statement = StatementFactory(state=before)
    assert_refused(lambda: Statement.objects.filter(pk=statement.pk).update(state=after))


def test_a_step_changes_no_other_column():
    statement = StatementFactory(state="submitted", events=1)
    step = {"state": "checked", "checked_by": UserFactory(), "checked_at": APPROVED_AT}
    rows = Statement.objects.filter(pk=statement.pk)
    assert_refused(lambda: rows.update(**step, target_count=1))
    assert_refused(lambda: rows.update(**step, submitted_at=APPROVED_AT + datetime.timedelta(days=1)))
    assert rows.update(**step) == 1


def test_while_it_is_prepared_a_statement_may_change():
    statement = StatementFactory()
    assert Statement.objects.filter(pk=statement.pk).update(starts=2) == 1


def test_the_lines_and_spells_of_a_submitted_statement_are_frozen():
    statement = StatementFactory()
    line = StatementLineFactory(statement=statement)
    other = StatementLineFactory()
    Statement.objects.filter(pk=statement.pk).update(starts=1, earned_to_date=8000, payable=8000, paid=8000)
    statement.refresh_from_db()
    advance(statement, "submitted")
    assert_refused(lambda: StatementLine.objects.filter(pk=line.pk).update(amount=1))
    assert_refused(line.delete)
    assert_refused(lambda: StatementLineFactory(statement=statement))
    assert_refused(lambda: StatementLine.objects.filter(pk=other.pk).update(statement=statement))
    assert_refused(lambda: StatementLine.objects.filter(pk=line.pk).update(statement=other.statement))
    assert_refused(
        lambda: StatementSpell.objects.create(
            statement=statement, course=line.course, placement=1, company="1", kind="internship", starts_on=AT
        )
    )


def test_lines_that_do_not_add_up_to_the_figures_are_refused():
    short = StatementFactory(earned_to_date=Decimal(8000))
    assert_refused(lambda: advance(short, "submitted"))
    uncounted = StatementFactory(earned_to_date=Decimal(8000))
    StatementLineFactory(statement=uncounted)
    assert_refused(lambda: advance(uncounted, "submitted"))


def test_paid_before_must_be_the_sum_of_approved_statements():
    first = StatementFactory(state="approved", events=1, cut_off=datetime.date(2016, 6, 30))
    second = StatementFactory(project=first.project)
    assert_refused(lambda: advance(second, "submitted"))


@pytest.mark.parametrize("day", [datetime.date(2016, 6, 30), datetime.date(2016, 12, 31)])
def test_cut_offs_rise(day):
    first = StatementFactory(state="approved")
    # The same day twice is refused as soon as it is written, an earlier one when it is submitted.
    assert_refused(lambda: StatementFactory(project=first.project, cut_off=day, state="submitted"))


def test_one_statement_of_a_project_is_on_its_way_at_a_time():
    first = StatementFactory(state="checked")
    assert_refused(lambda: StatementFactory(project=first.project, cut_off=datetime.date(2017, 6, 30)))


@pytest.mark.parametrize(
    ("step", "before", "match"),
    [
        ("checked", "submitted_by", "a statement of their own"),
        ("approved", "submitted_by", "a statement of their own"),
        ("approved", "checked_by", "grants_statement_second_person"),
    ],
)
def test_the_database_refuses_two_steps_by_one_person(step, before, match):
    statement = StatementFactory(state="submitted" if step == "checked" else "checked")
    fields = {"state": step, f"{step}_by": getattr(statement, before), f"{step}_at": APPROVED_AT}
    if step == "approved":
        statement.state = "approved"
        approvals.store(statement, "{}")
        fields["pdf_sha256"] = "1" * 64
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(**fields)


def test_an_approval_has_a_person_a_moment_and_the_hash_of_its_pdf():
    statement = StatementFactory(state="checked")
    whole = {"approved_by": UserFactory(), "approved_at": APPROVED_AT, "pdf_sha256": "1" * 64}
    for missing in whole:
        fields = {name: value for name, value in whole.items() if name != missing}
        assert_refused(
            lambda fields=fields: Statement.objects.filter(pk=statement.pk).update(state="approved", **fields)
        )


def test_no_session_can_switch_the_triggers_off():
    statement = StatementFactory(state="approved", events=1)
    document = DocumentFactory(is_made=True)
    voucher = VoucherFactory()
    for trigger, row, fields in (
        ("grants.Statement:life", statement, {"declaration": "anders"}),
        ("grants.Document:made_is_final", document, {"content": b"x"}),
        ("grants.Voucher:only_withdrawn", voucher, {"amount": 1}),
    ):
        with pgtrigger.ignore(trigger):
            assert_refused(
                lambda row=row, fields=fields: type(row).objects.filter(pk=row.pk).update(**fields)
            )


def test_a_document_once_made_is_never_changed_or_removed():
    document = DocumentFactory(is_made=True)
    assert_refused(lambda: Document.objects.filter(pk=document.pk).update(content=b"%PDF-other"))
    assert_refused(document.delete)
    waiting = DocumentFactory()
    assert Document.objects.filter(pk=waiting.pk).update(progress=50) == 1


@pytest.mark.parametrize(
    "figures",
    [
        {"payable": Decimal("8000.01"), "paid": Decimal("8000.01")},
        {"paid": Decimal("1.00")},
        {"earned_to_date": Decimal("100"), "paid_before": Decimal("400"), "paid": Decimal("-300")},
        {"earned_to_date": Decimal("2000000"), "payable": Decimal("2000000"), "paid": Decimal("2000000")},
    ],
)
def test_figures_that_do_not_add_up_are_refused(figures):
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementFactory(**figures)


def test_one_event_stands_once_in_a_statement():
    statement, course = StatementFactory(), CourseFactory()
    StatementLineFactory(statement=statement, course=course)
    assert_refused(lambda: StatementLineFactory(statement=statement, course=course))
    StatementLineFactory(statement=statement, course=course, kind="completion")
