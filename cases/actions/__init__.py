"""What people do with a referral or a course: each function is one transaction, with its locks.

An action that cannot be done raises `ValidationError`, keyed by the argument that is wrong (see `checks`).
"""

from cases.actions.courses import (
    end_course,
    extend_retention,
    follow_internships,
    open_colleagues_course,
    open_course,
    reckon_dates,
)
from cases.actions.following import (
    book_meeting,
    cancel_meeting,
    hold_meeting,
    mark_missed,
    move_meeting,
    record_held_meeting,
    register_contact,
)
from cases.actions.functions import assign_function
from cases.actions.referral import ReferralData, Referred, assess_referral, refer, refer_all
from cases.actions.support import (
    add_job_goal_version,
    cover_need,
    end_accommodation,
    end_effort,
    record_accommodation,
    record_effort,
    record_need,
)

__all__ = [
    "ReferralData",
    "Referred",
    "add_job_goal_version",
    "assess_referral",
    "assign_function",
    "book_meeting",
    "cancel_meeting",
    "cover_need",
    "end_accommodation",
    "end_course",
    "end_effort",
    "extend_retention",
    "follow_internships",
    "hold_meeting",
    "mark_missed",
    "move_meeting",
    "open_colleagues_course",
    "open_course",
    "reckon_dates",
    "record_accommodation",
    "record_effort",
    "record_held_meeting",
    "record_need",
    "refer",
    "refer_all",
    "register_contact",
]
