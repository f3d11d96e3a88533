"""What numpy makes of an index: ``np.mgrid[...]``, ``np.r_[...]`` and their kin, of bounded size."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from aspire_mjx.language.limits import check_result, guard_tree, refuse_elements


class IndexTrick:
    """One of them: called by subscripts alone."""

    __slots__ = ("_name", "_trick")

    def __init__(self, name: str) -> None:
        self._name = name
        self._trick = getattr(np, name)

    def __getitem__(self, index: Any) -> Any:
        parts = index if isinstance(index, tuple) else (index,)
        lengths = [_length(part) for part in parts]
        if self._name in ("mgrid", "ogrid"):
            size = math.prod(lengths) if self._name == "mgrid" else sum(lengths)
            refuse_elements("the grid", size * len(parts))
        else:
            if any(isinstance(part, str) for part in parts):
                raise TypeError(f"np.{self._name} takes numbers, arrays and slices in programs, not text")
            guard_tree(parts)
            refuse_elements("the array", sum(lengths))
        value = self._trick[index]
        return [check_result(part) for part in value] if isinstance(value, list) else check_result(value)

    def __repr__(self) -> str:
        return f"<np.{self._name}>"


def _length(part: Any) -> float:
    """How many numbers a slice stands for; nothing else grows."""
    if not isinstance(part, slice) or part.stop is None:
        return 1.0
    start, step = (0.0 if part.start is None else float(part.start)), float(part.step or 1.0)
    return max(1.0, (float(part.stop) - start) / step)


INDEX_TRICKS = {name: IndexTrick(name) for name in ("mgrid", "ogrid", "r_", "c_", "s_")}
