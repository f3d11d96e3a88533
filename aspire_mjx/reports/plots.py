"""Plots of pass rates: against the dose of a factor, by task, seed by seed, and of two programs in the same worlds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from aspire_mjx.errors import TraceError, UnknownNameError
from aspire_mjx.faults.statistics import clustered
from aspire_mjx.reports.comparison import Comparison
from aspire_mjx.reports.figure import ShownFigure
from aspire_mjx.traces.columns import TraceBatch, Verdict
from aspire_mjx.traces.table import write_csv
from aspire_mjx.worlds.perturbation import Perturbation, factor_names

ENDINGS = (".png", ".svg", ".pdf")
_BINS, _DPI = 8, 150
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")  # told apart by the colour-blind
_MARKS = "os^Dv<"
_COUNTS = ("rollouts", "passes", "rate", "low", "high")
_RATE = "share of rollouts that pass (95 % interval)"


def plot_dose(batch: TraceBatch, factor: str, *, verdict: Verdict = "benchmark") -> ShownFigure:
    """Pass rate of each program against the dose of a factor, with 95 % intervals.

    Up to eight doses are shown as they are; more fall into eight bins of equal numbers, each at its median.

    Raises:
        UnknownNameError: no such factor.
        TraceError: the dose is the same in all rollouts.
    """
    if factor not in factor_names():
        raise UnknownNameError("perturbation factor", factor, factor_names())
    doses = np.array([batch.factors(row).get(factor, np.nan) for row in range(len(batch))])
    if not len(doses) or np.isnan(doses).any() or np.ptp(doses) == 0.0:
        raise TraceError(
            f"all {len(batch)} rollouts have one dose of {factor}; run a sweep, such as --perturb={factor}:LOW..HIGH "
            "--sweep=grid."
        )
    figure, (meaning,) = (
        ShownFigure(layout="constrained"),
        [f.metadata["meaning"] for f in fields(Perturbation) if f.name == factor],
    )
    axes, numbers = figure.subplots(), []
    for which, program in enumerate(batch.programs):
        rows = np.flatnonzero(batch.rollouts["program"] == which)
        bins = _bins(doses[rows])
        at = np.array([np.median(doses[rows[members]]) for members in bins])
        counts = _rows(batch, [rows[members] for members in bins], verdict)
        rates, errors = _errors(counts)
        numbers += [(program.name, dose, *row) for dose, row in zip(at.tolist(), counts, strict=True)]
        colour, mark = _COLOURS[which % len(_COLOURS)], _MARKS[which % len(_MARKS)]
        label = f"{program.name} ({len(rows)} rollouts)"
        axes.errorbar(at, rates, errors, color=colour, marker=mark, capsize=3, label=label)
    axes.set(xlabel=f"{factor}: {meaning}", ylabel=_RATE, ylim=(-0.03, 1.03), title=f"{verdict} verdict")
    axes.legend()
    figure.numbers = _table(("program", factor, *_COUNTS), numbers)
    return figure


def plot_tasks(batch: TraceBatch, *, verdict: Verdict = "benchmark") -> ShownFigure:
    """Pass rate of each program on each task, and on all of them, with 95 % intervals.

    Raises:
        TraceError: no rollouts.
    """
    tasks, keys = batch.rollout_text("task"), _tasks(batch)
    names = [*keys, "all tasks"] if len(keys) > 1 else keys
    figure = ShownFigure(figsize=(7.0, 1.6 + 0.34 * len(names)), layout="constrained")
    axes, numbers = figure.subplots(), []
    count = len(batch.programs)
    for which, program in enumerate(batch.programs):
        own = batch.rollouts["program"] == which
        groups = [np.flatnonzero(own & (tasks == name)) if name in keys else np.flatnonzero(own) for name in names]
        there = [row for row, group in enumerate(groups) if len(group)]
        counts = _rows(batch, [groups[row] for row in there], verdict)
        rates, errors = _errors(counts)
        numbers += [(program.name, names[row], *told) for row, told in zip(there, counts, strict=True)]
        at = np.array(there) + (which - (count - 1) / 2) * 0.6 / max(count, 2)
        axes.errorbar(
            rates,
            at,
            xerr=errors,
            fmt=_MARKS[which % len(_MARKS)],
            color=_COLOURS[which % len(_COLOURS)],
            capsize=3,
            label=f"{program.name} ({int(own.sum())} rollouts)",
        )
    axes.set(xlabel=_RATE, ylabel="task", xlim=(-0.03, 1.03), title=f"{verdict} verdict")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.grid(axis="x", alpha=0.3)
    axes.legend(fontsize="small")
    figure.numbers = _table(("program", "task", *_COUNTS), numbers)
    return figure


def plot_seeds(batch: TraceBatch, *, verdict: Verdict = "benchmark") -> ShownFigure:
    """Share of passes of every task on every seed: what fails together stands in a column or a row.

    Raises:
        TraceError: no rollouts.
    """
    keys, seeds = _tasks(batch), np.unique(batch.rollouts["seed"])
    shares, trials = np.zeros((len(keys), len(seeds))), np.zeros((len(keys), len(seeds)))
    rows = np.array([keys.index(task) for task in batch.rollout_text("task")])
    columns = np.searchsorted(seeds, batch.rollouts["seed"])
    np.add.at(shares, (rows, columns), batch.passes(verdict))
    np.add.at(trials, (rows, columns), 1)
    cells = [
        (keys[row], int(seeds[column]), int(trials[row, column]), int(shares[row, column]))
        for row, column in np.argwhere(trials).tolist()
    ]
    shares = np.divide(shares, trials, out=np.full_like(shares, np.nan), where=trials > 0)
    figure = ShownFigure(
        figsize=(max(6.0, 3.0 + 0.16 * len(seeds)), max(3.0, 1.8 + 0.28 * len(keys))), layout="constrained"
    )
    axes = figure.subplots()
    image = axes.imshow(shares, vmin=0.0, vmax=1.0, cmap="cividis", aspect="auto", interpolation="nearest")
    step = max(1, len(seeds) // 20)
    axes.set_xticks(range(0, len(seeds), step), [str(seed) for seed in seeds[::step]], rotation=90, fontsize="small")
    axes.set_yticks(range(len(keys)), keys, fontsize="small")
    axes.set(xlabel="seed", ylabel="task", title=f"{verdict} verdict, {len(batch)} rollouts (white: none)")
    figure.colorbar(image, ax=axes, label="share of rollouts that pass")
    figure.numbers = _table(("task", "seed", *_COUNTS[:2]), cells)
    return figure


def plot_pairs(comparison: Comparison) -> ShownFigure:
    """What a second program gains and loses in the worlds of a first: by task and pooled, with 95 % intervals."""
    first, second = comparison.programs
    shown = [*comparison.tasks, *([comparison.pooled] if len(comparison.tasks) > 1 else [])]
    figure = ShownFigure(figsize=(7.0, 1.8 + 0.34 * len(shown)), layout="constrained")
    axes = figure.subplots()
    for row, each in enumerate(shown):
        low, high = each.interval
        reach = np.maximum(0.0, [[each.rate - low], [high - each.rate]])
        mark = _MARKS[int(each is comparison.pooled and len(shown) > 1)]
        axes.errorbar([each.rate], [row], xerr=reach, fmt=mark, color=_COLOURS[0], capsize=3)
        said = f"+{each.gains} -{each.losses} of {each.trials}, p = {each.p_value:.2g}"
        axes.annotate(said, (1.03, row), va="center", fontsize="small")
    axes.axvline(0.0, color="0.6", linewidth=1.0, zorder=0)
    label = f"pass rate of {second} less that of {first} (95 % interval)"
    axes.set(xlabel=label, ylabel="task", xlim=(-1.03, 1.7), title=f"{comparison.verdict} verdict, same worlds")
    axes.set_xticks([-1.0, -0.5, 0.0, 0.5, 1.0])
    axes.set_yticks(range(len(shown)), [each.task for each in shown])
    axes.invert_yaxis()
    numbers = [(e.task, e.trials, e.before, e.after, e.gains, e.losses, e.rate, *e.interval, e.p_value) for e in shown]
    columns = ("task", "worlds", f"passes of {first}", f"passes of {second}", "gained", "lost")
    figure.numbers = _table((*columns, "difference", "low", "high", "p"), numbers)
    return figure


def save_plot(figure: ShownFigure, path: Path) -> Path:
    """Writes a plot, and its numbers as a table of the same name with ``.csv``, which it returns.

    SVG and PDF keep the text as text.

    Raises:
        TraceError: another kind of file, or one that cannot be written.
    """
    if path.suffix.lower() not in ENDINGS:
        raise TraceError(f"{path}: a plot is one of {', '.join(ENDINGS)}; give the file such an ending.")
    try:
        figure.savefig(path, dpi=_DPI)
    except OSError as error:
        raise TraceError(f"{path}: the plot cannot be written ({error.strerror}); name another file.") from None
    table = path.with_suffix(".csv")
    write_csv(table, figure.numbers)
    return table


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows as columns by name."""
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _rows(batch: TraceBatch, groups: Sequence[np.ndarray], verdict: Verdict) -> list[tuple[Any, ...]]:
    """Of each group of rollouts what ``_COUNTS`` names."""
    passed, seeds = batch.passes(verdict), batch.rollouts["seed"]
    ends = [clustered(passed[group].tolist(), seeds[group].tolist()) for group in groups]
    return [
        (len(group), int(passed[group].sum()), float(passed[group].mean()), *end)
        for group, end in zip(groups, ends, strict=True)
    ]


def _tasks(batch: TraceBatch) -> list[str]:
    """Keys of the tasks, in the order of the rollouts."""
    if not len(batch):
        raise TraceError("there are no rollouts to plot.")
    return list(dict.fromkeys(batch.rollout_text("task").tolist()))


def _bins(doses: np.ndarray) -> list[np.ndarray]:
    """Rows of rollouts with one dose, or of neighbouring doses where there are many, low doses first."""
    values = np.unique(doses)
    if len(values) <= _BINS:
        return [np.flatnonzero(doses == value) for value in values]
    return np.array_split(np.argsort(doses, kind="stable"), _BINS)


def _errors(rows: Sequence[tuple[Any, ...]]) -> tuple[np.ndarray, np.ndarray]:
    """Rates ``[G]``, and how far their intervals reach below and above ``[2, G]``, of rows of :func:`_rows`."""
    rates, low, high = np.array([row[2:] for row in rows], float).T
    return rates, np.maximum(0.0, np.array([rates - low, high - rates]))
