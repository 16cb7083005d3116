"""Parts of pages with charts and their numbers as HTML, cached by all that they show."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from jobfirst.charts.drawing import VERSION as VERSION_OF_CHARTS

#: Changed when a template of such a part is.
VERSION = 1
CACHED_SECONDS = 24 * 3600


def cached_html(template: str, content: object, context: Callable[[], dict[str, Any]]) -> SafeString:
    """Return the template rendered with the context, from the cache while `content` has the same `repr`.

    `content` is everything that the part depends on beside the language; nothing of the request may be in it.
    """
    everything = repr((VERSION, VERSION_OF_CHARTS, template, get_language(), content))
    key = f"html:{hashlib.sha256(everything.encode()).hexdigest()}"
    html: SafeString | None = cache.get(key)
    if html is None:
        html = render_to_string(template, context())
        cache.set(key, html, CACHED_SECONDS)
    return html
