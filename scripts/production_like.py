"""Run a manage.py command with the settings of a real installation, and made-up secrets.

`python scripts/production_like.py check --deploy` for the linter, `… collectstatic` for the container image.
No server is contacted: the addresses do not exist.
"""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from devservices.keys import NAMES, PRIVATE, SHARES, new_secret  # noqa: E402

PRODUCTION = {
    "JOBFIRST_MODE": "real",
    "JOBFIRST_BASE_URL": "https://jobfirst.example",
    "DJANGO_ALLOWED_HOSTS": "jobfirst.example",
    "DJANGO_STATIC_FROM_SOURCE": "false",
    "DATABASE_URL": "postgres://jobfirst_app@db.example/jobfirst?sslmode=verify-full",
    "DATABASE_OWNER_URL": "postgres://jobfirst_owner@db.example/jobfirst?sslmode=verify-full",
    "REDIS_URL": "unix:///run/redis/redis.sock?db=0",
    "JOBFIRST_FROM_EMAIL": "jobfirst@jobfirst.example",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example:587",
}

if __name__ == "__main__":
    inherited = {name: os.environ[name] for name in ("PATH", "DJANGO_STATIC_ROOT") if name in os.environ}
    environment = inherited | PRODUCTION
    environment |= {name: new_secret(name) for name in NAMES if name not in PRIVATE | SHARES}
    command = [sys.executable, "manage.py", *sys.argv[1:]]
    sys.exit(subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode)
