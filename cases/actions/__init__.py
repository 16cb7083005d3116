"""Actions on referrals and courses: each function is one transaction and takes its own locks.

A refused action raises `ValidationError`, keyed by the argument that is wrong (see `checks`).
"""

from cases.actions.citizen_contact import update_citizen_contact
from cases.actions.contact_import import ImportedContact, check_contact, check_sources, record_contacts
from cases.actions.contacts import correct_contact, register_contact, restore_contact, withdraw_contact
from cases.actions.courses import (
    extend_retention,
    follow_internships,
    open_colleagues_course,
    open_course,
    reckon_dates,
)
from cases.actions.cv import (
    CvEntryData,
    add_cv_entry,
    change_cv_entry,
    choose_cv_contact,
    move_cv_entry,
    record_cv_review,
    remove_cv_entry,
    withdraw_cv_review,
)
from cases.actions.duties import give_back_vacant
from cases.actions.ending import AlreadyEnded, correct_end, end_course, reopen_course
from cases.actions.functions import (
    Assignment,
    AssignmentResult,
    assign_all,
    assign_function,
    check_assignment,
)
from cases.actions.goals import add_job_goal_version
from cases.actions.handover import HandoverLine, hand_over
from cases.actions.handover_notes import NoteText, mark_note_read, write_note
from cases.actions.meeting_closing import cancel_meeting, mark_missed, open_meeting_again
from cases.actions.meeting_corrections import correct_meeting
from cases.actions.meetings import NewMeeting, book_meeting, hold_meeting, move_meeting
from cases.actions.minutes import (
    MinuteDraft,
    add_decision,
    correct_minute,
    mark_promise_done,
    remove_decision,
    reopen_promise,
    save_minutes,
    withdraw_promise,
)
from cases.actions.needs import (
    cover_need,
    end_accommodation,
    end_effort,
    limit_accommodation,
    record_accommodation,
    record_effort,
    record_need,
)
from cases.actions.pauses import PauseData, correct_pause, delete_pause, end_pause, record_pause
from cases.actions.profile import write_profile_text
from cases.actions.referral import ReferralData, ReferralResult, assess_referral, refer, refer_all

__all__ = [
    "AlreadyEnded",
    "Assignment",
    "AssignmentResult",
    "CvEntryData",
    "HandoverLine",
    "ImportedContact",
    "MinuteDraft",
    "NewMeeting",
    "NoteText",
    "PauseData",
    "ReferralData",
    "ReferralResult",
    "add_cv_entry",
    "add_decision",
    "add_job_goal_version",
    "assess_referral",
    "assign_all",
    "assign_function",
    "book_meeting",
    "cancel_meeting",
    "change_cv_entry",
    "check_assignment",
    "check_contact",
    "check_sources",
    "choose_cv_contact",
    "correct_contact",
    "correct_end",
    "correct_meeting",
    "correct_minute",
    "correct_pause",
    "cover_need",
    "delete_pause",
    "end_accommodation",
    "end_course",
    "end_effort",
    "end_pause",
    "extend_retention",
    "follow_internships",
    "give_back_vacant",
    "hand_over",
    "hold_meeting",
    "limit_accommodation",
    "mark_missed",
    "mark_note_read",
    "mark_promise_done",
    "move_cv_entry",
    "move_meeting",
    "open_colleagues_course",
    "open_course",
    "open_meeting_again",
    "reckon_dates",
    "record_accommodation",
    "record_contacts",
    "record_cv_review",
    "record_effort",
    "record_need",
    "record_pause",
    "refer",
    "refer_all",
    "register_contact",
    "remove_cv_entry",
    "remove_decision",
    "reopen_course",
    "reopen_promise",
    "restore_contact",
    "save_minutes",
    "update_citizen_contact",
    "withdraw_contact",
    "withdraw_cv_review",
    "withdraw_promise",
    "write_note",
    "write_profile_text",
]
