"""The words the detector knows: names, synonyms, colours, sizes and look-alikes of object categories."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

#: Similarity of a prompt and a category from which the detector reports an instance.
MATCH = 0.6

_WEIGHT_NAME, _WEIGHT_COMMON, _WEIGHT_UNKNOWN = 1.0, 0.5, 1.0

#: Words that say nothing about what a thing is; where it is, is not the detector's job.
_IGNORED = frozenset(
    re.findall(
        r"\w+",
        "a an the of and or in on at to from by with near next beside behind front left right top bottom middle center "
        "centre above below under over between inside outside closest nearest far this that it its object item thing "
        "floor table small large big",
    )
)


@dataclass(frozen=True, kw_only=True)
class Word:
    """What the detector knows of a category.

    Attributes:
        names: words and phrases that name it; every word of a prompt that occurs here counts fully.
        kinds: words for its shape or class, which other things share.
        colours: colour words.
        size: typical length, width and height, m, from which the detector judges how much of it is visible.
        look_alikes: categories it is sometimes taken for.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    size: tuple[float, float, float] = (0.08, 0.06, 0.06)
    look_alikes: tuple[str, ...] = ()


_CAN = ("can", "tin", "canned", "food", "grocery")
_CARTON = ("carton", "box", "drink", "beverage", "grocery")
_BOTTLE = ("bottle", "condiment", "grocery")
_BOX = ("box", "package", "packet", "pack", "block", "grocery")

VOCABULARY: dict[str, Word] = {
    "alphabet_soup": Word(
        names=("alphabet soup", "soup"),
        kinds=_CAN,
        colours=("red", "white"),
        size=(0.062, 0.062, 0.076),
        look_alikes=("tomato_sauce",),
    ),
    "tomato_sauce": Word(
        names=("tomato sauce", "pasta sauce", "passata"),
        kinds=_CAN,
        colours=("red", "green"),
        size=(0.062, 0.062, 0.076),
        look_alikes=("alphabet_soup",),
    ),
    "cream_cheese": Word(
        names=("cream cheese", "cheese"),
        kinds=_BOX,
        colours=("white", "blue", "silver"),
        size=(0.081, 0.043, 0.018),
        look_alikes=("butter", "chocolate_pudding"),
    ),
    "butter": Word(
        names=("butter", "stick butter"),
        kinds=_BOX,
        colours=("yellow", "white"),
        size=(0.076, 0.040, 0.017),
        look_alikes=("cream_cheese", "chocolate_pudding"),
    ),
    "chocolate_pudding": Word(
        names=("chocolate pudding", "pudding", "chocolate", "dessert"),
        kinds=_BOX,
        colours=("brown",),
        size=(0.080, 0.046, 0.027),
        look_alikes=("butter", "cream_cheese"),
    ),
    "milk": Word(
        names=("milk",),
        kinds=_CARTON,
        colours=("white", "blue"),
        size=(0.053, 0.053, 0.131),
        look_alikes=("orange_juice",),
    ),
    "orange_juice": Word(
        names=("orange juice", "juice", "oj"),
        kinds=_CARTON,
        colours=("orange", "white"),
        size=(0.053, 0.053, 0.131),
        look_alikes=("milk",),
    ),
    "ketchup": Word(
        names=("ketchup", "catsup", "tomato ketchup"),
        kinds=_BOTTLE,
        colours=("red",),
        size=(0.056, 0.037, 0.146),
        look_alikes=("bbq_sauce", "salad_dressing"),
    ),
    "bbq_sauce": Word(
        names=("bbq sauce", "barbecue sauce", "barbeque sauce"),
        kinds=_BOTTLE,
        colours=("brown", "black", "red"),
        size=(0.047, 0.029, 0.107),
        look_alikes=("ketchup", "salad_dressing"),
    ),
    "salad_dressing": Word(
        names=("salad dressing", "dressing", "vinaigrette"),
        kinds=_BOTTLE,
        colours=("green", "yellow", "white"),
        size=(0.053, 0.036, 0.146),
        look_alikes=("ketchup", "bbq_sauce"),
    ),
    "basket": Word(
        names=("basket", "wicker basket", "hamper"),
        kinds=("container", "bin"),
        colours=("brown", "beige"),
        size=(0.157, 0.170, 0.142),
    ),
}


def tokens(text: str) -> frozenset[str]:
    """The words of a text that can describe a thing: lower case, singular, without articles and places."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("_", " "))
    singular = (
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )
    return frozenset(word for word in singular if word not in _IGNORED)


@lru_cache(maxsize=4096)
def word_of(category: str) -> Word:
    """What is known of a category; one that is not in :data:`VOCABULARY` is known by the words of its name."""
    return VOCABULARY.get(category) or Word(names=(category.replace("_", " "),))


@lru_cache(maxsize=65536)
def similarity(prompt: str, category: str) -> float:
    """How well a prompt describes a category, 0 to 1: the weight of its words that the category explains.

    A phrase that names the category exactly is 1. A prompt whose words are only class or colour words can be 1 for
    several categories: then the detector is in doubt between them.
    """
    asked, word = tokens(prompt), word_of(category)
    if not asked or not category:
        return 0.0
    names = frozenset().union(*(tokens(name) for name in word.names))
    common = frozenset().union(*(tokens(name) for name in (*word.kinds, *word.colours))) - names
    explained, total = 0.0, 0.0
    for token in asked:
        if token in names or token in common:
            weight = _WEIGHT_NAME if token in names else _WEIGHT_COMMON
            explained += weight
        else:
            weight = _WEIGHT_COMMON if token in _COMMON else _WEIGHT_UNKNOWN
        total += weight
    return explained / total


_COMMON = frozenset().union(
    *(tokens(name) for word in VOCABULARY.values() for name in (*word.kinds, *word.colours))
) - frozenset().union(*(tokens(name) for word in VOCABULARY.values() for name in word.names))
