"""A purpose of signed links that exists in these tests only, with its page and the registered addresses."""

import re
import uuid
from dataclasses import replace

from django.db import transaction
from django.http import HttpResponse
from django.urls import include, path
from django.utils import timezone

from accounts.links.actions import issue_link, take_link, use_link
from accounts.links.pages import link_view
from accounts.links.purposes import LinkAddress, LinkPurpose

TEXT = "Answer: %(url)s Until %(last)s. %(sender)s, %(jobcentre)s"
FORM = """<!doctype html><title>Answer</title><form method="post"><button>Answer</button></form>"""
CITIZEN = uuid.UUID(int=7)
ANNA = LinkAddress(email="anna@firma.example", name="Anna Ås")

#: The acts by link, each with the subject of its link.
ACTS: list[uuid.UUID] = []


def answer(request, link, secret):
    """Act on POST, once."""
    if request.method == "POST":
        with transaction.atomic():
            taken = take_link(link.purpose, secret, now=timezone.now())
            use_link(taken, now=timezone.now())
            ACTS.append(taken.subject)
        return HttpResponse("answered")
    return HttpResponse(FORM)


urlpatterns = [
    path("prove/<str:secret>/", link_view("test.answer")(answer), name="test_answer"),
    path("prove-two/<str:secret>/", link_view("test.report")(answer), name="test_report"),
    path("", include("jobfirst.urls")),
]


class Registry:
    """The addresses that are registered, by recipient; and the ids of links that did not arrive."""

    def __init__(self):
        self.addresses = {}
        self.failed = []

    def find(self, link):
        return self.addresses.get(link.recipient)

    def purposes(self):
        """Return test.answer, good for one use, and test.report."""
        single = LinkPurpose(
            "test.answer",
            "test_answer",
            is_single_use=True,
            page_name="Answer",
            subject_line="We need your answer",
            text=TEXT,
            find_address=self.find,
            citizens=lambda _link: [CITIZEN],
            not_arrived=lambda link: self.failed.append(link.pk),
        )
        return single, replace(
            single,
            code="test.report",
            url_name="test_report",
            is_single_use=False,
            term="reporting_link_days",
        )


def secret_in(text):
    """Return the secret in the address that a message names."""
    return re.search(r"/prove[^/]*/([^/]+)/", text).group(1)


def again(link, *, now=None):
    """Issue another link of the same family."""
    return issue_link(
        link.purpose,
        subject=link.subject,
        recipient_kind=link.recipient_kind,
        recipient=link.recipient,
        project=link.project,
        by=link.created_by,
        now=now or timezone.now(),
    )
