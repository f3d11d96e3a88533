"""The built-in suites: LIBERO's 130 tasks and LIBERO-PRO's perturbed ones.

``_swap``, ``_task``, ``_object`` and ``_lan`` are LIBERO-PRO's files. ``_env`` is described there and not published:
here it is the base task with ``look="env"``, which worlds draw with another table, floor and light.
"""

from __future__ import annotations

import functools

from aspire_mjx.checked import checked
from aspire_mjx.errors import UnknownNameError
from aspire_mjx.worlds.tables import as_tuples, table
from aspire_mjx.worlds.tasks import Region, Task

_PERTURBED = ("libero_spatial", "libero_object", "libero_goal", "libero_10")
_AXES = ("swap", "task", "object", "lan", "env")


@functools.cache
def suite_names() -> tuple[str, ...]:
    """Names of the built-in suites: the plain ones, then the perturbed ones."""
    return (*_PERTURBED, "libero_90", *(f"{base}_{axis}" for base in _PERTURBED for axis in _AXES))


@checked
@functools.cache
def load_suite(name: str) -> tuple[Task, ...]:
    """All tasks of a suite, in upstream's order.

    Raises:
      UnknownNameError: the suite is not built in; the message lists those that are.
    """
    if name not in suite_names():
        raise UnknownNameError("suite", name, suite_names())
    suites = table("tasks")
    base, _, axis = name.rpartition("_")
    if base not in _PERTURBED:
        return tuple(_parse(name, index, raw) for index, raw in enumerate(suites[name]))
    if axis == "env":
        return tuple(_parse(name, index, {**raw, "look": axis}) for index, raw in enumerate(suites[base]))
    plain = {raw["name"]: raw for raw in suites[base]}
    return tuple(_parse(name, index, {**plain[raw["name"]], **raw}) for index, raw in enumerate(suites[name]))


@checked
def find_task(suite: str, name_or_index: str | int) -> Task:
    """A task of a suite by index ("3") or by name.

    Raises:
      UnknownNameError: unknown suite, or no such task in it.
    """
    return pick_task(load_suite(suite), name_or_index)


def pick_task(tasks: tuple[Task, ...], name_or_index: str | int) -> Task:
    """One of a suite's tasks by index ("3") or by name.

    Raises:
      UnknownNameError: no such task among them.
    """
    text = str(name_or_index).strip()
    for task in tasks:
        if text in (str(task.index), task.name):
            return task
    raise UnknownNameError(f"task of suite {tasks[0].suite}", text, [f"{t.index}:{t.name}" for t in tasks])


def _parse(suite: str, index: int, raw: dict) -> Task:
    fields = as_tuples({name: value for name, value in raw.items() if name != "regions"})
    regions = tuple(_region(name, raw["surface"], numbers) for name, numbers in raw["regions"].items())
    return Task(suite=suite, index=index, regions=regions, **fields)


def _region(name: str, surface: str, numbers: list[float]) -> Region:
    x0, y0, x1, y1, *yaw = numbers
    return Region(name, surface, (x0, y0), (x1, y1), (yaw[0], yaw[1]) if yaw else None)
