"""Draws docs/picture.png: a task, its held-out rollouts before and after repair, what failed, and the repair.

python docs/make_picture.py [RECORD [TASK_INDEX]]

RECORD is a run of aspire_mjx.experiments.libero_pro, by default the published one; its summary and the programs are
enough, as the held-out rollouts of the task are run again: nothing new is looked at. The task is by default the one
that gained most. What the rollouts give now must be what the record says.
"""

from __future__ import annotations

import difflib
import json
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from rich.console import Console

from aspire_mjx.command import Command, Options
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.faults.report import analyse
from aspire_mjx.language.program import Program
from aspire_mjx.reports.shot import take_shot
from aspire_mjx.rollout.simulator import Job, Simulators
from aspire_mjx.seeds import parse_seeds
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.tasks import Task

ROOT = Path(__file__).parents[1]
PROGRAMS = ROOT / "programs"
PUBLISHED = ROOT / "experiments" / "libero_object_swap-scripted"
_PASS, _FAIL = "#0072b2", "#e69f00"  # told apart by the colour-blind; failures have a cross, too
_ACROSS, _LINES, _WIDE = 10, 26, 66  # tiles in a row; lines and characters of the repair that are shown


@dataclass(frozen=True)
class Record:
    """What the picture shows of a run: a task, and its first and its learned program with their settings."""

    task: Task
    programs: tuple[Program, Program]
    tunables: tuple[dict[str, float], dict[str, float]]
    passes: tuple[int, int]
    seeds: tuple[int, ...]


def read_record(arguments: list[str]) -> Record:
    """The record and the task that are asked for.

    Raises:
        AspireError: no finished run of the main job with held-out rollouts, or a program that is not here.
        UnknownNameError: a task that it does not have.
    """
    if len(arguments) > 2:
        raise AspireError(
            "give a run directory of aspire_mjx.experiments.libero_pro and the index of a task, or nothing."
        )
    run = Path(arguments[0]) if arguments else PUBLISHED
    try:
        summary, config = (
            json.loads((run / f"{name}.json").read_text(encoding="utf-8")) for name in ("summary", "config")
        )
        entries = {entry["key"].rpartition("/")[2]: entry for entry in summary["tasks"]}
        gains = {index: _passes(entry)[1] - _passes(entry)[0] for index, entry in entries.items()}
        seeds = parse_seeds(config["heldout_seeds"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AspireError(f"{run} holds no summary of the main job ({error}); name a finished run.") from None
    index = arguments[1] if len(arguments) == 2 else max(gains, key=lambda each: gains[each])
    if index not in entries:
        raise UnknownNameError(f"task of {run}", index, entries)
    entry = entries[index]
    standings = (entry["first"], entry)
    texts = {Program.read(path).hash: path for path in (*PROGRAMS.rglob("*.py"), *(run / "programs").glob("*.py"))}
    missing = [each["program"] for each in standings if each["program"] not in texts]
    if missing:
        raise AspireError(f"{run}: program {missing[0]} is neither in its programs/ nor in {PROGRAMS}; put it there.")
    first, learned = (Program.read(texts[each["program"]]) for each in standings)
    before, after = (each["tunables"] for each in standings)
    return Record(find_task(summary["suite"], index), (first, learned), (before, after), _passes(entry), seeds)


def _passes(entry: dict[str, Any]) -> tuple[int, int]:
    return entry["first"]["heldout"]["passes"], entry["heldout"]["passes"]


def run_again(record: Record) -> tuple[tuple[TraceBatch, TraceBatch], Simulators]:
    """The held-out rollouts of both programs.

    Raises:
        AspireError: other verdicts than the record's.
    """
    simulators = Simulators("native")
    first, learned = (
        simulators.run([Job(program, record.task, seed, tuple(sorted(own.items()))) for seed in record.seeds])
        for program, own in zip(record.programs, record.tunables, strict=True)
    )
    now = int(first.passes().sum()), int(learned.passes().sum())
    if now != record.passes:
        raise AspireError(
            f"{record.task.key}: the record has {record.passes[0]} and {record.passes[1]} passes, its rollouts "
            f"give {now[0]} and {now[1]} now: another version or machine made it. Make the record again."
        )
    return (first, learned), simulators


def draw_tiles(axes: Axes, batches: tuple[TraceBatch, TraceBatch]) -> None:
    """A square for each rollout: blue where it passed, orange with a cross where it failed."""
    names, places, top = ("first draft", "learned"), [], 0
    for name, batch in zip(names, batches, strict=True):
        passed = batch.passes()
        row, column = np.divmod(np.arange(len(passed)), _ACROSS)
        for of, colour, mark in ((passed, _PASS, "s"), (~passed, _FAIL, "s"), (~passed, "black", "x")):
            axes.scatter(column[of], top + row[of], s=90 if mark == "s" else 26, c=colour, marker=mark, linewidths=1.4)
        places.append((top + row.mean(), f"{name}\n{int(passed.sum())} of {len(passed)}"))
        top += row.max() + 2
    axes.set(xlim=(-0.7, _ACROSS - 0.3), ylim=(top - 1.3, -0.7), aspect="equal", xticks=[])
    axes.set_yticks(*zip(*places, strict=True), fontsize=9)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title("held-out seeds: blue passed,\norange with a cross failed", fontsize=9)


def draw_faults(axes: Axes, batches: tuple[TraceBatch, TraceBatch]) -> None:
    """How many rollouts failed by each signature, with the first program and with the learned one."""
    counts: dict[str, list[int]] = {}
    for which, batch in enumerate(batches):
        for group in analyse(batch).programs[0].groups:
            counts.setdefault(group.signature.key, [0, 0])[which] = group.count
    names, places = list(counts), np.arange(len(counts))
    for which, (name, colour, hatch) in enumerate((("first draft", _FAIL, ""), ("learned", _PASS, "////"))):
        bars = axes.barh(places + 0.38 * which, [counts[key][which] for key in names], 0.36, color=colour, label=name)
        for bar in bars:
            bar.set(hatch=hatch, edgecolor="white")
        axes.bar_label(bars, fontsize=8, padding=2)
    axes.set_yticks(places + 0.19, [key.replace("/", "/\n", 1) for key in names], fontsize=7)
    axes.set_xlabel("failed rollouts", fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    axes.set_title("fault signatures", fontsize=9)


def draw_repair(axes: Axes, record: Record) -> None:
    """What the learned program adds, line by line."""
    first, learned = (program.text.splitlines() for program in record.programs)
    lines = [
        line for line in difflib.unified_diff(first, learned, lineterm="", n=0) if line[:2] not in ("--", "++", "@@")
    ]
    lines = [line for line in lines if line[1:].strip() and "import numpy" not in line]
    shown = (
        lines
        if len(lines) <= _LINES
        else [*lines[: _LINES - 7], f"    ... {len(lines) - _LINES + 1} more lines", *lines[-6:]]
    )
    for number, line in enumerate(shown):
        colour = {"+": _PASS, "-": "#a04000"}.get(line[0], "gray")
        text = line if len(line) <= _WIDE else line[: _WIDE - 3] + "..."
        axes.text(0.0, 1.0 - number / _LINES, text, color=colour, fontsize=6.6, family="monospace", va="top")
    axes.set_axis_off()
    axes.set_title("the repaired program: lines added (+) and replaced (-)", fontsize=9)


def _main(options: Options, arguments: list[str], console: Console) -> None:
    record = read_record(arguments)
    batches, simulators = run_again(record)
    figure = Figure(figsize=(13, 4.3), layout="constrained")
    scene, tiles, faults, repair = figure.subplots(1, 4, width_ratios=(1.35, 0.9, 1.0, 1.5))
    spec = Job(record.programs[0], record.task, record.seeds[0]).world
    worlds, state = simulators.of(spec.template).settled([spec])
    scene.imshow(take_shot(worlds, state.qpos[0], height=480, width=640).named[:420, 60:])
    scene.set_axis_off()
    scene.set_title("\n".join(textwrap.wrap(record.task.language, 40)), fontsize=9)
    draw_tiles(tiles, batches)
    draw_faults(faults, batches)
    draw_repair(repair, record)
    figure.savefig(Path(__file__).with_name("picture.png"), dpi=110)
    print(f"{record.task.key}: {record.passes[0]} and {record.passes[1]} of {len(record.seeds)} held-out rollouts pass")


main = Command(_main, lambda flags: None, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
