"""Operands of vectorised rules: numbers and arrays of all lanes as arrays with the lane axis first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

import numpy as np

from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.values import Varying, fresh, is_array

_FLOAT = np.dtype(np.float64)
#: the types to which numpy takes Python's own numbers
_LARGEST = frozenset({_FLOAT, np.dtype(np.int64), np.dtype(np.bool_)})
_EXACT_INT = 2**31  #: below this size, varying integers stay exact under + - *
#: What a rule makes of an argument: gets it, the number of lanes and the rule's first operand; None: it is refused.
Coercion = Callable[[Any, int, Any], Any]


class Rule:
    """A function of numpy for all lanes at once: a formula over operands that it need not check.

    Attributes:
        formula: gives ``[N, ...]`` from the operands, or a value of the machine, or None where it does not apply.
        operands: what is made of each argument that must be given.
        options: what is made of each argument that may be left out, by its name, and its default.
    """

    def __init__(self, formula: Callable[..., Any], *operands: Coercion, **options: tuple[Coercion, Any]) -> None:
        self.formula, self.operands, self.options = formula, operands, options

    def __call__(self, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
        """The value over n lanes; None when each lane has to call the function for itself."""
        required = len(self.operands)
        given = dict(zip(self.options, args[required:], strict=False))
        if (
            not required <= len(args) <= required + len(given)
            or not kwargs.keys() <= self.options.keys() - given.keys()
        ):
            return None
        given.update(kwargs)
        arguments = list(zip(self.operands, args, strict=False))
        arguments += [(coerce, given.get(name, default)) for name, (coerce, default) in self.options.items()]
        taken: list[Any] = []
        for coerce, value in arguments:
            operand = coerce(value, n, taken[0] if taken else None)
            if operand is None:
                return None
            taken.append(operand)
        try:
            found = self.formula(*taken)
        except ValueError:
            return None  # every lane raises it for itself
        return fresh(found) if isinstance(found, np.ndarray) else found


def given(value: Any, n: int, first: Any) -> Any:
    """The argument as it is."""
    return value


def uniform(*types: type) -> Coercion:
    """A plain value of one of these types."""
    return lambda value, n, first: value if type(value) in types else None


def varying(*dtypes: type, axes: int = 0) -> Coercion:
    """``[N, ...]`` from varying numbers of one of these types (any, if none is named) with so many axes at least."""
    return lambda value, n, first: (
        value.array
        if is_numeric(value) and value.array.ndim > axes and (not dtypes or value.array.dtype in dtypes)
        else None
    )


def either(*coercions: Coercion) -> Coercion:
    """What the first coercion that does not refuse gives."""

    def first_of(value: Any, n: int, first: Any) -> Any:
        return next((found for each in coercions if (found := each(value, n, first)) is not None), None)

    return first_of


def beside(value: Any, n: int, first: np.ndarray) -> Any:
    """A number or array that broadcasts against ``first`` ``[N, ...]`` in every lane, without more axes than that."""
    aligned = align(Varying(first), value)
    return None if aligned is None or aligned[0].ndim != first.ndim else aligned[1]


def aligned_with(value: Any, n: int, first: Any) -> tuple[Any, Any, bool] | None:
    """Two operands of which either may be varying."""
    return align(first, value)


def number_of(value: Any) -> Any:
    """An array without axes in each lane as the number that it holds, any other value as it is."""
    return Varying(np.array(value.arrays)) if type(value) is Ragged and not value.ndim else value


def align(a: Any, b: Any) -> tuple[Any, Any, bool] | None:
    """Numeric operands with the lane axis first and equal numbers of axes behind it; whether both are Python scalars.

    None when an operand is not numeric.
    """
    arrays, python = [], True
    for value in (a, b):
        if type(value) is Varying:
            if value.array.dtype == object:
                return None
            arrays.append(value.array)
            python = python and value.python
        elif type(value) in (int, float, bool):
            if type(value) is int and abs(value) >= _EXACT_INT:
                return None
            arrays.append(value)
        elif isinstance(value, (np.ndarray, np.generic)):
            arrays.append(value)
            python = False
        else:
            return None
    if not python:
        arrays = [_promoted(x, v, other) for x, v, other in zip(arrays, (a, b), reversed(arrays), strict=True)]
        if any(x is None for x in arrays):
            return None
    axes = [np.ndim(x) - (type(v) is Varying) for x, v in zip(arrays, (a, b), strict=True)]
    most = max(axes)
    for i, value in enumerate((a, b)):
        if type(value) is Varying and axes[i] < most:
            shape = arrays[i].shape
            arrays[i] = arrays[i].reshape(shape[0], *(1,) * (most - axes[i]), *shape[1:])
    return arrays[0], arrays[1], python


def _promoted(x: Any, value: Any, other: Any) -> Any:
    """Numbers of Python's as numpy takes them beside one of its own types: that type wins over their kind of number.

    None where a lane has an integer that the type cannot hold; its array would be of a larger type otherwise.
    """
    if not (type(value) is Varying and value.python and isinstance(other, np.ndarray | np.generic)):
        return x
    if other.dtype in _LARGEST or x.dtype == np.bool_ or (x.dtype == _FLOAT and other.dtype.kind != "f"):
        return x
    if other.dtype.kind == "f":
        return x.astype(np.float64).astype(other.dtype)
    limits = np.iinfo(str(other.dtype))
    return x.astype(other.dtype) if x.size and limits.min <= x.min() and int(x.max()) <= limits.max else None


def exact(x: Any) -> Any:
    """Varying Python numbers as int64 or float64, when integers are small enough to stay exact; else None."""
    if isinstance(x, np.ndarray):
        if x.dtype == np.bool_:
            return x.astype(np.int64)
        if x.dtype == np.int64 and len(x) and (x.max() >= _EXACT_INT or x.min() <= -_EXACT_INT):
            return None
        return x
    return int(x) if type(x) is bool else x


def row(items: Any, n: int) -> np.ndarray | None:
    """``[N, k]`` from a list of k numbers, some of them varying; None when ``np.array`` would not give floats."""
    found = _numbers(items, n)
    return found[0] if found is not None and found[1] else None


def floats(value: Any, n: int, first: Any = None) -> np.ndarray | None:
    """``[N, ...]`` from a varying float64 array, or a nested list of numbers and arrays as ``np.array`` takes it."""
    found = nested_numbers(value, n)
    return found[0] if found is not None and found[1] else None


def nested_numbers(value: Any, n: int) -> tuple[np.ndarray, bool] | None:
    """``[N, ...]`` float64 as :func:`floats` gives it, also of integers alone; whether there is a float among them."""
    if type(value) is Varying:
        return (value.array, True) if value.array.ndim > 1 and value.array.dtype == _FLOAT else None
    if type(value) is np.ndarray:
        usable = value.ndim and value.dtype == _FLOAT
        return (np.broadcast_to(value, (n, *value.shape)), True) if usable else None
    if type(value) not in (list, tuple) or not value:
        return None
    if not any(type(x) in (list, tuple, np.ndarray) or is_array(x) for x in value):
        return _numbers(value, n)
    parts = []
    for item in value:
        part = nested_numbers(item, n)
        if part is None or (parts and part[0].shape != parts[0][0].shape):
            return None
        parts.append(part)
    return np.stack([part[0] for part in parts], axis=1), any(part[1] for part in parts)


def _numbers(items: Sequence[Any], n: int) -> tuple[np.ndarray, bool] | None:
    """``[N, k]`` float64 and whether any of the k numbers is a float rather than an integer."""
    array, floats = np.empty((n, len(items))), False
    for j, item in enumerate(items):
        if type(item) is Varying and item.array.ndim == 1 and item.array.dtype in (np.float64, np.int64):
            array[:, j] = item.array
            floats = floats or item.array.dtype == _FLOAT
        elif isinstance(item, float):
            array[:, j] = item
            floats = True
        elif type(item) is int and abs(item) < 2**53:
            array[:, j] = item
        else:
            return None
    return array, floats


def is_numeric(value: Any) -> TypeGuard[Varying]:
    """Whether a value is a varying number or array."""
    return type(value) is Varying and value.array.dtype != object


def is_nested(value: Any) -> bool:
    """Whether a value is a list or tuple with something varying in it, two levels deep at most."""
    if type(value) not in (list, tuple):
        return False
    if any(type(x) is Varying for x in value):
        return True
    inner = {id(x): x for x in value if type(x) in (list, tuple)}.values()  # one list may be in it many times
    return any(type(y) is Varying for x in inner for y in x)
