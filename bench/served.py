"""The site with the bare page beside it, as gunicorn serves it: `gunicorn bench.served:application`."""

import os

import devservices

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")

from django.conf import settings  # noqa: E402

settings.ROOT_URLCONF = "bench.bare"

from jobfirst.wsgi import application  # noqa: E402

__all__ = ["application"]
