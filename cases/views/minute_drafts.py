"""The answer to htmx while somebody types minutes, a topic at a time: of any kind of meeting."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from accounts.requests import AuthenticatedRequest
from cases.forms.minutes import MinutesForm
from jobfirst.kit.pages import render_page


def answer_draft(
    request: AuthenticatedRequest,
    form: MinutesForm,
    minutes: QuerySet[Any],
    save: Callable[[], Mapping[str, Any]],
) -> HttpResponse:
    """Save the topic that was sent; return whether it is saved, and the version for the next save.

    `minutes` are those of the meeting. `save` stores the drafts of the form and returns by topic what
    somebody else stored meanwhile; a ValidationError of it is shown.
    """
    form.is_valid()
    code = form.codes[0] if form.codes else ""
    errors = [error for field_errors in form.errors.values() for error in field_errors]
    theirs = None
    try:
        theirs = save().get(code)
    except ValidationError as error:
        errors += error.messages
    minute = minutes.filter(topic=code).first()
    context = {
        "code": code,
        "errors": errors,
        "theirs": theirs,
        "version": minute.version if minute else 0,
        "saved_at": timezone.localtime(),
    }
    response = render_page(request, "cases/_minute_state.html", context)
    if form.codes and not errors and theirs is None:
        response["JobFirst-Saved"] = code
    return response
