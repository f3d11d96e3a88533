"""What runs the rollouts of a command: one engine, with progress, and the versions that results depend on."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from absl import flags
from rich.console import Console

from aspire_mjx.command import Options, define_number, progress_bar
from aspire_mjx.errors import RunDirectoryError
from aspire_mjx.experiments.budget_flags import Budgets, define_budget_flags
from aspire_mjx.experiments.run_directory import RunDirectory, next_free
from aspire_mjx.experiments.world_flags import engine_name
from aspire_mjx.extensions import extensions
from aspire_mjx.jax_setup import numeric_settings
from aspire_mjx.physics.engines import MOST_LANES, default_lanes, resolve
from aspire_mjx.primitives.perception import IMAGE_SIZE
from aspire_mjx.rollout.simulator import Job, Progress, Simulators
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.traces.columns import TraceBatch

_PACKAGES = ("mujoco", "numpy", "scipy", "jax", "jaxlib")  # that compute what programs see and do, on every engine
_USUAL = Budgets()
_NATIVE_PART = 256  # rollouts; half as many cost as much CPU each, idle lanes nothing
_ROUNDS = 4  # rollouts a lane of mjx


def define_session_flags(fv: flags.FlagValues) -> None:
    """``--engine``, ``--capacity`` and ``--camera``; budgets."""
    flags.DEFINE_string("engine", "auto", "physics engine: auto, mjx or native", flag_values=fv)
    about = "rollouts at once; 0: the engine's default"
    define_number("capacity", 0, about, low=0, high=MOST_LANES, flag_values=fv)
    about = "size of the images that programs see, WIDTHxHEIGHT in pixels; those of CaP-X and ASPIRE are 800x512"
    flags.DEFINE_string("camera", str(IMAGE_SIZE), about, flag_values=fv)
    define_budget_flags(fv)


def define_directory_flags(fv: flags.FlagValues) -> None:
    """``--out`` and ``--resume``."""
    flags.DEFINE_string("out", "", "run directory; empty: a new one under runs/", flag_values=fv)
    flags.DEFINE_boolean("resume", False, "go on with the run in --out", flag_values=fv)


def open_directory(options: Options, stem: str, config: Mapping[str, Any]) -> RunDirectory:
    """The run directory that the flags name, by default a new one called after ``stem``.

    Raises:
        RunDirectoryError: the folder holds something else; see :class:`RunDirectory`.
    """
    if options["resume"] and not options["out"]:
        raise RunDirectoryError("--resume needs --out=DIR, the run directory to go on with.")
    path = Path(options["out"]) if options["out"] else next_free(Path("runs"), stem)
    return RunDirectory(path, config, resume=options["resume"])


class Session:
    """Runs jobs on one engine, with progress.

    Args:
        engine: auto, mjx or native.
        capacity: rollouts at once, 0 for the engine's default.
        console: shows what runs.
        camera: size of the images that programs see.
        budgets: of each rollout.
        progress: told how many rollouts have finished, in place of a bar.

    Raises:
        UnknownNameError: no such engine.
    """

    def __init__(
        self,
        engine: str,
        *,
        capacity: int,
        console: Console,
        camera: ImageSize = IMAGE_SIZE,
        budgets: Budgets = _USUAL,
        progress: Progress | None = None,
    ) -> None:
        self.engine, self._progress = resolve(engine), progress
        self._capacity = capacity
        self._console, self._source = console, _source_hash()
        self.camera, self.budgets = camera, budgets
        self._simulators = Simulators(
            self.engine, capacity=capacity, camera=camera, horizon=budgets.horizon, limits=budgets.limits
        )

    @classmethod
    def of(cls, options: Options, console: Console, *, progress: Progress | None = None) -> Session:
        """The session that a command's flags ask for; ``progress`` in place of a bar.

        Raises:
            AspireError: a flag that asks for what there is not.
        """
        return cls(
            engine_name(options),
            capacity=options["capacity"],
            console=console,
            camera=ImageSize.parse(options["camera"]),
            budgets=Budgets.of(options),
            progress=progress,
        )

    @property
    def part(self) -> int:
        """How many rollouts of a large number run together, and are kept together: stopped, a run loses fewer.

        Where idle lanes cost as much as busy ones, several rollouts a lane, so that few are idle at the end. What it
        depends on is in the run's configuration.
        """
        return _NATIVE_PART if self.engine == "native" else _ROUNDS * (self._capacity or default_lanes())

    def run(self, jobs: Sequence[Job], stage: str) -> TraceBatch:
        """Traces of the jobs, rollouts in job order."""
        with progress_bar(self._console, f"{jobs[0].task.key} {stage}", len(jobs)) as advance:
            batch = self._simulators.run(jobs, progress=self._progress or advance)
        return replace(batch, meta={**batch.meta, "versions": self.versions})

    @property
    def _machine(self) -> dict[str, str]:
        """What else the numbers of mjx depend on: device and lanes."""
        return {"device": self.device, "capacity": str(self._capacity)} if self.engine == "mjx" else {}

    @property
    def device(self) -> str:
        """What the engine runs on, in words."""
        if self.engine == "native":
            return f"{platform.machine()} CPU, {os.cpu_count()} threads"
        import jax

        return f"{jax.devices()[0].device_kind} x {jax.device_count()}"

    @property
    def versions(self) -> dict[str, str]:
        """Versions that results depend on, and settings; of this package and of extensions a hash of their source.

        JAX computes images and joint angles on every engine.
        """
        packages = [*_PACKAGES, *(["mujoco-mjx"] if self.engine == "mjx" else [])]
        return {
            "aspire_mjx": self._source,
            **{f"extension {each.package}": each.hash for each in extensions()},
            **{package: version(package) for package in packages},
            **self._machine,
            **numeric_settings(),
        }

    @property
    def context(self) -> dict[str, str]:
        """What a rollout's result depends on besides its job."""
        budgets = {name: str(value) for name, value in self.budgets.config().items()}
        return {"engine": self.engine, "camera": str(self.camera), **budgets, **self.versions}


def _source_hash() -> str:
    """Hash of the package's own code and data: results of other code are other results."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[1]
    shipped = package / "shipped" / "programs"  # no code of the package: a run's configuration names its program
    files = (path for path in package.rglob("*") if path.suffix in (".py", ".json") and shipped not in path.parents)
    for path in sorted(files):
        digest.update(str(path.relative_to(package)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
