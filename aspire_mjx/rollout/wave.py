"""A wave: the requests of all lanes for one primitive, whatever their program and task."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from aspire_mjx.machine.requests import Request
from aspire_mjx.primitives.registry import Primitive


@dataclass(frozen=True, eq=False)
class Wave:
    """One primitive asked for by ``N`` lanes, from any number of strands and programs.

    Attributes:
      lanes: ``[N]`` lane numbers.
      arguments: one column for each parameter: ``[N, *shape]``, or ``N`` texts.
      lines: ``[N]`` source lines.  paths: ``[N]`` strand paths, as numbers of the trace's texts.
    """

    primitive: Primitive
    lanes: np.ndarray
    arguments: Mapping[str, Any]
    lines: np.ndarray
    paths: np.ndarray

    def __len__(self) -> int:
        return len(self.lanes)

    @classmethod
    def merge(cls, requests: Sequence[Request], number: Callable[[str], int]) -> list[Wave]:
        """Requests of the same primitive become one wave, in the order they came; ``number`` numbers texts."""
        groups: dict[str, list[Request]] = {}
        for request in requests:
            groups.setdefault(request.primitive.name, []).append(request)
        return [cls._joined(group, number) for group in groups.values()]

    @classmethod
    def _joined(cls, group: list[Request], number: Callable[[str], int]) -> Wave:
        arguments: dict[str, Any] = {}
        for name, first in group[0].arguments.items():
            parts = [request.arguments[name] for request in group]
            texts = isinstance(first, tuple)
            arguments[name] = tuple(chain.from_iterable(parts)) if texts else np.concatenate(parts)
        sizes = [len(request.lanes) for request in group]
        return cls(
            group[0].primitive,
            np.concatenate([request.lanes for request in group]),
            arguments,
            np.repeat([request.lines for request in group], sizes),
            np.repeat([number(request.path) for request in group], sizes),
        )

    def take(self, rows: np.ndarray) -> Wave:
        """Some of the lanes."""
        arguments = {
            name: tuple(column[i] for i in rows.tolist()) if isinstance(column, tuple) else column[rows]
            for name, column in self.arguments.items()
        }
        return Wave(self.primitive, self.lanes[rows], arguments, self.lines[rows], self.paths[rows])
