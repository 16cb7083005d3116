"""Who has a permission, in words: asked of the policies themselves, so that no page names another role."""

from collections.abc import Iterator

from django.utils.functional import Promise
from rules.permissions import has_perm

from accounts.models import User
from accounts.roles import TRIAL_WIDE, Role
from cases.models import Course, CourseFunction, FunctionHolding
from jobfirst.values.dates import EARLIEST

#: Ids of the person and the project that the policies are asked about; they are never looked up.
NOBODY, NOWHERE = 0, 0


def roles_with(perm: str) -> list[str | Promise]:
    """Return the names of the roles that have a permission which is asked without a subject."""
    return [role.label for role in Role if has_perm(perm, _person(role))]


def on_a_course_with(perm: str) -> list[str | Promise]:
    """Return the names of the functions, and of the leader's role, that have a permission on a course."""
    return [role.label for role, course in _relations() if has_perm(perm, _person(role), course)]


def _relations() -> Iterator[tuple[Role, Course]]:
    """Yield each role of a project, with a course on which a person of this role holds the function."""
    for role in Role:
        if role == Role.PROJECT_LEADER:
            yield role, _course()
        elif role.value in CourseFunction.values:
            yield role, _course(FunctionHolding(function=role.value, user_id=NOBODY, from_on=EARLIEST))


def _person(role: Role) -> User:
    """Return a user, not to be saved, who has one role: in the project, or in the whole trial."""
    person = User(pk=NOBODY)
    person.__dict__["held_roles"] = frozenset({(None if role in TRIAL_WIDE else NOWHERE, role.value)})
    person.__dict__["_rights"] = []
    return person


def _course(*holdings: FunctionHolding) -> Course:
    """Return a course of the project, not to be saved, with these function holdings."""
    course = Course(pk=NOWHERE, project_id=NOWHERE)
    course.__dict__["_prefetched_objects_cache"] = {"holdings": list(holdings)}
    return course
