"""The project leader's forecast: earned, expected by the year's end, room in the ceiling, who is near."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.access import record_refused, record_shown, requires
from grants.presentation.tables.events import NearTable
from grants.reckoning.compute import NoTermsError, compute, default_cut_off
from grants.reckoning.forecast import NEAR, forecast
from grants.statements.views.common import project_or_404
from jobfirst import clock, money
from jobfirst.kit.pages import Empty, render_page


@require_safe
@requires("grants.submit_statement")
def project_forecast(request: HttpRequest, slug: str) -> HttpResponse:
    """What the project has earned and can expect, if no running spell breaks off."""
    project = project_or_404(request, slug, "grants.forecast")
    if not request.user.has_perm("grants.submit_statement", project):
        record_refused(request.user, "grants.forecast", slug)
        raise Http404
    today = clock.today()
    year_end = default_cut_off(today.year)
    try:
        drafts = [
            compute(day.year, day, [project], with_accounts=day == today)
            for day in (today, year_end, today + NEAR)
        ]
    except NoTermsError as error:
        raise Http404 from error
    now, later, near_by = (draft.projects[0] for draft in drafts)
    found = forecast(now, later, today, near_by)
    cost = found.broken_course
    running_on = [account.who for account in now.accounts if account.runs_on]
    shown = [*(item.line.who for item in found.near), *running_on]
    record_shown(request.user, "grants.forecast", list(dict.fromkeys(who.public_id for who in shown)))
    figures = [
        (_("Earned until today"), money.written(found.earned)),
        (_("Expected by the year's end"), money.written(found.expected)),
        (_("of this from running courses"), money.written(found.more)),
        (_("Starts ahead"), str(found.starts_ahead)),
        (_("Completions ahead"), str(found.completions_ahead)),
        (_("Ceiling"), money.written(found.ceiling)),
        (_("Room left in the ceiling"), money.written(found.ceiling_left)),
        (_("Expected beyond the ceiling, not paid"), money.written(found.beyond_ceiling)),
        (_("A broken course costs"), "–" if cost is None else money.written(cost)),
    ]
    context = {
        "project": project,
        "today": today,
        "figures": figures,
        "found": found,
        "running_on": running_on,
        "at_stake": money.written(found.at_stake),
        "days": NEAR.days,
        "table": NearTable(found.near) if found.near else None,
        "empty": Empty(_("No course reaches 13 weeks within the next four weeks.")),
    }
    return render_page(request, "grants/forecast.html", context)
