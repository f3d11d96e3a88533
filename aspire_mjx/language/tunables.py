"""Tunables: numbers of a program that a search may set lane by lane, within declared bounds."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.language.program import Program

FORM = 'tunable("name", default, low=..., high=...) with constant arguments'


@dataclass(frozen=True)
class Tunable:
    """One declared tunable: its default and the closed interval ``[low, high]`` that values must lie in."""

    name: str
    default: float
    low: float
    high: float
    line: int


def read_tunable(call: ast.Call) -> Tunable:
    """The tunable that a ``tunable(...)`` call declares. ValueError says what is wrong with it."""
    names = ("name", "default", "low", "high")
    given = dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
    if len(call.args) > 4 or set(given) != set(names) or len(given) != len(call.args) + len(call.keywords):
        raise ValueError(f"write {FORM}")
    try:
        values = {name: ast.literal_eval(node) for name, node in given.items()}
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise ValueError(f"write {FORM}") from None
    name, numbers = values["name"], [values[key] for key in names[1:]]
    if not isinstance(name, str) or not name.isidentifier() or not name.isascii():
        raise ValueError(f"the name of a tunable is a plain word, got {name!r}; write {FORM}")
    if any(isinstance(x, bool) or not isinstance(x, (int, float)) or not math.isfinite(x) for x in numbers):
        raise ValueError(f"tunable {name!r}: default, low and high are finite numbers; write {FORM}")
    default, low, high = map(float, numbers)
    if not low <= default <= high or low == high:
        raise ValueError(f"tunable {name!r}: needs low <= default <= high and low < high, got {low}, {default}, {high}")
    return Tunable(name, default, low, high, call.lineno)


def tunable_calls(tree: ast.Module) -> list[ast.Call]:
    """The calls that declare tunables."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "tunable"]


def tunables_of(program: Program) -> tuple[Tunable, ...]:
    """The tunables that a program declares, in the order of its lines; a wrong declaration is left to the compiler."""
    found: dict[str, Tunable] = {}
    for call in tunable_calls(ast.parse(program.text)):
        with suppress(ValueError):
            tunable = read_tunable(call)
            found.setdefault(tunable.name, tunable)
    return tuple(sorted(found.values(), key=lambda tunable: tunable.line))


def tunable_values(declared: Sequence[Tunable], given: Mapping[str, float], *, program: str) -> dict[str, float]:
    """One value for each declared tunable: the given one, or its default.

    Raises:
        UnknownNameError: a given name is not declared.
        AspireError: a value lies outside its bounds.
    """
    bounds = {t.name: t for t in declared}
    for name, value in given.items():
        if name not in bounds:
            raise UnknownNameError("tunable", name, bounds)
        tunable = bounds[name]
        if not tunable.low <= value <= tunable.high:
            raise AspireError(
                f"tunable {name!r} of {program}: {value} is outside [{tunable.low}, {tunable.high}]; "
                f"choose a value within the bounds declared in line {tunable.line}."
            )
    return {name: float(given.get(name, tunable.default)) for name, tunable in bounds.items()}


def tunable_columns(
    declared: Sequence[Tunable], given: Sequence[Mapping[str, float]], *, program: str
) -> dict[str, np.ndarray]:
    """``[N]`` values of each declared tunable, from what each of N lanes is given. Raises as ``tunable_values``."""
    columns = {t.name: np.full(len(given), t.default, dtype=float) for t in declared}
    for lane, own in enumerate(given):
        if own:  # the others have the defaults, and cost nothing
            for name, value in tunable_values(declared, own, program=program).items():
                columns[name][lane] = value
    return columns
