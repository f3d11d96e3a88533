"""What things stand on: prompts for the table or the floor."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from aspire_mjx.sensing.phrase import parse
from aspire_mjx.sensing.vocabulary import UNKNOWN
from aspire_mjx.sensing.words import PROPERTIES, group

_WORDS = {"table": group("table"), "floor": group("floor")}
#: m^2 of a surface, by which the detector judges how much of it is visible.
AREA = 0.25
_LEAST = 0.65  # factor of all unknown words together


class AskedSurface(NamedTuple):
    """A surface that a prompt asks for.

    Attributes:
        geom: its name in the models of worlds: "table" or "floor".
        similarity: how well the words fit it, 0 to 1.
    """

    geom: str
    similarity: float


@lru_cache(maxsize=4096)
def asked_surface(prompt: str) -> AskedSurface | None:
    """The surface that a prompt means; None where it means something else. What it is made of may be said."""
    phrase = parse(prompt)
    geom = next((geom for geom, words in _WORDS.items() if phrase.head in words), None)
    if geom is None:
        return None
    unknown = sum(word not in PROPERTIES for word in phrase.modifiers)
    return AskedSurface(geom, max(UNKNOWN**unknown, _LEAST))
