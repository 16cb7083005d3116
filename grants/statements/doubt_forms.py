"""The form that answers a doubt about the events of a statement (D58)."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Project, User
from cases.free_text import NO_PERSON
from grants.presentation.doubts import DoubtRow
from grants.statements import doubt_answers
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.forms import OnceMixin


class AnswerDoubtForm(OnceMixin, EditFormMixin, forms.Form):
    """The leader's answer, for one doubt or for all unanswered ones of its sort (`to_all`)."""

    title = _("Answer the doubt")
    submit = _("Save the answer")
    success = _("The answer is saved. STAR sees it beside the doubt.")

    text = FreeTextField(
        label=_("Why the grant is right all the same, or what you have put right"),
        help_text=NO_PERSON,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
    )
    to_all = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, project: Project, cut_off: datetime.date, row: DoubtRow, alike: int, **kwargs: Any
    ) -> None:
        """`alike` is how many other doubts of the same sort are unanswered."""
        super().__init__(*args, **kwargs)
        self.project, self.cut_off, self.row = project, cut_off, row
        self.intro = f"{row.citizen}: {row.doubt}. CVR {row.company}. {row.events}."
        if alike:
            self.fields["to_all"].label = ngettext(
                "Give the same answer to the other unanswered doubt of this sort",
                "Give the same answer to the %(count)d other unanswered doubts of this sort",
                alike,
            ) % {"count": alike}
        else:
            del self.fields["to_all"]

    def save(self, *, by: User, today: datetime.date) -> int:
        """Store the answer."""
        reply = doubt_answers.DoubtReply(
            self.row.key,
            self.cleaned_data["text"],
            to_all=self.cleaned_data.get("to_all", False),
            submission=self.submission,
        )
        return doubt_answers.answer(self.project, self.cut_off, reply, by, today)
