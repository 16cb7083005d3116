"""Malformed requests: a well-formed one (an address, a form as its page shows it) with something broken."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes

from tests.fuzz import values
from tests.fuzz.pages import PLAUSIBLE, PageField, PageForm

#: Parameters that views and the kit read, whatever page they belong to.
PARAMETERS = [
    "page", "sort", "format", "after", "before", "q", "from", "next", "on", "kind", "project", "state",
    "step",
    "show", "when", "cvr", "name", "element", "duplicate", "svar", "bilag", "year", "cut_off", "lang",
    "company", "citizen", "municipality", "until", "month", "arm", "group", "submission", "channel",
]  # fmt: skip
BOUNDARY = "fuzzboundary"


@dataclass(frozen=True)
class Request:
    """A request as the server gets it; `summary` says what is malformed in it."""

    method: str
    path: str
    summary: str
    query: str = ""
    body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, Any]:
        """Return what the test client is to put into the WSGI environment."""
        from urllib.parse import unquote_to_bytes

        return {
            "PATH_INFO": unquote_to_bytes(self.path).decode("latin-1"),
            "QUERY_STRING": self.query.encode().decode("latin-1"),
            **self.headers,
        }


def as_bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def encoded(pairs: Sequence[tuple[str, str | bytes]]) -> str:
    """Return the pairs as a query string or the body of a form."""
    return "&".join(f"{quote_from_bytes(as_bytes(k))}={quote_from_bytes(as_bytes(v))}" for k, v in pairs)


def in_short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 60 else f"{text[:40]}… ({len(text)})"


class Mutator:
    """Makes malformed requests; the same for the same seed, as far as the pages are."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def value_for(self, sort: str) -> str | bytes:
        """Return a bad value; most often one of the field's own sort."""
        lists: dict[str, Sequence[str | bytes]] = {
            "date": values.DAYS, "datetime-local": values.MOMENTS, "time": values.CLOCKS,
            "number": values.NUMBERS, "decimal": values.NUMBERS, "numeric": values.NUMBERS,
            "text": values.TEXTS, "textarea": values.TEXTS, "select": values.IDS,
        }  # fmt: skip
        return self.rng.choice(lists.get(sort, values.ANY) if self.rng.random() < 0.75 else values.ANY)

    # Kinds of requests

    def bad_form(self, path: str, form: PageForm) -> Request:
        """Send a form with most fields as a person would fill them, and up to three broken ones."""
        pairs = self._filled(form)
        broken = self.rng.sample(range(len(pairs)), min(len(pairs), self.rng.choice((1, 1, 1, 2, 3))))
        sorts = {page_field.name: page_field.sort for page_field in form.fields}
        notes = []
        for place in sorted(broken, reverse=True):
            name = pairs[place][0]
            notes.append(self._break(pairs, place, sorts.get(name, "text")))
        has_file = "file" in sorts.values()
        if form.method == "GET":
            return Request("GET", path, f"form: {'; '.join(notes)}", query=encoded(pairs))
        if has_file or self.rng.random() < 0.1:
            content_type, body = self._multipart(pairs, [n for n, sort in sorts.items() if sort == "file"])
        else:
            content_type, body = values.FORM, encoded(pairs).encode()
        headers = {"HTTP_HX_REQUEST": "true"} if self.rng.random() < 0.15 else {}
        return Request("POST", path, f"form: {'; '.join(notes)}", "", body, content_type, headers)

    def _filled(self, form: PageForm) -> list[tuple[str, str | bytes]]:
        pairs: list[tuple[str, str | bytes]] = []
        buttons = [page_field for page_field in form.fields if page_field.sort in {"button", "submit"}]
        for page_field in form.fields:
            if page_field.sort == "file" or page_field in buttons:
                continue
            if not page_field.is_checked and self.rng.random() < 0.5:
                continue
            pairs.append((page_field.name, self._plausible(page_field)))
        if buttons:
            button = self.rng.choice(buttons)
            pairs.append((button.name, button.value))
        return pairs

    def _plausible(self, page_field: PageField) -> str:
        if page_field.sort == "select" and page_field.options:
            is_left = bool(page_field.value) and self.rng.random() < 0.6
            return page_field.value if is_left else self.rng.choice(page_field.options)
        if page_field.value or self.rng.random() < 0.15 or page_field.sort == "hidden":
            return page_field.value
        return PLAUSIBLE.get(page_field.sort, "Tekst")

    def _break(self, pairs: list[tuple[str, str | bytes]], place: int, sort: str) -> str:
        """Break one of the pairs and say how."""
        name, value = pairs[place]
        if name.endswith("_FORMS") and self.rng.random() < 0.8:
            sort = "number"
        how = self.rng.random()
        if how < 0.8:
            bad = self.value_for(sort)
            pairs[place] = (name, bad)
            return f"{name}={in_short(bad)}"
        if how < 0.88:
            del pairs[place]
            return f"without {name}"
        if how < 0.95:
            bad = self.value_for(sort)
            pairs.append((name, bad))
            return f"{name} twice, then {in_short(bad)}"
        pairs[place] = (self.rng.choice(("\0", "", "x" * 300, f"{name}[]", f"-1-{name}")), value)
        return f"{name} renamed to {in_short(pairs[place][0])}"

    def _multipart(self, pairs: Sequence[tuple[str, str | bytes]], files: list[str]) -> tuple[str, bytes]:
        parts = [
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + as_bytes(value)
            for name, value in pairs
        ]
        for name in files:
            file_name, content_type, content = self.rng.choice(values.FILES)
            head = f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"'
            parts.append(f"{head}\r\nContent-Type: {content_type}\r\n\r\n".encode() + content)
        mark = f"--{BOUNDARY}\r\n".encode()
        body = b"".join(mark + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()
        return f"multipart/form-data; boundary={BOUNDARY}", body

    def bad_query(self, path: str, parameters: Sequence[str]) -> Request:
        """Ask for a page with one to three broken parameters."""
        names = self.rng.choices([*parameters, *parameters, *PARAMETERS], k=self.rng.choice((1, 1, 2, 3)))
        pairs = [(name, self.rng.choice(values.ANY)) for name in names]
        if self.rng.random() < 0.15:
            pairs.append(("format", "xlsx"))
        headers = {"HTTP_HX_REQUEST": "true"} if self.rng.random() < 0.2 else {}
        summary = "query: " + "; ".join(f"{name}={in_short(value)}" for name, value in pairs)
        return Request("GET", path, summary, query=encoded(pairs), headers=headers)

    def bad_path(self, path: str) -> Request:
        """Break one piece of an address, or add one."""
        pieces = path.split("/")
        bad = self.rng.choice(values.SEGMENTS)
        if self.rng.random() < 0.15:
            pieces.insert(self.rng.randrange(1, len(pieces)), bad)
        else:
            pieces[self.rng.randrange(1, max(2, len(pieces) - 1))] = bad
        method = "POST" if self.rng.random() < 0.25 else "GET"
        return Request(method, "/".join(pieces), f"path: {in_short(bad)}", content_type=values.FORM)

    def bad_headers(self, path: str) -> Request:
        """Send one to three bad headers."""
        chosen = dict(self.rng.choices(values.HEADERS, k=self.rng.choice((1, 1, 2, 3))))
        method = "POST" if self.rng.random() < 0.3 else "GET"
        summary = "headers: " + "; ".join(f"{name}: {in_short(value)}" for name, value in chosen.items())
        return Request(method, path, summary, content_type=values.FORM, headers=chosen)

    def bad_body(self, path: str) -> Request:
        """Send something that is no form."""
        content_type, body = self.rng.choice(values.BODIES)
        summary = f"body: {in_short(content_type)} {in_short(body)}"
        return Request("POST", path, summary, body=body, content_type=content_type)

    def bad_method(self, path: str) -> Request:
        """Send another method, with an empty form."""
        method = self.rng.choice(values.METHODS)
        return Request(method, path, f"method: {method!r}", content_type=values.FORM)
