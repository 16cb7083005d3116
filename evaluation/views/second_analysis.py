"""The agency's page of the second analysis (D59): what the deviations change. It shows no single citizen."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from audit.access import requires
from evaluation.outcomes.forms import PeriodForm
from evaluation.outcomes.period import chosen_period
from evaluation.outcomes.second_analysis import second_analysis
from jobfirst import clock
from jobfirst.kit.pages import render_page


@require_GET
@requires("evaluation.view_trial")
def second_results(request: AuthenticatedRequest) -> HttpResponse:
    """Show the first analysis, and beside it those that take the deviations into account."""
    form = PeriodForm(request.GET or None, whole=chosen_period(None, None))
    today, period = clock.today(), form.period
    limit = TrialTerms.objects.in_force_or_first(today).smallest_count
    analysis = second_analysis(period, on=today, limit=limit) if period else None
    context = {"form": form, "analysis": analysis, "today": today}
    return render_page(
        request, "evaluation/second_results.html", context, fragment="evaluation/second_results_part.html"
    )
