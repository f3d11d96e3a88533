"""A trivial deterministic world for the compiler's tests: results depend on the lane's seed and the call alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import LaneEnd
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.primitives.registry import Family, Field, Primitive
from aspire_mjx.primitives.results import Result, Results, unpacks_of
from aspire_mjx.status import Status

FAILURES = {
    Family.SENSE: (Status.NOT_FOUND, Status.AMBIGUOUS),
    Family.PLAN: (Status.IK_INFEASIBLE,),
    Family.MOVE: (Status.BLOCKED, Status.TIMEOUT),
    Family.GRIP: (Status.EMPTY_GRASP,),
    Family.WAIT: (Status.OK,),
    Family.QUERY: (Status.OK,),
}
OBJECTS = ("milk", "ketchup", "alphabet soup")


DETECTIONS, SIZE = 5, {"rgb": (6, 8, 3), "depth": (6, 8), "labels": (6, 8), "boxes": (5, 4), "scores": (5,)}


def _picture(f: Field, rng: np.random.Generator) -> np.ndarray:
    """An image, or what comes with images, of few pixels: ``[1, ...]``."""
    kind = f.name.rsplit("_", 1)[-1]
    values = rng.uniform(0.0, 1.0, size=(1, *SIZE.get(kind, f.shape)))
    if kind == "rgb":
        return (255 * values).astype(np.uint8)
    if kind == "labels":
        return (3 * values).astype(np.uint8)
    return values.astype(np.float32 if kind == "depth" else np.float64)


@dataclass
class TableRobot:
    """One robot whose answers are numbers drawn from (seed, primitive, rounded arguments, call index)."""

    seed: int
    failure_rate: float = 0.3
    calls: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    def call(self, primitive: Primitive, arguments: Mapping[str, Any]) -> Result:
        """A result that fails in about ``failure_rate`` of the calls."""
        with np.errstate(over="ignore"):
            plain = {k: v if isinstance(v, str) else np.round(v, 6).tolist() for k, v in arguments.items()}
        text = repr((self.seed, primitive.name, plain, len(self.calls)))
        digest = hashlib.sha256(text.encode()).digest()
        rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
        status = Status.OK
        if rng.random() < self.failure_rate:
            status = FAILURES[primitive.family][int(rng.integers(len(FAILURES[primitive.family])))]
        fields: dict[str, Any] = {}
        for f in primitive.fields:
            if f.unit == "text":
                fields[f.name] = (f"Pick the {OBJECTS[self.seed % 3]} and place it in the basket",)
            elif f.name == "steps":
                fields[f.name] = np.array([max(0.0, 400.0 - self.seed % 50 - 12.0 * len(self.calls))])
            elif f.name.startswith("quaternion"):
                q = rng.normal(size=4)
                fields[f.name] = (q / np.linalg.norm(q))[None]
            elif f.bulk:
                fields[f.name] = _picture(f, rng)
            elif f.name == "count":
                fields[f.name] = rng.integers(0, DETECTIONS + 1, size=1).astype(float)
            else:
                fields[f.name] = rng.uniform(0.0, 0.3, size=(1, *f.shape))
            if status and f.name in primitive.unpacks and not isinstance(fields[f.name], tuple):
                fields[f.name] = np.full((1, *f.shape), np.nan)
        code = np.array([int(status)], dtype=np.int16)
        results = Results(primitive, code, fields, ("",), unpacks_of(primitive, arguments))
        self.calls.append((primitive.name, plain, status.name))
        return results.lane(0)


#: a budget that endless programs spend soon
BRIEF = ProgramLimits(instructions=400_000)


@dataclass
class CompiledRun:
    """What the machine did: one robot and one end a lane, and how many requests it made."""

    robots: list[TableRobot]
    ends: dict[int, LaneEnd]
    waves: int
    requests: int
    paths: list[list[tuple[str, int]]]


def run_compiled(
    text: str,
    seeds: list[int],
    *,
    shuffle: int | None = None,
    tunables: list[dict[str, float]] | None = None,
    failure_rate: float = 0.3,
    limits: ProgramLimits = BRIEF,
) -> CompiledRun:
    """Run a program in one lane a seed. With ``shuffle``, only some lanes get their results at a time, in any order."""
    machine = Machine(limits=limits)
    machine.start(range(len(seeds)), compile_program(Program(text)), tunables, seeds=seeds)
    robots = [TableRobot(seed, failure_rate) for seed in seeds]
    rng = np.random.default_rng(shuffle)
    open_calls: dict[int, tuple[Primitive, dict[str, Any]]] = {}
    ends: dict[int, LaneEnd] = {}
    waves = requests = 0
    paths: list[list[tuple[str, int]]] = [[] for _ in seeds]
    while len(ends) < len(seeds):
        waves += 1
        for request in machine.run():
            requests += 1
            for row, lane in enumerate(request.lanes.tolist()):
                arguments = {k: v[row] for k, v in request.arguments.items()}
                assert lane not in open_calls
                open_calls[lane] = request.primitive, arguments
                paths[lane].append((request.path, request.lines))
        for end in machine.collect():
            assert end.lane not in ends
            ends[end.lane] = end
        lanes = list(open_calls)
        if shuffle is not None:
            rng.shuffle(lanes)
            lanes = lanes[: max(1, int(rng.integers(1, len(lanes) + 1)))] if lanes else lanes
        by_call: dict[tuple[str, Any], list[int]] = {}
        for lane in lanes:
            primitive, arguments = open_calls[lane]
            by_call.setdefault((primitive.name, unpacks_of(primitive, arguments)), []).append(lane)
        for group in by_call.values():
            parts = [robots[lane].call(*open_calls.pop(lane))._results for lane in group]
            machine.resume(group, Results.concatenate(parts))
    return CompiledRun(robots, ends, waves, requests, paths)


def assert_agrees(text: str, seeds: list[int], *, shuffle: int | None = None, failure_rate: float = 0.3) -> CompiledRun:
    """The compiled run of all lanes does call by call what plain Python does in each."""
    compiled = run_compiled(text, seeds, shuffle=shuffle, failure_rate=failure_rate)
    for lane, seed in enumerate(seeds):
        robot = TableRobot(seed, failure_rate)
        end = run_plain(Program(text), robot, seed=seed)
        got = compiled.ends[lane]
        where = f"seed {seed}: compiled {got._replace(prints='')}, plain {end._replace(prints='')}"
        for expected, call in zip(robot.calls, compiled.robots[lane].calls, strict=False):
            assert expected == call, where
        assert len(robot.calls) == len(compiled.robots[lane].calls), where
        assert (got.outcome, got.message, got.line) == (end.outcome, end.message, end.line), where
        assert got.prints == end.prints, where
    return compiled
