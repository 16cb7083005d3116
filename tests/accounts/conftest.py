"""What tests of passwords, sessions and addresses share."""

import pytest
from django.core.cache import cache


@pytest.fixture
def no_earlier_attempts():
    """No failed sign-in is counted yet."""
    cache.clear()


@pytest.fixture
def mentor():
    from accounts.roles import Role
    from tests.factories import ProjectFactory, UserFactory

    return UserFactory(project=ProjectFactory(), roles=[Role.MENTOR], email="mentor@example.invalid")


@pytest.fixture
def anna():
    """An administrator."""
    return _administrator("anna")


@pytest.fixture
def bo():
    """Another administrator."""
    return _administrator("bo")


def _administrator(name):
    from accounts.roles import Role
    from tests.factories import UserFactory

    email = f"{name}@example.invalid"
    return UserFactory(roles=[Role.ADMINISTRATOR], name=f"{name.title()} Admin", email=email)
