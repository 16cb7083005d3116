import pytest


@pytest.fixture
def odense(db):
    from tests.factories import ProjectFactory

    return ProjectFactory(slug="odense", codes=["0461"])


@pytest.fixture
def aarhus(db):
    from tests.factories import ProjectFactory

    return ProjectFactory(slug="aarhus", codes=["0751"])
