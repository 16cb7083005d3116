"""A delivery and a person at the same time: one outcome, nothing lost (D42)."""

import io
from contextlib import closing
from datetime import date

import pytest
from django.db import transaction

from cases.exchange import CONTACT_COLUMNS, import_contacts
from cases.models import Course, MentorContact
from companies.actions import placements
from companies.exchange import COLUMNS, load_placements
from companies.models import Placement
from grants.storage.stored_events import differences
from jobfirst.exchange import BadFile, read_table
from tests.concurrency import run_at_once
from tests.factories import CourseFactory
from tests.scenarios.placement_files import HEADER, placement_row

pytestmark = pytest.mark.django_db(transaction=True)

LAST_DAY, TODAY = date(2016, 5, 2), date(2016, 12, 1)


def load(*rows: str):
    """Import placements; return the report."""
    with closing(read_table(io.BytesIO("\n".join([HEADER, *rows]).encode()), COLUMNS)) as table:
        return load_placements(table)


@pytest.mark.parametrize("_run", range(3))
def test_a_last_day_and_a_corrected_first_day_at_once_both_stand(_run) -> None:
    course = CourseFactory()
    load(placement_row(course, source_id="A7"))
    placement = Placement.objects.get()
    outcomes = run_at_once(
        [
            lambda: load(placement_row(course, source_id="A7", starts_on="2016-04-18")),
            lambda: placements.end_placement(placement, ended_on=LAST_DAY, today=TODAY),
        ]
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    placement.refresh_from_db()
    assert (placement.starts_on, placement.ended_on) == (date(2016, 4, 18), LAST_DAY)
    assert differences() == []


@pytest.mark.parametrize("_run", range(3))
def test_two_files_at_once_that_correct_the_same_row_give_one_outcome(_run) -> None:
    course = CourseFactory()
    load(placement_row(course, source_id="A7"))
    days = ["2016-04-11", "2016-04-18"]
    run_at_once([lambda day=day: load(placement_row(course, source_id="A7", starts_on=day)) for day in days])
    placement = Placement.objects.get()
    assert placement.starts_on.isoformat() in days
    assert placement.delivered["starts_on"] == placement.starts_on.isoformat()
    assert differences() == []


@pytest.mark.parametrize("_run", range(3))
def test_no_contact_is_delivered_after_the_end_of_a_course_that_ends_at_once(_run) -> None:
    course = CourseFactory()
    text = f"{';'.join(CONTACT_COLUMNS)}\n{course.citizen.cpr};mentor_contact;2016-06-06;ja;A1\n"

    def deliver() -> None:
        with closing(read_table(io.BytesIO(text.encode()), CONTACT_COLUMNS)) as table:
            import_contacts(table)

    def end() -> None:
        Course.objects.filter(pk=course.pk).update(ended_on=date(2016, 5, 2), end_reason="died")

    delivered, _ended = run_at_once([transaction.atomic(deliver), end])
    is_stored = MentorContact.objects.exists()
    assert isinstance(delivered, BadFile) != is_stored
