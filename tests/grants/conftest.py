"""Fixtures of the grants: two projects with grant events, and requests as one of their people."""

import pytest


@pytest.fixture
def trial(db):
    """Two projects, three courses, and the people who see them: see `tests.scenarios.two_grant_projects`."""
    from tests.scenarios.two_grant_projects import two_grant_projects

    return two_grant_projects()


@pytest.fixture
def bridged_course(trial):
    """A third course of Aalborg: a completion that bridges a weekend, and a spell that earns nothing."""
    from tests.scenarios.two_grant_projects import course_bridging_a_weekend

    return course_bridging_a_weekend(trial.aalborg)


@pytest.fixture
def get_as(client, trial):
    """Return a function that gets a page as one of the people of the trial and checks the status."""

    def get_as(role, path, query=None, status=200):
        client.force_login(getattr(trial, role))
        response = client.get(path, query)
        assert response.status_code == status
        return response

    return get_as


@pytest.fixture
def log_in(client):
    """Return a function that signs the client in as a user and returns it."""

    def log_in(user):
        client.force_login(user)
        return client

    return log_in
