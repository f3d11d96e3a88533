"""Task definitions: what is where at the start, what the robot is told, and what must hold at the end."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from dataclasses import dataclass

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.tables import as_tuples
from aspire_mjx.worlds.workspaces import workspace

Literal = tuple[str, ...]  #: one predicate applied to names, e.g. ("In", "butter_1", "basket_1_contain_region")


@dataclass(frozen=True)
class Region:
    """An axis-aligned rectangle on the surface of a workspace.

    Attributes:
      name: full name, e.g. ``main_table_plate_region``.
      target: the surface, e.g. ``main_table``.
      low: m, corner relative to the workspace's origin.
      high: m, the opposite corner.
      yaw: rad, range of a fixture's turn about z; None where the task file gives none.
    """

    name: str
    target: str
    low: tuple[float, float]
    high: tuple[float, float]
    yaw: tuple[float, float] | None = None


@dataclass(frozen=True)
class Task:
    """One task of a suite.

    Attributes:
      suite: e.g. ``libero_object_swap``.
      index: position in the suite, as upstream numbers the tasks.
      name: upstream's file name of the task (for ``_task`` suites it names the *base* task, not the goal).
      language: the instruction the program may read with ``task_language()``.
      workspace: name of the :class:`~aspire_mjx.worlds.workspaces.Workspace`.
      objects: (instance, category) of what can be carried, in the file's order.
      fixtures: (instance, category) of what stands where it is; the surface is not among them.
      surface: instance name of the table or floor.
      regions: rectangles on the surface, by name. Site regions belong to assets: ``<instance>_<site>``.
      init: literals that hold at the start.
      goal: conjunction of literals that the judge evaluates.
      look: appearance of the surroundings, ``""`` for upstream's own; ``env``: another table, floor and light.
      checkout: root of a LIBERO checkout whose collision geometry the things take; ``""`` for our own.
    """

    suite: str
    index: int
    name: str
    language: str
    workspace: str
    objects: tuple[tuple[str, str], ...]
    fixtures: tuple[tuple[str, str], ...]
    surface: str
    regions: tuple[Region, ...]
    init: tuple[Literal, ...]
    goal: tuple[Literal, ...]
    look: str = ""
    checkout: str = ""

    def __hash__(self) -> int:
        return hash((self.suite, self.index, self.name))  # caches ask often, and the rest is long

    @functools.cached_property
    def definition(self) -> str:
        """The task as a JSON object, for :meth:`from_json`."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Task:
        """The task of a :attr:`definition`."""
        fields = as_tuples(json.loads(text))
        regions = tuple(Region(**region) for region in fields.pop("regions"))
        return cls(**fields, regions=regions)

    @property
    def key(self) -> str:
        """Short unique name, e.g. ``libero_object_swap/3``."""
        return f"{self.suite}/{self.index}"

    @property
    def file_language(self) -> str:
        """The instruction as the name of upstream's file has it: ``LIVING_ROOM_SCENE6_put_...`` is "put ..."."""
        return re.sub(r"^[A-Z_]+SCENE\d+_", "", self.name).replace("_", " ")

    @property
    def target_category(self) -> str:
        """Category of what the goal moves: of its first ``On`` or ``In``, else of its first literal."""
        return self.category_of(self._main_literal[1])

    @property
    def container_category(self) -> str:
        """Category of what that literal's last name belongs to: basket, plate, the drawer's cabinet, table."""
        return self.category_of(self._main_literal[-1])

    @property
    def _main_literal(self) -> Literal:
        return next((literal for literal in self.goal if literal[0] in ("On", "In")), self.goal[0])

    def category_of(self, name: str) -> str:
        """Category of an instance, or of the instance that a region's name begins with (``basket_1_contain_region``).

        Raises:
          WorldError: the name begins with no instance of the task.
        """
        surface = (self.surface, workspace(self.workspace).surface)
        fitting = [
            (instance, category)
            for instance, category in (*self.objects, *self.fixtures, surface)
            if name == instance or name.startswith(instance + "_")
        ]
        if not fitting:
            known = [instance for instance, _ in (*self.objects, *self.fixtures, surface)]
            raise WorldError(f"task {self.key}: {name!r} names nothing in the task; there are: {', '.join(known)}")
        return max(fitting, key=lambda item: len(item[0]))[1]

    def beside(self, region: Region) -> str | None:
        """The instance that a region of the surface lies beside by its name (``main_table_plate_right_region``)."""
        side = re.fullmatch(rf"{re.escape(region.target)}_(.+)_(left|right|front|back)_region", region.name)
        known = (name for name, _ in (*self.objects, *self.fixtures))
        return next((name for name in known if side and re.fullmatch(rf"(\w+_)?{side[1]}(_\d+)?", name)), None)

    def surface_region(self, name: str) -> Region | None:
        """The surface region of a name, None where the name is something else's."""
        return next((region for region in self.regions if region.name == name), None)
