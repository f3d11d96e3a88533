"""What ``type``, ``hasattr``, ``getattr`` and ``__name__`` tell of values of the machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from aspire_mjx.language.modules import FacadeFunction, RandomFunction
from aspire_mjx.language.rotation import Rotation
from aspire_mjx.language.types import PIPES, Kind, kind_named, name_of, type_of
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.structure import first_lane
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
    Varying,
    VaryingResult,
)
from aspire_mjx.primitives.results import Result

_CALLED = (FunctionValue, BoundMethod, RobotFunction, FacadeFunction, RandomFunction)


def kind_of(value: Any) -> type | Kind:
    """The type of a value, which is the same in all lanes."""
    match value:
        case Varying():
            return type_of(first_lane(value))
        case Ragged():
            return np.ndarray
        case VaryingResult():
            return kind_named(Result.__name__)
        case ExceptionValue():
            return value.type
        case Builtin():
            return kind_named("type" if isinstance(value.plain, type) else "function")
        case Pipe():
            return PIPES[value.kind]
        case IteratorValue():
            return kind_named("iterator")
        case GeneratorValue():
            return kind_named("generator")
        case DictView():
            return kind_named(f"dict_{value.kind}")
    return kind_named("function") if isinstance(value, _CALLED) else type_of(value)


def title_of(value: Any) -> str:
    """``value.__name__``. AttributeError for what has no name of its own."""
    match value:
        case FunctionValue():
            return (value.code.title or value.code.name).rpartition(".")[2]
        case Builtin() if not isinstance(value.plain, type):
            return value.name.rpartition(".")[2]
        case Builtin():
            return name_of(value.plain)
        case RobotFunction() | BoundMethod():
            return value.name
    if value is Rotation or isinstance(value, _CALLED):
        return name_of(value)
    kind = kind_of(value)
    if isinstance(value, Kind) or kind is kind_named("module"):
        return name_of(value)
    raise AttributeError(f"{name_of(kind)!r} object has no attribute '__name__'")
