"""Lines of a hand-over, and who holds a function on a day; used by several modules here."""

import datetime

from cases import actions

TODAY = datetime.date(2016, 5, 18)
NO_NOTE = actions.NoteText()


def line(course, to, function="mentor", note=NO_NOTE) -> actions.HandoverLine:
    return actions.HandoverLine(f"to-{course.public_id}-{function}", course, function, to, note)


def holder_on(course, day, function="mentor"):
    return course.staff_on(day).get(function)
