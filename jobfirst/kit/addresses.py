"""Addresses of many pages of one kind, for lists and menus."""

import uuid
from collections.abc import Callable
from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=256)
def url_maker(url_name: str, stand_in: str = str(uuid.UUID(int=0))) -> Callable[[object], str]:
    """Return a function that makes the address of a page from its only argument.

    The argument is a public id, or of the form of `stand_in`. `reverse` is called once in the life of the
    process: for every link it would take longer than the rest of the link.
    """
    pattern = reverse(url_name, args=[stand_in])
    return lambda argument: pattern.replace(stand_in, str(argument))
