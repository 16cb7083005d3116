"""The project leader's forecast: earned, expected by the year's end, room in the ceiling, who is near."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from grants.presentation.event_labels import length_in_words
from grants.presentation.figures import forecast_rows
from grants.presentation.tables.events import ExpectedCompletionTable
from grants.reckoning.compute import compute, default_cut_off
from grants.reckoning.expected_starts import fetch_expected_starts
from grants.reckoning.forecast import NEAR, forecast
from grants.reckoning.frame import NoTermsError
from grants.statements.views.common import project_or_404
from grants.statements.views.drafts import running_on_citizens
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.values import money


@require_safe
@requires("grants.submit_statement")
def show_forecast(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """What the project has earned and can expect, if no running spell breaks off."""
    project = project_or_404(request, slug, "grants.forecast")
    if not request.user.has_perm("grants.submit_statement", project):
        record_refused(request.user, "grants.forecast", slug)
        raise Http404
    today = clock.today()
    year_end = default_cut_off(today.year)
    try:
        drafts = [
            compute(day.year, day, [project], with_spells=day == today)
            for day in (today, year_end, today + NEAR)
        ]
    except NoTermsError as error:
        raise Http404 from error
    now, later, near_by = (draft.projects[0] for draft in drafts)
    project_forecast = forecast(now, later, today, near_by)
    length = length_in_words(drafts[0].terms.completion_days)
    running_on = running_on_citizens(now)
    citizens = [*(item.line.citizen for item in project_forecast.near), *running_on]
    record_shown(
        request.user, "grants.forecast", list(dict.fromkeys(citizen.public_id for citizen in citizens))
    )
    starts = fetch_expected_starts(project, today, year_end, drafts[0].terms)
    context = {
        "project": project,
        "today": today,
        "figures": forecast_rows(project_forecast, starts),
        "forecast": project_forecast,
        "running_on": running_on,
        "at_stake": money.written(project_forecast.at_stake),
        "days": NEAR.days,
        "table": ExpectedCompletionTable(project_forecast.near, length) if project_forecast.near else None,
        "length": length,
        "empty": Empty(
            _("No course reaches %(length)s within the next %(near)s.")
            % {"length": length, "near": length_in_words(NEAR.days)}
        ),
    }
    return render_page(request, "grants/forecast.html", context)
