"""Operators on values: vectorised where that gives what each lane alone would get, lane by lane otherwise."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from aspire_mjx.language.guards import guard_arithmetic, guard_comparison, guard_search
from aspire_mjx.language.limits import check_result, guard_tree, guarded_key, limits, refuse_items
from aspire_mjx.language.types import shown
from aspire_mjx.machine.gather import identical
from aspire_mjx.machine.indexing import agreed, items_of, overwrite, type_name
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.results_view import single_value, unpacked
from aspire_mjx.machine.rules.operands import align, beside, exact, is_numeric, number_of
from aspire_mjx.machine.rules.ragged import elementwise
from aspire_mjx.machine.rules.random import is_stream
from aspire_mjx.machine.structure import first_lane, is_varying
from aspire_mjx.machine.values import (
    Builtin,
    Partition,
    Promote,
    Varying,
    VaryingResult,
    fresh,
    is_array,
    is_iterator,
)
from aspire_mjx.status import Status

#: rows and columns of a matrix; a linear algebra library may treat larger ones in several threads
LARGEST = 16
Operator = Callable[[Any, Any], Any]
_NAMES = {
    **{"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul"},
    **{"<<": "lshift", ">>": "rshift", "&": "and_", "|": "or_", "^": "xor"},
}


def _modulo(a: Any, b: Any) -> Any:
    plain, written = a % b, shown(b) if isinstance(a, str) else b
    return plain if written is b else a % written


BINARY: dict[str, Operator] = {**{op: getattr(operator, name) for op, name in _NAMES.items()}, "%": _modulo}
_IN_PLACE: dict[str, Operator] = {op: getattr(operator, f"i{name.strip('_')}") for op, name in _NAMES.items()}
COMPARE: dict[str, Operator] = {
    **{"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge},
    **{"in": lambda a, b: a in b, "not in": lambda a, b: a not in b},
}
_UNARY: dict[str, Callable[[Any], Any]] = {"-": operator.neg, "+": operator.pos, "~": operator.invert}
_UFUNCS: dict[str, np.ufunc] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide}
_VECTORISED: dict[str, np.ufunc] = {
    **_UFUNCS,
    **{"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal},
    **{"&": np.bitwise_and, "|": np.bitwise_or},
}


def binary(op: str, a: Any, b: Any, n: int, operators: Mapping[str, Operator] = BINARY) -> Any:
    """``a op b`` over n lanes; with the operators for ``a op= b``, which name themselves so in errors."""
    a, b = single_value(a), single_value(b)
    if op == "*":
        a, b = _times(a, b, n), _times(b, a, n)
    if type(a) in (Varying, Ragged) or type(b) in (Varying, Ragged):
        value = _at_once(op, a, b)
        if value is not None:
            return value
    else:
        joined = op == "+" and type(a) is type(b) and type(a) in (list, tuple)
        repeated = op == "*" and {type(a), type(b)} in ({list, int}, {tuple, int})
        if joined or repeated or (not is_varying(a) and not is_varying(b)):
            return _plain_binary(op, a, b, operators)
    return lane_map(lambda x, y: _plain_binary(op, x, y, operators), (a, b), n)


def _times(value: Any, other: Any, n: int) -> Any:
    """How often a list or tuple is repeated is one number: lists of different lengths are different structures."""
    counts = type(value) is Varying and value.python and value.array.dtype.kind in "ib"
    return agreed(value, n) if counts and type(other) in (list, tuple) else value


def _plain_binary(op: str, a: Any, b: Any, operators: Mapping[str, Operator]) -> Any:
    if is_iterator(a) or is_iterator(b):  # Python has no operators for them, and says so
        a, b = (type(type_name(x), (), {})() if is_iterator(x) else x for x in (a, b))
    guard_arithmetic(op, a, b)
    return check_result(operators[op](a, b))


def _at_once(op: str, a: Any, b: Any) -> Varying | Ragged | None:
    """``a op b`` by one call of numpy for all lanes; None where every lane has to do it."""
    a, b = number_of(a), number_of(b)
    if type(a) is Ragged or type(b) is Ragged:
        return elementwise(_VECTORISED.get(op), (a, b))
    if op == "@":
        return row_product(a, b)
    if op == "**" and is_array(a) and a.array.dtype == np.float64 and type(b) is int and b == 2:
        return fresh(np.square(a.array))
    aligned = align(a, b) if op in _VECTORISED else None
    return None if aligned is None or (aligned[2] and op in "&|") else _vectorised(op, *aligned)


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
    if np.ndim(x) > 1 and np.ndim(y) > 1 and x.size * y.size > limits().elements:
        guard_arithmetic(op, x[0] if len(x) > 1 else x, y[0] if len(y) > 1 else y)
    try:
        value = _VECTORISED[op](x, y)
    except Exception:
        return None  # lane by lane, so that the error speaks of the shapes of one lane
    check_result(value[0])
    return fresh(value, python)


def row_product(a: Any, b: Any) -> Varying | None:
    """``a @ b`` of float64 vectors and matrices, of which at least one is varying; None where that does not apply.

    numpy treats each matrix of a stack as it would treat it alone.
    """
    operands = []
    for value in (a, b):
        varying = type(value) is Varying
        array = value.array if varying else value
        if not isinstance(array, np.ndarray) or array.dtype != np.float64 or array.ndim - varying not in (1, 2):
            return None
        if max(array.shape[varying:]) > LARGEST or min(array.shape) == 0:
            return None
        operands.append((array, array.ndim - varying))
    (x, first), (y, second) = operands
    if x.shape[-1] != y.shape[-second]:
        return None
    if first == second == 1:
        return Varying(np.vecdot(x, y))
    x = x[..., None, :] if first == 1 else x
    y = y[..., None] if second == 1 else y
    value = x @ y
    return fresh(value[..., 0, :] if first == 1 else value[..., 0] if second == 1 else value)


def compare(op: str, a: Any, b: Any, n: int) -> Any:
    """``a op b`` for comparisons, identity and membership."""
    if op in ("is", "is not"):
        same = _is(a, b, n)
        return Varying(same == (op == "is"), True) if isinstance(same, np.ndarray) else same == (op == "is")
    if a is None or b is None:
        other = b if a is None else a
        array = isinstance(other, (np.ndarray, Ragged)) or (type(other) is Varying and not other.python)
        if op in ("==", "!=") and not array:
            return (other is None) == (op == "==")
    elif op in _VECTORISED:
        ragged = type(a) is Ragged or type(b) is Ragged
        if ragged or type(a) is Varying or type(b) is Varying:
            value = _at_once(op, single_value(a), single_value(b)) if ragged else _at_once(op, a, b)
            if value is not None:
                return value
    if op in ("<", "<=", ">", ">="):
        a, b = single_value(a), single_value(b)
    elif op in ("in", "not in") and type(b) is VaryingResult:
        b = unpacked(b)
    if op in ("in", "not in") and type(a) is Builtin and type(b) is list:
        b = tuple(b)
    if op in ("in", "not in") and type(b) in (dict, set):
        keys = b
        return lane_map(lambda key: COMPARE[op](guarded_key(key), keys), (a,), n)
    return lane_map(lambda x, y: _plain_compare(op, x, y), (a, b), n)


def _is(a: Any, b: Any, n: int) -> bool | np.ndarray:
    if type(a) is type(b) and (type(a) in (tuple, VaryingResult, Ragged) or is_array(a)):
        return identical(a, b, n)
    if type(a) is Varying and a.python and a.array.dtype == np.bool_ and type(b) is bool:
        return a.array == b
    if is_stream(a) and is_stream(b):
        return a.array == b.array
    return a is b or (type(a) is type(b) is bool and a == b)


def _plain_compare(op: str, a: Any, b: Any) -> Any:
    if op in ("in", "not in"):
        if isinstance(b, range) and not isinstance(a, int):
            refuse_items("the sequence", len(b))  # Python would go through it
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
    if type(value) is VaryingResult:
        return value.results.status == Status.OK
    if type(value) in (Varying, Ragged):
        single = is_numeric(value) and value.array.ndim == 1
        return value.array != 0 if single else lane_map(bool, (value,), n).array
    return bool(value)


def in_place(op: str, a: Any, b: Any, n: int) -> Any:
    """``a op= b``: changes lists, sets, dicts and arrays themselves; gives the new value."""
    b = single_value(b)
    if is_array(a) or type(a) is Ragged:
        return _array_in_place(op, a, b, n)
    if type(a) is np.ndarray:
        if is_varying(b):
            if n > 1:
                raise Promote(a)
            b = first_lane(b)
    elif isinstance(a, (list, dict, set)):
        if isinstance(b, (np.ndarray, np.generic, Ragged)) or (type(b) is Varying and not b.python):
            return binary(op, a, b, n)  # numpy adds before a list would extend itself
        if type(a) is list and op == "+":
            b = list(items_of(b, n))
        elif not isinstance(b, dict):
            b = agreed(b, n)
        if type(a) is dict and type(b) in (list, tuple):
            guard_tree(b)  # pairs, whose first ones are hashed
    else:
        return binary(op, a, b, n, _IN_PLACE)
    guard_arithmetic(op, a, b)
    return check_result(_IN_PLACE[op](a, b))


def _array_in_place(op: str, a: Varying | Ragged, b: Any, n: int) -> Varying | Ragged:
    def changed(x: np.ndarray, y: Any) -> np.ndarray:
        guard_arithmetic(op, x, y)
        return _IN_PLACE[op](x.copy(), y)

    if type(a) is Varying:
        array = a.writable().array
        operand = beside(b, n, array) if op in _UFUNCS else None
        if operand is not None:
            try:
                _UFUNCS[op](array, operand, out=array)
                return a
            except Exception:
                pass  # lane by lane, so that the error speaks of the shapes of one lane
    overwrite(a, changed, (b,), n)
    return a
