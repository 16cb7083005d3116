"""A course with its team, and people with other relations to it."""

from tests.scenarios.course_team import (
    agency,
    as_user,
    colleague,
    course,
    holder,
    leader,
    project,
    stranger,
    wednesday,
)
from tests.scenarios.import_files import (
    import_referrals,
    odense,
    odense_course,
    odense_staff,
    run_import,
)

__all__ = [
    "agency",
    "as_user",
    "colleague",
    "course",
    "holder",
    "import_referrals",
    "leader",
    "odense",
    "odense_course",
    "odense_staff",
    "project",
    "run_import",
    "stranger",
    "wednesday",
]
