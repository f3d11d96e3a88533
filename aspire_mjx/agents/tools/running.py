"""Tools that run programs: on debug seeds with everything told, on validation and held-out seeds with rates only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.agents.score import Score
from aspire_mjx.agents.tools.answer import Answer
from aspire_mjx.agents.tools.looking import report_of
from aspire_mjx.agents.tools.quoted import page, quoted
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError
from aspire_mjx.faults.edits import Edit
from aspire_mjx.faults.forks import Fork, ForkOutcome, forkable, outcomes
from aspire_mjx.faults.report import analyse
from aspire_mjx.language.program import Program
from aspire_mjx.language.tunables import tunable_values, tunables_of
from aspire_mjx.rollout.job import Job
from aspire_mjx.seeds import Purpose, check_role, format_seeds
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.traces.replay import job_of
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.sweep import Sweep

_FORKED = 8  # failures, and passes
_NAME = "program.py"


def run_program(
    bench: Workbench,
    *,
    source: str,
    task: str,
    seeds: str = "",
    tunables: Sequence[Mapping[str, float]] = ({},),
    perturb: str = "",
) -> Answer:
    """A program on debug seeds, with the fault report of the batch."""
    program, chosen = _compiled(source), bench.task(task)
    declared = tunables_of(program)
    for setting in tunables:
        tunable_values(declared, dict(setting), program=program.name)
    jobs = [
        Job(program, chosen, seed, tuple(sorted(setting.items())), perturbation=bench.dose(seed, perturb))
        for setting in tunables
        for seed in bench.seeds(seeds)
    ]
    return _told(bench, jobs, "run_program")


def sweep(
    bench: Workbench,
    *,
    source: str,
    task: str,
    ranges: str,
    points: int = 8,
    design: str = "latin",
    seeds: str = "",
) -> Answer:
    """A program under doses spread over ranges, with what separates failures from passes."""
    program, chosen, wanted = _compiled(source), bench.task(task), bench.seeds(seeds)
    doses = Sweep.parse(ranges).draw(points * len(wanted), design=design, seed=0)
    places = [seed for _ in range(points) for seed in wanted]
    jobs = [Job(program, chosen, seed, perturbation=dose) for seed, dose in zip(places, doses, strict=True)]
    return _told(bench, jobs, "sweep")


def _told(bench: Workbench, jobs: Sequence[Job], stage: str) -> Answer:
    name, batch = bench.look(jobs, stage=stage)
    report = analyse(batch)
    shown = page(report_of(batch, report), 0)
    data: dict[str, Any] = {"batch": name, **_rates(batch), "failed": _failed(batch)}
    effects = [effect.sentence for effect in report.programs[0].effects]
    if effects:
        data["effects"] = quoted("\n".join(effects), "what separates failures")
    return Answer({**data, "report": quoted(shown.text, "fault report"), "next_offset": shown.next_offset})


def _rates(batch: TraceBatch) -> dict[str, Any]:
    return Score.of(batch).as_dict()


def _failed(batch: TraceBatch) -> list[dict[str, int]]:
    """The first failed rollouts with their seeds."""
    rows = np.flatnonzero(~batch.passes())[:20].tolist()
    return [{"rollout": row, "seed": int(batch.rollouts["seed"][row])} for row in rows]


def fork(
    bench: Workbench,
    *,
    batch: str,
    changes: Sequence[Mapping[str, Any]],
    rollouts: Sequence[int] = (),
    call: int | None = None,
) -> Answer:
    """Rollouts of a batch again, each with one thing changed."""
    traces = bench.batch(batch)
    if len(traces.programs) != 1:
        raise AspireError(f"fork: {batch} holds {len(traces.programs)} programs; fork rollouts of one.")
    forks = [change_of(change, Program(traces.programs[0].text, _NAME)) for change in changes]
    rows = list(dict.fromkeys(rollouts)) or _spread(traces)
    found, forked = run_forks(bench, traces, forks, rows)
    data = [
        {
            "change": quoted(outcome.fork.words, "change"),
            "turned": outcome.turned,
            "failures": outcome.failures,
            "kept": outcome.kept,
            "passes": outcome.passes,
            "effect": round(outcome.effect, 3),
        }
        for outcome in found
    ]
    if call is not None:
        width = len(rows)
        for number, entry in enumerate(data):
            part = forked.select(range(number * width, (number + 1) * width))
            entry["differ_before_the_call"] = sum(
                first_difference(traces, row, part, at) < call for at, row in enumerate(rows)
            )
    return Answer({"rollouts": rows, "seeds": traces.rollouts["seed"][rows].tolist(), "changes": data})


def run_forks(
    bench: Workbench, traces: TraceBatch, forks: Sequence[Fork], rows: Sequence[int]
) -> tuple[list[ForkOutcome], TraceBatch]:
    """What changes do to rollouts of a batch, and the rollouts with them: those of the first change first.

    Raises:
        SeedRoleError: rollouts on seeds that may not drive edits.
    """
    check_role(Purpose.EDIT, {int(traces.rollouts["seed"][row]) for row in rows})
    jobs = [job_of(traces, row) for row in rows]
    forked = bench.run([fork.applied(job) for fork in forks for job in jobs], purpose=Purpose.EDIT, stage="fork")
    then, now = traces.passes()[list(rows)].astype(bool), forked.passes().reshape(len(forks), len(jobs))
    return outcomes(forks, then, now), forked


def change_of(change: Mapping[str, Any], program: Program) -> Fork:
    """A change as a fork.

    Args:
        change: ``first_line``, ``last_line`` and ``text``, or ``factor`` and ``dose``.
        program: that is changed.

    Raises:
        AspireError: neither the one nor the other; lines that there are not; a program that the compiler refuses.
    """
    lines, factor = {"first_line", "last_line", "text"} & change.keys(), {"factor", "dose"} & change.keys()
    if bool(lines) == bool(factor) or factor and len(factor) < 2 or lines and "first_line" not in lines:
        raise AspireError("fork: a change gives first_line and text, or factor and dose; give one of the two.")
    if factor:
        name, dose = str(change["factor"]), float(change["dose"])
        Perturbation.parse(f"{name}:{dose!r}")  # says what is wrong with them
        return Fork(f"{name} {dose:g}", factor=name, dose=dose)
    source, first = program.text.split("\n"), int(change["first_line"])
    last, text = int(change.get("last_line", first)), str(change.get("text", ""))
    if not 1 <= first <= last <= len(source):
        raise AspireError(f"fork: lines {first} to {last}; the program has lines 1 to {len(source)}.")
    replaced = "\n".join([*source[: first - 1], *([text] if text else []), *source[last:]])
    words = f"line {first}{f' to {last}' if last > first else ''}: {' '.join(text.split()) or 'removed'}"
    return Fork(words, edit=Edit(first, "added", "", words, _compiled(replaced)))


def first_difference(traces: TraceBatch, row: int, others: TraceBatch, other: int) -> int:
    """Number of the first call in which two rollouts differ, bit for bit; beyond the last where none does."""
    parts = traces.calls_of(row), others.calls_of(other)
    lengths = [part.stop - part.start for part in parts]
    names = [batch.call_text("primitive") for batch in (traces, others)]
    for number in range(min(lengths)):
        at, there = parts[0].start + number, parts[1].start + number
        same = names[0][at] == names[1][there] and all(
            np.array_equal(traces.calls[column][at], others.calls[column][there], equal_nan=True)
            for column in ("status", "t_start", "t_end", "inputs", "outputs")
        )
        if not same:
            return number
    return min(lengths) if lengths[0] != lengths[1] else 1 << 30


def _spread(traces: TraceBatch) -> list[int]:
    failed, passed = forkable(traces, traces.passes().astype(bool), _FORKED)
    return [*failed, *passed]


def validate(bench: Workbench, *, source: str, task: str) -> Answer:
    """Rates of a program on validation seeds."""
    return Answer(_measured(bench, [_compiled(source)], task, bench.validation_seeds, Purpose.SELECT, "validate")[0])


def report(bench: Workbench, *, first: str, chosen: str, task: str) -> Answer:
    """Rates of two programs on held-out seeds, once a task."""
    programs = [_compiled(first), _compiled(chosen)]
    rates = _measured(bench, programs, task, bench.heldout_seeds, Purpose.REPORT, "report")
    return Answer({"seeds": format_seeds(bench.heldout_seeds), "first": rates[0], "chosen": rates[1]})


def _measured(
    bench: Workbench, programs: Sequence[Program], task: str, seeds: Sequence[int], purpose: Purpose, stage: str
) -> list[dict[str, Any]]:
    chosen = bench.task(task)
    if not seeds:
        raise AspireError(f"{stage}: this workbench has no seeds for it; the run that it belongs to does that itself.")
    jobs = [Job(program, chosen, seed, perturbation=bench.dose(seed)) for program in programs for seed in seeds]
    batch, width = bench.run(jobs, purpose=purpose, stage=stage), len(seeds)
    parts = [batch.select(range(k * width, (k + 1) * width)) for k in range(len(programs))]
    return [_rates(part) for part in parts]


def _compiled(source: str) -> Program:
    """A program that the compiler takes.

    Raises:
        ProgramRefused: what is wrong with it, by line.
    """
    program = Program(source, _NAME)
    compile_program(program)
    return program
