r"""Run one program on many seeds of one task or of several: pass rates, and what failed where.

    python -m aspire_mjx.experiments.run_program pick_and_place --task=0 --seeds=51-65
    python -m aspire_mjx.experiments.run_program pick_and_place --suite=libero_object --tasks=all
    python -m aspire_mjx.experiments.run_program my_program.py --seeds=81-200 \
        --perturb=noise:0..3,friction:0.3..1 --sweep=latin

PROGRAM is a file, or the name of a program that comes with the package. The run directory holds the program, the traces
and a summary. A program that the compiler refuses gives exit code 2. A rollout whose world cannot be built, such as one
without room for things of twice the size, is left out and named; exit code 2 where that is all of them. Held-out seeds
that are looked at are entered in a ledger beside the program. Traces are written as their rollouts end, some hundreds a
file: a run that is stopped goes on where it was with --out=DIR --resume.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from aspire_mjx.agents.score import Score
from aspire_mjx.command import Command, Options, telling_of
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError
from aspire_mjx.experiments.evaluation import Evaluator
from aspire_mjx.experiments.heldout_looks import enter_looks
from aspire_mjx.experiments.left_out import LeftOut
from aspire_mjx.experiments.session import Session, open_directory
from aspire_mjx.experiments.world_plan import WorldPlan, define_plan_flags
from aspire_mjx.faults.report import FaultReport, FaultTally
from aspire_mjx.language.program_flag import api_of, program_for
from aspire_mjx.printable import printable
from aspire_mjx.reports.page.render import write_report
from aspire_mjx.seeds import Purpose
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if len(arguments) != 1:
        raise AspireError("give the file of one program, or the name of a shipped one, such as pick_and_place.")
    begun = time.perf_counter()
    program = program_for(options, arguments[0])
    compile_program(program)
    api = api_of(program)
    session = Session.of(options, console)
    plan = WorldPlan.of(options, session)
    stem = f"{plan.tasks[0].suite}-{Path(program.name).stem}"
    with open_directory(options, stem, {"program": program.hash, **plan.config}) as directory:
        directory.write_program(program)
        evaluator = Evaluator.of(session, directory)
        enter_looks(arguments[0], program, plan.tasks, plan.seeds)
        tally, omitted = FaultTally(), []
        for part in plan.parts(session.part):
            omitted.append(part.left_out)
            if part.worlds:
                jobs = part.jobs(program)
                tally.add(evaluator.once(jobs, purpose=Purpose.EXPLORE, stage=part.name, title=part.title))
        rollouts, report, left_out = tally.rollouts(), tally.report(), LeftOut.in_all(omitted)
        score = Score.of(rollouts)
        summary: dict[str, Any] = {
            "suite": plan.tasks[0].suite,
            "tasks": [_task(task, rollouts, report) for task in plan.tasks],
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
    with telling_of(directory.path):
        print(f"program {program.hash}, robot API {api.profile.name}: {api.why}")
        if len(plan.tasks) > 1:
            console.print(_table(summary))
        else:
            print(f"{summary['tasks'][0]['key']}: {summary['tasks'][0]['language']!r}")
        _show(score)
        left_out.show()
        print(printable(report.text()))
        files = list(directory.traces.glob("*.msgpack"))
        traces = files[0] if len(files) == 1 else directory.traces
        print(f"Traces: {traces}  (python -m aspire_mjx.traces {traces} --rollout=N)")
        print(f"For people: {write_report(directory.path)}")


def _task(task: Task, rollouts: TraceBatch, report: FaultReport) -> dict[str, Any]:
    """What the summary says of one task; a task without worlds has no trials."""
    own = rollouts.rollout_text("task") == task.key
    failures = Counter(fault.signature.key for fault in report.faults if own[fault.rollout])
    return {
        "key": task.key,
        "language": task.language,
        "score": Score.of(rollouts.select(own)).as_dict(),
        "fails_by": min(failures, key=lambda key: (-failures[key], key), default="none"),
    }


def _table(summary: dict[str, Any]) -> Table:
    """One row a task, and all of them pooled."""
    table = Table(title="pass rates, benchmark and strict verdict", box=box.SIMPLE_HEAD)
    for heading in ("task", "language", "passes", "rate (95 % interval)", "strict", "fails mostly by"):
        table.add_column(heading, overflow="fold")
    rows = [*summary["tasks"], {"key": "all", "language": "", "score": summary["score"], "fails_by": ""}]
    for each in rows:
        score = each["score"]
        rate = f"{score['rate']:.3f} ({score['interval_low']:.3f}-{score['interval_high']:.3f})"
        passes = f"{score['passes']}/{score['trials']}"
        table.add_row(
            each["key"],
            each["language"],
            passes,
            rate if score["trials"] else "-",
            str(score["strict_passes"]),
            each["fails_by"],
            end_section=each is summary["tasks"][-1],
        )
    return table


def _show(score: Score) -> None:
    verdicts = (
        ("benchmark", score.passes, score.interval),
        ("strict", score.strict_passes, score.strict_interval),
    )
    for verdict, passes, (low, high) in verdicts:
        rate = passes / score.trials
        print(f"{verdict:>9}: {passes}/{score.trials} = {rate:.3f} (95 % interval {low:.3f}-{high:.3f})")


main = Command(_main, define_plan_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
