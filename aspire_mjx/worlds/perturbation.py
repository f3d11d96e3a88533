"""What differs from the nominal world, each factor with a magnitude that is recorded with every rollout.

A dose is exact: an object is moved by ``position`` metres, not by up to so many, in a direction that the world's seed
decides. A dose of nothing changes nothing, bit for bit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aspire_mjx.checked import checked
from aspire_mjx.errors import UnknownNameError, WorldError
from aspire_mjx.extensions import added, function
from aspire_mjx.worlds.episode import TICK

_ROUNDING = 1e-9


def _factor(default: float, low: float, high: float, meaning: str, *, step: float = 0.0) -> float:
    return field(default=default, metadata={"low": low, "high": high, "meaning": meaning, "step": step})


@checked
@dataclass(frozen=True)
class Perturbation:
    """Dosed factors; the defaults are the nominal world. :func:`describe` lists them with their meanings and ranges."""

    position: float = _factor(0.0, 0.0, 0.5, "m that each object is moved by, in a direction of its own")
    yaw: float = _factor(0.0, 0.0, 3.1416, "rad that each object is turned by, left or right")
    size: float = _factor(1.0, 0.5, 2.0, "factor on the objects' size")
    mass: float = _factor(1.0, 0.01, 100.0, "factor on the objects' mass")
    friction: float = _factor(1.0, 0.01, 5.0, "factor on the friction of every contact: grip, surface, container")
    colour: float = _factor(0.0, 0.0, 1.0, "share of a random colour mixed into each object's own")
    distractors: float = _factor(0.0, 0.0, 4.0, "objects added that the task does not mention, a whole number", step=1)
    fixture: float = _factor(0.0, 0.0, 0.3, "m that each fixture is moved by, in a direction of its own")
    fixture_yaw: float = _factor(0.0, 0.0, 1.5708, "rad that each fixture is turned by, left or right")
    camera: float = _factor(0.0, 0.0, 0.5, "m that the camera is moved by, in some direction; its calibration follows")
    camera_turn: float = _factor(0.0, 0.0, 0.5, "rad that the camera is turned by, about some axis; calibrated too")
    fov: float = _factor(1.0, 0.25, 2.5, "factor on the camera's field of view")
    light: float = _factor(1.0, 0.0, 10.0, "factor on the brightness of the light")
    table: float = _factor(0.0, -0.3, 0.2, "m that the table is higher than it should be")
    base: float = _factor(0.0, 0.0, 0.2, "m that the robot's base is moved by, in some direction along the floor")
    gain: float = _factor(1.0, 0.02, 5.0, "factor on the gains of the arm's servos")
    joints: float = _factor(0.0, 0.0, 0.6, "rad that each arm joint starts off its home angle, up or down")
    latency: float = _factor(0.0, 0.0, 1.0, "s from a command to the servo that obeys it, in control ticks", step=TICK)
    noise: float = _factor(1.0, 0.0, 100.0, "dose of perception noise; 0 is exact, 1 the default camera and detector")

    def __post_init__(self) -> None:
        for factor in dataclasses.fields(self):
            value, low, high = getattr(self, factor.name), factor.metadata["low"], factor.metadata["high"]
            if not low <= value <= high:
                meaning = factor.metadata["meaning"]
                raise WorldError(f"perturbation {factor.name}={value!r} is outside {low:g} to {high:g} ({meaning}).")
            if abs(value - nearest_step(factor.name, value)) > _ROUNDING:
                raise WorldError(
                    f"perturbation {factor.name}={value!r}: give a multiple of {factor.metadata['step']:g}."
                )

    @classmethod
    def parse(cls, text: str) -> Perturbation:
        """Reads ``"mass:2,friction:0.5"``; an empty text is the nominal world.

        Raises:
          UnknownNameError: unknown factor.
          WorldError: not a number, given twice or out of range.
        """
        return cls(**{name: magnitude(name, value) for name, value in factor_settings(text).items()})

    def __str__(self) -> str:
        """What differs from the nominal world, in the form that :meth:`parse` reads."""
        nominal = Perturbation()
        return ",".join(f"{name}:{value:g}" for name, value in vars(self).items() if value != getattr(nominal, name))

    def factors(self) -> dict[str, float]:
        """Factor name to magnitude."""
        return dict(vars(self))


_ADDED = added("factors", taken=(factor.name for factor in dataclasses.fields(Perturbation)))
_DECLARED = ("default", "low", "high", "meaning")


def _added_field(name: str, entry: dict[str, Any]) -> tuple[str, type, Any]:
    missing = [key for key in (*_DECLARED, "apply") if key not in entry]
    if missing or not name.isidentifier():
        raise WorldError(f"perturbation factor {name!r} of an extension lacks {', '.join(missing) or 'a plain name'}.")
    return name, float, _factor(*(entry[key] for key in _DECLARED), step=entry.get("step", 0.0))


if not TYPE_CHECKING and _ADDED:
    Perturbation = dataclasses.make_dataclass(
        "Perturbation",
        [_added_field(name, entry) for name, entry in _ADDED.items()],
        bases=(Perturbation,),
        frozen=True,
    )
    Perturbation.__module__ = __name__
    Perturbation = checked(Perturbation)


def added_doses(perturbation: Perturbation) -> dict[str, float]:
    """Doses of factors that extensions add, where they are not the nominal ones."""
    doses = {name: getattr(perturbation, name) for name in _ADDED}
    return {name: dose for name, dose in doses.items() if dose != _ADDED[name]["default"]}


def effect(name: str) -> Callable[..., None]:
    """What an extension's factor does to a world: ``apply(model, dose, random)``."""
    return function(_ADDED[name]["apply"], of=f"perturbation factor {name!r}")


_STEPS = {factor.name: factor.metadata["step"] for factor in dataclasses.fields(Perturbation)}


def factor_names() -> tuple[str, ...]:
    """Names of all factors."""
    return tuple(factor.name for factor in dataclasses.fields(Perturbation))


def nearest_step(name: str, value: float) -> float:
    """The nearest magnitude that a factor can have: some go in steps."""
    step = _STEPS[name]
    return round(value / step) * step if step else value


def describe() -> str:
    """All factors with default, range and meaning, one a line."""
    lines = [
        f"{f.name:12} {f.default:g} ({f.metadata['low']:g} to {f.metadata['high']:g}): {f.metadata['meaning']}"
        for f in dataclasses.fields(Perturbation)
    ]
    return "\n".join(lines)


def factor_settings(text: str) -> dict[str, str]:
    """``"a:1,b:2"`` as a mapping of known factor names to what was written for them.

    Raises:
      UnknownNameError: unknown factor.
      WorldError: one given twice.
    """
    found: dict[str, str] = {}
    for part in (piece.strip() for piece in text.split(",") if text.strip()):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if name not in factor_names():
            raise UnknownNameError("perturbation factor", name, factor_names())
        if name in found:
            raise WorldError(f"perturbation {text!r}: {name} is given twice; keep one.")
        found[name] = value
    return found


def magnitude(name: str, text: str) -> float:
    """A factor's magnitude.

    Raises:
      WorldError: not a number.
    """
    try:
        return float(text)
    except ValueError:
        raise WorldError(f"perturbation {name}:{text}: {text!r} is not a number; write e.g. {name}:0.5") from None
