"""Checks of `check --deploy`: what leaves the machine is encrypted, and Redis asks for a password.

A name without a point is a container of the same machine (docker-compose.yml), and needs no TLS.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

LOCAL = {"", "localhost", "127.0.0.1", "::1"}
VERIFYING = {"verify-full", "verify-ca"}


def is_elsewhere(host: str | None) -> bool:
    """Whether a host is another machine: neither this one, nor a socket, nor a container beside this one."""
    name = host or ""
    return name not in LOCAL and not name.startswith("/") and ("." in name or ":" in name)


@register(Tags.security, deploy=True)
def check_transports(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """Warn of each connection to another machine that is not encrypted."""
    checks = (check_database, check_redis, check_mail, check_virus_scanner)
    return [Warning(text, id=name) for name, text in filter(None, (check() for check in checks))]


def check_database() -> tuple[str, str] | None:
    """Return what is wrong with DATABASE_URL: PostgreSQL elsewhere whose certificate is not verified."""
    database = settings.DATABASES["default"]
    mode = database.get("OPTIONS", {}).get("sslmode")
    if not is_elsewhere(database.get("HOST")) or mode in VERIFYING:
        return None
    return "jobfirst.W001", "DATABASE_URL names another machine without ?sslmode=verify-full."


def check_redis() -> tuple[str, str] | None:
    """Return what is wrong with REDIS_URL: Redis elsewhere without TLS or without a sign-in."""
    address = urlsplit(settings.REDIS_URL)
    is_known = address.password or "ssl_certfile" in parse_qs(address.query)
    if not is_elsewhere(address.hostname) or (address.scheme == "rediss" and is_known):
        return None
    return (
        "jobfirst.W002",
        "REDIS_URL names another machine without rediss:// and a password or a certificate.",
    )


def check_mail() -> tuple[str, str] | None:
    """Return what is wrong with EMAIL_URL: a mail server elsewhere that is spoken to in plain text."""
    is_encrypted = getattr(settings, "EMAIL_USE_TLS", False) or getattr(settings, "EMAIL_USE_SSL", False)
    if not is_elsewhere(settings.EMAIL_HOST) or is_encrypted:
        return None
    return "jobfirst.W003", "EMAIL_URL names another machine without smtp+tls:// or smtp+ssl://."


def check_virus_scanner() -> tuple[str, str] | None:
    """Return what is wrong with JOBFIRST_CLAMD_ADDRESS: clamd knows no TLS, so it must be on this machine."""
    if not is_elsewhere(settings.JOBFIRST_CLAMD_ADDRESS.rpartition(":")[0]):
        return None
    return (
        "jobfirst.W004",
        "JOBFIRST_CLAMD_ADDRESS names another machine: files would go there in plain text.",
    )
