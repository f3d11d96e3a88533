"""The fault of one failed rollout: which call is to blame, its signature, and a sentence that says so.

Only what the robot itself knows is read (calls, statuses, arguments, what was perceived); the verdict and the
task's two category names come from the judge.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aspire_mjx.faults.signature import NONE, Signature, contact_role, role_of_text, signature_words
from aspire_mjx.machine.output import Outcome
from aspire_mjx.primitives.registry import Family, Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch, packed_names

_CLOSE, _OPEN = "close_gripper", "open_gripper"
_CONTACT_EXPLAINS = (Status.BLOCKED, Status.IN_COLLISION, Status.SLIPPED)
_NEAR = 0.2  # m, horizontal; a motion target further than this from everything perceived is about no object


@dataclass(frozen=True)
class Fault:
    """Why one rollout failed.

    Attributes:
        rollout: row of the batch's rollouts.
        signature: what the failure looks like.
        call: row of the batch's calls that is blamed, or was the last; None when the program made no such call.
        line: source line to look at, 0 for none: of the error that ended the program, else of the call.
        error: what ended the program before its end, e.g. ``p.py:27: TypeError: ...``; "" when nothing did.
        sentence: one sentence for a person or an agent.
    """

    rollout: int
    signature: Signature
    call: int | None
    line: int
    error: str
    sentence: str


@dataclass(frozen=True)
class _Call:
    """One call of a rollout, as the fault rules see it."""

    row: int
    primitive: str
    family: Family
    status: Status
    prompt: frozenset[str]
    phase: str
    role: str

    @property
    def failed(self) -> bool:
        return self.status is not Status.OK


def find_faults(
    batch: TraceBatch, rollouts: Iterable[int] | np.ndarray, *, registry: Registry = ROBOT_API
) -> list[Fault]:
    """The fault of each given rollout (rows of failed rollouts), in the given order."""
    view = _View(batch, registry)
    return [_fault(view, int(rollout)) for rollout in rollouts]


class _View:
    """A batch with its columns decoded once, for row-wise reading."""

    def __init__(self, batch: TraceBatch, registry: Registry) -> None:
        self.batch = batch
        self.primitive = batch.call_text("primitive").tolist()
        self.text = batch.call_text("text").tolist()
        self.status = [Status(code) for code in batch.calls["status"].tolist()]
        self.target = batch.rollout_text("target").tolist()
        self.container = batch.rollout_text("container").tolist()
        self.bounds = np.searchsorted(batch.calls["rollout"], np.arange(len(batch) + 1)).tolist()
        declared = {name: registry[name] for name in set(self.primitive)}
        self.family = [declared[name].family for name in self.primitive]
        self._packed = {
            "inputs": {name: packed_names(primitive.parameters) for name, primitive in declared.items()},
            "outputs": {name: packed_names(primitive.fields) for name, primitive in declared.items()},
        }

    def xy(self, column: Literal["inputs", "outputs"], row: int) -> tuple[float, float] | None:
        """Horizontal position that a call asked for (its inputs) or perceived (its outputs), m."""
        names = self._packed[column][self.primitive[row]]
        if "position.0" not in names:
            return None
        at = names.index("position.0")
        x, y = self.batch.calls[column][row, at : at + 2].tolist()
        return None if math.isnan(x + y) else (x, y)


def _fault(view: _View, rollout: int) -> Fault:
    outcome = Outcome(int(view.batch.rollouts["outcome"][rollout]))
    calls = _read_calls(view, rollout)
    last = calls[-1] if calls else None
    if outcome is Outcome.PROGRAM_ERROR and last and last.failed and last.family in (Family.SENSE, Family.PLAN):
        return _call_fault(view, rollout, last)  # the error follows from using a value that was not there
    if outcome is not Outcome.DONE:
        return _early_end(view, rollout, outcome, last)
    blamed = next((c for i, c in enumerate(calls) if c.failed and not _overcome(c, calls[i + 1 :])), None)
    if blamed is not None:
        return _call_fault(view, rollout, blamed)
    return _goal_not_met(view, rollout, calls)


def _read_calls(view: _View, rollout: int) -> list[_Call]:
    rows = range(view.bounds[rollout], view.bounds[rollout + 1])
    part = slice(rows.start, rows.stop)
    senses = [family is Family.SENSE for family in view.family[part]]
    phases = phases_of(view.primitive[part], senses, [status is Status.OK for status in view.status[part]])
    roles = _roles(view, rollout, rows, phases)
    words = [signature_words(text) for text in view.text[part]]
    columns = (rows, view.primitive[part], view.family[part], view.status[part], words, phases, roles)
    return [_Call(*values) for values in zip(*columns, strict=True)]


def phases_of(primitives: list[str], senses: list[bool], ok: list[bool]) -> list[str]:
    """Phase of every call of one rollout, from the calls alone.

    After a release the rollout is in "verify"; it is back in "reach" from the first look that is followed by
    another closing of the gripper.
    """
    phases, holding, released = [], False, False
    last_close = max((i for i, name in enumerate(primitives) if name == _CLOSE), default=-1)
    for i, name in enumerate(primitives):
        if released and senses[i] and i < last_close:
            released = False
        if name == _CLOSE and not holding and not released:
            phases.append("grasp")
            holding = ok[i]
        elif name == _OPEN and holding:
            phases.append("release")
            holding, released = False, True
        else:
            phases.append("carry" if holding else "verify" if released else "reach")
            if name == _CLOSE:
                holding = holding and ok[i]
    return phases


def _roles(view: _View, rollout: int, rows: range, phases: list[str]) -> list[str]:
    """Role of the object that each call is about."""
    target, container = view.target[rollout], view.container[rollout]
    seen: dict[str, tuple[float, float]] = {}  # role -> where it was last perceived
    prompted = aimed = held = "none"
    roles = []
    for row, phase in zip(rows, phases, strict=True):
        name, family = view.primitive[row], view.family[row]
        asked = view.xy("inputs", row)
        if view.text[row]:
            role = prompted = role_of_text(view.text[row], target=target, container=container)
            position = view.xy("outputs", row)
            if position is not None:
                seen[role] = position
        elif asked is not None:
            role = aimed = _nearest(asked, seen) if seen else prompted
        elif name == _CLOSE:
            role = aimed if aimed != "none" else prompted
            if phase == "grasp" and view.status[row] is Status.OK:
                held = role
        elif phase in ("carry", "release") and family is not Family.MOVE:
            role = held
        else:
            role = aimed if name == "move_to_joints" else "none"
        roles.append(held if view.status[row] is Status.SLIPPED and held != "none" else role)
    return roles


def _nearest(xy: tuple[float, float], seen: dict[str, tuple[float, float]]) -> str:
    distance, role = min((math.dist(xy, where), role) for role, where in seen.items())
    return role if distance <= _NEAR else "none"


def _overcome(call: _Call, later: list[_Call]) -> bool:
    """True when the program itself made good a failed call, or tried the same again later.

    Of a chain of repeated tries only the last is judged; a look or a motion on the way to a grasp is also made good
    by the grasp, unless it was the look for the container.
    """
    closes = [i for i, c in enumerate(later) if c.primitive == _CLOSE and c.phase == "grasp"]
    if call.phase == "verify" and call.primitive == _CLOSE:
        return True  # closing an empty hand after the job is no fault
    if call.primitive == _CLOSE or call.status is Status.SLIPPED:
        return bool(closes)
    if call.family is Family.SENSE and any(c.family is Family.SENSE and c.prompt == call.prompt for c in later):
        return True
    if call.phase == "reach":
        if call.role != "container" and any(not later[i].failed for i in closes):
            return True
        before = closes[-1] if closes else len(later)  # motions after the last grasp are no new try
        repeats = (i for i, c in enumerate(later) if c.primitive == call.primitive and c.phase == "reach")
        return call.family is not Family.SENSE and any(i < before for i in repeats)
    return call.family is not Family.SENSE and any(
        c.primitive == call.primitive and c.phase == call.phase for c in later
    )


def _call_fault(view: _View, rollout: int, call: _Call) -> Fault:
    calls = view.batch.calls
    contact = NONE
    if call.status in _CONTACT_EXPLAINS:
        pair = [_string(view, int(calls[name][call.row])) for name in ("contact_a", "contact_b")]
        contact = contact_role(*pair, target=view.target[rollout], container=view.container[rollout])
        if call.status is Status.SLIPPED and contact == call.role:
            contact = NONE  # the fingers on what they hold explain nothing
    signature = Signature(call.primitive, call.phase, call.status.name, contact, call.role)
    message, error = _string(view, int(calls["message"][call.row])), _error(view, rollout)
    line = int(calls["line"][call.row])
    said = f"{call.primitive}({view.text[call.row]!r})" if view.text[call.row] else call.primitive
    sentence = (
        f"line {line}: {said} in the {call.phase} phase (object: {call.role}) returned "
        f"{call.status.name}: {call.status.reason}{_measures(view, call.row)}{'; ' + message if message else ''}."
    )
    return Fault(rollout, signature, call.row, line, error, sentence + (f" It ended with {error}." if error else ""))


def _early_end(view: _View, rollout: int, outcome: Outcome, last: _Call | None) -> Fault:
    rollouts = view.batch.rollouts
    line, text = int(rollouts["error_line"][rollout]), _string(view, int(rollouts["error"][rollout]))
    kind = f"{text.partition(':')[0]}:{line}" if outcome is Outcome.PROGRAM_ERROR and line else ""
    signature, after, call = Signature(NONE, "reach", outcome.name, error=kind), "before any call", None
    if last:
        line, call = line or int(view.batch.calls["line"][last.row]), last.row
        signature = Signature(last.primitive, last.phase, outcome.name, NONE, last.role, kind)
        after = f"last call {last.primitive} in the {last.phase} phase ({last.status.name})"
    where = f" at line {line}" if line else ""
    what = {
        Outcome.PROGRAM_ERROR: "the program stopped with an error",
        Outcome.OUT_OF_STEPS: "the episode's step budget ran out",
        Outcome.OUT_OF_INSTRUCTIONS: "the program's budget of instructions ran out",
        Outcome.DIVERGED: "the physics of this rollout became non-finite",
        Outcome.REFUSED: "the program did not begin",
        Outcome.ENGINE_FAULT: "the machine that runs programs failed, which is no fault of the program,",
    }[outcome]
    sentence = f"{what}{where}{': ' + text if text else ''}, {after}."
    return Fault(rollout, signature, call, line, _error(view, rollout), sentence)


def _error(view: _View, rollout: int) -> str:
    """What ended a program before its end, with its place."""
    rollouts = view.batch.rollouts
    line, text = int(rollouts["error_line"][rollout]), _string(view, int(rollouts["error"][rollout]))
    name = view.batch.programs[rollouts["program"][rollout]].name
    return f"{name}:{line}: {text}" if text else ""


def _goal_not_met(view: _View, rollout: int, calls: list[_Call]) -> Fault:
    margin = float(view.batch.rollouts["margin"][rollout])
    by = "" if math.isnan(margin) else f" (margin {margin:+.3f} m)"
    said = "every call reported OK" if not any(c.failed for c in calls) else "every failed call was made good"
    changes = [
        c for c in calls if c.phase == "release" or (c.primitive == _CLOSE and c.phase == "grasp" and not c.failed)
    ]
    if not changes:
        signature = Signature(NONE, "reach", Status.OK.name)
        sentence = f"{said}, but the goal was not met{by}: nothing was ever grasped."
        return Fault(rollout, signature, None, 0, "", sentence)
    last = changes[-1]
    line = int(view.batch.calls["line"][last.row])
    signature = Signature(last.primitive, last.phase, Status.OK.name, NONE, last.role)
    sentence = (
        f"{said}, but the goal was not met{by}; the last call that changed the phase was {last.primitive} at line "
        f"{line} ({last.phase}, object: {last.role})."
    )
    return Fault(rollout, signature, last.row, line, "", sentence)


def _measures(view: _View, row: int) -> str:
    calls = view.batch.calls
    shown = (
        ("residual", "residual_m", "m"),
        ("residual", "residual_rad", "rad"),
        ("width", "width", "m"),
        ("slip", "slip", "m"),
    )
    parts = [f"{label} {calls[name][row]:.3f} {unit}" for label, name, unit in shown if not np.isnan(calls[name][row])]
    return f" ({', '.join(parts)})" if parts else ""


def _string(view: _View, index: int) -> str:
    return view.batch.strings[index] if index >= 0 else ""
