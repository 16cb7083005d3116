"""Forms of a draft: its parts, and publishing it."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits
from progression.actions import questionnaires
from progression.actions.questionnaires import Part
from progression.models import ANNEX, Category, Question, QuestionnaireVersion, Rater, Scale, ScaleStep


class PartForm(VersionedFormMixin, EditFormMixin, forms.BaseForm):
    """A part of a draft; carries the version of the draft."""

    def __init__(self, *args: Any, instance: Part, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, version=instance.version.version, **kwargs)
        self.title = instance._meta.verbose_name.capitalize() if instance._meta.verbose_name else ""

    def save(self, *, by: User, today: datetime.date) -> Part:
        """Save the part."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return questionnaires.save_part(self.instance, fields, version=self.opened_version)

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the constraints to the action, which knows the part's version."""
        return {field.name for field in self.instance._meta.fields if field.name not in self.fields}


class CategoryForm(PartForm, ModelForm[Category]):
    """The name of a category in both languages."""

    class Meta:
        model = Category
        fields = ["code", "order", "label_da", "label_en"]


class ScaleForm(PartForm, ModelForm[Scale]):
    """A scale by its code; its steps are parts of their own."""

    class Meta:
        model = Scale
        fields = ["code"]


class StepWordsForm(PartForm, ModelForm[ScaleStep]):
    """A step of a scale and its meaning in both languages."""

    class Meta:
        model = ScaleStep
        fields = ["scale", "value", "words_da", "words_en"]

    def __init__(self, *args: Any, instance: ScaleStep, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        _limit_choices(self, "scale", instance.version.scales.all())


class QuestionForm(PartForm, ModelForm[Question]):
    """A question in both languages, its category and scale, and who answers it."""

    asked_of = forms.MultipleChoiceField(
        label=_("Who answers"),
        choices=[(Rater.CITIZEN.value, Rater.CITIZEN.label), (Rater.MENTOR.value, Rater.MENTOR.label)],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Question
        fields = [
            "category",
            "code",
            "order",
            "text_da",
            "text_en",
            "company_text_da",
            "company_text_en",
            "scale",
            "asked_of",
        ]

    def __init__(self, *args: Any, instance: Question, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        _limit_choices(self, "category", instance.version.categories.all())
        if instance.version.questionnaire.code == ANNEX:
            # Company and citizen both answer all of it, apart (D16).
            del self.fields["asked_of"]
            instance.asked_of = [Rater.CITIZEN, Rater.COMPANY_CONTACT]
        else:
            del self.fields["company_text_da"], self.fields["company_text_en"]
        _limit_choices(self, "scale", instance.version.scales.all())


def _limit_choices(form: forms.BaseForm, name: str, queryset: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = queryset
    field.empty_label = None


class PublishForm(VersionedFormMixin, EditFormMixin, ModelForm[QuestionnaireVersion]):
    """From when a draft is in force, and what is changed."""

    title = _("Publish the draft")
    intro = _("A published version never changes. Answers keep the version that they were given to.")
    submit = _("Publish")
    success = _("The version is published.")

    valid_from = DayField(label=_("In force from"), widget=DateInput)
    change_note = FreeTextField(
        label=_("What is changed, and why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=text_limits.COMMENT,
    )

    class Meta:
        model = QuestionnaireVersion
        fields = ["valid_from", "change_note"]

    def save(self, *, by: User, today: datetime.date) -> QuestionnaireVersion:
        """Publish the draft."""
        return questionnaires.publish(
            self.instance,
            valid_from=self.cleaned_data["valid_from"],
            change_note=self.cleaned_data["change_note"],
            today=today,
            by=by,
            version=self.opened_version,
        )

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the constraints of a published version to the action."""
        return {field.name for field in self.instance._meta.fields}
