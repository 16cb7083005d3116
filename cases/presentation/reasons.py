"""The codes of refusal reasons and flags (docs/formats.md) as sentences for pages."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.rules.eligibility import ReferralFlag, RefusalReason

WORDS: dict[str, Promise] = {
    RefusalReason.UNDER_30: _("The citizen is not yet 30 on the day of referral."),
    RefusalReason.WRONG_BENEFIT: _("The benefit does not belong to the target group."),
    RefusalReason.NOT_ACTIVITY_READY: _("The citizen is not activity-ready."),
    RefusalReason.PUBLIC_SUPPORT_UNDER_ONE_YEAR: _(
        "The citizen has been on public support for less than a year on the day of referral."
    ),
    RefusalReason.IN_INTEGRATION_PROGRAMME: _("The citizen is in the integration programme."),
    RefusalReason.ALREADY_REFERRED: _("The citizen is already in the trial."),
    RefusalReason.ENROLMENT_CLOSED: _("The project no longer takes citizens in on that day."),
    RefusalReason.MUNICIPALITY_NOT_IN_TRIAL: _("The municipality is not in the trial."),
    ReferralFlag.PUBLIC_SUPPORT_EXACTLY_ONE_YEAR: _(
        "Exactly one year on public support: accepted, because the announcement also says “at least a year”."
    ),
}


def in_words(codes: Iterable[str]) -> list[Promise]:
    """Return the codes as sentences, in the order given."""
    return [WORDS[code] for code in codes]
