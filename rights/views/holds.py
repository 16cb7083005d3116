"""Legal holds: placed by the project's leader, listed and lifted by leaders and administrators."""

import uuid

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from cases.access import get_referral_or_404
from cases.models import open_to
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from jobfirst.row_security.context import all_projects
from rights.forms import LegalHoldForm, LiftHoldForm
from rights.models import LegalHold
from rights.models.holds import LegalHoldQuerySet
from rights.policy import governed_projects
from rights.tables import HoldTable


def _visible_holds(request: AuthenticatedRequest) -> LegalHoldQuerySet:
    """Return the holds of the projects that the user leads; an administrator's all. What another project that
    knows the citizen has placed, and why, is not theirs to read or lift."""
    governed = governed_projects(request.user)
    rows = LegalHold.objects.filter(open_to(request.user)).select_related("citizen", "placed_by", "lifted_by")
    return rows if None in governed else rows.filter(project__in=governed)


@require_safe
@requires("rights.see_retention")
@all_projects("administrators, who see no project, decide on erasure by pseudonym")
def list_holds(request: AuthenticatedRequest) -> HttpResponse:
    """List the holds by pseudonym, those that were lifted or ended included."""
    table = paged(request, HoldTable(_visible_holds(request), on=clock.today()))
    record_shown(
        request.user, table.access_action("erasure.holds"), [hold.citizen.public_id for hold in table.records]
    )
    context = {
        "page_title": _("Legal holds"),
        "page_intro": _("Whose data is held back from erasure. A hold is placed on the page of a referral."),
        "table": table,
        "empty": Empty(_("Nobody's data is held back.")),
        "back_url": reverse("rights:retention"),
        "back_label": _("Retention and erasure"),
    }
    return render_page(request, "rights/holds.html", context, fragment="kit/list_fragment.html")


@edit_page
def new_hold(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Hold the data of the citizen of a referral back from erasure."""
    referral = get_referral_or_404(request, public_id, "erasure.hold", "rights.place_hold")
    form = LegalHoldForm(form_data(request), referral=referral, today=clock.today())
    back = reverse("cases:referral", args=[public_id])
    return answer_form(request, form, back_url=back, success_url=lambda hold: reverse("rights:holds"))


@edit_page
@requires("rights.see_retention")
@all_projects("administrators, who see no project, decide on erasure by pseudonym")
def lift_hold(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Lift a hold with a reason."""
    hold = _visible_holds(request).filter(public_id=public_id).first()
    if hold is None:
        record_refused(request.user, "erasure.hold", public_id)
        raise Http404
    record_shown(request.user, "erasure.hold", [hold.citizen.public_id])
    form = LiftHoldForm(form_data(request), hold=hold)
    return answer_form(request, form, back_url=reverse("rights:holds"))
