"""Two persons, or a person and a file, correct the same thing at the same time: one outcome, the other says
so, and deadlines and earned parts of the grant follow (D41, D42)."""

import datetime
import io
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction

from audit.models import Correction
from cases.actions import correct_contact, correct_meeting, record_need, withdraw_contact
from cases.actions.contacts import restore_contact
from cases.actions.minutes import correct_promise, restore_promise, withdraw_promise
from cases.actions.support_corrections import correct_support, restore_support, withdraw_support
from cases.exchange import CONTACT_COLUMNS, import_contacts
from cases.models import FollowUpMeeting, MeetingCorrection, MentorContact
from companies.actions.matches import correct_match, withdraw_match
from companies.actions.placement_corrections import CorrectedPlacement, correct_placement
from companies.actions.project_rows import correct_row, restore_row, withdraw_row
from companies.actions.withdrawals import stand_again, withdraw_as_error, withdraw_as_no_show
from companies.models import Placement
from grants.storage import stored_events
from jobfirst.exchange import read_table
from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import DAY
from reminders import deadlines
from tests.companies.factories import CompanyNoteFactory
from tests.concurrency import run_at_once
from tests.factories import (
    DRAWN_ON,
    CourseFactory,
    FollowUpMeetingFactory,
    MatchFactory,
    MeetingDecisionFactory,
    MentorContactFactory,
    PlacementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

MOVED = DRAWN_ON + DAY
#: What an act is answered with that comes second.
TOO_LATE = (ValidationError, StaleError, ObjectDoesNotExist)


@dataclass(frozen=True)
class Acts:
    """What is done with one kind of row; each takes the row, the person and the version that she saw."""

    make: Callable[..., Any]
    correct: Callable[..., Any]
    withdraw: Callable[..., Any]
    restore: Callable[..., Any] | None = None


def _correct_contact(row, by, version):
    values = {"citizen_present": True, "channel": "phone", "note": ""}
    return correct_contact(row, held_on=MOVED, **values, by=by, reason="x", version=version)


def _correct_placement(row, by, version):
    facts = {name: getattr(row, name) for name in CorrectedPlacement.__dataclass_fields__}
    moved = CorrectedPlacement(**{**facts, "starts_on": MOVED})
    return correct_placement(row, moved, reason="x", by=by, today=DRAWN_ON, version=version)


def _correct_match(row, by, version):
    values = {"matched_on": MOVED, "job_function": "Lager", "why": ""}
    return correct_match(row, **values, by=by, reason="x", version=version)


ACTS = {
    "contact": Acts(
        lambda course: MentorContactFactory(course=course),
        _correct_contact,
        lambda row, by, version: withdraw_contact(row, by=by, reason=f"af {by.pk}", version=version),
        lambda row, by, version: restore_contact(row, by=by, reason=f"af {by.pk}", version=version),
    ),
    "need": Acts(
        lambda course: record_need(course, description="Bolig", noted_on=DRAWN_ON),
        lambda row, by, version: correct_support(
            row, {"description": f"Af {by.pk}"}, by=by, reason="x", version=version
        ),
        lambda row, by, version: withdraw_support(row, by=by, reason=f"af {by.pk}", version=version),
        lambda row, by, version: restore_support(row, by=by, reason=f"af {by.pk}", version=version),
    ),
    "promise": Acts(
        lambda course: MeetingDecisionFactory(course=course, text="Ring", function="citizen"),
        lambda row, by, version: correct_promise(
            row, function="citizen", due_on=row.due_on + DAY, by=by, reason="x", version=version
        ),
        lambda row, by, version: withdraw_promise(row, by=by, reason=f"af {by.pk}", version=version),
        lambda row, by, version: restore_promise(row, by=by, reason=f"af {by.pk}", version=version),
    ),
    "note": Acts(
        lambda course: CompanyNoteFactory(project=course.project),
        lambda row, by, version: correct_row(
            row, {"text": f"Af {by.pk}"}, version=version, by=by, reason="x"
        ),
        lambda row, by, version: withdraw_row(row, by=by, reason=f"af {by.pk}", version=version),
        lambda row, by, version: restore_row(row, by=by, reason=f"af {by.pk}", version=version),
    ),
    "match": Acts(
        lambda course: MatchFactory(course=course),
        _correct_match,
        lambda row, by, version: withdraw_match(row, by=by, reason=f"af {by.pk}", version=version),
    ),
    "placement": Acts(
        lambda course: PlacementFactory(course=course),
        _correct_placement,
        lambda row, by, version: withdraw_as_error(row, by=by, reason=f"af {by.pk}", version=version),
        lambda row, by, version: stand_again(
            row, by=by, today=DRAWN_ON, reason=f"af {by.pk}", version=version
        ),
    ),
    "no-show": Acts(
        lambda course: PlacementFactory(course=course),
        _correct_placement,
        lambda row, by, version: withdraw_as_no_show(
            row, by=by, reason=f"af {by.pk}", today=DRAWN_ON, version=version
        ),
        lambda row, by, version: stand_again(
            row, by=by, today=DRAWN_ON, reason=f"af {by.pk}", version=version
        ),
    ),
}
RESTORABLE = [kind for kind, acts in ACTS.items() if acts.restore is not None]


@pytest.fixture
def course():
    return CourseFactory()


@pytest.fixture
def people():
    return UserFactory(), UserFactory()


@transaction.atomic
def recompute():
    """Write the deadlines of what the factories made past the actions."""
    deadlines.recompute()


def stored(row):
    return type(row)._base_manager.get(pk=row.pk)


def assert_one_of_two(outcomes):
    """One act was done, the other was answered as too late."""
    late = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [type(outcome) for outcome in late if not isinstance(outcome, TOO_LATE)] == []
    assert len(late) == 1, outcomes


def assert_all_follows():
    with transaction.atomic():
        assert list(deadlines.described_differences()) == []
    assert stored_events.differences() == []


@pytest.mark.parametrize("kind", ACTS)
def test_of_two_withdrawals_at_once_one_is_stored_and_the_other_shows_it(course, people, kind):
    row = ACTS[kind].make(course)
    recompute()
    version = row.version
    outcomes = run_at_once([lambda by=by: ACTS[kind].withdraw(row, by, version) for by in people])
    assert_one_of_two(outcomes)
    (refusal,) = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    first = people[outcomes.index(refusal) - 1]
    assert isinstance(refusal, ValidationError)
    assert f"af {first.pk}" in " ".join(refusal.messages)
    assert_all_follows()


@pytest.mark.parametrize("kind", ACTS)
def test_of_a_correction_and_a_withdrawal_at_once_one_is_done(course, people, kind):
    row = ACTS[kind].make(course)
    recompute()
    version = row.version
    outcomes = run_at_once(
        [
            lambda: ACTS[kind].correct(row, people[0], version),
            lambda: ACTS[kind].withdraw(row, people[1], version),
        ]
    )
    assert_one_of_two(outcomes)
    assert_all_follows()


@pytest.mark.parametrize("kind", RESTORABLE)
def test_of_two_restorings_at_once_one_is_stored_and_the_other_shows_it(course, people, kind):
    row = ACTS[kind].make(course)
    ACTS[kind].withdraw(row, UserFactory(), row.version)
    recompute()
    version = stored(row).version
    outcomes = run_at_once([lambda by=by: ACTS[kind].restore(row, by, version) for by in people])
    assert_one_of_two(outcomes)
    assert stored(row).withdrawn_at is None
    assert Correction.objects.filter(subject=row.public_id, act="restored").count() == 1
    assert_all_follows()


@pytest.mark.parametrize("kind", RESTORABLE)
def test_a_restoring_and_a_late_withdrawal_at_once_leave_one_state(course, people, kind):
    """The withdrawal comes from a page that was opened before the first one."""
    row = ACTS[kind].make(course)
    version = row.version
    ACTS[kind].withdraw(row, UserFactory(), version)
    recompute()
    restored_version = stored(row).version
    outcomes = run_at_once(
        [
            lambda: ACTS[kind].restore(row, people[0], restored_version),
            lambda: ACTS[kind].withdraw(row, people[1], version),
        ]
    )
    assert_one_of_two(outcomes)
    assert stored(row).withdrawn_at is None
    assert_all_follows()


@transaction.atomic
def deliver(course, kind, day):
    """Import one row, as the command and the upload page do: in one transaction."""
    text = f"{';'.join(CONTACT_COLUMNS)}\n{course.citizen.cpr};{kind};{day};ja;A1\n"
    with closing(read_table(io.BytesIO(text.encode()), CONTACT_COLUMNS)) as table:
        return import_contacts(table)


def test_a_delivery_and_a_correction_of_a_contact_at_once_have_one_outcome(course, people):
    deliver(course, "mentor_contact", "2016-04-05")
    recompute()
    contact = MentorContact.objects.get()
    values = {"held_on": datetime.date(2016, 4, 7), "citizen_present": True, "channel": "phone", "note": ""}
    report, correction = run_at_once(
        [
            lambda: deliver(course, "mentor_contact", "2016-04-12"),
            lambda: correct_contact(contact, **values, by=people[0], reason="x", version=contact.version),
        ]
    )
    is_delivered = isinstance(correction, StaleError)
    assert (report["updated"], "contradicted" in report) == (int(is_delivered), not is_delivered)
    day = datetime.date(2016, 4, 12) if is_delivered else datetime.date(2016, 4, 7)
    assert MentorContact.objects.get().held_on == day
    assert_all_follows()


def test_a_delivery_and_a_correction_of_a_held_meeting_at_once_have_one_outcome(course, people):
    deliver(course, "follow_up_meeting", "2016-04-19")
    recompute()
    meeting = FollowUpMeeting.objects.get()
    values = {"held_on": datetime.date(2016, 4, 20), "citizen_present": True, "attendees": []}
    report, correction = run_at_once(
        [
            lambda: deliver(course, "follow_up_meeting", "2016-04-26"),
            lambda: correct_meeting(meeting, **values, reason="x", by=people[0], version=0),
        ]
    )
    is_delivered = isinstance(correction, StaleError)
    assert (report["updated"], "contradicted" in report) == (int(is_delivered), not is_delivered)
    assert MeetingCorrection.objects.count() == 1
    assert_all_follows()


def test_of_two_corrections_of_a_held_meeting_at_once_one_is_stored(course, people):
    meeting = FollowUpMeetingFactory(course=course, held=True)
    recompute()
    outcomes = run_at_once(
        [
            lambda by=by, days=days: correct_meeting(
                meeting,
                held_on=DRAWN_ON + days * DAY,
                citizen_present=True,
                attendees=[],
                reason="x",
                by=by,
                version=0,
            )
            for days, by in enumerate(people, start=1)
        ]
    )
    assert_one_of_two(outcomes)
    assert MeetingCorrection.objects.count() == 1
    assert_all_follows()


def test_a_placement_that_stands_again_while_another_takes_its_days_stands_alone(course, people):
    wrong = PlacementFactory(course=course)
    other = PlacementFactory(
        course=course, company=wrong.company, match=wrong.match, starts_on=DRAWN_ON + 120 * DAY
    )
    withdraw_as_error(wrong, reason="x", by=people[0])
    recompute()
    facts = {name: getattr(other, name) for name in CorrectedPlacement.__dataclass_fields__}
    days = {"starts_on": DRAWN_ON, "planned_end_on": DRAWN_ON + 60 * DAY}
    outcomes = run_at_once(
        [
            lambda: stand_again(wrong, by=people[0], today=DRAWN_ON, reason="x"),
            lambda: correct_placement(
                other, CorrectedPlacement(**{**facts, **days}), reason="x", by=people[1], today=DRAWN_ON
            ),
        ]
    )
    assert_one_of_two(outcomes)
    assert Placement.objects.filter(starts_on=DRAWN_ON).count() == 1
    assert_all_follows()
