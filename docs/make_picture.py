"""Draws docs/picture.png: a task, its held-out rollouts before and after repair, and what failed.

python docs/make_picture.py RUN_DIRECTORY TASK_INDEX, with a run of aspire_mjx.experiments.libero_pro
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from aspire_mjx.faults.report import analyse
from aspire_mjx.physics.engines import make
from aspire_mjx.primitives.perception import camera_at, scene_of
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.render import render
from aspire_mjx.traces.columns import concatenate
from aspire_mjx.traces.store import read_traces
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec


def main(run: Path, index: int) -> None:
    """Writes the picture beside this file."""
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    entry = next(t for t in summary["tasks"] if t["name"] == find_task(summary["suite"], str(index)).name)
    task = find_task(summary["suite"], str(index))
    (held_out,) = (run / "traces").glob(f"{task.suite}-{index}-held-out-*.msgpack")
    batch = read_traces(held_out)
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
    grid = np.full((2, 50), np.nan)
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
    print(entry["language"], summary["totals"])
    figure.savefig(Path(__file__).with_name("picture.png"), dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
