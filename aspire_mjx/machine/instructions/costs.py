"""The cost model: what executing an instruction counts for, by the size of the values that it works on.

Every instruction counts one. ``COSTS`` says what is charged on top for its operands, before it is executed, and for
its result, after that; ``charge_call`` and ``charge_result`` say so for calls, by what is called. A budget that counts
in this way bounds the time that a lane can take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.language.limits import tree_size
from aspire_mjx.language.modules import FacadeFunction, RandomFunction
from aspire_mjx.language.rotation import Rotation, count
from aspire_mjx.language.vocabulary import word_set
from aspire_mjx.machine.lane_columns import compact
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.strand import Strand
from aspire_mjx.machine.structure import leaves
from aspire_mjx.machine.values import BoundMethod, Builtin, DictView, ExceptionValue, RobotFunction, Varying

_AT_ONCE = 64  #: numbers of an array that simple work takes on at a time: programs must be able to afford images
_ARRAY_AS_TEXT = 20  #: instructions that writing out one array counts as
_PRIMITIVE = 50  #: instructions that a call of the robot counts for: sensing and planning take no simulated time
_ATOMS = frozenset({float, int, bool, type(None)})  #: types whose values cost nothing
_NESTED = frozenset({list, tuple, dict, set, str, ExceptionValue, DictView})
_HARD = frozenset({"@", "**", "%", "//"})  #: operators that are no simple work on arrays

#: calls that write values out
_WRITERS = word_set("str repr format print")
#: calls that take the same time however large their arguments are (tuples excepted: they may be keys)
_CHEAP = word_set("len isinstance bool range append get keys values items setdefault add list")
#: methods of arrays, and functions, that read each number once
_SIMPLE = word_set("sum any all mean min max copy astype ravel flatten reshape")
_SIMPLE_FUNCTIONS = word_set("np.asarray np.abs np.where")


# work on a value ------------------------------------------------------------------------------------------------------


def charge(strand: Strand, value: Any, *, simple: bool = False) -> None:
    """Count work on a large value as more than one instruction: one for four elements or 32 characters.

    Of numbers in arrays, ``simple`` work such as comparing or copying counts one for 64.
    """
    if type(value) in _ATOMS:
        return
    if type(value) is Ragged:
        # Not in place: an instruction that starts again takes it back.
        strand.spent = strand.spent + value.sizes // (_AT_ONCE if simple else 4)
    elif type(value) is Varying and value.array.dtype == object:
        _charge_objects(strand, value)
    elif simple and (isinstance(value, np.ndarray) or type(value) is Varying):
        strand.count += weight(value) // _AT_ONCE
    else:
        strand.count += weight(value) // 4


def _charge_objects(strand: Strand, value: Varying) -> None:
    firsts, lanes = (slice(None), slice(None)) if value.codes is None else compact(value.codes)
    items = value.array[firsts].tolist()
    if isinstance(items[0], str):
        lengths = np.fromiter(map(len, items), np.int64, len(items))
        if lengths.max() >= 32:
            strand.spent = strand.spent + (lengths // 32)[lanes]
    else:
        strand.spent = strand.spent + np.array([weight(each) // 4 for each in items])[lanes]


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


def charge_tree(strand: Strand, *values: Any, simple: bool = False) -> None:
    """Count work on everything nested in values."""
    for value in values:
        if type(value) in _NESTED:
            strand.count += tree_size(value) // 4
        else:
            charge(strand, value, simple=simple)


def charge_writing(strand: Strand, *values: Any) -> None:
    """Count the work of turning values into text; numpy takes long over each array."""
    charge_tree(strand, *values)
    arrays = leaves(values, np.ndarray, Varying, Ragged)
    strand.count += _ARRAY_AS_TEXT * sum(type(each) is not Varying or each.array.ndim > 1 for each in arrays)


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


def _value(place: int, *, simple: bool = False) -> Charge:
    return lambda strand, stack, arg: charge(strand, stack[place], simple=simple)


def _tree(*places: int, simple: bool = False) -> Charge:
    return lambda strand, stack, arg: charge_tree(strand, *[stack[place] for place in places], simple=simple)


def _top_of(*types: type) -> Charge:
    def charge_top(strand: Strand, stack: list[Any], arg: Any) -> None:
        if type(stack[-1]) in types:
            charge(strand, stack[-1])

    return charge_top


def _top_unless_list(strand: Strand, stack: list[Any], arg: Any) -> None:
    if type(stack[-1]) is not list:
        charge(strand, stack[-1])


def _operands(strand: Strand, stack: list[Any], op: str) -> None:
    simple = op not in _HARD
    charge(strand, stack[-2], simple=simple)
    if op == "%" and isinstance(stack[-2], str):
        charge_writing(strand, stack[-1])
    else:
        charge(strand, stack[-1], simple=simple)


def _result(strand: Strand, stack: list[Any], op: str) -> None:
    charge(strand, stack[-1], simple=op not in _HARD)


def _compared(strand: Strand, stack: list[Any], op: str) -> None:
    if op in ("is", "is not"):
        return
    charge_tree(strand, stack[-2], simple=True)
    if not (op in ("in", "not in") and type(stack[-1]) in (dict, set, range)):
        charge_tree(strand, stack[-1], simple=True)


def _stored(strand: Strand, stack: list[Any], value_on_top: str | None) -> None:
    item, container, index = (stack[-1], stack[-3], stack[-2]) if value_on_top else stack[-3:]
    charge_tree(strand, index)
    if type(index) is slice:
        charge(strand, container)
        charge(strand, item)


def _formatted(strand: Strand, stack: list[Any], parts: tuple[Any, ...]) -> None:
    charge_writing(strand, stack[len(stack) - values_in(parts) :])


def values_in(parts: tuple[Any, ...]) -> int:
    """How many values the parts of an f-string take from the stack."""
    return sum(1 + part[1] for part in parts if not isinstance(part, str))


COSTS: dict[Op, Cost] = {
    Op.BINARY: Cost(_operands, _result),
    Op.IN_PLACE: Cost(_value(-1), _top_unless_list),
    Op.UNARY: Cost(_value(-1, simple=True)),
    Op.COMPARE: Cost(_compared),
    Op.COMPARE_CHAIN: Cost(_tree(-2, -1)),
    Op.EXTEND: Cost(_value(-1)),
    Op.INSERT: Cost(_tree(-2)),
    Op.MERGE: Cost(_top_of(dict)),
    Op.SPREAD: Cost(_value(-3)),
    Op.MERGE_NEW: Cost(_top_of(dict)),
    Op.FSTRING: Cost(_formatted),
    Op.SUBSCRIPT: Cost(_tree(-1, simple=True), _value(-1, simple=True)),
    Op.STORE_SUBSCRIPT: Cost(_stored),
    Op.ITER: Cost(_top_of(dict, set, DictView, str)),
    Op.UNPACK_STAR: Cost(_value(-1)),
}


# calls ----------------------------------------------------------------------------------------------------------------


def charge_call(strand: Strand, callee: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Count what a call costs by what it is given; functions of the program cost what their instructions do."""
    if type(callee) is RobotFunction:
        strand.count += _PRIMITIVE
        charge_tree(strand, *args, *kwargs.values(), simple=True)
    elif type(callee) is FacadeFunction:
        charge_tree(strand, *args, *kwargs.values(), simple=callee.name in _SIMPLE_FUNCTIONS)
    elif type(callee) is RandomFunction:
        charge_tree(strand, *args)
    elif type(callee) in (Builtin, BoundMethod):
        cheap = callee.name in _CHEAP
        charge_values = charge_writing if callee.name in _WRITERS else charge_tree
        charge_values(strand, *(a for a in args if not cheap or type(a) is tuple), *kwargs.values())
        if type(callee) is BoundMethod and not cheap:
            charge(strand, callee.receiver, simple=callee.name in _SIMPLE)


def charge_result(strand: Strand, callee: Any, value: Any) -> None:
    """Count what a call costs by what it gives."""
    charge(strand, value, simple=type(callee) is FacadeFunction and callee.name in _SIMPLE_FUNCTIONS)
