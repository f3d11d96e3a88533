"""What every command shares: absl flags of its own, a progress bar, one-line errors, exit code 2 for bad input."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any, TextIO, cast

from absl import flags
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.segment import Segment

from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.files import check_regular_file, why
from aspire_mjx.printable import printable

_FILE_WIDTH = 120  # columns of tables in files and pipes
_CTRL_C, _SIGTERM = ("Ctrl-C", 130), ("SIGTERM", 143)  # exit codes as shells have them
_LONGEST = 40  # characters of a number


@dataclass(frozen=True)
class Options:
    """Parsed flags by name; ``given`` are those that stood on the command line."""

    values: dict[str, Any]
    given: frozenset[str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


class NumberParser(flags.ArgumentParser):
    """Reads a number within bounds.

    Args:
        kind: int or float.
        low: least value.
        high: greatest value.
    """

    def __init__(self, kind: type[int] | type[float], low: float, high: float) -> None:
        super().__init__()
        self.kind, self.low, self.high = kind, low, high
        whole = "whole " if kind is int else ""
        self.syntactic_help = f"a {whole}number from {low:,} to {high:,}".replace(",", "_" if kind is int else "")

    def flag_type(self) -> str:
        """As ``--help`` names it."""
        return self.kind.__name__

    def parse(self, argument: Any) -> int | float:
        """The number; ValueError says what is expected."""
        try:
            value = self.kind(argument) if len(str(argument)) <= _LONGEST else None
        except ValueError:
            value = None
        if value is None or not self.low <= value <= self.high:
            raise ValueError(f"give {self.syntactic_help}")
        return value


def define_number(
    name: str, default: int | float | None, about: str, *, low: float, high: float, flag_values: flags.FlagValues
) -> None:
    """A flag that takes a number from ``low`` to ``high``; a whole one where ``low`` is an int."""
    parser = NumberParser(type(low), low, high)
    flags.DEFINE(parser, name, default, about, flag_values, flags.ArgumentSerializer())


def named_choices(name: str, chosen: Sequence[str], known: Sequence[str]) -> None:
    """Checks a flag that takes a list of names.

    Raises:
        AspireError: an empty list, or a name that stands there twice.
        UnknownNameError: a name that is not known.
    """
    if not chosen:
        raise AspireError(f"--{name} is empty; give one or more of {', '.join(known)}, separated by commas.")
    for each in chosen:
        if each not in known:
            raise UnknownNameError(name.removesuffix("s"), each, known)
        if list(chosen).count(each) > 1:
            raise AspireError(f"--{name}={','.join(chosen)}: {each} is named twice; name each once.")


class _Flags(flags.FlagValues):
    """Flags of one command. A flag file is a regular file; an endless device would be read for ever."""

    def _get_flag_file_lines(self, filename: str, parsed_file_stack: list[str] | None = None) -> list[str]:
        if filename:
            check_regular_file(filename, f"--flagfile={filename}")
        return super()._get_flag_file_lines(filename, parsed_file_stack)  # pyright: ignore[reportAttributeAccessIssue]


class Terminated(KeyboardInterrupt):
    """The process was told to end, as by ``kill`` or ``timeout``; it ends as after Ctrl-C."""


def how_stopped(stop: KeyboardInterrupt) -> tuple[str, int]:
    """What stopped a command, in words, and its exit code."""
    return _SIGTERM if isinstance(stop, Terminated) else _CTRL_C


@contextmanager
def _obeying_sigterm() -> Iterator[None]:
    """SIGTERM becomes an exception, so that a run says how to go on. Python lets only the main thread ask for that."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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

    def flags(self) -> flags.FlagValues:
        """Its flags with their defaults."""
        defined = _Flags()
        self.define_flags(defined)
        flags.DEFINE_boolean("help", False, "show this help", short_name="h", flag_values=defined)
        return defined

    def __call__(self, argv: Sequence[str] | None = None) -> int:
        """Runs it with a program name and arguments, by default the process's own; returns its exit code."""
        _open_streams()
        with _written_out():
            return self._answered(list(sys.argv if argv is None else argv))

    def _answered(self, argv: list[str]) -> int:
        defined = self.flags()
        try:
            arguments = _parsed(defined, argv)
            if defined["help"].value:
                print(f"{(self.usage or '').strip()}\n{defined.get_help()}", flush=True)
                return 0
            given = frozenset(name for name in defined if defined[name].present)
            console = _PlainConsole(width=None if sys.stdout.isatty() else _FILE_WIDTH)
            options = Options({name: defined[name].value for name in defined}, given)
            with _obeying_sigterm():
                code = self.run(options, arguments[1:], console)
            sys.stdout.flush()
        except AspireError as error:
            _say(f"error: {error}")
            return error.exit_code
        except BrokenPipeError:  # the reader of a pipe, e.g. head, has gone
            _close_output()
            return 0
        except OSError as error:
            _close_output()
            _say(f"error: {why(error)}. Make room or choose another place, then give the command again.")
            return AspireError.exit_code
        except MemoryError:
            _say(
                "error: this machine's memory is used up; give fewer seeds, or a smaller --capacity where there is one."
            )
            return AspireError.exit_code
        except KeyboardInterrupt as stop:
            name, code = how_stopped(stop)
            _say(f"stopped by {name}.")
            return code
        return code or 0


def _parsed(defined: flags.FlagValues, argv: list[str]) -> list[str]:
    """Parses flags; what is left, the program's name first.

    Raises:
        AspireError: says which flag, what was wrong and what it takes.
    """
    try:
        rest = defined(argv)
    except (flags.Error, ValueError) as error:  # absl raises ValueError for --noflag=value and undecodable files
        raise AspireError(
            f"{_flag_problem(defined, str(error))}\nUse --help for the flags and their meaning."
        ) from None
    for name in defined:
        if defined[name].present > 1:
            raise AspireError(f"--{name} is given {defined[name].present} times; give it once.")
    given = [defined[name].value for name in defined if defined[name].present]
    texts = [text for value in (rest, *given) for text in (value if isinstance(value, list) else [value])]
    if wrong := [text for text in texts if "\0" in str(text)]:  # from flag files: no shell gives any
        raise AspireError(f"{wrong[0]!r:.80} holds a null byte, which no name has; leave it out.")
    return rest


def _flag_problem(defined: flags.FlagValues, said: str) -> str:
    """What absl says, and for a flag that is on or off how to write it."""
    name = (re.search(r"--(?:no)?(\w+)=", said) or [said, ""])[1]
    if name in defined and defined[name].boolean:
        return f"{said.removeprefix('flag ')}; write --{name} or --no{name}"
    return f"a flag file must be UTF-8 text: {said}" if "codec can't decode" in said else said.removeprefix("flag ")


def _open_streams() -> None:
    """Closed streams become empty ones, and what a stream's encoding does not have is written as escapes."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (open as long as the process)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


class _Shown:
    """A stream of text for people: what moves a cursor or changes colours is written out."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Writes the text, printable."""
        self.stream.write(printable(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class _PlainConsole(Console):
    """Tables and bars with rich's own colours, and none that stand in the text of a cell."""

    def __init__(self, *, width: int | None) -> None:
        super().__init__(width=width, file=getattr(sys.stdout, "stream", sys.stdout))

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """As rich renders it, with control characters in text written out."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text))


@contextmanager
def _written_out() -> Iterator[None]:
    """Everything that is printed is printable."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast(TextIO, _Shown(sys.stdout)), cast(TextIO, _Shown(sys.stderr))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _close_output() -> None:
    """What is still to be written to standard output goes nowhere, so that Python does not fail again as it ends."""
    with suppress(OSError, ValueError):  # a stream without a file, in tests
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def telling_of(results: object) -> Iterator[None]:
    """What is printed inside tells of a run that is over: where it cannot be written, it says where the results are.

    Raises:
        AspireError: standard output cannot be written to.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _close_output()
        raise AspireError(
            f"what the command says cannot be written ({why(error)}); the run is finished, and its results are in "
            f"{results}."
        ) from None


def _say(line: str) -> None:
    with suppress(OSError):
        print(line, file=sys.stderr)


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
