"""Answers of views: the whole page, or for htmx the fragment that changed."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

PAGE_SIZE = 25


@dataclass(frozen=True)
class Empty:
    """The text of an empty list: why it is empty and what to do next."""

    text: str
    url: str = ""
    label: str = ""


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a fragment (not for a boosted link or restored history, which need the page)."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with `template`, or with `fragment` when htmx asked and a fragment is given.

    The answer varies on `HX-Request`, so that no cache returns a fragment to a browser that wants a page.
    A list that is asked for as an Excel file answers with that.
    """
    table = context.get("table") if context else None
    if table is not None and getattr(table, "is_workbook", False):
        from jobfirst.kit.workbooks import workbook_response

        return workbook_response(request, table)
    use_fragment = bool(fragment) and wants_fragment(request)
    response = render(request, fragment if use_fragment else template, context or {}, status=status)
    if fragment:
        patch_vary_headers(response, ["HX-Request"])
    return response
