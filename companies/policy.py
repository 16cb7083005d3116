"""Permissions on companies. Permissions on one course are in `cases.policy`, those on work agreements in
`companies.signing.policy`."""

from collections.abc import Collection

from django.apps import apps
from django.db.models import Model, Q
from rules.predicates import predicate

from accounts.models import User
from accounts.policy import led_project_ids
from accounts.roles import Role
from cases.models import Course
from cases.policy import is_project_staff
from companies.extension_points import moving_rows
from companies.models import (
    CompanyAcquaintance,
    CompanyCall,
    CompanyContact,
    CompanyNote,
    Dialogue,
    JobOpening,
    Match,
    Placement,
)
from jobfirst.row_security.context import all_projects

#: The roles that register companies, and write what their project keeps of them.
KEEPERS = (Role.JOB_CONSULTANT, Role.COURSE_OWNER, Role.PROJECT_LEADER)


def keeping_project_ids(user: User) -> frozenset[int]:
    """Return the ids of the projects for which the user writes of companies (D39)."""
    return user.project_ids(*KEEPERS)


@predicate
def finds_workplaces(user: User) -> bool:
    """Whether the user is job consultant in a project, and so has placements to look after."""
    return user.has_role(Role.JOB_CONSULTANT)


@predicate
def keeps_companies(user: User) -> bool:
    """Whether the user may register and correct companies and their contact persons."""
    return user.has_role(*KEEPERS)


@predicate
def delivers_placements(user: User) -> bool:
    """Whether the user may import placements from a file."""
    return user.has_role(Role.JOB_CONSULTANT, Role.PROJECT_LEADER)


@predicate
def arranges_shared_companies(user: User) -> bool:
    """Whether the user may record take-overs of any company; it is then in the menu."""
    return user.has_role(Role.AGENCY, Role.ADMINISTRATOR)


@predicate
def arranges_companies(user: User) -> bool:
    """Whether the user may record take-overs, and put companies together; which: `may_change_companies`."""
    return user.has_role(Role.PROJECT_LEADER, Role.AGENCY, Role.ADMINISTRATOR)


@all_projects("whether another project uses the company")
def may_change_companies(user: User, companies: Collection[int]) -> bool:
    """Whether the user may change what all projects share of these companies (ids).

    What several projects use is changed by the agency or the administrator alone; what only the user's own
    project uses, also by its leader (docs/decisions/2026-11-27-shared-companies.md).
    """
    if arranges_shared_companies(user):
        return True
    placements = Placement.everything.filter(company__in=companies).values("course_id")
    matches = Match.objects.filter(company__in=companies).values("course_id")
    courses = Course.objects.filter(Q(pk__in=placements) | Q(pk__in=matches))
    led = led_project_ids(user)
    return bool(led) and not courses.exclude(project_id__in=led).exists()


@all_projects("whether another project uses the company")
def may_merge_companies(user: User, companies: Collection[int]) -> bool:
    """Whether the user may put these companies (ids) together, or take them apart.

    As `may_change_companies`; a leader also only when no other project has a dialogue or an activity with
    them, a contact person, an opening, a note or a call there, or somebody who knows them. The same holds for
    workplaces of a company.
    """
    if arranges_shared_companies(user):
        return True
    if not may_change_companies(user, companies):
        return False
    led = led_project_ids(user)
    of_courses: tuple[type[Model], ...] = (Dialogue, *moving_rows())
    if any(
        model._base_manager.filter(company__in=companies).exclude(course__project_id__in=led).exists()
        for model in of_courses
    ):
        return False
    project_rows = (CompanyContact, JobOpening, CompanyNote, CompanyCall, CompanyAcquaintance)
    return not any(
        model._base_manager.filter(company__in=companies).exclude(project_id__in=led).exists()
        for model in project_rows
    )


def readable_writers(user: User, writers: Collection[int | None]) -> frozenset[int | None]:
    """Return whose reasons for a take-over or a merge the user reads, of these writers (ids) (D39).

    The act is the same for all projects, but what a project wrote about it is its own. Read are the reasons
    of the agency and the administrators, of whoever works or worked in one of the user's projects, one's own,
    and those of nobody. One query.
    """
    if arranges_shared_companies(user):
        return frozenset(writers)
    memberships = apps.get_model("accounts", "MembershipEvent").objects.filter(user_id__in=writers)
    read = Q(project_id__in=user.project_ids()) | Q(role__in=(Role.AGENCY, Role.ADMINISTRATOR))
    return frozenset({None, user.pk, *memberships.filter(read).values_list("user_id", flat=True)})


PERMISSIONS = {
    "companies.my_placements": finds_workplaces,
    "companies.list_companies": is_project_staff,
    "companies.list_dialogues": is_project_staff,
    "companies.write_of_companies": is_project_staff,
    "companies.manage_companies": keeps_companies,
    "companies.import_placements": delivers_placements,
    "companies.arrange_companies": arranges_companies,
    "companies.arrange_shared_companies": arranges_shared_companies,
}
