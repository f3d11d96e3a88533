"""numpy's types of numbers as programs name them, and what programs can ask about them."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np

_LONGEST = 20  #: characters of a text that names a type
_NUMBERS = "numbers: bool, int, float, or one of numpy's types such as np.uint8, 'float32' or np.dtype('int16')"
#: what programs can read of types and of their limits
_MEMBERS: dict[type, frozenset[str]] = {
    np.dtype: frozenset({"name", "kind", "char", "str", "itemsize"}),
    np.iinfo: frozenset({"min", "max", "bits", "dtype"}),
    np.finfo: frozenset({"min", "max", "eps", "tiny", "resolution", "precision", "bits", "dtype"}),
}
DTYPE_MEMBERS = frozenset[str]().union(*_MEMBERS.values())


def members_of(value: Any) -> frozenset[str]:
    """What programs can read of a value, if it is a dtype or its limits; nothing of anything else."""
    return next((names for kind, names in _MEMBERS.items() if isinstance(value, kind)), frozenset())


def number_dtype(spec: Any) -> np.dtype:
    """The type of elements that a program means by a type, a text or a dtype.

    Raises:
        TypeError: it is no type of numbers that fits a machine word: text, records, objects, times, complex numbers,
            other byte orders, ``np.longdouble``.
    """
    if isinstance(spec, str) and len(spec) > _LONGEST:
        raise TypeError(f"dtype must be a type of {_NUMBERS}, not a text of {len(spec)} characters")
    found = None
    if spec is None or isinstance(spec, (str, type, np.dtype)):
        with suppress(TypeError, ValueError, SyntaxError):
            found = np.dtype(spec)
    if found is not None and found.kind == "c":
        raise TypeError(f"dtype must be a type of {_NUMBERS}; complex numbers are not available to programs")
    if found is None or found.kind not in "fiub" or found.itemsize > 8 or not found.isnative:
        raise TypeError(f"dtype must be a type of {_NUMBERS}, not {_written(spec)}")
    return found


def _written(spec: Any) -> str:
    if isinstance(spec, (str, np.dtype)):
        return repr(str(spec))
    return spec.__name__ if isinstance(spec, type) else f"a {type(spec).__name__}"


def _guard_kind(kind: Any) -> None:
    """Refuse what is neither a type of numbers nor one of numpy's families of them, such as ``np.integer``."""
    if not (isinstance(kind, type) and issubclass(kind, np.generic)):
        number_dtype(kind)


def dtype(dtype: Any) -> np.dtype:
    """``np.dtype``."""
    return number_dtype(dtype)


def iinfo(type: Any) -> np.iinfo:
    """``np.iinfo`` of a type (not of a value)."""
    return _limits(np.iinfo, number_dtype(type))


def finfo(dtype: Any) -> np.finfo:
    """``np.finfo`` of a type (not of a value)."""
    return _limits(np.finfo, number_dtype(dtype))


@cache
def _limits(what: Any, kind: np.dtype) -> Any:
    """The one object that tells the limits of a type: strands can be joined that hold the same."""
    return what(kind)


def issubdtype(arg1: Any, arg2: Any) -> bool:
    """``np.issubdtype``."""
    for kind in (arg1, arg2):
        _guard_kind(kind)
    return np.issubdtype(arg1, arg2)


def can_cast(from_: Any, to: Any) -> bool:
    """``np.can_cast``, safely."""
    return np.can_cast(from_ if isinstance(from_, (np.ndarray, np.generic)) else number_dtype(from_), number_dtype(to))


def result_type(*arrays_and_dtypes: Any) -> np.dtype:
    """``np.result_type``."""
    for value in arrays_and_dtypes:
        if isinstance(value, (str, type, np.dtype)) or value is None:
            number_dtype(value)
    return number_dtype(np.result_type(*arrays_and_dtypes))


def promote_types(type1: Any, type2: Any) -> np.dtype:
    """``np.promote_types``."""
    return np.promote_types(number_dtype(type1), number_dtype(type2))
