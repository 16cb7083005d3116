"""Import of progression answers (docs/formats.md), for the command and the upload page.

Reads every row, collects all errors of the file, and saves only when there are none. Call it in a
transaction.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.actions.checks import check_day
from cases.exchange import CPR, CourseLookup, read_cpr
from cases.import_reports import CitizenImportReport
from jobfirst.exchange import FileColumn, FileRow, FileTable, RowError
from progression.actions import answer_import
from progression.actions.answer_import import AnswerKey, ImportedAnswer
from progression.models import ANNEX, TOOL, Question, QuestionnaireVersion, Rater
from progression.models.questionnaire import HIGHEST_STEP

COLUMNS = (
    CPR,
    FileColumn("answered_on", gettext_lazy("The day of the answer"), "2016-05-02"),
    FileColumn("questionnaire", gettext_lazy("The code of the questionnaire"), TOOL),
    FileColumn("question", gettext_lazy("The code of the question"), "belief_manage"),
    FileColumn("value", gettext_lazy("The answer: a step of the question's scale"), "6"),
    FileColumn("answered_by", gettext_lazy("Who answers"), Rater.CITIZEN.value, Rater.choices),
)


@dataclass(frozen=True)
class PublishedQuestions:
    """The questions of every published version, with the steps of their scales.

    Not those of the annex: its answers are given by company and citizen, and stand in a table of their own.
    """

    versions: dict[str, list[QuestionnaireVersion]]  # by the questionnaire's code, the latest first
    questions: dict[tuple[int, str], Question]  # by version and code
    steps: dict[int, frozenset[int]]  # by scale

    @classmethod
    def load(cls) -> "PublishedQuestions":
        """Read them; three queries."""
        versions: dict[str, list[QuestionnaireVersion]] = {}
        published = QuestionnaireVersion.objects.published().exclude(questionnaire__code=ANNEX)
        for version in published.select_related("questionnaire"):
            versions.setdefault(version.questionnaire.code, []).append(version)
        questions = Question.objects.filter(version__published_at__isnull=False).select_related("scale")
        steps: dict[int, set[int]] = {}
        by_code = {}
        for question in questions.prefetch_related("scale__steps"):
            by_code[question.version_id, question.code] = question
            steps[question.scale_id] = {step.value for step in question.scale.steps.all()}
        return cls(versions, by_code, {scale: frozenset(values) for scale, values in steps.items()})

    def version_of(self, row: FileRow, day: datetime.date | None) -> QuestionnaireVersion | None:
        """Return the version in force on the row's day; None, with an error, when there is none."""
        code = row.text("questionnaire")
        if not code:
            return None
        if code not in self.versions:
            row.fail("questionnaire", _("is not the code of a questionnaire"))
            return None
        if day is None:
            return None
        begun = (version for version in self.versions[code] if (version.valid_from or day) <= day)
        version = next(begun, None)
        if version is None:
            row.fail("questionnaire", _("is not in force on that day"))
        return version

    def question_of(self, row: FileRow, version: QuestionnaireVersion | None) -> Question | None:
        """Return the row's question; None, with an error, when the version does not ask it."""
        code = row.text("question")
        if version is None or not code:
            return None
        question = self.questions.get((version.pk, code))
        if question is None:
            row.fail("question", _("is not a question of the questionnaire on that day"))
        return question

    def value_of(self, row: FileRow, question: Question | None) -> int | None:
        """Return the row's answer; None, with an error, when it is no step of the question's scale."""
        value = row.integer("value", lowest=0, highest=HIGHEST_STEP)
        if value is None or question is None:
            return value
        steps = self.steps[question.scale_id]
        if value not in steps:
            words = ", ".join(str(step) for step in sorted(steps))
            row.fail("value", _("must be a step of the scale: %(steps)s") % {"steps": words})
            return None
        return value


def import_progression(
    table: FileTable,
    *,
    by: User | None = None,
    projects: Collection[int] | None = None,
    not_after: datetime.date | None = None,
) -> CitizenImportReport:
    """Record the answers of a file (D23, D42).

    Errors: a citizen without a course, a day outside the course or in the future, a questionnaire or question
    that is not in force on the day, an answer outside the scale, and an answer that contradicts another row
    or a stored one. Raises BadFile.
    """
    numbers = {row.line: read_cpr(row) for row in table}
    courses = CourseLookup(numbers.values(), projects)
    published = PublishedQuestions.load()
    read: list[tuple[FileRow, ImportedAnswer]] = []
    for row in table:
        day = row.date("answered_on")
        question = published.question_of(row, published.version_of(row, day))
        value = published.value_of(row, question)
        rater = row.choice("answered_by", Rater.values)
        course = courses.of(row, numbers[row.line])
        if course is None or day is None or question is None or value is None or not rater:
            continue
        answer = ImportedAnswer(course, day, question, rater, value)
        if _has_good_day(row, answer, not_after):
            read.append((row, answer))
    answers = [answer for _row, answer in read]
    listed = _check_stored(read, answer_import.lock_courses(answer.course for answer in answers))
    table.raise_errors()
    created = answer_import.record_answers(answers, by=by)
    citizens = {answer.course.citizen.public_id for answer in answers}
    unchanged = len(answers) - created - len(listed)
    report = CitizenImportReport(citizens, created=created, unchanged=unchanged)
    report.listing(listed)
    return report


def _has_good_day(row: FileRow, answer: ImportedAnswer, not_after: datetime.date | None) -> bool:
    try:
        check_day(answer.course, "answered_on", answer.answered_on, not_after)
    except ValidationError as refused:
        row.fail("answered_on", " ".join(refused.messages))
        return False
    return True


def _check_stored(read: list[tuple[FileRow, ImportedAnswer]], courses: Collection[int]) -> list[RowError]:
    """Add an error to each row that differs from an earlier row, or from what is stored.

    A row that delivers again what a person has corrected since changes nothing; one with a third answer is
    returned, to be listed and not applied (D42).
    """
    listed = []
    stored = answer_import.stored_answers(courses)
    first: dict[AnswerKey, tuple[int, int]] = {}
    for row, answer in read:
        line, value = first.setdefault(answer.key, (row.line, answer.value))
        if value != answer.value:
            row.fail("value", _("another answer stands in line %(line)d") % {"line": line})
    differing = [
        (row, answer, stored[answer.key])
        for row, answer in read
        if answer.key in stored and stored[answer.key].value != answer.value
    ]
    values = answer_import.first_values(earlier for _row, _answer, earlier in differing) if differing else {}
    for row, answer, earlier in differing:
        text = _("another answer is stored for that day; correct it on the citizen's page")
        if values.get(earlier.pk, earlier.value) == earlier.value:
            row.fail("value", text)
        elif values[earlier.pk] != answer.value:
            listed.append(RowError(row.line, "value", text))
    return listed
