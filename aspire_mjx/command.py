"""What every command shares: absl flags of its own, a progress bar, one-line errors, exit code 2 for bad input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from absl import flags
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aspire_mjx.errors import AspireError

_FILE_WIDTH = 120  # columns of tables in files and pipes


@dataclass(frozen=True)
class Options:
    """Parsed flags by name; ``given`` are those that stood on the command line."""

    values: dict[str, Any]
    given: frozenset[str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True)
class Command:
    """A command of the project.

    Attributes:
        run: gets the parsed flags, the positional arguments and the console of standard output; returns the exit
            code, None for 0.
        define_flags: defines the command's flags; ``--help`` is added.
        usage: shown above the flags by ``--help``.
    """

    run: Callable[[Options, list[str], Console], int | None]
    define_flags: Callable[[flags.FlagValues], None]
    usage: str | None

    def __call__(self, argv: Sequence[str] | None = None) -> int:
        """Runs it with a program name and arguments, by default the process's own; returns its exit code."""
        defined = flags.FlagValues()
        self.define_flags(defined)
        flags.DEFINE_boolean("help", False, "show this help", short_name="h", flag_values=defined)
        console = Console(width=None if sys.stdout.isatty() else _FILE_WIDTH)
        try:
            arguments = defined(list(sys.argv if argv is None else argv))
        except flags.Error as error:
            print(f"{error}\nUse --help for the flags and their meaning.", file=sys.stderr)
            return 2
        try:
            if defined["help"].value:
                print(f"{(self.usage or '').strip()}\n{defined.get_help()}", flush=True)
                return 0
            given = frozenset(name for name in defined if defined[name].present)
            code = self.run(Options({name: defined[name].value for name in defined}, given), arguments[1:], console)
            sys.stdout.flush()
        except AspireError as error:
            print(f"error: {error}", file=sys.stderr)
            return error.exit_code
        except BrokenPipeError:  # the reader of a pipe, e.g. head, has gone
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return code or 0


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
