"""Facts that several kinds of deadlines follow from are read once for all of them."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple

Arguments = TypeVarTuple("Arguments")
T = TypeVar("T")

_cache: ContextVar[dict[tuple[object, ...], Any] | None] = ContextVar("fact cache", default=None)


@contextmanager
def facts_read_once() -> Iterator[None]:
    """Within the block a function marked by `read_once` reads what it was asked for once.

    A block within another one shares its cache: the facts must not change in the outer one.
    """
    if _cache.get() is not None:
        yield
        return
    token = _cache.set({})
    try:
        yield
    finally:
        _cache.reset(token)


def read_once(read: Callable[[*Arguments], T]) -> Callable[[*Arguments], T]:
    """Decorate a function that reads facts, and returns a value that callers must not mutate.

    Its arguments, if any, are positional: collections of subjects, in any order.
    """

    @wraps(read)
    def cached_read(*args: *Arguments) -> T:
        cache = _cache.get()
        if cache is None:
            return read(*args)
        key = (read, *(_key(argument) for argument in args))
        if key not in cache:
            cache[key] = read(*args)
        result: T = cache[key]
        return result

    return cached_read


def _key(argument: object) -> object:
    """Return the argument as a key: subjects in any order."""
    return frozenset(argument) if isinstance(argument, Collection) else argument
