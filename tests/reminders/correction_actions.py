"""What is corrected of a course, for playing in any order (test_sequences.py)."""

from cases import actions
from cases.actions import minutes
from cases.models import FollowUpMeeting, MeetingDecision, MentorContact
from companies.actions import placement_corrections, withdrawals
from companies.actions.placement_corrections import CorrectedPlacement
from companies.models import Placement


def restore_contact(world, day, number):
    contact = world.one_of(MentorContact.everything.withdrawn(), number)
    actions.restore_contact(contact, by=world.staff[0], reason="x")


def open_meeting_again(world, day, number):
    actions.open_meeting_again(world.one_of(FollowUpMeeting.objects, number), by=world.staff[0], reason="x")


def correct_placement(world, day, number):
    placement = world.one_of(Placement.objects, number)
    facts = {name: getattr(placement, name) for name in CorrectedPlacement.__dataclass_fields__}
    moved = {"starts_on": day, "company": world.companies[number % 2]}
    placement_corrections.correct_placement(
        placement, CorrectedPlacement(**{**facts, **moved}), reason="x", by=world.staff[0], today=day
    )


def take_back_end(world, day, number):
    placement = world.one_of(Placement.objects.filter(ended_on__isnull=False), number)
    placement_corrections.take_back_end(placement, reason="x", by=world.staff[0])


def stand_again(world, day, number):
    placement = world.one_of(Placement.everything.filter(withdrawn_at__isnull=False), number)
    withdrawals.stand_again(placement, by=world.staff[0], today=day, reason="x")


def withdraw_promise(world, day, number):
    decision = world.one_of(MeetingDecision.objects, number)
    actions.withdraw_promise(decision, by=world.staff[0], reason="x")


def restore_promise(world, day, number):
    decision = world.one_of(MeetingDecision.objects.filter(withdrawn_at__isnull=False), number)
    minutes.restore_promise(decision, by=world.staff[0], reason="x")


def correct_promise(world, day, number):
    decision = world.one_of(MeetingDecision.objects, number)
    minutes.correct_promise(decision, function="citizen", due_on=day, by=world.staff[0], reason="x")


#: The course of the list has no promise of a held meeting; the drawn sequences try these too.
OF_PROMISES = (withdraw_promise, restore_promise, correct_promise)

CORRECTIONS = (
    restore_contact,
    open_meeting_again,
    correct_placement,
    take_back_end,
    stand_again,
    *OF_PROMISES,
)
