"""What a version changes against the one before it, in words (D23)."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from progression.models import QuestionnaireVersion, Rater, ScaleStep


def changes_since(before: QuestionnaireVersion, version: QuestionnaireVersion) -> list[str]:
    """Return what is new, changed and gone in `version`, part by part."""
    old_parts, new_parts = _described(before), _described(version)
    changes = [_("New: %(part)s") % {"part": new_parts[key]} for key in new_parts if key not in old_parts]
    changes += [
        _("Changed: %(old)s → %(new)s") % {"old": old_parts[key], "new": new_parts[key]}
        for key in new_parts
        if key in old_parts and old_parts[key] != new_parts[key]
    ]
    changes += [_("Gone: %(part)s") % {"part": old_parts[key]} for key in old_parts if key not in new_parts]
    return changes


def _described(version: QuestionnaireVersion) -> Mapping[tuple[str, str], str]:
    """Return the parts in words, by kind and code."""
    return dict(_parts(version))


def _parts(version: QuestionnaireVersion) -> Iterator[tuple[tuple[str, str], str]]:
    for category in version.categories.all():
        yield ("category", category.code), f"{category.label_da} / {category.label_en}"
    for question in version.questions.select_related("category", "scale"):
        raters = ", ".join(str(Rater(rater).label) for rater in question.asked_of)
        wordings = (question.text_da, question.text_en, question.company_text_da, question.company_text_en)
        texts = " / ".join(wording for wording in wordings if wording)
        yield ("question", question.code), f"{texts} ({question.category.label}, {question.scale}; {raters})"
    for step in ScaleStep.objects.filter(version=version).select_related("scale"):
        key = ("step", f"{step.scale.code}-{step.value}")
        yield key, f"{step.scale.code} {step.value}: {step.words_da} / {step.words_en}"
