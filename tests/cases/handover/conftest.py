"""Somebody who takes over."""

import pytest


@pytest.fixture
def next_mentor(project):
    from tests.factories import UserFactory

    return UserFactory(name="Nina Ny", project=project, roles=["mentor"])
