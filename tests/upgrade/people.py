"""People who read while a version is exchanged; those who write are of tests/faults/writers.py."""

import http.client
import threading
from collections import Counter

from bench.browser import Browser

#: Browsers wait for five minutes.
PATIENCE_SECONDS = 300
PAGES = ("/min-uge/", "/forloeb/", "/paamindelser/", "/konto/login/")
#: Run in the shell of the earlier version: mentors who are signed in, and the form of a contact of each.
MENTORS = """
import json
from django.conf import settings
from django.test import Client
from django.urls import reverse
from cases.models import Course, FunctionHolding
people = []
for holding in FunctionHolding.objects.filter(
    function="mentor", until_on=None, course__ended_on=None
).order_by("user", "pk").distinct("user")[:COUNT]:
    client = Client()
    client.force_login(holding.user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    address = reverse("cases:new_contact", args=[holding.course.public_id])
    people.append([{settings.SESSION_COOKIE_NAME: cookie}, address])
print(json.dumps(people))
"""
#: Run in the shell of this version: all texts of contacts.
TEXTS = """
import json
from cases.models import MentorContact
print(json.dumps(list(MentorContact.objects.values_list("note", flat=True))))
"""


class Reader(threading.Thread):
    """Opens pages again and again until `stopped` is set; counts the answers that did not come, by error."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.browser = Browser(port, cookies, timeout=PATIENCE_SECONDS)
        self.failures: Counter[str] = Counter()
        self.stopped = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.stopped.is_set():
            try:
                self.browser.get(PAGES[number % len(PAGES)])
            except (OSError, http.client.HTTPException) as error:
                self.failures[type(error).__name__] += 1
            number += 1
            self.stopped.wait(0.05)


class Crowd:
    """Persons who each ask for one page at once; `join` waits until all of them have their answer."""

    def __init__(self, port: int, persons: int) -> None:
        self.port = port
        self.answers: Counter[str] = Counter()
        self.threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(persons)]
        for thread in self.threads:
            thread.start()

    def _ask(self) -> None:
        try:
            answer = str(Browser(self.port, {}, timeout=PATIENCE_SECONDS).get("/konto/login/").status)
        except (OSError, http.client.HTTPException) as error:
            answer = type(error).__name__
        self.answers[answer] += 1

    def join(self) -> dict[str, int]:
        """Return how many got which answer."""
        for thread in self.threads:
            thread.join(PATIENCE_SECONDS)
        return dict(self.answers)
