"""What the detector knows of each object category: names, kinds, colours, sizes and look-alikes.

Words that several things share ("bowl", "mug", "cabinet") are kinds, so that the colour decides: "black bowl" fits the
black bowl fully and a white one by half.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

import numpy as np

from aspire_mjx.worlds.assets.variants import VARIANTS


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
