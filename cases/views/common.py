"""What the pages of a course share: the day, the way back, and one way to answer a form."""

import datetime
from collections.abc import Callable

from crispy_forms.layout import Layout
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import AuthenticatedRequest
from cases.models import Course
from jobfirst import clock, mode
from jobfirst.kit.forms import attempt, form_helper
from jobfirst.kit.pages import render_page
from jobfirst.kit.versioned import StaleError, stale_page

form_page = require_http_methods(["GET", "HEAD", "POST"])


def posted(request: AuthenticatedRequest) -> QueryDict | None:
    """Return the form's data, or None when the form is only asked for."""
    return request.POST if request.method == "POST" else None


def last_day_allowed() -> datetime.date | None:
    """The last day on which something can have happened: today; None in a rehearsal, which plays ahead."""
    return None if mode.is_rehearsal() else clock.today()


def course_url(course: Course, anchor: str = "") -> str:
    """The course page, at one of its sections."""
    url = reverse("cases:course", args=[course.public_id])
    return f"{url}#{anchor}" if anchor else url


def answer_form(
    request: AuthenticatedRequest,
    form: BaseForm,
    action: Callable[[], object],
    *,
    title: str,
    back_url: str,
    saved: str,
    submit: str = "",
    intro: str = "",
    layout: Layout | None = None,
) -> HttpResponse:
    """Answer a form page of a course.

    GET shows the form. POST does `action` once the form is valid; what the action refuses is shown beside
    the fields with all that was typed, a stale save with both versions; otherwise back with `saved`.
    """
    form.helper = form_helper(submit, cancel_url=back_url, layout=layout)  # type: ignore[attr-defined]  # crispy's, read by its tag
    context = {"form": form, "page_title": title, "page_intro": intro, "back_url": back_url}
    if request.method == "POST" and form.is_valid():
        try:
            done = attempt(form, lambda: (action(),))
        except StaleError as stale:
            return stale_page(request, form, stale.current, context)  # type: ignore[arg-type]  # only such a form is stale
        if done is not None:
            messages.success(request, saved)
            return redirect(back_url)
    return render_page(request, "kit/form_page.html", context)
