"""The columns of a batch as plain values: what a table of another program holds."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, get_args

import numpy as np

from aspire_mjx.errors import TraceError
from aspire_mjx.machine.output import Outcome
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.status import Status
from aspire_mjx.traces.schema import TEXT, Column, packed_places

Rows = Literal["rollouts", "calls"]
ROWS: tuple[Rows, ...] = get_args(Rows)
_UNTOLD = "definition"  # the task as data: no value for a cell
_PACKED = ("inputs", "outputs")
_SETTINGS = {"tunables": "tunable", "factors": "factor"}


def plain_columns(
    columns: Mapping[str, np.ndarray],
    schema: Mapping[str, Column],
    strings: Sequence[str],
    programs: Sequence[tuple[str, str]],
) -> dict[str, list[Any]]:
    """Every column as a list of plain values, one a row; None is a number that was not measured.

    Args:
        columns: ``[R, ...]`` by name, as a batch has them.
        schema: what they are.
        strings: the batch's table of strings.
        programs: (name, hash) of the batch's programs.
    """
    texts = (*strings, "")
    found: dict[str, list[Any]] = {}
    for name, declared in schema.items():
        values = columns[name].tolist()
        if name == _UNTOLD:
            continue
        if name in _SETTINGS:
            found |= _settings(_SETTINGS[name], [texts[index] for index in values])
        elif name == "program":
            found["program"] = [programs[index][0] for index in values]
            found["program_hash"] = [programs[index][1] for index in values]
        elif name == "status":
            found[name] = [Status(value).name for value in values]
        elif name == "outcome":
            found[name] = [Outcome(value).name for value in values]
        elif declared.kind == TEXT:
            found[name] = [texts[index] for index in values]
        elif name in _PACKED:
            called = [texts[index] for index in columns["primitive"].tolist()]
            found[name] = [_packed(primitive, name, row) for primitive, row in zip(called, columns[name], strict=True)]
        elif declared.shape:
            found[name] = [json.dumps(_rounded(row)) for row in values]
        else:
            found[name] = [None if isinstance(value, float) and math.isnan(value) else value for value in values]
    return found


def write_csv(path: str | PathLike[str], columns: Mapping[str, Sequence[Any]]) -> None:
    """Writes a comma-separated file with a line of names; None is empty.

    Raises:
        TraceError: it cannot be written.
    """
    try:
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
    except OSError as error:
        raise TraceError(f"table {str(path)!r} cannot be written ({error.strerror}); name another file.") from None


def _settings(kind: str, texts: Sequence[str]) -> dict[str, list[float | None]]:
    """One column a name: the value of each row, None where it has none."""
    try:
        rows = [dict(json.loads(text)) if text else {} for text in texts]
    except (ValueError, TypeError, RecursionError) as error:
        raise TraceError(f"the {kind}s of a rollout are no JSON map ({error}); the file was changed") from None
    names = dict.fromkeys(name for row in rows for name in row)
    return {f"{kind}.{name}": [row.get(name) for row in rows] for name in names}


def _rounded(numbers: Any) -> Any:
    """Nested lists of numbers with six places after the point; None for what is not known."""
    if isinstance(numbers, list):
        return [_rounded(number) for number in numbers]
    return None if math.isnan(numbers) else round(numbers, 6)


def _packed(primitive: str, column: str, packed: np.ndarray) -> str:
    """The packed numbers of one call by name, as JSON; those not measured are left out."""
    if primitive not in ROBOT_API.names:
        return json.dumps([round(value, 6) for value in packed.tolist() if not math.isnan(value)])
    declared = ROBOT_API[primitive].parameters if column == "inputs" else ROBOT_API[primitive].fields
    named: dict[str, Any] = {}
    for item, place in packed_places(declared):
        values = [None if math.isnan(value) else round(value, 6) for value in packed[place].tolist()]
        if any(value is not None for value in values):
            named[item.name] = values[0] if item.shape == () else values
    return json.dumps(named)
