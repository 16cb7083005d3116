"""The kinds of deadlines of a course, in one list."""

from cases.deadlines import (
    contact_lost,
    function_unfilled,
    meeting_not_booked,
    meeting_overdue,
    other_channel_due,
    promise_due,
    retention_ending,
    weekly_contact_missing,
    weekly_contact_overdue,
)

KINDS = (
    weekly_contact_missing.KIND,
    weekly_contact_overdue.KIND,
    other_channel_due.KIND,
    contact_lost.KIND,
    meeting_not_booked.KIND,
    meeting_overdue.KIND,
    retention_ending.KIND,
    function_unfilled.KIND,
    *promise_due.KINDS,
)
