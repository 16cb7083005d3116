"""Fills an empty system for the drill of a restore: `python -m bench.fill_drill 20000`.

The citizens and the histories of their courses by COPY (bench/fill.py), and besides what a restored system is
verified by: a ledger of 2,000 draws, statements in every state, and a sealed audit log.
"""

import sys
from datetime import timedelta

from bench.fill import fill  # isort: skip  # it sets up Django

from accounts.models import Project, User
from accounts.roles import Role
from audit.chain import sealing
from bench.draw import project_with_a_queue
from demo.money import STATES, last_quarter_end, submit_statement, take_to_state
from demo.people.teams import Team
from grants.models import Statement
from jobfirst import clock
from jobfirst.row_security.context import all_projects
from randomization.draw.actions import draw_project
from randomization.models import Allocation


def add_statements() -> None:
    """Submit a statement of each of the largest projects, and take them on to the states of the demo."""
    first, second = User.objects.filter(memberships__role=Role.AGENCY).order_by("email")
    cut_off = last_quarter_end(clock.today())
    for project, state in zip(Project.objects.order_by("-target_count", "slug"), STATES, strict=False):
        leader = User.objects.filter(
            memberships__role=Role.PROJECT_LEADER, memberships__project=project
        ).earliest("email")
        team = Team(project, (), {Role.PROJECT_LEADER: [leader]})
        take_to_state(state, submit_statement(team, cut_off), first, second)


def add_draws() -> None:
    """Draw 2,000 citizens of one more project."""
    day = clock.today() - timedelta(days=30)
    draw_project(project_with_a_queue(day), day)


@all_projects("the drill has the whole trial")
def main(citizens: int) -> None:
    """Fill the system, unless it is filled already."""
    fill(citizens)
    if not Statement.objects.exists():
        add_statements()
    if not Allocation.objects.exists():
        add_draws()
    sealing.seal()


if __name__ == "__main__":
    main(int(sys.argv[1]))
