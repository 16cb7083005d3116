"""Edit pages: a form that saves itself, and one function that answers the request.

A new page needs a form class (`EditFormMixin`), a view that fetches, checks and calls `answer_form`, and a
template only if `kit/form_page.html` is not enough. See CONTRIBUTING.md.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jobfirst import clock
from jobfirst.kit.forms import form_helper
from jobfirst.kit.pages import render_page
from jobfirst.kit.versioned import StaleError, stale_page
from jobfirst.values.dates import EARLIEST, LATEST

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise  # a name of the type stubs

#: Decorator of edit pages: the methods they allow.
edit_page = require_http_methods(["GET", "HEAD", "POST"])


def form_data(request: HttpRequest) -> QueryDict | None:
    """Return the submitted data, or None when the form is only displayed."""
    return request.POST if request.method == "POST" else None


def requested_day(request: HttpRequest) -> datetime.date | None:
    """Return the day that the URL suggests for a form (`?from=2016-05-18`); None without a readable one."""
    try:
        day = datetime.date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


class EditFormMixin(forms.BaseForm):
    """A form with the texts of its page, its layout, and its save action."""

    title: "_StrOrPromise" = ""  # the page's heading
    intro: "_StrOrPromise" = ""  # below the heading
    submit: "_StrOrPromise" = _("Save")  # the button
    success: "_StrOrPromise" = _("Saved.")  # the message after saving
    layout: Layout | None = None
    keeps_draft = False  # whether the browser keeps what is typed until it is saved (static/drafts.js)
    back_url = ""  # where "Cancel" leads; set by `answer_form`
    action_url = ""  # where the form is sent; set by `answer_form`

    @cached_property
    def helper(self) -> FormHelper:
        """The crispy helper that renders the form."""
        helper = form_helper(
            str(self.submit), cancel_url=self.back_url, layout=self.layout, action=self.action_url
        )
        if self.keeps_draft:
            helper.attrs["data-draft"] = str(self.title)
        return helper

    def save(self, *, by: Any, today: datetime.date) -> Any:
        """Call the action with the cleaned data and return its result.

        `by` is the user who saves (a subclass declares `User`), `today` the current day. Raises what the
        action raises: `ValidationError` for a refusal, `StaleError` when somebody else has saved meanwhile.
        """
        raise NotImplementedError

    def success_message(self, saved: Any) -> str:
        """Return the message shown after saving; `saved` is the result of `save`."""
        return str(self.success)


@contextmanager
def errors_shown_in(form: forms.BaseForm) -> Iterator[None]:
    """Add the errors of a `ValidationError` raised inside to the form.

    An error keyed by a field name goes to that field, any other to the top of the form. The rest of the block
    is skipped.
    """
    try:
        yield
    except ValidationError as error:
        fields = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: [error]}
        for name, errors in fields.items():
            for field_error in errors:
                form.add_error(name if name in form.fields else None, field_error)


@contextmanager
def errors_as_message(request: HttpRequest, *, stale: str = "") -> Iterator[None]:
    """Show a `ValidationError` raised inside as a message on the next page; for actions without a form.

    With `stale`, a `StaleError` is shown in these words.
    """
    try:
        yield
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StaleError:
        if not stale:
            raise
        messages.error(request, stale)


def answer_form(
    request: HttpRequest,
    form: Any,
    *,
    back_url: str,
    success_url: Callable[[Any], str] | None = None,
    template: str = "kit/form_page.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer the request of an `EditFormMixin` form.

    1. GET shows the form.
    2. POST of a valid form saves it and redirects to `back_url`, or to `success_url(saved)`.
    3. When the action refuses, the errors are shown beside the fields and the input is kept.
    4. A stale save is answered with both versions (`jobfirst.kit.versioned`).
    5. When the form's row was deleted after the view had fetched it, the answer is 409 and says so.

    `context` is added to the template's context: `form`, `page_title`, `page_intro` and `back_url`.
    """
    form.back_url = back_url
    form.action_url = request.get_full_path()
    page = {"form": form, "page_title": form.title, "page_intro": form.intro, "back_url": back_url}
    page |= context or {}
    if request.method == "POST" and form.is_valid():
        try:
            with errors_shown_in(form):
                saved = form.save(by=request.user, today=clock.today())
                messages.success(request, form.success_message(saved))
                return redirect(success_url(saved) if success_url else back_url)
        except StaleError as stale:
            return stale_page(request, form, stale, page)
        except ObjectDoesNotExist as error:
            if not _is_about_the_forms_row(error, form):
                raise
            form.add_error(None, gettext("Somebody else has taken this back meanwhile. Nothing is saved."))
            return render_page(request, template, page, status=HTTPStatus.CONFLICT)
    return render_page(request, template, page)


def _is_about_the_forms_row(error: ObjectDoesNotExist, form: Any) -> bool:
    """Whether the row that was not found is of the model of this ModelForm."""
    return hasattr(form, "instance") and isinstance(error, type(form.instance).DoesNotExist)
