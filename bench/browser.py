"""A small browser for load and faults: one person's connection, cookies and forms, without any library."""

import contextlib
import http.client
import socket
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.fuzz.pages import PageForm, read_page

#: What a person leaves alone: buttons and files.
NOT_FILLED = {"submit", "button", "file", "image", "reset"}

#: What a browser sends for a checked box that has no value.
WITHOUT_VALUE = {"checkbox": "on", "radio": "on"}


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What the server answered."""

    status: int
    body: bytes
    location: str = ""


class Browser:
    """A signed-in person: keeps the connection open and sends the cookies that the server has set.

    Errors of the connection are raised (OSError, http.client.HTTPException); the next request opens a new
    connection. Not for several threads at once.
    """

    def __init__(self, port: int, cookies: dict[str, str], timeout: float = 60.0) -> None:
        self.port = port
        self.timeout = timeout
        self.cookies = dict(cookies)
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> PageAnswer:
        """Fetch a page; once more when the server had closed the kept connection, as browsers do."""
        is_kept = self._connection is not None
        try:
            return self._request("GET", path)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if not is_kept:
                raise
            return self._request("GET", path)

    def post(self, path: str, pairs: list[tuple[str, str]]) -> PageAnswer:
        """Send a form, on a connection of its own: whether it was sent is known at once."""
        return self.send(path, urlencode(pairs).encode(), "application/x-www-form-urlencoded")

    def send(self, path: str, body: bytes, content_type: str) -> PageAnswer:
        """Send a form that is written already, such as one with a file, on a connection of its own."""
        self.close()
        return self._request("POST", path, body, {"Content-Type": content_type})

    def break_off(self) -> None:
        """Shut the connection down, from another thread, whatever is under way on it."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> PageAnswer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": cookies, "Accept": "text/html", "Accept-Encoding": "gzip", **(headers or {})}
        try:
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if response.will_close:
            self.close()
        return PageAnswer(response.status, content, response.headers.get("Location", ""))


def form_of(answer: PageAnswer, field: str) -> PageForm:
    """Return the form of the page that has this field; ValueError when there is none."""
    for form in read_page(answer.body.decode()).forms:
        if any(page_field.name == field for page_field in form.fields):
            return form
    raise ValueError(f"no form with {field} (status {answer.status})")


def filled(form: PageForm, **values: str) -> list[tuple[str, str]]:
    """Return what the form sends as its page has it, with these values typed in."""
    return [
        (
            page_field.name,
            values.get(page_field.name, page_field.value or WITHOUT_VALUE.get(page_field.sort, "")),
        )
        for page_field in form.fields
        if page_field.is_checked and page_field.sort not in NOT_FILLED
    ]
