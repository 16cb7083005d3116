"""Refuse requests that no browser sends and no page can read, before anything else looks at them."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponseBase

NUL = "\0"
CHARSETS = {"", "utf-8", "utf8"}


class ReadableRequestMiddleware:
    """Answer 400 to a NUL character in the address, a text encoding other than UTF-8, or an address to return
    to that cannot be parsed: the libraries that read them raise errors. A NUL in a field of a form is refused
    beside the field, so that nothing typed is lost; where no form reads the field, the answer is 400, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        charset = (request.content_params or {}).get("charset", "")
        if charset.strip('"').lower() not in CHARSETS:
            raise BadRequest("charset")
        _check_texts([request.path_info, *_texts_of(request.GET.lists())])
        _check_addresses([*request.GET.getlist("next"), request.headers.get("HX-Current-URL", "")])
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Check the address in a form: here the check of its token has read the fields already."""
        if request.method == "POST":
            _check_addresses(request.POST.getlist("next"))

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Refuse a NUL that reached the database, from a field that no form had read."""
        is_about_value = isinstance(exception, DataError | ValueError)
        if is_about_value and any(NUL in text for text in _texts_of(request.POST.lists())):
            raise BadRequest("NUL character") from exception


def _texts_of(fields: Iterable[tuple[str, list[Any]]]) -> Iterable[str]:
    for name, values in fields:
        yield name
        yield from values


def _check_texts(texts: Iterable[str]) -> None:
    if any(NUL in text for text in texts):
        raise BadRequest("NUL character")


def _check_addresses(addresses: Iterable[str]) -> None:
    try:
        for address in addresses:
            urlsplit(address)
    except ValueError as error:
        raise BadRequest("address") from error
