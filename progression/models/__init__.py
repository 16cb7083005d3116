"""The questionnaires with their versions, and the answers of the courses."""

from progression.models.answers import Answer, AnswerSheet, CategorySelection, SheetState
from progression.models.questionnaire import (
    ANNEX,
    TOOL,
    Category,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    Rater,
    Scale,
    ScaleStep,
)

__all__ = [
    "ANNEX",
    "TOOL",
    "Answer",
    "AnswerSheet",
    "Category",
    "CategorySelection",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "Rater",
    "Scale",
    "ScaleStep",
    "SheetState",
]
