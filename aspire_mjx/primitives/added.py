"""The primitives that extensions add: what their functions are given, and what is made of what they give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

import numpy as np

from aspire_mjx.errors import AspireError
from aspire_mjx.extensions import function
from aspire_mjx.planning import trajectory
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.primitives.results import Results, unpacks_of
from aspire_mjx.primitives.robot_api import IMPLEMENTATIONS
from aspire_mjx.status import Status

MOST_POINTS = 1_000  #: way-points of a motion
#: what a motion's way-points may be given as, to how the arm goes through them
_WAYS: dict[str, Callable[..., trajectory.Trajectory]] = {
    "joints": trajectory.stop_at_each,
    "path": trajectory.pass_through,
}


def implementation(primitive: Primitive) -> Callable[..., Any]:
    """The function of a primitive that is not one of this package's own.

    Raises:
        AspireError: there is none, or it cannot be loaded.
    """
    name = primitive.name
    if name not in IMPLEMENTATIONS:
        raise AspireError(
            f"primitive {name!r} is declared (family {primitive.family.value!r}) and not implemented; name its "
            "function in an extension (docs/extending.md), or in the table of its family in aspire_mjx/primitives."
        )
    return function(IMPLEMENTATIONS[name], of=f"primitive {name!r}")


def results(primitive: Primitive, lanes: Lanes, *given: Any) -> Results:
    """What the function gives for the lanes and what else it is given: a column ``[N, *shape]`` for each field."""
    columns, status = _called(primitive, lanes, *given)
    texts = {field.name for field in primitive.fields if field.unit == "text"}
    bulk = {field.name for field in primitive.fields if field.bulk}
    try:
        fields = {
            name: tuple(column) if name in texts else np.asarray(column, None if name in bulk else np.float64)
            for name, column in columns.items()
        }
        return Results(primitive, status, fields, _reasons(status), unpacks_of(primitive, given[0]))
    except (TypeError, ValueError) as error:
        raise AspireError(f"{IMPLEMENTATIONS[primitive.name]}: {error}") from None


def arm_path(
    primitive: Primitive, lanes: Lanes, arguments: Mapping[str, Any]
) -> tuple[Callable[..., trajectory.Trajectory], np.ndarray, np.ndarray, np.ndarray]:
    """Where a motion leads.

    Returns:
        how the arm goes through the way-points; these, ``[N, W, 7]`` rad, the last one of each lane repeated; how many
        of them count, ``[N]``; status ``[N]``, why a lane does not move at all.
    """
    columns, status = _called(primitive, lanes, arguments)
    way = [name for name in _WAYS if name in columns]
    if len(way) != 1 or columns.keys() - {way[0], "points"}:
        raise AspireError(
            f"{IMPLEMENTATIONS[primitive.name]} gives {', '.join(columns) or 'nothing'}; a motion is given as either "
            "'joints' or 'path' [N, W, 7], with 'points' [N] where fewer than W count, and 'status' [N]."
        )
    joints = np.asarray(columns[way[0]], np.float64)
    count = np.broadcast_to(np.asarray(columns.get("points", joints.shape[1:2] or 0), int), len(lanes))
    if joints.ndim != 3 or joints.shape[::2] != (len(lanes), 7) or not 1 <= joints.shape[1] <= MOST_POINTS:
        wanted = f"({len(lanes)}, 1 to {MOST_POINTS}, 7)"
        raise AspireError(f"{IMPLEMENTATIONS[primitive.name]}: {way[0]!r} has shape {joints.shape}, not {wanted}.")
    if count.min() < 1 or count.max() > joints.shape[1]:
        raise AspireError(f"{IMPLEMENTATIONS[primitive.name]}: 'points' are 1 to {joints.shape[1]} of each lane.")
    last = np.minimum(np.arange(joints.shape[1]), count[:, None] - 1)
    return _WAYS[way[0]], joints[np.arange(len(lanes))[:, None], last], count, status


def _called(primitive: Primitive, lanes: Lanes, *given: Any) -> tuple[dict[str, Any], np.ndarray]:
    """The columns that the function gives, and the status ``[N]``.

    Raises:
        AspireError: says where it failed, or what it gave in place of columns.
    """
    called = implementation(primitive)
    name = IMPLEMENTATIONS[primitive.name]
    try:
        made = called(lanes, *given)
    except AspireError:
        raise
    except Exception as error:
        place = extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        raise AspireError(f"{name} failed in {where}: {type(error).__name__}: {error}") from error
    if not isinstance(made, Mapping):
        raise AspireError(f"{name} gave a {type(made).__name__}; it gives a dictionary of columns.")
    try:
        status = np.broadcast_to(np.asarray(made.get("status", Status.OK), np.int16), len(lanes))
        _reasons(status)
    except (TypeError, ValueError) as error:
        raise AspireError(f"{name}: 'status' is one of aspire_mjx.status.Status for each lane ({error}).") from None
    return {key: column for key, column in made.items() if key != "status"}, status


def _reasons(status: np.ndarray) -> tuple[str, ...]:
    return tuple("" if code == Status.OK else Status(code).reason for code in status.tolist())
