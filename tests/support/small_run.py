"""The directory of a run of one real rollout, written as ``run_program`` writes it."""

from __future__ import annotations

import json
from pathlib import Path

from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, Simulators
from aspire_mjx.seeds import Purpose
from aspire_mjx.traces.store import write_traces
from aspire_mjx.worlds.suites import find_task

MISS = Program(
    """\
# api: native
import numpy as np
position, quaternion = sample_grasp_pose("alphabet soup")
goto_pose(position + np.array([0.0, 0.0, 0.15]), quaternion)
close_gripper()
""",
    "miss.py",
)  #: closes its hand in the air


def small_run(path: Path, *, seed: int = 51) -> Path:
    """Runs :data:`MISS` once."""
    task = find_task("libero_object_swap", 0)
    batch = Simulators("native").run([Job(MISS, task, seed)])
    write_traces(path / "traces" / "miss.msgpack", batch)
    look = {"event": "rollouts", "purpose": Purpose.EXPLORE.value, "rollouts": 1, "file": "miss.msgpack"}
    timing = {"rollouts": 1, "program_to_report_s": 1, "rollout_s": 1, "compile_s": 0, "sim_steps": 9, "occupancy": 1}
    summary = {
        "suite": task.suite,
        "program": MISS.hash,
        "engine": "native",
        "device": "CPU",
        "faults": {},
        "timing": timing,
    }
    (path / "config.json").write_text(json.dumps({"program": MISS.hash}))
    (path / "events.jsonl").write_text(json.dumps(look) + "\n")
    (path / "summary.json").write_text(json.dumps(summary))
    return path
