"""Generic versions of Django's model form and formset, for the type checker.

The type stubs have the type parameter; Django's own classes cannot be subscripted at run time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django import forms
from django.db.models import Model
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from jobfirst.kit.fields import form_field_of

if TYPE_CHECKING:
    ModelT = TypeVar("ModelT", bound=Model)

    BaseFormSet = forms.BaseFormSet

    class ModelForm(forms.Form, Generic[ModelT]):
        """A form of a model as the type checker knows it: without Django's `save`, since a form of ours saves
        through an action (`EditFormMixin.save`)."""

        instance: ModelT
        _meta: Any

        def __init__(self, *args: Any, **kwargs: Any) -> None: ...

        def _get_validation_exclusions(self) -> set[str]: ...

else:

    class ModelFormClass(forms.models.ModelFormMetaclass):
        """Makes the fields of a model form by `form_field_of`, so that its days have limits."""

        def __new__(mcs, name, bases, attrs):
            meta = attrs.get("Meta")
            if meta is not None and getattr(meta, "formfield_callback", None) is None:
                meta.formfield_callback = form_field_of
            return super().__new__(mcs, name, bases, attrs)

    class ModelForm(forms.ModelForm, metaclass=ModelFormClass):
        """`forms.ModelForm`, written `ModelForm[Model]`; its days have limits, and an empty choice is a word
        instead of a row of dashes."""

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            for field in self.fields.values():
                name_empty_choice(field)

        def __class_getitem__(cls, _model):
            return cls

    class BaseFormSet(forms.BaseFormSet):
        """`forms.BaseFormSet`, written `BaseFormSet[Form]`."""

        def __class_getitem__(cls, _form):
            return cls


def name_empty_choice(field: forms.Field) -> None:
    """Call the empty choice of a field "Choose", or "–" where it may stay empty."""
    words = _("Choose") if field.required else "–"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == BLANK_CHOICE_DASH[0][1]:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField):
        choices = list(cast("Iterable[tuple[str, Any]]", field.choices))
        if choices[:1] == BLANK_CHOICE_DASH:
            field.choices = [("", words), *choices[1:]]
