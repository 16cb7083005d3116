"""A project's award with a budget of 500,000 kroner for staff and a fixed grant per municipality."""

import datetime
from decimal import Decimal

from accounts.models import Project
from grants.awards import actions
from grants.models import Award
from tests.factories import UserFactory

SPRING_2016 = datetime.date(2016, 3, 1)


def entered_award(
    project: Project,
    day: datetime.date = SPRING_2016,
    target: int = 100,
    amount: Decimal = Decimal(850000),
) -> Award:
    """Enter an award from the day on; `amount` is the fixed grant per municipality."""
    return actions.enter_award(
        project,
        day,
        target,
        UserFactory(),
        reason="Tilsagnsbrev",
        fixed=dict.fromkeys(project.municipalities.all(), amount),
        budget={"staff": Decimal(500000)},
    )
