"""The columns of a trace, as ``data/columns.json`` declares them: type and meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from aspire_mjx.primitives.registry import Field, Parameter
from aspire_mjx.shipped import packaged_json

TEXT = "text"  #: marks a column of interned strings


class Column(NamedTuple):
    """``kind`` is a numpy dtype, or "text" for int32 indices into the string table; ``unit`` is "" for none.

    ``shape`` is that of one row: () for a single number.
    """

    kind: str
    meaning: str
    unit: str = ""
    shape: tuple[int, ...] = ()

    @property
    def dtype(self) -> str:
        """Of its array."""
        return "int32" if self.kind == TEXT else self.kind

    @property
    def missing(self) -> float:
        """What stands for a value that nobody knows."""
        return -1 if self.kind == TEXT else np.nan


def _columns(declared: dict[str, dict[str, Any]]) -> dict[str, Column]:
    return {name: Column(**{**each, "shape": tuple(each.get("shape", ()))}) for name, each in declared.items()}


_DECLARED = packaged_json("traces/data/columns.json")
CALLS = _columns(_DECLARED["calls"])  #: one row a primitive call
#: The columns of calls that only the judge could fill: from the simulator's state, which no program sees.
EVIDENCE = tuple(name for name in CALLS if name.startswith("true_"))
ROLLOUTS = _columns(_DECLARED["rollouts"])  #: one row a rollout
(PACKED,) = CALLS["inputs"].shape  #: width of the packed numeric ``inputs`` and ``outputs`` columns


def packed_places(declared: Sequence[Parameter] | Sequence[Field]) -> Iterator[tuple[Parameter | Field, slice]]:
    """The declared items that are numbers, each with its place among the packed ones."""
    at = 0
    for item in declared:
        if item.numeric:
            size = int(np.prod(item.shape or (), dtype=int))
            yield item, slice(at, at + size)
            at += size
