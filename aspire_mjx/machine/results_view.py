"""Varying results as programs use them: fields, status, unpacking, truth, without leaving the columns."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from aspire_mjx.machine.lane_columns import objects
from aspire_mjx.machine.lane_map import raise_varying
from aspire_mjx.machine.values import Partition, Raised, Varying, VaryingResult, fresh
from aspire_mjx.primitives.results import STATUS_NAMES, Result, Results, failure, needs_success
from aspire_mjx.status import Status


def column(results: Results, name: str) -> Any:
    """One field of every lane. Splits the strand where only some lanes have the value; raises where none has."""
    if needs_success(results, name):
        fine = results.status == Status.OK
        if not fine.all():
            if fine.any():
                raise Partition(fine)
            raise _failed(results)
    values = results.fields[name]
    if isinstance(values, tuple):
        return texts(values)
    bulk = any(f.bulk and f.name == name for f in results.primitive.fields)
    array = np.array(values) if bulk else np.array(values, dtype=np.float64)
    return Varying(array, python=array.ndim == 1)


def _failed(results: Results) -> Raised:
    """The exception of every lane; lanes of the same status and message have the same one."""
    reasons = list(zip(results.status.tolist(), results.messages, strict=True))
    lanes = {reason: lane for lane, reason in enumerate(reasons)}
    errors = {reason: failure(results, lane) for reason, lane in lanes.items()}
    words = {reason: str(error) for reason, error in errors.items()}
    return raise_varying(type(errors[reasons[0]]), [words[reason] for reason in reasons])


def texts(values: tuple[str, ...] | list[str]) -> Varying:
    """Varying text."""
    return Varying(objects(values), True)


def single_value(value: Any) -> Any:
    """The value itself, or the only value that a result stands for."""
    if type(value) is not VaryingResult:
        return value
    names = value.results.unpacks or ()
    if len(names) != 1:
        _refuse(value.results)
    return column(value.results, names[0])


def _refuse(results: Results) -> NoReturn:
    Result(results, 0).value()
    raise RuntimeError(f"the result of {results.primitive.name} has a value")


def unpacked(value: VaryingResult) -> Any:
    """What a result unpacks to: a tuple of values, or its only value."""
    names = value.results.unpacks or ()
    if len(names) < 2:
        return single_value(value)
    return tuple(column(value.results, name) for name in names)


def result_member(value: VaryingResult, name: str) -> Any:
    """An attribute of a result; AttributeError (as in one lane) where there is none."""
    results = value.results
    if name == "status":
        names = texts([STATUS_NAMES[code] for code in results.status.tolist()])
        return Varying(names.array, True, codes=results.status.astype(np.int64))
    if name == "message":
        return texts(results.messages)
    if name in results.fields:
        return column(results, name)
    known = ", ".join(("status", "message", *results.fields))
    raise AttributeError(f"a result of {results.primitive.name} has no {name!r}; it has {known}")


def answer(results: Results) -> Any:
    """What a QUERY gives: the plain value in every lane."""
    name = results.primitive.unpacks[0]
    values = results.fields[name]
    if isinstance(values, tuple):
        return texts(values)
    return fresh(np.array(values, dtype=np.float64), python=np.ndim(values) == 1)
