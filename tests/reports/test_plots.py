"""Plots say what they show: labels with units, every program, every task, rates with their intervals."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from aspire_mjx.errors import TraceError, UnknownNameError
from aspire_mjx.faults.statistics import wilson
from aspire_mjx.language.program import Program
from aspire_mjx.reports.__main__ import main
from aspire_mjx.reports.comparison import compare
from aspire_mjx.reports.plots import plot_dose, plot_pairs, plot_seeds, plot_tasks
from aspire_mjx.traces.columns import RolloutRow, TraceBatch, TraceBuilder
from aspire_mjx.traces.store import write_traces


def rollouts(*, doses=(0.0,), programs=("wait(1)", "wait(2)"), tasks=("t/0", "t/1"), seeds=range(10)) -> TraceBatch:
    """Each program on each task, seed and dose; it passes where the seed is over ten times the dose."""
    builder, number = TraceBuilder(), 0
    for program in programs:
        for task in tasks:
            for seed in seeds:
                for dose in doses:
                    passed = seed >= 10 * dose
                    row = RolloutRow(
                        rollout=number,
                        program=builder.program(Program(program, f"{program}.py")),
                        task=task,
                        seed=seed,
                        outcome=0,
                        benchmark=passed,
                        strict=False,
                        margin=0.0,
                        ticks=1,
                        factors={"noise": dose},
                    )
                    builder.rollout(row)
                    number += 1
    return builder.build()


def test_success_against_dose_has_rates_intervals_and_the_factors_meaning():
    figure = plot_dose(rollouts(doses=(0.0, 0.3, 0.9), tasks=("t/0",)), "noise")
    (axes,) = figure.axes
    assert axes.get_xlabel().startswith("noise: dose of perception noise") and "95 % interval" in axes.get_ylabel()
    assert axes.get_legend_handles_labels()[1] == ["wait(1).py (30 rollouts)", "wait(2).py (30 rollouts)"]
    line, _, (bars,) = axes.containers[0]
    assert line.get_xdata().tolist() == [0.0, 0.3, 0.9] and line.get_ydata().tolist() == pytest.approx([1.0, 0.7, 0.1])
    low, high = bars.get_segments()[1][:, 1]
    assert (low, high) == pytest.approx(wilson(7, 10))


def test_many_doses_fall_into_bins_of_equally_many_rollouts():
    figure = plot_dose(rollouts(doses=[k / 40 for k in range(40)], seeds=range(5, 6), tasks=("t/0",)), "noise")
    line = figure.axes[0].containers[0][0]
    assert len(line.get_xdata()) == 8 and line.get_xdata()[0] == pytest.approx(0.05)
    assert line.get_ydata().tolist() == pytest.approx([1, 1, 1, 1, 0.2, 0, 0, 0])


def test_tasks_and_all_of_them_are_named():
    axes = plot_tasks(rollouts(doses=(0.5,))).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["t/0", "t/1", "all tasks"]
    assert axes.containers[0][0].get_xdata().tolist() == [0.5, 0.5, 0.5] and axes.get_ylabel() == "task"


def test_the_heat_map_has_a_cell_for_each_task_and_seed():
    axes, bar = plot_seeds(rollouts(doses=(0.5, 0.2), seeds=range(3, 9))).axes
    assert np.asarray(axes.images[0].get_array()).tolist() == [[0.5, 0.5, 1.0, 1.0, 1.0, 1.0]] * 2
    assert axes.get_xlabel() == "seed" and bar.get_ylabel() == "share of rollouts that pass"


@pytest.mark.parametrize("ending", ["png", "svg"])
@pytest.mark.parametrize("kind", ["dose", "tasks", "seeds", "pairs"])
def test_the_command_writes_files(tmp_path, capsys, kind, ending):
    if kind == "pairs":
        for name, dose in (("a", 0.8), ("b", 0.1)):
            write_traces(tmp_path / f"{name}.msgpack", one_program(name, dose))
    else:
        write_traces(tmp_path / "t.msgpack", rollouts(doses=(0.0, 0.5)))
    out, files = tmp_path / f"plot.{ending}", sorted(map(str, tmp_path.glob("*.msgpack")))
    flags = ["--factor=noise"] if kind == "dose" else []
    assert main(["plot", kind, *files, f"--out={out}", *flags]) == 0
    assert f"wrote {out}: {40 if kind == 'pairs' else 80} rollouts; numbers: " in capsys.readouterr().out
    names, *rows = csv.reader((tmp_path / "plot.csv").read_text(encoding="utf-8").splitlines())
    assert len(rows) == {"dose": 4, "tasks": 6, "seeds": 20, "pairs": 3}[kind]
    assert all(len(row) == len(names) for row in rows)
    assert out.read_bytes().startswith(b"\x89PNG" if ending == "png" else b"<?xml")


def one_program(name: str, dose: float) -> TraceBatch:
    """Twenty worlds without a dose; it passes where the seed is over ten times ``dose``."""
    batch = rollouts(programs=(f"wait(1)\n# {name}",))
    batch.rollouts["benchmark"] = batch.rollouts["seed"] >= 10 * dose
    return batch


def test_numbers_are_those_of_the_plot():
    figure = plot_dose(rollouts(doses=(0.0, 0.3, 0.9), tasks=("t/0",)), "noise")
    numbers = figure.numbers
    assert list(numbers) == ["program", "noise", "rollouts", "passes", "rate", "low", "high"]
    assert numbers["noise"][:3] == [0.0, 0.3, 0.9] and numbers["passes"][:3] == [10, 7, 1]
    assert (numbers["low"][1], numbers["high"][1]) == pytest.approx(wilson(7, 10))
    tasks = plot_tasks(rollouts(doses=(0.5,))).numbers
    assert tasks["task"] == ["t/0", "t/1", "all tasks"] * 2 and tasks["rollouts"] == [10, 10, 20] * 2
    seeds = plot_seeds(rollouts(doses=(0.5, 0.2), seeds=range(3, 9))).numbers
    assert seeds["seed"][:2] == [3, 4] and seeds["rollouts"][0] == 4 and seeds["passes"][0] == 2


def test_pairs_show_gains_losses_and_the_exact_test():
    compared = compare(one_program("a", 0.8), one_program("b", 0.1))
    figure = plot_pairs(compared)
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["t/0", "t/1", "all"]
    assert [text.get_text() for text in axes.texts][0] == "+7 -0 of 10, p = 0.016"
    assert axes.containers[0][0].get_xdata().tolist() == pytest.approx([0.7])
    assert figure.numbers["gained"] == [7, 7, 14] and figure.numbers["p"][0] == pytest.approx(2 / 2**7)
    assert figure.numbers["low"][2] == compared.pooled.interval.low


def test_what_cannot_be_plotted_says_why(tmp_path, capsys):
    write_traces(tmp_path / "t.msgpack", rollouts())
    file = str(tmp_path / "t.msgpack")
    for arguments, said in (
        ([], "give a kind of plot"),
        (["pie", file], "unknown plot 'pie'"),
        (["dose", file], "--factor=NAME belongs to dose"),
        (["pairs", file], "give two trace files or folders, not 1"),
        (["tasks", file, "--factor=noise"], "--factor=NAME belongs to dose"),
        (["dose", file, "--factor=wind"], "unknown perturbation factor 'wind'"),
        (["dose", file, "--factor=noise"], "have one dose of noise"),
        (["tasks", file, "--verdict=kind"], "unknown verdict 'kind'"),
        (["tasks", file, f"--out={tmp_path / 'p.bmp'}"], "a plot is one of .png, .svg, .pdf"),
        (["tasks", file, f"--out={tmp_path / 'absent' / 'p.png'}"], "is not a folder"),
    ):
        assert main(["plot", *arguments]) == 2
        assert said in capsys.readouterr().err
    with pytest.raises(TraceError, match="no rollouts"):
        plot_tasks(TraceBuilder().build())
    with pytest.raises(UnknownNameError):
        plot_dose(TraceBuilder().build(), "wind")
