"""A renewal that a file delivers begins with a draft of the work agreement that held last (D38)."""

import datetime
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from companies.models import Placement
from tests.factories import CompanyContactFactory, CourseFactory
from tests.scenarios.placement_files import HEADER, placement_row
from tests.scenarios.work_agreements import save_agreement, work_period

pytestmark = pytest.mark.django_db

RENEWED_FROM, RENEWED_UNTIL = datetime.date(2016, 7, 4), datetime.date(2016, 9, 30)
RENEWAL = {"starts_on": RENEWED_FROM, "planned_end_on": RENEWED_UNTIL}


@pytest.fixture
def course(db):
    return CourseFactory()


@pytest.fixture
def deliver(tmp_path: Path):
    """Import rows on a day."""

    def import_rows(day: datetime.date, *rows: str) -> None:
        file = tmp_path / "placements.csv"
        file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        with time_machine.travel(datetime.datetime(day.year, day.month, day.day, 8, tzinfo=datetime.UTC)):
            call_command("import_placements", str(file))

    return import_rows


@pytest.fixture
def agreement(course, deliver):
    """The work agreement of an internship that a file has delivered, until 3 July."""
    deliver(datetime.date(2016, 5, 18), placement_row(course))
    internship = Placement.objects.get()
    CompanyContactFactory(company=internship.company, project=course.project)
    return save_agreement(internship, schedule=[work_period(1, "08:30", "12:00")])


def test_it_has_a_draft_of_what_held_last(course, deliver, agreement) -> None:
    day = datetime.date(2016, 7, 1)
    deliver(day, placement_row(course), placement_row(course, **RENEWAL))
    draft = Placement.objects.get(starts_on=RENEWED_FROM).agreements.get()
    assert (draft.state, draft.tasks, draft.made_on) == ("draft", agreement.tasks, day)
    assert draft.periods() == agreement.periods()
    assert agreement.placement.agreements.get().state == "awaiting"


def test_delivered_again_it_gets_no_other_draft(course, deliver, agreement) -> None:
    for _time in range(2):
        deliver(datetime.date(2016, 7, 1), placement_row(course, **RENEWAL))
    assert Placement.objects.get(starts_on=RENEWED_FROM).agreements.count() == 1


def test_each_renewal_of_a_chain_has_its_draft(course, deliver, agreement) -> None:
    second = placement_row(course, starts_on="2016-10-03", planned_end_on="2016-12-30")
    deliver(datetime.date(2016, 7, 1), second, placement_row(course, **RENEWAL))
    drafts = [placement.agreements.get() for placement in Placement.objects.exclude(renews=None)]
    assert {draft.tasks for draft in drafts} == {agreement.tasks}
    assert len(drafts) == 2


def test_a_renewal_that_is_over_by_then_has_none(course, deliver, agreement) -> None:
    deliver(datetime.date(2016, 10, 1), placement_row(course, **RENEWAL))
    assert not Placement.objects.get(starts_on=RENEWED_FROM).agreements.exists()
