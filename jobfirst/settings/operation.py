"""Settings of the log and of monitoring (docs/operations.md)."""

import re
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from jobfirst.logs.handlers import log_format

env = environ.Env()


def values(mode: str) -> dict[str, Any]:
    """Return the settings by name, from the environment; `mode` is `rehearsal` or `real`.

    ImproperlyConfigured with the variable that cannot be used.
    """
    return {**_monitoring(), **_log(mode)}


def _monitoring() -> dict[str, Any]:
    """Return the token that shows more than an outsider sees, where errors are reported (nowhere while it is
    empty), the file that worker or beat touches, and the room on disk below which the system is not well."""
    token = env.str("JOBFIRST_MONITORING_TOKEN", default="")
    if not re.fullmatch(r"(\S{20,})?", token):
        raise ImproperlyConfigured(
            "JOBFIRST_MONITORING_TOKEN must be empty or at least 20 characters without spaces"
        )
    address = env.str("JOBFIRST_SENTRY_DSN", default="")
    if not re.fullmatch(r"(https://.+|http://\w+@127\.0\.0\.1:\d+/\d+)?", address):
        raise ImproperlyConfigured("JOBFIRST_SENTRY_DSN must be an https:// URL")
    return {
        "JOBFIRST_MONITORING_TOKEN": token,
        "JOBFIRST_SENTRY_DSN": address,
        "JOBFIRST_ALIVE_FILE": env.str("JOBFIRST_ALIVE_FILE", default=""),
        "JOBFIRST_LEAST_DISK_MB": env.int("JOBFIRST_LEAST_DISK_MB", default=500),
    }


def _log(mode: str) -> dict[str, Any]:
    """Return the log: JSON, or text for people in the embedded rehearsal."""
    try:
        chosen = log_format()
    except ValueError:
        raise ImproperlyConfigured("JOBFIRST_LOG_FORMAT must be 'json' or 'text'") from None
    if chosen == "text" and mode == "real":
        raise ImproperlyConfigured("JOBFIRST_LOG_FORMAT must be 'json' when JOBFIRST_MODE is 'real'")
    level = env.str("JOBFIRST_LOG_LEVEL", default="WARNING")
    return {"JOBFIRST_LOG_FORMAT": chosen, "LOGGING": logging_of(level)}


def logging_of(level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything of that level to standard error."""
    quiet = {"level": "WARNING"}  # their DEBUG and INFO lines hold statements, mails and addresses
    masked = ("django.request", "django.security.csrf", "django.server")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "jobfirst.logs.handlers.formatter"}},
        "filters": {
            "without_secrets": {"()": "jobfirst.logs.masking.WithoutSecrets"},
            "without_refusals": {"()": "jobfirst.logs.handlers.WithoutRefusals"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["without_refusals"],
            }
        },
        "loggers": {
            **{name: {"filters": ["without_secrets"]} for name in masked},
            "jobfirst.logs.access_log": {"level": "INFO"},
            **dict.fromkeys(("django.db.backends", "asyncio", "mail"), quiet),
        },
        "root": {"handlers": ["stderr"], "level": level},
    }
