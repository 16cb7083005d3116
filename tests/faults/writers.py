"""People who write while something fails, and the comparison of what was acknowledged with the database.

A writer opens the form of a contact, types a text that nobody else types, and sends it. An answer of 302 is
the acknowledgement. Where none came (the connection broke, a 5xx), the same form is sent again, as a person
does who goes back in the browser: its token makes one row of both.
"""

import contextlib
import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.browser import Browser, PageAnswer, filled, form_of
from bench.texts import unique_text

ACKNOWLEDGED = 302
REFUSED = {403, 404}
PREFIX = "fejlprøve "
PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 40


@dataclass
class Ledger:
    """What was written: acknowledged, and sent without an acknowledgement; and how often a request failed."""

    acknowledged: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    failures: Counter[str] = field(default_factory=Counter)
    last_acknowledged: float = 0.0
    last_answer: str = ""

    def acknowledge(self, text: str) -> None:
        """Store that the server has said it stored the text."""
        self.acknowledged.append(text)
        self.unknown.discard(text)
        self.last_acknowledged = time.monotonic()


class Writer(threading.Thread):
    """One person: registers contacts of one course until `stopped` is set."""

    def __init__(self, port: int, cookies: dict[str, str], address: str, patience: float) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.address = address
        self.browser = Browser(port, cookies, timeout=patience)
        self.ledger = Ledger()
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            text = f"{PREFIX}{unique_text()}"
            form = self._open_form(text)
            if form is not None:
                self._send(text, form)
            self.stopped.wait(PAUSE_SECONDS)
        self.browser.close()

    def _open_form(self, text: str) -> list[tuple[str, str]] | None:
        answer = self._answer_to(lambda: self.browser.get(self.address))
        if answer is None or answer.status != 200:
            return None
        with contextlib.suppress(ValueError):
            return filled(form_of(answer, "note"), note=text)
        return None

    def _send(self, text: str, form: list[tuple[str, str]]) -> None:
        """Send the form until it is acknowledged, or refused for good."""
        self.ledger.unknown.add(text)
        while not self.stopped.is_set():
            answer = self._answer_to(lambda: self.browser.post(self.address, form))
            if answer is not None and answer.status == ACKNOWLEDGED and "login" not in answer.location:
                self.ledger.acknowledge(text)
                return
            if answer is not None and answer.status in REFUSED:
                return
            self.stopped.wait(3 * PAUSE_SECONDS)

    def _answer_to(self, request) -> PageAnswer | None:
        try:
            answer = request()
        except (OSError, http.client.HTTPException) as error:
            self.ledger.failures[type(error).__name__] += 1
            self.ledger.last_answer = type(error).__name__
            return None
        self.ledger.last_answer = f"{answer.status} {answer.location}"
        if answer.status >= 400:
            self.ledger.failures[str(answer.status)] += 1
        return answer


class Writers:
    """All people who write. `patience`: the seconds after which they give up waiting for an answer."""

    def __init__(
        self, port: int, persons: list[tuple[dict[str, str], str]], patience: float = PATIENCE_SECONDS
    ) -> None:
        self.writers = [Writer(port, cookies, address, patience) for cookies, address in persons]

    def __enter__(self) -> "Writers":
        for writer in self.writers:
            writer.start()
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self.writers:
            writer.stopped.set()
        for writer in self.writers:
            writer.join(60)

    def acknowledged(self) -> list[str]:
        """Return all texts that were acknowledged so far."""
        return [text for writer in self.writers for text in list(writer.ledger.acknowledged)]

    def unknown(self) -> set[str]:
        """Return the texts that were sent and not acknowledged."""
        return {text for writer in self.writers for text in list(writer.ledger.unknown)}

    def failures(self) -> Counter[str]:
        """Return how often requests failed, by the way they did."""
        return sum((Counter(writer.ledger.failures) for writer in self.writers), Counter())

    def stuck_since(self, moment: float) -> list[str]:
        """Return the last answers to those who have got no acknowledgement after this moment."""
        return [
            f"{writer.address} {writer.ledger.last_answer}{'' if writer.is_alive() else ' (ended)'}"
            for writer in self.writers
            if writer.ledger.last_acknowledged <= moment
        ]

    def have_all_written_since(self, moment: float) -> bool:
        """Whether each of them has got an acknowledgement after this moment."""
        return all(writer.ledger.last_acknowledged > moment for writer in self.writers)


def mismatches(acknowledged: list[str], stored: Counter[str]) -> list[str]:
    """Return what is wrong with what is stored, one by one: lost, or there more than once."""
    lost = [f"lost: {text}" for text in acknowledged if not stored[text]]
    return lost + [f"stored {count} times: {text}" for text, count in stored.items() if count > 1]
