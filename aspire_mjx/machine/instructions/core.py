"""What each instruction does to a strand. A handler leaves the strand unchanged when it raises a Signal.

Handlers return the index of the next instruction, or None for the one that follows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from aspire_mjx.language.limits import tree_size
from aspire_mjx.language.modules import IMPORTS
from aspire_mjx.language.rotation import Rotation, count
from aspire_mjx.language.vocabulary import BUILTIN_FUNCTIONS, BUILTINS, EXCEPTIONS, TYPES
from aspire_mjx.machine.indexing import drained
from aspire_mjx.machine.iterators import is_iterator
from aspire_mjx.machine.lane_columns import compact
from aspire_mjx.machine.lane_map import leaves
from aspire_mjx.machine.methods import builtin_of, facade_value
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.rules.operators import binary, compare, in_place, truth, unary
from aspire_mjx.machine.strand import CallFrame, Strand
from aspire_mjx.machine.values import (
    Builtin,
    DictView,
    ExceptionValue,
    FunctionValue,
    Partition,
    Raised,
    RobotFunction,
    Varying,
    raised,
)

Handler = Callable[[Strand, CallFrame, Any], int | None]


class Handlers(dict[str, Handler]):
    """The handlers of a module by instruction."""

    def handles(self, op: str) -> Callable[[Handler], Handler]:
        """Register the handler of an instruction."""

        def register(handler: Handler) -> Handler:
            self[op] = handler
            return handler

        return register


HANDLERS = Handlers()
_ARRAY_AS_TEXT = 20  #: instructions that writing out one array counts as


def builtin_named(name: str) -> Builtin:
    """A built-in function, type or exception as a value."""
    plain = BUILTIN_FUNCTIONS.get(name) or TYPES.get(name) or EXCEPTIONS.get(name)
    return builtin_of(name, plain)


# constants and variables ----------------------------------------------------------------------------------------------


@HANDLERS.handles("CONST")
def _const(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.stack.append(arg)


@HANDLERS.handles("BUILTIN")
def _builtin(strand: Strand, frame: CallFrame, name: str) -> None:
    frame.stack.append(builtin_named(name))


@HANDLERS.handles("ROBOT")
def _robot(strand: Strand, frame: CallFrame, name: str) -> None:
    frame.stack.append(ROBOT_FUNCTIONS.setdefault(name, RobotFunction(name)))


ROBOT_FUNCTIONS: dict[str, RobotFunction] = {}


@HANDLERS.handles("IMPORT")
def _import(strand: Strand, frame: CallFrame, arg: tuple[str, str]) -> None:
    frame.stack.append(facade_value(IMPORTS[arg[0]][arg[1] or None], arg[1]))


@HANDLERS.handles("LOAD")
def _load(strand: Strand, frame: CallFrame, arg: tuple[int, str]) -> None:
    depth, name = arg
    try:
        frame.stack.append(frame.scopes[depth][name])
    except KeyError:
        local = f"cannot access local variable {name!r} where it is not associated with a value"
        free = f"cannot access free variable {name!r} where it is not associated with a value in enclosing scope"
        kind, message = (UnboundLocalError, local) if depth == 0 else (NameError, free)
        raise Raised(ExceptionValue(kind, (message,))) from None


@HANDLERS.handles("GLOBAL")
def _global(strand: Strand, frame: CallFrame, name: str) -> None:
    variables = strand.variables
    if name in variables:
        frame.stack.append(variables[name])
    elif name in strand.schedule.registry and name not in BUILTINS:
        _robot(strand, frame, name)
    elif name in BUILTINS:
        _builtin(strand, frame, name)
    else:
        raise Raised(ExceptionValue(NameError, (f"name {name!r} is not defined",)))


@HANDLERS.handles("STORE")
def _store(strand: Strand, frame: CallFrame, arg: tuple[int, str]) -> None:
    frame.scopes[arg[0]][arg[1]] = frame.stack.pop()


@HANDLERS.handles("STORE_GLOBAL")
def _store_global(strand: Strand, frame: CallFrame, name: str) -> None:
    strand.variables[name] = frame.stack.pop()


@HANDLERS.handles("DELETE")
def _delete(strand: Strand, frame: CallFrame, arg: tuple[int, str]) -> None:
    if frame.scopes[arg[0]].pop(arg[1], _delete) is _delete:
        raise Raised(ExceptionValue(UnboundLocalError, (f"cannot access local variable {arg[1]!r}",)))


@HANDLERS.handles("DELETE_GLOBAL")
def _delete_global(strand: Strand, frame: CallFrame, name: str) -> None:
    if strand.variables.pop(name, _delete) is _delete:
        raise Raised(ExceptionValue(NameError, (f"name {name!r} is not defined",)))


@HANDLERS.handles("FORGET")
def _forget(strand: Strand, frame: CallFrame, arg: tuple[str, Any]) -> None:
    op, where = arg
    if op == "DELETE":
        frame.scopes[where[0]].pop(where[1], None)
    else:
        strand.variables.pop(where, None)


@HANDLERS.handles("TUNABLE")
def _tunable(strand: Strand, frame: CallFrame, name: str) -> None:
    frame.stack.append(Varying(strand.tunables[name].copy(), True))


@HANDLERS.handles("FUNCTION")
def _function(strand: Strand, frame: CallFrame, index: int) -> None:
    code, stack = strand.schedule.codes[index], frame.stack
    keywords = len(code.keyword_defaults)
    values = tuple(stack[len(stack) - keywords - code.defaults :])
    del stack[len(stack) - len(values) :]
    scopes = frame.scopes
    stack.append(FunctionValue(code, values[: code.defaults], values[code.defaults :], scopes))


# stack ----------------------------------------------------------------------------------------------------------------


@HANDLERS.handles("POP")
def _pop(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.stack.pop()


@HANDLERS.handles("DUP")
def _dup(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.stack.append(frame.stack[-1])


@HANDLERS.handles("DUP_TWO")
def _dup_two(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.stack.extend(frame.stack[-2:])


# operators ------------------------------------------------------------------------------------------------------------


#: Numbers of an array that simple work takes on at a time: programs must be able to afford images.
_AT_ONCE = 64
#: operators that are no simple work on arrays
_HARD = frozenset({"@", "**", "%", "//"})


def charge(strand: Strand, value: Any, *, simple: bool = False) -> None:
    """Count work on a large value as more than one instruction: one for four elements or 32 characters.

    Of numbers in arrays, ``simple`` work such as comparing or copying counts one for 64.
    """
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


_NESTED = frozenset({list, tuple, dict, set, str, ExceptionValue, DictView})


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


def drain_top(strand: Strand, frame: CallFrame) -> None:
    """Put the elements of an iterator on top of the stack in its place."""
    if is_iterator(frame.stack[-1]):
        frame.stack[-1] = drained(frame.stack[-1], strand.size)


@HANDLERS.handles("BINARY")
def _binary(strand: Strand, frame: CallFrame, op: str) -> None:
    stack, simple = frame.stack, op not in _HARD
    charge(strand, stack[-2], simple=simple)
    if op == "%" and isinstance(stack[-2], str):
        charge_writing(strand, stack[-1])
    else:
        charge(strand, stack[-1], simple=simple)
    value = binary(op, stack[-2], stack[-1], strand.size)
    charge(strand, value, simple=simple)
    stack[-2:] = [value]


@HANDLERS.handles("IN_PLACE")
def _in_place(strand: Strand, frame: CallFrame, op: str) -> None:
    stack = frame.stack
    if type(stack[-2]) is list:
        drain_top(strand, frame)
    charge(strand, stack[-1])
    value = in_place(op, stack[-2], stack[-1], strand.size)
    charge(strand, value if type(value) is not list else None)
    stack[-2:] = [value]


@HANDLERS.handles("UNARY")
def _unary(strand: Strand, frame: CallFrame, op: str) -> None:
    charge(strand, frame.stack[-1], simple=True)
    frame.stack[-1] = unary(op, frame.stack[-1], strand.size)


@HANDLERS.handles("COMPARE")
def _compare(strand: Strand, frame: CallFrame, op: str) -> None:
    stack = frame.stack
    if op in ("in", "not in"):
        drain_top(strand, frame)
    if op not in ("is", "is not"):
        charge_tree(strand, stack[-2], simple=True)
        if not (op in ("in", "not in") and type(stack[-1]) in (dict, set, range)):
            charge_tree(strand, stack[-1], simple=True)
    stack[-2:] = [compare(op, stack[-2], stack[-1], strand.size)]


@HANDLERS.handles("COMPARE_CHAIN")
def _compare_chain(strand: Strand, frame: CallFrame, op: str) -> None:
    stack = frame.stack
    charge_tree(strand, stack[-2], stack[-1])
    stack[-2:] = [stack[-1], compare(op, stack[-2], stack[-1], strand.size)]


@HANDLERS.handles("LEAVE_CHAIN")
def _leave_chain(strand: Strand, frame: CallFrame, target: int) -> int | None:
    stack = frame.stack
    if decide(strand, stack[-1]):
        stack.pop()
        return None
    del stack[-2]
    return target


def decide(strand: Strand, value: Any) -> bool:
    """The truth of a condition; splits the strand where lanes differ."""
    condition = truth(value, strand.size)
    if isinstance(condition, np.ndarray):
        if condition.all():
            return True
        if condition.any():
            raise Partition(condition)
        return False
    return condition


@HANDLERS.handles("JUMP")
def _jump(strand: Strand, frame: CallFrame, target: int) -> int:
    return target


@HANDLERS.handles("JUMP_IF_FALSE")
def _jump_if_false(strand: Strand, frame: CallFrame, target: int) -> int | None:
    condition = decide(strand, frame.stack[-1])
    frame.stack.pop()
    return None if condition else target


@HANDLERS.handles("JUMP_IF_TRUE")
def _jump_if_true(strand: Strand, frame: CallFrame, target: int) -> int | None:
    condition = decide(strand, frame.stack[-1])
    frame.stack.pop()
    return target if condition else None


@HANDLERS.handles("KEEP_IF_FALSE")
def _keep_if_false(strand: Strand, frame: CallFrame, target: int) -> int | None:
    if not decide(strand, frame.stack[-1]):
        return target
    frame.stack.pop()
    return None


@HANDLERS.handles("KEEP_IF_TRUE")
def _keep_if_true(strand: Strand, frame: CallFrame, target: int) -> int | None:
    if decide(strand, frame.stack[-1]):
        return target
    frame.stack.pop()
    return None


# exceptions -----------------------------------------------------------------------------------------------------------


@HANDLERS.handles("TRY")
def _try(strand: Strand, frame: CallFrame, target: int) -> None:
    frame.tries.append((target, len(frame.stack), len(frame.handled)))


@HANDLERS.handles("END_TRY")
def _end_try(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.tries.pop()


@HANDLERS.handles("BEGIN_EXCEPT")
def _begin_except(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.handled.append(frame.stack[-1])


@HANDLERS.handles("END_EXCEPT")
def _end_except(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.handled.pop()


@HANDLERS.handles("MATCHES")
def _matches(strand: Strand, frame: CallFrame, arg: Any) -> None:
    types = frame.stack[-1]
    plain = []
    for item in types if isinstance(types, tuple) else (types,):
        candidate = item.plain if type(item) is Builtin else item
        if not (isinstance(candidate, type) and issubclass(candidate, Exception)):
            raise raised(TypeError("catching classes that do not inherit from BaseException is not allowed"))
        plain.append(candidate)
    frame.stack[-1] = issubclass(frame.stack[-2].type, tuple(plain))


@HANDLERS.handles("RAISE")
def _raise(strand: Strand, frame: CallFrame, arg: Any) -> None:
    value = frame.stack[-1]
    if type(value) is Builtin and isinstance(value.plain, type) and issubclass(value.plain, Exception):
        value = ExceptionValue(value.plain, ())
    if type(value) is not ExceptionValue:
        raise raised(TypeError("exceptions must derive from BaseException"))
    raise Raised(value)


@HANDLERS.handles("RAISE_AGAIN")
def _raise_again(strand: Strand, frame: CallFrame, arg: Any) -> None:
    for outer in reversed(strand.frames):
        if outer.handled:
            raise Raised(outer.handled[-1])
    raise raised(RuntimeError("No active exception to reraise"))
