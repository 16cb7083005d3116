"""The web entry point (gunicorn jobfirst.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

import devservices

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
application = get_wsgi_application()

from jobfirst.logs.handlers import clean_web_server  # noqa: E402  # after the settings

clean_web_server()
