"""The packaged tables of tasks, assets and workspaces, as they were read from the benchmark (see data/NOTICE)."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any


@functools.cache
def task_table() -> Mapping[str, list[dict]]:
    """Suite name to its tasks in upstream's order.

    The tasks of a perturbed suite hold their name and the fields that differ from the task of the same name in the
    base suite. Regions are ``[x low, y low, x high, y high]`` in m, then ``[yaw low, yaw high]`` in rad where upstream
    gives a yaw.
    """
    return _read("tasks")


@functools.cache
def asset_table() -> Mapping[str, dict]:
    """Category to measured figures: sizes in m, mass in kg, friction, joints and site regions."""
    return _read("assets")


@functools.cache
def workspace_table() -> Sequence[dict]:
    """The attributes of each :class:`~aspire_mjx.worlds.workspaces.Workspace`."""
    return _read("workspaces")


def as_tuples(value: Any) -> Any:
    """Lists of a table as tuples, all the way down."""
    if isinstance(value, list):
        return tuple(map(as_tuples, value))
    return {key: as_tuples(item) for key, item in value.items()} if isinstance(value, dict) else value


def _read(name: str) -> Any:
    path = resources.files("aspire_mjx.worlds") / "data" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))[name]
