"""Checks of `check --deploy`: by what this system signs in to PostgreSQL and Redis (docs/operations.md).

A real system signs in by short-lived certificates. A password is warned of; a set of certificates with which
no connection would be made, or whose server would not be verified, is an error.
"""

import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import environ
from cryptography import x509
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from jobfirst import clock, mode

#: The names of the parameters: certificate, key, authority, and what makes the server be verified.
POSTGRES = ("sslcert", "sslkey", "sslrootcert", ("sslmode", "verify-full"))
REDIS = ("ssl_certfile", "ssl_keyfile", "ssl_ca_certs", ("ssl_cert_reqs", "required"))
#: Less than this is left: the renewal does not run.
SOON = datetime.timedelta(days=1)


class Address(NamedTuple):
    """A connection as its variable says it."""

    variable: str
    password: str | None
    parameters: dict[str, Any]
    names: tuple[str, str, str, tuple[str, str]]

    @property
    def has_certificate(self) -> bool:
        """Whether it signs in by a certificate, or is meant to."""
        return any(name in self.parameters for name in self.names[:2])


def addresses() -> list[Address]:
    """Return the connections whose variables are set."""
    databases = {"DATABASE_URL": settings.DATABASES["default"]}
    if settings.DATABASE_OWNER_URL:
        databases["DATABASE_OWNER_URL"] = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    redis = urlsplit(settings.REDIS_URL)
    return [
        *(
            Address(variable, database.get("PASSWORD"), database.get("OPTIONS", {}), POSTGRES)
            for variable, database in databases.items()
        ),
        Address("REDIS_URL", redis.password, dict(parse_qsl(redis.query)), REDIS),
    ]


@register(Tags.security, deploy=True)
def check_credentials(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """Return a warning for each standing password of a real system, and what is wrong with certificates."""
    messages: list[CheckMessage] = []
    for address in addresses():
        if address.has_certificate:
            messages += certificate_faults(address)
        elif address.password and not mode.is_rehearsal():
            text = f"{address.variable} has a standing password: sign in by a certificate."
            messages.append(Warning(text, id="jobfirst.W005"))
    return messages


def certificate_faults(address: Address) -> list[CheckMessage]:
    """Return what is wrong with the certificate of an address; nothing of its content but the days."""
    certificate, key, authority, (verify, value) = address.names
    missing = [name for name in (certificate, key, authority) if not address.parameters.get(name)]
    if missing or address.parameters.get(verify) != value:
        needed = ", ".join(missing or [f"{verify}={value}"])
        return [Error(f"{address.variable} has a certificate, but lacks {needed}.", id="jobfirst.E005")]
    try:
        texts = [Path(address.parameters[name]).read_bytes() for name in (certificate, key, authority)]
        until = x509.load_pem_x509_certificate(texts[0]).not_valid_after_utc
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no certificate"
        return [Error(f"A file of {address.variable} cannot be read: {reason}.", id="jobfirst.E006")]
    if Path(address.parameters[key]).stat().st_mode & 0o077:
        return [Error(f"The key of {address.variable} is open to others: mode 0600.", id="jobfirst.E007")]
    left = until - clock.now()
    if left <= datetime.timedelta():
        return [Error(f"The certificate of {address.variable} has expired.", id="jobfirst.E008")]
    if left < SOON:
        return [Warning(f"The certificate of {address.variable} was not renewed.", id="jobfirst.W006")]
    return []
