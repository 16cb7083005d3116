"""A course that earns grant events, and everything that changes what it earns."""

import io
from contextlib import closing
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.exchange import PROJECT_COLUMNS, import_projects
from cases.actions import end_course
from cases.models import Course
from companies.actions import placements, successions
from companies.actions.companies import save_workplace
from companies.actions.placement_corrections import CorrectedPlacement, correct_placement, take_back_end
from companies.actions.renewals import renew_placement
from companies.actions.withdrawals import stand_again
from companies.exchange import COLUMNS, load_placements
from companies.merging.actions import merge_companies, undo_merge
from companies.models import CompanyMerge, Succession, Workplace
from grants.awards.actions import enter_terms
from grants.models import GrantTerms
from jobfirst.exchange import read_table
from jobfirst.values.dates import DAY
from randomization.ledger.actions import record_event
from tests.factories import (
    DRAWN_ON,
    AllocationFactory,
    CompanyFactory,
    CourseFactory,
    MatchFactory,
    UserFactory,
)
from tests.scenarios.placement_files import HEADER, placement_row

LATER = date(2017, 6, 1)
INTERNSHIP = {"kind": "internship", "internship_hours": Decimal(15), "ordinary_hours": Decimal(0)}


class EarningCourse:
    """A course with matches at two companies; each method changes what it earns by an action or import."""

    def __init__(self):
        self.allocation = AllocationFactory()
        self.course = CourseFactory(referral=self.allocation.referral)
        self.project = self.course.project
        self.companies = [CompanyFactory(), CompanyFactory()]
        for company in self.companies:
            MatchFactory(course=self.course, company=company, matched_on=DRAWN_ON - 30 * DAY)
        self.user = UserFactory()
        self.agency = UserFactory(roles=["agency"])

    def placement(self, number):
        return list(self.course.placements.order_by("pk"))[number]

    def start(self, company=0, day=DRAWN_ON, days=91, **fields):
        placements.start_placement(
            Course.objects.get(pk=self.course.pk),
            self.companies[company],
            starts_on=day,
            planned_end_on=day + (days - 1) * DAY,
            **{**INTERNSHIP, **fields},
        )

    def renew(self, number=0, days=91):
        before = self.placement(number)
        first = before.last_day + DAY
        renew_placement(
            before,
            today=before.starts_on,
            starts_on=first,
            planned_end_on=first + (days - 1) * DAY,
            internship_hours=Decimal(15),
            ordinary_hours=Decimal(0),
        )

    def end(self, number=0, days=20, today=LATER):
        placement = self.placement(number)
        placements.end_placement(placement, ended_on=placement.starts_on + days * DAY, today=today)

    def withdraw(self, number=0):
        placements.withdraw_placement(self.placement(number), today=DRAWN_ON - 400 * DAY)

    def withdraw_as_error(self, number=0):
        placements.withdraw_as_error(self.placement(number), reason="x", by=self.user)

    def withdraw_as_no_show(self, number=0):
        placements.withdraw_as_no_show(self.placement(number), reason="x", by=self.user, today=LATER)

    def undo_no_show(self, number=0):
        withdrawn = self.course.placements.model.everything.filter(withdrawn_at__isnull=False)[number]
        stand_again(withdrawn, by=self.user, today=timezone.localdate(withdrawn.withdrawn_at))

    def correct(self, number=0, **changes):
        placement = self.placement(number)
        facts = CorrectedPlacement(
            **{name: getattr(placement, name) for name in CorrectedPlacement.__dataclass_fields__} | changes
        )
        correct_placement(placement, facts, reason="Tastefejl", by=self.user, today=LATER)

    def take_back_end(self, number=0):
        take_back_end(self.placement(number), reason="Tastefejl", by=self.user)

    def end_course(self, day=DRAWN_ON + 30 * DAY, reason="other", placements_end=True):
        course = Course.objects.get(pk=self.course.pk)
        end_course(course, ended_on=day, reason=reason, placements_end=placements_end, by=self.user)

    def import_placement(self, **fields):
        text = "\n".join([HEADER, placement_row(self.course, cvr=self.companies[0].cvr, **fields)])
        with closing(read_table(io.BytesIO(text.encode()), COLUMNS)) as table:
            load_placements(table)

    def correct_p_number(self, number=0, p_number="1009999999"):
        """Another P-number for one of the workplaces."""
        workplace = list(Workplace.objects.select_related("company").order_by("pk"))[number]
        save_workplace(workplace.company, {"p_number": p_number}, workplace)

    def import_period(self, first, last):
        places = "+".join(place.municipality_id for place in self.project.places.all())
        row = [self.project.slug, self.project.name, places, first, last, self.project.target_count]
        text = "\n".join(";".join(map(str, line)) for line in (PROJECT_COLUMNS, row))
        with transaction.atomic(), closing(read_table(io.BytesIO(text.encode()), PROJECT_COLUMNS)) as table:
            import_projects(table)

    def take_over(self, day=DRAWN_ON + 30 * DAY, all_workplaces=True):
        """The first company is taken over by the second."""
        successions.record_succession(
            *self.companies,
            from_on=day,
            all_workplaces=all_workplaces,
            reason="x",
            by=self.agency,
        )

    def withdraw_take_over(self):
        succession = Succession.objects.standing().get()
        successions.withdraw_succession(succession, reason="x", by=self.agency)

    def merge(self):
        """The second company is the first one, registered twice."""
        merge_companies(self.companies[1], self.companies[0], reason="x", by=self.agency)

    def undo_merge(self):
        undo_merge(CompanyMerge.objects.standing().get(), by=self.agency)

    def record(self, kind, day=date(2016, 5, 1)):
        record_event(self.allocation, kind, day, "x", self.user)

    def enter_terms(self, day=date(2016, 5, 1), **fields):
        now = GrantTerms.objects.latest("valid_from")
        values = {item.name: getattr(now, item.name) for item in GrantTerms._meta.concrete_fields}
        values |= {"id": None, "valid_from": day, "reason": "x", **fields}
        enter_terms(GrantTerms(**values), objection_to_day=lambda: "")
