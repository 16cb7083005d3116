"""The deviations of a citizen on the page of the draw, for the project's leader (D59)."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from cases.presentation.corrections import with_corrections
from evaluation.deviations.models import Deviation
from randomization.extension_points import DrawSection
from randomization.models import Allocation


def deviations_of_draw(user: User, allocation: Allocation) -> dict[str, Any] | None:
    """Return the citizen's deviations and the address that records one; None for who does not record any."""
    if not user.has_perm("evaluation.record_deviation", allocation.referral):
        return None
    deviations = list(Deviation.objects.filter(allocation=allocation).select_related("recorded_by"))
    with_corrections(deviations)
    address = reverse("evaluation:record_deviation", args=[allocation.referral.public_id])
    return {"deviations": deviations, "record_url": address}


SECTION = DrawSection("deviations", "evaluation/draw_deviations.html", deviations_of_draw)
