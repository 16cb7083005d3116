"""What the tests of the draw share."""

import base64
import datetime

import pytest

from randomization.draw.shares import VARIABLES, Shares, demo_shares

ON = datetime.date(2016, 4, 4)


@pytest.fixture
def demo():
    """Shares everybody can make: with them a draw may run within the test's transaction."""
    return demo_shares(1)


@pytest.fixture
def shares(monkeypatch):
    """The system's own shares, in the environment."""
    made = Shares(bytes(range(32)), bytes(range(32, 64)))
    for holder, name in VARIABLES.items():
        monkeypatch.setenv(name, base64.urlsafe_b64encode(getattr(made, holder)).decode())
    return made


@pytest.fixture
def project(db):
    from tests.factories import ProjectFactory

    return ProjectFactory(slug="aalborg", codes=["0851"])


@pytest.fixture
def refer(project):
    """Accept `count` citizens of a target group, one day apart."""
    from tests.factories import ReferralFactory

    def refer(count, group="resource_programme", project=project, first=datetime.date(2016, 3, 1)):
        benefit = "resource_programme_benefit" if group == "resource_programme" else "cash_benefit"
        return [
            ReferralFactory(
                project=project,
                target_group=group,
                benefit=benefit,
                referred_on=min(first + datetime.timedelta(days=n), ON),
            )
            for n in range(count)
        ]

    return refer


@pytest.fixture
def one_transaction(db, shares, monkeypatch):
    """Let a draw with the system's own shares run within the test's transaction, which is much faster.

    That it must not, and why, is tested in test_two_steps.py.
    """
    from randomization.draw.actions import CurrentTransaction

    monkeypatch.setattr(CurrentTransaction, "template", "0::bigint")
