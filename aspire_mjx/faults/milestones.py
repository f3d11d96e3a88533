"""How far rollouts came: the milestones of each goal literal, from the judge's view of every call.

Each literal of a goal moves one thing: an object that is to lie somewhere, or a door, drawer or knob. On the way there
it is seen, reached, touched, moved; an object is also gripped, lifted, carried over its place and let go there. A
failure is the first of these that a rollout missed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.faults.roles import names_category
from aspire_mjx.primitives.registry import Family, Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task

#: In the order in which they are reached.
MILESTONES = ("seen", "reached", "touched", "gripped", "lifted", "carried", "over", "released", "holds")
_OF_JOINTS = ("seen", "reached", "touched", "lifted", "holds")  # "lifted" means that the door, drawer or knob moved
_REACH = 0.10  # m from the fingertips to the middle of the thing
_RISE, _CARRY, _OVER = 0.02, 0.05, 0.08  # m: risen, moved along the table, and beside the middle of its place

NEVER, NOT_ASKED = -1, -2  #: in place of a call: never reached, and no milestone of this literal


@dataclass(frozen=True, eq=False)
class Progress:
    """How far ``B`` rollouts came with ``L`` literals each.

    Attributes:
        first: ``[B, L, M]`` row of the call at whose end a milestone was reached first, :data:`NEVER`, or
            :data:`NOT_ASKED`; of "holds" the last call of a rollout whose literal holds at the end.
        objects: ``[B, L]`` what each literal moves, as numbers of the batch's strings; -1 for no literal.
        missed: ``[B, L]`` number of the first milestone that was missed, M for none.
        literal: ``[B]`` the first literal that does not hold, -1 where all do.
    """

    first: np.ndarray
    objects: np.ndarray
    missed: np.ndarray
    literal: np.ndarray

    @property
    def share(self) -> float:
        """Mean share of the milestones that the literals of all rollouts reached, from 0 to 1."""
        asked = self.objects >= 0
        return float(self.missed[asked].mean()) / len(MILESTONES) if asked.any() else 0.0

    def milestone(self, rollout: int) -> str:
        """The first milestone that a rollout missed; "" for none."""
        literal = int(self.literal[rollout])
        return "" if literal < 0 else (*MILESTONES, "")[int(self.missed[rollout, literal])]


def progress(batch: TraceBatch, *, registry: Registry = ROBOT_API) -> Progress:
    """How far each rollout of a batch came."""
    goals, objects, categories = _goals(batch)
    calls, owner = batch.calls, batch.calls["rollout"]
    first = np.full((len(batch), goals.shape[1], len(MILESTONES)), NOT_ASKED, np.int64)
    held, moved = calls["true_held"], calls["true_moved"]
    for literal in range(goals.shape[1]):
        thing, kind = objects[owner, literal], goals[owner, literal]
        at, place = calls["true_objects"][:, literal].astype(float), calls["true_places"][:, literal].astype(float)
        start = _start(at, owner, len(batch))[owner]
        apart = np.linalg.norm(calls["true_fingertip"] - at, axis=1)
        gripped = (held == thing) & (thing >= 0)
        went, beside = np.linalg.norm((at - start)[:, :2], axis=1), np.linalg.norm((at - place)[:, :2], axis=1)
        shifted = (moved == thing) & (thing >= 0)
        touched = gripped | shifted | _touches(batch, categories[:, literal][owner])
        picked = since(gripped, owner)
        reached = {
            "seen": _sees(batch, categories[:, literal][owner], registry),
            "reached": (apart < _REACH) | touched,
            "touched": touched,
            "gripped": gripped,
            "lifted": np.where(kind == 3, gripped & (at[:, 2] - start[:, 2] > _RISE), shifted),
            "carried": gripped & (went > _CARRY),
            "over": gripped & (beside < _OVER),
            "released": picked & ~gripped & since(gripped & (went > _CARRY), owner),
            "holds": (calls["true_margins"][:, literal] > 0) & _last(owner),
        }
        for number, name in enumerate(MILESTONES):
            asked = (goals[:, literal] == 3) | ((goals[:, literal] == 2) & (name in _OF_JOINTS))
            first[:, literal, number] = np.where(asked, _first(reached[name], owner, len(batch)), NOT_ASKED)
    return _judged(first, objects, goals)


def _judged(first: np.ndarray, objects: np.ndarray, goals: np.ndarray) -> Progress:
    """What was missed first; later milestones that were reached count for those before them."""
    reached = first != NEVER
    furthest = np.where(reached & (first != NOT_ASKED), np.arange(len(MILESTONES)), -1).max(axis=2)
    asked = first != NOT_ASKED
    behind = asked & ~reached & (np.arange(len(MILESTONES)) > np.minimum(furthest, len(MILESTONES) - 2)[..., None])
    missed = np.where(behind.any(axis=2), behind.argmax(axis=2), len(MILESTONES))
    holds = first[..., -1] >= 0
    missed = np.where(holds, len(MILESTONES), np.where(missed == len(MILESTONES), len(MILESTONES) - 1, missed))
    open_ = (goals > 0) & ~holds
    return Progress(first, objects, missed, np.where(open_.any(axis=1), open_.argmax(axis=1), -1))


def _goals(batch: TraceBatch) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each literal ``[B, L]``: 3 for a place, 2 for a joint, 0 for none; its thing; the thing's category."""
    numbers = {text: number for number, text in enumerate(batch.strings)}
    definitions, which = np.unique(batch.rollouts["definition"], return_inverse=True)
    most = batch.calls["true_margins"].shape[1]
    kinds, things = np.zeros((len(definitions), most), int), np.full((len(definitions), most), -1)
    names = np.full((len(definitions), most), "", object)
    for row, definition in enumerate(definitions.tolist()):
        if definition < 0:
            continue
        task = Task.from_json(batch.strings[definition])
        for number, literal in enumerate(task.goal[:most]):
            kinds[row, number] = 3 if len(literal) == 3 else 2
            owner = owner_of(task, literal[1])
            things[row, number], names[row, number] = numbers.get(owner, -2), task.category_of(literal[1])
    return kinds[which], things[which], names[which]


def owner_of(task: Task, name: str) -> str:
    """The instance that a literal's name is, or is a part of."""
    instances = [instance for instance, _ in (*task.objects, *task.fixtures)]
    return max((each for each in instances if name == each or name.startswith(each + "_")), key=len, default=name)


def _sees(batch: TraceBatch, category: np.ndarray, registry: Registry) -> np.ndarray:
    """``[C]`` bool, looks that found what the literal moves."""
    names = batch.call_text("primitive")
    looks = np.isin(names, [n for n in set(names.tolist()) if registry[n].family is Family.SENSE])
    rows = np.flatnonzero(looks & (batch.calls["status"] == Status.OK.value) & (batch.calls["text"] >= 0))
    found, texts = np.zeros(len(names), bool), batch.call_text("text")
    known: dict[tuple[str, str], bool] = {}
    for row in rows.tolist():
        pair = (texts[row], category[row])
        if pair not in known:
            known[pair] = bool(pair[1]) and names_category(*pair)
        found[row] = known[pair]
    return found


def _touches(batch: TraceBatch, category: np.ndarray) -> np.ndarray:
    """``[C]`` bool, the hand touched a thing of the literal's category hardest."""
    return (batch.call_text("contact_b") == category) & (category != "")


def _start(at: np.ndarray, owner: np.ndarray, rollouts: int) -> np.ndarray:
    """``[B, 3]`` where things were at the end of the first call of each rollout; NaN without a call."""
    start, begins = np.full((rollouts, 3), np.nan), np.searchsorted(owner, np.arange(rollouts))
    some = np.isin(np.arange(rollouts), owner)
    start[some] = at[begins[some]]
    return start


def _last(owner: np.ndarray) -> np.ndarray:
    """``[C]`` bool, the last call of each rollout."""
    return np.append(owner[1:] != owner[:-1], True)[: len(owner)]


def _first(mask: np.ndarray, owner: np.ndarray, rollouts: int) -> np.ndarray:
    """``[B]`` the first row of each rollout where a mask ``[C]`` holds, NEVER for none."""
    found, rows = np.full(rollouts, NEVER), np.flatnonzero(mask)[::-1]
    found[owner[rows]] = rows
    return found


def since(mask: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """``[C]`` bool, a mask has held at an earlier call of the same rollout, or holds."""
    total = np.cumsum(mask)
    begins = np.searchsorted(owner, owner)
    return total - (total[begins] - mask[begins]) > 0
