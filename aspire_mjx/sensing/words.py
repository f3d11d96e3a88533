"""What single words mean: plain forms, properties such as colours and materials, and which nouns are near each other.

The words are those of data/lexicon.json, written by hand, and those of data/wordnet.json, drawn from WordNet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from aspire_mjx.shipped import packaged_json

LEXICON: dict[str, Any] = packaged_json("sensing/data/lexicon.json")
_WORDNET: dict[str, Any] = packaged_json("sensing/data/wordnet.json")


class Property(NamedTuple):
    """What an adjective says: its kind and the plain word for it.

    Kinds are "colour", "tone" (dark or light), "material", "shape", "size" and "state".
    """

    kind: str
    value: str


def _properties() -> dict[str, Property]:
    found: dict[str, Property] = {}
    for table in (LEXICON, _WORDNET):
        for kind, words in table["properties"].items():
            for word, value in words.items():
                found.setdefault(word, Property(kind, value))
    return found


PROPERTIES = _properties()  #: of adjectives, and of nouns that stand for a colour or a material
NEAR: dict[str, dict[str, float]] = _WORDNET["near"]  #: noun to the nouns of the vocabulary near it, 0 to 1

_NEAR_COLOURS = frozenset(frozenset(pair.split()) for pair in LEXICON["words"]["near colours"].split(", "))
_ENDINGS = (("ies", 4, "y"), ("ches", 5, "ch"), ("shes", 5, "sh"), ("xes", 4, "x"), ("sses", 5, "ss"), ("s", 4, ""))
_ADJECTIVE_ENDINGS = ("al", "ed", "ing", "y", "ous", "ive", "ful", "less", "ish", "ic", "able", "ible")
_IRREGULAR = {"cookies": "cookie", "shelves": "shelf", "knives": "knife", "grey": "gray", "centre": "center"}
_IRREGULAR |= {word: word for word in ("atlas", "canvas", "lens", "thermos")}


def group(name: str) -> frozenset[str]:
    """One of the lexicon's lists of words, in plain form."""
    return frozenset(plain(word) for word in LEXICON["words"][name].split())


def plain(word: str) -> str:
    """A word in lower case and singular, in one of its spellings."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending, length, instead in _ENDINGS:
        if word.endswith(ending) and len(word) >= length and not word.endswith(("ss", "us")):
            return word[: -len(ending)] + instead
    return word


#: What plain colours look like, red, green and blue, 0 to 1.
_LOOKS = {
    **{"black": (0.1, 0.1, 0.1), "gray": (0.45, 0.45, 0.47), "silver": (0.72, 0.73, 0.75), "white": (0.93, 0.93, 0.91)},
    **{"red": (0.75, 0.12, 0.1), "orange": (0.95, 0.6, 0.15), "yellow": (0.93, 0.8, 0.2), "green": (0.16, 0.55, 0.2)},
    **{"blue": (0.15, 0.3, 0.75), "purple": (0.5, 0.2, 0.6), "pink": (0.95, 0.6, 0.7), "brown": (0.5, 0.33, 0.18)},
    **{"beige": (0.85, 0.76, 0.6)},
}


_TONES = {tone: group(f"{tone} colours") for tone in ("dark", "light")}


def has_tone(tone: str, colours: Iterable[str]) -> bool:
    """Whether one of some plain colours is "dark" or "light"."""
    return not _TONES[tone].isdisjoint(colours)


def nearest_colour(rgb: Sequence[float]) -> str:
    """The plain word for a colour ``[3]``, 0 to 1."""
    return min(_LOOKS, key=lambda name: sum((a - b) ** 2 for a, b in zip(rgb, _LOOKS[name], strict=True)))


def is_adjective(word: str) -> bool:
    """Whether a word is an adjective, by what is known of it or by its ending."""
    return word in PROPERTIES or word.endswith(_ADJECTIVE_ENDINGS)


def are_near_colours(one: str, other: str) -> bool:
    """Whether two plain colours are easily taken for each other."""
    return frozenset((one, other)) in _NEAR_COLOURS
