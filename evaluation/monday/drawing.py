"""Drawing the Monday page of a project: its figures in two queries, its charts from the stored months."""

from __future__ import annotations

import datetime

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import Project, TrialTerms
from evaluation.measures import registry
from evaluation.measures.contacts import first_day_of_weeks
from evaluation.measures.figures import figures_and_trends
from evaluation.measures.values import Window
from evaluation.monday import blocks
from evaluation.monday.cached import DrawnBlocks, drawn_blocks
from evaluation.monday.news import NEWS, RETURNED, ReturnedStatement, last_monday
from evaluation.monday.overdue import ProjectConcerns
from evaluation.monday.this_week import THIS_WEEK
from evaluation.monday.trends import MONTHS, stored_charts
from evaluation.summaries.history import with_months
from jobfirst.values.dates import in_force_or_first
from randomization.draw.enrolment import last_day_by_terms

#: The whole weeks before this one that the measures of the follow-up look at.
WEEKS = 4
#: The measures of the page; the gaps ahead are some of the gaps.
PAGE_MEASURES = [measure for measure in registry.MEASURES if measure is not registry.GAPS_AHEAD]
CHART_MEASURES = (registry.PHASES, registry.ORDINARY_MEAN)


def with_chart_months(projects: QuerySet[Project], on: datetime.date) -> QuerySet[Project]:
    """Return the projects with the months of the charts, the last twelve that are over."""
    return with_months(projects, CHART_MEASURES, on - relativedelta(months=MONTHS))


def drawn_page(project: Project, concerns: ProjectConcerns, *, may_forecast: bool) -> DrawnBlocks:
    """Return the page without its list: from the cache in one query, or drawn. `project` is one of
    `with_chart_months`."""
    return drawn_blocks(
        project,
        concerns.on,
        (may_forecast, concerns.left_out),
        lambda: draw(project, concerns, may_forecast=may_forecast),
    )


def draw(project: Project, concerns: ProjectConcerns, *, may_forecast: bool) -> DrawnBlocks:
    """Return the blocks of the page in their order: what needs action, what is new, and how it stands. Four
    queries: who acts on which concerns, the figures, and the terms."""
    on = concerns.on
    window, since = Window(first_day_of_weeks(WEEKS, on), on), last_monday(on)
    windows = dict.fromkeys((*PAGE_MEASURES, THIS_WEEK, RETURNED), window) | dict.fromkeys(
        NEWS, Window(since, on)
    )
    counted, _trends = figures_and_trends(windows, {}, [project], window, concerns.left_out)
    page = blocks.PageFigures(project, on, window.first, since, counted)
    terms = list(TrialTerms.objects.all())
    last_day, minimum = last_day_by_terms(project, terms), in_force_or_first(terms, on).minimum_per_arm
    phases_chart, hours_chart = stored_charts(project)
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
    sums = concerns.summed(_("Functions without a holder"))
    return DrawnBlocks(html, sums, ReturnedStatement.from_figure(page.of(RETURNED)))
