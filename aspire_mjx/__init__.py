"""Run a robot program in thousands of perturbed worlds at once, and learn which call failed, why, and what fixed it.

The names below are what a notebook needs (``import aspire_mjx as am``); each is loaded when it is first used, so that
importing the package takes no time and changes nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from aspire_mjx.errors import (
    AspireError,
    BddlError,
    EngineError,
    PerceptionError,
    ProgramRefused,
    RolloutsStopped,
    RunDirectoryError,
    RunStopped,
    SeedRoleError,
    SkillError,
    TraceError,
    UnknownNameError,
    WorldError,
)
from aspire_mjx.gl_driver import settle_gl_driver

if TYPE_CHECKING:
    from aspire_mjx.agents.briefing import Briefing
    from aspire_mjx.agents.candidate import Candidate
    from aspire_mjx.agents.protocol import Agent
    from aspire_mjx.compiler.compile import compile_program
    from aspire_mjx.faults.report import analyse
    from aspire_mjx.gym.environment import TaskEnv, TaskVectorEnv
    from aspire_mjx.language.program import Program
    from aspire_mjx.reports.comparison import compare
    from aspire_mjx.rollout.simulator import Job, Simulators, run_jobs
    from aspire_mjx.skills.library import SkillLibrary
    from aspire_mjx.skills.skill import Skill
    from aspire_mjx.traces.columns import TraceBatch
    from aspire_mjx.worlds.perturbation import Perturbation
    from aspire_mjx.worlds.suites import find_task, load_suite

settle_gl_driver()

__version__ = "0.2.0"

__all__ = [
    "Agent",
    "AspireError",
    "BddlError",
    "Briefing",
    "Candidate",
    "EngineError",
    "Job",
    "PerceptionError",
    "Perturbation",
    "Program",
    "ProgramRefused",
    "RolloutsStopped",
    "RunDirectoryError",
    "RunStopped",
    "SeedRoleError",
    "Simulators",
    "Skill",
    "SkillError",
    "SkillLibrary",
    "TaskEnv",
    "TaskVectorEnv",
    "TraceBatch",
    "TraceError",
    "UnknownNameError",
    "WorldError",
    "__version__",
    "analyse",
    "compare",
    "compile_program",
    "find_task",
    "load_suite",
    "run_jobs",
]

#: Name to the module that it is loaded from.
_LOADED_FROM = {
    "Agent": "agents.protocol",
    "Briefing": "agents.briefing",
    "Candidate": "agents.candidate",
    "Job": "rollout.simulator",
    "Perturbation": "worlds.perturbation",
    "Program": "language.program",
    "Simulators": "rollout.simulator",
    "Skill": "skills.skill",
    "SkillLibrary": "skills.library",
    "TaskEnv": "gym.environment",
    "TaskVectorEnv": "gym.environment",
    "TraceBatch": "traces.columns",
    "analyse": "faults.report",
    "compare": "reports.comparison",
    "compile_program": "compiler.compile",
    "find_task": "worlds.suites",
    "load_suite": "worlds.suites",
    "run_jobs": "rollout.simulator",
}


if not TYPE_CHECKING:  # a type checker is to know a wrong name

    def __getattr__(name: str) -> Any:
        if name not in _LOADED_FROM:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{__name__}.{_LOADED_FROM[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """All public names, those not yet loaded included."""
    return sorted(__all__)
