"""What became of a goal literal's thing, call by call: held, let go, moved, and where. From the judge's view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.faults.milestones import Progress, owner_of, since
from aspire_mjx.primitives.registry import Family, Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task


@dataclass(frozen=True, eq=False)
class Goals:
    """Names in the goals of ``B`` rollouts with ``L`` literals each.

    Attributes:
        holders: ``[B, L]`` where each literal wants its thing, as numbers of the batch's strings; -1 for none.
        targets: ``[B, L]`` category of the thing, "" for none.
        containers: ``[B, L]`` category of where it belongs, "" for none.
        right: ``[C]`` bool, what is held at the end of a call is a fixture or something that the goal moves.
    """

    holders: np.ndarray
    targets: np.ndarray
    containers: np.ndarray
    right: np.ndarray

    @classmethod
    def of(cls, batch: TraceBatch) -> Goals:
        """The goals of a batch; without the judge's view the first literal has the batch's target and container."""
        numbers = {text: number for number, text in enumerate(batch.strings)}
        definitions, which = np.unique(batch.rollouts["definition"], return_inverse=True)
        shape = len(definitions), batch.calls["true_margins"].shape[1]
        holders, targets, containers = np.full(shape, -1), np.full(shape, "", object), np.full(shape, "", object)
        of_call, held = which[batch.calls["rollout"]], batch.calls["true_held"]
        right = np.ones(len(held), bool)
        for row, definition in enumerate(definitions.tolist()):
            if definition < 0:
                continue
            task = Task.from_json(batch.strings[definition])
            goal = task.goal[: shape[1]]
            for number, literal in enumerate(goal):
                holders[row, number] = numbers.get(owner_of(task, literal[-1]), -1) if len(literal) == 3 else -1
                targets[row, number] = task.category_of(literal[1])
                containers[row, number] = task.category_of(literal[-1])
            wrong = {name for name, _ in task.objects} - {owner_of(task, literal[1]) for literal in goal}
            ids = [numbers[name] for name in wrong if name in numbers]
            right[of_call == row] &= ~np.isin(held[of_call == row], ids)
        untold = definitions[which] < 0
        targets, containers = targets[which], containers[which]
        targets[untold, 0] = batch.rollout_text("target")[untold]
        containers[untold, 0] = batch.rollout_text("container")[untold]
        return cls(holders[which], targets, containers, right)


@dataclass(frozen=True, eq=False)
class Handling:
    """``C`` calls as the story of one thing for each rollout. "Before" means at the end of the rollout's call before.

    Attributes:
        owner: ``[C]`` rollout.
        primitive: ``[C]`` names.
        family: ``[C]`` of what is called, :class:`Family`.
        thing: ``[C]`` number of the thing in the batch's strings, -1 for none.
        placed: ``[C]`` bool, the thing is to lie somewhere; else it is a door, a drawer or a knob.
        held: ``[C]`` bool, both pads are on it at the end.
        held_before: ``[C]`` bool.
        picked: ``[C]`` bool, it has been held at the end of an earlier call.
        shifted: ``[C]`` m or rad that it moved without being carried; 0 where something else moved most.
        at: ``[C, 3]`` m, its middle at the end, world frame.
        at_before: ``[C, 3]`` m.
        place: ``[C, 3]`` m, where it should be; NaN for doors, drawers and knobs.
        margin: ``[C]`` m or rad, positive where its literal holds.
        margin_before: ``[C]`` m or rad.
    """

    owner: np.ndarray
    primitive: np.ndarray
    family: np.ndarray
    thing: np.ndarray
    placed: np.ndarray
    held: np.ndarray
    held_before: np.ndarray
    picked: np.ndarray
    shifted: np.ndarray
    at: np.ndarray
    at_before: np.ndarray
    place: np.ndarray
    margin: np.ndarray
    margin_before: np.ndarray

    @classmethod
    def of(
        cls, batch: TraceBatch, found: Progress, literals: np.ndarray, *, registry: Registry = ROBOT_API
    ) -> Handling:
        """The story of the thing of one literal of each rollout.

        Args:
            batch: traces.
            found: its progress.
            literals: ``[B]`` which literal.
            registry: declares the primitives.
        """
        calls, owner = batch.calls, batch.calls["rollout"]
        rows, literal = np.arange(len(owner)), literals[owner]
        names, which = np.unique(calls["primitive"], return_inverse=True)
        known = [batch.strings[number] for number in names.tolist()]
        thing = found.objects[owner, literal]
        held = (calls["true_held"] == thing) & (thing >= 0)
        at, margin = calls["true_objects"][rows, literal].astype(float), calls["true_margins"][rows, literal]
        place = calls["true_places"][rows, literal].astype(float)
        return cls(
            owner=owner,
            primitive=np.array([*known, ""], object)[which],
            family=np.array([*(registry[name].family for name in known), None], object)[which],
            thing=thing,
            placed=~np.isnan(place[:, 0]),
            held=held,
            held_before=before(held, owner, False),
            picked=before(since(held, owner), owner, False),
            shifted=np.where((calls["true_moved"] == thing) & (thing >= 0), np.nan_to_num(calls["true_moved_by"]), 0.0),
            at=at,
            at_before=before(at, owner, np.nan),
            place=place,
            margin=margin,
            margin_before=before(margin, owner, np.nan),
        )

    @property
    def let_go(self) -> np.ndarray:
        """``[C]`` bool, the hand opened and gave it free."""
        return self.held_before & ~self.held & (self.primitive == "open_gripper")

    @property
    def lost(self) -> np.ndarray:
        """``[C]`` bool, it was held and is not any more, though the hand was not opened."""
        return self.held_before & ~self.held & (self.primitive != "open_gripper")

    @property
    def free(self) -> np.ndarray:
        """``[C]`` bool, it lies where an earlier call let it go."""
        rows = np.arange(len(self.owner))
        gone = np.maximum.accumulate(np.where(self.let_go | self.lost, rows, 0))
        return self.let_go[gone] & (gone < rows) & (self.owner[gone] == self.owner) & ~self.held

    @property
    def arm(self) -> np.ndarray:
        """``[C]`` bool, calls that move the arm."""
        return self.family == Family.MOVE


def before(values: np.ndarray, owner: np.ndarray, missing: float | bool) -> np.ndarray:
    """The values of each call's predecessor in its rollout."""
    shifted = np.roll(values, 1, axis=0)
    shifted[np.searchsorted(owner, owner) == np.arange(len(owner))] = missing
    return shifted
