"""Print what a program compiles to: ``python -m aspire_mjx.compiler PROGRAM.py``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.errors import AspireError, ProgramRefused
from aspire_mjx.language.program import Program


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a schedule, or why there is none; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m aspire_mjx.compiler",
        description="Check a robot program against the policy and print the schedule it compiles to, the primitives "
        "it can reach with the lines that mention them, and its tunables with their bounds. Nothing is executed.",
        epilog="Exit code 0 for a program that compiles; 1 for one that is refused: each finding is printed with its "
        "line and rule; 2 for a file that cannot be read.",
    )
    parser.add_argument("program", metavar="PROGRAM.py", help="program text in the robot API")
    parser.add_argument("--brief", action="store_true", help="leave out the listing of instructions")
    options = parser.parse_args(arguments)
    try:
        schedule = compile_program(Program.read(options.program))
        print("\n".join(_report(schedule, brief=options.brief)), flush=True)
    except ProgramRefused as refused:
        print(refused)
        return 1
    except AspireError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader of a pipe, e.g. head, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _report(schedule: Schedule, *, brief: bool) -> Iterator[str]:
    if not brief:
        yield from schedule.listing()
    yield "primitives:" if schedule.primitives else "primitives: none"
    for name, lines in schedule.primitives:
        yield f"  {name:<26} line {', '.join(map(str, lines))}"
    yield "tunables:" if schedule.tunables else "tunables: none"
    for t in schedule.tunables:
        yield f"  {t.name:<26} default {t.default:g}, low {t.low:g}, high {t.high:g}  (line {t.line})"
    yield f"{len(schedule.instructions)} instructions; program {schedule.program.hash}; no policy findings"


if __name__ == "__main__":
    sys.exit(main())
