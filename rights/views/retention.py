"""The rules of retention, and what they say is to go: counts without names."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project, User
from accounts.policy import led_project_ids
from accounts.requests import AuthenticatedRequest
from audit.access import requires
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data, requested_day
from jobfirst.kit.pages import render_page
from jobfirst.row_security.context import all_projects
from jobfirst.values.danish_order import danish_key
from rights.erasure.due import rules_on
from rights.erasure.everything import all_due, kinds_for
from rights.erasure.runs import unlisted
from rights.erasure.subjects import DueSubject
from rights.erasure.unended import UnendedCourses, unended_courses
from rights.forms import RetentionRuleForm
from rights.models import ErasureRun, RetentionKind, RetentionRule
from rights.policy import governed_projects
from rights.words import BEGINNINGS, reason_of

RUNS_SHOWN = 25


@dataclass(frozen=True)
class KindRow:
    """A kind of data on the page: its rule, how many rows are due, and what becomes of them.

    `ready`, `listed` and the numbers of `waiting` (with what blocks them) add up to `due`.
    """

    label: str
    beginning: str
    rule: RetentionRule | None
    due: int
    ready: int
    listed: int
    waiting: list[tuple[int, str]]


@dataclass(frozen=True)
class DueInProject:
    """How many rows of a project can be put on a list now."""

    project: Project | None
    count: int


@dataclass(frozen=True)
class UnendedInProject:
    """The courses of a project that has ended which nobody ended; its leader may open them."""

    project: Project
    courses: UnendedCourses
    may_open: bool


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
    ready = unlisted(due)
    runs = ErasureRun.objects.select_related("project", "proposed_by", "decided_by", "withdrawn_by")
    if None not in governed:
        runs = runs.filter(project__in=governed)
    context = {
        "page_title": _("Retention and erasure"),
        "on": on,
        "is_today": on == today,
        "kinds": [_kind_row(kind, rules, due, ready) for kind in kinds_for(governed)],
        "projects": _project_rows(ready) if on == today else [],
        "unended": _unended_rows(unended_courses(on, governed), request.user),
        "runs": runs[:RUNS_SHOWN],
        "may_set": request.user.has_perm("rights.set_retention"),
        "rules": _rule_rows(kinds_for(governed)),
    }
    return render_page(request, "rights/retention.html", context)


def _rule_rows(kinds: list[RetentionKind]) -> list[tuple[RetentionRule, str]]:
    """Return the rules of these kinds with their reasons, in the order of the kinds, the newest first."""
    rules = list(RetentionRule.objects.select_related("entered_by").order_by("-valid_from"))
    return [(rule, reason_of(rule)) for kind in kinds for rule in rules if rule.kind == kind]


def _kind_row(
    kind: RetentionKind,
    rules: dict[RetentionKind, RetentionRule],
    due: list[DueSubject],
    ready: list[DueSubject],
) -> KindRow:
    waiting = Counter[str]()
    for subject in due:
        if subject.kind == kind and subject.blockers:
            waiting[", ".join(str(blocker.label) for blocker in subject.blockers)] += subject.count
    due_count, ready_count = _count(kind, due), _count(kind, ready)
    return KindRow(
        label=str(kind.label),
        beginning=str(BEGINNINGS[kind]),
        rule=rules.get(kind),
        due=due_count,
        ready=ready_count,
        listed=due_count - ready_count - waiting.total(),
        waiting=[(count, label) for label, count in sorted(waiting.items())],
    )


def _count(kind: RetentionKind, subjects: list[DueSubject]) -> int:
    return sum(subject.count for subject in subjects if subject.kind == kind)


def _project_rows(ready: list[DueSubject]) -> list[DueInProject]:
    counts = Counter(subject.project_id for subject in ready)
    projects = Project.objects.in_bulk([pk for pk in counts if pk is not None])
    rows = [DueInProject(projects.get(pk or 0), count) for pk, count in counts.items()]
    return sorted(rows, key=lambda row: danish_key(row.project.name if row.project else ""))


def _unended_rows(unended: list[UnendedCourses], user: User) -> list[UnendedInProject]:
    projects = Project.objects.in_bulk([row.project_id for row in unended])
    led = led_project_ids(user)
    rows = [
        UnendedInProject(projects[row.project_id], row, may_open=row.project_id in led) for row in unended
    ]
    return sorted(rows, key=lambda row: danish_key(row.project.name))


@edit_page
@requires("rights.set_retention")
def new_rule(request: AuthenticatedRequest) -> HttpResponse:
    """Enter another period for a kind of data, from a day on."""
    initial: dict[str, datetime.date] = {"valid_from": clock.today()}
    form = RetentionRuleForm(form_data(request), initial=initial)
    return answer_form(request, form, back_url=reverse("rights:retention"))
