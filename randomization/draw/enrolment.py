"""The days on which a project draws (D3)."""

import datetime
from collections.abc import Iterable, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Project, TrialTerms
from cases.rules import eligibility
from jobfirst.values.dates import DateSpan, in_force_or_first
from randomization.draw.refusal import DrawRefused


def last_day_of_draw(project: Project) -> datetime.date:
    """Return the last day on which the project draws (D3), by the terms in force at its start."""
    return _last_day(project, TrialTerms.objects.in_force_or_first(project.starts_on))


def last_days_of_draw(
    projects: Iterable[Project], terms: Sequence[TrialTerms] | None = None
) -> dict[int, datetime.date]:
    """Return the last day on which each project draws, by project id. `terms` are all of them, if known."""
    if terms is None:
        terms = list(TrialTerms.objects.all())
    return {project.pk: last_day_by_terms(project, terms) for project in projects}


def last_day_by_terms(project: Project, terms: Sequence[TrialTerms]) -> datetime.date:
    """Return the last day on which the project draws, given the trial's terms of all days."""
    return _last_day(project, in_force_or_first(terms, project.starts_on))


def _last_day(project: Project, terms: TrialTerms) -> datetime.date:
    period = DateSpan(project.starts_on, project.ends_on)
    return eligibility.last_day_of_enrolment(period, terms)


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
