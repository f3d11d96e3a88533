"""One task as environments of gymnasium: one episode at a time, or many in step.

    from aspire_mjx import TaskEnv, find_task
    env = TaskEnv(find_task("libero_object_swap", 3))
    observation, info = env.reset(seed=51)
    observation, reward, terminated, truncated, info = env.step(env.action_space.sample())

An action is that of LIBERO's policies (:mod:`aspire_mjx.gym.controller`). An observation is what a program's
``get_observation()`` gives it, without depth, and the task in words: nothing of the simulator's state. The reward is 1
for the action after which the benchmark's verdict is success, which ends the episode; ``info`` has both verdicts.

The seed of an episode is the seed of its world. Without one it is drawn from the debug seeds. Seeds keep their roles:
with the usual purpose, ``"edit"``, only debug seeds are allowed; ``purpose="report"`` is for the others, and enters
looks at held-out seeds in ``runs/policies.heldout.jsonl`` under the name of the ``policy``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from aspire_mjx.errors import AspireError
from aspire_mjx.gym.controller import ACTION
from aspire_mjx.gym.episodes import RATE, Episodes, Outcome, Settings
from aspire_mjx.planning.kinematics import LOWER_LIMIT, UPPER_LIMIT
from aspire_mjx.seeds import DEBUG_SEEDS, check_seed
from aspire_mjx.worlds.panda import OPEN_WIDTH
from aspire_mjx.worlds.tasks import Task

try:
    import gymnasium
    from gymnasium import spaces
    from gymnasium.utils import seeding
    from gymnasium.vector import AutoresetMode, VectorEnv
    from gymnasium.vector.utils import batch_space
except ImportError as error:
    raise AspireError("environments need gymnasium, which is not installed: pip install 'aspire-mjx[gym]'.") from error

_REACH, _SLACK = 2.0, 0.1  # m, rad: beyond what an arm and its servos' overshoot come to
_META = {"render_modes": ["rgb_array"], "render_fps": RATE}


def observation_space(task: Task, settings: Settings) -> spaces.Dict:
    """What one episode's observations are."""
    image = spaces.Box(0, 255, (settings.camera.height, settings.camera.width, 3), np.uint8)
    low, high = ((limit + turn).astype(np.float32) for limit, turn in ((LOWER_LIMIT, -_SLACK), (UPPER_LIMIT, _SLACK)))
    return spaces.Dict(
        {
            "agentview_rgb": image,
            "wrist_rgb": image,
            "joints": spaces.Box(low, high, dtype=np.float32),
            "position": spaces.Box(-_REACH, _REACH, (3,), np.float32),
            "quaternion_wxyz": spaces.Box(-1.001, 1.001, (4,), np.float32),
            "width": spaces.Box(-0.01, OPEN_WIDTH + 0.01, (1,), np.float32),
            "language": spaces.Text(len(task.language), charset=frozenset(task.language)),
        }
    )


def action_space() -> spaces.Box:
    """What one episode's actions are."""
    return spaces.Box(-1.0, 1.0, (ACTION,), np.float32)


class TaskVectorEnv(VectorEnv):
    """Episodes of one task in step, along the leading axis of actions and observations.

    Args:
        task: that all of them are about.
        num_envs: how many.
        autoreset_mode: ``NEXT_STEP``: the step after an episode's end begins the next one, on a new debug seed.
            ``DISABLED``: an episode that is over stays over until ``reset(options={"reset_mask": mask})``.
        settings: see :class:`~aspire_mjx.gym.episodes.Settings`.

    Raises:
        WorldError: a world that cannot be built.
        UnknownNameError: no such engine or purpose.
    """

    def __init__(
        self,
        task: Task,
        num_envs: int,
        *,
        autoreset_mode: AutoresetMode = AutoresetMode.NEXT_STEP,
        **settings: Any,
    ) -> None:
        if autoreset_mode not in (AutoresetMode.NEXT_STEP, AutoresetMode.DISABLED):
            raise AspireError(f"autoreset_mode is {autoreset_mode}; give AutoresetMode.NEXT_STEP or .DISABLED.")
        own = Settings(**settings)
        self.task, self.num_envs, self.render_mode = task, num_envs, "rgb_array"
        self.metadata = {**_META, "autoreset_mode": autoreset_mode}
        self.single_observation_space, self.single_action_space = observation_space(task, own), action_space()
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._episodes = Episodes(task, num_envs, own)
        self._over = np.zeros(num_envs, bool)

    def reset(
        self, *, seed: int | Sequence[int] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Begins all episodes, or those of ``options["reset_mask"]``.

        Args:
            seed: of the first world; the others have the following ones. Or one for each environment.
            options: ``reset_mask``: ``[num_envs]`` bool.

        Raises:
            AspireError: seeds that are none, or of another number.
            SeedRoleError: a seed whose role forbids the purpose.
        """
        chosen = np.asarray((options or {}).get("reset_mask", np.ones(self.num_envs, bool)))
        if chosen.shape != (self.num_envs,) or chosen.dtype != bool:
            raise AspireError(f"reset_mask has shape {chosen.shape} of {chosen.dtype}; give {self.num_envs} booleans.")
        lanes = np.flatnonzero(chosen)
        if seed is None:
            seeds = self._drawn(len(lanes))
        else:
            every = list(seed) if isinstance(seed, Sequence | np.ndarray) else [seed + k for k in range(self.num_envs)]
            if len(every) != self.num_envs:
                raise AspireError(f"{len(every)} seeds for {self.num_envs} environments; give one each, or the first.")
            every = [check_seed(each, of="reset") for each in every]
            self._np_random, self._np_random_seed = seeding.np_random(every[0])
            seeds = [every[lane] for lane in lanes]
        self._episodes.reset(lanes, seeds)
        self._over[lanes] = False
        return self._observed(), self._info()

    def step(self, actions: np.ndarray) -> tuple[dict[str, Any], np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """One action ``[num_envs, 7]`` in each episode; see :class:`gymnasium.vector.VectorEnv`.

        Raises:
            AspireError: numbers that are no actions.
        """
        before = self._over.copy()
        outcome = self._episodes.step(actions, ~before)
        if self.metadata["autoreset_mode"] == AutoresetMode.DISABLED:
            self._over |= outcome.over
            ended, cut = self._over & ~outcome.cut, outcome.cut
        else:
            if before.any():
                self._episodes.reset(again := np.flatnonzero(before), self._drawn(len(again)))
            self._over, ended, cut = outcome.over, outcome.over & ~outcome.cut, outcome.cut
        seen = self._observed()
        strict = self._episodes.strict(outcome)
        info = self._info(outcome, strict)
        return seen, outcome.success.astype(float), ended, cut, info

    def render(self) -> tuple[np.ndarray, ...]:
        """A picture of each world, ``[360, 480, 3]`` uint8."""
        return self._episodes.pictures()

    def _drawn(self, count: int) -> list[int]:
        return self.np_random.choice(DEBUG_SEEDS, count).tolist()

    def _observed(self) -> dict[str, Any]:
        return {**self._episodes.observe(), "language": (self.task.language,) * self.num_envs}

    def _info(self, outcome: Outcome | None = None, strict: np.ndarray | None = None) -> dict[str, Any]:
        """Columns over the environments, and with an underscore in front for which of them each entry is."""
        everywhere = np.ones(self.num_envs, bool)
        columns = {"seed": (self._episodes.seeds.copy(), everywhere), "seconds": (self._episodes.times, everywhere)}
        if outcome is not None and strict is not None:
            columns |= {
                "status": (outcome.status, everywhere),
                "success": (outcome.success, everywhere),
                "strict": (strict, outcome.over),
            }
        return {k: v for name, (column, own) in columns.items() for k, v in ((name, column), (f"_{name}", own.copy()))}


class TaskEnv(gymnasium.Env):
    """One episode of a task at a time; arguments as those of :class:`TaskVectorEnv`."""

    metadata = dict(_META)

    def __init__(self, task: Task, *, render_mode: str | None = "rgb_array", **settings: Any) -> None:
        if render_mode not in (None, *_META["render_modes"]):
            raise AspireError(f"render_mode is {render_mode!r}; give 'rgb_array'.")
        self.task, self.render_mode = task, render_mode
        self._only = TaskVectorEnv(task, 1, autoreset_mode=AutoresetMode.DISABLED, **settings)
        self.observation_space, self.action_space = self._only.single_observation_space, action_space()

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Begins an episode in the world of a seed; of a debug seed that is drawn where none is given.

        Raises:
            AspireError: no seed.
            SeedRoleError: one whose role forbids the purpose.
        """
        super().reset(seed=None if seed is None else check_seed(seed, of="reset"))
        seen, info = self._only.reset(seed=int(self.np_random.choice(DEBUG_SEEDS)) if seed is None else seed)
        return _first(seen), _only_info(info)

    def step(self, action: np.ndarray) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """One action ``[7]``; see :class:`gymnasium.Env`.

        Raises:
            AspireError: numbers that are no action.
        """
        seen, reward, ended, cut, info = self._only.step(np.asarray(action)[None])
        return _first(seen), float(reward[0]), bool(ended[0]), bool(cut[0]), _only_info(info)

    def render(self) -> np.ndarray:
        """A picture of the world, ``[360, 480, 3]`` uint8."""
        return self._only.render()[0]


def _first(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: column[0].copy() if isinstance(column, np.ndarray) else column[0] for name, column in columns.items()}


def _only_info(info: dict[str, Any]) -> dict[str, Any]:
    """Of the only environment, as plain numbers; what it has no entry of is left out."""
    return {name: column[0].item() for name, column in info.items() if name[0] != "_" and info[f"_{name}"][0]}
