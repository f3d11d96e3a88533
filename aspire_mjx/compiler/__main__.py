"""Print what a program compiles to: ``python -m aspire_mjx.compiler PROGRAM.py [--brief] [--api=NAME]``.

Checks a robot program against the policy and prints the schedule it compiles to, the primitives it can reach with the
lines that mention them, and its tunables with their bounds. Nothing is executed. PROGRAM.py is a file, or the name of a
shipped program, such as pick_and_place.

Exit code 0 for a program that compiles; 1 for one that is refused: each finding is printed with its line and rule; 2
for a file that cannot be read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.errors import AspireError, ProgramRefused
from aspire_mjx.language.program_flag import api_of, define_api_flag, program_for


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    define_api_flag(fv)
    flags.DEFINE_boolean("brief", False, "leave out the listing of instructions", flag_values=fv)


def _main(options: Options, arguments: list[str], console: Console) -> int:
    if len(arguments) != 1:
        raise AspireError("give the file of one program, or the name of a shipped one, such as pick_and_place.")
    try:
        schedule = compile_program(program_for(options, arguments[0]))
    except ProgramRefused as refused:
        print(refused)
        return 1
    print("\n".join(_report(schedule, brief=options["brief"])))
    return 0


def _report(schedule: Schedule, *, brief: bool) -> Iterator[str]:
    if not brief:
        yield from schedule.listing()
    api = api_of(schedule.program)
    yield f"robot API: {api.profile.name} ({api.why})"
    yield "primitives:" if schedule.primitives else "primitives: none"
    for name, lines in schedule.primitives:
        own = [str(line) for line in lines if line]  # line 0 is that of the library's functions
        yield f"  {name:<26} " + (f"line {', '.join(own)}" if own else "in the library's functions")
    yield "tunables:" if schedule.tunables else "tunables: none"
    for t in schedule.tunables:
        yield f"  {t.name:<26} default {t.default:g}, low {t.low:g}, high {t.high:g}  (line {t.line})"
    yield f"{len(schedule.instructions)} instructions; program {schedule.program.hash}; no policy findings"


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
