"""Words for sizes: which of several things "the tall one" or "the small one" is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from aspire_mjx.sensing.phrase import parse
from aspire_mjx.sensing.vocabulary import word_of
from aspire_mjx.sensing.words import PROPERTIES

_OTHER, _LEAST = 0.8, 0.7  # factors on the similarities of a thing that has a little less of it, and least of all
_ALIKE = 0.05  # share of the largest, by which things differ that are of one size
#: Of a thing's length, width and height ``[K, 3]``, m: what a word means much of.
_MEASURES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "large": lambda size: size.prod(axis=1),
    "small": lambda size: -size.prod(axis=1),
    "tall": lambda size: size[:, 2],
    "deep": lambda size: size[:, 2],
    "short": lambda size: -size[:, 2],
    "shallow": lambda size: -size[:, 2],
    "long": lambda size: size.max(axis=1),
    "wide": lambda size: size[:, :2].max(axis=1),
    "narrow": lambda size: -size[:, :2].min(axis=1),
    "thick": lambda size: size.min(axis=1),
    "thin": lambda size: -size.min(axis=1),
}


def size_grades(prompt: str, names: Sequence[str], fits: np.ndarray) -> np.ndarray:
    """Factors ``[I]`` on the similarities of things of those categories: 1 for what fits the words for sizes best.

    Args:
        prompt: what is looked for.
        names: ``I`` categories.
        fits: ``[I]`` bool, whether they are what the prompt means apart from their sizes; the others have 1.
    """
    grades = np.ones(len(names))
    asked = [PROPERTIES[word].value for word in parse(prompt).said if word in PROPERTIES]
    sizes = np.array([word_of(name).size for name in names])[fits]
    for measure in (_MEASURES[value] for value in asked if value in _MEASURES):
        much = measure(sizes)
        span = np.ptp(much) if len(much) else 0.0
        less = much.max(initial=-np.inf) - much
        other = _LEAST + (_OTHER - _LEAST) * (1.0 - less / max(span, 1e-9))
        grades[fits] *= np.where(less > _ALIKE * np.abs(much).max(initial=0.0), other, 1.0)
    return grades
