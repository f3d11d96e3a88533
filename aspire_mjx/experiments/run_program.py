"""Run one program on many seeds of a task: pass rates, and what failed where.

    python -m aspire_mjx.experiments.run_program programs/pick_and_place.py --task=0 --seeds=51-65
    python -m aspire_mjx.experiments.run_program programs/pick_and_place.py --seeds=81-200 \\
        --perturb=noise:0..3,friction:0.3..1 --sweep=latin

The run directory holds the program, the traces and a summary. A program that the compiler refuses gives exit code 2.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from absl import flags
from rich.console import Console
from rich.markup import escape

from aspire_mjx.agents.score import Score
from aspire_mjx.command import Options, run_command
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError
from aspire_mjx.experiments.evaluation import Evaluator
from aspire_mjx.experiments.perturbation_flags import define_perturbation_flags, perturbation_config, perturbations
from aspire_mjx.experiments.progress import RolloutProgress
from aspire_mjx.experiments.run_directory import RunDirectory, next_free
from aspire_mjx.experiments.session import Session
from aspire_mjx.experiments.suite_flags import define_suite_flags, definitions_hash, engine_name, suite_tasks
from aspire_mjx.faults.report import analyse
from aspire_mjx.faults.statistics import wilson
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.seeds import HeldoutLedger, Purpose, format_seeds, parse_seeds
from aspire_mjx.worlds.suites import pick_task


def define_flags() -> flags.FlagValues:
    """The flags of this command."""
    fv = flags.FlagValues()
    define_suite_flags(fv)
    define_perturbation_flags(fv)
    flags.DEFINE_string("task", "0", "index or name of the task", flag_values=fv)
    flags.DEFINE_string("seeds", "51-65", "seeds, such as 51-65 or 1-3,7", flag_values=fv)
    flags.DEFINE_string("engine", "auto", "physics engine: auto, mjx or native", flag_values=fv)
    flags.DEFINE_string("out", "", "run directory; empty: a new one under runs/", flag_values=fv)
    flags.DEFINE_boolean("resume", False, "go on with the run in --out", flag_values=fv)
    flags.DEFINE_integer("capacity", 0, "rollouts at once; 0: the engine's default", flag_values=fv)
    return fv


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if len(arguments) != 1:
        raise AspireError("give the file of one program, e.g. programs/pick_and_place.py.")
    begun = time.perf_counter()
    program = Program.read(arguments[0])
    compile_program(program)
    task = pick_task(suite_tasks(options), options["task"])
    seeds = parse_seeds(options["seeds"])
    doses = perturbations(options, seeds)
    session = Session(engine_name(options), capacity=options["capacity"], progress=RolloutProgress(console))
    config = {
        "task": task.key,
        "bddl": definitions_hash(options, [task]),
        "geometry": options["geometry"],
        "program": program.hash,
        "seeds": format_seeds(seeds),
        **perturbation_config(options),
        "engine": session.engine,
        "versions": session.versions,
    }
    path = (
        Path(options["out"]) if options["out"] else next_free(Path("runs"), f"{task.suite}-{Path(program.name).stem}")
    )
    directory = RunDirectory(path, config, resume=options["resume"])
    directory.write_program(program)
    evaluator = Evaluator(
        session.run, folder=directory.traces, ledger=HeldoutLedger(directory.ledger), context=session.context
    )
    jobs = [Job(program=program, task=task, seed=seed, perturbation=doses[seed]) for seed in seeds]
    batch = evaluator(jobs, purpose=Purpose.EXPLORE, stage="run")
    score, report = Score.of(batch), analyse(batch)
    summary: dict[str, Any] = {
        "suite": task.suite,
        "task": task.key,
        "language": task.language,
        "geometry": options["geometry"],
        "program": program.hash,
        "engine": session.engine,
        "device": session.device,
        "score": score.as_dict(),
        "faults": report.to_json(),
        "timing": {**evaluator.timing.as_dict(), "program_to_report_s": round(time.perf_counter() - begun, 3)},
    }
    directory.write_summary(summary)
    _show(console, score, summary)
    console.print(report.table())
    for effect in report.programs[0].effects:
        console.print(effect.sentence, highlight=False, soft_wrap=True)
    (trace,) = directory.traces.glob("*.msgpack")
    console.print(
        f"Traces: {escape(str(trace))}  (python -m aspire_mjx.traces FILE --rollout N)", highlight=False, soft_wrap=True
    )


def _show(console: Console, score: Score, summary: dict[str, Any]) -> None:
    console.print(
        f"{summary['task']}: {summary['language']!r}, program {summary['program']}", highlight=False, soft_wrap=True
    )
    for verdict, passes in (("benchmark", score.passes), ("strict", score.strict_passes)):
        low, high = wilson(passes, score.trials)
        rate = passes / score.trials
        console.print(
            f"{verdict:>9}: {passes}/{score.trials} = {rate:.3f} (95 % interval {low:.3f}-{high:.3f})",
            highlight=False,
            soft_wrap=True,
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return run_command(_main, define_flags(), usage=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
