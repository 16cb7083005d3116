"""Facts that several kinds of deadlines follow from are read once for all of them."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_read: ContextVar[dict[tuple[object, ...], Any] | None] = ContextVar("facts read", default=None)


@contextmanager
def facts_read_once() -> Iterator[None]:
    """Within the block a function marked by `read_once` reads what it was asked for once."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def read_once(read: Callable[P, T]) -> Callable[P, T]:
    """Decorate a function that reads facts of some subjects, or of all, and returns what nobody changes."""

    @wraps(read)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        known = _read.get()
        if known is None:
            return read(*args, **kwargs)
        key = (read, *(_key(argument) for argument in args))
        if key not in known:
            known[key] = read(*args, **kwargs)
        result: T = known[key]
        return result

    return answer


def _key(argument: object) -> object:
    """Return the argument as a key: subjects are a list, or None for all of them."""
    return frozenset(argument) if isinstance(argument, Collection) else argument
