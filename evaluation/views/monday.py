"""The project leader's Monday page, and the list behind each of its numbers."""

import datetime
from functools import partial

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project, User
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown
from evaluation.measures.contacts import first_day_of_weeks
from evaluation.measures.figures import CountedRows
from evaluation.measures.values import Window
from evaluation.monday.concern_table import ConcernTable
from evaluation.monday.concerns import count_by_kind
from evaluation.monday.drawing import WEEKS, drawn_page, with_chart_months
from evaluation.monday.lists import AMOUNT_WORDS, LISTED, NOTE_WORDS
from evaluation.monday.months import months_chart
from evaluation.monday.overdue import ProjectConcerns
from evaluation.monday.table import MeasureTable
from evaluation.views.led_project import chosen_project, left_out_of
from jobfirst import clock
from jobfirst.exchange.rows import iso_day
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import WORKBOOK, paged


@require_safe
def dashboard(request: AuthenticatedRequest) -> HttpResponse:
    """Show what a led project needs, what is new, and its figures (`?project=slug`; the first led one when
    none is named). The list of concerns is narrowed by `?kind=`, `?person=` and `?late=1`. Records the
    citizens named on the page. Twelve queries at most."""
    today = clock.today()
    project, projects = chosen_project(request, partial(with_page_facts, on=today))
    concerns = ProjectConcerns(project, today, left_out_of(project))
    kind, person, late = (request.GET.get(name, "") for name in ("kind", "person", "late"))
    drawn = None
    if request.GET.get("format") != WORKBOOK:
        may_forecast = request.user.has_perm("grants.submit_statement", project)
        drawn = drawn_page(project, concerns, may_forecast=may_forecast)
    narrowed = concerns.narrowed(kind, person, is_late=bool(late))
    actors = None if isinstance(narrowed, QuerySet) else concerns.actors
    table = ConcernTable(narrowed, today, actors.names if actors else None, request.user)
    if drawn is not None and not (kind or person or late):
        table.known_total = sum(drawn.concerns.by_kind.values())
    paged(request, table)
    record_shown(
        request.user, table.access_action("dashboard"), {concern.citizen_id for concern in table.records}
    )
    context = {
        "project": project,
        "projects": projects,
        "now": clock.now(),
        "today": today,
        "blocks": drawn,
        "kinds": count_by_kind(drawn.concerns.by_kind if drawn else {}),
        "kind": kind,
        "person": person,
        "person_name": actors.people[person].name if actors and person in actors.people else "",
        "unreachable": project.unreachable,  # type: ignore[attr-defined]  # annotated
        "table": table,
        "empty": Empty(_("Nothing is missed, due or unfilled. Come back on Monday.")),
    }
    return render_page(request, "evaluation/monday.html", context)


def with_page_facts(projects: QuerySet[Project], on: datetime.date) -> QuerySet[Project]:
    """Return the projects with the names of those whose mails come back (D52), and with the months of the
    charts."""
    users = User.objects.with_returned_mail(OuterRef("pk"))
    names = users.values(label=Coalesce(NullIf("name", Value("")), "email", output_field=CharField()))
    return with_chart_months(projects, on).annotate(unreachable=ArraySubquery(names))


@require_safe
def measure(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """List the rows behind a figure of a led project (`?project=slug`): `?from=` the first day looked at,
    `?counts=yes` or `no`, `?note=` one of its kinds; `?months=yes` draws the figure month by month above the
    list. Records the citizens of the page."""
    project, projects = chosen_project(request)
    listed = LISTED.get(code)
    counts, note = request.GET.get("counts", ""), request.GET.get("note")
    if listed is None or counts not in {"", "yes", "no"}:
        raise Http404
    today = clock.today()
    window = Window(_first_day(request, today), today)
    rows = CountedRows(
        listed,
        project,
        window,
        counts={"yes": True, "no": False}.get(counts),
        note=note,
        by_day="-day",
        left_out=left_out_of(project),
    )
    words = NOTE_WORDS.get(code, {})
    table = paged(request, MeasureTable(rows, words=words, amount=AMOUNT_WORDS.get(code)))
    record_shown(
        request.user, table.access_action("measure"), {row.citizen_id for row in table.records if row.url}
    )
    context = {
        "project": project,
        "projects": projects,
        "measure": listed,
        "counts": counts,
        "note": words.get(note, note) if note else "",
        "window": window,
        "query": {name: value for name, value in request.GET.items() if name in {"project", "from", "note"}},
        "months_chart": months_chart(project, listed) if request.GET.get("months") == "yes" else None,
        "table": table,
        "empty": Empty(_("Nothing is counted here."), reverse("evaluation:dashboard"), _("To the dashboard")),
    }
    return render_page(request, "evaluation/measure.html", context, fragment="kit/list_fragment.html")


def _first_day(request: AuthenticatedRequest, today: datetime.date) -> datetime.date:
    """Return the day of `?from=`, by default that of the Monday page. 404 for what is no earlier day."""
    text = request.GET.get("from", "")
    if not text:
        return first_day_of_weeks(WEEKS, today)
    day = iso_day(text)
    if day is None or day > today:
        raise Http404
    return day
