"""What the judge saw of each call, in words: never shown to programs, and marked as the judge's on the page."""

from __future__ import annotations

import math

import numpy as np

from aspire_mjx.traces.columns import TraceBatch

_ASIDE = 0.005  # m: offsets below it are not told


def judged(batch: TraceBatch, row: int) -> tuple[str, ...]:
    """The judge's view of one call (a row of the batch's calls), as short phrases."""
    calls = batch.calls
    text = {name: _text(batch, name, row) for name in ("true_held", "true_moved", "true_fell", "true_near")}
    said = [f"in the hand: {text['true_held']}"] if text["true_held"] else []
    if text["true_moved"]:
        said.append(f"{text['true_moved']} was moved by {calls['true_moved_by'][row]:.3f} (m; rad of a joint)")
    if text["true_fell"]:
        said.append(f"{text['true_fell']} fell over")
    if text["true_near"]:
        offset = calls["true_near_offset"][row].astype(float)
        where = "" if np.isnan(offset).any() else f" {_offset(offset)}"
        said.append(f"aimed{where} {text['true_near']}" if where else f"nearest thing: {text['true_near']}")
    margins = [float(margin) for margin in calls["true_margins"][row] if not math.isnan(margin)]
    if margins:
        said.append("goal margin " + ", ".join(f"{margin:+.3f}" for margin in margins))
    return tuple(said)


def _offset(offset: np.ndarray) -> str:
    """An offset from the middle of a thing: beside it, and above or below it."""
    beside, up = float(np.hypot(*offset[:2])), float(offset[2])
    parts = [f"{_far(beside)} beside"] if beside >= _ASIDE else []
    if abs(up) >= _ASIDE:
        parts.append(f"{_far(abs(up))} {'above' if up > 0 else 'below'}")
    return (" and ".join(parts) + " the middle of") if parts else "at the middle of"


def _far(metres: float) -> str:
    return f"{100 * metres:.1f} cm"


def _text(batch: TraceBatch, column: str, row: int) -> str:
    index = int(batch.calls[column][row])
    return batch.strings[index] if index >= 0 else ""
