"""Who may use the addresses of the steering group: a part of the table of the site."""

from tests.access.addresses import METHODS, page, permission_first_of

LEADER = "project_leader"

# The steering groups' meetings here are planned.
NOT_HELD = {(method, LEADER, relation): 404 for method in METHODS for relation in ("own", "same")}

STEERING = [
    page("evaluation:steering", get=LEADER),
    permission_first_of("project", "evaluation:month_status", get=LEADER),
    permission_first_of("project", "evaluation:new_member", get=LEADER, post=LEADER),
    permission_first_of("project", "evaluation:plan_steering_meeting", get=LEADER, post=LEADER),
    permission_first_of("steering_member", "evaluation:change_member", get=LEADER, post=LEADER),
    permission_first_of("steering_member", "evaluation:withdraw_member", get=LEADER, post=LEADER),
    permission_first_of("steering_member", "evaluation:restore_member", get=LEADER, post=LEADER),
    permission_first_of("steering_meeting", "evaluation:steering_meeting", get=LEADER, post=LEADER),
    permission_first_of("steering_meeting", "evaluation:steering_paper", get=LEADER),
    permission_first_of("steering_meeting", "evaluation:move_steering_meeting", get=LEADER, post=LEADER),
    permission_first_of("steering_meeting", "evaluation:cancel_steering_meeting", get=LEADER, post=LEADER),
    permission_first_of("steering_meeting", "evaluation:plan_steering_again", post=LEADER),
    permission_first_of(
        "steering_meeting",
        "evaluation:correct_steering_meeting",
        get=LEADER,
        post=LEADER,
        but=NOT_HELD,
    ),
    permission_first_of(
        "steering_meeting",
        "evaluation:correct_steering_minute",
        get=LEADER,
        post=LEADER,
        args=("enrolment",),
        but=NOT_HELD,
    ),
    permission_first_of("steering_decision", "evaluation:decision_done", post=LEADER),
    permission_first_of("steering_decision", "evaluation:reopen_decision", get=LEADER, post=LEADER),
    permission_first_of("steering_decision", "evaluation:withdraw_decision", get=LEADER, post=LEADER),
    permission_first_of("steering_decision", "evaluation:restore_decision", get=LEADER, post=LEADER),
]
