"""What the database promises of terms and statements, by trying to break it."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from grants.models import GrantScheme, Statement, StatementLine
from tests.factories import CourseFactory, ProjectFactory, UserFactory
from tests.grants.factories import StatementFactory, StatementLineFactory

pytestmark = pytest.mark.django_db

APPROVED_AT = datetime.datetime(2017, 1, 20, 9, 0, tzinfo=datetime.UTC)


def refused(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_the_trial_begins_with_the_default_split_marked_as_the_projects_own_choice():
    scheme = GrantScheme.objects.get()
    assert (scheme.start_amount, scheme.completion_amount) == (Decimal("8000.00"), Decimal("8000.00"))
    assert (scheme.completion_days, scheme.tolerance_days, scheme.ceiling_share) == (91, 0, Decimal("0.9"))
    assert scheme.own_choices == [
        "start_amount",
        "completion_amount",
        "tolerance_days",
        "bridge_non_working_days",
    ]
    assert "sniffing" not in scheme.counting_kinds


def test_terms_once_entered_are_never_changed_or_removed():
    scheme = GrantScheme.objects.get()
    refused(lambda: GrantScheme.objects.update(start_amount=1))
    refused(scheme.delete)


def test_an_approved_statement_is_frozen():
    statement = StatementFactory(approved=True)
    refused(lambda: Statement.objects.filter(pk=statement.pk).update(paid=0, payable=0, earned_to_date=0))
    refused(lambda: Statement.objects.filter(pk=statement.pk).update(approved_at=None, approved_by=None))
    refused(statement.delete)


def test_a_statement_that_is_not_approved_may_change():
    statement = StatementFactory()
    line = StatementLineFactory(statement=statement)
    line.delete()
    assert Statement.objects.filter(pk=statement.pk).update(starts=2) == 1
    statement.delete()


def test_the_lines_of_an_approved_statement_are_frozen():
    statement = StatementFactory()
    line = StatementLineFactory(statement=statement)
    other = StatementLineFactory()
    Statement.objects.filter(pk=statement.pk).update(approved_by=UserFactory(), approved_at=APPROVED_AT)
    refused(lambda: StatementLine.objects.filter(pk=line.pk).update(amount=1))
    refused(line.delete)
    refused(lambda: StatementLineFactory(statement=statement))
    refused(lambda: StatementLine.objects.filter(pk=other.pk).update(statement=statement))
    refused(lambda: StatementLine.objects.filter(pk=line.pk).update(statement=other.statement))


def test_nobody_approves_their_own_statement():
    statement = StatementFactory()
    refused(
        lambda: Statement.objects.filter(pk=statement.pk).update(
            approved_by=statement.prepared_by, approved_at=APPROVED_AT
        )
    )


def test_an_approval_has_a_person_and_a_moment():
    statement = StatementFactory()
    refused(lambda: Statement.objects.filter(pk=statement.pk).update(approved_at=APPROVED_AT))
    refused(lambda: Statement.objects.filter(pk=statement.pk).update(approved_by=UserFactory()))


@pytest.mark.parametrize(
    "figures",
    [
        {"payable": Decimal("8000.01"), "paid": Decimal("8000.01")},
        {"paid": Decimal("0.00")},
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
    refused(lambda: StatementLineFactory(statement=statement, course=course))
    StatementLineFactory(statement=statement, course=course, kind="completion")


def test_paid_before_is_what_approved_statements_up_to_the_cut_off_really_paid():
    project, other = ProjectFactory(), ProjectFactory()
    StatementFactory(approved=True, project=project, earned_to_date=Decimal("24000"))
    StatementFactory(
        approved=True,
        project=project,
        cut_off=datetime.date(2017, 6, 30),
        earned_to_date=Decimal("16000"),
        paid_before=Decimal("24000"),
    )
    StatementFactory(project=project, cut_off=datetime.date(2017, 12, 31), earned_to_date=Decimal("8000"))
    StatementFactory(approved=True, project=other)

    def paid(*day):
        return Statement.objects.paid_by_project(datetime.date(*day)).get(project.pk)

    assert paid(2016, 12, 30) is None
    assert paid(2016, 12, 31) == Decimal("24000.00")
    # The negative statement of June paid nothing back: the sum is carried over.
    assert paid(2018, 1, 1) == Decimal("24000.00")
