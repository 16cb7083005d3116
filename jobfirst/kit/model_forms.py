"""Django's form of a model, and its form set, with the type of what they hold as a parameter.

The stubs have the parameter; Django's own classes cannot be subscripted at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

if TYPE_CHECKING:
    ModelForm = forms.ModelForm
    BaseFormSet = forms.BaseFormSet
else:

    class ModelForm(forms.ModelForm):
        """`forms.ModelForm`, written `ModelForm[Model]`."""

        def __class_getitem__(cls, _model):
            return cls

    class BaseFormSet(forms.BaseFormSet):
        """`forms.BaseFormSet`, written `BaseFormSet[Form]`."""

        def __class_getitem__(cls, _form):
            return cls
