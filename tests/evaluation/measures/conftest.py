"""The measures on the demo trial."""

from tests.demo.conftest import ON, demo, trial

__all__ = ["ON", "demo", "trial"]
