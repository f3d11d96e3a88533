"""Benchmark case of the compiler's machine alone: how its time grows with the lanes, and beside plain Python.

The world is a table: what a call answers depends on the lane and on how many calls it has made before. Its time does
not count, on either side, and neither do parsing and compiling.
"""

from __future__ import annotations

import cProfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.errors import AspireError
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Machine
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.primitives.registry import Family, Primitive
from aspire_mjx.primitives.results import Result, Results, unpacks_of
from aspire_mjx.status import Status

PROGRAMS = ("programs/*.py", "tests/corpus/*.py")  #: in the project's folder
_FAILURE_RATE = 0.1
_PLAIN_LANES = 1024
_REPEATS = 3
_CALLS = 5
_FAILURES = {
    Family.SENSE: Status.NOT_FOUND,
    Family.PLAN: Status.IK_INFEASIBLE,
    Family.MOVE: Status.BLOCKED,
    Family.GRIP: Status.EMPTY_GRASP,
}
_SENTENCES = [f"Pick the {thing} and place it in the basket" for thing in ("milk", "ketchup", "alphabet soup")]


class TableWorld:
    """Answers for any lanes at once, and the same for one lane alone."""

    def __init__(self, lanes: int) -> None:
        self._calls = np.zeros(lanes, np.uint64)

    def answer(self, primitive: Primitive, lanes: np.ndarray, arguments: Mapping[str, Any]) -> Results:
        """Results of a call in some lanes; about a tenth of those that can fail do."""
        draws = _uniform(lanes.astype(np.uint64) * np.uint64(1 << 20) + self._calls[lanes], 1 + 16)
        self._calls[lanes] += np.uint64(1)
        failed = draws[:, 0] < _FAILURE_RATE
        status = np.where(failed, _FAILURES.get(primitive.family, Status.OK), Status.OK).astype(np.int16)
        fields: dict[str, Any] = {}
        at = 1
        for field in primitive.fields:
            size = int(np.prod(field.shape, dtype=int))
            if field.unit == "text":
                fields[field.name] = tuple(map(_SENTENCES.__getitem__, (lanes % len(_SENTENCES)).tolist()))
                continue
            column = draws[:, at : at + size].reshape(len(lanes), *field.shape) * 0.3
            if field.name.startswith("quaternion"):
                column = column / np.sqrt((column * column).sum(axis=1, keepdims=True))
            fields[field.name] = column
            at += size
        return Results(primitive, status, fields, ("",) * len(lanes), unpacks_of(primitive, arguments))


class TableRobot:
    """One lane of the world, for plain Python; keeps the time that its answers took."""

    def __init__(self, world: TableWorld, lane: int) -> None:
        self._world, self._lane = world, np.array([lane])
        self.seconds = 0.0

    def call(self, primitive: Primitive, arguments: Mapping[str, Any]) -> Result:
        """The answer of the next call."""
        begun = time.process_time()
        result = self._world.answer(primitive, self._lane, arguments).lane(0)
        self.seconds += time.process_time() - begun
        return result


def _uniform(keys: np.ndarray, count: int) -> np.ndarray:
    """Numbers ``[N, count]`` in [0, 1) that depend on the key and column alone (splitmix64)."""
    x = keys[:, None] * np.uint64(31) + np.arange(1, count + 1, dtype=np.uint64)
    x = x * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) / 2.0**53


def machine(patterns: Sequence[str], lanes: Sequence[int]) -> dict[str, Any]:
    """CPU time of the machine, in ms a wave, for each program at each number of lanes; and over plain Python.

    A program counts as vectorised when no instruction works lane by lane and strands stay together. That is counted,
    not timed: an instruction that works lane by lane calls about five functions in each lane, while to start, answer,
    print and end a lane calls none. So each lane more costs at most ``_CALLS`` calls over the whole run.
    """
    folder = Path(__file__).parents[2]
    paths = [path for pattern in patterns for path in sorted(folder.glob(pattern))]
    if not paths:
        raise AspireError(f"--programs={','.join(patterns)}: no such file under {folder}.")
    rows = {path.stem: _row(Program.read(path), sorted(lanes)) for path in paths}
    vectorised = [row for row in rows.values() if row["vectorised"]]
    return {
        "lanes": sorted(lanes),
        "failure_rate": _FAILURE_RATE,
        "programs": rows,
        "vectorised": f"{len(vectorised)} of {len(rows)}",
        "growth_median": _median(vectorised, "growth"),
        "growth_worst": max((row["growth"] for row in vectorised), default=None),
        "plain_lanes": _PLAIN_LANES,
        "speedup_median": _median(list(rows.values()), "speedup"),
        "speedup_all": round(sum(r["plain_s"] for r in rows.values()) / sum(r["machine_s"] for r in rows.values()), 1),
    }


def _median(rows: list[dict[str, Any]], name: str) -> float | None:
    return round(float(np.median([row[name] for row in rows])), 2) if rows else None


def _row(program: Program, lanes: list[int]) -> dict[str, Any]:
    schedule = compile_program(program)
    _run_machine(schedule, lanes[0])  # loads and warms
    runs = [min((_run_machine(schedule, n) for _ in range(_REPEATS)), key=lambda run: run[0]) for n in lanes]
    per_wave = [1e3 * seconds / waves for seconds, waves, _ in runs]
    machine_s = min(_run_machine(schedule, _PLAIN_LANES)[0] for _ in range(_REPEATS))
    plain_s = _run_plain(program, _PLAIN_LANES)
    calls = (_calls(schedule, 2 * _PLAIN_LANES) - _calls(schedule, _PLAIN_LANES)) / _PLAIN_LANES
    return {
        "ms_per_wave": [round(ms, 3) for ms in per_wave],
        "strands": [strands for _, _, strands in runs],
        "growth": round(per_wave[-1] / per_wave[0], 2),
        "calls_per_lane": round(calls, 1),
        "vectorised": calls <= _CALLS,
        "machine_s": round(machine_s, 4),
        "plain_s": round(plain_s, 3),
        "speedup": round(plain_s / machine_s, 1),
    }


def _run_machine(schedule: Schedule, lanes: int) -> tuple[float, int, int]:
    """CPU seconds of the machine until all lanes have ended, its waves, and the most strands it had at a wave."""
    world, machine = TableWorld(lanes), Machine()
    seconds, waves, strands, ended = 0.0, 0, 0, 0
    begun = time.process_time()
    machine.start(range(lanes), schedule, seeds=range(lanes))
    seconds += time.process_time() - begun
    while ended < lanes:
        begun = time.process_time()
        asked = machine.run()
        ended += len(machine.collect())
        seconds += time.process_time() - begun
        waves, strands = waves + 1, max(strands, machine.strands)
        for request in asked:
            results = world.answer(request.primitive, request.lanes, request.arguments)
            begun = time.process_time()
            machine.resume(request.lanes, results)
            seconds += time.process_time() - begun
    return seconds, waves, strands


def _calls(schedule: Schedule, lanes: int) -> int:
    """How many functions are called, the world's included, until all lanes have ended."""
    profile = cProfile.Profile()
    profile.runcall(_run_machine, schedule, lanes)
    return sum(entry.callcount for entry in profile.getstats())


def _run_plain(program: Program, lanes: int) -> float:
    """CPU seconds of the same rollouts as ordinary Python, one after the other."""
    world = TableWorld(lanes)
    run_plain(program, TableRobot(TableWorld(1), 0))  # parses and compiles
    robots = [TableRobot(world, lane) for lane in range(lanes)]
    begun = time.process_time()
    for lane, robot in enumerate(robots):
        run_plain(program, robot, seed=lane)
    return time.process_time() - begun - sum(robot.seconds for robot in robots)
