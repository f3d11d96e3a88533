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
      pairs, contacts: MJX's caps on geom pairs of each kind and on contact points (static shapes).
    """

    workspace: str
    slots: tuple[Slot, ...]
    fixtures: tuple[str, ...]
    pairs: int
    contacts: int


def _slots(name: str, count: int, boxes: int) -> tuple[Slot, ...]:
    return tuple(Slot(f"{name}{i}", boxes) for i in range(count))


_VESSEL, _SOLID, _FOOD = 10, 4, 2  # boxes of bowls and mugs; of bottles and pots; of food items and books
_FAMILIES = {
    family.workspace: family
    for family in (
        Family("floor", (Slot("basket", 5), *_slots("food", 6, _FOOD)), (), 20, 40),
        Family(
            "tabletop",
            (*_slots("vessel", 4, _VESSEL), *_slots("solid", 2, _SOLID)),
            ("cabinet", "stove", "wine_rack"),
            48,
            72,
        ),
        Family(
            "kitchen",
            (*_slots("vessel", 4, _VESSEL), *_slots("solid", 3, _SOLID)),
            ("cabinet", "stove", "microwave", "wine_rack", "shelf"),
            48,
            72,
        ),
        Family("living_room", (*_slots("vessel", 5, _VESSEL), *_slots("food", 7, _FOOD)), (), 48, 72),
        Family("study", (*_slots("vessel", 2, _VESSEL), *_slots("food", 3, _FOOD)), ("caddy", "shelf"), 32, 48),
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
