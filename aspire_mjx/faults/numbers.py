"""What happened at a call, in numbers, and the sentence that says so.

The first numbers are the robot's own. The others come from the judge's view, which programs never have; a sentence puts
them in brackets behind "judge:".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from aspire_mjx.faults.handling import Handling
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch

#: Of a failed rollout and the call that is blamed. ``unseen``: from where the thing was seen last to where it is when
#: the call begins; ``age``: of that look; ``look_line``: its source line; ``hand``: from the thing to the fingertips at
#: the end; ``aside``: from its place to the thing when the call begins; ``left``: the same at the rollout's end;
#: ``moved``: how far a thing moved during the call without being carried.
NUMBERS = (
    "margin",
    *("width", "residual_m", "residual_rad", "peak_force", "slip"),
    *("unseen_x", "unseen_y", "unseen_z", "age", "look_line"),
    *("hand_x", "hand_y", "hand_z"),
    *("aside_x", "aside_y", "aside_z"),
    *("left_x", "left_y", "left_z"),
    "moved",
)
#: In m, but for these.
UNITS = {"residual_rad": "rad", "peak_force": "N", "age": "s", "look_line": ""}
_OWN = NUMBERS[1:6]
_APART = 0.01  # m, less is not worth a word


def numbers(batch: TraceBatch, story: Handling, rows: np.ndarray) -> list[tuple[float, ...]]:
    """The numbers of some calls, each in the order of :data:`NUMBERS`.

    Args:
        batch: traces.
        story: of the thing of the literal that is failed.
        rows: of calls.
    """
    calls, owner = batch.calls, story.owner[rows]
    ends = np.searchsorted(story.owner, owner, side="right") - 1
    place = story.place[rows]
    before = np.where(np.isfinite(story.at_before[rows]), story.at_before[rows], story.at[rows])
    look = _looks(batch, story)[rows]
    seen = np.where(look[:, None] >= 0, story.at[look] + calls["true_near_offset"][look], np.nan)
    hand = calls["true_fingertip"][rows] - story.at[rows]
    columns = [
        batch.rollouts["margin"][owner],
        *(calls[name][rows] for name in _OWN),
        *(before - seen).T,
        np.where(look >= 0, calls["t_start"][rows] - calls["t_end"][look], np.nan),
        np.where(look >= 0, calls["line"][look], np.nan),
        *hand.T,
        *(before - place).T,
        *(story.at[ends] - place).T,
        calls["true_moved_by"][rows],
    ]
    finite = (np.where(np.isfinite(column), column, np.nan).astype(float) for column in columns)
    return list(zip(*(column.tolist() for column in finite), strict=True))


def _looks(batch: TraceBatch, story: Handling) -> np.ndarray:
    """``[C]`` row of the last look before each call that reported the thing, -1 for none."""
    found = (batch.calls["true_near"] == story.thing) & (story.thing >= 0) & (batch.calls["text"] >= 0)
    rows = np.arange(len(found))
    last = np.maximum.accumulate(np.where(found & ~story.arm, rows, -1))
    last = np.roll(last, 1)
    return np.where(last >= np.searchsorted(story.owner, story.owner), last, -1)


def call_sentence(
    *,
    primitive: str,
    status: str,
    words: str,
    line: int,
    text: str,
    message: str,
    role: str,
    milestone: str,
    values: Sequence[float],
) -> str:
    """What happened at a call, and what the judge saw.

    Args:
        primitive: its name.
        status: its status, or the name of an anomaly.
        words: what that means.
        line: its source line.
        text: its text argument.
        message: what it said beyond its status.
        role: of the object that it was about.
        milestone: the first one missed, "-" for none.
        values: in the order of :data:`NUMBERS`.
    """
    named = dict(zip(NUMBERS, values, strict=True))
    said = f"{primitive}({text!r})" if text else primitive
    about = f" (object: {role})" if role != "none" else ""
    known = status in Status.__members__
    what = f"returned {status}: {words}" if known else words
    own = ", ".join(
        f"{name.partition('_')[0]} {named[name]:.3f} {UNITS.get(name, 'm')}" for name in _own(named) if known
    )
    return (
        f"line {line}: {said}{about} {what}{f' ({own})' if own else ''}{'; ' + message if message else ''}."
        f"{judged(milestone, named, at_call=True)}"
    )


def _own(named: dict[str, float]) -> list[str]:
    return [name for name in ("residual_m", "residual_rad", "width", "slip") if not math.isnan(named[name])]


def judged(milestone: str, named: dict[str, float], *, at_call: bool) -> str:
    """What the judge saw, in brackets; "" for nothing.

    Args:
        milestone: the first one missed, "-" for none.
        named: numbers by name.
        at_call: whether a call is blamed, of which the numbers are.
    """
    parts = []
    if at_call and milestone in ("seen", "reached", "touched", "gripped", "lifted"):
        unseen, hand = _vector(named, "unseen"), _vector(named, "hand")
        if unseen:
            parts.append(
                f"the thing was {_length(unseen)} from where it was seen{_directions(unseen)}, by a look "
                f"{named['age']:.1f} s old at line {named['look_line']:.0f}"
            )
        if hand:
            parts.append(f"the fingertips ended {_heights(hand)} its middle")
    elif at_call and milestone in ("carried", "over", "released", "holds"):
        aside = _vector(named, "aside")
        parts += [f"the thing was then {_heights(aside)} its place"] if aside else []
    left = _vector(named, "left")
    if left and milestone != "-":
        parts.append(f"at the end it was {_heights(left)} its place")
    elif milestone not in ("-", "seen") and not math.isnan(named["margin"]):
        parts.append(f"at the end it was {max(-named['margin'], 0.0):.3f} short of the goal")
    return f" [judge: {'; '.join(parts)}]" if parts else ""


def _vector(named: dict[str, float], name: str) -> tuple[float, float, float] | None:
    x, y, z = (named[f"{name}_{axis}"] for axis in "xyz")
    return None if math.isnan(x + y + z) else (x, y, z)


def _length(vector: tuple[float, float, float]) -> str:
    return f"{100 * math.hypot(*vector):.1f} cm"


def _directions(vector: tuple[float, float, float]) -> str:
    """Along which axes, such as " (+x 3.1, -z 1.2)"; "" for nearly nothing."""
    parts = [
        f"{'+' if part > 0 else '-'}{axis} {abs(100 * part):.1f}"
        for part, axis in zip(vector, "xyz", strict=True)
        if abs(part) >= _APART
    ]
    return f" ({', '.join(parts)})" if parts else ""


def _heights(vector: tuple[float, float, float]) -> str:
    """Such as "6.2 cm beside (+y 6.1) and 10.1 cm above"; "0.4 cm from" where it is hardly off."""
    beside, above = math.hypot(*vector[:2]), vector[2]
    parts = [f"{100 * beside:.1f} cm beside{_directions((*vector[:2], 0.0))}"] if beside >= _APART else []
    parts += [f"{100 * abs(above):.1f} cm {'above' if above > 0 else 'below'}"] if abs(above) >= _APART else []
    return " and ".join(parts) or f"{100 * max(beside, abs(above)):.1f} cm from"
