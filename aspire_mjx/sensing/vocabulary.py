"""How well the words of a prompt describe an object category."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from aspire_mjx.sensing.words import VOCABULARY, word_of

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
