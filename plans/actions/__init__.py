"""Actions on the activity plan, the plan for job, and the citizen's word on both.

Each is one transaction under the course's lock. A refused action raises `ValidationError`, keyed by the
argument that is wrong.
"""

from plans.actions.activity import (
    add_activity,
    change_activity,
    copy_activities,
    mark_activity,
    move_activity,
    repeat_activity,
)
from plans.actions.drafts import discard_draft, save_draft
from plans.actions.job import copied, save_plan, too_early
from plans.actions.signatures import sign_plan, void_signature
from plans.actions.words import record_word

__all__ = [
    "add_activity",
    "change_activity",
    "copied",
    "copy_activities",
    "discard_draft",
    "mark_activity",
    "move_activity",
    "record_word",
    "repeat_activity",
    "save_draft",
    "save_plan",
    "sign_plan",
    "too_early",
    "void_signature",
]
