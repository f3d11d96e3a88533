"""Draws docs/picture.png: a task, its held-out rollouts before and after repair, and what failed.

python docs/make_picture.py RUN_DIRECTORY TASK_INDEX, with a run of aspire_mjx.experiments.libero_pro
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from rich.console import Console

from aspire_mjx.command import Command, Options
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.faults.report import analyse
from aspire_mjx.physics.engines import make
from aspire_mjx.primitives.perception import camera_at, scene_of
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.render import render
from aspire_mjx.traces.columns import TraceBatch, concatenate
from aspire_mjx.traces.store import read_traces
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec

_TILES = 50  # held-out seeds of a program


def _held_out(arguments: list[str]) -> tuple[dict[str, Any], Task, TraceBatch]:
    """Summary of a run, a task of it, and its held-out rollouts.

    Raises:
        AspireError: not a finished run of the main job, a task that it does not have, or held-out rollouts of another
            number than the picture has tiles for.
    """
    if len(arguments) != 2:
        raise AspireError("give a run directory of aspire_mjx.experiments.libero_pro and the index of a task.")
    run, index = Path(arguments[0]), arguments[1]
    try:
        summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
        known = [entry["key"] for entry in summary["tasks"]]
        task = find_task(summary["suite"], index)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AspireError(f"{run} holds no summary of the main job ({error}); name a finished run.") from None
    found = sorted((run / "traces").glob(f"{task.suite}-{task.index}-held-out-*.msgpack"))
    if task.key not in known:
        raise UnknownNameError(f"task of {run}", task.key, known)
    if len(found) != 1:
        raise AspireError(f"{run / 'traces'} has no held-out rollouts of {task.key}; name the run's own folder.")
    batch = read_traces(found[0])
    if set(np.unique(batch.rollouts["program"], return_counts=True)[1].tolist()) != {_TILES}:
        raise AspireError(f"{found[0]}: the picture has {_TILES} tiles a program; run the main job without --quick.")
    return summary, task, batch


def _main(options: Options, arguments: list[str], console: Console) -> None:
    summary, task, batch = _held_out(arguments)
    programs = batch.rollouts["program"]
    figure = plt.figure(figsize=(11, 3.6), layout="constrained")
    scene, before, faults = figure.subplots(1, 3, width_ratios=(1.15, 1.0, 1.6))

    robot = PlainRobot(Simulator(make("native", template_of("floor"))), WorldSpec(task, 51))
    eye = camera_at([spec.view for spec in robot.worlds.specs])
    camera = Camera(position=eye.position, rotation=eye.rotation, fovy=eye.fovy, height=480, width=640)
    scene.imshow(render(scene_of(robot.worlds, robot.state.qpos), camera)[1][0, :400, 60:])
    scene.set_axis_off()
    scene.set_title(textwrap.fill(task.language, 34), fontsize=8)

    passes = batch.passes()
    grid = np.full((2, _TILES), np.nan)
    for row, program in enumerate(sorted(set(programs.tolist()))):
        grid[row, : (programs == program).sum()] = passes[programs == program]
    tiles = np.stack([g.reshape(5, 10) for g in grid])
    before.imshow(np.concatenate([tiles[0], np.full((1, 10), np.nan), tiles[1]]), cmap="RdYlGn", vmin=-0.2, vmax=1.2)
    before.set_xticks([])
    before.set_yticks([2, 8], [f"first draft\n{int(grid[0].sum())}/50", f"learned\n{int(grid[1].sum())}/50"])
    before.set_title("held-out seeds, one tile a rollout", fontsize=9)
    before.spines[:].set_visible(False)

    report = analyse(concatenate([batch.select(programs == programs[0])]))
    groups = report.programs[0].groups[:5]
    names = [group.signature.key for group in groups][::-1]
    faults.barh(names, [group.count for group in groups][::-1], color="#b5523b")
    faults.set_title("fault signatures of the first draft (rollouts)", fontsize=9)
    faults.tick_params(labelsize=8)
    faults.spines[["top", "right"]].set_visible(False)
    print(task.language, summary["totals"])
    figure.savefig(Path(__file__).with_name("picture.png"), dpi=110)


main = Command(_main, lambda flags: None, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
