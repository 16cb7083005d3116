"""Generic versions of Django's model form and formset, for the type checker.

The type stubs have the type parameter; Django's own classes cannot be subscripted at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.db.models import Model

if TYPE_CHECKING:
    ModelT = TypeVar("ModelT", bound=Model)

    BaseFormSet = forms.BaseFormSet

    class ModelForm(forms.Form, Generic[ModelT]):
        """A form of a model as the type checker knows it: without Django's `save`, since a form of ours saves
        through an action (`EditFormMixin.save`)."""

        instance: ModelT

        def __init__(self, *args: Any, **kwargs: Any) -> None: ...

        def _get_validation_exclusions(self) -> set[str]: ...

else:

    class ModelForm(forms.ModelForm):
        """`forms.ModelForm`, written `ModelForm[Model]`."""

        def __class_getitem__(cls, _model):
            return cls

    class BaseFormSet(forms.BaseFormSet):
        """`forms.BaseFormSet`, written `BaseFormSet[Form]`."""

        def __class_getitem__(cls, _form):
            return cls
