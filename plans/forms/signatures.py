"""Forms to sign the plan for job, and to void a signature (D21, D37)."""

import datetime
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.actions.signing import Signing
from cases.forms.course_form import CourseFormMixin
from cases.forms.signatures import DrawnOrNamedMixin, VoidingForm
from cases.models.signature import SigningMethod, content_hash
from jobfirst import clock
from jobfirst.kit.forms import OnceMixin
from jobfirst.kit.versioned import StaleError
from plans import actions
from plans.models import PlanForJob, PlanParty, PlanSignature, SignatureVoid

CHANGED = _("The plan has been changed meanwhile. Read the new version before you sign.")


class SignatureForm(OnceMixin, CourseFormMixin, forms.Form):
    """A party's signature of the version on the page; `seen` is the hash of what the page shows."""

    submit = _("Sign")
    success = _("The plan is signed.")

    has_read = forms.BooleanField(
        label=_("I have read the plan, and it is as we agreed."),
        error_messages={"required": _("Confirm that the plan is read.")},
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

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


class CitizenSignatureForm(DrawnOrNamedMixin, SignatureForm):
    """The citizen draws the signature on the screen, or confirms by name (which needs no script)."""

    def _ways(self) -> list[Any]:
        return self.signature_layout()

    def _signing(self) -> Signing:
        return self.signing_as(self.party)


class VoidSignatureForm(VoidingForm):
    """Void a signature of the plan."""

    what_stays = _(
        "The signature and the plan stay as they are. The reason stands beside them, also in the PDF."
    )
    success = _("The signature is voided. The plan can be signed again.")

    def __init__(self, *args: Any, signature: PlanSignature, **kwargs: Any) -> None:
        party = signature.get_party_display()
        super().__init__(*args, course=signature.plan.course, signature=signature, party=party, **kwargs)
        self.named_signature = signature

    def save(self, *, by: User, today: datetime.date) -> SignatureVoid:
        """Void the signature."""
        return actions.void_signature(self.named_signature, reason=self.cleaned_data["reason"], by=by)
