"""A project in Aalborg, citizens referred to it, and the shares of the seed to draw them with.

The fixtures are for every test (tests/conftest.py). They import the models when they are used.
"""

import base64
import datetime
import os

import pytest

from randomization.draw.shares import VARIABLES, Shares, demo_shares, file_variable

LAST_REFERRAL_ON = datetime.date(2016, 4, 4)  # the day of the draw, `tests.factories.DRAWN_ON`


@pytest.fixture
def demonstration():
    """Shares that everybody can make: with them a draw may run within the test's transaction."""
    return demo_shares(1)


@pytest.fixture
def system_shares(monkeypatch):
    """The system's own shares, in the environment."""
    shares = Shares(bytes(range(32)), bytes(range(32, 64)))
    for holder, variable in VARIABLES.items():
        monkeypatch.setenv(variable, base64.urlsafe_b64encode(getattr(shares, holder)).decode())
    return shares


@pytest.fixture
def agency_share_file(system_shares, monkeypatch, tmp_path):
    """The agency's share in a file of its own, as a real trial has it; the operator's in the environment."""
    folder = tmp_path / "agency"
    folder.mkdir()
    path = folder / "agency-share"
    path.write_text(os.environ[VARIABLES["agency"]] + "\n")
    path.chmod(0o400)
    monkeypatch.delenv(VARIABLES["agency"])
    monkeypatch.setenv(file_variable("agency"), str(path))
    return path


@pytest.fixture
def aalborg(db):
    """A project of one municipality, Aalborg (0851)."""
    from tests.factories import ProjectFactory

    return ProjectFactory(slug="aalborg", name="Aalborg", codes=["0851"])


@pytest.fixture
def refer_citizens(aalborg):
    """Refer `count` eligible citizens of a target group to Aalborg, one a day until the day of the draw."""
    from tests.factories import ReferralFactory

    def refer(count, group="resource_programme", first=datetime.date(2016, 3, 1)):
        benefit = "resource_programme_benefit" if group == "resource_programme" else "cash_benefit"
        return [
            ReferralFactory(
                project=aalborg,
                target_group=group,
                benefit=benefit,
                referred_on=min(first + datetime.timedelta(days=number), LAST_REFERRAL_ON),
            )
            for number in range(count)
        ]

    return refer


@pytest.fixture
def draw_within_transaction(db, system_shares, monkeypatch):
    """Let a draw with the system's own shares run within the test's transaction, which is much faster.

    That it must not, and why, is tested in tests/randomization/draw/test_two_steps.py.
    """
    from randomization.draw.actions import CurrentTransaction

    monkeypatch.setattr(CurrentTransaction, "template", "0::bigint")
