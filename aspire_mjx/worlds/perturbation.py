"""What differs from the nominal world, each factor with a magnitude that is recorded with every rollout."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from aspire_mjx.errors import UnknownNameError, WorldError


@dataclass(frozen=True)
class Perturbation:
    """Dosed factors; the defaults are the nominal world.

    Attributes:
      position: objects are moved by up to this far in x and y, m.
      mass: factor on object masses.
      friction: factor on objects' sliding friction.
      noise: dose of perception noise; 0 is exact, 1 the default camera and detector.
    """

    position: float = 0.0
    mass: float = 1.0
    friction: float = 1.0
    noise: float = 1.0

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if not 0.0 <= value < 100.0:
                raise WorldError(f"perturbation {field.name}={value!r} is outside 0 to 100")
        if self.mass == 0.0 or self.friction == 0.0:
            raise WorldError("perturbation mass and friction are factors and must be above 0")

    @classmethod
    def parse(cls, text: str) -> Perturbation:
        """Reads ``"mass:2,friction:0.5"``; an empty text is the nominal world.

        Raises:
          UnknownNameError, WorldError: unknown factor; not a number or out of range.
        """
        known = [field.name for field in dataclasses.fields(cls)]
        values: dict[str, float] = {}
        for part in filter(None, (p.strip() for p in text.split(","))):
            name, _, number = part.partition(":")
            if name not in known:
                raise UnknownNameError("perturbation factor", name, known)
            try:
                values[name] = float(number)
            except ValueError:
                raise WorldError(f"perturbation {part!r}: {number!r} is not a number; write e.g. {name}:0.5") from None
        return cls(**values)

    def factors(self) -> dict[str, float]:
        """Factor name to magnitude."""
        return dataclasses.asdict(self)
