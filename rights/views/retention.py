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
from jobfirst.danish_order import danish_key
from jobfirst.kit.editing import answer_form, edit_page, form_data, requested_day
from jobfirst.kit.pages import render_page
from jobfirst.row_security.context import all_projects
from rights.erasure.blocking import Blocker
from rights.erasure.due import DueCitizen, due_citizens, rules_on
from rights.erasure.runs import listed_subjects
from rights.forms import RetentionRuleForm
from rights.models import ErasureRun, RetentionKind, RetentionRule
from rights.policy import governed_projects
from rights.words import BEGINNINGS

RUNS_SHOWN = 25


@dataclass(frozen=True)
class KindRow:
    """A kind of data on the page: its rule, and how many citizens are due and blocked, and by what."""

    label: str
    beginning: str
    rule: RetentionRule | None
    due: int
    blocked: int
    blockers: list[tuple[str, int]]


@dataclass(frozen=True)
class DueInProject:
    """How many citizens of a project can be put on a list now."""

    project: Project | None
    count: int


@require_safe
@requires("rights.see_retention")
@all_projects("administrators, who see no project, decide on erasure by pseudonym")
def overview(request: AuthenticatedRequest) -> HttpResponse:
    """Show the rules in force on a day (`?from=`), and how many citizens would go and why not."""
    today = clock.today()
    on = requested_day(request) or today
    governed = governed_projects(request.user)
    due = [citizen for citizen in due_citizens(on) if citizen.project_id in governed]
    runs = ErasureRun.objects.select_related("project", "proposed_by", "decided_by")
    if None not in governed:
        runs = runs.filter(project__in=governed)
    context = {
        "page_title": _("Retention and erasure"),
        "on": on,
        "is_today": on == today,
        "kinds": [_kind_row(kind, rules_on(on), due) for kind in RetentionKind],
        "projects": _project_rows(due) if on == today else [],
        "runs": runs[:RUNS_SHOWN],
        "may_set": request.user.has_perm("rights.set_retention"),
        "rules": RetentionRule.objects.select_related("entered_by"),
    }
    return render_page(request, "rights/retention.html", context)


def _kind_row(
    kind: RetentionKind, rules: dict[RetentionKind, RetentionRule], due: list[DueCitizen]
) -> KindRow:
    citizens = [citizen for citizen in due if citizen.kind == kind]
    counts = Counter(blocker for citizen in citizens for blocker in citizen.blockers)
    return KindRow(
        label=str(kind.label),
        beginning=str(BEGINNINGS[kind]),
        rule=rules.get(kind),
        due=len(citizens),
        blocked=sum(bool(citizen.blockers) for citizen in citizens),
        blockers=[(str(blocker.label), counts[blocker]) for blocker in Blocker if counts[blocker]],
    )


def _project_rows(due: list[DueCitizen]) -> list[DueInProject]:
    listed = listed_subjects()
    counts = Counter(
        citizen.project_id for citizen in due if not citizen.blockers and citizen.public_id not in listed
    )
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
