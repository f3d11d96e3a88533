"""Operators on values: vectorised where that gives what each lane alone would get, lane by lane otherwise."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from aspire_mjx.language.guards import guard_arithmetic, guard_comparison, guard_search
from aspire_mjx.language.limits import MAX_ITEMS, check_result, guard_tree, refuse_size
from aspire_mjx.language.random import Stream
from aspire_mjx.machine.gather import identical
from aspire_mjx.machine.indexing import items_of, raise_partition, type_name
from aspire_mjx.machine.iterators import is_iterator
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.results_view import single_value, unpacked
from aspire_mjx.machine.rules.linear import row_product
from aspire_mjx.machine.rules.operands import align, exact
from aspire_mjx.machine.rules.ragged import elementwise
from aspire_mjx.machine.structure import columns, is_varying
from aspire_mjx.machine.values import Partition, Promote, Varying, VaryingResult, fresh
from aspire_mjx.status import Status

Operator = Callable[[Any, Any], Any]
BINARY: dict[str, Operator] = {
    **{"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv},
    **{"%": operator.mod, "**": operator.pow, "@": operator.matmul, "<<": operator.lshift, ">>": operator.rshift},
    **{"&": operator.and_, "|": operator.or_, "^": operator.xor},
}
COMPARE: dict[str, Operator] = {
    **{"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge},
    **{"in": lambda a, b: a in b, "not in": lambda a, b: a not in b},
}
_UNARY: dict[str, Callable[[Any], Any]] = {
    **{"-": operator.neg, "+": operator.pos, "~": operator.invert, "not": operator.not_}
}
_IN_PLACE = {
    "+": operator.iadd,
    "-": operator.isub,
    "*": operator.imul,
    "/": operator.itruediv,
    "//": operator.ifloordiv,
    "%": operator.imod,
    "**": operator.ipow,
    "@": operator.imatmul,
    "&": operator.iand,
    "|": operator.ior,
    "^": operator.ixor,
    "<<": operator.ilshift,
    ">>": operator.irshift,
}
_SEQUENCES = (list, tuple, str, dict, set)


def binary(op: str, a: Any, b: Any, n: int, operators: Mapping[str, Operator] = BINARY) -> Any:
    """``a op b`` over n lanes; with the operators for ``a op= b``, which name themselves so in errors."""
    a, b = single_value(a), single_value(b)
    if type(a) is Ragged or type(b) is Ragged:
        value = elementwise(_VECTORISED.get(op), (a, b))
        if value is not None:
            return value
    elif type(a) is not Varying and type(b) is not Varying:
        joined = op == "+" and type(a) is type(b) and type(a) in (list, tuple)
        repeated = op == "*" and {type(a), type(b)} in ({list, int}, {tuple, int})
        if joined or repeated or (not is_varying(a) and not is_varying(b)):
            return _plain_binary(op, a, b, operators)
    elif op == "@":
        value = row_product(a, b)
        if value is not None:
            return value
    elif (
        op == "**"
        and type(a) is Varying
        and a.array.ndim > 1
        and a.array.dtype == np.float64
        and type(b) is int
        and b == 2
    ):
        return fresh(np.square(a.array))
    elif op in _VECTORISED:
        aligned = align(a, b)
        if aligned is not None and (op in ("+", "-", "*", "/") or not aligned[2]):
            value = _vectorised(op, *aligned)
            if value is not None:
                return value
    return lane_map(lambda x, y: _plain_binary(op, x, y, operators), (a, b), n)


def _plain_binary(op: str, a: Any, b: Any, operators: Mapping[str, Operator]) -> Any:
    if is_iterator(a) or is_iterator(b):
        sign, kinds = op if operators is BINARY else f"{op}=", f"{type_name(a)!r} and {type_name(b)!r}"
        raise TypeError(f"unsupported operand type(s) for {sign}: {kinds}")
    guard_arithmetic(op, a, b)
    return check_result(operators[op](a, b))


_UFUNCS: dict[str, np.ufunc] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide}
_VECTORISED: dict[str, Callable[[Any, Any], Any]] = {
    **_UFUNCS,
    **{"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal},
    **{"&": np.bitwise_and, "|": np.bitwise_or},
}


def _vectorised(op: str, x: Any, y: Any, python: bool) -> Varying | None:
    if python:
        if op == "/" and not np.all(y):
            zero = np.asarray(y) == 0
            if zero.ndim and not zero.all():
                raise Partition(zero)
            return None
        if op in ("+", "-", "*", "/"):
            x, y = exact(x), exact(y)
            if x is None or y is None:
                return None
    if np.ndim(x) > 1 and np.ndim(y) > 1 and x.size * y.size > MAX_ITEMS:
        guard_arithmetic(op, x[0] if len(x) > 1 else x, y[0] if len(y) > 1 else y)
    try:
        value = _VECTORISED[op](x, y)
    except Exception:
        return None  # lane by lane, so that the error speaks of the shapes of one lane
    check_result(value[0])
    return fresh(value, python)


def compare(op: str, a: Any, b: Any, n: int) -> Any:
    """``a op b`` for comparisons, identity and membership."""
    if op in ("is", "is not"):
        if type(a) is type(b) and (
            type(a) in (tuple, VaryingResult, Ragged) or (type(a) is Varying and a.array.ndim > 1)
        ):
            same = identical(a, b, n)
            return Varying(same == (op == "is"), True) if isinstance(same, np.ndarray) else same == (op == "is")
        same = a is b or (type(a) is bool and type(b) is bool and a == b)
        if type(a) is Varying and a.python and a.array.dtype == np.bool_ and type(b) is bool:
            return Varying(a.array == (b == (op == "is")), True)
        if type(a) is Varying and type(b) is Varying and type(a.array[0]) is type(b.array[0]) is Stream:
            return Varying((a.array == b.array) == (op == "is"), True)
        return same == (op == "is")
    if a is None or b is None:
        other = b if a is None else a
        array = isinstance(other, (np.ndarray, Ragged)) or (type(other) is Varying and not other.python)
        if op in ("==", "!=") and not array:
            return (other is None) == (op == "==")
    elif (type(a) is Ragged or type(b) is Ragged) and op in _VECTORISED:
        value = elementwise(_VECTORISED[op], (single_value(a), single_value(b)))
        if value is not None:
            return value
    elif (type(a) is Varying or type(b) is Varying) and op in _VECTORISED:
        aligned = align(a, b)
        if aligned is not None:
            value = _vectorised(op, *aligned)
            if value is not None:
                return value
    if op in ("<", "<=", ">", ">="):
        a, b = single_value(a), single_value(b)
    elif op in ("in", "not in") and type(b) is VaryingResult:
        b = unpacked(b)
    if op in ("in", "not in") and type(b) in (dict, set):
        keys = b
        return lane_map(lambda key: COMPARE[op](_key(key), keys), (a,), n)
    return lane_map(lambda x, y: _plain_compare(op, x, y), (a, b), n)


def _key(key: Any) -> Any:
    if isinstance(key, tuple):
        guard_tree(key)
    return key


def _plain_compare(op: str, a: Any, b: Any) -> Any:
    if op in ("in", "not in"):
        if isinstance(b, range) and not isinstance(a, int):
            refuse_size("the sequence", len(b), MAX_ITEMS)  # Python would go through it
        elif isinstance(b, str):
            guard_search(b, a)
    guard_comparison(a, b)
    return COMPARE[op](a, b)


def unary(op: str, value: Any, n: int) -> Any:
    """``op value``."""
    if op == "not":
        condition = truth(value, n)
        return Varying(~condition, True) if isinstance(condition, np.ndarray) else not condition
    value = single_value(value)
    if type(value) is Varying and value.array.dtype in (np.float64, np.int64) and op in "+-":
        return fresh(_UNARY[op](value.array), value.python)
    if type(value) is Ragged and op in "-~":
        answer = elementwise(np.negative if op == "-" else np.invert, (value,))
        if answer is not None:
            return answer
    return lane_map(_UNARY[op], (value,), n)


def truth(value: Any, n: int) -> bool | np.ndarray:
    """Truth of a value: one bool, or ``[N]`` bools where lanes may differ."""
    kind = type(value)
    if kind is Varying:
        array = value.array
        if array.ndim == 1 and array.dtype != object:
            return array != 0
        answer = lane_map(bool, (value,), n)
        return answer.array
    if kind is Ragged:
        return lane_map(bool, (value,), n).array
    if kind is VaryingResult:
        return value.results.status == Status.OK
    if kind in (list, tuple, dict, set, str):
        return bool(value)
    return bool(value)


def in_place(op: str, a: Any, b: Any, n: int) -> Any:
    """``a op= b``: changes lists, sets, dicts and arrays themselves; gives the new value."""
    b = single_value(b)
    if type(a) is np.ndarray:
        if is_varying(b):
            raise Promote(a)
        guard_arithmetic(op, a, b)
    elif type(a) is Varying and a.array.ndim > 1:
        return _array_in_place(op, a, b, n)
    elif type(a) is Ragged:
        return _ragged_in_place(op, a, b, n)
    elif isinstance(a, _SEQUENCES) and not isinstance(a, (str, tuple)):
        if isinstance(b, (np.ndarray, np.generic, Ragged)) or (type(b) is Varying and not b.python):
            return binary(op, a, b, n)  # numpy adds before a list would extend itself
        if type(a) is list and op == "+":
            b = list(items_of(b, n))
        elif is_varying(b) and not isinstance(b, dict):
            raise_partition(b, n)
            b = columns(b, n)[0]
        guard_arithmetic(op, a, b)
        if type(a) is dict and type(b) in (list, tuple):
            guard_tree(b)  # pairs, whose first ones are hashed
    else:
        return binary(op, a, b, n, _IN_PLACE)
    return check_result(_IN_PLACE[op](a, b))


def _array_in_place(op: str, a: Varying, b: Any, n: int) -> Varying:
    def changed(x: np.ndarray, y: Any) -> np.ndarray:
        return _IN_PLACE[op](x.copy(), y)

    aligned = align(a, b)
    if aligned is not None and aligned[0].ndim == a.array.ndim and op in ("+", "-", "*", "/"):
        try:
            _UFUNCS[op](a.writable().array, aligned[1], out=a.array)
            return a
        except Exception:
            pass  # lane by lane, so that the error speaks of the shapes of one lane
    a.writable().array[...] = lane_map(changed, (a, b), n).array
    return a


def _ragged_in_place(op: str, a: Ragged, b: Any, n: int) -> Ragged:
    def tried(x: np.ndarray, y: Any) -> np.ndarray:
        guard_arithmetic(op, x, y)
        return _IN_PLACE[op](x.copy(), y)

    for array, value in zip(a.arrays, columns(lane_map(tried, (a, b), n), n), strict=True):
        array[...] = value
    return a
