"""A warning before something about a protected citizen leaves the system (D51): a file, a list, or a link."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, shown_citizens
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
    """Raise ProtectedCitizen when the list that is fetched as a file has a protected citizen whose course the
    user sees, and the request does not say that the warning was read; otherwise record that it was."""
    citizens = shown_citizens(request)
    if not citizens or not isinstance(request.user, User):
        return
    contacts = CitizenContact.objects.filter(
        course__in=Course.objects.visible_to(request.user),
        course__citizen__public_id__in=citizens,
        has_protected_address=True,
    )
    protected = list(contacts.values_list("course__citizen__public_id", flat=True))
    if protected and SEEN not in request.GET:
        raise ProtectedCitizen("list", in_list=True)
    if protected:
        record_shown(request.user, WARNED, protected)


class ProtectedCitizenMiddleware:
    """Answer `ProtectedCitizen` with the warning, from which the same request goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

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
        }
        return render(request, "cases/protected_warning.html", context)
