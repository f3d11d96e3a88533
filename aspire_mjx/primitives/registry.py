"""The robot API, declared once.

The policy check, argument binding, agent prompt, trace schema and docs are generated from these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from aspire_mjx.errors import UnknownNameError


class Family(Enum):
    """What a primitive does to the world, and so how the wave loop serves it."""

    QUERY = "query"  #: proprioception and bookkeeping: a plain value, no simulated time
    SENSE = "sense"  #: looks at camera pixels: a Result, no simulated time
    PLAN = "plan"  #: computes (inverse kinematics, grasp candidates): a Result, no simulated time
    MOVE = "move"  #: moves the arm: a Result, takes simulated time
    GRIP = "grip"  #: moves the fingers: a Result, takes simulated time
    WAIT = "wait"  #: holds still: a Result, takes simulated time


@dataclass(frozen=True)
class Parameter:
    """One parameter of a primitive.

    Attributes:
        shape: None for text, () for a number, (3,) for a vector, ...
        unit: whether the norm must be 1, as of a quaternion.
        least: smallest value that each number may have.
        adds: the field that the result unpacks to as well, after the others, when this number is not zero.
        bulk: an RGB image ``[H, W, 3]``, 0 to 255, of any size. The robot gets to know it by its content.
    """

    name: str
    shape: tuple[int, ...] | None
    doc: str
    default: object = None
    required: bool = True
    unit: bool = False
    least: float | None = None
    adds: str | None = None
    bulk: bool = False

    @property
    def numeric(self) -> bool:
        """Whether it is a few numbers, which traces record."""
        return self.shape is not None and not self.bulk


@dataclass(frozen=True)
class Field:
    """One named value of a result.

    Attributes:
        shape: as in :class:`Parameter`; -1 is an axis of any length.
        unit: "m", "rad", "s", "N", "1", ...
        bulk: an image, or what comes with images: it keeps its number type, and traces do not record it.
    """

    name: str
    shape: tuple[int, ...]
    unit: str
    doc: str
    bulk: bool = False

    @property
    def numeric(self) -> bool:
        """Whether it is a few numbers, which traces record."""
        return self.unit != "text" and not self.bulk


@dataclass(frozen=True)
class Primitive:
    """The declaration of one call of the robot API.

    ``unpacks`` names the fields that the result unpacks to (what the CaP-X call returned); with one name the
    result *is* that value wherever a number or an array is expected. A QUERY returns ``unpacks[0]`` itself.
    """

    name: str
    family: Family
    parameters: tuple[Parameter, ...]
    fields: tuple[Field, ...]
    unpacks: tuple[str, ...]
    doc: str

    def __post_init__(self) -> None:
        known = {field.name for field in self.fields}
        for name in (*self.unpacks, *(p.adds for p in self.parameters if p.adds)):
            if name not in known:
                raise ValueError(f"{self.name} unpacks to {name!r}, but its fields are {sorted(known)}")
        if any(p.adds and p.shape != () for p in self.parameters):
            raise ValueError(f"{self.name}: a parameter that adds a field is a number")

    @property
    def signature(self) -> str:
        """Python signature as agents read it, e.g. ``goto_pose(position, quaternion_wxyz, z_approach=0.0)``."""
        parts = [p.name if p.required else f"{p.name}={p.default!r}" for p in self.parameters]
        return f"{self.name}({', '.join(parts)})"


class Registry:
    """An ordered, read-only collection of primitives by name."""

    def __init__(self, primitives: tuple[Primitive, ...]) -> None:
        self._by_name = {p.name: p for p in primitives}
        if len(self._by_name) != len(primitives):
            raise ValueError("two primitives share a name")

    def __iter__(self):
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Primitive:
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownNameError("primitive", name, self._by_name) from None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all primitives, in declaration order."""
        return tuple(self._by_name)
