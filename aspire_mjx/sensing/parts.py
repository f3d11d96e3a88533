"""Parts of things: what a prompt such as "top drawer handle" or "back compartment of the caddy" means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from aspire_mjx.sensing.phrase import parse
from aspire_mjx.sensing.vocabulary import UNKNOWN, colour_grade, similarity
from aspire_mjx.sensing.words import PROPERTIES, is_adjective, nearest_colour
from aspire_mjx.worlds.assets import Asset, Box, SiteRegion

#: Words for kinds of parts.
_NOUNS = {
    **{"handle": "handle", "pull": "handle", "grip": "handle"},
    **{"knob": "knob", "button": "knob", "dial": "knob", "switch": "knob", "control": "knob"},
    **{"burner": "burner", "hotplate": "burner", "zone": "burner", "element": "burner"},
    **{"door": "door", "drawer": "drawer", "top": "top"},
    **{"compartment": "compartment", "slot": "compartment", "section": "compartment", "cubby": "compartment"},
}
_COOKING_PLATE = frozenset({"stove", "heating", "cooking"})  # what a plate is said to be that is a burner
_LEVELS = ("top", "middle", "bottom", "left", "right", "front", "back")
_FROM_THE_TOP = {"first": "top", "second": "middle", "third": "bottom"}  # of drawers and their handles
_FROM_THE_BOTTOM = {"top": "bottom", "middle": "middle", "bottom": "top"}
#: What the moving part of each kind of fixture is called.
_MOVING = {"cabinet": "drawer", "microwave": "door", "stove": "knob"}
#: Kinds of parts that are places on a thing, and how the names of their regions end.
_REGIONS = {"compartment": "contain_region", "burner": "cook_region", "top": "top_side"}
_LEAST = 0.4  # factor of all that is said of a part together
_KNOB_OF_A_DRAWER = 0.59  # similarity, below MATCH, of the handle of something that moves where a knob is asked for


@dataclass(frozen=True)
class Part:
    """A part of a thing.

    Attributes:
        noun: what it is.
        level: "top", "middle" or "bottom" of several, "left", ...; "" of a single one.
        holder: noun of the moving part that it is on; "" when it is on the thing itself.
        link: name of the moving part that it is, or is on; "" for the thing itself.
        boxes: places of its boxes among the thing's, the root's first, then those of each link in order.
        region: the place on the thing that it is; None where its boxes are all of it.
        area: of its typical silhouette, m^2.
    """

    noun: str
    level: str
    holder: str
    link: str
    boxes: tuple[int, ...]
    region: SiteRegion | None
    area: float


class AskedPart(NamedTuple):
    """What a prompt asks for.

    Attributes:
        noun: of the part.
        level: which of several; "".
        holder: noun of the part that it is on, such as the drawer of a handle; "" where the prompt names none.
        thing: the words for the thing it belongs to.
        adjectives: what else is said about it.
    """

    noun: str
    level: str
    holder: str
    thing: str
    adjectives: tuple[str, ...]


@lru_cache(maxsize=4096)
def asked_part(prompt: str) -> AskedPart | None:
    """The part that a prompt means; None for a whole thing.

    A drawer of which nothing else is said is its cabinet; so is the drawer that something is on top of.
    """
    phrase = parse(prompt)
    noun = "top" if phrase.portion == "top" else _NOUNS.get(phrase.head, "")
    if phrase.head == "plate" and not _COOKING_PLATE.isdisjoint(phrase.modifiers):
        noun = "burner"
    if not noun:
        return None
    owners = [text for text in (phrase.owner, *(text for kind, text in phrase.relations if kind == "at")) if text]
    inner = [parse(text) for text in owners]
    states = [word for word in phrase.modifiers if _is_state(word)]
    places = [place for each in (phrase, *inner) for place in each.places]
    if noun in ("drawer", "handle"):
        ordinals = [_FROM_THE_TOP[word] for each in (phrase, *inner) for word in each.said if word in _FROM_THE_TOP]
        phrase = replace(phrase, modifiers=tuple(word for word in phrase.modifiers if word not in _FROM_THE_TOP))
        inner = [replace(each, modifiers=tuple(w for w in each.modifiers if w not in _FROM_THE_TOP)) for each in inner]
        places = [_FROM_THE_BOTTOM[each] if "bottom" in places else each for each in ordinals] + places
    level = next((place for place in places if place in _LEVELS), "")
    if noun == "drawer" and not (level or states or phrase.several):
        return None
    if noun == "top":
        return AskedPart(noun, "", "", " ".join([*phrase.said, *(word for each in inner for word in each.said)]), ())
    # What is said before a word for the thing is said of the thing: "white cabinet handle", "black handle".
    things = [i for i, word in enumerate(phrase.modifiers) if not is_adjective(word) and word not in _NOUNS]
    split = things[-1] + 1 if things else 0
    said = [*phrase.modifiers[:split], *(word for each in inner for word in each.said)]
    nouns = [_NOUNS[word] for word in (*phrase.modifiers, *said) if word in _NOUNS]
    holder = next((name for name in nouns if name != noun and name in _MOVING.values()), "")
    adjectives = tuple(word for word in phrase.modifiers[split:] if word not in _NOUNS)
    if (noun, holder) == ("handle", "knob"):  # a knob is its own handle
        noun, holder = "knob", ""
    thing = " ".join(word for word in said if word not in _NOUNS and not _is_state(word))
    return AskedPart(noun, level, holder, thing, adjectives)


def _is_state(word: str) -> bool:
    return word in PROPERTIES and PROPERTIES[word].kind == "state"


@lru_cache(maxsize=1024)
def parts_of(asset: Asset) -> tuple[Part, ...]:
    """The parts of a thing that have names."""
    found = []
    sliding = {link.name for link in asset.links if link.kind == "slide"}
    for link in ("", *(link.name for link in asset.links)):
        noun = _MOVING.get(asset.fixture, "") if link else ""
        level = next((word for word in _LEVELS if link.startswith(word)), "")
        mine = [i for i, box in enumerate(asset.boxes) if box.link == link]
        if noun:
            shown = [box for box in map(asset.boxes.__getitem__, mine) if link not in sliding or _is_front(box)]
            found.append(Part(noun, level, "", link, tuple(mine), None, _area(shown)))
        held = [g.centre for g in asset.grasps if g.link == link and g.name == "handle" and noun != "knob"]
        bars = sorted({min(mine, key=lambda i, at=point: _outside(asset.boxes[i], at)) for point in held})
        if bars:
            area = _area([asset.boxes[i] for i in bars])
            found.append(Part("handle", level, noun, link, tuple(bars), None, area))
    still = tuple(i for i, box in enumerate(asset.boxes) if not box.link)
    for region in asset.regions:
        for noun, ending in _REGIONS.items():
            level = region.name[: -len(ending)].strip("_")
            if region.name.endswith(ending) and (level in _LEVELS or not level) and asset.fixture:
                sides = sorted(2.0 * half for half in region.half_size)
                found.append(Part(noun, level, "", region.link, still, region, float(0.8 * sides[2] * sides[1])))
    return tuple(found)


def part_similarity(asked: AskedPart, part: Part, asset: Asset) -> float:
    """How well a prompt for a part describes one, 0 to 1; 0 where it is another kind of part or of thing.

    Of a part that is the only one of its kind on its thing, a level says where in the image it is.
    """
    pulled = (asked.noun, part.noun) == ("knob", "handle") and part.holder  # "drawer knob"
    if not (part.noun == asked.noun or pulled):
        return 0.0
    if (asked.level and part.level not in ("", asked.level)) or asked.holder not in ("", part.holder):
        return 0.0
    owner = _owner_similarity(asked.thing, asset.category) * (_KNOB_OF_A_DRAWER if pulled else 1.0)
    own = {nearest_colour(asset.boxes[i].rgb) for i in part.boxes}
    grades = [_grade(word, own) for word in asked.adjectives]
    return owner * max(float(np.prod(grades)), _LEAST)


def _grade(word: str, colours: Collection[str]) -> float:
    """What an adjective does to the similarity of a part of some colours."""
    if word not in PROPERTIES:
        return UNKNOWN
    known = PROPERTIES[word]
    return colour_grade(known.value, colours) if known.kind == "colour" else 1.0


@lru_cache(maxsize=65536)
def _owner_similarity(thing: str, category: str) -> float:
    """How well words describe the thing of a part; 1 without words. Words at the end may say more of the part."""
    words = thing.split()
    tries = [similarity(" ".join(words[:end]), category) for end in range(len(words), 0, -1)]
    return next((found for found in tries if found), 0.0) if words else 1.0


def _is_front(box: Box) -> bool:
    """Whether a box of a drawer is seen when it is closed: those that stand across."""
    return box.half_size[1] < min(box.half_size[0], box.half_size[2])


def _outside(box: Box, point: Sequence[float]) -> float:
    """How far a point is outside a box that stands straight, m."""
    beyond = np.abs(np.subtract(point, box.centre)) - np.asarray(box.half_size)
    return float(np.linalg.norm(np.maximum(beyond, 0.0)))


def _area(boxes: Sequence[Box]) -> float:
    """Of the largest box's silhouette from before and above."""
    sizes = [sorted(2 * half for half in box.half_size) for box in boxes]
    return float(max(0.8 * size[2] * size[1] for size in sizes))
