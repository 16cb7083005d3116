"""Forms to sign a work agreement, to sign for somebody, to decline, and to void a signature (D37, D46)."""

import datetime
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.actions.signing import Signing
from cases.forms.course_form import CourseFormMixin
from cases.forms.signatures import DrawnOrNamedMixin, VoidingForm
from cases.free_text import NO_NAMES
from cases.models.signature import SigningMethod, content_hash
from companies.models import AgreementParty, AgreementSignature, SignedForReason, WorkAgreement
from companies.signing import actions
from companies.signing.actions import Actor, party_name
from jobfirst import clock
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.forms import OnceMixin
from jobfirst.kit.versioned import StaleError

CHANGED = _("The agreement has been changed meanwhile. Read the new version before you sign.")


class AgreementSigningForm(OnceMixin, CourseFormMixin, forms.Form):
    """A party's signature of the version on the page; `seen` is the hash of what the page shows."""

    submit = _("Sign")
    success = _("The agreement is signed.")

    has_read = forms.BooleanField(
        label=_("I have read the agreement, and it is as we agreed."),
        error_messages={
            "required": _("Tick the box when the agreement has been read. Then it can be signed.")
        },
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agreement: WorkAgreement, party: str, **kwargs: Any) -> None:
        super().__init__(*args, course=agreement.course, **kwargs)
        self.agreement, self.party = agreement, party
        self.title = AgreementParty(party).label
        self.fields["seen"].initial = content_hash(agreement.sealed_content())
        self.layout = Layout(*self._ways(), "has_read", "seen", "submission")

    def _ways(self) -> list[Any]:
        """Return the part of the layout that says how the party signs."""
        return []

    def signing(self) -> Signing:
        """Return how the party signs."""
        return Signing(self.party, SigningMethod.SIGNED_IN)

    def signed_for(self) -> str:
        """Return why somebody else signs for the party; empty when the party signs."""
        return ""

    def save(self, *, by: User, today: datetime.date) -> AgreementSignature:
        """Sign the agreement; refused when it has changed since the page was opened."""
        return self.sign_as(Actor.of(by, self.agreement))

    def sign_as(self, actor: Actor) -> AgreementSignature:
        """Sign as somebody, who may be a party by its link."""
        try:
            return actions.sign_agreement(
                self.agreement,
                self.signing(),
                actor=actor,
                seen=self.cleaned_data["seen"],
                at=clock.now(),
                signed_for=self.signed_for(),
                submission=self.submission,
            )
        except StaleError as stale:
            raise ValidationError(CHANGED, code="stale") from stale


class OutsideSigningForm(DrawnOrNamedMixin, AgreementSigningForm):
    """The citizen or the contact person draws the signature, or confirms by name (which needs no script)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = f"{self.title}: {party_name(self.agreement, self.party)}"

    def _ways(self) -> list[Any]:
        return self.signature_layout()

    def signing(self) -> Signing:
        """Return the drawing or the name."""
        return self.signing_as(self.party)


class SignForForm(AgreementSigningForm):
    """Somebody of the team signs for an outside party, with a reason from the list (D46)."""

    submit = _("Sign for the party")
    reason = forms.ChoiceField(
        label=_("Why does the party not sign? The party …"), choices=SignedForReason, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = format_lazy(_("Sign for {party}"), party=party_name(self.agreement, self.party))
        self.fields["has_read"].label = _("The party knows the content, and has agreed to it.")

    def _ways(self) -> list[Any]:
        return ["reason"]

    def signed_for(self) -> str:
        """Return the reason."""
        return str(self.cleaned_data["reason"])


class DeclineForm(OnceMixin, CourseFormMixin, forms.Form):
    """Why an outside party does not want to sign."""

    submit = _("Decline the agreement")
    success = _("It is recorded that the agreement was declined.")

    reason = FreeTextField(
        label=_("What is to be different?"),
        help_text=NO_NAMES,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, agreement: WorkAgreement, party: str, **kwargs: Any) -> None:
        super().__init__(*args, course=agreement.course, **kwargs)
        self.agreement, self.party = agreement, party
        self.title = format_lazy(_("{party} does not sign"), party=party_name(agreement, party))

    def save(self, *, by: User, today: datetime.date) -> Any:
        """Record it."""
        return self.decline_as(Actor.of(by, self.agreement))

    def decline_as(self, actor: Actor) -> Any:
        """Record it as somebody, who may be the party by its link."""
        return actions.decline_agreement(
            self.agreement,
            self.party,
            reason=self.cleaned_data["reason"],
            actor=actor,
            at=clock.now(),
            submission=self.submission,
        )


class VoidAgreementSignatureForm(VoidingForm):
    """Void a signature of the work agreement."""

    what_stays = _("The signature stays on record. The reason stands beside it, also in the PDF.")
    success = _("The signature is voided. The agreement can be signed again.")

    def __init__(
        self, *args: Any, agreement: WorkAgreement, signature: AgreementSignature, **kwargs: Any
    ) -> None:
        party = signature.get_party_display()
        super().__init__(*args, course=agreement.course, signature=signature, party=party, **kwargs)
        self.agreement, self.named_signature = agreement, signature

    def save(self, *, by: User, today: datetime.date) -> Any:
        """Void the signature."""
        return actions.void_agreement_signature(
            self.agreement,
            self.named_signature,
            reason=self.cleaned_data["reason"],
            actor=Actor.of(by, self.agreement),
            at=clock.now(),
        )
