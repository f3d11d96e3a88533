"""How fast a lane works, by the kind of work: measured where values differ between lanes, which takes longest."""

from __future__ import annotations

from typing import NamedTuple

from aspire_mjx.language.vocabulary import word_set


class Rate(NamedTuple):
    """How many elements are worked on in the time of one instruction: of arrays, and of lists and other containers."""

    array: int
    items: float


COPIED = Rate(256, 16)  #: read or written once: sums, copies, comparisons, arithmetic, masks
SORTED = Rate(16, 0.3)
COMPUTED = Rate(32, 2)  #: sorted, searched, drawn, exponentials, remainders; arrays made of lists
COMPARED = Rate(256, 0.4)  #: with one another
PICKED = Rate(64, 16)  #: by lists, arrays or masks
WRITTEN = Rate(256, 0.5)  #: turned into text
LISTED = Rate(256, 4)  #: texts, and keys of dicts
SPLIT = Rate(256, 0.3)  #: texts, into lists of them
TAKEN_APART = Rate(1, 1)  #: arrays that differ between lanes: every element becomes a value
CLOUDS = Rate(2, 1)  #: nearest neighbours of every point

SPLITTING = word_set("split rsplit splitlines")
ORDERING = word_set("sorted sort _arranged argsort lexsort unique")
#: functions and methods that go through lists, and how many items they take in the time of one instruction
_ONE_BY_ONE = {
    **{"sum": 0.2, "any": 0.4, "all": 0.4, "set": 0.5, "fromkeys": 0.8, "dict.fromkeys": 0.8, "update": 0.8},
    **{"count": 0.8, "index": 0.8, "remove": 0.8, "join": 0.6},
}
#: methods that copy what they belong to, or shift its elements
_COPYING = word_set("list tuple copy pop insert extend update reverse")
#: functions and methods of arrays that read or write each number once
_SIMPLE = word_set(
    "sum any all mean min max amin amax std var ptp copy astype ravel flatten reshape asarray array abs absolute add "
    "subtract multiply divide true_divide negative sign sqrt square minimum maximum isfinite isnan isinf logical_and "
    "logical_or logical_xor logical_not greater greater_equal less less_equal equal not_equal where clip stack vstack "
    "hstack dstack column_stack concatenate append zeros ones full empty zeros_like ones_like full_like empty_like "
    "eye arange linspace nonzero flatnonzero argwhere count_nonzero argmin argmax transpose squeeze expand_dims tile "
    "repeat flip fliplr flipud floor ceil rint round around diff average array_equal broadcast_to meshgrid outer shape"
)


def rate_of(name: str) -> Rate:
    """How fast a function or method of that name works."""
    if name in ORDERING:
        return SORTED
    if name in _ONE_BY_ONE:
        return Rate(COPIED.array, _ONE_BY_ONE[name])
    return COPIED if name in _COPYING else Rate(COPIED.array, COMPARED.items) if name in _SIMPLE else COMPUTED
