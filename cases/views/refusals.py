"""The page of a refusal (403): who has the permission that was missing, and who can give it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from audit.access import PermissionMissing
from cases.models import Course
from cases.presentation.who_may import on_a_course_with, roles_with

#: Who gives roles, and who gives functions on a course.
GIVES_ROLES, GIVES_FUNCTIONS = "accounts.manage_users", "cases.assign_function"


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with who may do it. The same for everybody: it says nothing of the thing asked for."""
    context: dict[str, object] = {"givers_of_roles": roles_with(GIVES_ROLES)}
    if isinstance(exception, PermissionMissing):
        is_of_a_course = isinstance(exception.subject, Course)
        context["is_of_a_course"] = is_of_a_course
        context["people"] = _people_with(exception.perm, exception.subject)
    if not context.get("people") or context["is_of_a_course"]:
        context["givers_of_functions"] = on_a_course_with(GIVES_FUNCTIONS)
    return render(request, "403.html", context, status=403)


def _people_with(perm: str, subject: object) -> list[str | Promise]:
    """Return who has the permission on such a subject: on a referral by the project, or by the course."""
    if isinstance(subject, Course):
        return on_a_course_with(perm)
    return roles_with(perm) or (on_a_course_with(perm) if subject is not None else [])
