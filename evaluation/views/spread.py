"""The leader's page on how colleagues use the steps of the scales (D56)."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from evaluation.views.led_project import chosen_project
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn, paged
from jobfirst.values.dates import DAY
from progression.presentation.spread import spread_by_colleague

#: The answers of the last half year are compared.
DAYS_COMPARED = 182


class ScoreColumn(NumberColumn):
    """A mean on the scale, with one decimal."""

    def text(self, value: float) -> object:
        """The number as the reader writes it."""
        written = super().text(round(value, 1) + 0.0)  # no minus before nothing
        return str(written).replace("-", "\u2212")


class SpreadTable(KitTable):
    """A line for each colleague who has filled in answers with citizens."""

    title = gettext_lazy("Answers by colleague")
    default_order = ("name",)

    name = Column(verbose_name=gettext_lazy("Colleague"))
    sheets = NumberColumn(verbose_name=gettext_lazy("Times answered"))
    latest_on = DayColumn(verbose_name=gettext_lazy("Latest"))
    citizen_mean = ScoreColumn(verbose_name=gettext_lazy("Citizens' mean"))
    citizen_deviation = ScoreColumn(verbose_name=gettext_lazy("Spread"))
    mentor_mean = ScoreColumn(verbose_name=gettext_lazy("Mentor's own mean"))
    difference = ScoreColumn(verbose_name=gettext_lazy("Mentor above the citizens"))


@require_safe
def spread(request: AuthenticatedRequest) -> HttpResponse:
    """Show how the colleagues of a led project use the scales (`?project=slug`). It names no citizen."""
    project, projects = chosen_project(request)
    rows = spread_by_colleague(project, clock.today() - DAYS_COMPARED * DAY)
    context = {
        "page_title": _("How the steps are used – %(project)s") % {"project": project},
        "page_intro": _(
            "The answers of the last half year, on a scale from 0 to 10. Large differences may come from the "
            "citizens, or from understanding the steps differently: talk about them in the team."
        ),
        "back_url": reverse("evaluation:dashboard"),
        "project": project,
        "projects": projects,
        "table": paged(request, SpreadTable(rows)),
        "empty": Empty(_("Nobody has answered the progression questions in the last half year.")),
    }
    return render_page(request, "evaluation/spread.html", context, fragment="kit/list_fragment.html")
