"""A course with its team and the project's leader; nothing that another test left in the cache."""

import pytest
from django.core.cache import cache

from tests.scenarios.course_team import course, holder, leader, project, wednesday

__all__ = ["course", "holder", "leader", "project", "wednesday"]


@pytest.fixture(autouse=True)
def nothing_drawn():
    """Forget what was drawn: what another test had written, and took back, may stand in it."""
    cache.clear()
