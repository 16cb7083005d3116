"""Pages of the profile: all texts together, and each text with its form (D10)."""

import uuid

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from cases.access import get_course_or_404
from cases.forms.profile import ProfileTextForm
from cases.models import Course, ProfileSubject, ProfileText
from cases.presentation.profile import profile_subjects
from cases.views.common import course_url
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import render_page

PERM = "cases.work_on_course"


@require_safe
def profile(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the form of each text; htmx saves a text when its box is left."""
    course = get_course_or_404(request, public_id, "course.profile", PERM)
    subjects = profile_subjects(course.profile_texts.select_related("written_by"))
    running = not course.has_ended(clock.today())
    context = {
        "course": course,
        "running": running,
        "boxes": [
            (subject, _form(course, subject.subject, subject.latest) if running else None)
            for subject in subjects
        ],
        "back_url": course_url(course, "goals"),
    }
    return render_page(request, "cases/profile/page.html", context)


@edit_page
def profile_text(request: AuthenticatedRequest, public_id: uuid.UUID, subject: str) -> HttpResponse:
    """Save one text of the profile."""
    course = get_course_or_404(request, public_id, "course.profile", PERM)
    if subject not in ProfileSubject.values:
        raise Http404
    texts = course.profile_texts.filter(subject=subject).select_related("written_by")
    form = ProfileTextForm(
        form_data(request), course=course, subject=ProfileSubject(subject), latest=texts.first()
    )
    return answer_form(
        request,
        form,
        back_url=f"{profile_url(course)}#profile-{subject}",
        template="cases/profile/form.html",
        context={"box_id": f"profile-{subject}"},
    )


def profile_url(course: Course) -> str:
    """Return the address of the profile."""
    return reverse("cases:profile", args=[course.public_id])


def _form(course: Course, subject: ProfileSubject, latest: ProfileText | None) -> ProfileTextForm:
    form = ProfileTextForm(course=course, subject=subject, latest=latest)
    form.action_url = reverse("cases:profile_text", args=[course.public_id, subject.value])
    return form
