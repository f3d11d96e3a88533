"""Task definitions: what is where at the start, what the robot is told, and what must hold at the end."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources

from aspire_mjx.errors import UnknownNameError, WorldError

Literal = tuple[str, ...]  #: one predicate applied to names, e.g. ("In", "butter_1", "basket_1_contain_region")


@dataclass(frozen=True)
class Placement:
    """Where one object starts: an axis-aligned rectangle on the support, world frame, m."""

    object: str
    category: str
    low: tuple[float, float]
    high: tuple[float, float]


@dataclass(frozen=True)
class Task:
    """One task of a suite.

    Attributes:
      suite: e.g. ``libero_object_swap``.
      index: position in the suite, as upstream numbers the tasks.
      name: upstream's file name of the task (for ``_task`` suites it names the *base* task, not the goal).
      language: the instruction the program may read with ``task_language()``.
      placements: every movable object with its start region.
      goal: conjunction of literals that the judge evaluates.
    """

    suite: str
    index: int
    name: str
    language: str
    placements: tuple[Placement, ...]
    goal: tuple[Literal, ...]

    @property
    def key(self) -> str:
        """Short unique name, e.g. ``libero_object_swap/3``."""
        return f"{self.suite}/{self.index}"

    @property
    def target_category(self) -> str:
        """Category of the object that the goal moves."""
        return self.category_of(self.goal[0][1])

    @property
    def container_category(self) -> str:
        """Category of the object that the goal region belongs to."""
        return self.category_of(self.goal[0][2])

    def category_of(self, name: str) -> str:
        """Category of an object, or of the object whose region is named, such as ``basket_1_contain_region``."""
        for placement in self.placements:
            if name == placement.object or name.startswith(placement.object + "_"):
                return placement.category
        raise WorldError(
            f"task {self.key}: {name!r} names no object of the task; "
            f"objects: {', '.join(p.object for p in self.placements)}"
        )


@functools.cache
def definitions() -> dict:
    """The packaged definitions of the libero_object family: workspace, assets, tasks (see data/NOTICE)."""
    path = resources.files("aspire_mjx.worlds") / "data" / "libero_object.json"
    return json.loads(path.read_text(encoding="utf-8"))


def suite_names() -> tuple[str, ...]:
    """Names of the built-in suites."""
    return tuple(dict.fromkeys(task["suite"] for task in definitions()["tasks"]))


@functools.cache
def load_suite(name: str) -> tuple[Task, ...]:
    """All tasks of a suite, in upstream's order.

    Raises:
      UnknownNameError: the suite is not built in; the message lists those that are.
    """
    if name not in suite_names():
        raise UnknownNameError("suite", name, suite_names())
    return tuple(_parse(raw) for raw in definitions()["tasks"] if raw["suite"] == name)


def find_task(suite: str, name_or_index: str | int) -> Task:
    """A task of a suite by index ("3") or by name.

    Raises:
      UnknownNameError: unknown suite, or no such task in it.
    """
    tasks = load_suite(suite)
    text = str(name_or_index).strip()
    for task in tasks:
        if text in (str(task.index), task.name):
            return task
    raise UnknownNameError(f"task of suite {suite}", text, [f"{t.index}:{t.name}" for t in tasks])


def _parse(raw: dict) -> Task:
    category_of = {name: category for category, names in raw["objects"].items() for name in names}
    placements = []
    for predicate, name, region in raw["init"]:
        if predicate != "On" or region not in raw["init_regions"]:
            raise WorldError(f"task {raw['task_name']}: initial literal {(predicate, name, region)} has no region")
        x0, y0, x1, y1 = raw["init_regions"][region]["ranges"][0]
        placements.append(Placement(name, category_of[name], (x0, y0), (x1, y1)))
    return Task(
        suite=raw["suite"],
        index=raw["task_id"],
        name=raw["task_name"],
        language=raw["language_bddl"],
        placements=tuple(placements),
        goal=tuple(tuple(literal) for literal in raw["goal"]),
    )
