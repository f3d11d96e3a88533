"""A progress bar of the rollouts under way; nothing at all when the output is not a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def progress_bar(console: Console, description: str, total: int) -> Iterator[Callable[[int, int], None] | None]:
    """The callback to give to the wave loop: rollouts finished, rollouts in all."""
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task(description, total=total)
        yield lambda done, _total: bars.update(bar, completed=done)
