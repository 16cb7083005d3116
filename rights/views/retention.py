"""The rules of retention, and what they say is to go: counts without names."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import requires
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data, requested_day
from jobfirst.kit.pages import render_page
from jobfirst.row_security.context import all_projects
from jobfirst.values.danish_order import danish_key
from rights.erasure.blocking import Blocker
from rights.erasure.due import rules_on
from rights.erasure.everything import all_due, kinds_for
from rights.erasure.runs import unlisted
from rights.erasure.subjects import DueSubject
from rights.forms import RetentionRuleForm
from rights.models import ErasureRun, RetentionKind, RetentionRule
from rights.policy import governed_projects
from rights.words import BEGINNINGS, reason_of

RUNS_SHOWN = 25


@dataclass(frozen=True)
class KindRow:
    """A kind of data on the page: its rule, and how many rows are due and blocked, and by what."""

    label: str
    beginning: str
    rule: RetentionRule | None
    due: int
    blocked: int
    blockers: list[tuple[str, int]]


@dataclass(frozen=True)
class DueInProject:
    """How many rows of a project can be put on a list now."""

    project: Project | None
    count: int


@require_safe
@requires("rights.see_retention")
@all_projects("administrators, who see no project, decide on erasure by pseudonym")
def overview(request: AuthenticatedRequest) -> HttpResponse:
    """Show the rules in force on a day (`?from=`), and how much would go and why not.

    A leader sees the kinds that belong to projects.
    """
    today = clock.today()
    on = requested_day(request) or today
    governed = governed_projects(request.user)
    rules, due = rules_on(on), all_due(on, governed)
    runs = ErasureRun.objects.select_related("project", "proposed_by", "decided_by")
    if None not in governed:
        runs = runs.filter(project__in=governed)
    context = {
        "page_title": _("Retention and erasure"),
        "on": on,
        "is_today": on == today,
        "kinds": [_kind_row(kind, rules, due) for kind in kinds_for(governed)],
        "projects": _project_rows(due) if on == today else [],
        "runs": runs[:RUNS_SHOWN],
        "may_set": request.user.has_perm("rights.set_retention"),
        "rules": [(rule, reason_of(rule)) for rule in RetentionRule.objects.select_related("entered_by")],
    }
    return render_page(request, "rights/retention.html", context)


def _kind_row(
    kind: RetentionKind, rules: dict[RetentionKind, RetentionRule], due: list[DueSubject]
) -> KindRow:
    subjects = [subject for subject in due if subject.kind == kind]
    counts = Counter(blocker for subject in subjects for blocker in subject.blockers)
    return KindRow(
        label=str(kind.label),
        beginning=str(BEGINNINGS[kind]),
        rule=rules.get(kind),
        due=sum(subject.count for subject in subjects),
        blocked=sum(bool(subject.blockers) for subject in subjects),
        blockers=[(str(blocker.label), counts[blocker]) for blocker in Blocker if counts[blocker]],
    )


def _project_rows(due: list[DueSubject]) -> list[DueInProject]:
    counts = Counter(subject.project_id for subject in unlisted(due))
    projects = Project.objects.in_bulk([pk for pk in counts if pk is not None])
    rows = [DueInProject(projects.get(pk or 0), count) for pk, count in counts.items()]
    return sorted(rows, key=lambda row: danish_key(row.project.name if row.project else ""))


@edit_page
@requires("rights.set_retention")
def new_rule(request: AuthenticatedRequest) -> HttpResponse:
    """Enter another period for a kind of data, from a day on."""
    initial: dict[str, datetime.date] = {"valid_from": clock.today()}
    form = RetentionRuleForm(form_data(request), initial=initial)
    return answer_form(request, form, back_url=reverse("rights:retention"))
