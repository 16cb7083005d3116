"""The projects that the running code works on; without any, the database shows no row of a project.

A request works on those of its person (`accounts.middleware`), a page by link on that of the link. A task or
a command declares its projects above its function, and code that must look across projects does so in a block
as narrow as the question:

    @all_projects("the morning's mails are made for every project")
    def tick() -> None: ...

    with all_projects("whether somebody else has referred this number"):
        is_known = Citizen.objects.with_cpr(digits).exists()

A queryset is evaluated where it is read: within the block, if it is to see what the block may.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ContextDecorator
from contextvars import ContextVar, Token
from typing import Any, Self, TypeVar

#: As the server's setting has them: ids with commas between them, all projects, or none.
ALL_PROJECTS = "*"
NO_PROJECT = ""

_projects: ContextVar[str | None] = ContextVar("projects", default=None)
#: Where nothing is declared. Only the tests have another default.
undeclared = NO_PROJECT

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


class Working(ContextDecorator):
    """A block, or the calls of a function, that work on some projects; the former ones return at its end."""

    def __init__(self, projects: str, reason: str = "") -> None:
        self.projects = projects
        self.reason = reason
        self._token: Token[str | None] | None = None

    def _recreate_cm(self) -> Self:
        """Return a new block for each call of a decorated function, which may call itself."""
        return type(self)(self.projects, self.reason)

    def __call__(self, func: FunctionT) -> FunctionT:
        decorated: FunctionT = super().__call__(func)
        decorated.works_on = self  # type: ignore[attr-defined]  # read by `declaration_of`
        return decorated

    def __enter__(self) -> Self:
        self._token = _projects.set(self.projects)
        return self

    def __exit__(self, *error: object) -> None:
        assert self._token is not None
        _projects.reset(self._token)


def all_projects(reason: str) -> Working:
    """Work on all projects. `reason` says why, for whoever reads the code."""
    return Working(ALL_PROJECTS, reason)


def no_project(reason: str = "") -> Working:
    """Work on no project: rows of projects are neither read nor written."""
    return Working(NO_PROJECT, reason)


def only_projects(ids: Iterable[int]) -> Working:
    """Work on the projects with these ids."""
    return Working(",".join(str(int(pk)) for pk in sorted(ids)))


def current_projects() -> str:
    """Return the projects that the running code works on, as the server's setting has them."""
    projects = _projects.get()
    return undeclared if projects is None else projects


def current_working() -> Working:
    """Return a block that works on the projects of the running code."""
    return Working(current_projects())


def change_projects(working: Working) -> None:
    """Work on other projects from now on, until the surrounding block ends."""
    _projects.set(working.projects)


def declaration_of(function: object) -> Working | None:
    """Return what a task or a command says that it works on; None when it says nothing."""
    declared = getattr(function, "works_on", None)
    return declared if isinstance(declared, Working) else None


def within(working: Working, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces of an answer that is made while it is sent, each made within `working`."""
    iterator = iter(pieces)
    while True:
        with working._recreate_cm():
            piece = next(iterator, None)
        if piece is None:
            return
        yield piece
