"""What the pages of a course share: the day, the way back, and one way to answer a form."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cases.models import Course
from jobfirst import clock, mode
from jobfirst.kit.forms import attempt, form_helper
from jobfirst.kit.pages import render_page
from jobfirst.kit.versioned import StaleError, stale_page


def last_day_allowed() -> datetime.date | None:
    """The last day on which something can have happened: today; None in a rehearsal, which plays ahead."""
    return None if mode.is_rehearsal() else clock.today()


def course_url(course: Course, anchor: str = "") -> str:
    """The course page, at one of its sections."""
    url = reverse("cases:course", args=[course.public_id])
    return f"{url}#{anchor}" if anchor else url


def answer_form(
    request: HttpRequest,
    form: BaseForm,
    action: Callable[[], Any],
    *,
    title: str,
    back_url: str,
    saved: str,
    submit: str = "",
    intro: str = "",
    layout: Any = None,
) -> HttpResponse:
    """Answer a form page of a course.

    GET shows the form. POST does `action` once the form is valid; what the action refuses is shown beside
    the fields with all that was typed, a stale save with both versions; otherwise back with `saved`.
    """
    form.helper = form_helper(submit, cancel_url=back_url, layout=layout)  # type: ignore[attr-defined]
    context = {"form": form, "page_title": title, "page_intro": intro, "back_url": back_url}
    if request.method == "POST" and form.is_valid():
        try:
            done = attempt(form, lambda: (action(),))
        except StaleError as stale:
            return stale_page(request, form, stale.current, context)  # type: ignore[arg-type]
        if done is not None:
            messages.success(request, saved)
            return redirect(back_url)
    return render_page(request, "kit/form_page.html", context)
