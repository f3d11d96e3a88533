"""The five places where the benchmark's tasks happen: surface, robot base and camera, and which slots a template holds.

Figures of the places are LIBERO's, but for colours (data/workspaces.json). Positions are in the world frame.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.worlds.tables import as_tuples, table


@dataclass(frozen=True)
class Workspace:
    """Where a task happens.

    Attributes:
      name: how the project calls it.
      problem: the ``(problem ...)`` of task files, lower case.
      surface: category of the table or floor in task files.
      surface_rgb: its colour, 0 to 1, our own.
      origin: m, what regions are relative to; its z is the height that objects are placed from.
      support: m, height that things come to rest on, as upstream's collision geometry has it.
      region_height: m, height of the sites of the surface's regions.
      table: m, full size of the table; None for the floor.
      robot_base: m, the robot's foot.
      camera_position: m, of the agentview camera.
      camera_quaternion: wxyz, of the same.
      camera_fovy: its vertical field of view, degrees.
    """

    name: str
    problem: str
    surface: str
    surface_rgb: tuple[float, float, float]
    origin: tuple[float, float, float]
    support: float
    region_height: float
    table: tuple[float, float, float] | None
    robot_base: tuple[float, float, float]
    camera_position: tuple[float, float, float]
    camera_quaternion: tuple[float, float, float, float]
    camera_fovy: float = 45.0


WORKSPACES = tuple(Workspace(**as_tuples(figures)) for figures in table("workspaces"))


def workspace(name: str) -> Workspace:
    """The workspace of a name.

    Raises:
      UnknownNameError: no such workspace.
    """
    for found in WORKSPACES:
        if found.name == name:
            return found
    raise UnknownNameError("workspace", name, [w.name for w in WORKSPACES])


@dataclass(frozen=True)
class Slot:
    """A place for one movable object of at most ``boxes`` geoms."""

    name: str
    boxes: int


@dataclass(frozen=True)
class TemplateFamily:
    """What the template of a workspace holds.

    Attributes:
      workspace: the workspace's name, which is the family's.
      slots: movable objects.
      fixtures: kinds of fixtures, one slot each.
      pairs: MJX's cap (a static shape) on pairs of boxes, of which it keeps those whose bounding spheres are nearest.
        What is cut off is not felt, so this lies above what the family was measured to need.
      contacts: its cap on contact points, of which it keeps the deepest, likewise; finger pads have caps of
        their own of the same size.
    """

    workspace: str
    slots: tuple[Slot, ...]
    fixtures: tuple[str, ...]
    pairs: int
    contacts: int


def _slots(name: str, count: int, boxes: int) -> tuple[Slot, ...]:
    return tuple(Slot(f"{name}{i}", boxes) for i in range(count))


_VESSEL, _SOLID, _FOOD = 10, 4, 2  # boxes of bowls and mugs; of bottles and pots; of food items and books
# Needed in C MuJoCo by blind picks and pushes of every task, and by reaching into, closing in and dragging through its
# scene: the rank, by bounding spheres, of the last pair of boxes that touch, and contact points (states settled; 99 %;
# worst state). A bowl of ten boxes that is carried over another in a hand needs most.
#   floor        pairs  0;   4;   6   contacts 28; 30; 33
#   tabletop     pairs 35; 101; 103   contacts 24; 34; 84
#   kitchen      pairs  2;  44;  56   contacts 16; 22; 49
#   living_room  pairs  0;  43;  71   contacts 32; 32; 40
#   study        pairs  0;  26;  47   contacts 12; 15; 23
#: By workspace.
FAMILIES = {
    family.workspace: family
    for family in (
        TemplateFamily("floor", (Slot("basket", 5), *_slots("food", 6, _FOOD)), (), 20, 40),
        TemplateFamily(
            "tabletop",
            (*_slots("vessel", 4, _VESSEL), *_slots("solid", 2, _SOLID)),
            ("cabinet", "stove", "wine_rack"),
            104,
            48,
        ),
        TemplateFamily(
            "kitchen",
            (*_slots("vessel", 4, _VESSEL), *_slots("solid", 3, _SOLID)),
            ("cabinet", "stove", "microwave", "wine_rack", "shelf"),
            56,
            40,
        ),
        TemplateFamily("living_room", (*_slots("vessel", 5, _VESSEL), *_slots("food", 7, _FOOD)), (), 64, 48),
        TemplateFamily("study", (*_slots("vessel", 2, _VESSEL), *_slots("food", 3, _FOOD)), ("caddy", "shelf"), 48, 32),
    )
}


def family(workspace: str, *, spare: int = 0) -> TemplateFamily:
    """The family of a workspace, with ``spare`` slots more for objects that tasks do not mention.

    Raises:
      UnknownNameError: no such workspace.
    """
    if workspace not in FAMILIES:
        raise UnknownNameError("workspace", workspace, FAMILIES)
    found = FAMILIES[workspace]
    return dataclasses.replace(found, slots=(*found.slots, *_slots("spare", spare, _FOOD)))
