"""What every command shares: absl flags of its own, one-line errors, exit code 2 for bad input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from absl import flags
from rich.console import Console

from aspire_mjx.errors import AspireError

_FILE_WIDTH = 120  # columns of tables in files and pipes


@dataclass(frozen=True)
class Options:
    """Parsed flags by name; ``given`` are those that stood on the command line."""

    values: dict[str, Any]
    given: frozenset[str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def run_command(
    main: Callable[[Options, list[str], Console], int | None],
    defined: flags.FlagValues,
    *,
    usage: str,
    argv: Sequence[str] | None = None,
) -> int:
    """Parses the flags, runs the command and returns its exit code: 2 for input that cannot be used.

    Args:
        main: gets the parsed flags, the positional arguments and the console of standard output; returns the exit
            code, None for 0.
        defined: the command's flags; ``--help`` is added.
        usage: shown above the flags by ``--help``.
        argv: program name and arguments; the process's own by default.
    """
    flags.DEFINE_boolean("help", False, "show this help", short_name="h", flag_values=defined)
    console = Console(width=None if sys.stdout.isatty() else _FILE_WIDTH)
    try:
        arguments = defined(list(sys.argv if argv is None else argv))
    except flags.Error as error:
        print(f"{error}\nUse --help for the flags and their meaning.", file=sys.stderr)
        return 2
    if defined["help"].value:
        print(f"{usage.strip()}\n{defined.get_help()}")
        return 0
    try:
        given = frozenset(name for name in defined if defined[name].present)
        code = main(Options({name: defined[name].value for name in defined}, given), arguments[1:], console)
        sys.stdout.flush()
    except AspireError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader of a pipe, e.g. head, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code or 0
