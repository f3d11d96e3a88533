"""The scene families: for each workspace, which slots its world template holds."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from aspire_mjx.errors import UnknownNameError, WorldError
from aspire_mjx.worlds.assets import Asset, asset
from aspire_mjx.worlds.tasks import Task


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


def family(workspace: str) -> Family:
    """The family of a workspace.

    Raises:
      UnknownNameError: no such workspace.
    """
    if workspace not in _FAMILIES:
        raise UnknownNameError("workspace", workspace, _FAMILIES)
    return _FAMILIES[workspace]


def family_names() -> tuple[str, ...]:
    """All workspaces that have a template."""
    return tuple(_FAMILIES)


@functools.lru_cache(maxsize=4096)
def occupants(task: Task) -> dict[str, int]:
    """Which slot each instance of a task stands in: slots of movables first, then fixtures, as the family lists them.

    Objects go, in the order in which the task places them, to the free slot with the fewest boxes that holds them.

    Raises:
      WorldError: more objects than the family's template has slots for, or a fixture that it lacks.
    """
    scene = family(task.workspace)
    placed = [literal[1] for literal in task.init if len(literal) == 3]
    order = sorted(task.objects, key=lambda pair: placed.index(pair[0]) if pair[0] in placed else len(placed))
    free = sorted(range(len(scene.slots)), key=lambda slot: scene.slots[slot].boxes)
    seat: dict[str, int] = {}
    for name, category in sorted(order, key=lambda pair: -len(asset(pair[1]).boxes)):
        slot = next((s for s in free if scene.slots[s].boxes >= len(asset(category).boxes)), None)
        if slot is None:
            raise WorldError(
                f"task {task.key}: no slot of the {scene.workspace} template is left for {name} ({category}, "
                f"{len(asset(category).boxes)} boxes); it holds {_holds(scene)}. Use fewer objects."
            )
        free.remove(slot)
        seat[name] = slot
    for name, category in task.fixtures:
        kind = asset(category).fixture
        if kind not in scene.fixtures:
            raise WorldError(
                f"task {task.key}: the {scene.workspace} template has no place for fixture {name} ({category}); "
                f"it has {', '.join(scene.fixtures) or 'no fixtures'}."
            )
        slot = len(scene.slots) + scene.fixtures.index(kind)
        if slot in seat.values():
            raise WorldError(f"task {task.key}: two fixtures of kind {kind}; the template has one of each.")
        seat[name] = slot
    return seat


def _holds(scene: Family) -> str:
    return ", ".join(f"{slot.name} (up to {slot.boxes} boxes)" for slot in scene.slots)


@functools.lru_cache(maxsize=4096)
def slot_assets(task: Task) -> tuple[Asset | None, ...]:
    """What stands in each slot of the task's family, ``None`` where nothing does."""
    scene = family(task.workspace)
    found: list[Asset | None] = [None] * (len(scene.slots) + len(scene.fixtures))
    for name, slot in occupants(task).items():
        found[slot] = asset(task.category_of(name))
    return tuple(found)
