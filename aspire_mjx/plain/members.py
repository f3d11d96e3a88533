"""Attributes in the plain runner: closed by type, as the machine's are.

A program in ordinary Python could otherwise reach numpy's own methods (which write where ``out=`` says, or make
arrays of anything), and the objects inside exceptions and results.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType
from typing import Any

import numpy as np

from aspire_mjx.language.callables import method_title, named
from aspire_mjx.language.modules import Facade, FacadeFunction
from aspire_mjx.language.random import Stream
from aspire_mjx.language.rotation import Rotation
from aspire_mjx.language.types import PROTOCOLS, attribute_name, can, known_type, name_of, type_of
from aspire_mjx.language.vocabulary import METHODS, RAISED
from aspire_mjx.machine.indexing import type_name
from aspire_mjx.machine.methods import call_guarded, member
from aspire_mjx.machine.values import BoundMethod
from aspire_mjx.plain.hashing import GUARDED, Guarded, hashing
from aspire_mjx.primitives.results import Result

#: what the arguments of an exception may be; anything else comes from inside a library
_ARGUMENTS = (str, int, float, list, tuple, dict, set, range, np.ndarray, np.generic, Rotation, Result, Exception)
_NOTHING = object()  #: the default of what is not given
_ARGUMENTS += (FunctionType, Facade, FacadeFunction, type, type(None))


def plain_member(value: Any, name: str) -> Any:
    """``value.name`` in a plain program. AttributeError for everything that the machine does not have."""
    kind = type(value)
    if name == "__name__":
        return name_of(value)
    if kind in (Facade, Stream):
        found = getattr(value, name)
        return GUARDED[np.ndarray] if found is np.ndarray else found
    if kind is Result:
        return _of_result(value, name)
    if value is Rotation:
        return member(value, name, 1)
    if kind is type:
        if name in METHODS.get(value, ()):
            return named(partial(_of_text, name), f"str.{name}") if value is str else getattr(value, name)
    elif isinstance(value, RAISED):
        if name == "args":
            return _arguments(value)
    elif kind is Guarded:
        if name in METHODS.get(value.real, ()):
            return hashing(getattr(value.real, name), name, own=int(name != "fromkeys"))
        value = value.real
    else:
        return _of_value(value, name)
    raise AttributeError(f"{type_name(value)!r} object has no attribute {name!r}")


def plain_type(object: Any, /) -> Any:
    """``type(object)``."""
    kind = type_of(object)
    return GUARDED.get(kind, kind) if isinstance(kind, type) else kind


def plain_hasattr(object: Any, name: Any, /) -> bool:
    """``hasattr(object, name)``."""
    if name in PROTOCOLS:
        return can(type_of(object), name)
    try:
        plain_member(object, attribute_name(name))
    except AttributeError:
        return False
    return True


def plain_getattr(object: Any, name: Any, default: Any = _NOTHING, /) -> Any:
    """``getattr(object, name[, default])``."""
    try:
        return plain_member(object, attribute_name(name))
    except AttributeError:
        if default is _NOTHING:
            raise
        return default


def _of_value(value: Any, name: str) -> Any:
    """The machine's member of a value that is the same there, with methods as plain functions."""
    found = member(value, name, 1)
    if type(found) is not BoundMethod:
        return found
    if isinstance(value, (np.ndarray, np.generic, str, Rotation)):
        return named(partial(call_guarded, name, value), method_title(value, name))
    return hashing(getattr(value, name), name) if type(value) in GUARDED else getattr(value, name)


def _of_text(name: str, *args: Any, **kwargs: Any) -> Any:
    """``str.name(text, ...)``, with the guard that ``text.name(...)`` has."""
    method = partial(call_guarded, name) if args and isinstance(args[0], str) else getattr(str, name)
    return method(*args, **kwargs)


def _of_result(value: Result, name: str) -> Any:
    results = value._results
    if name in ("status", "message") or name in results.fields:
        return getattr(value, name)
    if len(results.unpacks or ()) == 1:
        return plain_member(value.value(), name)
    return value.__getattr__(name)


def _arguments(error: BaseException) -> tuple[Any, ...]:
    if known_type(type(error)) is type(error) and all(isinstance(a, _ARGUMENTS) for a in error.args):
        return error.args
    return (str(error),)
