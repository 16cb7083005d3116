"""Asks the public register of companies for one CVR number, over HTTP.

Off until JOBFIRST_COMPANY_REGISTER_URL is set (docs/operations.md). Only the CVR number is sent.
"""

import datetime
import http.client
import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.cache import cache

from companies.register.facts import RegisterFacts, read_answer

#: Seconds for a connection or a part of the answer, and for the whole request: somebody is waiting.
TIMEOUT = 3.0
LONGEST_REQUEST = 6.0
#: Bytes; a company with thousands of workplaces has about 1 MB.
LARGEST_ANSWER = 2_000_000
CHUNK = 65_536
#: Seconds for which an answer is kept: between "Hent fra CVR" and "Gem" it is asked for once.
KEPT_SECONDS = 3600


class RegisterError(Exception):
    """The register gave no usable answer; `code` says why in a word, without any content."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotRegisteredError(RegisterError):
    """The register answered that it does not know the number."""


class CompanyRegister(Protocol):
    """A register of companies: returns the facts of a CVR number, or raises `RegisterError`."""

    def fetch(self, cvr: str, today: datetime.date) -> RegisterFacts: ...


class HttpRegister:
    """The register behind an address of the settings."""

    def __init__(self, url: str, token: str = "") -> None:  # nosec B107 - none by default
        self.url = url
        self.token = token

    def fetch(self, cvr: str, today: datetime.date) -> RegisterFacts:
        """Return the facts of the company; `RegisterError` for any failure, whatever the register does."""
        try:
            content = self._get(cvr)
        except (OSError, http.client.HTTPException) as error:
            raise RegisterError(type(error).__name__) from error
        try:
            return read_answer(json.loads(content), cvr, today)
        except (ValueError, RecursionError) as error:
            raise RegisterError("unreadable") from error

    def _get(self, cvr: str) -> bytes:
        """Return the body of the answer. `http.client` follows no redirect."""
        address = urlsplit(self.url)
        secure = address.scheme == "https"
        connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = connect(address.hostname or "", address.port, timeout=TIMEOUT)
        until = time.monotonic() + LONGEST_REQUEST
        query = "&".join(filter(None, [address.query, urlencode({"country": "dk", "search": cvr})]))
        try:
            connection.request("GET", f"{address.path or '/'}?{query}", headers=self._headers())
            answer = connection.getresponse()
            if answer.status == HTTPStatus.NOT_FOUND:
                raise NotRegisteredError("not_found")
            if answer.status != HTTPStatus.OK:
                raise RegisterError(f"HTTP {answer.status}")
            return _read(answer, until)
        finally:
            connection.close()

    def _headers(self) -> Mapping[str, str]:
        headers = {"Accept": "application/json", "User-Agent": "JobFirst"}
        return headers | ({"Authorization": f"Bearer {self.token}"} if self.token else {})


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    """Return the whole body; `RegisterError` when it is too large, or comes too slowly."""
    content = bytearray()
    while chunk := answer.read1(CHUNK):
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise RegisterError("too_large")
        if time.monotonic() > until:
            raise RegisterError("too_slow")
    return bytes(content)


def is_register_on() -> bool:
    """Whether a register is set."""
    return bool(settings.JOBFIRST_COMPANY_REGISTER_URL)


def fetch_facts(cvr: str, today: datetime.date, *, anew: bool = False) -> RegisterFacts:
    """Return the register's facts of the company; an answer of the last hour is used again unless `anew`.

    Raises `RegisterError`, also when no register is set.
    """
    facts = None if anew else recent_facts(cvr)
    if facts is not None:
        return facts
    if not is_register_on():
        raise RegisterError("off")
    register: CompanyRegister = HttpRegister(
        settings.JOBFIRST_COMPANY_REGISTER_URL, settings.JOBFIRST_COMPANY_REGISTER_TOKEN
    )
    facts = register.fetch(cvr, today)
    cache.set(_key(cvr), facts.as_data(), KEPT_SECONDS)
    return facts


def recent_facts(cvr: str) -> RegisterFacts | None:
    """Return what the register answered of this company within the last hour, if anything."""
    data = cache.get(_key(cvr))
    return None if data is None else RegisterFacts.from_data(data)


def _key(cvr: str) -> str:
    return f"company-register:{cvr}"
