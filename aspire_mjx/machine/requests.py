"""Requests: what strands ask of the primitives, as columns over lanes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aspire_mjx.columns import SHARED, Columns
from aspire_mjx.language.limits import tree_size
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.results_view import single_value
from aspire_mjx.machine.rules.operands import row
from aspire_mjx.machine.structure import columns, is_varying
from aspire_mjx.machine.values import Partition, Varying, VaryingResult
from aspire_mjx.primitives.binding import convert, match, valid
from aspire_mjx.primitives.registry import Parameter, Primitive

_LARGEST = 1_000  #: elements of a value that is worth converting; no parameter takes nearly as many


@dataclass(frozen=True, eq=False)
class Request(Columns):
    """One call of a primitive in N lanes.

    Attributes:
        primitive: what is called.
        lanes: ``[N]`` int lane numbers.
        arguments: one column for each declared parameter, bound and validated: ``[N, *shape]`` float64, or N texts.
        lines: source line of the call.
        path: strand path, e.g. ``module:40>pick:31``.
    """

    primitive: Primitive = field(metadata=SHARED)
    lanes: np.ndarray
    arguments: dict[str, np.ndarray | tuple[str, ...]]
    lines: int = field(metadata=SHARED)
    path: str = field(metadata=SHARED)


def bind_lanes(
    primitive: Primitive, args: Sequence[Any], kwargs: Mapping[str, Any], n: int
) -> dict[str, np.ndarray | tuple[str, ...]]:
    """Bound arguments of n lanes. Lanes with a bad argument are split off and raise in the program."""
    matched = match(primitive, args, kwargs)
    bound = {p.name: _column(primitive, p, matched[p.name], n) for p in primitive.parameters}
    for parameter in primitive.parameters:
        if parameter.adds:
            true = np.asarray(bound[parameter.name]) != 0.0
            if true.any() and not true.all():
                raise Partition(true)
    return bound


def _convert(primitive: Primitive, parameter: Parameter, value: Any) -> np.ndarray | str:
    if parameter.numeric and tree_size(value) > _LARGEST:
        expected = f"an array of shape {parameter.shape}" if parameter.shape else "a number"
        raise ValueError(f"{primitive.name}: {parameter.name} must be {expected}, got a much larger value")
    return convert(primitive, parameter, value)


def _column(primitive: Primitive, parameter: Parameter, value: Any, n: int) -> np.ndarray | tuple[str, ...]:
    if parameter.numeric:
        if type(value) is VaryingResult:
            value = single_value(value)
        array = value.array if type(value) is Varying and value.array.dtype != object else None
        if array is None and type(value) in (list, tuple):
            array = row(value, n)
        if array is not None and array.shape[1:] == parameter.shape:
            array = np.array(array, dtype=np.float64, order="C")
            if valid(parameter, array):
                return array
    converted = lane_map(lambda v: _convert(primitive, parameter, v), (value,), n)
    if not parameter.numeric:
        return tuple(columns(converted, n))
    if is_varying(converted):
        return np.array(columns(converted, n), dtype=np.float64)
    return np.repeat(np.asarray(converted, dtype=np.float64)[None], n, axis=0)
