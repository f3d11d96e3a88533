"""What the simulator knows of a lane, to hold statuses against: where the hand is, what it holds, what it touches.

MuJoCo's own kinematics and collision detection, nothing of the planner's or the primitives'.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

from aspire_mjx.worlds.template import TOUCH_GEOMS, Template
from aspire_mjx.worlds.worlds import Worlds

NOTHING = -2
_INNER = 0.3  # cosine between a contact's normal and the closing direction, above which a pad pushes from its side
_NEAR = 0.003  # m


@dataclass(frozen=True, eq=False)
class Truth:
    """One lane in one state.

    Attributes:
      fingertip: ``[3]`` m, world frame.  turn: ``[3, 3]`` world from hand.
      held: slot of the thing that both finger pads touch on their inner sides, :data:`NOTHING` for none.
      pads: either pad touches something.
      touching: the hand, or what it holds, touches something else.
      things, turns: ``[S, 3]`` m and ``[S, 3, 3]``, in the hand's frame, the centre of mass of the thing in each slot
        and how it is turned.
    """

    fingertip: np.ndarray
    turn: np.ndarray
    held: int
    pads: bool
    touching: bool
    things: np.ndarray
    turns: np.ndarray


class Witness:
    """Looks at lanes of one template."""

    def __init__(self, template: Template) -> None:
        self._template, self._data = template, mujoco.MjData(template.model)
        model = template.model
        self._touch = [model.geom(name).id for name in TOUCH_GEOMS]
        self._tip, self._bodies = model.site("fingertip").id, [thing.body for thing in template.things]
        self._arm = template.arm_qpos

    def look(self, worlds: Worlds, lane: int, qpos: np.ndarray) -> Truth:
        """The truth of one lane in the state ``qpos [nq]``."""
        data = self._place(worlds, lane, qpos)
        tip, turn = data.site_xpos[self._tip].copy(), data.site_xmat[self._tip].reshape(3, 3).copy()
        pairs = [(int(a), int(b)) for a, b in data.contact.geom[: data.ncon]]
        along = (
            data.contact.frame[: data.ncon, :3] @ turn[:, 1]
        ).tolist()  # normals point from the first geom to the second
        inner = [
            {
                self._slot(pair, pad)
                for pair, way in zip(pairs, along, strict=True)
                if self._inward(pair, way, pad, side)
            }
            for pad, side in zip(self._touch[:2], (1.0, -1.0), strict=True)
        ]
        grasped = sorted((inner[0] & inner[1]) - {-1})
        held = grasped[0] if grasped else NOTHING
        pads = any(pad in pair for pair in pairs for pad in self._touch[:2])
        things = (data.xipos[self._bodies] - tip) @ turn
        turns = turn.T @ data.xmat[self._bodies].reshape(-1, 3, 3)
        return Truth(tip, turn, held, pads, self._meets(pairs, held), things, turns)

    def near(self, worlds: Worlds, lane: int, qpos: np.ndarray) -> bool:
        """Whether anything is within 3 mm of the hand: what was touched a moment ago, and gave way."""
        model, data = worlds.model_of(lane), self._place(worlds, lane, qpos)
        others = [geom for geom in range(model.ngeom) if model.geom_contype[geom]]
        gaps = (mujoco.mj_geomDistance(model, data, a, b, _NEAR, None) for a in self._touch for b in others)
        return any(gap < _NEAR for gap in gaps)

    def fingertip(self, worlds: Worlds, lane: int, qpos: np.ndarray, arm: np.ndarray) -> np.ndarray:
        """Where the fingertip point would be with other joint angles ``arm [7]``, ``[3]`` m, world frame."""
        moved = qpos.copy()
        moved[self._arm] = arm
        return self._place(worlds, lane, moved).site_xpos[self._tip].copy()

    def _place(self, worlds: Worlds, lane: int, qpos: np.ndarray) -> mujoco.MjData:
        mujoco.mj_resetData(worlds.model_of(lane), self._data)  # nothing sleeps: what does keeps its old place
        self._data.qpos[:] = qpos
        mujoco.mj_fwdPosition(worlds.model_of(lane), self._data)
        return self._data

    def _inward(self, pair: tuple[int, int], along: float, pad: int, side: float) -> bool:
        """Whether a contact is one of a pad's inner side, that which looks to the other pad."""
        outward = along if pair[0] == pad else -along
        return pad in pair and -side * outward > _INNER

    def _slot(self, pair: tuple[int, int], geom: int) -> int:
        """What a geom touches in a contact: its slot, -1 for floor and table."""
        return int(self._template.geom_slot[pair[1] if pair[0] == geom else pair[0]])

    def _meets(self, pairs: list[tuple[int, int]], held: int) -> bool:
        """Whether the hand with what it holds touches anything else."""

        def mine(geom: int) -> bool:
            return geom in self._touch or (held >= 0 and int(self._template.geom_slot[geom]) == held)

        return any(mine(a) != mine(b) for a, b in pairs)
