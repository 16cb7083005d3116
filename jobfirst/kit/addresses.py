"""Addresses of pages that differ in one part only, for lists and menus with many of them."""

import uuid
from collections.abc import Callable
from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=256)
def url_maker(url_name: str, stand_in: str = str(uuid.UUID(int=0))) -> Callable[[object], str]:
    """Return what gives the address of a page by its one argument: a public id, or what `stand_in` is like.

    The address is looked up once in the life of the process, and not for every link: `reverse` takes longer
    than the rest of a link.
    """
    pattern = reverse(url_name, args=[stand_in])
    return lambda argument: pattern.replace(stand_in, str(argument))
