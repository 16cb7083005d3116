"""The pages on which a party reads the plan for job and signs it, or voids the signature (D21, D37)."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedRequest
from cases.access import get_of_course_or_404
from cases.views.common import course_url
from jobfirst.kit.editing import answer_form, edit_page, form_data
from plans.forms.signatures import CHANGED, CitizenSignatureForm, SignatureForm, VoidSignatureForm
from plans.models import PlanForJob, PlanParty, PlanSignature
from plans.models.signature import PlanSignatureQuerySet
from plans.policy import SIGN_AS


@edit_page
def sign(request: AuthenticatedRequest, public_id: uuid.UUID, party: str) -> HttpResponse:
    """Show the version and sign it as a party; of an earlier version go to the plan as it is now."""
    plan = _plan_to_sign(request, public_id, "course.plan.sign", party)
    back_url = course_url(plan.course, "plan")
    form_class = CitizenSignatureForm if party == PlanParty.CITIZEN else SignatureForm
    form = form_class(form_data(request), plan=plan, party=party)
    if plan.course.plans.first() != plan:
        messages.error(request, CHANGED)
        return redirect(back_url)
    context = {"plan": plan.printed(), "party": party}
    return answer_form(request, form, back_url=back_url, template="plans/sign.html", context=context)


@edit_page
def void(request: AuthenticatedRequest, public_id: uuid.UUID, party: str) -> HttpResponse:
    """Void the signature that a party has given by mistake on the newest version, with a reason."""
    plan = _plan_to_sign(request, public_id, "course.plan.void", party)
    back_url = course_url(plan.course, "plan")
    signature = _signature_to_void(request, plan.signatures.filter(party=party))
    if signature is None:
        messages.error(request, _("There is no signature to void."))
        return redirect(back_url)
    signature.plan = plan
    form = VoidSignatureForm(form_data(request), signature=signature)
    return answer_form(request, form, back_url=back_url)


def _plan_to_sign(request: AuthenticatedRequest, public_id: uuid.UUID, action: str, party: str) -> PlanForJob:
    """Return the plan for somebody who may sign as the party; Http404 for an unknown party."""
    if party not in PlanParty:
        raise Http404
    return get_of_course_or_404(request, PlanForJob.objects.all(), public_id, action, SIGN_AS[party])


def _signature_to_void(
    request: AuthenticatedRequest, signatures: PlanSignatureQuerySet
) -> PlanSignature | None:
    """Return the signature that the form names, of those of a party; for a new form the one that stands."""
    if request.method != "POST":
        return signatures.standing().first()
    try:
        public_id = uuid.UUID(request.POST.get("signature", ""))
    except ValueError:
        return None
    return signatures.filter(public_id=public_id).first()
