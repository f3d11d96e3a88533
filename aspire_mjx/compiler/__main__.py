"""Print what a program compiles to: ``python -m aspire_mjx.compiler PROGRAM.py``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.program import Program
from aspire_mjx.errors import AspireError


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 for a program that compiles, 2 for one that is refused or cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m aspire_mjx.compiler",
        description="Check a robot program against the policy and print the schedule it compiles to, the primitives "
        "it can reach with their lines, and its tunables. Nothing is executed. Exit code 2 when it is refused: every "
        "finding is printed with its line and rule.",
    )
    parser.add_argument("program", metavar="PROGRAM.py", help="program text in the robot API")
    parser.add_argument("--brief", action="store_true", help="leave out the listing of instructions")
    options = parser.parse_args(arguments)
    try:
        schedule = compile_program(Program.read(options.program))
    except (AspireError, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    if not options.brief:
        print("\n".join(schedule.listing()))
    print("primitives:")
    for name, lines in schedule.primitives:
        print(f"  {name:<26} line {', '.join(map(str, lines))}")
    print("tunables:" if schedule.tunables else "tunables: none")
    for t in schedule.tunables:
        print(f"  {t.name:<26} default {t.default:g}, low {t.low:g}, high {t.high:g}  (line {t.line})")
    print(f"{len(schedule.instructions)} instructions; program {schedule.program.hash}; no policy findings")
    return 0


if __name__ == "__main__":
    sys.exit(main())
