"""Forms to sign the plan for job, and to void a signature (D21, D37)."""

import datetime
from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.course_form import CourseFormMixin
from cases.free_text import NO_PERSON, without_cpr
from jobfirst import clock
from jobfirst.kit.forms import OnceMixin
from jobfirst.kit.versioned import StaleError
from plans import actions
from plans.actions.signatures import Signing
from plans.models import PlanForJob, PlanParty, PlanSignature, SignatureVoid, SigningMethod
from plans.models.signature import DRAWING_HEIGHT, DRAWING_WIDTH, content_hash

CHANGED = _("The plan has been changed meanwhile. Read the new version before you sign.")


class SignatureForm(OnceMixin, CourseFormMixin, forms.Form):
    """A party's signature of the version on the page; `seen` is the hash of what the page shows."""

    submit = _("Sign")
    success = _("The plan is signed.")

    has_read = forms.BooleanField(
        label=_("I have read the plan, and it is as we agreed."),
        error_messages={"required": _("Confirm that the plan is read.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, plan: PlanForJob, party: str, **kwargs: Any) -> None:
        super().__init__(*args, course=plan.course, **kwargs)
        self.plan, self.party = plan, party
        self.title = PlanParty(party).label
        self.fields["seen"].initial = content_hash(plan.sealed_content())
        self.layout = Layout(*self._ways(), "has_read", "seen", "submission")

    def _ways(self) -> list[Any]:
        """Return the part of the layout that says how the party signs."""
        return []

    def _signing(self) -> Signing:
        """Return how the party signs."""
        return Signing(self.party, SigningMethod.SIGNED_IN)

    def save(self, *, by: User, today: datetime.date) -> PlanSignature:
        """Sign the plan; refused when it has changed since the page was opened."""
        try:
            return actions.sign_plan(
                self.plan,
                self._signing(),
                seen=self.cleaned_data["seen"],
                at=clock.now(),
                by=by,
                submission=self.submission,
            )
        except StaleError as stale:
            raise ValidationError(CHANGED, code="stale") from stale


class CitizenSignatureForm(SignatureForm):
    """The citizen draws the signature on the screen, or confirms by name (which needs no script)."""

    method = forms.ChoiceField(
        label=_("How do you sign?"),
        choices=[
            (SigningMethod.DRAWN.value, _("I draw my signature")),
            (SigningMethod.NAME.value, _("I write my name")),
        ],
        widget=forms.RadioSelect,
        initial=SigningMethod.NAME.value,
    )
    name = forms.CharField(label=_("Your name, as it stands in the plan"), max_length=150, required=False)
    drawing = forms.CharField(widget=forms.HiddenInput, required=False)

    def _ways(self) -> list[Any]:
        box = {"width": DRAWING_WIDTH, "height": DRAWING_HEIGHT}
        pad = HTML(render_to_string("plans/_signature_pad.html", box))
        return [
            "method",
            Div(pad, "drawing", css_class="jf-sign-drawn"),
            Div("name", css_class="jf-sign-name"),
        ]

    def _signing(self) -> Signing:
        data = self.cleaned_data
        return Signing(self.party, data["method"], name=data["name"], drawing=data["drawing"])


class VoidSignatureForm(CourseFormMixin, forms.Form):
    """Why a signature does not hold: it was given by mistake.

    It names the `signature` that its page was opened on, so that a form left open never voids a later one.
    """

    title = _("Void the signature")
    submit = _("Void the signature")
    success = _("The signature is voided. The plan can be signed again.")

    reason = forms.CharField(
        label=_("Why does the signature not hold?"),
        help_text=format_lazy(
            "{} {}",
            _("The signature and the plan stay as they are. The reason stands beside them, also in the PDF."),
            NO_PERSON,
        ),
        validators=[without_cpr],
        max_length=300,
    )
    signature = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, signature: PlanSignature, **kwargs: Any) -> None:
        super().__init__(*args, course=signature.plan.course, **kwargs)
        self.named_signature = signature
        self.initial["signature"] = signature.public_id
        self.intro = (
            f"{signature.plan.course.citizen_name}: {signature.get_party_display()}, {signature.name}"
        )

    def save(self, *, by: User, today: datetime.date) -> SignatureVoid:
        """Void the signature."""
        return actions.void_signature(self.named_signature, reason=self.cleaned_data["reason"], by=by)
