"""Values of the machine. A value is uniform (one Python value for a strand) or varying (one value in each lane).

Containers are uniform objects whose elements may be varying: see ``structure.py``.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeGuard

import numpy as np

from aspire_mjx.compiler.code import Code
from aspire_mjx.language.limits import Compound
from aspire_mjx.language.types import function_text, known_type, shown
from aspire_mjx.machine.lane_columns import codes_of
from aspire_mjx.primitives.results import Results

ExceptionType = type[Exception] | type[SystemExit]


class Signal(BaseException):
    """What an instruction tells the machine instead of finishing."""


class Partition(Signal):
    """Split the strand into groups of lanes with equal labels ``[N]`` and execute the instruction again in each."""

    def __init__(self, labels: np.ndarray | Sequence[Hashable]) -> None:
        if isinstance(labels, np.ndarray) and labels.dtype == np.bool_:
            self.labels = (labels != labels[0]).astype(np.int64)
            return
        if isinstance(labels, np.ndarray):
            _, firsts, inverse = np.unique(labels, return_index=True, return_inverse=True)
            self.labels = np.argsort(np.argsort(firsts))[inverse]  # numbered as they come
            return
        self.labels = codes_of(labels)


class Promote(Signal):
    """Make a uniform array varying, or a varying one ragged, in the whole strand; execute the instruction again.

    Any array of those that share its memory will do.
    """

    def __init__(self, array: np.ndarray | Varying) -> None:
        self.array = array


class Raised(Signal):
    """An exception of the program, raised in every lane of the strand."""

    def __init__(self, exception: ExceptionValue) -> None:
        self.exception = exception


class Varying(Compound):
    """One value in each of N lanes.

    Attributes:
        array: ``[N, ...]``. With ``python`` it is ``[N]`` and its elements are Python scalars (float64 for float,
            int64 for int, bool) or, with dtype object, immutable values of one type (text, large integers, rotations).
            Otherwise each lane holds a numpy scalar (``[N]``) or array.
        owner: the Varying whose memory this one is a view of; None when it owns its memory, C-contiguous.
        codes: ``[N]`` int, for text: lanes with equal codes hold equal text; None until somebody asks.
        choice: for an array that every lane has picked from several: those, and ``[N]`` int which one. ``array`` is a
            copy; before anything is written to one of them, all are made ragged.
        watched: whether a choice has been made of this memory.
    """

    __slots__ = ("array", "choice", "codes", "owner", "python", "watched")

    def __init__(
        self,
        array: np.ndarray,
        python: bool = False,
        owner: Varying | None = None,
        codes: np.ndarray | None = None,
    ) -> None:
        self.array = array
        self.python = python
        self.owner = owner
        self.codes = codes
        self.choice: tuple[tuple[Varying, ...], np.ndarray] | None = None
        self.watched = False

    def writable(self) -> Varying:
        """Itself, when its memory belongs to nothing else that the program knows; else it is made ragged."""
        root = self.owner or self
        if root.watched or root.choice is not None:
            raise Promote(root)
        return self

    def take(self, rows: np.ndarray) -> Varying:
        """Some of the lanes."""
        return Varying(self.array[rows], self.python, codes=None if self.codes is None else self.codes[rows])

    @property
    def form(self) -> Hashable:
        """Equal for values that can be joined: the type of the scalars, or the kind of the arrays."""
        array = self.array
        if self.python:
            return {"f": float, "i": int, "b": bool}.get(array.dtype.kind) or type(array[0])
        return array.dtype.type if array.ndim == 1 else ("array", array.dtype.str, array.ndim - 1)

    def inside(self) -> tuple[int, tuple[()]]:
        """The elements of an array; none for a number."""
        return self.array.size // max(1, len(self.array)) - 1, ()

    def __repr__(self) -> str:
        return f"Varying({self.array!r}, python={self.python})"


def is_array(value: Any) -> TypeGuard[Varying]:
    """Whether a value is a varying array of numbers."""
    return type(value) is Varying and value.array.ndim > 1


def fresh(array: np.ndarray, python: bool = False) -> Varying:
    """A Varying that owns its memory."""
    if array.base is not None or not array.flags.c_contiguous or not array.flags.writeable:
        array = np.array(array, order="C")
    return Varying(array, python)


@dataclass(eq=False, repr=False, slots=True)
class VaryingResult:
    """Results of a primitive, one in each lane of the strand."""

    results: Results

    def take(self, rows: np.ndarray) -> VaryingResult:
        """Some of the lanes."""
        return VaryingResult(self.results.take(rows))


class Holder:
    """A value of the machine that holds others.

    Attributes:
        holds: the attributes that are values; all others are the same in values that can be joined.
    """

    __slots__ = ()
    holds: ClassVar[tuple[str, ...]] = ()


@dataclass(eq=False, slots=True)
class FunctionValue(Holder):
    """A function of the program: its code, default values, and the scopes it can see."""

    code: Code
    defaults: tuple[Any, ...]
    keyword_defaults: tuple[Any, ...]
    scopes: tuple[dict, ...]
    holds = ("defaults", "keyword_defaults", "scopes")

    def __repr__(self) -> str:
        return f"<function {self.code.title or self.code.name}>"


@dataclass(eq=False, repr=False, slots=True)
class Builtin:
    """A built-in function, type or exception type under its name."""

    name: str
    plain: Any

    def __repr__(self) -> str:
        return repr(self.plain) if isinstance(self.plain, type) else function_text(self.name)


@dataclass(eq=False, slots=True)
class RobotFunction:
    """A primitive as a value."""

    name: str

    def __repr__(self) -> str:
        return function_text(self.name)


@dataclass(eq=False, slots=True)
class BoundMethod(Holder):
    """A method of a value, before it is called."""

    receiver: Any
    name: str
    holds = ("receiver",)

    def __repr__(self) -> str:
        return f"<built-in method {self.name}>"


@dataclass(eq=False, repr=False, slots=True)
class DictView(Holder, Compound):
    """What ``items()``, ``keys()`` and ``values()`` of a dict give: a live view of it."""

    source: dict
    kind: str
    holds = ("source",)

    def inside(self) -> tuple[int, tuple[dict]]:
        """It holds the dict."""
        return 0, (self.source,)

    def plain(self, source: dict) -> Any:
        """Python's own view of the dict of one lane."""
        return getattr(source, self.kind)()

    def __repr__(self) -> str:
        return repr(self.plain(self.source))


@dataclass(eq=False, repr=False, slots=True)
class IteratorValue(Holder):
    """A loop's position in what it goes through.

    Attributes:
        source: what it goes through; of a dict or set, a list of the keys.
        watched: the dict or set itself, which must keep its size.
        kind: whether a loop through a dict gets keys, values or items.
        index: how many elements were taken.
        size: the size of ``watched`` at first.
    """

    source: Any
    watched: Any = None
    kind: str = "keys"
    index: int = 0
    size: int = field(init=False)
    holds = ("source", "watched")

    def __repr__(self) -> str:
        return "<iterator object>"

    def __post_init__(self) -> None:
        self.size = 0 if self.watched is None else len(self.watched)


@dataclass(eq=False, slots=True)
class Pipe(Holder):
    """An iterator over other iterators. It is lazy, as in Python: nothing is read or called before it is needed.

    Attributes:
        kind: the built-in function that made it: "zip", "enumerate", "map" or "filter".
        parts: the iterators it reads, :class:`IteratorValue` or Pipe.
        function: what map and filter call.
        start: the first number of enumerate.
        strict: whether zip demands equal lengths.
        ready: the elements that map and filter have made so far.
        index: how many elements were taken.
        ended: whether map or filter have read all of their parts.
    """

    kind: str
    parts: list[Any]
    function: Any = None
    start: Any = 0
    strict: bool = False
    ready: list[Any] = field(default_factory=list)
    index: int = 0
    ended: bool = False
    holds = ("parts", "function", "start", "ready")

    def __repr__(self) -> str:
        return f"<{self.kind} object>"


@dataclass(eq=False, slots=True)
class GeneratorValue(Holder):
    """A generator expression: a call that gives one element after the other, and waits in between.

    Attributes:
        code: what it executes.
        scopes: its variables, then those of the functions around it.
        stack: its operands: the iterators of its loops.
        ready: the elements that it has made so far.
        pc: the instruction that it goes on at.
        index: how many of the elements were taken.
        running: whether it is making an element.
        whole: whether it does not wait any more: all of its elements are needed.
        ended: whether there are no more elements.
    """

    code: Code
    scopes: tuple[dict, ...]
    pc: int
    stack: list[Any] = field(default_factory=list)
    ready: list[Any] = field(default_factory=list)
    index: int = 0
    running: bool = False
    whole: bool = False
    ended: bool = False
    holds = ("scopes", "stack", "ready")

    def __repr__(self) -> str:
        return "<generator object>"

    def give(self, element: Any) -> None:
        """Add an element; those that were taken are not needed any more."""
        del self.ready[: self.index]
        self.index = 0
        self.ready.append(element)

    def close(self, *, failed: bool) -> None:
        """There are no more elements; none at all when it has failed."""
        self.running, self.ended = False, True
        self.stack, self.scopes = [], ()
        if failed:
            self.ready.clear()
            self.index = 0


def is_iterator(value: Any) -> bool:
    """Whether a value is an iterator: next() takes its elements, which are gone then."""
    return type(value) is Pipe or type(value) is IteratorValue or type(value) is GeneratorValue


@dataclass(eq=False, repr=False, slots=True)
class ExceptionValue(Holder, Compound):
    """An exception of the program: its type, its arguments (which may be varying), and the line that raised it."""

    type: ExceptionType
    args: tuple[Any, ...]
    line: int = 0
    holds = ("args",)

    def inside(self) -> tuple[int, tuple[Any, ...]]:
        """It holds its arguments."""
        return 0, self.args

    def plain(self, args: tuple[Any, ...]) -> BaseException:
        """Python's own exception, with the arguments of one lane as they are written out."""
        return self.type(*map(shown, args))

    def __repr__(self) -> str:
        return repr(self.plain(self.args))


def raised(error: Exception) -> Raised:
    """The signal for an exception that plain Python raised."""
    kind = known_type(type(error))
    if kind is not type(error):
        return Raised(ExceptionValue(kind, (str(error),)))
    args = tuple(a for a in error.args if isinstance(a, (str, int, float)))
    return Raised(ExceptionValue(type(error), args if len(args) == len(error.args) else (str(error),)))
