"""What is handed over: a line for each function, with or without a note."""

import datetime

from cases import actions

TODAY = datetime.date(2016, 5, 18)
NO_NOTE = actions.NoteText()
NOTE = actions.NoteText("Et kørekort", "Sover dårligt", "Møde hos bageren mandag")


def line(course, to, function="mentor", note=NO_NOTE) -> actions.HandoverLine:
    return actions.HandoverLine(f"to-{course.public_id}-{function}", course, function, to, note)


def holder_on(course, day, function="mentor"):
    return course.staff_on(day).get(function)
