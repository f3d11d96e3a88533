"""The instruction set of the stack machine, as one table, and the instructions that are made of it."""

from __future__ import annotations

from enum import Enum, unique
from typing import NamedTuple

_READS = "reads"  #: reads or deletes a variable, which has to be there
_WRITES = "writes"  #: gives a variable a value, or takes it away whether it is there or not
_TARGET = "target"  #: its operand is the index of another instruction
_LAST = "last"  #: control never goes on at the following instruction


@unique
class Op(Enum):
    """What an instruction does.

    A row of the table is: what it takes from the stack and what it leaves there (``before -- after``, the top on the
    right; ``*`` any number, ``|`` one of two), its operand, its meaning, and its traits. What an instruction costs
    depends on values and stands in ``machine/instructions/costs.py``.

    Attributes:
        stack: the effect on the stack.
        operand: what the operand is; empty when there is none.
        meaning: what it does, in a line.
        reads: whether it needs the variable that its operand names.
        writes: whether what the variable held before is of no interest any more.
        target: whether its operand is the index of an instruction.
        last: whether control never goes on at the following instruction.
    """

    CONST = "-- value", "the value", "push a constant"
    BUILTIN = "-- builtin", "name", "push a built-in function, type or exception"
    ROBOT = "-- primitive", "name", "push a primitive as a value"
    IMPORT = "-- member", "(module, member)", "push a module, or a member of one"
    LOAD = "-- value", "(scopes further out, name)", "push a variable of a function", _READS
    GLOBAL = "-- value", "name", "push a variable of the module, or what the name means without one", _READS
    STORE = "value --", "(scopes further out, name)", "assign a variable of a function", _WRITES
    STORE_GLOBAL = "value --", "name", "assign a variable of the module", _WRITES
    DELETE = "--", "(scopes further out, name)", "delete a variable of a function", _READS
    DELETE_GLOBAL = "--", "name", "delete a variable of the module", _READS
    FORGET = "--", "(DELETE or DELETE_GLOBAL, its operand)", "delete a variable if it is there", _WRITES
    TUNABLE = "-- number", "name", "push the value of a tunable"
    FUNCTION = "default* -- function", "index of its code", "make a function"

    POP = "value --", "", "drop the top"
    DUP = "value -- value value", "", "copy the top"
    DUP_TWO = "a b -- a b a b", "", "copy the two on top"

    BINARY = "left right -- value", "operator", "apply an operator to two values"
    IN_PLACE = "left right -- value", "operator", "apply an operator of an augmented assignment"
    UNARY = "operand -- value", "operator", "apply an operator to one value"
    COMPARE = "left right -- truth", "operator", "compare two values"
    COMPARE_CHAIN = "left right -- right truth", "operator", "compare two values, the second with a third afterwards"
    LEAVE_CHAIN = "right truth -- right|truth", "target", "jump with a comparison that decides the chain", _TARGET

    JUMP = "--", "target", "go on elsewhere", _TARGET, _LAST
    JUMP_IF_FALSE = "condition --", "target", "jump when it does not hold", _TARGET
    JUMP_IF_TRUE = "condition --", "target", "jump when it holds", _TARGET
    KEEP_IF_FALSE = "value -- value*", "target", "jump with a value that is false, or drop it", _TARGET
    KEEP_IF_TRUE = "value -- value*", "target", "jump with a value that is true, or drop it", _TARGET

    TRY = "--", "target", "let exceptions go to a handler from here on", _TARGET
    END_TRY = "--", "", "the innermost handler is over"
    BEGIN_EXCEPT = "exception -- exception", "", "the exception on top is being handled"
    END_EXCEPT = "--", "", "the innermost exception has been handled"
    MATCHES = "exception types -- exception truth", "", "whether an except clause takes an exception"
    RAISE = "exception -- exception", "", "raise", _LAST
    RAISE_AGAIN = "--", "", "raise what is being handled", _LAST

    BUILD = "item* -- container", "(kind, number of items)", "make a list, tuple, set, dict or slice"
    BUILD_FROM = "list -- container", "kind", "make a list, tuple or set of a list that nothing else holds"
    APPEND = "list item -- list", "", "append to a list"
    ADD = "set item -- set", "", "add to a set"
    EXTEND = "list iterable -- list", "kind of display, if a set", "append all elements of an iterable to a list"
    INSERT = "dict key value -- dict", "", "insert into a dict"
    MERGE = "dict mapping -- dict", "", "insert all items of a dict"
    FSTRING = "value* -- text", "texts and (conversion, has a format)", "format an f-string"
    MEMBER = "object -- member", "name", "push an attribute or a bound method"
    SUBSCRIPT = "container index -- item", "", "read an element"
    STORE_SUBSCRIPT = "item container index --", "order, if another", "assign an element"
    DELETE_SUBSCRIPT = "container index --", "", "delete an element"
    ITER = "iterable -- iterator", "", "begin to go through an iterable"
    NEXT = "iterator -- iterator* item*", "target", "push the next element; jump when there is none", _TARGET
    IS_SEQUENCE = "value -- truth", "(length, at least)", "whether a pattern of a sequence may match"
    UNPACK = "iterable -- item*", "number of items", "unpack, the first item on top"
    UNPACK_STAR = "iterable -- item*", "(items before, items after the star)", "unpack with a list in the middle"

    CALL = "callee argument* -- result", "(positional arguments, keywords)", "call a value"
    CALL_ENTRY = "callee argument* -- result", "(positional arguments, keywords)", "call main() or run()"
    CALL_INLINE = "function argument* -- result", "(arguments, index of its code)", "run a comprehension"
    GENERATOR = "function iterator -- generator", "", "make a generator, which waits until its elements are needed"
    YIELD = "generator element --", "", "give an element; wait, if only that one was needed"
    END_GENERATOR = "generator --", "", "a generator has no more elements; what needs them starts again", _LAST
    SPREAD = "callee iterable dict list -- callee list dict", "", "fill the list with the only thing after *"
    INSERT_NEW = "callee * dict name value -- callee * dict", "how many pairs lie above", "add a keyword argument"
    MERGE_NEW = "callee * dict mapping -- callee * dict", "", "add the keyword arguments after **"
    CALL_SPREAD = "callee list dict -- result", "", "call a value with collected arguments"
    PRIMITIVE = "argument* -- result", "(name, positional arguments, keywords)", "ask the robot, and wait"
    RETURN = "value -- value", "", "leave a function with its result", _LAST
    RESUME = "--", "", "leave a function of the prelude; the instruction that entered it starts again", _LAST

    def __init__(self, stack: str, operand: str, meaning: str, *traits: str) -> None:
        self.stack, self.operand, self.meaning = stack, operand, meaning
        self.reads = _READS in traits
        self.writes = _WRITES in traits
        self.target = _TARGET in traits
        self.last = _LAST in traits

    #: by identity: dictionaries of handlers are asked at every step of the machine
    __hash__ = object.__hash__

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Op.{self.name}"


class Instruction(NamedTuple):
    """One instruction of the stack machine: what to do, with what, and the source line it came from."""

    op: Op
    arg: object
    line: int

    def __str__(self) -> str:
        return self.op.name if self.arg is None else f"{self.op.name:<18} {_show(self.arg)}"


def _show(arg: object) -> str:
    if isinstance(arg, tuple) and arg and all(isinstance(part, (str, int, tuple, Op)) for part in arg):
        return " ".join(repr(part) if isinstance(part, tuple) else str(part) for part in arg)
    text = repr(arg)
    return text if len(text) <= 80 else text[:77] + "..."
