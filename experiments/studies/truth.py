"""What the simulator knows of a lane, to hold statuses against: where the hand is, what it holds, what it touches.

MuJoCo's own kinematics and collision detection, nothing of the planner's or the primitives'.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

from aspire_mjx import geometry
from aspire_mjx.planning.kinematics import LOWER_LIMIT, UPPER_LIMIT
from aspire_mjx.worlds.template import CONTACT_GEOMS, Template
from aspire_mjx.worlds.worlds import Worlds

NOTHING = -2
_INNER = 0.3  # cosine between a contact's normal and the closing direction, above which a pad pushes from its side
_NEAR = 0.003  # m
FAR = 0.2  #: m, beyond which clearances are not told apart
_STARTS, _STEPS = 24, 60  # of an inverse kinematics of its own


@dataclass(frozen=True, eq=False)
class Truth:
    """One lane in one state.

    Attributes:
        fingertip: ``[3]`` m, world frame.
        turn: ``[3, 3]`` world from hand.
        held: slot of the thing that both finger pads touch on their inner sides, :data:`NOTHING` for none.
        pads: either pad touches something.
        touching: the hand, or what it holds, touches something else.
        things: ``[S, 3]`` m, hand frame, centre of mass of the thing in each slot.
        turns: ``[S, 3, 3]`` hand from thing.
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
        self._touch = [model.geom(name).id for name in CONTACT_GEOMS]
        self._tip, self._bodies = model.site("fingertip").id, [thing.body for thing in template.things]
        self._arm, self._dof, self._fingers = template.arm_qpos, template.arm_dof, template.finger_qpos
        root = model.body_rootid[model.geom_bodyid] == model.body("robot_base").id
        fixed = [model.body(name).id for name in ("robot_base", "link1")]
        self._links = np.flatnonzero(root & ~np.isin(model.geom_bodyid, fixed)).tolist()

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

    def near(self, worlds: Worlds, lane: int, qpos: np.ndarray, held: int) -> bool:
        """Whether anything but slot ``held`` is within 3 mm of the hand: it was touched a moment ago, and gave way."""
        model, data = worlds.model_of(lane), self._place(worlds, lane, qpos)
        slots = self._template.geom_slot
        others = [geom for geom in range(model.ngeom) if model.geom_contype[geom] and (held < 0 or slots[geom] != held)]
        gaps = (mujoco.mj_geomDistance(model, data, a, b, _NEAR, None) for a in self._touch for b in others)
        return any(gap < _NEAR for gap in gaps)

    def clearance(self, worlds: Worlds, lane: int, qpos: np.ndarray, held: int) -> float:
        """Least distance of the moving links, and of slot ``held``, to any other thing, m; :data:`FAR` at most.

        Floor and table do not count, nor how near the fingers are to what is between them without a touch.
        """
        model, _ = worlds.model_of(lane), self._place(worlds, lane, qpos)
        slots, width = self._template.geom_slot, float(qpos[self._fingers].sum())
        links = [*self._links, *np.flatnonzero(slots == held).tolist()]
        others = [geom for geom in np.flatnonzero((slots >= 0) & (slots != held)).tolist() if model.geom_contype[geom]]
        least = FAR
        for other in others:
            gaps = {link: self._gap(model, link, other) for link in links}
            pads = [gaps.pop(pad) for pad in self._touch[:2]]
            if min(pads) <= 0.0 or sum(pads) >= width:
                least = min(least, *pads)
            least = min(least, *gaps.values())
        return least

    def folded(self, worlds: Worlds, lane: int, qpos: np.ndarray) -> float:
        """Least distance of the links to floor and table, and of links to others that are not their neighbours, m."""
        model, _ = worlds.model_of(lane), self._place(worlds, lane, qpos)
        below = [geom for geom in range(model.ngeom) if model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_PLANE]
        ground = (self._gap(model, a, b) for a in self._links for b in below)
        body = [int(model.geom_bodyid[geom]) for geom in self._links]
        distant = [
            (a, b) for i, a in enumerate(self._links) for j, b in enumerate(self._links) if body[j] - body[i] > 3
        ]
        return min([*ground, *(self._gap(model, a, b) for a, b in distant)], default=FAR)

    def placed(self, qpos: np.ndarray, arm: np.ndarray, then: np.ndarray) -> np.ndarray:
        """The state ``then [nq]`` with the fingers of ``qpos`` and the arm at ``arm [7]`` rad."""
        state = then.copy()
        state[self._fingers], state[self._arm] = qpos[self._fingers], arm
        return state

    def moved(self, worlds: Worlds, lane: int, qpos: np.ndarray, arm: np.ndarray) -> np.ndarray:
        """The state ``qpos [nq]`` with the arm at ``arm [7]`` rad, and with it what the hand holds."""
        was, state = self.look(worlds, lane, qpos), self.placed(qpos, arm, qpos)
        if 0 <= was.held < len(self._template.slot_qpos):
            at = int(self._template.slot_qpos[was.held])
            now = self.look(worlds, lane, state)
            turn = now.turn @ was.turn.T
            state[at : at + 3] = now.fingertip + turn @ (qpos[at : at + 3] - was.fingertip)
            state[at + 3 : at + 7] = geometry.multiply(geometry.from_matrix(turn[None]), qpos[None, at + 3 : at + 7])[0]
        return state

    def reaches(self, worlds: Worlds, lane: int, qpos: np.ndarray, position: np.ndarray, turn: np.ndarray) -> bool:
        """Whether some joint angles put the fingertip point at ``position [3]`` m, world frame, the hand at ``turn``.

        Damped least squares on MuJoCo's own Jacobian from 24 random configurations, to 1 mm and half a degree.
        """
        model, data = worlds.model_of(lane), self._place(worlds, lane, qpos)
        jacobian, low, high = np.zeros((6, model.nv)), LOWER_LIMIT, UPPER_LIMIT
        for start in np.random.default_rng(3).uniform(low, high, (_STARTS, 7)):
            data.qpos[self._arm] = start
            for _ in range(_STEPS):
                mujoco.mj_kinematics(model, data)
                mujoco.mj_comPos(model, data)
                now = data.site_xmat[self._tip].reshape(3, 3)
                axis = 0.5 * sum(np.cross(now[:, k], turn[:, k]) for k in range(3))
                off = np.concatenate([position - data.site_xpos[self._tip], axis])
                facing = (now * turn).sum() > 1.0  # beyond 90 degrees the axis shrinks again
                if np.linalg.norm(off[:3]) < 0.001 and np.linalg.norm(axis) < 0.0087 and facing:
                    return True
                mujoco.mj_jacSite(model, data, jacobian[:3], jacobian[3:], self._tip)
                own = jacobian[:, self._dof]
                step = own.T @ np.linalg.solve(own @ own.T + 1e-3 * np.eye(6), off)
                data.qpos[self._arm] = np.clip(data.qpos[self._arm] + np.clip(step, -0.3, 0.3), low, high)
        return False

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

    def _gap(self, model: mujoco.MjModel, first: int, second: int) -> float:
        return float(mujoco.mj_geomDistance(model, self._data, first, second, FAR, None))

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
