"""Sends malformed requests to all addresses, as all roles, and collects the answers that are errors of ours.

Each request is rolled back, so that none depends on another one. Constraints that the database checks at the
end of a transaction are checked before. A form that was saved is followed to the page it leads to: a value
that was stored must not break the page that shows it.
"""

import copy
import random
import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponseBase
from django.urls import reverse

from tests.access.addresses import Address
from tests.access.table import TABLE
from tests.fuzz.links import paths_of_links
from tests.fuzz.mutations import Mutator, Request
from tests.fuzz.pages import PageForm, read_page
from tests.fuzz.values import FORM

#: Answers 503 in the tests, where no worker runs.
LEFT_OUT = {"health", "health_ready"}
#: How many of the requests go to pages of signed links.
SHARE_OF_LINKS = 0.08
WEIGHTS = {"form": 50, "query": 20, "path": 9, "headers": 7, "body": 9, "method": 5}


@dataclass
class Findings:
    """How many answers had which status, and the errors: by place, with the requests that led there."""

    statuses: Counter[int] = field(default_factory=Counter)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def add_error(self, place: str, request: str) -> None:
        self.errors.setdefault(place, []).append(request)

    def __str__(self) -> str:
        lines = []
        for place, requests in sorted(self.errors.items(), key=lambda item: -len(item[1])):
            lines += [f"{len(requests)} × {place}", *(f"    {request}" for request in requests[:3])]
        return "\n".join(lines)


@dataclass(frozen=True)
class Target:
    """An address with the ids of things, and the role that calls it."""

    address: Address
    role: str
    relation: str
    path: str

    def __str__(self) -> str:
        return f"{self.address} as {self.role}, {self.relation}"


class Run:
    """So many malformed requests, the same for the same seed (but for random ids)."""

    def __init__(self, world: Any, seed: str) -> None:
        self.world = world
        self.rng = random.Random(seed)
        self.mutator = Mutator(self.rng)
        self.findings = Findings()
        self.pages: dict[tuple[str, str], tuple[list[PageForm], list[str]]] = {}
        self.addresses = [address for address in TABLE if address.name not in LEFT_OUT]
        by_name = {address.name: address for address in TABLE}
        self.links = [(by_name[name], path) for name, path in paths_of_links(world)]
        for client in world.clients.values():
            client.raise_request_exception = False

    def send(self, count: int) -> Findings:
        """Send the requests and return what came of them."""
        for _ in range(count):
            target = self._target()
            self.send_to(target, self._request(target))
        return self.findings

    def _target(self) -> Target:
        """Choose an address; most often as somebody who is let in, and of a thing that they see."""
        if self.rng.random() < SHARE_OF_LINKS:
            address, path = self.rng.choice(self.links)
            return Target(address, "anonymous", "own", path)
        address = self.rng.choice(self.addresses)
        let_in = sorted(set().union(*address.roles_by_method.values())) or ["anonymous"]
        roles = let_in if self.rng.random() < 0.85 else sorted(self.world.clients)
        relation = "own" if self.rng.random() < 0.85 else self.rng.choice(address.relations)
        ids = [self.world.ids[kind][relation] for kind in address.kinds]
        path = reverse(address.name, args=[*ids, *address.args])
        return Target(address, self.rng.choice(roles), relation, path)

    def _request(self, target: Target) -> Request:
        kind = self.rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if kind in {"form", "query"}:
            forms, parameters = self._page(target)
            if kind == "form" and forms:
                form = self.rng.choice(forms)
                return self.mutator.bad_form(form.action.partition("?")[0] or target.path, form)
            return self.mutator.bad_query(target.path, parameters)
        make = getattr(self.mutator, f"bad_{kind}")
        request: Request = make(target.path)
        return request

    def _page(self, target: Target) -> tuple[list[PageForm], list[str]]:
        """Return the forms of the page (not that of the language) and the parameters it knows."""
        key = (target.path, target.role)
        if key not in self.pages:
            answer = self._answer(target, Request("GET", target.path, "the page itself"))
            is_page = answer is not None and answer.headers.get("Content-Type", "").startswith("text/html")
            page = read_page(answer.content.decode() if is_page else "")
            logout, language = reverse("account_logout"), reverse("set_language")
            forms = [form for form in page.forms if form.action not in {logout, language} and form.fields]
            if "POST" in target.address.roles_by_method and not forms:
                forms = [PageForm(target.path, "POST", read_page(ANY_FORM).forms[0].fields)]
            self.pages[key] = (forms, sorted(page.parameters))
        return self.pages[key]

    def send_to(self, target: Target, request: Request) -> None:
        """Send one request and count its status."""
        answer = self._answer(target, request)
        if answer is not None:
            self.findings.statuses[answer.status_code] += 1

    def _answer(self, target: Target, request: Request) -> Any:
        """Send a request, follow where it leads, and roll back; note an error of the server."""
        client = self.world.clients[target.role]
        cookies = copy.copy(client.cookies)
        cache.clear()  # so that many requests in a second are no attack
        words = f"{request.method} {request.path[:150]} ({target}) {request.summary}"
        try:
            with transaction.atomic():
                answer = client.generic(
                    request.method, "/", request.body, request.content_type, **request.environment()
                )
                self._read(answer, words)
                if answer.status_code in {302, 303} and answer.url.startswith("/"):
                    self._read(client.get(answer.url), f"{words} -> {answer.url[:100]}")
                self._check_constraints(words)
                transaction.set_rollback(True)
        except Exception:  # a finding as well: of the middleware, or of the way out
            self.findings.add_error(place_of(traceback.format_exc()), words)
            return None
        finally:
            client.cookies = cookies
        return answer

    def _read(self, answer: HttpResponseBase, words: str) -> None:
        """Read the whole answer, and note an error of the server."""
        if answer.streaming:
            b"".join(answer)  # type: ignore[call-overload]
        if answer.status_code >= 500:
            error = getattr(answer, "exc_info", None)
            place = place_of("".join(traceback.format_exception(*error))) if error else "without exception"
            self.findings.add_error(f"{answer.status_code} {place}", words)

    def _check_constraints(self, words: str) -> None:
        """Let the database check now what it would check at the commit."""
        try:
            connection.check_constraints()
        except DatabaseError as error:
            if "current transaction is aborted" not in str(error):
                self.findings.add_error(f"at the commit: {error}", words)


def place_of(text: str) -> str:
    """Return the last line of ours in a traceback, and the error."""
    lines = text.strip().splitlines()
    ours = [
        line.strip()
        for line in lines
        if 'File "' in line and "site-packages" not in line and "/tests/" not in line
    ]
    return f"{lines[-1][:300]} [{ours[-1].split('/work/')[-1] if ours else lines[-3].strip()}]"


#: For addresses that only take a POST, whose form stands on another page: fields that such forms have.
ANY_FORM = """<form><input name=submission><input name=version type=number><input name=reason>
<input name=kind><input type=date name=from_on><input name=note><input name=project></form>"""
assert FORM
