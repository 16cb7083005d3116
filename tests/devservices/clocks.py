"""A clock on which every deadline passes at once (the fixture is in conftest.py)."""

import time


class HurriedClock:
    """`time.monotonic` that goes forward by `step` seconds each time it is read."""

    def __init__(self, step: float = 3600) -> None:
        self.step = step
        self.seconds = time.monotonic()

    def __call__(self) -> float:
        self.seconds += self.step
        return self.seconds
