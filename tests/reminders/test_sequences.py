"""Whatever is done to a course, its deadlines (D33) and core elements (D7) follow in the same transaction."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.elements import stored
from jobfirst.values.dates import DAY
from reminders import deadlines
from tests.reminders.correction_actions import (
    CORRECTIONS,
    OF_PROMISES,
    correct_placement,
    open_meeting_again,
    restore_contact,
    stand_again,
    take_back_end,
    withdraw_promise,
)
from tests.reminders.course_actions import (
    ACTIONS,
    INTERNSHIP_OF_87_DAYS,
    START,
    World,
    add_activity,
    answer_progression,
    assign_function,
    book_meeting,
    cancel_meeting,
    change_activity,
    change_hours,
    change_job_goals,
    close_account,
    close_account_with_successor,
    copy_activities,
    correct_contact,
    correct_meeting,
    correct_pause,
    delete_pause,
    draw_with_default_team,
    end_course,
    end_pause,
    end_placement,
    enter_absence,
    hand_over,
    hold_meeting,
    import_contacts,
    import_functions,
    import_progression,
    mark_activity,
    miss_meeting,
    move_activity,
    move_meeting,
    record_match,
    record_pause,
    register_attempt,
    register_contact,
    renew_placement,
    reopen_and_give_back,
    repeat_activity,
    save_agreement,
    save_plan,
    sign_agreement,
    start_placement,
    take_role,
    update_cv,
    withdraw_as_error,
    withdraw_as_no_show,
    withdraw_contact,
    withdraw_placement,
)

pytestmark = pytest.mark.django_db

SEQUENCES = st.lists(
    st.tuples(st.sampled_from((*ACTIONS, *CORRECTIONS)), st.integers(0, 160), st.integers(0, 120)),
    min_size=1,
    max_size=6,
)


EVENTFUL_COURSE = (
    (change_job_goals, 1, 0),
    (update_cv, 2, 1),
    (record_match, 3, 1),
    (register_contact, 1, 1),
    (register_contact, 2, 2),
    (correct_contact, 9, 1),
    (withdraw_contact, 10, 0),
    (restore_contact, 10, 0),
    (withdraw_contact, 10, 0),
    (import_contacts, 12, 0),
    (register_attempt, 13, 0),
    (register_attempt, 14, 0),
    (register_attempt, 15, 0),
    (register_attempt, 17, 1),
    (record_pause, 18, 9),
    (correct_pause, 17, 10),
    (record_pause, 45, 40),
    (end_pause, 55, 1),
    (book_meeting, 30, 0),
    (move_meeting, 31, 0),
    (hold_meeting, 31, 0),
    (correct_meeting, 32, 1),
    (answer_progression, 33, 5),
    (import_progression, 40, 1),
    (withdraw_promise, 33, 0),
    (book_meeting, 60, 0),
    (cancel_meeting, 60, 1),
    (open_meeting_again, 60, 1),
    (cancel_meeting, 60, 1),
    (book_meeting, 70, 0),
    (miss_meeting, 70, 2),
    (assign_function, 5, 1),
    (import_functions, 6, 2),
    (enter_absence, 7, 1),
    (hand_over, 8, 0),
    (draw_with_default_team, 9, 2),
    (add_activity, 9, 3),
    (add_activity, 16, 3),
    (change_activity, 10, 0),
    (move_activity, 11, 1),
    (repeat_activity, 25, 1),
    (copy_activities, 11, 21),
    (mark_activity, 4, 2),
    (start_placement, 40, INTERNSHIP_OF_87_DAYS),
    (renew_placement, 0, 20),
    (withdraw_placement, 0, 1),
    (correct_placement, 43, 1),
    (end_placement, 60, 0),
    (take_back_end, 60, 0),
    (withdraw_as_error, 60, 0),
    (stand_again, 60, 0),
    (save_agreement, 40, 0),
    (sign_agreement, 42, 0),
    (change_hours, 60, 3),
)
ITS_END = (
    (delete_pause, 0, 0),
    (end_placement, 60, 0),
    (save_plan, 140, 60),
    (withdraw_as_error, 0, 0),
    (start_placement, 140, 60),  # a sniffing internship
    (withdraw_as_no_show, 141, 0),
    (take_role, 150, 0),
    (close_account, 151, 1),
    (reopen_and_give_back, 152, 0),
    (close_account_with_successor, 153, 1),
    (end_course, 160, 0),
)


def play(world, sequence, *, after_each=lambda: None) -> set[str]:
    """Play the actions on days after the start; return the names of those that were not refused."""
    done = set()
    for action, days_later, number in sequence:
        try:
            with transaction.atomic():
                action(world, START + days_later * DAY, number)
        except ValidationError:
            continue
        done.add(action.__name__)
        world.course.refresh_from_db()
        after_each()
    return done


def check_stored() -> None:
    assert [str(difference.key) for difference in deadlines.differences()] == []
    assert list(stored.described_differences()) == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(SEQUENCES)
def test_any_sequence_of_actions_leaves_no_difference(sequence) -> None:
    with transaction.atomic():
        world = World()
        deadlines.recompute()
        stored.recompute()
        play(world, EVENTFUL_COURSE)
        play(world, sequence, after_each=check_stored)
        transaction.set_rollback(True)


def test_every_action_of_the_list_is_played_and_leaves_no_difference() -> None:
    """None of them is refused in this order; otherwise the sequences would prove nothing about it."""
    world = World()
    deadlines.recompute()
    stored.recompute()
    done = play(world, (*EVENTFUL_COURSE, *ITS_END), after_each=check_stored)
    played = {action.__name__ for action in (*ACTIONS, *CORRECTIONS) if action not in OF_PROMISES}
    assert done == played
