"""Writing access records. Callers record before they render: if writing fails, nothing is shown."""

import uuid
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from audit.models import AccessOutcome, AccessRecord
from audit.origin import asked_for as masked
from audit.origin import current_origin, current_request

IS_EXPORT_RECORDED = "_export_is_recorded"
SHOWN = "_citizens_shown"


def record_shown(
    user: AbstractBaseUser | None, action: str, citizens: Iterable[uuid.UUID], reason: str = ""
) -> AccessRecord:
    """Record that these citizens (public ids) are shown to `user` (None: a command). Call before rendering.

    `reason` is the user's reason, where the page asks for one. Of a list that is filtered or searched, the
    names of the filters are recorded, never what was searched for.
    """
    origin, request, citizen_ids = current_origin(), current_request(), list(citizens)
    if request is not None:
        setattr(request, SHOWN, shown_citizens(request).union(citizen_ids))
    return AccessRecord.objects.create(
        user=user,  # type: ignore[misc]  # AUTH_USER_MODEL, which lies above this app
        action=action,
        outcome=AccessOutcome.SHOWN,
        citizens=citizen_ids,
        asked_for=origin.filters,
        reason=reason,
        ip=origin.ip,
        session=origin.session,
    )


def shown_citizens(request: HttpRequest) -> frozenset[uuid.UUID]:
    """Return the citizens (public ids) that the request is recorded to show so far."""
    citizens: frozenset[uuid.UUID] = getattr(request, SHOWN, frozenset())
    return citizens


def record_refused(
    user: AbstractBaseUser | AnonymousUser,
    action: str,
    asked_for: object,
    citizens: Iterable[uuid.UUID] = (),
) -> AccessRecord:
    """Record a refused request of `user`; `asked_for` is the id in the address.

    `citizens` holds the citizen of that id, if there is one, so that the citizen's log shows the attempt.
    """
    origin = current_origin()
    return AccessRecord.objects.create(
        user=user if user.is_authenticated else None,  # type: ignore[misc]  # as above
        action=action,
        outcome=AccessOutcome.REFUSED,
        citizens=list(citizens),
        asked_for=masked(asked_for),
        ip=origin.ip,
        session=origin.session,
    )


def record_export(request: HttpRequest, action: str = "list.export") -> None:
    """Record that a list, or by another action another file, is fetched. The view records the citizens in it
    (`record_shown`). Idempotent within a request."""
    if getattr(request, IS_EXPORT_RECORDED, False):
        return
    origin = current_origin()
    AccessRecord.objects.create(
        user=request.user,  # type: ignore[misc]  # as above
        action=action,
        outcome=AccessOutcome.SHOWN,
        asked_for=masked(request.path),
        ip=origin.ip,
        session=origin.session,
    )
    setattr(request, IS_EXPORT_RECORDED, True)


def record_act(user: AbstractBaseUser, action: str) -> None:
    """Record something that shows no citizens by itself but is counted: a search, a file that is sent in."""
    record_shown(user, action, [])


def record_backup() -> AccessRecord:
    """Record that a backup was made, which holds all citizens; it names none."""
    return AccessRecord.objects.create(action="backup.command", outcome=AccessOutcome.SHOWN)


class PermissionMissing(PermissionDenied):
    """The user lacks the permission `perm`, on `subject` if it was asked with one.

    The page says from it who has the permission (`cases.views.refusals`).
    """

    def __init__(self, perm: str, subject: Model | None = None) -> None:
        super().__init__(perm)
        self.perm = perm
        self.subject = subject


RequestT = TypeVar("RequestT", bound=HttpRequest)
ViewP = ParamSpec("ViewP")
ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)


def requires(
    perm: str,
) -> Callable[
    [Callable[Concatenate[RequestT, ViewP], ResponseT]], Callable[Concatenate[RequestT, ViewP], ResponseT]
]:
    """Decorate a view that is not about a single citizen: 403 without `perm`, recorded.

    A view that shows citizens records them itself (`record_shown`).
    """

    def decorate(
        view: Callable[Concatenate[RequestT, ViewP], ResponseT],
    ) -> Callable[Concatenate[RequestT, ViewP], ResponseT]:
        @wraps(view)
        def checked(request: RequestT, *args: ViewP.args, **kwargs: ViewP.kwargs) -> ResponseT:
            if not request.user.has_perm(perm):
                raise PermissionMissing(perm)
            return view(request, *args, **kwargs)

        return checked

    return decorate
