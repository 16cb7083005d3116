"""An internship's work agreement that awaits its signatures."""

import pytest
from django.core.cache import cache

from tests.scenarios.course_team import leader

__all__ = ["leader"]


@pytest.fixture(autouse=True)
def fresh_rates() -> None:
    """Count no requests of earlier tests."""
    cache.clear()


@pytest.fixture
def agreement(internship):
    """The first version, put up for signing."""
    from tests.scenarios.work_agreements import save_agreement

    return save_agreement(internship)
