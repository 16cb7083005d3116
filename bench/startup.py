"""Measures how long `manage.py check` takes to start, as a multiple of a bare Django project's.

The bare project is made in a temporary folder: the same third-party apps with their middleware and addresses,
Celery as its documentation sets it up, and nothing else. Prints seconds and
ratio as JSON.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import devservices

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")

from django.conf import settings  # noqa: E402

PROJECT = Path(__file__).resolve().parent.parent
ROUNDS = 7
SETTINGS = """
import os
import environ
SECRET_KEY = "bench"
INSTALLED_APPS = {apps}
MIDDLEWARE = {middleware}
ROOT_URLCONF = "bare.urls"
TEMPLATES = [
    {{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {{
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        }},
    }}
]
DATABASES = {{"default": environ.Env.db_url_config(os.environ["DATABASE_URL"])}}
CELERY_BROKER_URL = os.environ["REDIS_URL"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
USE_TZ = True
"""
FILES = {
    "bare/__init__.py": "from bare.celery import app\n",
    "bare/celery.py": """
import os
from celery import Celery
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bare.settings")
app = Celery("bare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
""",
    "bare/urls.py": """
from django.urls import include, path
urlpatterns = [path("", include("allauth.account.urls")), path("", include("allauth.mfa.urls"))]
""",
    "manage.py": """
import os
import sys
os.environ["DJANGO_SETTINGS_MODULE"] = "bare.settings"
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
""",
}


def is_own(name: str) -> bool:
    """Whether an app or a middleware is of this house."""
    return (PROJECT / name.partition(".")[0]).is_dir()


def make_bare_project(folder: Path) -> None:
    """Write the bare project."""
    (folder / "bare").mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    values = {
        "apps": [app for app in settings.INSTALLED_APPS if not is_own(app)],
        "middleware": [name for name in settings.MIDDLEWARE if not is_own(name)],
    }
    (folder / "bare" / "settings.py").write_text(SETTINGS.format(**values))


def processor_seconds(folder: Path) -> float:
    """Seconds of processor time that `manage.py check` takes in a folder."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=folder,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the median seconds of both, and the ratio."""
    with tempfile.TemporaryDirectory() as name:
        bare = Path(name)
        make_bare_project(bare)
        for folder in (bare, PROJECT):  # bytecode is written once
            processor_seconds(folder)
        seconds = [(processor_seconds(bare), processor_seconds(PROJECT)) for _ in range(ROUNDS)]
    of_bare, of_ours = (statistics.median(times) for times in zip(*seconds, strict=True))
    print(json.dumps({"seconds": of_ours, "ratio": of_ours / of_bare}))


if __name__ == "__main__":
    main()
