"""Call instructions: program functions push a frame, primitives block the strand, everything else is a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from aspire_mjx.compiler.code import FIRST, GENERATOR, Code
from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.language.callables import named
from aspire_mjx.language.limits import check_result
from aspire_mjx.language.modules import FacadeFunction, RandomFunction
from aspire_mjx.language.vocabulary import word_set
from aspire_mjx.machine.builtins import call_builtin
from aspire_mjx.machine.formatting import lines
from aspire_mjx.machine.indexing import type_name
from aspire_mjx.machine.instructions.arguments import CALLABLE, arguments_after_star, bind_parameters, merge_keywords
from aspire_mjx.machine.instructions.core import robot_function
from aspire_mjx.machine.instructions.costs import (
    RESUMED,
    charge_call,
    charge_items,
    charge_primitive,
    charge_result,
)
from aspire_mjx.machine.instructions.handlers import handles
from aspire_mjx.machine.iterators import Pull, drained, pending, rows_to_call
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.methods import bound, call_method
from aspire_mjx.machine.requests import Request, bind_lanes
from aspire_mjx.machine.rules.numpy import call_facade
from aspire_mjx.machine.rules.operators import compare
from aspire_mjx.machine.rules.random import draw_lanes
from aspire_mjx.machine.strand import CallFrame, Strand
from aspire_mjx.machine.values import (
    BoundMethod,
    Builtin,
    DictView,
    ExceptionValue,
    FunctionValue,
    GeneratorValue,
    IteratorValue,
    Pipe,
    RobotFunction,
    Signal,
    Varying,
    is_iterator,
)
from aspire_mjx.primitives.results import unpacks_of


class Blocked(Signal):
    """The strand waits for the results of a primitive."""

    def __init__(self, request: Request) -> None:
        self.request = request


class Finished(Signal):
    """The program has run to its end."""


@handles(Op.CALL)
def _call(strand: Strand, frame: CallFrame, arg: tuple[int, tuple[str, ...]]) -> int | None:
    count, names = arg
    stack = frame.stack
    first = len(stack) - count - len(names)
    kwargs = dict(zip(names, stack[first + count :], strict=True))
    return call(strand, frame, stack[first - 1], stack[first : first + count], kwargs, first - 1)


@handles(Op.CALL_ENTRY)
def _call_entry(strand: Strand, frame: CallFrame, arg: tuple[int, tuple[str, ...]]) -> int | None:
    strand.entry_called = True
    return _call(strand, frame, arg)


@handles(Op.CALL_INLINE)
def _call_inline(strand: Strand, frame: CallFrame, arg: tuple[int, int]) -> int | None:
    """Call the comprehension whose function (the code ``arg[1]``) was just made."""
    return _call(strand, frame, (arg[0], ()))


@handles(Op.SPREAD, reads=-3)
def _spread(strand: Strand, frame: CallFrame, arg: Any) -> None:
    callee, iterable, keywords, arguments = frame.stack[-4:]
    arguments.extend(arguments_after_star(callee, iterable, strand.size))
    check_result(arguments)
    frame.stack[-3:] = [arguments, keywords]


@handles(Op.INSERT_NEW)
def _insert_new(strand: Strand, frame: CallFrame, above: int | None) -> None:
    stack = frame.stack
    first = len(stack) - 2 - 2 * (above or 0)
    merge_keywords(stack[first - 3], stack[first - 1], {stack[first]: stack[first + 1]}, strand.size)
    del stack[first : first + 2]


@handles(Op.MERGE_NEW)
def _merge_new(strand: Strand, frame: CallFrame, arg: Any) -> None:
    callee, _, keywords, more = frame.stack[-4:]
    merge_keywords(callee, keywords, more, strand.size)
    frame.stack.pop()


@handles(Op.CALL_SPREAD)
def _call_spread(strand: Strand, frame: CallFrame, arg: Any) -> int | None:
    callee, args, kwargs = frame.stack[-3:]
    if type(callee) in CALLABLE and not all(isinstance(key, str) for key in kwargs):
        raise TypeError("keywords must be strings")
    return call(strand, frame, callee, args, kwargs, len(frame.stack) - 3)


@handles(Op.PRIMITIVE)
def _primitive(strand: Strand, frame: CallFrame, arg: tuple[str, int, tuple[str, ...]]) -> None:
    name, count, names = arg
    stack = frame.stack
    first = len(stack) - count - len(names)
    kwargs = dict(zip(names, stack[first + count :], strict=True))
    suspend_at_primitive(strand, frame, robot_function(name), stack[first : first + count], kwargs, first)


@handles(Op.RETURN)
def _return(strand: Strand, frame: CallFrame, arg: Any) -> None:
    strand.frames.pop()
    if not strand.frames:
        strand.frames.append(frame)
        raise Finished
    caller = strand.frames[-1]
    caller.stack.append(frame.stack[-1])
    caller.pc += 1


def call(
    strand: Strand, frame: CallFrame, callee: Any, args: Sequence[Any], kwargs: Mapping[str, Any], base: int
) -> int | None:
    """Call a value; ``base`` is the stack depth below the callee and its arguments."""
    kind = type(callee)
    if kind is FunctionValue:
        return push(strand, frame, callee.code, bind_parameters(callee, args, kwargs), callee.scopes, base)
    if kind is RobotFunction:
        suspend_at_primitive(strand, frame, callee, args, kwargs, base)
    if kind is FacadeFunction and any(map(is_iterator, args)):
        callee.refuse_iterator()
        return _drain(strand, frame, args, base)
    if kind is Builtin or kind is BoundMethod:
        if callee.name.rpartition(".")[2] in _READERS and any(map(is_iterator, args)):
            return _drain(strand, frame, args, base)
        if kind is Builtin and "." in callee.name and type(callee.plain) is not type and callee.name != "dict.fromkeys":
            return call(strand, frame, bound(callee, args, strand.size), args[1:], kwargs, base)
        helper = _helper(strand, callee, args, kwargs)
        if helper is not None:
            return push(strand, frame, *helper, (), base)
    count, spent = strand.count, strand.spent
    charge_call(strand, callee, args, kwargs)
    strand.pay(count, spent)
    value = _value_of(strand, callee, args, kwargs)
    charge_result(strand, callee, value)
    frame.stack[base:] = [value]
    return None


def _value_of(strand: Strand, callee: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The value of a call that neither enters a function nor waits."""
    match callee:
        case BoundMethod():
            return call_method(callee, args, kwargs, strand.size)
        case FacadeFunction():
            return call_facade(callee, args, kwargs, strand.size)
        case RandomFunction():
            if strand.streams is None:
                raise RuntimeError(f"{callee.name} in a schedule that does not draw")
            return draw_lanes(strand.streams, callee.name, args, kwargs, strand.size)
        case Builtin(name="print"):
            return _print(strand, args, kwargs)
        case Builtin(name="tunable"):
            raise TypeError("tunable must be called directly")
        case Builtin():
            if not callee.name.startswith("np."):
                return call_builtin(callee.name, args, kwargs, strand.size)
            if callee.plain is np.ndarray:
                raise TypeError(f"{callee.name} cannot be called like this; use np.array")
            return lane_map(callee.plain, args, strand.size, kwargs)
    raise TypeError(f"{type_name(callee)!r} object is not callable")


def _drain(strand: Strand, frame: CallFrame, args: Sequence[Any], base: int) -> int:
    """Put the elements of iterators in their place among the arguments on the stack, then call again.

    Elements are taken in a step of their own because a call may have to be executed again when lanes are split; those
    of a zip one by one where its parts have work to do, for one of them may end before another.
    """
    spread = frame.stack[base + 1] is args  # CALL_SPREAD keeps them in a list
    kept, first = (frame.stack[base + 1], 0) if spread else (frame.stack, base + 1)
    for place, value in enumerate(args, first):
        if type(value) is Pipe and len(value.parts) > 1 and pending(value) is not None and value.kind == "zip":
            rows: list[Any] = []
            kept[place] = IteratorValue(rows)
            variables = {"rows": value, "ready": rows}
            return push(strand, frame, strand.schedule.prelude["listed"], variables, (), len(frame.stack))
        if is_iterator(value):
            kept[place] = drained(value, strand.size)
            charge_items(strand, len(kept[place]))
    return frame.pc


def pull(strand: Strand, frame: CallFrame, signal: Pull) -> int:
    """Enter the calls that an iterator needs for its next elements; the instruction is executed again then."""
    pipe = signal.pipe
    if isinstance(pipe, GeneratorValue):
        return resume(strand, frame, pipe, whole=signal.whole)
    try:
        rows = rows_to_call(pipe, strand.size, whole=signal.whole)
    except Pull as deeper:
        return pull(strand, frame, deeper)
    if not rows:
        return frame.pc
    variables = {"function": pipe.function, "rows": rows, "ready": pipe.ready}
    return push(strand, frame, strand.schedule.prelude[pipe.kind], variables, (), len(frame.stack))


def resume(strand: Strand, frame: CallFrame, generator: GeneratorValue, *, whole: bool) -> int:
    """Enter a generator where it has waited."""
    if generator.running:
        raise ValueError("generator already executing")
    following = push(strand, frame, generator.code, {}, (), len(frame.stack))
    strand.count += RESUMED
    inner = strand.frames[-1]
    inner.scopes, inner.stack, inner.pc = generator.scopes, generator.stack, generator.pc
    generator.running, generator.whole = True, whole
    return following


@handles(Op.GENERATOR)
def _generator(strand: Strand, frame: CallFrame, arg: Any) -> None:
    function, first = frame.stack[-2:]
    variables: dict[str, Any] = {FIRST: first}
    generator = GeneratorValue(function.code, (variables, *function.scopes), function.code.entry)
    variables[GENERATOR] = generator
    frame.stack[-2:] = [generator]


@handles(Op.YIELD)
def _yield(strand: Strand, frame: CallFrame, arg: Any) -> int | None:
    generator, element = frame.stack[-2:]
    del frame.stack[-2:]
    generator.give(element)
    check_result(generator.ready)
    if generator.whole:
        return None
    generator.running, generator.pc = False, frame.pc + 1
    strand.frames.pop()
    return frame.pc


@handles(Op.END_GENERATOR)
def _end_generator(strand: Strand, frame: CallFrame, arg: Any) -> int:
    frame.stack.pop().close(failed=False)
    strand.frames.pop()
    return frame.pc


@handles(Op.COMPARE)
def _compare(strand: Strand, frame: CallFrame, op: str) -> int | None:
    left, right = frame.stack[-2:]
    if op in ("in", "not in") and is_iterator(right):  # read as far as it has to be
        code = strand.schedule.prelude["contains" if op == "in" else "lacks"]
        return push(strand, frame, code, {"items": right, "wanted": left}, (), len(frame.stack) - 2)
    frame.stack[-2:] = [compare(op, left, right, strand.size)]
    return None


def leave(frame: CallFrame, exception: ExceptionValue) -> ExceptionValue:
    """A call ends with an exception; gives the one that its caller gets."""
    generator = frame.scopes[0].get(GENERATOR) if frame.scopes else None
    if generator is None:
        return exception
    generator.close(failed=True)
    if exception.type is not StopIteration:
        return exception
    return ExceptionValue(RuntimeError, ("generator raised StopIteration",), exception.line)


@handles(Op.RESUME)
def _resume(strand: Strand, frame: CallFrame, arg: Any) -> None:
    strand.frames.pop()


#: calls that read an iterator to its end
_READERS = word_set(
    "list tuple set dict sorted sum min max join extend update union intersection difference symmetric_difference "
    "issubset issuperset isdisjoint intersection_update difference_update symmetric_difference_update fromkeys"
)
#: functions with a key, and their keywords
_WITH_KEY = {"sorted": {"key", "reverse"}, "min": {"key", "default"}, "max": {"key", "default"}}


def _helper(
    strand: Strand, callee: Builtin | BoundMethod, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Code, dict[str, Any]] | None:
    """The prelude function (and its variables) that a call with a function argument goes through, if it does."""
    prelude, key = strand.schedule.prelude, kwargs.get("key")
    if isinstance(callee, BoundMethod):
        sort = callee.name == "sort" and type(callee.receiver) is list and not args
        if sort and key is not None and set(kwargs) <= {"key", "reverse"}:
            return prelude["sort"], {"items": callee.receiver, "key": key, "reverse": kwargs.get("reverse", False)}
        return None
    name = callee.name
    if name in ("any", "all") and len(args) == 1 and not kwargs and is_iterator(args[0]):
        return prelude[name], {"items": args[0]}
    if key is None or not args or not set(kwargs) <= _WITH_KEY.get(name, set()):
        return None
    if "default" in kwargs and len(args) > 1:
        return None
    if name == "sorted":
        return prelude[name], {"items": args[0], "key": key, "reverse": kwargs.get("reverse", False)}
    items = args[0] if len(args) == 1 else list(args)
    listed = items.source if isinstance(items, DictView) else items
    empty = isinstance(listed, (list, tuple, dict, set, str, range)) and not listed
    return None if empty else (prelude[name], {"items": items, "key": key})


def push(
    strand: Strand, frame: CallFrame, code: Code, variables: dict[str, Any], scopes: tuple[dict, ...], base: int
) -> int:
    """Enter a function: the caller stays at its call instruction until the function returns."""
    if len(strand.frames) >= strand.limits.depth:
        raise RecursionError("maximum recursion depth exceeded")
    del frame.stack[base:]
    strand.frames.append(CallFrame(code, (variables, *scopes)))
    return frame.pc


def suspend_at_primitive(
    strand: Strand, frame: CallFrame, callee: RobotFunction, args: Sequence[Any], kwargs: Mapping[str, Any], base: int
) -> NoReturn:
    """Stop at a primitive. The stack below ``base`` stays; the result is pushed when it comes."""
    primitive, count, spent = strand.schedule.registry[callee.name], strand.count, strand.spent
    charge_primitive(strand, primitive, args, kwargs)
    strand.pay(count, spent)
    arguments = bind_lanes(primitive, args, kwargs, strand.size)
    strand.ask(primitive)
    del frame.stack[base:]
    strand.waiting = primitive, unpacks_of(primitive, arguments)
    strand.forget()
    raise Blocked(Request(primitive, strand.lanes, arguments, strand.source_line(), strand.where()))


def _print_parameters(*values: Any, sep: Any = None, end: Any = None, flush: Any = False) -> tuple[Any, ...]:
    return sep, end, *values


named(_print_parameters, "print")


def _print(strand: Strand, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    text = lines(_print_parameters(*args, **kwargs), strand.size)
    if type(text) is Varying:
        strand.prints.write(strand.lanes, text.array, text.codes)
    else:
        strand.prints.write(strand.lanes, text)
