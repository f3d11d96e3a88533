"""From a run directory to the content of its report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from aspire_mjx.printable import source_lines
from aspire_mjx.reports.page import skills
from aspire_mjx.reports.page.answers import answers
from aspire_mjx.reports.page.content import Keyframe, RateGroup, Report, RolloutTrace
from aspire_mjx.reports.page.factors import factors
from aspire_mjx.reports.page.failures import Failures
from aspire_mjx.reports.page.heat_map import TraceOf, heat_map
from aspire_mjx.reports.page.history import history, search_rates, standing_key, task_rows
from aspire_mjx.reports.page.pictures import keyframe
from aspire_mjx.reports.page.rates import rate_of
from aspire_mjx.reports.page.rollout_trace import rollout_trace
from aspire_mjx.reports.page.run_folder import RunFolder

_KEYFRAMES = 3  # rollouts that run again to be shown


def build(run: RunFolder) -> Report:
    """The report of a run. The same directory gives the same report."""
    failures, notes = Failures.of(run.rollouts), []
    tasks = run.summary["tasks"] if run.searched else []
    every = np.arange(len(run.rollouts))
    first = run.rows(standing_key(task, task["first"]) for task in tasks) if run.searched else every
    chosen = run.rows(standing_key(task, task) for task in tasks)
    headline, three = answers(run, failures, first)
    failed = failures.failed(first)
    trace = _tracer(run, failures, _keyframes(failures, failed, notes))
    title = "First programs" if run.searched else "All rollouts"
    maps = [heat_map(failures, first, id="first", title=title, trace=trace)]
    if run.searched:
        maps.append(heat_map(failures, chosen, id="chosen", title="Chosen programs", trace=trace))
        notes.append(
            "Faults and traces are of debug and validation seeds. Of held-out seeds this page shows pass rates only: "
            "who looks into them and edits a program has spent them."
        )
    elif len(every) < run.summary["timing"]["rollouts"]:
        notes.append(f"This page is of the first {len(every):,} of {run.summary['timing']['rollouts']:,} rollouts.")
    return Report(
        title=_title(run),
        headline=headline,
        answers=three,
        typical=trace(failures.typical(failures.cells(failed)[0][-1])) if failed else None,
        rates=search_rates(run, failures) if run.searched else _rates(failures),
        tasks=task_rows(run) if run.searched else (),
        maps=tuple(maps),
        factors=factors(failures, first),
        histories=tuple(history(run, task) for task in tasks),
        program=_program(run),
        used=skills.used(run) if run.searched else (),
        admitted=skills.tested(run, admitted=True),
        turned_away=skills.tested(run, admitted=False),
        cost=_cost(run.summary),
        facts=_facts(run),
        notes=tuple(notes),
    )


def _title(run: RunFolder) -> str:
    summary = run.summary
    who = f"agent {summary['agent']}" if run.searched else f"program {summary['program']}"
    return f"{summary['suite']}, {who}, engine {summary['engine']}"


def _rates(failures: Failures) -> tuple[RateGroup, ...]:
    """Pass rates of one program: all tasks together, then one by one."""
    batch, tasks = failures.batch, failures.batch.rollout_text("task")
    every = np.arange(len(batch))
    shown = [("benchmark verdict", every, failures.passes), ("strict verdict", every, batch.passes("strict"))]
    if len(keys := list(dict.fromkeys(tasks.tolist()))) > 1:
        shown += [(key, np.flatnonzero(tasks == key), failures.passes) for key in keys]
    rates = tuple((name, rate_of(batch, rows, hits)) for name, rows, hits in shown)
    return (RateGroup("all", "All rollouts", rates),)


def _keyframes(failures: Failures, failed: list[int], notes: list[str]) -> dict[int, Keyframe]:
    """Of a typical rollout of the most frequent failure, and of the worst ones of the next; why there is none is noted.

    A rollout runs again for each.
    """
    found: dict[int, Keyframe] = {}
    groups = [members for *_, members in failures.cells(failed)]
    rows = [failures.typical(members) for members in groups[:1]] + [failures.worst(members)[0] for members in groups]
    for row in list(dict.fromkeys(rows))[:_KEYFRAMES]:
        fault, first = failures.faults[row], failures.batch.calls_of(row).start
        drawn = keyframe(failures.batch, row, None if fault.call is None else fault.call - first)
        if isinstance(drawn, str):
            notes.append(f"No pictures: {drawn}")
            break
        found[row] = drawn
    return found


def _tracer(run: RunFolder, failures: Failures, keyframes: Mapping[int, Keyframe]) -> TraceOf:
    """Shows a rollout, each made once."""

    @cache
    def trace(row: int) -> RolloutTrace:
        file, number = run.files[row]
        told = {"file": file, "row": number, "keyframe": keyframes.get(row)}
        return rollout_trace(failures.batch, row, failures.faults[row], failures.milestone(row), **told)

    return trace


def _program(run: RunFolder) -> tuple[str, ...]:
    """The first program's lines."""
    summary = run.summary
    name = summary["tasks"][0]["first"]["program"] if run.searched and summary["tasks"] else summary.get("program", "")
    return tuple(source_lines(run.text_of(name)))


def _cost(summary: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    timing, llm = summary["timing"], summary.get("totals", {}).get("llm", {})
    rows = [
        ("rollouts", f"{timing['rollouts']:,}"),
        ("from program to summary", f"{timing['program_to_report_s']:.1f} s"),
        ("of these rollouts", f"{timing['rollout_s']:.1f} s"),
        ("engine start", f"{timing['compile_s']:.1f} s"),
        ("physics steps", f"{timing['sim_steps']:,}"),
        ("lanes in use (occupancy)", f"{100 * timing['occupancy']:.0f} %"),
    ]
    if llm.get("calls"):
        rows += [("language model calls", f"{llm['calls']:,}"), ("tokens", f"{llm['tokens']:,}")]
        rows.append(("price", "not known for this model" if llm["usd"] is None else f"{llm['usd']:.2f} USD"))
    elif llm:
        rows.append(("language model", "none used"))
    return tuple(rows)


def _facts(run: RunFolder) -> tuple[tuple[str, str], ...]:
    """What the result depends on, as ``config.json`` has it."""
    shown = []
    for name, value in run.config.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {each}" for key, each in value.items())
        elif isinstance(value, list):
            value = ", ".join(map(str, value))
        if value != "" and name not in ("format", "schema"):
            shown.append((name.replace("_", " "), str(value)))
    return (("device", str(run.summary.get("device", ""))), *shown)
