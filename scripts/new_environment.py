"""Print the environment of a new installation: `python3 scripts/new_environment.py > .env`.

By default a rehearsal on this machine; `--real https://jobfirst.example` for a real one behind a proxy that
ends TLS. Needs nothing but Python. The output has secrets: keep the file safe, and a copy of it, since the
CPR numbers cannot be decrypted without its keys.
"""

import argparse
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from devservices.keys import NAMES, PRIVATE, new_secret


def environment(real: str | None) -> dict[str, str]:
    """Return every variable that docker-compose.yml needs; `real` is the URL of a real installation."""
    passwords = (
        "POSTGRES_PASSWORD",
        "JOBFIRST_OWNER_PASSWORD",
        "JOBFIRST_APP_PASSWORD",
        "JOBFIRST_REDIS_PASSWORD",
    )
    values = {name: secrets.token_hex(32) for name in passwords}
    values |= {name: new_secret(name) for name in NAMES if name not in PRIVATE}
    if real is None:
        return values | {
            "JOBFIRST_MODE": "rehearsal",
            "JOBFIRST_INSECURE_HTTP": "true",
            "JOBFIRST_BASE_URL": "http://localhost:8000",
            "DJANGO_ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DJANGO_BEHIND_PROXY": "false",
            "EMAIL_URL": "smtp://mail:1025",
        }
    return values | {
        "JOBFIRST_MODE": "real",
        "JOBFIRST_INSECURE_HTTP": "false",
        "JOBFIRST_BASE_URL": real,
        "DJANGO_ALLOWED_HOSTS": urlsplit(real).hostname or "",
        "DJANGO_BEHIND_PROXY": "true",
        "EMAIL_URL": "smtp+tls://USER:PASSWORD@MAIL-SERVER:587",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Prints the environment of a new installation.")
    parser.add_argument("--real", metavar="ADDRESS", help="the https:// address of a real installation")
    address = parser.parse_args().real
    if address is not None and not address.startswith("https://"):
        parser.error("a real installation is reached by https:// only")
    for name, value in environment(address).items():
        print(f"{name}={value}")
    if address is not None:
        print("EMAIL_URL must be edited: the mail server of the installation.", file=sys.stderr)
