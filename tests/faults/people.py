"""The people of a run: mentors with a course each, and an administrator who invites."""

import datetime
import http.client
import uuid
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Project, User
from accounts.roles import Role
from bench.browser import Browser, filled, form_of
from cases.models import Course, CourseFunction, FunctionHolding
from tests.factories import ProjectFactory, ReferralFactory, UserFactory

DAY = datetime.timedelta(days=1)


def make_writers(count: int, today: datetime.date) -> list[tuple[dict[str, str], str]]:
    """Store so many mentors with a running course each; return their cookies and the form's address."""
    project = ProjectFactory(starts_on=today - 200 * DAY, ends_on=today + 500 * DAY, target_count=10)
    return [_mentor_with_course(project, today) for _ in range(count)]


def _mentor_with_course(project, today: datetime.date) -> tuple[dict[str, str], str]:
    mentor = UserFactory(project=project, roles=[Role.MENTOR])
    referral = ReferralFactory(project=project, referred_on=today - 100 * DAY)
    course = Course.objects.create(
        referral=referral,
        citizen=referral.citizen,
        project=project,
        municipality=referral.municipality,
        started_on=today - 60 * DAY,
    )
    FunctionHolding.objects.create(
        course=course, function=CourseFunction.MENTOR, user=mentor, from_on=course.started_on
    )
    return session_of(mentor), reverse("cases:new_contact", args=[course.public_id])


def make_readers(port: int) -> "dict[str, Callable[[], int]]":
    """Store a project leader; return functions by name that open a page or try to sign in, and return the
    status of the answer. Their pages use the cache."""
    project = Project.objects.filter(memberships__role=Role.MENTOR).first()
    leader = UserFactory(project=project, roles=[Role.PROJECT_LEADER])
    browser, stranger = Browser(port, session_of(leader), timeout=30), Browser(port, {}, timeout=30)

    def sign_in() -> int:
        address = reverse("account_login")
        form = form_of(stranger.get(address), "login")
        name = f"{uuid.uuid4().hex}@example.invalid"
        return stranger.post(address, filled(form, login=name, password="wrong")).status

    pages = ("evaluation:dashboard", "cases:courses", "reminders:mine")

    def open_page(name: str) -> int:
        return browser.get(reverse(name)).status

    return {**{name: partial(open_page, name) for name in pages}, "sign-in": sign_in}


def session_of(user: User) -> dict[str, str]:
    """Return the cookies of a new session of the user, as a sign-in makes it."""
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def make_inviter(port: int) -> Callable[[str], bool]:
    """Store an administrator; return a function that invites a mentor at an address and says whether the
    server acknowledged it."""
    administrator = UserFactory(roles=[Role.ADMINISTRATOR])
    project = User.objects.filter(memberships__role=Role.MENTOR).values_list(
        "memberships__project", flat=True
    )
    browser, address = Browser(port, session_of(administrator)), reverse("user_new")
    choice = {"role": str(Role.MENTOR), "project": str(project.first())}

    def invite(email: str) -> bool:
        try:
            form = form_of(browser.get(address), "email")
            answer = browser.post(address, filled(form, email=email, name="Ny Mentor", **choice))
        except (OSError, ValueError, http.client.HTTPException):
            return False
        return answer.status == 302

    return invite
