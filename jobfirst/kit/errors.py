"""The page for a server error: needs no database, no session and no signed-in user."""

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string

from jobfirst import mode


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """Answer 500 without using anything that may have failed."""
    return HttpResponseServerError(render_to_string("500.html", {"is_rehearsal": mode.is_rehearsal()}))
