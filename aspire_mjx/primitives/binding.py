"""Binding the arguments of a primitive call: names matched, defaults filled, values converted and validated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from aspire_mjx.primitives.registry import Parameter, Primitive
from aspire_mjx.primitives.results import Result

UNIT_TOLERANCE = 0.05  #: largest accepted distance of a quaternion's norm from 1


def match(primitive: Primitive, positional: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by parameter name in declared order, defaults filled. TypeError names the signature."""
    parameters = primitive.parameters
    if len(positional) > len(parameters):
        raise TypeError(f"{primitive.signature} takes at most {len(parameters)} arguments, got {len(positional)}")
    given: dict[str, Any] = dict(zip((p.name for p in parameters), positional, strict=False))
    names = {p.name for p in parameters}
    for name, value in keywords.items():
        if name not in names:
            raise TypeError(f"{primitive.signature} has no parameter {name!r}")
        if name in given:
            raise TypeError(f"{primitive.signature} got two values for {name!r}")
        given[name] = value
    missing = [p.name for p in parameters if p.required and p.name not in given]
    if missing:
        raise TypeError(f"{primitive.signature} needs {', '.join(missing)}")
    return {p.name: given.get(p.name, p.default) for p in parameters}


def convert(primitive: Primitive, parameter: Parameter, value: Any) -> np.ndarray | str:
    """One argument as float64 of the declared shape, or text; an image as the text that its content gives.

    TypeError or ValueError say what is expected.
    """
    where = f"{primitive.name}: {parameter.name}"
    if parameter.bulk:
        return _image(where, value.value() if isinstance(value, Result) else value)
    if parameter.shape is None:
        if not isinstance(value, str):
            raise TypeError(f"{where} must be text, got {type(value).__name__}")
        return str(value)
    if isinstance(value, Result):
        value = value.value()
    array = _array(value, f"{where} must be {_expected(parameter)}")
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{where} must be {_expected(parameter)}, got {type(value).__name__}")
    array = array.astype(np.float64)
    if array.shape != parameter.shape:
        raise ValueError(f"{where} must be {_expected(parameter)}, got shape {array.shape}")
    problem = problems(parameter, array[None])[0]
    if problem:
        raise ValueError(f"{where} {problem}")
    return array


def _array(value: Any, expected: str) -> np.ndarray:
    try:
        return np.asarray(value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{expected}, got {type(value).__name__}") from error


def fingerprint(rgb: np.ndarray) -> str:
    """A text that stands for the content of an image ``[H, W, 3]`` uint8."""
    return blake2b(np.ascontiguousarray(rgb).tobytes(), digest_size=16, person=b"%dx%d" % rgb.shape[:2]).hexdigest()


def _image(where: str, value: Any) -> str:
    expected = f"{where} must be an RGB image, an array (H, W, 3) of whole numbers 0 to 255"
    if not isinstance(value, (np.ndarray, list, tuple)):
        raise TypeError(f"{expected}, got {type(value).__name__}")
    image = _array(value, expected)
    if image.dtype.kind not in "fiu":
        raise TypeError(f"{expected}, got {type(value).__name__} of {image.dtype.name[:20]}")
    if image.ndim != 3 or image.shape[2] != 3 or not image.size:
        raise ValueError(f"{expected}, got shape {image.shape}")
    if image.dtype != np.uint8:
        if not ((image >= 0) & (image <= 255) & (image == np.floor(image))).all():
            raise ValueError(f"{expected}, got other numbers")
        image = image.astype(np.uint8)
    return fingerprint(image)


def problems(parameter: Parameter, column: np.ndarray) -> list[str]:
    """What is wrong with each of ``[N, *shape]`` values of a numeric parameter; "" where nothing is."""
    flat = column.reshape(len(column), -1)
    finite, unit, enough = _valid(parameter, flat)
    found = [""] * len(column)
    for i in np.flatnonzero(~finite):
        found[i] = f"must be finite, got {flat[i].tolist()}"
    for i in np.flatnonzero(finite & ~unit):
        norm = np.sqrt((flat[i] * flat[i]).sum())
        found[i] = f"must be a unit quaternion (w, x, y, z), got norm {norm:.3f}"
    for i in np.flatnonzero(finite & ~enough):
        found[i] = f"must be {parameter.least:g} or more, got {flat[i].min():g}"
    return found


def valid(parameter: Parameter, column: np.ndarray) -> bool:
    """Whether nothing is wrong with any of ``[N, *shape]`` values of a numeric parameter."""
    return all(each.all() for each in _valid(parameter, column.reshape(len(column), -1)))


def _valid(parameter: Parameter, flat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``[N]`` bools: finite, of unit length where the parameter has to be, and no smaller than it may be."""
    finite = np.asarray(np.isfinite(flat).all(axis=1))
    unit = enough = np.ones(len(flat), bool)
    if parameter.unit:
        norm: np.ndarray = np.sqrt((flat * flat).sum(axis=1))
        unit = np.less_equal(np.abs(norm - 1.0), UNIT_TOLERANCE)
    if parameter.least is not None:
        enough = np.asarray((flat >= parameter.least).all(axis=1))
    return finite, unit, enough


def bind(primitive: Primitive, positional: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The bound arguments of one call in one lane: float64 arrays of the declared shapes, or texts."""
    matched = match(primitive, positional, keywords)
    return {p.name: convert(primitive, p, matched[p.name]) for p in primitive.parameters}


def _expected(parameter: Parameter) -> str:
    if parameter.shape == ():
        return f"a number ({parameter.doc})"
    return f"an array of shape {parameter.shape} ({parameter.doc})"
