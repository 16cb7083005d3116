"""The reasons and flags of an answer in words, for pages. The codes are FORMATS' own."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.rules.eligibility import Flag, Reason

WORDS: dict[str, Promise] = {
    Reason.UNDER_30: _("The citizen is not yet 30 on the day of referral."),
    Reason.WRONG_BENEFIT: _("The benefit does not belong to the target group."),
    Reason.NOT_ACTIVITY_READY: _("The citizen is not activity-ready."),
    Reason.PUBLIC_SUPPORT_UNDER_ONE_YEAR: _(
        "The citizen has been on public support for less than a year on the day of referral."
    ),
    Reason.IN_INTEGRATION_PROGRAMME: _("The citizen is in the integration programme."),
    Reason.ALREADY_REFERRED: _("The citizen is already in the trial."),
    Reason.ENROLMENT_CLOSED: _("The project no longer takes citizens in on that day."),
    Reason.MUNICIPALITY_NOT_IN_TRIAL: _("The municipality is not in the trial."),
    Flag.PUBLIC_SUPPORT_EXACTLY_ONE_YEAR: _(
        "Exactly one year on public support: accepted, because the announcement also says “at least a year”."
    ),
}


def in_words(codes: Iterable[str]) -> list[Promise]:
    """The codes as sentences, in the order given."""
    return [WORDS[code] for code in codes]
