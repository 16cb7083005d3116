"""What every form of the steering group has: no citizen is named in any of its texts."""

from typing import Any

from django import forms

from cases.free_text import NO_PERSON, without_cpr
from jobfirst.kit.editing import EditFormMixin


class NoCitizenFormMixin(EditFormMixin):
    """A form whose texts are read by people from outside: it refuses CPR numbers, and its last text says that
    no citizen is named."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update({name: guarded(field) for name, field in self.fields.items()})


def guarded(field: forms.Field) -> forms.Field:
    """Return the field; a text refuses CPR numbers, and one that can be long says that no citizen is
    named."""
    if isinstance(field, forms.CharField) and without_cpr not in field.validators:
        field.validators = [*field.validators, without_cpr]
        if isinstance(field.widget, forms.Textarea) and not field.help_text:
            field.help_text = NO_PERSON
    return field
