"""Files that leave the system or are sent in: each is recorded and counted before it is made or read."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

from audit.access import record_export
from audit.limits import counted
from audit.usage import DOWNLOAD_ACTION, UPLOAD_ACTION, Usage

#: The value of `format` in the address of a list that is fetched as an Excel file.
WORKBOOK = "xlsx"
ViewT = TypeVar("ViewT", bound=Callable[..., Any])


def answers_with_file(view: ViewT) -> ViewT:
    """Decorate a view whose answer to GET is a file. A list as an Excel file needs no decorator."""
    view.is_download = True  # type: ignore[attr-defined]  # read by `record_download`
    return view


def record_download(request: HttpRequest, view: Callable[..., Any]) -> None:
    """Record that the user fetches a file, if the view answers with one; TooOftenError when a limit is met.

    The view records the citizens in it. What it refuses was recorded here as asked for.
    """
    if request.method != "GET" or not request.user.is_authenticated:
        return
    if getattr(view, "is_download", False):
        with counted(request.user, Usage.DOWNLOAD):
            record_export(request, DOWNLOAD_ACTION)
    elif request.GET.get("format") == WORKBOOK:
        with counted(request.user, Usage.DOWNLOAD):
            record_export(request)


def record_upload(request: HttpRequest) -> None:
    """Record that the user sends a file in, before it is read: its errors may tell which citizens there are.
    TooOftenError when a limit is met."""
    with counted(request.user, Usage.UPLOAD):
        record_export(request, UPLOAD_ACTION)
