"""The list behind a figure: which measure, from which day, which of its rows, and their words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Project
from cases.models import EndReason, MeetingState, ReferralState
from cases.models.minutes import PROMISERS
from cases.presentation.phases import PHASE_WORDS
from companies.models import PlacementKind
from evaluation.measures.registry import BY_CODE
from evaluation.measures.values import Measure
from evaluation.monday.news import NEWS
from evaluation.monday.this_week import THIS_WEEK
from grants.models import GrantEventKindChoices
from randomization.models import Arm

LISTED: Mapping[str, Measure] = BY_CODE | {measure.code: measure for measure in (*NEWS, THIS_WEEK)}

_GAP = {
    "over": pgettext_lazy("gap", "Over"),
    "now": pgettext_lazy("gap", "Now"),
    "coming": pgettext_lazy("gap", "Coming"),
}
_PLACEMENT = dict(PlacementKind.choices)
_EVENT = dict(GrantEventKindChoices.choices)
_REFERRAL = {**dict(ReferralState.choices), "waiting": _("Waiting for the draw")}
_ARM = dict(Arm.choices)
#: What the notes of a measure's rows are called.
NOTE_WORDS: Mapping[str, Mapping[str, str | Promise]] = {
    **dict.fromkeys(("gap", "gap_ahead"), _GAP),
    "drop_out": dict(EndReason.choices),
    "new_course_end": dict(EndReason.choices),
    "phase": {str(phase): words for phase, words in PHASE_WORDS.items()},
    **dict.fromkeys(("placement", "new_placement", "new_placement_end"), _PLACEMENT),
    **dict.fromkeys(("earned", "expected", "new_earned"), _EVENT),
    **dict.fromkeys(("referral", "new_referral"), _REFERRAL),
    **dict.fromkeys(("drawn", "new_draw"), _ARM),
    "new_promise": dict(PROMISERS),
    "week_meeting": dict(MeetingState.choices),
}
#: What the amount of a measure's rows is.
AMOUNT_WORDS: Mapping[str, str | Promise] = {
    **dict.fromkeys(("gap", "gap_ahead", "empty_days"), _("Working days")),
    **dict.fromkeys(("ordinary_share", "ordinary_mean"), _("Ordinary hours a week")),
    **dict.fromkeys(("earned", "expected", "new_earned"), _("Kroner")),
}


def list_url(
    project: Project,
    code: str,
    *,
    first: datetime.date | None = None,
    counts: bool | None = None,
    note: str | None = None,
) -> str:
    """Return the address of the list of a figure of the project."""
    query = {"project": project.slug}
    if first is not None:
        query["from"] = first.isoformat()
    if counts is not None:
        query["counts"] = "yes" if counts else "no"
    if note is not None:
        query["note"] = note
    return f"{reverse('evaluation:measure', args=[code])}?{urlencode(query)}"
