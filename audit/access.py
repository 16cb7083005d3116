"""Writing access records. If the writing fails, nothing is shown: the caller records before it renders."""

import uuid
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from audit.models import AccessRecord, Outcome


def record_shown(
    user: AbstractBaseUser | None, action: str, citizens: Iterable[uuid.UUID], reason: str = ""
) -> AccessRecord:
    """Record that `user` (None: a command) is being shown these citizens (public ids), before the page is
    rendered.

    `reason` is what the user stated, where the page asks for one.
    """
    return AccessRecord.objects.create(
        user=user,  # type: ignore[misc]  # AUTH_USER_MODEL, which lies above this app
        action=action,
        outcome=Outcome.SHOWN,
        citizens=list(citizens),
        reason=reason,
    )


def record_refused(
    user: AbstractBaseUser | AnonymousUser,
    action: str,
    asked_for: object,
    citizens: Iterable[uuid.UUID] = (),
) -> AccessRecord:
    """Record that `user` asked for something that was not shown; `asked_for` is the id in the address.

    `citizens` holds the citizen whom the id turned out to name, if any, so that her log shows the attempt.
    """
    return AccessRecord.objects.create(
        user=user if user.is_authenticated else None,  # type: ignore[misc]  # as above
        action=action,
        outcome=Outcome.REFUSED,
        citizens=list(citizens),
        asked_for=str(asked_for)[:80],
    )


RequestT = TypeVar("RequestT", bound=HttpRequest)
ViewP = ParamSpec("ViewP")
ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)


def requires(
    perm: str,
) -> Callable[
    [Callable[Concatenate[RequestT, ViewP], ResponseT]], Callable[Concatenate[RequestT, ViewP], ResponseT]
]:
    """View decorator for pages that are no single citizen's: 403 without `perm`, on record.

    The view itself records what it shows (`record_shown`) when there are citizens on it.
    """

    def decorate(
        view: Callable[Concatenate[RequestT, ViewP], ResponseT],
    ) -> Callable[Concatenate[RequestT, ViewP], ResponseT]:
        @wraps(view)
        def checked(request: RequestT, *args: ViewP.args, **kwargs: ViewP.kwargs) -> ResponseT:
            if not request.user.has_perm(perm):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate
