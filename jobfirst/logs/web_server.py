"""The logger of gunicorn, in the form of all other lines (gunicorn.conf.py)."""

from typing import Any

from gunicorn.glogging import Logger

from jobfirst.logs.handlers import formatter

LAYOUT = "{asctime} [{process}] [{levelname}] {message}"


class WebServerLogger(Logger):
    """Writes the server's lines as the site writes its own. Gunicorn's own access log stays off."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(formatter(LAYOUT))
