"""The scene families: for each workspace, which slots its world template holds."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from aspire_mjx.errors import UnknownNameError


@dataclass(frozen=True)
class Slot:
    """A place for one movable object of at most ``boxes`` geoms."""

    name: str
    boxes: int


@dataclass(frozen=True)
class Family:
    """What the template of a workspace holds.

    Attributes:
      workspace: the workspace's name, which is the family's.
      slots: movable objects.
      fixtures: kinds of fixtures, one slot each.
      pairs, contacts: MJX's caps (static shapes) on pairs of boxes, of which it keeps those whose bounding spheres
        are nearest, and on contact points, of which it keeps the deepest; finger pads have caps of their own of the
        same size. What is cut off is not felt, so both lie above what the family was measured to need.
    """

    workspace: str
    slots: tuple[Slot, ...]
    fixtures: tuple[str, ...]
    pairs: int
    contacts: int


def _slots(name: str, count: int, boxes: int) -> tuple[Slot, ...]:
    return tuple(Slot(f"{name}{i}", boxes) for i in range(count))


_VESSEL, _SOLID, _FOOD = 10, 4, 2  # boxes of bowls and mugs; of bottles and pots; of food items and books
# Needed, over 4 s of reaching into, closing in, dragging through and lifting from every task's scene, 3 seeds each: the
# rank, by bounding spheres, of the last pair of boxes that touch (99 % of states, worst one; settled), and the contact
# points likewise, as C MuJoCo finds them.
#   floor        pairs  4,  6;  0   contacts 30, 33; 28
#   tabletop     pairs 52, 98; 35   contacts 34, 84; 24
#   kitchen      pairs 11, 34;  2   contacts 22, 36; 16
#   living_room  pairs 14, 35;  0   contacts 32, 37; 32
#   study        pairs 26, 47;  0   contacts 15, 23; 12
_FAMILIES = {
    family.workspace: family
    for family in (
        Family("floor", (Slot("basket", 5), *_slots("food", 6, _FOOD)), (), 20, 40),
        Family(
            "tabletop",
            (*_slots("vessel", 4, _VESSEL), *_slots("solid", 2, _SOLID)),
            ("cabinet", "stove", "wine_rack"),
            64,
            48,
        ),
        Family(
            "kitchen",
            (*_slots("vessel", 4, _VESSEL), *_slots("solid", 3, _SOLID)),
            ("cabinet", "stove", "microwave", "wine_rack", "shelf"),
            40,
            40,
        ),
        Family("living_room", (*_slots("vessel", 5, _VESSEL), *_slots("food", 7, _FOOD)), (), 40, 48),
        Family("study", (*_slots("vessel", 2, _VESSEL), *_slots("food", 3, _FOOD)), ("caddy", "shelf"), 48, 32),
    )
}


def family(workspace: str, *, spare: int = 0) -> Family:
    """The family of a workspace, with ``spare`` slots more for objects that tasks do not mention.

    Raises:
      UnknownNameError: no such workspace.
    """
    if workspace not in _FAMILIES:
        raise UnknownNameError("workspace", workspace, _FAMILIES)
    found = _FAMILIES[workspace]
    return dataclasses.replace(found, slots=(*found.slots, *_slots("spare", spare, _FOOD)))


def family_names() -> tuple[str, ...]:
    """All workspaces that have a template."""
    return tuple(_FAMILIES)
