"""Arguments of the names that people use from Python, held against their type hints before anything is done with them.

``@checked`` on a function, or on a class for its ``__init__`` and public methods, raises an AspireError that names the
call, the argument, what was given, what is wanted, and how to make one.
"""

from __future__ import annotations

import functools
import inspect
import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from aspire_mjx.errors import AspireError, UnknownNameError

Target = TypeVar("Target", bound=Callable[..., Any])

_SHOWN = 80  # characters of a value
#: Class to what else counts as one: a numpy number is as good as Python's own.
_ALSO: dict[type, tuple[type, ...]] = {
    int: (np.integer,),
    float: (int, np.integer, np.floating),
    bool: (np.bool_,),
}
_WORDS = {"int": "a whole number", "float": "a number", "bool": "True or False", "str": "text", "NoneType": "None"}
#: Name of a class to how to make one.
_HOW = {
    "Program": "Program.read('x.py') or Program.shipped('reach')",
    "Task": "find_task('libero_goal', 3)",
    "Job": "Job(program, task, seed)",
    "Perturbation": "Perturbation(noise=1.0) or Perturbation.parse('noise:1')",
    "TraceBatch": "run_jobs([Job(program, task, 51)])",
    "Candidate": "Candidate.first(program)",
    "Skill": "SkillLibrary(path).get(name)",
    "ImageSize": "ImageSize.parse('160x120')",
    "ProgramLimits": "ProgramLimits()",
    "Registry": "ROBOT_API",
}


class _Misfit(NamedTuple):
    """The first part of a value that is of another type: where it stands, what it is, what is wanted."""

    place: str
    value: object
    hint: Any


def checked(target: Target) -> Target:
    """The function, or class, with its arguments checked at every call."""
    if not isinstance(target, type):
        return _checked_function(target, target.__name__, None)  # type: ignore[return-value]
    for name, member in list(vars(target).items()):
        kind = type(member) if isinstance(member, (classmethod, staticmethod)) else None
        function = member.__func__ if kind else member
        if inspect.isfunction(function) and (name == "__init__" or not name.startswith("_")):
            wrapped = _checked_function(function, "" if name == "__init__" else f".{name}", target)
            setattr(target, name, kind(wrapped) if kind else wrapped)
    return target  # type: ignore[return-value]


def _checked_function(function: Callable[..., Any], name: str, owner: type | None) -> Callable[..., Any]:
    signature = inspect.signature(function)
    wanted: dict[str, Any] = {}

    def refused(said: str, args: Sequence[Any]) -> AspireError:
        """With the class that was called, which may have been derived from the one that declares it."""
        first = args[0] if args else None
        called = first if isinstance(first, type) else type(first)
        of = called if owner and issubclass(called, owner) else owner
        return AspireError(f"{of.__name__ if of else ''}{name}: {said}")

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise refused(f"{error}; its parameters are {_parameters(signature)}.", args) from None
        if not wanted:
            wanted.update(_hints(function))
        for parameter, value in given.items():
            if parameter not in wanted or not (found := _misfit(value, wanted[parameter], parameter)):
                continue
            if get_origin(found.hint) is Literal:
                raise UnknownNameError(found.place, found.value, get_args(found.hint))
            raise refused(f"{found.place} is {repr(found.value)[:_SHOWN]}; give {_words(found.hint)}.", args)
        return function(*args, **kwargs)

    return call


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Types of the parameters that can be told; names that only a type checker imports can not."""
    names = inspect.unwrap(function).__globals__
    found: dict[str, Any] = {"": Any}
    for name, hint in function.__annotations__.items():
        with suppress(NameError):
            found |= get_type_hints(types.SimpleNamespace(__annotations__={name: hint}), names)
    return found


def _misfit(value: object, hint: Any, place: str) -> _Misfit | None:
    """None where the value is of the type."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        found = [_misfit(value, each, place) for each in inner]
        deeper = [each for each in found if each and each.place != place]
        return None if None in found else deeper[0] if deeper else _Misfit(place, value, hint)
    if origin is Literal:
        known = any(type(value) is type(each) and value == each for each in inner)
        return None if known else _Misfit(place, value, hint)
    kind = type(None) if hint is None else origin or hint
    if hint is Any or not isinstance(kind, type) or getattr(kind, "_is_protocol", False):
        return None  # anything, a type variable, a protocol
    if not _is(type(value), kind) or (_numbered(hint) and len(value) != len(inner)):  # type: ignore[arg-type]
        return _Misfit(place, value, hint)
    return next(filter(None, (_misfit(*part) for part in _parts(value, hint, place))), None)


def _is(given: type, kind: type) -> bool:
    """Whether a value of one type counts as one of another."""
    if issubclass(given, (bool, np.bool_)) and kind in (int, float):
        return False
    if issubclass(given, (str, bytes)) and kind in (Sequence, Iterable):
        return False  # a text is a sequence of texts, and nearly always a mistake
    if issubclass(given, np.ndarray) and kind in (Sequence, Iterable):
        return True
    return issubclass(given, (kind, *_ALSO.get(kind, ())))


def _numbered(hint: Any) -> bool:
    """Whether it is a tuple of so many values."""
    return get_origin(hint) is tuple and get_args(hint)[-1] is not Ellipsis


def _parts(value: Any, hint: Any, place: str) -> Iterable[tuple[object, Any, str]]:
    """What a container holds, with the type of each, and its place."""
    kind, inner = get_origin(hint) or hint, get_args(hint)
    if not inner or isinstance(value, np.ndarray):
        return
    if _numbered(hint):
        for i, (part, hint) in enumerate(zip(value, inner, strict=True)):
            yield part, hint, f"{place}[{i}]"
    elif issubclass(kind, Mapping):
        for key, item in value.items():
            yield key, inner[0], place
            yield item, inner[1], f"{place}[{key!r}]"
    elif issubclass(kind, (Sequence, frozenset, set)):
        plain = isinstance(inner[0], type) and not get_origin(inner[0])
        if plain and all(_is(each, inner[0]) for each in set(map(type, value))):
            return  # long lists of one type take no time
        for i, item in enumerate(value):
            yield item, inner[0], f"{place}[{i}]"


def _words(hint: Any) -> str:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(map(_words, inner)))
    if origin is Literal:
        return " or ".join(each if " " in str(each) else repr(each) for each in inner)
    kind = origin or hint
    name = getattr(kind, "__name__", str(kind))
    if kind is Callable:
        return "a function"
    if inner:
        text = re.sub(r"[\w.]+\.(?=\w)", "", str(hint))
        return f"a {text}{_made(text)}"
    return _WORDS.get(name, f"a {name}{_made(name)}")


def _made(text: str) -> str:
    """How to make the last of the types that a text names."""
    how = [_HOW[name] for name in re.findall(r"\w+", text) if name in _HOW]
    return f", e.g. {how[-1]}" if how else ""


def _parameters(signature: inspect.Signature) -> str:
    parts = [p.name if p.default is p.empty else f"{p.name}=..." for p in signature.parameters.values()]
    return ", ".join(part for part in parts if part not in ("self", "cls"))
