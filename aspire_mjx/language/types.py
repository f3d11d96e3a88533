"""What ``type``, ``hasattr`` and ``__name__`` tell programs of plain values, and how what has no text is written.

A type that programs have a name for is itself; any other one is a :class:`Kind`, which can be compared and printed, and
neither called nor examined.
"""

from __future__ import annotations

import numbers
import operator
from collections.abc import Iterator
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np

from aspire_mjx.language.modules import NUMPY, Facade, FacadeFunction, RandomFunction
from aspire_mjx.language.rotation import Rotation
from aspire_mjx.language.vocabulary import ALLOWED, BUILTIN_FUNCTIONS, EXCEPTIONS, TYPES

_KNOWN = frozenset({*EXCEPTIONS.values(), UnboundLocalError, UnicodeError, np.linalg.LinAlgError})
#: lazy iterators by the names that programs have for them
PIPES = {kind.__name__: kind for kind in (enumerate, filter, map, zip)}
#: types that programs have names for
_NAMED = frozenset(
    {*TYPES.values(), *_KNOWN, type(None), Rotation, *(getattr(NUMPY, name) for name in ALLOWED["numpy"]["types"])}
    | {function for function in BUILTIN_FUNCTIONS.values() if isinstance(function, type)}
)
#: the only private names that ``hasattr`` answers for: what a type can do
PROTOCOLS = frozenset({"__len__", "__iter__", "__next__", "__getitem__", "__contains__", "__call__", "__name__"})


def attribute_name(name: Any) -> str:
    """A name for ``getattr`` or ``hasattr``. AttributeError for those that no program may write behind a dot."""
    if not isinstance(name, str):
        raise TypeError(f"attribute name must be string, not {type(name).__name__!r}")
    if name == "format" or (name.startswith("_") and name not in PROTOCOLS):
        raise AttributeError(f"attribute {name[:60]!r} does not exist for programs")
    return name


def known_type(type_: type[BaseException]) -> type[Exception]:
    """The nearest type of an exception that programs know by name."""
    return next((base for base in type_.__mro__ if base in _KNOWN), Exception)


class Kind:
    """A type that programs have no name for."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<class '{self.name}'>"


class Generator(Iterator[Any]):
    """A generator of a plain program, whose steps count as calls: Python would crash in a long chain of them."""

    __slots__ = ("_made",)

    def __init__(self, made: Iterator[Any]) -> None:
        self._made = made

    def __next__(self) -> Any:
        return next(self._made)


Generator.__name__, Generator.__module__ = "generator", "builtins"  # what Python's messages call it
kind_named = cache(Kind)  #: the one kind of a name


def type_of(value: Any) -> type | Kind:
    """``type(value)``."""
    kind = type(value)
    if kind in _NAMED or isinstance(value, tuple(PIPES.values())):
        return kind
    if isinstance(value, Exception):
        return known_type(kind)
    if isinstance(value, str):
        return str
    if isinstance(value, (type, Kind)):
        return kind_named("type")
    if isinstance(value, Generator):
        return kind_named("generator")
    if isinstance(value, Iterator):
        return kind_named("iterator")
    return kind_named("function" if callable(value) else "module" if kind is Facade else kind.__name__)


def name_of(value: Any) -> str:
    """``value.__name__``. AttributeError for what has no name of its own."""
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, (Kind, RandomFunction)):
        return value.name
    if isinstance(value, Facade):
        return repr(value)[1:-1]
    if not callable(value):
        raise AttributeError(f"{type(value).__name__!r} object has no attribute '__name__'")
    return (value.name if isinstance(value, FacadeFunction) else value.__qualname__).rpartition(".")[2]


def can(kind: type | Kind, protocol: str) -> bool:
    """Whether values of a type can do what one of the PROTOCOLS says."""
    names = {"function": ("__call__", "__name__"), "type": ("__call__", "__name__"), "module": ("__name__",)}
    names |= dict.fromkeys(("iterator", "generator"), ("__iter__", "__next__"))
    names |= {"Result": ("__len__", "__iter__", "__getitem__")}
    names |= dict.fromkeys(("dict_keys", "dict_items"), ("__len__", "__iter__", "__contains__"))
    names |= {"dict_values": ("__len__", "__iter__")}
    if isinstance(kind, Kind):
        return protocol in names.get(kind.name, ())
    return hasattr(kind, protocol) and protocol not in ("__call__", "__name__")


# what print writes ----------------------------------------------------------------------------------------------------

_DEPTH = 20  #: levels of containers that are looked into
_PLAIN = frozenset({int, float, bool, str, type(None), np.ndarray, np.float64})


class Text:
    """Stands for a value where it is written out."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def function_text(title: str) -> str:
    """How a function or method that is not of the program is written, by its qualified name."""
    owner, _, name = title.rpartition(".")
    return f"<built-in {'method' if owner else 'function'} {name}>"


def in_order(elements: set[Any]) -> list[Any]:
    """The elements of a set in an order that no hash of this process decides: by their texts; numbers as they lie."""
    if all(isinstance(item, numbers.Number) for item in elements):
        return list(elements)
    return sorted(elements, key=lambda item: repr(shown(item)))


def shown(value: Any, depth: int = _DEPTH) -> Any:
    """A value as it is written out: what Python would write with an address in memory is written without one."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind in (list, tuple) and depth:
        if all(type(item) in _PLAIN for item in value):
            return value
        items = [shown(item, depth - 1) for item in value]
        return value if all(map(operator.is_, items, value)) else kind(items)
    if kind is dict and depth:
        return dict(zip(value, shown(list(value.values()), depth), strict=True))
    if kind is set and value:
        return Text(f"{{{', '.join(repr(shown(item, depth)) for item in in_order(value))}}}")
    if kind is Generator:
        return Text("<generator object>")
    if isinstance(value, Iterator):
        return Text(f"<{next((name for name, pipe in PIPES.items() if isinstance(value, pipe)), 'iterator')} object>")
    if isinstance(value, type) or not callable(value) or isinstance(value, FacadeFunction):
        return value
    if isinstance(value, FunctionType) and value.__module__ == "__main__":
        return Text(f"<function {value.__qualname__}>")
    return Text(function_text(value.__qualname__))
