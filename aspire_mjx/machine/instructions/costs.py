"""The cost model: what executing an instruction counts for, by the size of the values that it works on.

An instruction counts one and takes about a microsecond. What takes longer counts as many as it takes microseconds, or
some more: a call of a library function counts ``_CALL`` or ``_SLOW_CALL``, and the elements that it works on count by
what is done to them (``Rate``). So a budget that counts in this way bounds the time that a lane can take, and is not
spent by work that takes none. What is charged is what the work takes where values differ between lanes, which is
longer, also where they do not: so a lane's budget does not depend on the lanes beside it. ``COSTS`` says what is
charged on top for an instruction's operands, before it is executed, and for its result, after that; ``charge_call`` and
``charge_result`` say so for calls, by what is called. ``python -m experiments.studies --cases=costs`` measures what
every kind of work takes for what it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.language.calls import CALLS, MOST_WORK, Call
from aspire_mjx.language.limits import ATOMS, tree_parts
from aspire_mjx.language.modules import FacadeFunction, RandomFunction
from aspire_mjx.language.rotation import Rotation, count
from aspire_mjx.language.vocabulary import word_set
from aspire_mjx.machine.instructions.rates import (
    CLOUDS,
    COMPARED,
    COMPUTED,
    COPIED,
    LISTED,
    ORDERING,
    PICKED,
    SORTED,
    SPLIT,
    SPLITTING,
    TAKEN_APART,
    WRITTEN,
    Rate,
    rate_of,
)
from aspire_mjx.machine.lane_columns import compact
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.strand import Strand
from aspire_mjx.machine.structure import VARYING_TYPES, columns, first_lane, leaves, nested
from aspire_mjx.machine.values import BoundMethod, Builtin, DictView, ExceptionValue, Varying, is_array
from aspire_mjx.primitives.registry import Family, Primitive

#: instructions in whose time a library function does next to nothing
_CALL, _LIBRARY_CALL, _SLOW_CALL, _ROTATION_CALL = 10, 30, 90, 80
#: the same of operators on arrays and texts; of hard ones on numbers, and on arrays; of products
_OPERATION, _TEXT, _HARD_NUMBER, _HARD_OPERATION, _PRODUCT = 6, 12, 10, 30, 60
_STORING = 12  #: and of a store into an array
_PICKING = 25  #: of one that picks by lists, arrays or masks
_READING_ALL = 20  #: and of functions that look at everything they are given before they begin
_PATTERN = 2000  # reading a regular expression, whose own text is short
_WRITING = 25  #: the same of what writes text
_ARRAY_AS_TEXT = 120  #: instructions that writing out one array counts as, and one for each of its elements
_MOST_WRITTEN = 1_000  #: elements of an array that numpy writes
#: what a call of the robot counts for, where it takes no simulated time: so none is made for ever
_PRICE = {Family.SENSE: 5_000, Family.PLAN: 3_000}
_LEAST_PRICE, _MOST_CALLS = 1_000, 30_000
_NESTED = frozenset({list, tuple, dict, set, str, ExceptionValue, DictView})
_HASHED = frozenset({set, dict})
_HARD = frozenset({"**", "%", "//"})  #: operators that take long on arrays

#: methods of lists that compare what is nested in their elements
_COMPARING = word_set("count index remove sort")
#: calls that write values out
_WRITERS = word_set("str repr format print")
#: calls that take the same time however large their arguments are (tuples excepted: they may be keys)
_CHEAP = word_set("len isinstance bool range append get keys values items setdefault add clear iter next reversed")
_CHEAP |= word_set("zip enumerate map filter")
#: functions and methods that take the elements of an array one by one
_GOING_THROUGH = word_set("sum sorted max min any all list tuple set extend")
_SMALL_KEY, _HASHING = 16, 4  #: elements of a key; instructions for each of a larger one
RESUMED = 6  #: instructions of going on with a generator that has waited
_STEP = 4  #: instructions of taking one element out of an array
#: functions of numpy that take long on nothing
_SLOW = word_set("median percentile quantile histogram isin meshgrid outer allclose cross cov corrcoef unique average")


# work on a value ------------------------------------------------------------------------------------------------------


def charge(strand: Strand, value: Any, rate: Rate = COMPUTED, *, times: Any = 1) -> None:
    """Count work on a large value, not on what is nested in it, as more than one instruction.

    ``times`` says how often each number of an array is worked on, ``[N]`` where that differs between lanes.
    """
    kind = type(value)
    if kind in ATOMS:
        return
    if kind is Ragged or isinstance(times, np.ndarray):
        # Not in place: an instruction that starts again takes it back.
        sizes = value.sizes if kind is Ragged else weight(value)
        strand.spent = strand.spent + sizes * times // rate.array
    elif kind is Varying and value.array.dtype == object:
        _charge_objects(strand, value, rate)
    elif kind is Varying or isinstance(value, np.ndarray):
        strand.count += weight(value) * times // rate.array
    else:
        strand.count += int(weight(value) / rate.items)


def _charge_objects(strand: Strand, value: Varying, rate: Rate) -> None:
    firsts, lanes = (slice(None), slice(None)) if value.codes is None else compact(value.codes)
    items = value.array[firsts].tolist()
    if type(items[0]) is str:  # as all are then; one call a lane
        weights = (np.fromiter(map(len, items), int, len(items)) // 8 / rate.items).astype(int)
    else:
        weights = np.array([int(weight(each) / rate.items) for each in items])
    if weights.any():
        strand.spent = strand.spent + weights[lanes]


def _is_array(value: Any) -> bool:
    """Whether a value is an array, be it the same in all lanes or not."""
    return isinstance(value, np.ndarray) or type(value) is Ragged or is_array(value)


def _is_rotation(value: Any) -> bool:
    """The same of rotations."""
    if type(value) is Varying and value.array.dtype == object:
        value = value.array[0]
    return type(value) is Rotation


def _is_text(value: Any) -> bool:
    """The same of text."""
    return isinstance(value.array[0] if type(value) is Varying else value, str)


def weight(value: Any) -> int:
    """The number of elements of a value in one lane, not counting what is nested; eight characters are one."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, (list, tuple, dict, set, range)):
        return len(value)
    if isinstance(value, str):
        return len(value) // 8
    if type(value) is Varying:
        array = value.array
        return array.size // len(array)
    return 4 * count(value) if type(value) is Rotation else 0


def charge_tree(strand: Strand, *values: Any, rate: Rate = COMPUTED) -> None:
    """Count work on everything nested in values."""
    for value in values:
        if type(value) in _NESTED:
            items, numbers = tree_parts(value)
            strand.count += int(items / rate.items) + numbers // rate.array
        else:
            charge(strand, value, rate)


def charge_keys(strand: Strand, *keys: Any) -> None:
    """Count hashing keys: small ones next to nothing, of large ones every element."""
    for key in keys:
        if type(key) in _NESTED:
            items, _ = tree_parts(key)
            strand.count += items // 2 if items <= _SMALL_KEY else _HASHING * items


def charge_writing(strand: Strand, *values: Any) -> None:
    """Count the work of turning values into text; numpy takes long over each array, of which it writes so much."""
    charge_tree(strand, *values, rate=WRITTEN)
    for each in leaves(values, np.ndarray, Varying, Ragged):
        if type(each) is Ragged:
            strand.spent = strand.spent + _ARRAY_AS_TEXT + np.minimum(each.sizes, _MOST_WRITTEN)
        elif type(each) is not Varying or each.array.ndim > 1:
            strand.count += _ARRAY_AS_TEXT + min(weight(each), _MOST_WRITTEN)


def charge_product(strand: Strand, a: Any, b: Any) -> None:
    """Count the multiplications of a product of matrices."""
    charge_tree(strand, a, b, rate=COPIED)
    _charge_work(strand, CALLS["np"]["matmul"], (a, b), {})


# instructions ---------------------------------------------------------------------------------------------------------

Charge = Callable[[Strand, list[Any], Any], None]  # of a strand, for the stack and the operand of an instruction


class Cost(NamedTuple):
    """What an instruction costs on top of one.

    Attributes:
        before: charges for what it finds on the stack.
        after: charges for what it leaves there.
    """

    before: Charge
    after: Charge | None = None


def _steps(place: int) -> Charge:
    """Charges for going through the value at a place of the stack."""

    def charge_all(strand: Strand, stack: list[Any], arg: Any) -> None:
        charge(strand, stack[place], COMPUTED)
        charge_steps(strand, stack[place])

    return charge_all


def _tree(*places: int, rate: Rate = COMPUTED) -> Charge:
    """Charges for everything nested in the values at some places of the stack."""
    return lambda strand, stack, arg: charge_tree(strand, *[stack[place] for place in places], rate=rate)


def _key(place: int) -> Charge:
    """Charges for the key at a place of the stack."""
    return lambda strand, stack, arg: charge_keys(strand, stack[place])


def _top_of(*types: type) -> Charge:
    def charge_top(strand: Strand, stack: list[Any], arg: Any) -> None:
        if type(stack[-1]) in types:
            charge(strand, stack[-1], LISTED)

    return charge_top


def _operands(strand: Strand, stack: list[Any], op: str) -> None:
    left, right = stack[-2:]
    arrays = _is_array(left) or _is_array(right)
    if op == "@":
        strand.count += _PRODUCT
        charge_product(strand, left, right)
    elif op == "%" and _is_text(left):
        strand.count += _WRITING
        charge(strand, left, LISTED)
        charge_writing(strand, right)
    else:
        hard = op in _HARD
        if arrays:
            strand.count += _HARD_OPERATION if hard else _OPERATION
        elif hard:
            strand.count += _HARD_NUMBER
        elif _is_rotation(left):
            strand.count += _ROTATION_CALL // 2
        elif _is_text(left):
            strand.count += _TEXT
        rate = COMPUTED if hard else COPIED
        for value in (left, right):
            if type(value) in _HASHED:  # what is hashed again has to be gone through
                charge_tree(strand, value)
            else:
                charge(strand, value, rate)


def _one(strand: Strand, stack: list[Any], op: str) -> None:
    if _is_array(stack[-1]):
        strand.count += _OPERATION
    charge(strand, stack[-1], COPIED)


def _result(strand: Strand, stack: list[Any], op: str) -> None:
    charge(strand, stack[-1], COMPUTED if op in _HARD else COPIED)


def _added(strand: Strand, stack: list[Any], op: str) -> None:
    """Charges for an operation in place: a list grows by its operand alone."""
    if type(stack[-2]) is list:
        charge(strand, stack[-1], COPIED)
    else:
        _operands(strand, stack, op)


def _compared(strand: Strand, stack: list[Any], op: str) -> None:
    if op in ("is", "is not") and not (type(stack[-1]) is type(stack[-2]) is tuple):
        return
    if op in ("in", "not in") and type(stack[-1]) in (dict, set, range):
        return charge_keys(strand, stack[-2])
    if _is_array(stack[-1]) or _is_array(stack[-2]) or _is_text(stack[-1]):
        strand.count += _TEXT
    charge_tree(strand, stack[-2], stack[-1], rate=COMPARED)


def _index(strand: Strand, stack: list[Any], arg: Any) -> None:
    """Charges for an index, and for the elements of a list that a slice picks."""
    items, index = stack[-2:]
    if type(items) is dict:
        return charge_keys(strand, index)
    _charge_place(strand, items, index, 0)
    charge_tree(strand, index, rate=PICKED)
    if type(index) is slice and type(items) in (list, tuple, str):
        plain = all(type(part) in (int, type(None)) for part in (index.start, index.stop, index.step))
        strand.count += int(len(range(*index.indices(len(items))) if plain else items) / PICKED.items)


def _charge_place(strand: Strand, items: Any, index: Any, least: int) -> None:
    """Count looking up a place of a text or array, that numbers and slices name, or lists and arrays."""
    if _is_text(items):
        strand.count += _TEXT
    elif _is_array(items):
        parts = index if type(index) is tuple else (index,)
        strand.count += _PICKING if any(type(each) is list or _is_array(each) for each in parts) else least


def _picked(strand: Strand, stack: list[Any], arg: Any) -> None:
    """Charges for what was picked of arrays; views of them cost nothing."""
    value = stack[-1]
    view = value.base is not None if isinstance(value, np.ndarray) else type(value) is Varying and value.owner
    if not view and (type(value) in (Varying, Ragged) or isinstance(value, np.ndarray)):
        charge(strand, value, PICKED)


def _stored(strand: Strand, stack: list[Any], value_on_top: str | None) -> None:
    item, container, index = (stack[-1], stack[-3], stack[-2]) if value_on_top else stack[-3:]
    if type(container) is dict:
        return charge_keys(strand, index)
    _charge_place(strand, container, index, _STORING)
    charge_tree(strand, index, rate=PICKED)
    if type(index) is slice:
        charge(strand, container, COPIED)
        charge(strand, item, COPIED)


def _deleted(strand: Strand, stack: list[Any], arg: Any) -> None:
    if type(stack[-2]) is list:  # what stands behind is moved
        charge(strand, stack[-2], COPIED)
    else:
        charge_keys(strand, stack[-1])


def _built(strand: Strand, stack: list[Any], arg: tuple[str, int]) -> None:
    if arg[0] == "set":
        charge_keys(strand, *stack[len(stack) - arg[1] :])


def _set_of(strand: Strand, stack: list[Any], kind: str) -> None:
    if kind == "set":
        charge_keys(strand, stack[-1], *stack[-1])


def _formatted(strand: Strand, stack: list[Any], parts: tuple[Any, ...]) -> None:
    strand.count += _WRITING // 2
    charge_writing(strand, stack[len(stack) - values_in(parts) :])


def values_in(parts: tuple[Any, ...]) -> int:
    """How many values the parts of an f-string take from the stack."""
    return sum(1 + part[1] for part in parts if not isinstance(part, str))


COSTS: dict[Op, Cost] = {
    Op.BINARY: Cost(_operands, _result),
    Op.IN_PLACE: Cost(_added),
    Op.UNARY: Cost(_one),
    Op.COMPARE: Cost(_compared),
    Op.COMPARE_CHAIN: Cost(_tree(-2, -1)),
    Op.BUILD: Cost(_built),
    Op.BUILD_FROM: Cost(_set_of),
    Op.ADD: Cost(_key(-1)),
    Op.DELETE_SUBSCRIPT: Cost(_deleted),
    Op.EXTEND: Cost(_steps(-1)),
    Op.INSERT: Cost(_key(-2)),
    Op.MERGE: Cost(_top_of(dict)),
    Op.SPREAD: Cost(_steps(-3)),
    Op.MERGE_NEW: Cost(_top_of(dict)),
    Op.FSTRING: Cost(_formatted),
    Op.SUBSCRIPT: Cost(_index, _picked),
    Op.STORE_SUBSCRIPT: Cost(_stored),
    Op.ITER: Cost(_top_of(dict, set, DictView, str)),
    Op.UNPACK_STAR: Cost(_steps(-1)),
}


# calls ----------------------------------------------------------------------------------------------------------------


def charge_call(strand: Strand, callee: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Count what a call costs by what it is given; functions of the program cost what their instructions do."""
    if type(callee) is FacadeFunction:
        _charge_library(strand, callee, args, kwargs)
    elif type(callee) is RandomFunction:
        strand.count += _SLOW_CALL
        charge_tree(strand, *args)
    elif type(callee) in (Builtin, BoundMethod):
        name = callee.name
        turns = type(callee) is BoundMethod and _is_rotation(callee.receiver)
        strand.count += _ROTATION_CALL if turns else _CALL
        if name in _WRITERS:
            strand.count += _WRITING
            charge_writing(strand, *args, *kwargs.values())
        else:
            cheap = name in _CHEAP
            if name in _GOING_THROUGH:
                strand.count += _READING_ALL
                charge_steps(strand, *args)
            if cheap:
                charge_keys(strand, *[a for a in args if type(a) is tuple])
            charge_tree(strand, *(() if cheap else args), *kwargs.values(), rate=rate_of(name))
        if type(callee) is BoundMethod and name == "tolist" and _is_array(callee.receiver):
            charge(strand, callee.receiver, TAKEN_APART)
        if type(callee) is BoundMethod and name not in _CHEAP and (args or name != "pop"):
            within = type(callee.receiver) is set or name in _COMPARING
            (charge_tree if within else charge)(strand, callee.receiver, rate=rate_of(name))


def _charge_library(strand: Strand, callee: FacadeFunction, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    module, _, function = callee.name.rpartition(".")
    if module == "clouds":
        strand.count += _SLOW_CALL
        charge_tree(strand, *args, *kwargs.values(), rate=CLOUDS)
    elif module == "re":
        *_, pattern, text = sorted([0, 0, *map(_longest, (*args, *kwargs.values()))])
        strand.count += _PATTERN + pattern * text * (text if function in ("findall", "split", "sub") else 1)
    elif module == "json":
        strand.count += _SLOW_CALL + sum(map(_longest, args)) // 4
        charge_writing(strand, *args)
    elif module == "Rotation":
        strand.count += _ROTATION_CALL
        charge_tree(strand, *args, *kwargs.values(), rate=COMPARED)
    else:
        strand.count += _SLOW_CALL if function in _SLOW or module == "np.linalg" else _LIBRARY_CALL
        charge_tree(strand, *args, *kwargs.values(), rate=rate_of(function))
        if callee.declared is not None and callee.declared.works:
            _charge_work(strand, callee.declared, args, kwargs)


def _charge_work(strand: Strand, declared: Call, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Count the work that a declaration tells of."""
    varying = [each for each in nested((args, kwargs)) if type(each) in VARYING_TYPES]
    alike = all(type(each) is Varying and each.array.ndim > 1 for each in varying)  # work depends on their shapes
    given = [first_lane((tuple(args), dict(kwargs)))] if alike else columns((tuple(args), dict(kwargs)), strand.size)
    try:
        work = [declared.need(*each).work for each in given]
    except Exception:
        return  # the call raises it in its lane
    if alike:
        strand.count += _whole(work[0])
    else:
        strand.spent = strand.spent + [_whole(each) for each in work]


def _whole(work: float) -> int:
    return int(work) if work <= MOST_WORK else 0  # beyond, the call is refused


def _longest(value: Any) -> int:
    """Characters of a text, of the longest one where it varies."""
    texts = value.array.tolist() if type(value) is Varying else [value]
    return max((len(text) for text in texts if isinstance(text, str)), default=0)


def charge_result(strand: Strand, callee: Any, value: Any) -> None:
    """Count what a call costs by what it gives."""
    if callee.name in SPLITTING:
        return charge(strand, value, SPLIT)
    simple = type(callee) in (FacadeFunction, BoundMethod)
    charge(strand, value, COPIED if simple else SORTED if callee.name in ORDERING else COMPUTED)


def charge_primitive(strand: Strand, primitive: Primitive, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Count a call of the robot: so much that no program makes calls for ever that take no simulated time."""
    strand.count += max(_PRICE.get(primitive.family, 0), _LEAST_PRICE, strand.limits.instructions // _MOST_CALLS)
    charge_tree(strand, *args, *kwargs.values(), rate=COPIED)


def charge_steps(strand: Strand, *values: Any) -> None:
    """Count going through arrays, which takes their elements out one by one."""
    for value in values:
        if isinstance(value, (np.ndarray, Ragged)) and not value.ndim:
            continue
        if type(value) is Ragged:
            strand.spent = strand.spent + _STEP * value.counts
        elif isinstance(value, np.ndarray):
            strand.count += _STEP * len(value)
        elif type(value) is Varying and value.array.ndim > 1:
            strand.count += _STEP * value.array.shape[1]


def charge_items(strand: Strand, count: int) -> None:
    """Count elements that were taken from an iterator one by one."""
    strand.count += 2 * count
