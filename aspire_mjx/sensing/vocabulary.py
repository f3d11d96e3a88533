"""What the detector knows of each object category, and how well the words of a prompt describe one.

Words that several things share ("bowl", "mug", "cabinet") are kinds, so that the colour decides: "black bowl" fits the
black bowl fully and a white one by half.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

import numpy as np

from aspire_mjx.worlds.assets.catalogue import VARIANTS


@dataclass(frozen=True, kw_only=True)
class LexiconEntry:
    """What the detector knows of a category.

    Attributes:
        names: words and phrases that name it; every word of a prompt that occurs here counts fully.
        kinds: words for its shape or class, which other things share.
        colours: colour words.
        size: typical length, width and height, m, from which the detector judges how much of it is visible.
        look_alikes: categories it is sometimes taken for.
        phrases: whole phrases that mean it and nothing else, though their words alone may not.
    """

    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    size: tuple[float, float, float] = (0.08, 0.06, 0.06)
    look_alikes: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


def _vocabulary() -> dict[str, LexiconEntry]:
    """The entries of data/lexicon.json, whose groups of kinds have a name of their own."""
    path = resources.files("aspire_mjx.sensing") / "data" / "lexicon.json"
    lexicon = json.loads(path.read_text(encoding="utf-8"))
    found = {}
    for category, written in lexicon["categories"].items():
        if isinstance(written["kinds"], str):
            written["kinds"] = lexicon["kinds"][written["kinds"]]
        found[category] = LexiconEntry(**{name: tuple(value) for name, value in written.items()})
    return found


VOCABULARY = _vocabulary()  #: category to what is known of it

#: Categories that look like another one and never stand beside it.
_SAME = {"new_salad_dressing": "salad_dressing"}


@lru_cache(maxsize=4096)
def word_of(category: str) -> LexiconEntry:
    """What is known of a category. A recoloured variant is what it varies, in the colour that its name begins with.

    A category that nothing is known of is known by the words of its name.
    """
    if category in VOCABULARY:
        return VOCABULARY[category]
    if category in _SAME:
        return VOCABULARY[_SAME[category]]
    if category not in VARIANTS:
        return LexiconEntry(names=(category.replace("_", " "),))
    variant = VARIANTS[category]
    base = VOCABULARY[variant.base]
    length, width, height = (float(side) for side in np.multiply(base.size, variant.scale))
    colours = base.colours if variant.rgb is None else (category.split("_")[0],)
    return replace(base, colours=colours, size=(length, width, height), look_alikes=())


#: Similarity of a prompt and a category from which the detector reports an instance.
MATCH = 0.6

_WEIGHT_NAME, _WEIGHT_COMMON, _WEIGHT_UNKNOWN = 1.0, 0.5, 1.0

#: Words that say nothing about what a thing is; where it is, is not the detector's job.
_IGNORED = frozenset(
    re.findall(
        r"\w+",
        "a an the of and or in on at to from by with near next beside behind front left right top bottom middle center "
        "centre above below under over between inside outside closest nearest far this that it its object item thing "
        "floor table small large big smaller larger bigger",
    )
)


def tokens(text: str) -> frozenset[str]:
    """The words of a text that can describe a thing: lower case, singular, without articles and places."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("_", " "))
    singular = (
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )
    return frozenset(word for word in singular if word not in _IGNORED)


@lru_cache(maxsize=65536)
def similarity(prompt: str, category: str) -> float:
    """How well a prompt describes a category, 0 to 1: the weight of its words that the category explains.

    A phrase that names the category exactly is 1. A prompt whose words are only class or colour words can be 1 for
    several categories: then the detector is in doubt between them.
    """
    asked, word = tokens(prompt), word_of(category)
    if not asked or not category:
        return 0.0
    if any(asked == tokens(phrase) for phrase in (category, *word.phrases)):
        return 1.0
    names = _words(word.names)
    common = _words((*word.kinds, *word.colours)) - names
    explained, total = 0.0, 0.0
    for token in asked:
        if token in names or token in common:
            weight = _WEIGHT_NAME if token in names else _WEIGHT_COMMON
            explained += weight
        else:
            weight = _WEIGHT_COMMON if token in _COMMON else _WEIGHT_UNKNOWN
        total += weight
    return explained / total


def _words(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(tokens(phrase) for phrase in phrases))


#: Class and colour words: a thing that they do not fit may be meant all the same.
_COMMON = frozenset().union(
    *(_words((*word.kinds, *word.colours)) - _words(word.names) for word in VOCABULARY.values())
)
