"""Parts of fixtures: what a prompt such as "top drawer handle" or "stove knob" means, and which boxes that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aspire_mjx.sensing.vocabulary import MATCH, similarity, tokens
from aspire_mjx.worlds.assets import Asset

#: Words for kinds of parts.
_NOUNS = {"handle": "handle", "knob": "knob", "button": "knob", "dial": "knob", "door": "door", "drawer": "drawer"}
_LEVELS = {"top": "top", "upper": "top", "middle": "middle", "bottom": "bottom", "lower": "bottom"}
#: What the moving part of each kind of fixture is called.
_MOVING = {"cabinet": "drawer", "microwave": "door", "stove": "knob"}
_SLACK = 1e-6  # m


@dataclass(frozen=True)
class FixturePart:
    """A part of a thing.

    Attributes:
        noun: what it is.
        level: "top", "middle" or "bottom" of several; "" of a single one.
        boxes: places of its boxes among the thing's, the root's first, then those of each link in order.
        area: of its typical silhouette, m^2.
    """

    noun: str
    level: str
    boxes: tuple[int, ...]
    area: float


@dataclass(frozen=True)
class AskedPart:
    """What a prompt asks for: a noun of a part, a level or "", and the words for the thing it belongs to."""

    noun: str
    level: str
    thing: str


@lru_cache(maxsize=4096)
def asked_part(prompt: str) -> AskedPart | None:
    """The part that a prompt means; None for a whole thing. A drawer without a level is its cabinet."""
    words = prompt.lower().replace("_", " ").replace("-", " ").split()
    singular = [word[:-1] if word.endswith("s") and word[:-1] in _NOUNS else word for word in words]
    nouns = [_NOUNS[word] for word in singular if word in _NOUNS]
    level = next((_LEVELS[word] for word in words if word in _LEVELS), "")
    if not nouns or (set(nouns) == {"drawer"} and not level):
        return None
    noun = next((name for name in ("handle", "knob") if name in nouns), nouns[0])
    return AskedPart(noun, level, " ".join(word for word in singular if word not in _NOUNS and word not in _LEVELS))


@lru_cache(maxsize=1024)
def parts_of(asset: Asset) -> tuple[FixturePart, ...]:
    """The parts of a fixture that have names; none of a movable thing."""
    found = []
    for link in (link.name for link in asset.links):
        noun = _MOVING.get(asset.fixture, "")
        level = next((word for word in _LEVELS if link.startswith(word)), "")
        mine = [i for i, box in enumerate(asset.boxes) if box.link == link]
        if noun:
            found.append(FixturePart(noun, level, tuple(mine), _area([asset.boxes[i] for i in mine])))
        held = [g.centre for g in asset.grasps if g.link == link and g.name == "handle"]
        bars = [i for i in mine if noun != "knob" and any(_holds(asset.boxes[i], point) for point in held)]
        if bars:
            found.append(FixturePart("handle", level, tuple(bars), _area([asset.boxes[i] for i in bars])))
    return tuple(found)


def matching(prompt: str, asked: AskedPart, asset: Asset) -> tuple[FixturePart, ...]:
    """The parts of a fixture that a prompt means; a prompt that names no thing may mean those of any."""
    if tokens(asked.thing) and max(similarity(asked.thing, asset.category), similarity(prompt, asset.category)) < MATCH:
        return ()
    return tuple(p for p in parts_of(asset) if p.noun == asked.noun and asked.level in ("", p.level))


def _holds(box, point) -> bool:
    return bool((np.abs(np.subtract(point, box.centre)) <= np.asarray(box.half_size) + _SLACK).all())


def _area(boxes) -> float:
    """Of the largest box's silhouette from before and above."""
    sizes = [sorted(2 * half for half in box.half_size) for box in boxes]
    return float(max(0.8 * size[2] * size[1] for size in sizes))
