"""Fetch a course, or a row that belongs to one, for a view: check access and write the access record.

Every view of a single citizen starts with one of these functions. They fetch within `visible_to`, write the
access record before anything is rendered, and answer a row of another project exactly as one that does not
exist (docs/privacy.md). Call them outside `transaction.atomic`: otherwise a refusal rolls its own access
record back.
"""

import uuid
from collections.abc import Iterable
from operator import attrgetter
from typing import NoReturn, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.requests import AuthenticatedRequest
from audit.access import PermissionMissing, record_refused, record_shown
from audit.middleware import mark_recorded
from cases.models import Course, Referral
from cases.protected import WARNED, warn_before_leaving
from jobfirst.row_security.context import all_projects

BelongsToCourse = TypeVar("BelongsToCourse", bound=Model)


def get_course_or_404(
    request: AuthenticatedRequest,
    public_id: uuid.UUID,
    action: str,
    perm: str | None = None,
    queryset: QuerySet[Course] | None = None,
) -> Course:
    """Return the course for this request, with its citizen, referral, project and function holdings.

    `action` names the page in the access record ("course", "course.contacts", …). `perm` is checked as
    `user.has_perm(perm, course)`. `queryset` can add prefetches for the page.

    Raises Http404 when the course does not exist or is not visible to the user, and PermissionMissing (a 403
    page) when it is visible but `perm` is missing. Both are recorded as refused.
    """
    courses = Course.objects.all() if queryset is None else queryset
    course = (
        courses.filter(pk__in=Course.objects.visible_to(request.user).values("pk"), public_id=public_id)
        .select_related("citizen", "referral", "project")
        .prefetch_related("holdings")
        .first()
    )
    if course is None:
        foreign = Course.objects.filter(public_id=public_id)
        _refuse(request, action, public_id, foreign.values_list("citizen__public_id", flat=True))
    _record(request, course, action, perm)
    return course


def get_of_course_or_404(
    request: AuthenticatedRequest,
    queryset: QuerySet[BelongsToCourse],
    public_id: uuid.UUID,
    action: str,
    perm: str | None = None,
    *,
    course_path: str = "course",
) -> BelongsToCourse:
    """Return a row that belongs to a course (a placement, a meeting, an agreement), as `get_course_or_404`.

    `course_path` is the lookup from the row to its course (`"placement__course"`); `perm` is checked on the
    course.
    """
    visible = Course.objects.visible_to(request.user).values("pk")
    row = (
        queryset.filter(public_id=public_id, **{f"{course_path}__in": visible})
        .select_related(f"{course_path}__citizen", f"{course_path}__referral", f"{course_path}__project")
        .first()
    )
    if row is None:
        foreign = queryset.model._default_manager.filter(public_id=public_id)
        _refuse(
            request, action, public_id, foreign.values_list(f"{course_path}__citizen__public_id", flat=True)
        )
    course: Course = attrgetter(course_path.replace("__", "."))(row)
    _record(request, course, action, perm)
    return row


def get_referral_or_404(
    request: AuthenticatedRequest, public_id: uuid.UUID, action: str, perm: str | None = None
) -> Referral:
    """Return a referral of the user's own projects, with its citizen; otherwise as `get_course_or_404`."""
    referral = (
        Referral.objects.visible_to(request.user)
        .filter(public_id=public_id)
        .select_related("citizen", "project", "municipality")
        .first()
    )
    if referral is None:
        foreign = Referral.objects.filter(public_id=public_id)
        _refuse(request, action, public_id, foreign.values_list("citizen__public_id", flat=True))
    _record(request, referral, action, perm)
    return referral


def _refuse(
    request: AuthenticatedRequest, action: str, asked_for: object, citizens: Iterable[uuid.UUID]
) -> NoReturn:
    """Record that access to something was refused; the page does not say whether it exists."""
    with all_projects("the record of a refusal names the citizen asked for, of whatever project"):
        record_refused(request.user, action, asked_for, citizens)
    raise Http404


def _record(request: AuthenticatedRequest, subject: Course | Referral, action: str, perm: str | None) -> None:
    """Check `perm` on the subject and record the result; PermissionMissing when it is missing.

    A warning comes before what leaves the system about a protected citizen (`cases.protected`); that it was
    read is recorded.
    """
    citizen = subject.citizen.public_id
    if perm is not None and not request.user.has_perm(perm, subject):
        record_refused(request.user, action, subject.public_id, [citizen])
        raise mark_recorded(PermissionMissing(perm, subject))
    if warn_before_leaving(request, subject, action):
        record_shown(request.user, WARNED, [citizen])
    record_shown(request.user, action, [citizen])
