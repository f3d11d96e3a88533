"""Instructions on variables, the stack, operators, jumps and exceptions."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.language.callables import named
from aspire_mjx.language.modules import IMPORTS
from aspire_mjx.language.vocabulary import BUILTIN_FUNCTIONS, BUILTINS, EXCEPTIONS, RAISED, SPECIAL, TYPES
from aspire_mjx.machine.instructions.handlers import handles, on_one, on_two
from aspire_mjx.machine.methods import builtin_of, facade_value
from aspire_mjx.machine.rules.operators import binary, compare, in_place, truth, unary
from aspire_mjx.machine.strand import CallFrame, Strand
from aspire_mjx.machine.values import Builtin, ExceptionValue, FunctionValue, Partition, Raised, RobotFunction, Varying

robot_function = cache(RobotFunction)  #: the one value of a primitive


#: what stands for the functions that have no plain ones
_OWN = {name: named(lambda: None, name) for name in SPECIAL}


# constants and variables ----------------------------------------------------------------------------------------------


@handles(Op.CONST)
def _const(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.stack.append(arg)


@handles(Op.BUILTIN)
def _builtin(strand: Strand, frame: CallFrame, name: str) -> None:
    plain = BUILTIN_FUNCTIONS.get(name) or TYPES.get(name) or EXCEPTIONS.get(name) or _OWN.get(name)
    frame.stack.append(builtin_of(name, plain))


@handles(Op.ROBOT)
def _robot(strand: Strand, frame: CallFrame, name: str) -> None:
    frame.stack.append(robot_function(name))


@handles(Op.IMPORT)
def _import(strand: Strand, frame: CallFrame, arg: tuple[str, str]) -> None:
    frame.stack.append(facade_value(IMPORTS[arg[0]][arg[1] or None]))


@handles(Op.LOAD)
def _load(strand: Strand, frame: CallFrame, arg: tuple[int, str]) -> None:
    depth, name = arg
    try:
        frame.stack.append(frame.scopes[depth][name])
    except KeyError:
        missing = f"variable {name!r} where it is not associated with a value"
        if depth == 0:
            raise UnboundLocalError(f"cannot access local {missing}") from None
        raise NameError(f"cannot access free {missing} in enclosing scope") from None


@handles(Op.GLOBAL)
def _global(strand: Strand, frame: CallFrame, name: str) -> None:
    variables = strand.variables
    if name in variables:
        frame.stack.append(variables[name])
    elif name in strand.schedule.registry and name not in BUILTINS:
        _robot(strand, frame, name)
    elif name in BUILTINS:
        _builtin(strand, frame, name)
    else:
        raise NameError(f"name {name!r} is not defined")


@handles(Op.STORE)
def _store(strand: Strand, frame: CallFrame, arg: tuple[int, str]) -> None:
    frame.scopes[arg[0]][arg[1]] = frame.stack.pop()


@handles(Op.STORE_GLOBAL)
def _store_global(strand: Strand, frame: CallFrame, name: str) -> None:
    strand.variables[name] = frame.stack.pop()


@handles(Op.DELETE)
def _delete(strand: Strand, frame: CallFrame, arg: tuple[int, str]) -> None:
    if frame.scopes[arg[0]].pop(arg[1], _delete) is _delete:
        raise UnboundLocalError(f"cannot access local variable {arg[1]!r}")


@handles(Op.DELETE_GLOBAL)
def _delete_global(strand: Strand, frame: CallFrame, name: str) -> None:
    if strand.variables.pop(name, _delete) is _delete:
        raise NameError(f"name {name!r} is not defined")


@handles(Op.FORGET)
def _forget(strand: Strand, frame: CallFrame, arg: tuple[Op, Any]) -> None:
    op, where = arg
    if op is Op.DELETE:
        frame.scopes[where[0]].pop(where[1], None)
    else:
        strand.variables.pop(where, None)


@handles(Op.TUNABLE)
def _tunable(strand: Strand, frame: CallFrame, name: str) -> None:
    frame.stack.append(Varying(strand.tunables[name].copy(), True))


@handles(Op.FUNCTION)
def _function(strand: Strand, frame: CallFrame, index: int) -> None:
    code, stack = strand.schedule.codes[index], frame.stack
    positional = len(code.parameters.defaults)
    values = tuple(stack[len(stack) - positional - len(code.keyword_defaults) :])
    del stack[len(stack) - len(values) :]
    stack.append(FunctionValue(code, values[:positional], values[positional:], frame.scopes))


# stack ----------------------------------------------------------------------------------------------------------------


@handles(Op.POP)
def _pop(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.stack.pop()


@handles(Op.DUP)
def _dup(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.stack.append(frame.stack[-1])


@handles(Op.DUP_TWO)
def _dup_two(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.stack.extend(frame.stack[-2:])


# operators ------------------------------------------------------------------------------------------------------------


def _added_to_list(stack: list[Any], op: str) -> int | None:
    return -1 if type(stack[-2]) is list else None


on_one(Op.UNARY, unary)
on_two(Op.BINARY, binary)
on_two(Op.IN_PLACE, in_place, reads=_added_to_list)


@handles(Op.COMPARE_CHAIN)
def _compare_chain(strand: Strand, frame: CallFrame, op: str) -> None:
    left, right = frame.stack[-2:]
    frame.stack[-2:] = [right, compare(op, left, right, strand.size)]


@handles(Op.LEAVE_CHAIN)
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
        if len(condition) > 1 and condition.any() and not condition.all():
            raise Partition(condition)
        return bool(condition[0])
    return condition


@handles(Op.JUMP)
def _jump(strand: Strand, frame: CallFrame, target: int) -> int:
    return target


def _jump_when(op: Op, holds: bool, *, keeps: bool) -> None:
    """Register a jump for a condition that holds or does not; with ``keeps`` it takes the condition along."""

    @handles(op)
    def jump(strand: Strand, frame: CallFrame, target: int) -> int | None:
        jumps = decide(strand, frame.stack[-1]) == holds
        if not (jumps and keeps):
            frame.stack.pop()
        return target if jumps else None


_jump_when(Op.JUMP_IF_FALSE, False, keeps=False)
_jump_when(Op.JUMP_IF_TRUE, True, keeps=False)
_jump_when(Op.KEEP_IF_FALSE, False, keeps=True)
_jump_when(Op.KEEP_IF_TRUE, True, keeps=True)


# exceptions -----------------------------------------------------------------------------------------------------------


@handles(Op.TRY)
def _try(strand: Strand, frame: CallFrame, target: int) -> None:
    frame.tries.append((target, len(frame.stack), len(frame.handled)))


@handles(Op.END_TRY)
def _end_try(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.tries.pop()


@handles(Op.BEGIN_EXCEPT)
def _begin_except(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.handled.append(frame.stack[-1])


@handles(Op.END_EXCEPT)
def _end_except(strand: Strand, frame: CallFrame, arg: Any) -> None:
    frame.handled.pop()


@handles(Op.MATCHES)
def _matches(strand: Strand, frame: CallFrame, arg: Any) -> None:
    types = frame.stack[-1]
    plain = []
    for item in types if isinstance(types, tuple) else (types,):
        candidate = item.plain if type(item) is Builtin else item
        if not (isinstance(candidate, type) and issubclass(candidate, RAISED)):
            raise TypeError("catching classes that do not inherit from BaseException is not allowed")
        plain.append(candidate)
    frame.stack[-1] = issubclass(frame.stack[-2].type, tuple(plain))


@handles(Op.RAISE)
def _raise(strand: Strand, frame: CallFrame, arg: Any) -> None:
    value = frame.stack[-1]
    if type(value) is Builtin and isinstance(value.plain, type) and issubclass(value.plain, RAISED):
        value = ExceptionValue(value.plain, ())
    if type(value) is not ExceptionValue:
        raise TypeError("exceptions must derive from BaseException")
    raise Raised(value)


@handles(Op.RAISE_AGAIN)
def _raise_again(strand: Strand, frame: CallFrame, arg: Any) -> None:
    for outer in reversed(strand.frames):
        if outer.handled:
            raise Raised(outer.handled[-1])
    raise RuntimeError("No active exception to reraise")
