"""Whether a monthly review is answered (D35), in SQL."""

from __future__ import annotations


def answered_between(course: str, first: str, last: str) -> str:
    """Return the condition that citizen or mentor answered within these days, in a finished set of answers.

    The arguments are SQL expressions: the course's id and the days. Answers on the day of a meeting belong to
    that meeting (progression.rules.answers_due), so `first` is the day after the meeting before it.
    """
    return f"""EXISTS (
        SELECT FROM progression_answersheet sheet
        WHERE sheet.course_id = {course} AND sheet.state = 'finished'
            AND sheet.answered_on BETWEEN {first} AND {last}
            AND EXISTS (SELECT FROM progression_answer answer
                WHERE answer.sheet_id = sheet.id AND answer.rater IN ('citizen', 'mentor'))
    )"""  # noqa: S608  # expressions of the code  # nosec B608 - our own names
