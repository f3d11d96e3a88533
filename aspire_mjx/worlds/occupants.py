"""Which thing of a world stands in which slot of its template."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.assets import Asset, asset, scaled
from aspire_mjx.worlds.checkout import original_asset
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.streams import WorldSeed
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.workspaces import TemplateFamily, family

#: What distractors are drawn from: small things that stand on any surface and fit a spare slot.
DISTRACTORS = ("alphabet_soup", "bbq_sauce", "butter", "chocolate_pudding", "cream_cheese", "ketchup", "milk")


@dataclass(frozen=True)
class Occupant:
    """One thing of a world: its instance name, its slot and what it is."""

    name: str
    slot: int
    asset: Asset


def occupants(task: Task, perturbation: Perturbation, seed: int) -> tuple[Occupant, ...]:
    """Everything in a world, by slot: movables first, then fixtures, as the family lists them.

    Objects go, in the order in which the task places them, to the free slot with the fewest boxes that holds them;
    those with most boxes choose first.

    With the geometry of a checkout the things are the same in the same order, in slots without gaps.

    Raises:
      WorldError: more objects than the family's template has slots for, or a fixture that it lacks; doses that the
      geometry of a checkout cannot take.
    """
    if task.checkout:
        if perturbation.size != 1.0 or perturbation.distractors:
            raise WorldError(
                f"task {task.key}: the geometry of a LIBERO checkout has one size and no distractors; leave doses of "
                f"size and distractors out, or use --geometry=own."
            )
        return _originals(task)
    spare = int(perturbation.distractors)
    return _occupants(task, perturbation.size, spare, seed if spare else 0)


@functools.lru_cache(maxsize=4096)
def _occupants(task: Task, size: float, spare: int, seed: int) -> tuple[Occupant, ...]:
    scene = family(task.workspace, spare=spare)
    count = len(scene.slots) - spare
    placed = [literal[1] for literal in task.init if len(literal) == 3]
    order = sorted(task.objects, key=lambda pair: placed.index(pair[0]) if pair[0] in placed else len(placed))
    free = sorted(range(count), key=lambda slot: scene.slots[slot].boxes)
    found = []
    for name, category in sorted(order, key=lambda pair: -len(asset(pair[1]).boxes)):
        boxes = len(asset(category).boxes)
        slot = next((slot for slot in free if scene.slots[slot].boxes >= boxes), None)
        if slot is None:
            holds = ", ".join(f"{slot.name} (up to {slot.boxes} boxes)" for slot in scene.slots)
            raise WorldError(
                f"task {task.key}: no slot of the {scene.workspace} template is left for {name} ({category}, {boxes} "
                f"boxes); it holds {holds}. Use fewer objects."
            )
        free.remove(slot)
        found.append(Occupant(name, slot, scaled(asset(category), size)))
    found += [
        Occupant(f"distractor_{i + 1}", count + i, scaled(asset(category), size))
        for i, category in enumerate(_distractors(task, spare, seed))
    ]
    found += [_fixture(task, scene, name, category) for name, category in task.fixtures]
    if len({occupant.slot for occupant in found}) < len(found):
        raise WorldError(f"task {task.key}: two fixtures of one kind; the {scene.workspace} template has one of each.")
    return tuple(sorted(found, key=lambda occupant: occupant.slot))


@functools.lru_cache(maxsize=1024)
def _originals(task: Task) -> tuple[Occupant, ...]:
    found = _occupants(task, 1.0, 0, 0)
    return tuple(
        Occupant(o.name, slot, original_asset(task.checkout, o.asset.category)) for slot, o in enumerate(found)
    )


def _fixture(task: Task, scene: TemplateFamily, name: str, category: str) -> Occupant:
    kind = asset(category).fixture
    if kind not in scene.fixtures:
        raise WorldError(
            f"task {task.key}: the {scene.workspace} template has no place for fixture {name} ({category}); it has "
            f"{', '.join(scene.fixtures) or 'no fixtures'}."
        )
    return Occupant(name, len(scene.slots) + scene.fixtures.index(kind), asset(category))


def _distractors(task: Task, count: int, seed: int) -> list[str]:
    mentioned = {category for _, category in task.objects}
    others = [category for category in DISTRACTORS if category not in mentioned] or list(DISTRACTORS)
    chosen = WorldSeed(task.key, seed).stream("distractors").permutation(len(others))
    return [others[chosen[i % len(others)]] for i in range(count)]
