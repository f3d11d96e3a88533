"""Episodes of one task in the lanes of an engine, moved by actions: what both environments of gymnasium share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.experiments.heldout_looks import enter
from aspire_mjx.gym.controller import Reference, check_actions
from aspire_mjx.planning import kinematics
from aspire_mjx.primitives.perception import IMAGE_SIZE
from aspire_mjx.reports.shot import take_shot
from aspire_mjx.rollout.goals import Goals
from aspire_mjx.rollout.robots import Robots
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.seeds import DEBUG_SEEDS, Purpose, check_role
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.status import Status
from aspire_mjx.worlds.episode import SETTLE_TICKS, TICK
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.worlds import WorldSpec

RATE = 20  #: actions a second, as LIBERO's
LEDGER = Path("runs/policies.heldout.jsonl")  #: where looks at held-out seeds are entered
_TICKS = 1.0 / (RATE * TICK)  # control ticks of an action: 2 and 3 by turns
_MOST_TICKS = int(np.ceil(_TICKS))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What all episodes of an environment have in common.

    Attributes:
        perturbation: doses of every world.
        max_steps: actions after which an episode is cut off, 20 a second.
        camera: size of the images.
        engine: auto, native or mjx.
        purpose: what episodes are for: ``"edit"``, training, allows debug seeds; ``"report"`` all.
        policy: who acts, with its version: how looks at held-out seeds are entered.
    """

    perturbation: Perturbation = Perturbation()
    max_steps: int = 600
    camera: ImageSize = IMAGE_SIZE
    engine: str = "auto"
    purpose: Purpose | str = Purpose.EDIT
    policy: str = "policy"

    def __post_init__(self) -> None:
        """Checks them.

        Raises:
            UnknownNameError: no such purpose.
            AspireError: no step.
        """
        try:
            object.__setattr__(self, "purpose", Purpose(self.purpose))
        except ValueError:
            raise UnknownNameError("purpose", str(self.purpose), [each.value for each in Purpose]) from None
        if self.max_steps < 1:
            raise AspireError(f"max_steps is {self.max_steps}; give at least one action an episode.")
        object.__setattr__(self, "camera", ImageSize.parse(str(ImageSize(*self.camera))))


@dataclass(frozen=True, eq=False)
class Outcome(Columns):
    """What came of an action in ``B`` lanes.

    Attributes:
        success: ``[B]`` bool, the goal holds.
        over: ``[B]`` bool, the episode has ended: by success, by its length, or as its physics broke.
        cut: ``[B]`` bool, it ended by its length.
        status: ``[B]`` what came of the action: OK, BLOCKED, IK_INFEASIBLE, IN_COLLISION or DIVERGED.
    """

    success: np.ndarray
    over: np.ndarray
    cut: np.ndarray
    status: np.ndarray


class Episodes:
    """One episode of a task in each of ``B`` lanes.

    Args:
        task: that all of them are about.
        lanes: how many run at once.
        settings: what they have in common.

    Attributes:
        seeds: ``[B]`` of the worlds.
        steps: ``[B]`` actions of the episodes so far.
    """

    def __init__(self, task: Task, lanes: int, settings: Settings) -> None:
        if lanes < 1:
            raise AspireError(f"{lanes} environments; give at least one.")
        self.task, self.settings = task, settings
        self.seeds = np.full(lanes, DEBUG_SEEDS[0])
        self.steps = np.zeros(lanes, int)
        self._entered: set[int] = set()
        first = self._spec(DEBUG_SEEDS[0])
        self._simulator = Simulators(settings.engine, capacity=lanes, camera=settings.camera).of(first.template)
        self._robots: Robots | None = None
        self._goals = Goals([first] * lanes)
        self._twist = np.zeros((lanes, 6))

    def reset(self, lanes: np.ndarray, seeds: Sequence[int]) -> None:
        """Begins the episodes of some lanes ``[N]`` anew, in the settled worlds of ``N`` seeds.

        Raises:
            SeedRoleError: a seed whose role forbids the purpose.
            WorldError: a world that cannot be built.
        """
        check_role(Purpose(self.settings.purpose), seeds)
        if not self._entered.issuperset(seeds):
            enter(LEDGER, self.settings.policy, self.settings.policy, [self.task], seeds)
            self._entered.update(seeds)
        self.seeds[lanes], self.steps[lanes], self._twist[lanes] = seeds, 0, 0.0
        specs = [self._spec(seed) for seed in self.seeds.tolist()]
        everywhere = np.arange(len(specs))
        if self._robots is None:
            self._robots = self._simulator.robots(specs, lanes=len(specs))
            self._robots.start(everywhere, everywhere)
        self._robots.enter(*self._simulator.settled(specs))
        self._robots.start(lanes, lanes)
        self._goals = Goals(specs)

    def step(self, actions: np.ndarray, acting: np.ndarray) -> Outcome:
        """One action ``[B, 7]`` in each of the ``acting [B]`` bool lanes; the others stand still.

        Raises:
            AspireError: numbers that are no actions, or no episode yet.
        """
        robots, everywhere = self._moving(), np.arange(len(acting))
        actions = check_actions(actions, len(acting))
        rows = np.flatnonzero(acting)
        now = robots.lanes(rows)
        drive = Reference(now.command, self._twist[rows], now.support_height).drive(actions[rows], _MOST_TICKS)
        ticks = np.floor((self.steps[rows] + 1) * _TICKS).astype(int) - np.floor(self.steps[rows] * _TICKS).astype(int)
        stopped, diverged = self._run(rows, drive.targets, ticks)
        self._twist[rows] = np.where(stopped[:, None], 0.0, drive.twist[np.arange(len(rows)), ticks - 1])
        self.steps[rows] += 1
        status = np.full(len(acting), Status.OK, np.int16)
        status[rows] = np.where(stopped, Status.BLOCKED, drive.status)
        status[rows] = np.where(diverged, Status.DIVERGED, status[rows])
        broken = status == Status.DIVERGED
        success = acting & ~broken & (self._goals.margins(everywhere, robots.worlds, robots.state.qpos) > 0)
        cut = acting & ~success & ~broken & (self.steps >= self.settings.max_steps)
        over = np.flatnonzero(success | cut | broken)
        robots.hold(over, broken[over])
        return Outcome(success, success | cut | broken, cut, status)

    def strict(self, outcome: Outcome) -> np.ndarray:
        """``[B]`` bool, the strict verdict of the episodes that the last action ended: they hold still for 0.5 s."""
        robots, over = self._moving(), np.flatnonzero(outcome.over)
        strict = np.zeros(len(outcome), bool)
        if len(over):
            robots.advance(SETTLE_TICKS)
            robots.take_finished()
            held = self._goals.hold_strictly(over, robots.worlds.take(over), robots.state.qpos[over])
            strict[over] = held & outcome.success[over]
        return strict

    def observe(self) -> dict[str, np.ndarray]:
        """What the robots see and feel: columns of ``B`` rows, as ``get_observation()`` gives them to a program."""
        now = self._moving().lanes(np.arange(len(self.seeds)))
        position, quaternion = kinematics.hand_pose(now.arm)
        cameras = self._simulator.cameras
        felt = {"joints": now.arm, "position": position, "quaternion_wxyz": quaternion, "width": now.width[:, None]}
        return {
            "agentview_rgb": cameras.colour(now, "agentview"),
            "wrist_rgb": cameras.colour(now, "wrist"),
            **{name: column.astype(np.float32) for name, column in felt.items()},
        }

    def pictures(self) -> tuple[np.ndarray, ...]:
        """What the fixed camera shows of each lane, ``[360, 480, 3]`` uint8, with names and without noise."""
        robots = self._moving()
        qpos, worlds = robots.state.qpos, robots.worlds
        return tuple(take_shot(worlds.take([lane]), qpos[lane]).named for lane in range(len(qpos)))

    @property
    def times(self) -> np.ndarray:
        """``[B]`` s of the episodes so far."""
        return self._moving().tick * TICK

    def _run(self, rows: np.ndarray, targets: np.ndarray, ticks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Moves lanes ``[N]`` for ``[N]`` ticks; whether each was blocked on the way, and whether it diverged."""
        robots = self._moving()
        robots.follow(rows, targets, ticks)
        ran = robots.advance(_MOST_TICKS)[rows]
        felt = robots.motions.felt.take(rows)
        stopped, diverged = felt.stopped.copy(), felt.diverged.copy()
        robots.take_finished()
        waiting = np.flatnonzero(stopped & (ran < ticks) & ~diverged)
        if len(waiting):  # an action lasts as long as any other where the arm was blocked
            here = rows[waiting]
            robots.follow(here, robots.lanes(here).command[:, None], (ticks - ran)[waiting])
            robots.advance(_MOST_TICKS)
            robots.take_finished()
        return stopped, diverged

    def _moving(self) -> Robots:
        if self._robots is None:
            raise AspireError("there is no episode yet; call reset() first.")
        return self._robots

    def _spec(self, seed: int) -> WorldSpec:
        return WorldSpec(self.task, seed, self.settings.perturbation)
