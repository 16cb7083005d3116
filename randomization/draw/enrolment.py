"""On which days a project draws (D3)."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Project, TrialTerms
from cases.rules import eligibility
from jobfirst.dates import DateSpan
from randomization.draw.refusal import DrawRefused


def last_day_of_draw(project: Project, terms: TrialTerms | None = None) -> datetime.date:
    """Return the last day on which the project draws (D3), by the terms in force at its start; `terms`
    replaces them."""
    period = DateSpan(project.starts_on, project.ends_on)
    return eligibility.last_day_of_enrolment(period, terms or TrialTerms.objects.in_force(project.starts_on))


def check_enrolment(project: Project, on: datetime.date) -> None:
    """Raise DrawRefused on a day before the project's first or after its last day of draw (D3)."""
    last = last_day_of_draw(project)
    if on < project.starts_on:
        raise DrawRefused(
            "before_start",
            _("%(project)s starts on %(day)s. Draw on that day or later.")
            % {"project": project, "day": date_format(project.starts_on)},
        )
    if on > last:
        raise DrawRefused(
            "enrolment_closed",
            _(
                "Enrolment in %(project)s closed on %(day)s. Who was not drawn by then stays in the "
                "jobcentre's ordinary effort; if the dates are wrong, have the project's dates corrected."
            )
            % {"project": project, "day": date_format(last)},
        )
