"""The trial's pages are tested on draws: the fixtures of the draw."""

from tests.randomization.conftest import demo, one_transaction, project, refer, shares

__all__ = ["demo", "one_transaction", "project", "refer", "shares"]
