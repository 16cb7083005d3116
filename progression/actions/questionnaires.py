"""Versions of a questionnaire: make a draft, change its parts, publish it from a day on (D23).

A draft is one thing to whoever edits it: each change of a part raises the draft's version, so that a form
opened before is detected as stale.
"""

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import refuse
from jobfirst import clock
from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import LATEST
from progression.models import (
    TOOL,
    Category,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    Scale,
    ScaleStep,
)

Part = Category | Question | Scale | ScaleStep
PartT = TypeVar("PartT", Category, Question, Scale, ScaleStep)


@transaction.atomic
def make_draft(code: str = TOOL) -> QuestionnaireVersion:
    """Return the draft of a questionnaire; without one, a copy of the newest version is made."""
    questionnaire = Questionnaire.objects.select_for_update().get(code=code)
    newest = questionnaire.versions.order_by("-number").first()
    if newest is None:
        return QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=1)
    if newest.is_draft:
        return newest
    draft = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=newest.number + 1, is_own_choice=newest.is_own_choice
    )
    _copy_parts(newest, draft)
    return draft


def _copy_parts(source: QuestionnaireVersion, draft: QuestionnaireVersion) -> None:
    scales = {scale.pk: _copied(scale, version=draft) for scale in source.scales.all()}
    categories = {category.pk: _copied(category, version=draft) for category in source.categories.all()}
    for step in ScaleStep.objects.filter(version=source):
        _copied(step, version=draft, scale=scales[step.scale_id])
    for question in source.questions.all():
        _copied(
            question,
            version=draft,
            scale=scales[question.scale_id],
            category=categories[question.category_id],
        )


def _copied(part: PartT, **fields: Any) -> PartT:
    """Save a copy of the part with other fields."""
    values = {field.name: getattr(part, field.name) for field in part._meta.concrete_fields}
    copy = type(part)(**{**values, "id": None, **fields})
    copy.save()
    return copy


def _open(draft: QuestionnaireVersion, version: int | None, current: Part | None = None) -> None:
    """Lock the draft, check that it still is one and unchanged since `version`, and raise its version."""
    row = QuestionnaireVersion.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not row.is_draft:
        raise ValidationError(_("This version is published and never changes."), code="published")
    if version is not None and row.version != version:
        raise StaleError(current, row.version)
    row.version += 1
    row.save(update_fields=["version"])


@transaction.atomic
def save_part(part: Part, fields: Mapping[str, Any], *, version: int | None = None) -> Part:
    """Add a part to its draft, or change it; `fields` are what the form says.

    StaleError when the draft has been changed since `version`. Refused when another part has the code.
    """
    model = type(part)
    current = model._default_manager.filter(pk=part.pk).first() if part.pk else None
    _open(part.version, version, current)
    for name, value in fields.items():
        setattr(part, name, value)
    part.validate_unique()
    part.validate_constraints()
    part.save()
    return part


@transaction.atomic
def remove_part(part: Part) -> None:
    """Remove a part from its draft; a category or a scale only without questions."""
    _open(part.version, None)
    if isinstance(part, Category | Scale) and part.questions.exists():
        raise ValidationError(_("Questions use it: remove or move them first."), code="in_use")
    part.delete()


@transaction.atomic
def discard_draft(draft: QuestionnaireVersion) -> None:
    """Throw a draft away."""
    _open(draft, None)
    try:
        draft.delete()
    except ProtectedError as error:
        raise ValidationError(_("Answers use this version."), code="in_use") from error


@transaction.atomic
def publish(
    draft: QuestionnaireVersion,
    *,
    valid_from: datetime.date,
    change_note: str,
    today: datetime.date,
    by: User | None = None,
    version: int | None = None,
) -> QuestionnaireVersion:
    """Publish a draft: in force from a day on, today at the earliest, after every published version."""
    _open(draft, version)
    draft = QuestionnaireVersion.objects.get(pk=draft.pk)
    if not today <= valid_from <= LATEST:
        raise refuse("valid_from", _("A version is in force from today at the earliest."), "past")
    published = QuestionnaireVersion.objects.published().filter(questionnaire=draft.questionnaire_id)
    latest = published.first()
    if latest is not None and latest.valid_from is not None and valid_from <= latest.valid_from:
        raise refuse("valid_from", _("A version is in force after the one before it."), "order")
    if not change_note.strip():
        raise refuse("change_note", _("Write what is changed, and why."), "no_note")
    _check_content(draft)
    draft.valid_from, draft.change_note = valid_from, change_note.strip()
    draft.published_at, draft.published_by = clock.now(), by
    draft.save()
    return draft


def _check_content(draft: QuestionnaireVersion) -> None:
    """Refuse a draft without questions, with an empty category, or with a scale of fewer than two steps."""
    if not draft.questions.exists():
        raise ValidationError(_("The questionnaire has no questions."), code="empty")
    if draft.categories.filter(questions=None).exists():
        raise ValidationError(_("A category has no questions."), code="empty_category")
    for scale in draft.scales.all():
        if scale.steps.count() < 2:
            raise ValidationError(_("A scale has at least two steps."), code="short_scale")
