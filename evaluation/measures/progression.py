"""Progressed (D23): the latest answer is higher than the first in so many selected categories (a term).

The same rule as `progression.rules.progress.has_progressed`, for many courses at once.
"""

from __future__ import annotations

from evaluation.measures.terms import term_on
from evaluation.measures.values import Source, Window
from progression.models import Rater

# A score is the mean of a category's answers, each on a scale from 0 to 1. Only courses with two scores in a
# selected category are rows; without a selection all categories are selected.
SQL = f"""
SELECT course.project_id AS project, course.id AS course, MAX(category.latest_on) AS day,
    COUNT(*) FILTER (WHERE category.latest > category.first)
        >= {term_on("%(on)s", "progressed_categories")} AS counts,
    COUNT(*) FILTER (WHERE category.latest > category.first)::numeric AS amount, '' AS note
FROM cases_course course
LEFT JOIN progression_categoryselection selection ON selection.course_id = course.id
JOIN (
    SELECT course_id, code, (array_agg(score ORDER BY answered_on, sheet_id))[1] AS first,
        (array_agg(score ORDER BY answered_on DESC, sheet_id DESC))[1] AS latest,
        MAX(answered_on) AS latest_on
    FROM (
        SELECT sheet.course_id, category.code, sheet.answered_on, sheet.id AS sheet_id,
            ROUND(AVG((answer.value - bounds.lowest)::numeric / (bounds.highest - bounds.lowest)), 9) AS score
        FROM progression_answersheet sheet
        JOIN progression_answer answer ON answer.sheet_id = sheet.id
            AND answer.rater = %(citizen_rater)s AND answer.value IS NOT NULL
        JOIN progression_question question ON question.id = answer.question_id
        JOIN progression_category category ON category.id = question.category_id
        JOIN (
            SELECT scale_id, MIN(value) AS lowest, MAX(value) AS highest FROM progression_scalestep
            GROUP BY scale_id
        ) bounds ON bounds.scale_id = question.scale_id
        WHERE sheet.state = 'finished' AND sheet.answered_on <= %(on)s
            AND sheet.course_id IN (SELECT id FROM cases_course WHERE project_id = ANY(%(projects)s))
        GROUP BY sheet.course_id, category.code, sheet.answered_on, sheet.id
    ) scores
    GROUP BY course_id, code HAVING COUNT(*) > 1
) category ON category.course_id = course.id AND (
    selection.id IS NULL OR cardinality(selection.codes) = 0 OR category.code = ANY(selection.codes)
)
WHERE course.project_id = ANY(%(projects)s)
GROUP BY course.project_id, course.id
"""  # noqa: S608  # names of the code  # nosec B608 - our own names


def progressed(window: Window) -> Source:
    """Return the courses with two answers in a selected category by the day; those that progressed count."""
    return Source(SQL, {"citizen_rater": Rater.CITIZEN.value})
