"""Each test process has a Redis database of its own."""

import os

from django.conf import settings

from tests.conftest import NUMBER


def test_each_process_has_its_own_database_in_redis():
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    assert settings.REDIS_URL.endswith(f"db={NUMBER}")
    assert settings.CELERY_BROKER_URL.endswith(f"virtual_host={NUMBER}")
