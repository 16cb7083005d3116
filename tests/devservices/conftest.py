import time

import pytest

from tests.devservices.clocks import HurriedClock


@pytest.fixture
def hurried_clock(monkeypatch: pytest.MonkeyPatch) -> HurriedClock:
    """Make an hour pass each time the clock is read, so that every deadline has passed at its first check."""
    clock = HurriedClock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock
