"""A warning before something about a protected citizen leaves the system (D51): a file, a list, or a link."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, shown_citizens
from audit.downloads import WORKBOOK
from cases.models import CitizenContact, Course, Referral

#: Codes of the pages whose answer leaves the system. The warning stands before all of them.
LEAVING = frozenset(
    {
        "course.activity.calendar",
        "course.activity.pdf",
        "course.agreement.pdf",
        "course.agreement.send",
        "course.annex.send",
        "course.closing.send",
        "course.cv.print",
        "course.meeting.pdf",
        "course.plan.pdf",
        "course.report.send",
        "referral.log.pdf",
    }
)
#: The code of the access record that somebody read the warning and went on.
WARNED = "protected.warned"
#: The parameter by which the warning page says that the warning was read.
SEEN = "protected"
#: The mark of an answer that is the warning, which showed nothing of what was asked for.
IS_WARNING = "_is_warning"


class ProtectedCitizen(Exception):
    """Something about a protected citizen (or a list with one) would leave the system, and the warning was
    not read yet."""

    def __init__(self, action: str, *, in_list: bool = False) -> None:
        super().__init__(action)
        self.in_list = in_list


def warn_before_leaving(request: AuthenticatedRequest, subject: Course | Referral, action: str) -> bool:
    """Return whether the page's answer leaves the system about a protected citizen, and the request says that
    the warning was read; ProtectedCitizen when it does not say so. One query, for those pages alone."""
    if action not in LEAVING:
        return False
    contacts = CitizenContact.objects.filter(course__citizen=subject.citizen_id, has_protected_address=True)
    if not contacts.exists():
        return False
    if SEEN in request.GET or SEEN in request.POST:
        return True
    raise ProtectedCitizen(action)


def warn_before_list_leaves(request: HttpRequest) -> None:
    """Raise ProtectedCitizen when the list that is fetched as a file has a protected citizen, and the request
    does not say that the warning was read; otherwise record that it was.

    Who lists a citizen need not see her course (the referrals). Of her contacts the wall leaves those that
    the user's projects know.
    """
    citizens = shown_citizens(request)
    if not citizens or not isinstance(request.user, User):
        return
    contacts = CitizenContact.objects.filter(
        course__citizen__public_id__in=citizens, has_protected_address=True
    )
    protected = list(contacts.values_list("course__citizen__public_id", flat=True))
    if protected and SEEN not in request.GET:
        raise ProtectedCitizen("list", in_list=True)
    if protected:
        record_shown(request.user, WARNED, protected)


class ProtectedCitizenMiddleware:
    """Answer `ProtectedCitizen` with the warning, from which the same request goes on.

    A list is on record before it is known whether the warning comes: its request is one transaction, which
    the warning takes back. Who turns back has fetched nothing, and who goes on has fetched it once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or request.GET.get("format") != WORKBOOK:
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            if hasattr(response, IS_WARNING):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the warning page."""
        if not isinstance(exception, ProtectedCitizen):
            return None
        sent = request.POST if request.method == "POST" else request.GET
        context = {
            "method": "post" if request.method == "POST" else "get",
            "fields": [
                (name, value)
                for name, values in sent.lists()
                for value in values
                if name != "csrfmiddlewaretoken"
            ],
            "seen": SEEN,
            "in_list": exception.in_list,
            "back_url": _list_url(request) if exception.in_list else _page_of_link(request),
        }
        response = render(request, "cases/protected_warning.html", context)
        setattr(response, IS_WARNING, True)
        return response


def _list_url(request: HttpRequest) -> str:
    """Return the address of the list that was to be fetched."""
    query = request.GET.copy()
    query.pop("format", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _page_of_link(request: HttpRequest) -> str:
    """Return the page of ours on which the link or button was; empty when the browser does not say."""
    page = request.headers.get("Referer", "")
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()) else ""
