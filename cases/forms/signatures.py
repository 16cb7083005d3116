"""The part of a form in which somebody without an account signs: a drawing, or the name (D21, D37)."""

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import HTML, Div
from django import forms
from django.template.loader import render_to_string
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.actions.signing import Signing
from cases.forms.course_form import CourseFormMixin
from cases.free_text import NO_PERSON
from cases.models import Course
from cases.models.signature import DRAWING_HEIGHT, DRAWING_WIDTH, DocumentSignature, SigningMethod
from jobfirst.kit.fields import FreeTextField
from jobfirst.values import text_limits

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise  # a name of the type stubs


class DrawnOrNamedMixin(forms.Form):
    """Fields to draw the signature on the screen, or to confirm by name (which needs no script)."""

    method = forms.ChoiceField(
        label=_("How do you sign?"),
        choices=[
            (SigningMethod.DRAWN.value, _("I draw my signature")),
            (SigningMethod.NAME.value, _("I write my name")),
        ],
        widget=forms.RadioSelect,
        initial=SigningMethod.NAME.value,
    )
    name = FreeTextField(label=_("Your name, as it stands in the document"), max_length=150, required=False)
    drawing = forms.CharField(max_length=text_limits.DRAWING, widget=forms.HiddenInput, required=False)

    def signature_layout(self) -> list[Any]:
        """Return the part of the layout with these fields."""
        box = {"width": DRAWING_WIDTH, "height": DRAWING_HEIGHT}
        pad = HTML(render_to_string("cases/_signature_pad.html", box))
        return [
            "method",
            Div(pad, "drawing", css_class="jf-sign-drawn"),
            Div("name", css_class="jf-sign-name"),
        ]

    def signing_as(self, party: str) -> Signing:
        """Return how the party signs, from the cleaned data."""
        data = self.cleaned_data
        return Signing(party, data["method"], name=data["name"], drawing=data["drawing"])


class VoidingForm(CourseFormMixin, forms.Form):
    """Why a signature does not hold: it was given by mistake. A subclass voids it.

    It names the `signature` that its page was opened on, so that a form left open never voids a later one.
    """

    title = _("Void the signature")
    submit = _("Void the signature")
    #: What stays as it is, for the help text.
    what_stays: "_StrOrPromise"

    reason = FreeTextField(label=_("Why does the signature not hold?"), max_length=300)
    signature = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, course: Course, signature: DocumentSignature, party: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, course=course, **kwargs)
        self.fields["reason"].help_text = format_lazy("{} {}", self.what_stays, NO_PERSON)
        self.initial["signature"] = signature.public_id
        self.intro = f"{course.citizen_name}: {party}, {signature.name}"
