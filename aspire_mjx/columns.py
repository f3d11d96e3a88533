"""Struct of arrays: the base of every dataclass whose fields are columns over the same rows, such as lanes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import chain
from typing import Any, Self

import numpy as np

SHARED = {"shared": True}  #: ``field(metadata=SHARED)`` marks what is no column but holds for all rows


@dataclass(frozen=True, eq=False)
class Columns:
    """``N`` rows as columns: a frozen dataclass derives from this and lists its columns as fields.

    A column is an array ``[N, ...]`` (of objects too), a tuple of ``N`` texts, another :class:`Columns` of ``N`` rows,
    a mapping from names to columns, or None. Fields marked with :data:`SHARED` are carried along as they are. A class
    that JAX has to see is registered there by ``jax.tree_util.register_dataclass`` with its :func:`column_names`.
    """

    def __len__(self) -> int:
        columns = (getattr(self, name) for name in column_names(type(self)))
        return next(len(column) for column in columns if column is not None)

    def take(self, rows: np.ndarray | Sequence[int] | slice) -> Self:
        """A copy of the rows, given as indices ``[M]`` or as a mask ``[N]``; a view of a slice of them."""
        return replace(self, **{name: taken(getattr(self, name), rows) for name in column_names(type(self))})

    def put(self, rows: np.ndarray, other: Self) -> Self:
        """A copy of these columns with ``rows [M]`` replaced by the ``M`` rows of another; shared fields stay."""
        names = column_names(type(self))
        return replace(self, **{name: _put(getattr(self, name), rows, getattr(other, name)) for name in names})

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """The rows of all parts, at least one, one after the other; shared fields are those of the first."""
        return replace(parts[0], **{name: joined([getattr(p, name) for p in parts]) for name in column_names(cls)})


@cache
def column_names(of: type[Columns]) -> tuple[str, ...]:
    """Names of the fields of a class that are columns, in order."""
    return tuple(each.name for each in fields(of) if not each.metadata.get("shared"))


def taken(column: Any, rows: np.ndarray | Sequence[int] | slice) -> Any:
    """The rows of one column, given as indices ``[M]``, as a mask ``[N]`` or as a slice."""
    if isinstance(column, Columns):
        return column.take(rows)
    if isinstance(column, Mapping):
        return {name: taken(each, rows) for name, each in column.items()}
    if isinstance(column, tuple):
        return tuple(map(column.__getitem__, np.arange(len(column))[rows].tolist()))  # no call a row
    return None if column is None else column[rows]


def _put(column: Any, rows: np.ndarray, new: Any) -> Any:
    if isinstance(column, Columns):
        return column.put(rows, new)
    if isinstance(column, Mapping):
        return {name: _put(each, rows, new[name]) for name, each in column.items()}
    if isinstance(column, tuple):
        texts = dict(zip(rows.tolist(), new, strict=True))
        return tuple(texts.get(row, text) for row, text in enumerate(column))
    if column is None:
        return None
    changed = column.copy()
    changed[rows] = new
    return changed


def joined(parts: Sequence[Any]) -> Any:
    """One column from those of all parts, one after the other."""
    first = parts[0]
    if isinstance(first, Columns):
        return type(first).concatenate(parts)
    if isinstance(first, Mapping):
        return {name: joined([part[name] for part in parts]) for name in first}
    if isinstance(first, tuple):
        return tuple(chain.from_iterable(parts))
    return None if first is None else np.concatenate(parts)
