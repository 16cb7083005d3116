import time

import pytest

from tests.devservices.clocks import HurriedClock


@pytest.fixture
def hurried_clock(monkeypatch: pytest.MonkeyPatch) -> HurriedClock:
    """Advance the clock by an hour at each reading, so that every deadline has passed at the first check."""
    clock = HurriedClock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock
