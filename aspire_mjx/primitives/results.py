"""What primitives return: ``Results`` over N lanes as columns, and ``Result``, one lane's view that a program holds."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, NoReturn, Self

import numpy as np

from aspire_mjx.columns import SHARED, Columns
from aspire_mjx.errors import PerceptionError
from aspire_mjx.primitives.registry import Family, Primitive
from aspire_mjx.status import Status


class StatusName(str):
    """A status as programs see it: text that equals and prints as its name, and equals its :class:`Status` too."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The status as plain text."""
        return str.__str__(self)

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other.name if isinstance(other, Status) else other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __copy__(self) -> StatusName:
        return self

    def __deepcopy__(self, memo: object) -> StatusName:
        return self


STATUS_NAMES = {int(status): StatusName(status.name) for status in Status}


@cache
def _shapes(primitive: Primitive) -> dict[str, tuple[int, ...] | None]:
    return {f.name: None if f.unit == "text" else f.shape for f in primitive.fields}


def unpacks_of(primitive: Primitive, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the fields a call unpacks to: the declared ones, and what its true parameters add.

    ``get_object_pose(name, return_bbox_extent=True)`` unpacks to position, quaternion_wxyz and extent.
    """
    given = [(p.adds, arguments.get(p.name, p.default)) for p in primitive.parameters if p.adds]
    return primitive.unpacks + tuple(field for field, value in given if np.all(value))


@dataclass(frozen=True, eq=False)
class Results(Columns):
    """The results of one primitive in N lanes.

    Attributes:
        primitive: the declaration that was called.
        status: ``[N]`` int16 codes of :class:`Status`.
        fields: one column for each declared field: ``[N, *shape]`` float64, or a tuple of N texts.
        messages: N texts that explain the status; may be empty.
        unpacks: the fields that the result unpacks to; the declared ones when None.
    """

    primitive: Primitive = field(metadata=SHARED)
    status: np.ndarray
    fields: Mapping[str, np.ndarray | tuple[str, ...]]
    messages: tuple[str, ...]
    unpacks: tuple[str, ...] | None = field(default=None, metadata=SHARED)

    def __post_init__(self) -> None:
        n, shapes = len(self.status), _shapes(self.primitive)
        if self.fields.keys() != shapes.keys():
            raise ValueError(
                f"results of {self.primitive.name} have fields {sorted(self.fields)}; declared are {sorted(shapes)}."
            )
        if len(self.messages) != n:
            raise ValueError(f"results of {self.primitive.name}: {len(self.messages)} messages for {n} lanes.")
        for name, column in self.fields.items():
            shape = shapes[name]
            got = (len(column),) if shape is None else np.shape(column)
            wanted = shape or ()
            if len(got) != 1 + len(wanted) or any(w not in (-1, g) for w, g in zip((n, *wanted), got, strict=True)):
                raise ValueError(f"field {name!r} of {self.primitive.name} has shape {got}, not {(n, *(shape or ()))}.")
        if self.unpacks is None:
            object.__setattr__(self, "unpacks", self.primitive.unpacks)

    def lane(self, index: int) -> Result:
        """One lane's result as a program sees it."""
        return Result(self, index)

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """The lanes of several results of the same call, one after the other.

        Raises:
            ValueError: results of different calls.
        """
        first = parts[0]
        if any(p.primitive.name != first.primitive.name or p.unpacks != first.unpacks for p in parts):
            names = sorted({p.primitive.name for p in parts})
            raise ValueError(f"results of different calls cannot be joined: {', '.join(names)}.")
        return super().concatenate(parts)


class Answer(NamedTuple):
    """What a call gives back: its results, for the program, and what the robots of its ``N`` lanes remember after it.

    ``memory [N]`` is that of :class:`~aspire_mjx.primitives.lanes.Lanes`.
    """

    results: Results
    memory: np.ndarray


def needs_success(results: Results, field: str) -> bool:
    """Whether a field has no meaning unless the status is OK (residuals and readings always have one)."""
    return field in (results.unpacks or ()) and results.primitive.family in (
        Family.SENSE,
        Family.PLAN,
    )


def failure(results: Results, index: int) -> Exception:
    """The exception that using the value of a failed result raises in a program."""
    status = Status(int(results.status[index]))
    name = results.primitive.name
    detail = results.messages[index] or status.reason
    if results.primitive.family is Family.SENSE:
        return PerceptionError(f"{name} returned {status.name}: {detail}")
    return ValueError(f"{name} returned {status.name}, so it has no value: {detail}")


def _operator(function: Any) -> tuple[Any, Any]:
    """An operator of results with one value, from the left and from the right."""

    def forward(self: Any, other: Any) -> Any:
        return function(self.value(), other.value() if isinstance(other, Result) else other)

    def backward(self: Any, other: Any) -> Any:
        return function(other, self.value())

    return forward, backward


class Result:
    """One lane's result: true iff the primitive did what it says, with ``.status``, ``.message`` and the fields.

    It unpacks (iterates, indexes) to the values that the CaP-X call returned. With one such value it is accepted
    wherever that array is. Using the value of a failed perception raises :class:`PerceptionError`; of a failed
    plan, ``ValueError`` with the status. Every read of a field gives a fresh array.
    """

    __slots__ = ("_index", "_results")

    def __init__(self, results: Results, index: int) -> None:
        self._results, self._index = results, index

    def __bool__(self) -> bool:
        return int(self._results.status[self._index]) == Status.OK

    @property
    def status(self) -> StatusName:
        """Name of the status."""
        return STATUS_NAMES[int(self._results.status[self._index])]

    @property
    def message(self) -> str:
        """Why the primitive failed; may be empty."""
        return self._results.messages[self._index]

    def __getattr__(self, name: str) -> Any:
        results = self._results
        if name in results.fields:
            return self._field(name)
        if not name.startswith("_") and len(results.unpacks or ()) == 1:
            return getattr(self.value(), name)
        known = ", ".join(("status", "message", *results.fields))
        raise AttributeError(f"a result of {results.primitive.name} has no {name!r}; it has {known}")

    def _field(self, name: str) -> Any:
        results = self._results
        if not self and needs_success(results, name):
            raise failure(results, self._index)
        column = results.fields[name]
        if isinstance(column, tuple):
            return column[self._index]
        value = column[self._index]
        return value.copy() if column.ndim > 1 else float(value)

    def value(self) -> Any:
        """The only value that the result unpacks to; TypeError where there is none or more than one."""
        unpacks = self._results.unpacks or ()
        if len(unpacks) != 1:
            self._refuse_value()
        return self._field(unpacks[0])

    def _refuse_value(self) -> NoReturn:
        names = self._results.unpacks or ()
        what = f"unpacks to {', '.join(names)}" if names else "has no value; check it with `if result:` or .status"
        raise TypeError(f"the result of {self._results.primitive.name} {what}")

    def values(self) -> tuple[Any, ...] | np.ndarray:
        """What the result unpacks to: its values, or the elements of its only value."""
        unpacks = self._results.unpacks or ()
        if not unpacks:
            self._refuse_value()
        return self.value() if len(unpacks) == 1 else tuple(self._field(name) for name in unpacks)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values())

    def __len__(self) -> int:
        return len(self.values())

    def __getitem__(self, index: Any) -> Any:
        return self.values()[index]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.value(), dtype=dtype)

    def __repr__(self) -> str:
        results = self._results
        parts = [str(self.status)]
        bulk = {f.name for f in results.primitive.fields if f.bulk}
        for name, column in results.fields.items():
            if name not in bulk and (self or not needs_success(results, name)):
                value = column[self._index]
                parts.append(f"{name}={value if isinstance(value, str) else np.round(value, 4).tolist()}")
        return f"{results.primitive.name}({', '.join(parts)})"

    __add__, __radd__ = _operator(operator.add)
    __sub__, __rsub__ = _operator(operator.sub)
    __mul__, __rmul__ = _operator(operator.mul)
    __truediv__, __rtruediv__ = _operator(operator.truediv)
    __matmul__, __rmatmul__ = _operator(operator.matmul)
    __pow__, __rpow__ = _operator(operator.pow)
    __floordiv__, __rfloordiv__ = _operator(operator.floordiv)
    __mod__, __rmod__ = _operator(operator.mod)
    __lt__, _ = _operator(operator.lt)
    __le__, _ = _operator(operator.le)
    __gt__, _ = _operator(operator.gt)
    __ge__, _ = _operator(operator.ge)

    def __neg__(self) -> Any:
        return -self.value()

    def __abs__(self) -> Any:
        return abs(self.value())

    def __float__(self) -> float:
        return float(self.value())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Result) and self._results is other._results and self._index == other._index

    def __hash__(self) -> int:
        return hash((id(self._results), self._index))
