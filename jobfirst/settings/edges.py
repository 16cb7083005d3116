"""Settings of the edges: limits per person, requests, the policy of pages, whom to tell of a fault
(docs/operations.md)."""

import re
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from jobfirst.settings.rates import parsed_limits

env = environ.Env()

CLAMD = r"(/[^\s]+|[\w.:-]+:[1-9]\d{0,4})?"
_CONTACT = r"\s*(mailto:[^\s,@]+@[^\s,]+|https://[^\s,]+)\s*"

#: What one person may do within an hour and a day (audit/limits.py), with the variable and its default.
LIMITS = {
    "cpr_search": ("JOBFIRST_LIMIT_CPR_SEARCHES", "60/hour,200/day"),
    "name_search": ("JOBFIRST_LIMIT_NAME_SEARCHES", "200/hour,800/day"),
    "opening": ("JOBFIRST_LIMIT_OPENINGS", "15/hour,40/day"),
    "download": ("JOBFIRST_LIMIT_DOWNLOADS", "100/hour,300/day"),
    "upload": ("JOBFIRST_LIMIT_UPLOADS", "40/hour,120/day"),
}


def limits() -> dict[str, Any]:
    """Return the limits of what people do and send, and the contact, by name, from the environment."""
    largest_file = env.int("JOBFIRST_MAX_IMPORT_BYTES", default=50 * 1024 * 1024)
    contacts = _optional(
        "JOBFIRST_SECURITY_CONTACT",
        rf"({_CONTACT}(,{_CONTACT})*)?",
        "a comma list of mailto: or https:// addresses",
    )
    return {
        "JOBFIRST_LIMITS": {usage: _limit(name, default) for usage, (name, default) in LIMITS.items()},
        "JOBFIRST_MAX_IMPORT_ROWS": env.int("JOBFIRST_MAX_IMPORT_ROWS", default=200_000),
        "JOBFIRST_MAX_IMPORT_BYTES": largest_file,
        # A file of an import, with what a form adds to it.
        "JOBFIRST_MAX_REQUEST_BYTES": largest_file + 1024 * 1024,
        # The daemon that scans uploaded files (jobfirst/files/virus_scan.py); empty: none does.
        "JOBFIRST_CLAMD_ADDRESS": _optional(
            "JOBFIRST_CLAMD_ADDRESS", CLAMD, "HOST:PORT or the path of a socket file"
        ),
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 5 * 1024 * 1024,
        "JOBFIRST_SECURITY_CONTACT": [contact.strip() for contact in contacts.split(",") if contact.strip()],
    }


def transport(*, insecure_http: bool) -> dict[str, Any]:
    """Return what a browser is told of https, referrers and frames."""
    return {
        "SECURE_SSL_REDIRECT": not insecure_http,
        # A calendar program that asks by http would go on showing its secret on the way: it gets 404.
        "SECURE_REDIRECT_EXEMPT": [r"^paamindelser/kalender/[^/]+\.ics$"],
        "SECURE_HSTS_SECONDS": 0 if insecure_http else 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": not insecure_http,
        "SECURE_HSTS_PRELOAD": not insecure_http,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
    }


def policy(*, insecure_http: bool) -> dict[str, Any]:
    """Return the directives of the pages' policy: everything from this host, nothing written into a page.

    Browsers report what it stopped to the address in JOBFIRST_CSP_REPORT_URI, nowhere while that is empty: a
    report holds the page's address.
    """
    directives: dict[str, Any] = {
        "default-src": [NONE],
        "script-src": [SELF],
        "script-src-attr": [NONE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": not insecure_http,
    }
    if address := _optional("JOBFIRST_CSP_REPORT_URI", r"(https://[^\s;,]+)?", "an https:// address"):
        directives["report-uri"] = [address]
    return directives


def _limit(name: str, default: str) -> str:
    """Return the variable with the limits of a usage, as it is written."""
    value: str = env.str(name, default=default)
    try:
        parsed_limits(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be written like 40/hour,150/day, or off") from None
    return value


def _optional(name: str, pattern: str, requirement: str) -> str:
    value: str = env.str(name, default="")
    if not re.fullmatch(pattern, value):
        raise ImproperlyConfigured(f"{name} must be {requirement}")
    return value
