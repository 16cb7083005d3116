"""Write the environment of a new installation.

A rehearsal on this machine: `python3 scripts/new_environment.py > .env`.

A real one behind a proxy that ends TLS: `--real https://jobfirst.example --folder DIR` writes two files for
two holders: `operator.env` for the operator, and `agency-share`, which the agency takes away. Better still
the agency makes its share on a machine of its own, `--agency-share-only --folder DIR`, and the operator adds
`--without-agency-share`. Both print the hash by which the agency knows its share in the commitments.

Needs nothing but Python. The files have secrets: keep them safe, and a copy of each, since CPR numbers cannot
be decrypted, and nobody can be drawn, without them.
"""

import argparse
import base64
import os
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from devservices.keys import AGENCY_SHARE, NAMES, PRIVATE, new_secret, random_key
from randomization.draw.commitments import share_hash

OPERATOR_FILE = "operator.env"
OWNER_FILE = "owner.env"
AGENCY_FILE = "agency-share"
#: Where the container finds the agency's file, and the folder of the host that is mounted there.
MOUNTED_AT = "/run/agency/agency-share"
HOST_FOLDER = "/srv/jobfirst-agency"
#: Where a machine without containers finds it.
AGENCY_FOLDER = "/etc/jobfirst-agency"


def environment(real: str | None) -> dict[str, str]:
    """Return every variable that docker-compose.yml needs; `real` is the URL of a real installation, which
    has the agency's share as a file."""
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
            "JOBFIRST_REQUIRE_SECOND_STEP": "false",
            "JOBFIRST_BASE_URL": "http://localhost:8000",
            "DJANGO_ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DJANGO_BEHIND_PROXY": "false",
            "EMAIL_URL": "smtp://mail:1025",
            "JOBFIRST_FROM_EMAIL": "jobfirst@localhost",
            "COMPOSE_PROFILES": "rehearsal",
        }
    del values[AGENCY_SHARE]
    return values | {
        f"{AGENCY_SHARE}_FILE": MOUNTED_AT,
        "JOBFIRST_AGENCY_SHARE_FOLDER": HOST_FOLDER,
        "JOBFIRST_MODE": "real",
        "JOBFIRST_INSECURE_HTTP": "false",
        "JOBFIRST_REQUIRE_SECOND_STEP": "true",
        "JOBFIRST_BASE_URL": real,
        "DJANGO_ALLOWED_HOSTS": urlsplit(real).hostname or "",
        "DJANGO_BEHIND_PROXY": "true",
        "EMAIL_URL": "smtp+tls://USER:PASSWORD@MAIL-SERVER:587",
        "JOBFIRST_FROM_EMAIL": f"jobfirst@{urlsplit(real).hostname}",
    }


def without_containers(values: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the variables of a machine without containers: the application's, and those of the owner.

    The addresses of PostgreSQL and Redis, which docker-compose.yml has, are those of the same machine.
    """
    passwords = {name: values.pop(name) for name in ("JOBFIRST_OWNER_PASSWORD", "JOBFIRST_APP_PASSWORD")}
    del values["POSTGRES_PASSWORD"], values["JOBFIRST_AGENCY_SHARE_FOLDER"]
    database = "127.0.0.1:5432/jobfirst"
    values |= {
        f"{AGENCY_SHARE}_FILE": f"{AGENCY_FOLDER}/{AGENCY_FILE}",
        "DATABASE_URL": f"postgres://jobfirst_app:{passwords['JOBFIRST_APP_PASSWORD']}@{database}",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "JOBFIRST_DATA_DIR": "/var/lib/jobfirst",
        "DJANGO_STATIC_FROM_SOURCE": "false",
        "DJANGO_STATIC_ROOT": "/opt/jobfirst/staticfiles",
    }
    owner_url = f"postgres://jobfirst_owner:{passwords['JOBFIRST_OWNER_PASSWORD']}@{database}"
    return values, passwords | {"DATABASE_OWNER_URL": owner_url}


def lines(values: dict[str, str]) -> str:
    """Return the variables as lines of an environment file."""
    return "".join(f"{name}={value}\n" for name, value in values.items())


def write_new(path: Path, text: str, mode: int) -> None:
    """Write a file that does not exist yet, readable by its owner alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def write_agency_share(folder: Path) -> None:
    """Write a new share for the agency, and print its hash as the commitments will publish it."""
    share = random_key()
    write_new(folder / AGENCY_FILE, f"{share}\n", 0o400)
    published = share_hash("agency", base64.urlsafe_b64decode(share)).hex()
    print(
        f"{folder / AGENCY_FILE}: for the agency alone, which keeps a copy and mounts it at {MOUNTED_AT} for "
        f"the draw. Do not leave it beside {OPERATOR_FILE}.\nIts hash in the commitments: {published}",
        file=sys.stderr,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the environment of a new installation.")
    parser.add_argument("--real", metavar="ADDRESS", help="the https:// address of a real installation")
    parser.add_argument("--folder", type=Path, help="where the two files of a real installation are written")
    parser.add_argument("--without-containers", action="store_true", help=f"also {OWNER_FILE}, for migrate")
    parser.add_argument("--without-agency-share", action="store_true", help="the agency made its own share")
    parser.add_argument("--agency-share-only", action="store_true", help="for the agency: only its own share")
    options = parser.parse_args()
    if options.real is not None and not options.real.startswith("https://"):
        parser.error("a real installation is reached by https:// only")
    if options.real is None and not options.agency_share_only:
        print(lines(environment(None)), end="")
        return
    if options.folder is None:
        parser.error("name an existing --folder: the shares of the two holders must not stand in one file")
    try:
        if not options.agency_share_only:
            values = environment(options.real)
            if options.without_containers:
                values, owner = without_containers(values)
                write_new(options.folder / OWNER_FILE, lines(owner), 0o600)
            write_new(options.folder / OPERATOR_FILE, lines(values), 0o600)
            print(
                f"{options.folder / OPERATOR_FILE}: for the operator. Set EMAIL_URL and JOBFIRST_FROM_EMAIL.",
                file=sys.stderr,
            )
        if not options.without_agency_share:
            write_agency_share(options.folder)
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")


if __name__ == "__main__":
    main()
