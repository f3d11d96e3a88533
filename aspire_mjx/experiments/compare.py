r"""Two programs on the same worlds: what the second gained and lost, with the exact paired test.

    python -m aspire_mjx.experiments.compare before.py after.py --suite=libero_object_swap --tasks=all --seeds=81-130

Each program is a file, or the name of one that comes with the package. One row a task, and all of them pooled; the
interval and the test of the pooled row take rollouts of one seed together. The run directory holds programs, traces and
``summary.json``; a run that is stopped goes on where it was with --out=DIR --resume. Held-out seeds that are looked at
are entered in a ledger beside each program.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from aspire_mjx.command import Command, Options, telling_of
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError
from aspire_mjx.experiments.evaluation import Evaluator
from aspire_mjx.experiments.heldout_looks import enter_looks
from aspire_mjx.experiments.left_out import LeftOut
from aspire_mjx.experiments.session import Session, open_directory
from aspire_mjx.experiments.world_plan import WorldPlan, define_plan_flags
from aspire_mjx.language.program_flag import program_for
from aspire_mjx.reports.comparison import compare
from aspire_mjx.seeds import Purpose
from aspire_mjx.traces.columns import VERDICTS, TraceBatch, concatenate


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if len(arguments) != 2:
        raise AspireError("give two programs: files, or names of shipped ones, such as pick_and_place.")
    programs = [program_for(options, argument) for argument in arguments]
    for program in programs:
        compile_program(program)
    if programs[0].hash == programs[1].hash:
        raise AspireError(f"{' and '.join(arguments)} have the same text; give two programs that differ.")
    session = Session.of(options, console)
    plan = WorldPlan.of(options, session)
    stem = "-".join((plan.tasks[0].suite, *(Path(program.name).stem for program in programs)))
    config = {"programs": [program.hash for program in programs], **plan.config}
    with open_directory(options, stem, config) as directory:
        evaluator = Evaluator.of(session, directory)
        for argument, program in zip(arguments, programs, strict=True):
            directory.write_program(program)
            enter_looks(argument, program, plan.tasks, plan.seeds)
        omitted: list[LeftOut] = []
        batches: list[list[TraceBatch]] = [[] for _ in programs]  # of each program, without calls
        for part in plan.parts(session.part):
            omitted.append(part.left_out)
            for program, own in zip(programs, batches, strict=True):
                if part.worlds:
                    jobs = part.jobs(program)
                    batch = evaluator.once(jobs, purpose=Purpose.EXPLORE, stage=part.name, title=part.title)
                    own.append(batch.without_calls())
        first, second = (concatenate(own) for own in batches)
        left_out = LeftOut.in_all(omitted)
        found = [compare(first, second, verdict=verdict) for verdict in VERDICTS]
        directory.write_summary(
            {
                "programs": [program.hash for program in programs],
                **{each.verdict: each.to_json() for each in found},
                "asked": left_out.asked,
                "left_out": left_out.to_json(),
                "timing": evaluator.timing,
            }
        )
    with telling_of(directory.path):
        left_out.show()
        console.print(found[0].table())
        for each in found:
            print(each.text())
        print(f"Run directory: {directory.path}")


main = Command(_main, define_plan_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
