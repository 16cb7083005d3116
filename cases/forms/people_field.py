"""A field of people to tick, each with what the person does in the course."""

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from cases.models import Course
from cases.presentation.team import function_names

if TYPE_CHECKING:
    Base = forms.ModelMultipleChoiceField[User]
else:
    Base = forms.ModelMultipleChoiceField


class PeopleField(Base):
    """People to tick. The function of whoever holds one stands beside the name: "Per Øvetoft (mentor)"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, **kwargs)
        self.functions: dict[int, str] = {}

    def label_from_instance(self, obj: User) -> str:
        """Return the name, and the function if there is one."""
        function = self.functions.get(obj.pk)
        return f"{obj} ({function})" if function else str(obj)


def offer(form: forms.BaseForm, name: str, people: QuerySet[User], course: Course, on: datetime.date) -> None:
    """Let the field of a form offer these people, with the functions that they hold on the day."""
    field = form.fields[name]
    assert isinstance(field, PeopleField)
    field.functions = function_names(course, on)
    field.queryset = people
