"""A rollout run again from its trace, to be looked at: every state, every planned path, nothing of it stored.

A rollout depends on its program, world and engine only, and a trace file holds all three.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aspire_mjx.errors import TraceError
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.planning import kinematics
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.motion import Motion
from aspire_mjx.primitives.perception import IMAGE_SIZE
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.rollout.calls import FinishedCalls
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.episode import HORIZON, TICK
from aspire_mjx.worlds.perturbation import Perturbation, factor_names
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.worlds import Worlds

_SAME_TIME, _SAME_NUMBER = 0.05, 0.002  # s; m or rad: what a picture cannot show


@dataclass(frozen=True, eq=False)
class FilmedCall:
    """One call of a filmed rollout.

    Attributes:
        primitive: what was called.
        arguments: name to its value, a text or an array.
        status: what came of it.
        before: the lane, one of it, when the call began.
        after: the same when it ended.
        path: ``[T, 3]`` m, base frame, where the fingertip point was to go; None for what does not move the arm.
    """

    primitive: Primitive
    arguments: dict[str, Any]
    status: Status
    before: Lanes
    after: Lanes
    path: np.ndarray | None


class Film:
    """Looks on at one rollout. ``frames`` are (time s, number of the call under way, ``qpos [nq]``)."""

    def __init__(self, stride: int) -> None:
        self.stride = stride
        self.calls: list[FilmedCall] = []
        self.frames: list[tuple[float, int, np.ndarray]] = []
        self._path: np.ndarray | None = None

    @property
    def worlds(self) -> Worlds:
        """The world, a batch of one."""
        return self.calls[0].before.worlds

    def planned(self, jobs: np.ndarray, motion: Motion) -> None:
        """See :class:`aspire_mjx.rollout.observer.RolloutObserver`."""
        ticks = int(motion.ticks[0])
        self._path = kinematics.forward(motion.control(0, ticks)[0, :, :7])[0] if ticks else None

    def moved(self, jobs: np.ndarray, ticks: np.ndarray, qpos: np.ndarray) -> None:
        """See :class:`aspire_mjx.rollout.observer.RolloutObserver`."""
        if len(jobs):
            self.frames.append((float(ticks[0]) * TICK, len(self.calls), qpos[0].copy()))

    def called(self, jobs: np.ndarray, calls: FinishedCalls) -> None:
        """See :class:`aspire_mjx.rollout.observer.RolloutObserver`."""
        primitive, status = calls.wave.primitive, Status(int(calls.results.status[0]))
        arguments = {name: column[0] for name, column in calls.wave.arguments.items()}
        self.calls.append(FilmedCall(primitive, arguments, status, calls.before, calls.after, self._path))
        self._path = None


def replay(batch: TraceBatch, rollout: int, *, stride: int = 50) -> Film:
    """Runs one rollout of a trace again and films it, with a frame at least every ``stride`` control ticks of motion.

    Raises:
        TraceError: no such rollout, or one without a call; a file that does not say what made it; a rollout that runs
          differently now.
    """
    rows = batch.calls_of(rollout)
    if rows.start == rows.stop:
        raise TraceError(f"the program of rollout {rollout} called no primitive; there is nothing to show")
    job, film = job_of(batch, rollout), Film(stride)
    again = simulators_of(batch).of(job.world.template).run([job], observer=film)
    _compare(batch.select([rollout]), again, rollout, str(batch.meta.get("versions", "an unknown version")))
    return film


def job_of(batch: TraceBatch, rollout: int) -> Job:
    """The job that a rollout of a batch was.

    Raises:
        TraceError: the trace does not hold the definition of the task, or has a factor that is not known here.
    """
    text = {name: str(batch.rollout_text(name)[rollout]) for name in ("definition", "label")}
    if not text["definition"]:
        raise TraceError(f"rollout {rollout} does not hold the definition of its task; write the trace again")
    factors = batch.factors(rollout)
    if unknown := sorted(set(factors) - set(factor_names())):
        raise TraceError(
            f"rollout {rollout} has the perturbation factor {unknown[0]!r}, which is not known here; name the "
            "extension that adds it in ASPIRE_MJX_EXTENSIONS, or install its package (docs/extending.md)"
        )
    program = batch.programs[batch.rollouts["program"][rollout]]
    return Job(
        Program(program.text, program.name),
        Task.from_json(text["definition"]),
        int(batch.rollouts["seed"][rollout]),
        tuple(batch.tunables(rollout).items()),
        text["label"],
        Perturbation(**factors),
    )


def simulators_of(batch: TraceBatch, *, times: int = 1, share: float = 1.0) -> Simulators:
    """Simulators that run rollouts under the conditions of a batch.

    Args:
        batch: traces.
        times: how many times as many steps an episode has.
        share: of the instructions that a program may execute.

    Raises:
        TraceError: a file that does not say under which conditions its rollouts ran.
    """
    limits = ProgramLimits.of_flags({n: _condition(batch, n, usual) for n, usual in ProgramLimits().as_flags().items()})
    limits = replace(limits, instructions=int(share * limits.instructions))
    return Simulators(
        _condition(batch, "engine"),
        capacity=_condition(batch, "capacity"),
        camera=image_size(batch),
        horizon=times * _condition(batch, "horizon", HORIZON),
        limits=limits,
    )


def image_size(batch: TraceBatch) -> ImageSize:
    """Of the images that the programs of a batch saw."""
    return ImageSize.parse(_condition(batch, "camera", str(IMAGE_SIZE)))


def _condition(batch: TraceBatch, name: str, default: Any = None) -> Any:
    found = batch.meta.get(name, default)
    if found is None or isinstance(found, list):
        raise TraceError(f"the file does not say under which {name} its rollouts ran ({found}); write the trace again")
    return found


def _compare(then: TraceBatch, now: TraceBatch, rollout: int, versions: str) -> None:
    """Raises where a rollout does not do again what its trace says, as far as a picture can show."""
    names = [batch.call_text("primitive").tolist() for batch in (then, now)]
    codes = [[Status(code).name for code in batch.calls["status"].tolist()] for batch in (then, now)]
    said = [list(zip(*parts, strict=True)) for parts in zip(names, codes, strict=True)]
    count = min(len(said[0]), len(said[1]))
    late = np.abs(then.calls["t_end"][:count] - now.calls["t_end"][:count]) > _SAME_TIME
    out = [batch.calls["outputs"][:count] for batch in (then, now)]
    off = ~np.isclose(*out, rtol=0.0, atol=_SAME_NUMBER, equal_nan=True).all(axis=1)
    other = np.array([one != two for one, two in zip(said[0], said[1], strict=False)], bool)
    differs = np.flatnonzero(late | off | other)
    if len(differs) or len(said[0]) != len(said[1]):
        at = int(differs[0]) if len(differs) else count
        was, is_now = (" ".join(one[at]) if at < len(one) else "nothing" for one in said)
        raise TraceError(
            f"rollout {rollout} runs differently now, from call {at} on ({was} then, {is_now} now): this version of "
            f"aspire_mjx, or this machine, is not the one that made the file ({versions}). Run the program again."
        )
