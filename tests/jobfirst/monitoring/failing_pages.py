"""Pages that fail with personal data at hand: for tests of what is reported. Run as a program, it asks them.

Reads the canaries from the environment variable CANARIES, with `|` between.
"""

import logging
import os

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

NAME, CPR, MAIL, NOTE = os.environ.get("CANARIES", "a|b|c|d").split("|")
logger = logging.getLogger(__name__)


@login_not_required
def fail(request: HttpRequest, secret: str) -> HttpResponse:
    """Raise an error that names a person, with the person in a local variable and in the form."""
    person = {"name": NAME, "cpr": CPR, "secret": secret}
    raise ValueError(f"{person['name']} {MAIL} {NOTE} {request.POST.get('note')}")


@login_not_required
def fail_in_database(request: HttpRequest) -> HttpResponse:
    """Ask the database for something that it refuses."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::integer", [NAME])
    return HttpResponse()


@login_not_required
def log(request: HttpRequest) -> HttpResponse:
    """Log an error that names a person, as a library might."""
    logging.getLogger("library").error("%s %s of %s", NOTE, MAIL, NAME, extra={"cpr": CPR})
    return HttpResponse()


urlpatterns = [
    path("fail/<str:secret>/", fail, name="fail"),
    path("database/", fail_in_database, name="fail_in_database"),
    path("log/", log, name="log"),
]


def ask_all() -> None:
    """Ask all pages as a browser would, and run a task that fails."""
    import django

    django.setup()
    import sentry_sdk
    from celery import shared_task
    from django.conf import settings
    from django.test import Client

    settings.ROOT_URLCONF = "tests.jobfirst.monitoring.failing_pages"
    settings.SECURE_SSL_REDIRECT = False

    @shared_task(name="tests.fail")
    def fail_in_a_task(name: str) -> None:
        raise RuntimeError(f"{name} {CPR}")

    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "Secret" * 8
    headers = {"host": "localhost", "referer": f"https://localhost/?name={NAME}"}
    client.post(f"/fail/{'Ab1' * 15}/?name={NAME}", {"note": NOTE, "cpr": CPR}, headers=headers)
    client.get("/database/", headers=headers)
    client.get("/log/", headers=headers)
    fail_in_a_task.apply(args=[NAME])
    sentry_sdk.flush(30)


if __name__ == "__main__":
    ask_all()
