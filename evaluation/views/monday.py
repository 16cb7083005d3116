"""The project leader's Monday page, and the list behind each of its numbers."""

import datetime
from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project, TrialTerms, User
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown
from evaluation.deadlines import steering_group_due
from evaluation.measures import registry
from evaluation.measures.contacts import first_day_of_weeks
from evaluation.measures.figures import CountedRows, figures_and_trends
from evaluation.measures.values import Window
from evaluation.monday import blocks
from evaluation.monday.cached import DrawnBlocks, drawn_blocks
from evaluation.monday.concern_table import ConcernTable
from evaluation.monday.concerns import count_by_kind, find_concern_kind, project_concerns
from evaluation.monday.lists import AMOUNT_WORDS, LISTED, NOTE_WORDS
from evaluation.monday.months import months_chart
from evaluation.monday.news import NEWS, RETURNED, ReturnedStatement, last_monday
from evaluation.monday.overdue import OpenConcern, ProjectActors, open_concerns, people_lines
from evaluation.monday.table import MeasureTable
from evaluation.monday.this_week import THIS_WEEK
from evaluation.monday.trends import month_days, trend_charts, trend_sources
from evaluation.views.led_project import chosen_project
from jobfirst import clock
from jobfirst.dates import in_force_or_first
from jobfirst.exchange.rows import iso_day
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from randomization.draw.enrolment import last_day_by_terms

#: The whole weeks before this one that the measures of the follow-up look at.
WEEKS = 4
#: The measures of the page; the gaps ahead are some of the gaps.
PAGE_MEASURES = [measure for measure in registry.MEASURES if measure is not registry.GAPS_AHEAD]


@require_safe
def dashboard(request: AuthenticatedRequest) -> HttpResponse:
    """Show what a led project needs, what is new, and its figures (`?project=slug`; the first led one when
    none is named). The list of concerns is narrowed by `?kind=`, `?person=` and `?late=1`. Records the
    citizens named on the page. Twelve queries at most."""
    project, projects = chosen_project(request, with_unreachable)
    today = clock.today()
    actors = ProjectActors.fetch(project, today)
    shown_deadlines = open_concerns(project_concerns(project, today, steering_group_due.KIND.code), actors)
    concerns = [concern for concern in shown_deadlines if concern.subject != project.slug]
    person = request.GET.get("person", "")
    table = paged(request, ConcernTable(_narrowed(request, concerns, today), today, actors.names))
    record_shown(
        request.user, table.access_action("dashboard"), {concern.citizen_id for concern in table.records}
    )
    context = {
        "project": project,
        "projects": projects,
        "now": clock.now(),
        "steering_due": [concern.due for concern in shown_deadlines if concern.subject == project.slug],
        "today": today,
        "people": people_lines(concerns, actors, today, _("Functions without a holder")),
        "kinds": count_by_kind(concerns),
        "kind": request.GET.get("kind", ""),
        "person": person,
        "person_name": actors.people[person].name if person in actors.people else "",
        "unreachable": project.unreachable,  # type: ignore[attr-defined]  # annotated
        "table": table,
        "empty": Empty(_("Nothing is missed, due or unfilled. Come back on Monday.")),
    }
    if not table.is_workbook:
        may_forecast = request.user.has_perm("grants.submit_statement", project)
        context["blocks"] = drawn_blocks(
            project, today, (may_forecast,), lambda: _draw(project, today, may_forecast=may_forecast)
        )
    return render_page(request, "evaluation/monday.html", context)


def _narrowed(
    request: AuthenticatedRequest, concerns: Sequence[OpenConcern], today: datetime.date
) -> list[OpenConcern]:
    """Return the concerns of the kind, the person and the lateness that the address asks for."""
    kind, person, late = (request.GET.get(name, "") for name in ("kind", "person", "late"))
    chosen = find_concern_kind(kind)
    return [
        concern
        for concern in concerns
        if (chosen is None or concern.kind in chosen.kinds)
        and (not person or concern.actor == person)
        and (not late or concern.due < today)
    ]


def with_unreachable(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Return the projects with the names of those whose mails come back (D52)."""
    users = User.objects.with_returned_mail(OuterRef("pk"))
    names = users.values(label=Coalesce(NullIf("name", Value("")), "email", output_field=CharField()))
    return projects.annotate(unreachable=ArraySubquery(names))


def _draw(project: Project, on: datetime.date, *, may_forecast: bool) -> DrawnBlocks:
    """Return the blocks of the page in their order: what needs action, what is new, and how it stands. Two
    queries."""
    window, since = Window(first_day_of_weeks(WEEKS, on), on), last_monday(on)
    windows = dict.fromkeys((*PAGE_MEASURES, THIS_WEEK, RETURNED), window) | dict.fromkeys(
        NEWS, Window(since, on)
    )
    days = month_days(project.starts_on, on)
    counted, trends = figures_and_trends(windows, trend_sources(days), [project], window)
    page = blocks.PageFigures(project, on, window.first, since, counted)
    terms = list(TrialTerms.objects.all())
    last_day, minimum = last_day_by_terms(project, terms), in_force_or_first(terms, on).minimum_per_arm
    phases_chart, hours_chart = trend_charts(project, days, trends)
    parts = [
        blocks.action_block(page),
        blocks.news_block(page),
        blocks.quality_block(page),
        blocks.enrolment_block(page, last_day, minimum),
        blocks.courses_block(page, phases_chart),
        blocks.work_block(page, hours_chart),
        blocks.grant_block(page, may_forecast=may_forecast),
    ]
    html = render_to_string("evaluation/monday_blocks.html", {"blocks": parts})
    return DrawnBlocks(html, ReturnedStatement.from_figure(page.of(RETURNED)))


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
        listed, project, window, counts={"yes": True, "no": False}.get(counts), note=note, by_day="-day"
    )
    words = NOTE_WORDS.get(code, {})
    table = paged(request, MeasureTable(rows, words=words, amount=AMOUNT_WORDS.get(code)))
    record_shown(request.user, table.access_action("measure"), {row.citizen_id for row in table.records})
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
