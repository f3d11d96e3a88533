"""Figures that show themselves in a notebook, without pyplot and its global state."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from matplotlib.figure import Figure


class ShownFigure(Figure):
    """A ``matplotlib`` figure that a notebook shows where it is the last value of a cell.

    Attributes:
        numbers: what it shows, as columns of a table by name.
    """

    numbers: Mapping[str, Sequence[Any]] = MappingProxyType({})

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        self.savefig(file, format="png", dpi=100)
        return file.getvalue()
