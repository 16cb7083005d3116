"""Permissions on citizens, referrals and courses. The only place in this app that names roles.

`Course.objects.visible_to` decides which courses a user sees. The predicates here decide what the user may do
with a visible course, and which pages the user has.
"""

from django.db.models import Q, QuerySet
from rules.predicates import Predicate, always_true, predicate

from accounts.models import Membership, User
from accounts.policy import (
    is_administrator,
    leads_a_project,
    led_or_referring_project_ids,
    led_project_ids,
)
from accounts.roles import Role
from cases.models import Course, CourseFunction, Referral
from jobfirst import clock

STAFF_ROLES = (
    Role.PROJECT_LEADER,
    Role.COORDINATING_CASEWORKER,
    Role.COURSE_OWNER,
    Role.JOB_CONSULTANT,
    Role.MENTOR,
)


def held_functions(user: User, course: Course) -> frozenset[str]:
    """Return the functions of the course that the user holds today, or in which the user stands in for the
    holder; fetched once per request and course."""
    cache: dict[int, frozenset[str]] = user.__dict__.setdefault("_held_functions", {})
    if course.pk not in cache:
        today = clock.today()
        cache[course.pk] = frozenset(
            holding.function
            for holding in course.holdings.all()
            if today in holding.span
            and course.project_id in user.project_ids()
            and user.acts_for(holding.user_id, holding.function, course.project_id, today)
        )
    return cache[course.pk]


@predicate
def is_project_staff(user: User) -> bool:
    """Whether the user has any role in a project."""
    return user.has_role(*STAFF_ROLES)


@predicate
def refers_citizens(user: User) -> bool:
    return user.has_role(Role.COORDINATING_CASEWORKER)


@predicate
def mentors(user: User) -> bool:
    return user.has_role(Role.MENTOR)


@predicate
def owns_courses(user: User) -> bool:
    return user.has_role(Role.COURSE_OWNER)


@predicate
def leads_course(user: User, course: Course | None) -> bool:
    return course is not None and user.has_role(Role.PROJECT_LEADER, project_id=course.project_id)


@predicate
def leads_project_of(user: User, subject: Course | Referral | None) -> bool:
    """Whether the user leads the project of the course or referral. (Of those who were refused, and of the
    control group, there is no course.)"""
    return (
        subject is not None
        and subject.project_id is not None
        and user.has_role(Role.PROJECT_LEADER, project_id=subject.project_id)
    )


@predicate
def works_on_course(user: User, course: Course | None) -> bool:
    """Whether the user holds one of the four functions today."""
    return course is not None and bool(held_functions(user, course))


def holds(*functions: str) -> Predicate:
    """Return a predicate: the user holds one of the named functions of the course today."""

    @predicate(f"holds_{'_or_'.join(functions)}")
    def check(user: User, course: Course | None) -> bool:
        return course is not None and bool(held_functions(user, course) & set(functions))

    holds_function: Predicate = check
    return holds_function


@predicate
def corrects_referral(user: User, subject: Referral | Course | None) -> bool:
    """Whether the user refers citizens in the project of the referral or course, or leads it (D39, D41)."""
    roles = (Role.COORDINATING_CASEWORKER, Role.PROJECT_LEADER)
    return (
        subject is not None
        and subject.project_id is not None
        and user.has_role(*roles, project_id=subject.project_id)
    )


@predicate
def coordinates_citizen(user: User, subject: Referral | Course | None) -> bool:
    """Whether the user is the citizen's coordinating caseworker (D40): of the course, and as long as there is
    none, of the referral's project."""
    if subject is None or subject.project_id is None:
        return False
    course = subject if isinstance(subject, Course) else getattr(subject, "course", None)
    if course is not None:
        return CourseFunction.COORDINATING_CASEWORKER in held_functions(user, course)
    return user.has_role(Role.COORDINATING_CASEWORKER, project_id=subject.project_id)


@predicate
def may_see_address(user: User, course: Course | None) -> bool:
    """Whether the user may see the citizen's address: of a protected one only the course's team (D51)."""
    if course is None:
        return False
    contact = getattr(course, "citizen_contact", None)
    if contact is not None and contact.has_protected_address:
        return bool(held_functions(user, course))
    return bool(held_functions(user, course)) or leads_course(user, course)


def projects_to_refer_in(user: User) -> frozenset[int]:
    """Return the ids of the projects in which the user may refer."""
    return user.project_ids(Role.COORDINATING_CASEWORKER)


def projects_to_upload_to(user: User) -> frozenset[int]:
    """Return the ids of the projects for whose courses the user may upload files."""
    return led_or_referring_project_ids(user)


def projects_overseen_by(user: User) -> frozenset[int]:
    """Return the ids of the projects whose openings and access logs the user may see."""
    return led_project_ids(user)


def people_overseen_by(user: User) -> QuerySet[User]:
    """Return the users whose unusual use the user sees: a leader those of the led projects; an administrator
    the leaders, and those who belong to no project."""
    people = Q(memberships__project__in=led_project_ids(user))
    if is_administrator(user):
        of_projects = Membership.objects.filter(project__isnull=False)
        others = of_projects.exclude(role=Role.PROJECT_LEADER).values("user")
        leaders = of_projects.filter(role=Role.PROJECT_LEADER).values("user")
        people |= Q(pk__in=leaders) | ~Q(pk__in=others)
    return User.objects.filter(people).distinct()


PERMISSIONS = {
    # Pages
    "cases.list_courses": is_project_staff,
    "cases.find_citizen": is_project_staff,
    "cases.list_referrals": refers_citizens | leads_a_project,
    "cases.refer": refers_citizens,
    "cases.upload": refers_citizens | leads_a_project,
    "cases.my_week": mentors,
    "cases.my_meetings": owns_courses,
    "cases.oversee": leads_a_project,
    "cases.see_unusual_use": leads_a_project | is_administrator,
    # A referral of one's own project.
    "cases.correct_referral": corrects_referral,
    "cases.replace_number": coordinates_citizen,
    # A visible course: a colleague who opened it with a reason may read, a function holder may also write.
    "cases.view_course": always_true,
    "cases.see_access_log": leads_project_of,
    "cases.shut_out": leads_project_of,
    "cases.work_on_course": works_on_course | leads_course,
    # How the citizen is reached: for the team and the leader, not for who opened the course with a reason.
    "cases.see_citizen_contact": works_on_course | leads_course,
    "cases.see_address": may_see_address,
    "cases.manage_citizen_contact": works_on_course,
    "cases.assign_function": leads_course | holds(CourseFunction.COORDINATING_CASEWORKER),
    "cases.register_contact": works_on_course,
    # The leader imports contacts, and so corrects them (D41).
    "cases.correct_contact": works_on_course | leads_course,
    "cases.manage_meetings": holds(CourseFunction.COURSE_OWNER) | leads_course,
    "cases.manage_needs": holds(CourseFunction.COORDINATING_CASEWORKER, CourseFunction.COURSE_OWNER)
    | leads_course,
    "cases.end_course": holds(CourseFunction.COORDINATING_CASEWORKER, CourseFunction.COURSE_OWNER)
    | leads_course,
    "cases.reopen_course": leads_course,
    "cases.manage_placements": holds(CourseFunction.JOB_CONSULTANT, CourseFunction.COURSE_OWNER)
    | leads_course,
    "cases.manage_plans": holds(
        CourseFunction.COURSE_OWNER, CourseFunction.COORDINATING_CASEWORKER, CourseFunction.JOB_CONSULTANT
    )
    | leads_course,
    "cases.manage_activities": works_on_course | leads_course,
}
