"""Correct a score of a finished sheet, and select the categories that matter to the citizen (D23, D56)."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, locked, refuse
from cases.actions.corrections import check_reason
from cases.models import Course
from jobfirst.kit.versioned import ensure_fresh, ensure_latest
from progression.models import Answer, CategorySelection


@transaction.atomic
def correct_answer(
    answer: Answer, *, value: int | None, correction: str, version: int | None = None
) -> Answer:
    """Change an answer of a finished sheet, with the reason; the history keeps the earlier value (D56)."""
    locked(answer.sheet.course)
    answer = Answer.objects.select_related("sheet", "question__scale").get(pk=answer.pk)
    ensure_fresh(answer, version)
    if not answer.sheet.is_finished:
        raise ValidationError(_("The answers are not finished yet: change them there."), code="begun")
    if answer.value == value:
        raise refuse("value", _("This is the answer that is stored already."), "same")
    if value is not None and not answer.question.scale.steps.filter(value=value).exists():
        raise refuse("value", _("Choose one of the steps."), "no_step")
    check_reason(correction, field="correction", words=_("Write why the answer is corrected."))
    changed(answer, {"value": value, "correction": correction.strip()})
    return answer


@transaction.atomic
def select_categories(
    course: Course, codes: Collection[str], *, by: User | None = None, version: int | None = None
) -> CategorySelection:
    """Make these the categories that are selected for the citizen; none selected means that all count.

    StaleError when somebody else has changed the selection since `version` (0: there was none).
    """
    course = locked(course)
    selection = CategorySelection.objects.filter(course=course).first()
    if selection is not None and selection.codes == sorted(codes):
        return selection
    ensure_latest(selection, 0 if selection is None else selection.version, version)
    if selection is None:
        return CategorySelection.objects.create(course=course, codes=sorted(codes), selected_by=by)
    changed(selection, {"codes": sorted(codes), "selected_by": by})
    return selection
