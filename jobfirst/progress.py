"""Progress bars for long work (docs/formats.md): only on a terminal, never on standard output.

A command opens `on_terminal()`; the code inside reports progress with `tracked` or `batches`. Elsewhere
(pages, tests, pipes) the same calls show nothing.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

Item = TypeVar("Item")

_bars: ContextVar["Progress | None"] = ContextVar("progress", default=None)


@contextmanager
def on_terminal(stream: TextIO | None = None) -> Iterator[None]:
    """Show progress bars on `stream` (standard error by default) inside the block, if it is a terminal."""
    stream = sys.stderr if stream is None else stream
    if not stream.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=stream), transient=True) as bars:
        token = _bars.set(bars)
        try:
            yield
        finally:
            _bars.reset(token)


def tracked(items: Sequence[Item], label: str) -> Iterator[Item]:
    """Yield the items one by one, with a progress bar."""
    for batch in batches(items, 1, label):
        yield batch[0]


def batches(items: Sequence[Item], size: int, label: str) -> Iterator[Sequence[Item]]:
    """Yield the items in lists of `size`, with a progress bar."""
    bars = _bars.get()
    task = bars.add_task(label, total=len(items)) if bars is not None and items else None
    for start in range(0, len(items), size):
        batch = items[start : start + size]
        yield batch
        if bars is not None and task is not None:
            bars.advance(task, len(batch))
