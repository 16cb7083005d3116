"""The reasons of a suggestion in words."""

from django.template.defaultfilters import floatformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from companies.models import WorkTime
from companies.rules.matching import Reason, ReasonCode
from jobfirst.kit.days import LONG_DATE, written_day

#: The sentence of each reason that does not count anything.
SENTENCES: dict[ReasonCode, str | Promise] = {
    ReasonCode.GOAL_NAMES_FUNCTION: gettext_lazy("The job goal says “%(text)s”"),
    ReasonCode.GOAL_NAMES_WORKPLACE: gettext_lazy("The job goal names %(text)s"),
    ReasonCode.GOAL_FITS_TASKS: gettext_lazy("The job goal says “%(text)s”, which is among the tasks"),
    ReasonCode.ACCOMMODATION_POSSIBLE: gettext_lazy("Can take the accommodation: %(text)s"),
    ReasonCode.HOURS_WITHIN: gettext_lazy("%(hours)s hours a week; the accommodations say at most %(limit)s"),
    ReasonCode.TIMES_WITHIN: gettext_lazy("The work lies at times that the accommodations allow"),
    ReasonCode.TIMES_OUTSIDE: gettext_lazy("The accommodations rule out when the work lies: %(times)s"),
    ReasonCode.TIMES_PARTLY_OUTSIDE: gettext_lazy(
        "Ask about the times: the accommodations rule out %(times)s"
    ),
    ReasonCode.TIMES_UNKNOWN: gettext_lazy("Ask when the work lies: the accommodations rule out %(times)s"),
    ReasonCode.SAME_PLACE: gettext_lazy("Lies in %(text)s, as the citizen's municipality"),
    ReasonCode.GOAL_NAMES_OTHER: gettext_lazy("The job goal says something else: %(text)s"),
    ReasonCode.ACCOMMODATION_NOT_NAMED: gettext_lazy("Ask about the accommodation: %(text)s"),
    ReasonCode.HOURS_ABOVE: gettext_lazy("%(hours)s hours a week; the accommodations say at most %(limit)s"),
    ReasonCode.HOURS_UNKNOWN: gettext_lazy(
        "Ask about the hours: the accommodations say at most %(limit)s a week"
    ),
    ReasonCode.NO_PLACE_LEFT: gettext_lazy(
        "No free place by the reasonableness requirement just now, unless the trial's waiver is used"
    ),
    ReasonCode.EMPLOYEES_UNKNOWN: gettext_lazy(
        "The number of ordinary employees is not known, so the places cannot be counted"
    ),
    ReasonCode.BEGINS_LATER: gettext_lazy("Can be filled from %(day)s"),
}


def reason_in_words(reason: Reason) -> str:
    """Return the sentence of a reason, without a full stop."""
    if reason.code is ReasonCode.PLACES_LEFT:
        return ngettext("%(number)s place free", "%(number)s places free", reason.number or 0) % {
            "number": reason.number
        }
    if reason.code is ReasonCode.MATCHED_BEFORE:
        return ngettext(
            "The project has had %(number)s match here with such a job function",
            "The project has had %(number)s matches here with such a job function",
            reason.number or 0,
        ) % {"number": reason.number}
    return str(SENTENCES[reason.code]) % {
        "text": reason.text,
        "times": ", ".join(str(WorkTime(row).label).lower() for row in reason.times),
        "hours": floatformat(reason.hours, -2),
        "limit": floatformat(reason.limit, -2),
        "day": written_day(reason.day, LONG_DATE) if reason.day else "",
    }


def why_a_match(sentences: list[str]) -> str:
    """Return sentences as one text, to be filled in as the reason of a match."""
    return "".join(f"{sentence}. " for sentence in sentences).strip()
