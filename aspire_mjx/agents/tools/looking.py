"""Tools that look: tasks, the robot API, fault reports, rollouts, pictures, comparisons. None runs a new program."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from aspire_mjx.agents.tools.answer import Answer
from aspire_mjx.agents.tools.quoted import page, quoted
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.errors import TraceError, UnknownNameError
from aspire_mjx.faults.diagnosis import diagnose
from aspire_mjx.faults.fault import find_faults
from aspire_mjx.faults.report import FaultReport, analyse
from aspire_mjx.language.prompt import agent_prompt
from aspire_mjx.primitives.api_profile import PROFILES
from aspire_mjx.reports.comparison import compare as compare_batches
from aspire_mjx.reports.keyframe import draw_keyframe
from aspire_mjx.reports.shot import take_shot
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.traces.reader import call_text, heading, rollout_text
from aspire_mjx.traces.replay import replay
from aspire_mjx.worlds.worlds import WorldSpec

_DPI = 80


def list_tasks(bench: Workbench, *, offset: int = 0, limit: int = 50) -> Answer:
    """Keys and instructions, some at a time."""
    keys = list(bench.tasks)
    tasks = [{"task": key, "language": quoted(bench.tasks[key].language, "task name")} for key in keys[offset:][:limit]]
    end = offset + len(tasks)
    return Answer({"tasks": tasks, "total": len(keys), "next_offset": end if end < len(keys) else None})


def show_task(bench: Workbench, *, task: str) -> Answer:
    """A task in words and as the robot's camera sees it, without a name or a number of what is in it."""
    chosen = bench.task(task)
    seed = bench.debug_seeds[0]
    spec = WorldSpec(chosen, seed, bench.dose(seed))
    worlds, state = Simulators("native", capacity=1).of(spec.template).settled([spec])
    shot = take_shot(worlds, state.qpos[0])
    data = {"task": task, "language": quoted(chosen.language, "task name"), "seed_of_the_picture": seed}
    return Answer(data, (_png(shot.rgb),))


def robot_api(bench: Workbench, *, profile: str = "native", offset: int = 0) -> Answer:
    """The robot API as text."""
    if profile not in PROFILES:
        raise UnknownNameError("API profile", profile, PROFILES)
    shown = page(agent_prompt(PROFILES[profile]), offset, size=20_000)
    return Answer({"text": shown.text, "next_offset": shown.next_offset})


def fault_report(bench: Workbench, *, batch: str, offset: int = 0) -> Answer:
    """The fault report of a batch, and how far its rollouts came."""
    shown = page(report_of(bench.batch(batch)), offset)
    return Answer({"report": quoted(shown.text, "fault report"), "next_offset": shown.next_offset})


def report_of(batch: TraceBatch, report: FaultReport | None = None) -> str:
    """What failed, then for each program how far its rollouts came and which lines to look at.

    Args:
        batch: traces.
        report: of them, where there is one already.
    """
    told = (batch.rollouts["definition"] >= 0).all()  # what the goal is
    return (report or analyse(batch)).text(diagnose(batch) if told else ())


def show_rollout(bench: Workbench, *, batch: str, rollout: int, calls: str = "", offset: int = 0) -> Answer:
    """One rollout call by call, with why it failed."""
    traces = bench.batch(batch)
    rows = traces.calls_of(rollout)
    if calls:
        first, _, last = calls.partition("-")
        chosen = range(rows.start, rows.stop)[int(first) : int(last or first) + 1]
        if not chosen:
            raise TraceError(f"rollout {rollout} has no calls {calls}; it has {rows.stop - rows.start}, from 0 on")
        text = "\n".join([heading(traces, rollout), *(line for row in chosen for line in call_text(traces, row))])
    else:
        (fault,) = [None] if traces.passes()[rollout] else find_faults(traces, [rollout])
        why = [f"why it failed: {fault.sentence}"] if fault else []
        text = rollout_text(traces, rollout, blamed=fault.call if fault else None, why=why)
    shown = page(text, offset)
    return Answer({"rollout": quoted(shown.text, "rollout"), "next_offset": shown.next_offset})


def keyframe(
    bench: Workbench, *, batch: str, rollout: int, call: int | None = None, camera: str = "agentview"
) -> Answer:
    """A picture of a rollout, which is run again for it."""
    traces = bench.batch(batch)
    figure = draw_keyframe(traces, replay(traces, rollout), rollout, call, cameras=(camera,))
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=_DPI)
    return Answer({"rollout": quoted(heading(traces, rollout), "rollout"), "call": call}, (file.getvalue(),))


def compare(bench: Workbench, *, batch_a: str, batch_b: str) -> Answer:
    """Two programs on the same worlds."""
    found = compare_batches(bench.batch(batch_a), bench.batch(batch_b))
    return Answer({"text": quoted(found.text(), "comparison"), **found.to_json()})


def _png(image: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).save(file, format="PNG")
    return file.getvalue()
