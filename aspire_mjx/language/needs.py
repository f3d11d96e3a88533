"""What a call takes: the sizes of values, and the rules that tell what a call needs from the sizes of its arguments."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from aspire_mjx.language.limits import extent, tree_size

PRODUCTS = 500  #: multiplications of a product of matrices in the time of one instruction
DECOMPOSED = 100  #: elements of a matrix times its shorter side, of a decomposition


class Need(NamedTuple):
    """What a call needs.

    Attributes:
        elements: the most elements that an array has which it makes.
        work: instructions in whose time it computes, beyond reading its arguments and writing its result.
    """

    elements: float = 0.0
    work: float = 0.0


def plain(value: Any) -> Any:
    """A number as Python's own; anything else as it is."""
    if isinstance(value, np.generic) or (type(value) is np.ndarray and value.ndim == 0):
        return value.item()
    return value


# sizes ----------------------------------------------------------------------------------------------------------------


def shape(value: Any) -> tuple[int, ...]:
    """The shape of the array that numpy makes of a value."""
    if type(value) is np.ndarray:
        return value.shape
    if not isinstance(value, (list, tuple, range)):
        return ()
    return (len(value), *(shape(value[0]) if value else ()))  # where others differ, numpy refuses


def count(*values: Any) -> float:
    """How many elements values have together; an empty axis counts as one, as results may have its length."""
    return float(sum(extent(v.shape) if type(v) is np.ndarray else tree_size(v) for v in values))


def widest(*values: Any) -> float:
    """The most elements that arrays broadcast to: along each axis the longest counts."""
    shapes = [shape(value) for value in values]
    axes = max(map(len, shapes), default=0)
    return float(math.prod(max(s[-i] if len(s) >= i else 1 for s in shapes) or 1 for i in range(1, axes + 1)))


def requested(value: Any) -> float:
    """How many elements an array of a shape that a program asks for would have; an axis counts as at least one."""
    return float(np.prod(np.maximum(np.asarray(value, dtype=float), 1.0)))


def length_along(value: Any, axis: Any) -> int:
    """The length of the axes that are meant; of all when none is."""
    lengths = shape(value)
    chosen = lengths if axis is None else [lengths[i] for i in (axis if isinstance(axis, (list, tuple)) else [axis])]
    return max(1, math.prod(chosen))


def matrix_sides(value: Any) -> tuple[int, int, int]:
    """Of a stack of matrices: how many, rows and columns (1 for what has none)."""
    sides = (1, 1, *shape(value))
    return extent(shape(value)[:-2]), max(1, sides[-2]), max(1, sides[-1])


# rules ----------------------------------------------------------------------------------------------------------------

Rule = Callable[..., Need]
RULES: dict[str, Rule] = {}
WORKING: set[str] = set()  #: rules that tell of work


def rule(name: str, *, works: bool = False) -> Callable[[Rule], Rule]:
    """Register a rule by name; one that ``works`` tells of work."""

    def register(function: Rule) -> Rule:
        RULES[name] = function
        if works:
            WORKING.add(name)
        return function

    return register
