"""The persons of a load: who they are, what they open, and what they write.

Each is a user of the trial with a session of their own (made here, as a sign-in makes it), and does what the
role does: a mentor looks at the week and at a citizen, and registers contacts through the form.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from bench.browser import Browser, PageAnswer, filled, form_of
from bench.texts import unique_text
from cases.course_pages import CoursePage, page_url
from cases.models import Course, CourseFunction
from jobfirst import clock

BARE = "bare page"
WRITE = "register a contact"
#: So many persons of ten have the role.
OF_TEN = {
    Role.MENTOR: 4,
    Role.COURSE_OWNER: 2,
    Role.JOB_CONSULTANT: 2,
    Role.PROJECT_LEADER: 2,
}
COURSES_OPENED = 5


@dataclass
class Person:
    """A signed-in user, and the steps that are done again and again: a name and an address, or a write."""

    user: User
    cookies: dict[str, str]
    steps: list[tuple[str, str]]
    acknowledged: list[str] = field(default_factory=list)


def session_of(user: User) -> dict[str, str]:
    """Return the cookies of a new session of the user."""
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def persons(count: int) -> list[Person]:
    """Return so many persons, by the shares of the roles; a user comes again when there are too few."""
    roles = [role for role, share in OF_TEN.items() for _ in range(share)]
    users = {role: itertools.cycle(_users(role)) for role in OF_TEN}
    wanted = itertools.islice(itertools.cycle(roles), count)
    return [
        Person(user, session_of(user), steps_of(role, user))
        for role in wanted
        for user in [next(users[role])]
    ]


def _users(role: Role) -> list[User]:
    function = CourseFunction(role) if role in CourseFunction.values else None
    users = User.objects.filter(memberships__role=role).distinct().order_by("pk")
    if function is None:
        return list(users)
    return [user for user in users if Course.objects.held_by(user, function).exists()]


def steps_of(role: Role, user: User) -> list[tuple[str, str]]:
    """Return what a person of the role does, in turn. The bare page is one step of everybody's."""
    today = clock.today()
    courses = list(Course.objects.listed_for(user).running(today).order_by("pk")[:COURSES_OPENED])
    pages = {
        Role.MENTOR: [("my week", reverse("cases:my_week"))],
        Role.COURSE_OWNER: [("my meetings", reverse("cases:my_meetings"))],
        Role.JOB_CONSULTANT: [
            ("my placements", reverse("companies:my_placements")),
            ("company list", reverse("companies:companies")),
        ],
        Role.PROJECT_LEADER: [("leader dashboard", reverse("evaluation:dashboard"))],
    }[role]
    steps = [(BARE, "/bare/"), *pages, ("course list", reverse("cases:courses"))]
    for course in courses:
        steps.append(("course overview", page_url(course.public_id)))
        steps.append(("course meetings", page_url(course.public_id, CoursePage.MEETINGS)))
        steps.append((BARE, "/bare/"))
        if role == Role.MENTOR:
            steps.append((WRITE, reverse("cases:new_contact", args=[course.public_id])))
            steps.append(pages[0])
    steps.append(("reminders", reverse("reminders:mine")))
    return steps


def register_contact(
    browser: Browser, address: str, text: str
) -> Iterator[tuple[str, Callable[[], PageAnswer]]]:
    """Yield the two requests of a write: the form, and the form filled in with this note and sent."""
    form: list[tuple[str, str]] = []

    def open_form() -> PageAnswer:
        answer = browser.get(address)
        if answer.status == 200:
            form[:] = filled(form_of(answer, "note"), note=text)
        return answer

    yield "form of a contact", open_form
    yield WRITE, lambda: browser.post(address, form)


def new_text() -> str:
    """Return a note that nobody else writes."""
    return f"belastning {unique_text()}"
