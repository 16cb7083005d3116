"""Fixtures of the reckoning."""

import pytest


@pytest.fixture
def town(db):
    """A project with six courses and two companies: see `tests.scenarios.project_with_two_companies`."""
    from tests.scenarios.project_with_two_companies import project_with_two_companies

    return project_with_two_companies()
