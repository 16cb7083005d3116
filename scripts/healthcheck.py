"""The container's health check: `healthcheck.py web|worker|beat`, exit code 0 when it is well.

web: this server can answer requests (`/sundhed/web/` on port 8000 of this machine). worker and beat: they
have touched their file (JOBFIRST_ALIVE_FILE) lately: a worker every 10 seconds, beat
at each tick, once a minute.
"""

import http.client
import os
import sys
import time
from pathlib import Path

MOST_SECONDS = {"worker": 60, "beat": 180}


def is_web_well() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=8)
    host = os.environ["DJANGO_ALLOWED_HOSTS"].split(",")[0]
    try:
        connection.request("GET", "/sundhed/web/", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_alive(process: str) -> bool:
    try:
        touched_at = Path(os.environ["JOBFIRST_ALIVE_FILE"]).stat().st_mtime
    except (KeyError, FileNotFoundError):
        return False
    return time.time() - touched_at < MOST_SECONDS[process]


if __name__ == "__main__":
    name = sys.argv[1]
    sys.exit(0 if (is_web_well() if name == "web" else is_alive(name)) else 1)
