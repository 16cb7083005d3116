"""The page for an error of our own: needs no database, no session and no signed-in person."""

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string

from jobfirst import mode


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """Answer 500 without asking anything that may be what just failed."""
    return HttpResponseServerError(render_to_string("500.html", {"is_rehearsal": mode.is_rehearsal()}))
