from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.companies.register.server import RegisterServer, running_register


@pytest.fixture
def register(settings) -> Iterator[RegisterServer]:
    """A register of companies on this machine, which the settings name."""
    cache.clear()
    with running_register() as server:
        settings.JOBFIRST_COMPANY_REGISTER_URL = server.url
        settings.JOBFIRST_COMPANY_REGISTER_TOKEN = "a-token"
        yield server
