r"""Run one program on many seeds of a task: pass rates, and what failed where.

    python -m aspire_mjx.experiments.run_program pick_and_place --task=0 --seeds=51-65
    python -m aspire_mjx.experiments.run_program my_program.py --seeds=81-200 \
        --perturb=noise:0..3,friction:0.3..1 --sweep=latin

PROGRAM is a file, or the name of a program that comes with the package. The run directory holds the program, the traces
and a summary. A program that the compiler refuses gives exit code 2. A rollout whose world cannot be built, such as one
without room for things of twice the size, is left out and named; exit code 2 where that is all of them.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from absl import flags
from rich.console import Console

from aspire_mjx.agents.score import Score
from aspire_mjx.command import Command, Options
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError
from aspire_mjx.experiments.evaluation import Evaluator
from aspire_mjx.experiments.left_out import LeftOut
from aspire_mjx.experiments.session import Session, define_directory_flags, define_session_flags, open_directory
from aspire_mjx.experiments.world_flags import define_world_flags, perturbations, suite_tasks, world_config
from aspire_mjx.faults.report import analyse
from aspire_mjx.language.api_choice import ApiChoice
from aspire_mjx.language.program_flag import api_of, define_api_flag, program_for
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.seeds import HeldoutLedger, Purpose, format_seeds, parse_seeds
from aspire_mjx.worlds.suites import pick_task


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    define_world_flags(fv)
    define_session_flags(fv)
    define_directory_flags(fv)
    define_api_flag(fv)
    flags.DEFINE_string("task", "0", "index or name of the task", flag_values=fv)
    flags.DEFINE_string("seeds", "51-65", "seeds, such as 51-65 or 1-3,7", flag_values=fv)


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if len(arguments) != 1:
        raise AspireError("give the file of one program, or the name of a shipped one, such as pick_and_place.")
    begun = time.perf_counter()
    program = program_for(options, arguments[0])
    compile_program(program)
    api = api_of(program)
    task = pick_task(suite_tasks(options), options["task"])
    seeds = parse_seeds(options["seeds"])
    doses = perturbations(options, seeds)
    left_out = LeftOut.of([task], seeds, doses)
    session = Session.of(options, console)
    config = {
        "task": task.key,
        **world_config(options, [task]),
        "program": program.hash,
        "seeds": format_seeds(seeds),
        "engine": session.engine,
        "camera": str(session.camera),
        **session.budgets.config(),
        "versions": session.versions,
    }
    directory = open_directory(options, f"{task.suite}-{Path(program.name).stem}", config)
    directory.write_program(program)
    evaluator = Evaluator(
        session.run, folder=directory.traces, ledger=HeldoutLedger(directory.ledger), context=session.context
    )
    without = left_out.seeds(task)
    jobs = [
        Job(program=program, task=task, seed=seed, perturbation=doses[seed]) for seed in seeds if seed not in without
    ]
    batch = evaluator(jobs, purpose=Purpose.EXPLORE, stage="run")
    score, report = Score.of(batch), analyse(batch)
    summary: dict[str, Any] = {
        "suite": task.suite,
        "task": task.key,
        "language": task.language,
        "geometry": options["geometry"],
        "program": program.hash,
        "api": api.profile.name,
        "engine": session.engine,
        "device": session.device,
        "score": score.as_dict(),
        "asked": left_out.asked,
        "left_out": left_out.to_json(),
        "faults": report.to_json(),
        "timing": {**evaluator.timing, "program_to_report_s": round(time.perf_counter() - begun, 3)},
    }
    directory.write_summary(summary)
    _show(score, summary, api)
    left_out.show()
    console.print(report.table())
    for effect in report.programs[0].effects:
        print(effect.sentence)
    (trace,) = directory.traces.glob("*.msgpack")
    print(f"Traces: {trace}  (python -m aspire_mjx.traces FILE --rollout N)")


def _show(score: Score, summary: dict[str, Any], api: ApiChoice) -> None:
    print(f"{summary['task']}: {summary['language']!r}, program {summary['program']}")
    print(f"robot API {api.profile.name}: {api.why}")
    verdicts = (
        ("benchmark", score.passes, score.interval),
        ("strict", score.strict_passes, score.strict_interval),
    )
    for verdict, passes, (low, high) in verdicts:
        rate = passes / score.trials
        print(f"{verdict:>9}: {passes}/{score.trials} = {rate:.3f} (95 % interval {low:.3f}-{high:.3f})")


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
