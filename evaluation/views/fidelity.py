"""The nine core elements: the leader's page of a project, and the agency's shares of all projects (D7)."""

import uuid
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases.elements.names import ELEMENT_NAMES
from cases.models import ElementStateChoices
from evaluation.fidelity.agency_grid import STATE_LABELS, GridState, drawn_grid, make_grid
from evaluation.fidelity.counts import ElementCount, count_fidelity
from evaluation.fidelity.grid import CHOICES, GridTable, grid_courses
from evaluation.fidelity.models import ALL_NINE
from evaluation.fidelity.table import ElementTable, courses_in_state
from evaluation.fidelity.thresholds import ThresholdForm, thresholds_on
from evaluation.fidelity.trend import drawn_charts, with_element_months
from evaluation.publication.due import awaited_cut_off
from evaluation.views.led_project import chosen_project, left_out_of
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@dataclass(frozen=True)
class CountCell:
    """The number of courses in a state of an element, and the address that lists them."""

    label: str | Promise
    count: int
    url: str
    is_current: bool


@require_safe
def elements(request: AuthenticatedRequest) -> HttpResponse:
    """Show how a led project's courses stand with the core elements (`?project=slug`): counts, the grid of
    courses (`?show=missed`), the trend, and the courses of a number (`?element=3&state=missed`). Records the
    citizens named on the page."""
    today = clock.today()
    project, projects = chosen_project(request, partial(with_element_months, on=today))
    element, state, choice = _chosen(request)
    left_out = left_out_of(project)
    (fidelity,) = count_fidelity([project], today, left_out)
    table: ElementTable | GridTable
    if element:
        in_state = courses_in_state(project, element, state, today)
        table = ElementTable(in_state.exclude(course__in=left_out.courses))
    else:
        table = GridTable(grid_courses(project, today, choice).exclude(pk__in=left_out.courses), today)
        table.known_total = {"": fidelity.courses, "complete": fidelity.all_nine}.get(choice)
    paged(request, table)
    record_shown(request.user, table.access_action("elements"), _citizens(table))
    thresholds = thresholds_on(today)
    context = {
        "project": project,
        "projects": projects,
        "today": today,
        "fidelity": fidelity,
        "rows": [
            (count, _cells(count, project, element, state), thresholds.get(count.element))
            for count in fidelity.elements
        ],
        "threshold_of_all": thresholds.get(ALL_NINE),
        "chosen": ELEMENT_NAMES.get(element or 0),
        "chosen_state": ElementStateChoices(state).label if element else "",
        "choices": CHOICES.items(),
        "show": choice,
        "charts": "" if table.is_workbook else drawn_charts(project),
        "table": table,
        "empty": Empty(_("No courses.")),
    }
    return render_page(request, "evaluation/elements.html", context, fragment="kit/list_fragment.html")


def _citizens(table: ElementTable | GridTable) -> set[uuid.UUID]:
    """Return the citizens of the page."""
    if isinstance(table, GridTable):
        return {row.citizen_id for row in table.records if row.url}
    return {row.course.citizen.public_id for row in table.records if row.course.citizen.erased_on is None}


def _chosen(request: AuthenticatedRequest) -> tuple[int, str, str]:
    """Return the element and the state whose courses are asked for, 0 for none, and how the grid is narrowed.
    404 for one that is none."""
    number, state = request.GET.get("element", ""), request.GET.get("state", "")
    choice = request.GET.get("show", "")
    if choice not in CHOICES:
        raise Http404
    if not number and not state:
        return 0, "", choice
    if number not in {str(element) for element in ELEMENT_NAMES} or state not in ElementStateChoices.values:
        raise Http404
    return int(number), state, choice


def _cells(count: ElementCount, project: Project, element: int, state: str) -> list[CountCell]:
    address = reverse("evaluation:elements")
    cells = []
    for value, label in ElementStateChoices.choices:
        query = urlencode({"project": project.slug, "element": count.element, "state": value})
        is_current = (count.element, value) == (element, state)
        url = f"{address}?{query}#courses"
        cells.append(CountCell(label, count.by_state.get(value, 0), url, is_current))
    return cells


@require_safe
@requires("evaluation.view_trial")
def trial_elements(request: AuthenticatedRequest) -> HttpResponse:
    """Show the share of each project's courses that meet or have missed each element (`?state=missed`), as
    published; no citizen."""
    try:
        state = GridState(request.GET.get("state", GridState.MET))
    except ValueError:
        raise Http404 from None
    grid = make_grid(state)
    context = {
        "state": state,
        "states": STATE_LABELS.items(),
        "grid": grid,
        "drawn_grid": drawn_grid(grid, state) if grid else "",
        "awaited": awaited_cut_off(clock.today()),
    }
    return render_page(request, "evaluation/trial_elements.html", context)


@edit_page
@requires("evaluation.set_thresholds")
def new_threshold(request: AuthenticatedRequest) -> HttpResponse:
    """Enter the share of courses that is to meet a core element from a day on."""
    form = ThresholdForm(form_data(request), initial={"valid_from": clock.today()})
    return answer_form(
        request,
        form,
        back_url=reverse("evaluation:trial_elements"),
        context={"back_label": _("Core elements")},
    )
