"""A project's statements through random corrections (stateful).

Spells come, go, move and end; rates and allocations are corrected; in between statements are approved.
Whatever happens: the lines of all approved statements together are what a fresh reckoning gives, no more is
paid than the ceiling allows, no completion without a start, and no approved statement ever changes.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cases.models import Course
from companies.actions import placements
from companies.models import Placement
from grants.models import GrantTerms, Statement, StatementLine
from grants.presentation import export
from grants.reckoning.compute import compute
from grants.storage import submitted
from randomization.ledger.actions import record_event
from randomization.models import EventKind
from tests.factories import (
    AllocationFactory,
    CompanyFactory,
    CourseFactory,
    PlacementFactory,
    ProjectFactory,
    UserFactory,
)
from tests.loops import if_any
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import approved_statement

FIRST = date(2016, 4, 4)
KINDS = ("internship", "wage_subsidy", "sniffing")
#: What is recorded of a citizen; what takes it back has tests of its own.
LEARNT = [kind for kind in EventKind.values if kind != EventKind.TAKEN_BACK]


class Books(RuleBasedStateMachine):
    """One project with three citizens, two companies and room for two in its ceiling."""

    @initialize()
    def begin(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.project = ProjectFactory(target_count=2)
        self.courses = [CourseFactory(project_for=self.project) for _number in range(3)]
        self.allocations = [AllocationFactory(referral=course.referral) for course in self.courses]
        self.companies = [CompanyFactory() for _number in range(2)]
        self.clerk = UserFactory()
        self.cut_off = date(2016, 4, 30)
        self.contents = {}

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @rule(
        citizen_index=st.integers(0, 2),
        company_index=st.integers(0, 1),
        kind=st.sampled_from(KINDS),
        begins=st.integers(-10, 200),
        days=st.one_of(st.integers(1, 60), st.integers(88, 100)),
    )
    def a_spell_is_registered(self, citizen_index, company_index, kind, begins, days):
        first = FIRST + timedelta(days=begins)
        course, company = self.courses[citizen_index], self.companies[company_index]
        if not Placement.objects.filter(course=course, company=company, kind=kind, starts_on=first).exists():
            PlacementFactory(
                course=course,
                company=company,
                kind=kind,
                starts_on=first,
                planned_end_on=first + timedelta(days=days - 1),
            )

    @rule(placement_index=st.integers(0, 20), days=st.integers(0, 100))
    def a_spell_ends_otherwise(self, placement_index, days):
        placement = self.pick(Placement.objects.order_by("pk"), placement_index)
        if placement:
            placement.ended_on = placement.starts_on + timedelta(days=days)
            placement.save()
            recompute_events()

    @rule(placement_index=st.integers(0, 20))
    def a_spell_was_a_mistake(self, placement_index):
        placement = self.pick(Placement.objects.order_by("pk"), placement_index)
        if placement:
            placements.withdraw_as_error(placement, reason="a mistake", by=self.clerk)

    @rule(citizen_index=st.integers(0, 2), kind=st.sampled_from(LEARNT), days=st.integers(0, 200))
    def something_is_learnt_of_an_allocation(self, citizen_index, kind, days):
        record_event(
            self.allocations[citizen_index], kind, FIRST + timedelta(days=days), "learnt", self.clerk
        )

    @rule(citizen_index=st.integers(0, 2), later=st.integers(-5, 40))
    def an_allocation_is_corrected(self, citizen_index, later):
        Course.objects.filter(pk=self.courses[citizen_index].pk).update(
            started_on=FIRST + timedelta(days=later)
        )
        recompute_events()

    @rule(day=st.integers(-30, 200), thousands=st.integers(5, 10), needed=st.sampled_from([60, 91]))
    def a_rate_is_corrected(self, day, thousands, needed):
        valid_from = FIRST + timedelta(days=day)
        if not GrantTerms.objects.filter(valid_from=valid_from).exists():
            GrantTerms.objects.create(
                valid_from=valid_from,
                start_amount=thousands * 1000,
                completion_amount=8000,
                completion_days=needed,
                counting_kinds=["internship", "wage_subsidy"],
                ceiling_share=Decimal("0.9"),
                reason="a correction",
            )
            recompute_events()

    @rule(days=st.integers(1, 120))
    def a_statement_is_approved(self, days):
        self.cut_off += timedelta(days=days)
        (fresh,) = compute(self.cut_off.year, self.cut_off, [self.project]).projects
        statement = approved_statement(self.project, self.cut_off)
        lines = StatementLine.objects.filter(statement__project=self.project)
        booked = lines.filter(entry__in=["new", "adjustment"]).aggregate(sum=Sum("amount"))["sum"]
        assert (booked or Decimal(0)) == fresh.earned_to_date
        assert statement.earned_to_date == fresh.earned_to_date
        self.contents[statement.pk] = self.statement_content(statement)

    @invariant()
    def the_books_hold(self):
        if not hasattr(self, "project"):
            return
        (draft,) = compute(self.cut_off.year, self.cut_off + timedelta(days=1), [self.project]).projects
        assert draft.earned_before + draft.new + draft.adjusted == draft.earned_to_date
        assert draft.earned_to_date == sum((line.event.amount for line in draft.lines), Decimal(0))
        started = {line.citizen for line in draft.lines if line.event.kind.value == "start"}
        completed = [line.citizen for line in draft.lines if line.event.kind.value == "completion"]
        assert started.issuperset(completed)
        assert len(completed) == len(set(completed))
        rows = Statement.objects.filter(project=self.project)
        paid = sum((row.paid for row in rows), Decimal(0))
        assert paid <= max((row.ceiling for row in rows), default=Decimal(0))
        assert paid == draft.approved_before
        for row in if_any(rows):
            assert self.statement_content(row) == self.contents[row.pk]

    def pick(self, rows, index):
        items = list(rows)
        return items[index % len(items)] if items else None

    def statement_content(self, statement):
        fresh = Statement.objects.get(pk=statement.pk)
        return export.as_json(submitted.read(fresh)) + export.as_csv(submitted.read(fresh))


@pytest.mark.django_db
def test_sums_hold_through_random_corrections(monkeypatch):
    monkeypatch.setattr(export, "as_pdf", lambda draft, *_args: b"%PDF-")
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
