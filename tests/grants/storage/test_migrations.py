"""The migrations of the grants keep stored rows and their protection."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from companies.actions import placements
from grants.models import EarnedEvent, GrantTerms, Statement, StatementLine, StatementSpell
from grants.presentation import export
from grants.storage import submitted
from grants.storage.stored_events import differences, recompute
from randomization.ledger.actions import record_event
from tests.factories import AllocationFactory, CourseFactory, PlacementFactory, UserFactory
from tests.grants.factories import StatementFactory
from tests.scenarios.grant_statements import END_2016, approved_statement, submitted_statement
from tests.scenarios.two_grant_projects import course_bridging_a_weekend, two_grant_projects

BEFORE, AFTER = ("grants", "0001_initial"), ("grants",)
EVENT_FIELDS = ("course", "project", "kind", "earned_on", "settled_on", "amount", "terms", "basis")
BEFORE_EVENTS = ("grants", "0003_application_submission")


def migrate(target):
    """Migrate with the command, which also grants the application its rights on the new tables."""
    call_command("migrate", *target, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_terms_and_the_statements_that_refer_to_them_survive_the_rename():
    statement = StatementFactory(state="approved", events=1)
    values = GrantTerms.objects.values().get()
    migrate(BEFORE)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM grants_grantscheme")
            assert cursor.fetchone() == (1,)
    finally:
        migrate(AFTER)
    assert GrantTerms.objects.values().get() == values
    statement.refresh_from_db()
    assert statement.terms_id == StatementLine.objects.get().terms_id == values["id"]
    with pytest.raises(DatabaseError), transaction.atomic():
        GrantTerms.objects.update(start_amount=1)


def frozen_rows(statements):
    """Return everything that is stored and shown of the statements, and their PDFs."""
    return [
        (
            Statement.objects.filter(pk=statement.pk).values().get(),
            list(StatementLine.objects.filter(statement=statement).order_by("pk").values()),
            list(StatementSpell.objects.filter(statement=statement).order_by("pk").values()),
            export.as_file(submitted.read(statement), "csv").content,
            bytes(statement.document.content) if statement.document.content else None,
        )
        for statement in Statement.objects.filter(pk__in=[item.pk for item in statements]).order_by("pk")
    ]


@pytest.mark.django_db(transaction=True)
def test_the_events_of_stored_courses_are_earned_and_statements_stay_as_they_were(monkeypatch):
    monkeypatch.setattr(export, "as_pdf", lambda draft, *_args: b"%PDF- " + repr(draft).encode())
    trial = two_grant_projects()
    course_bridging_a_weekend(trial.aalborg)
    allocation = AllocationFactory()
    left = CourseFactory(referral=allocation.referral)
    PlacementFactory(course=left)
    record_event(allocation, "moved", END_2016.replace(month=5), "x", UserFactory())
    withdrawn = PlacementFactory(course=CourseFactory(project_for=trial.aarhus))
    statements = [
        approved_statement(trial.aalborg, END_2016),
        submitted_statement(trial.aarhus, END_2016, trial.leader),
    ]
    placements.withdraw_as_error(withdrawn, reason="x", by=trial.leader)
    frozen, events = frozen_rows(statements), stored_events()
    assert len(events) == 7
    try:
        migrate(BEFORE_EVENTS)
    finally:
        migrate(AFTER)
    assert stored_events() == events
    assert differences() == []
    assert recompute() == 0
    assert frozen_rows(statements) == frozen


def stored_events():
    return list(EarnedEvent.objects.order_by("course", "kind").values_list(*EVENT_FIELDS))
