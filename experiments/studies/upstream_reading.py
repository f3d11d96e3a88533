"""LIBERO's rules read a second time, one scalar at a time: what parity is measured against.

Nothing here shares code with the sampler and the judge of ``worlds``: figures come from a checkout's model files,
contacts from C MuJoCo. It is our own reading of LIBERO's sources; robosuite is not run.
"""

from __future__ import annotations

import functools
import math
import xml.etree.ElementTree as ElementTree

import mujoco
import numpy as np

from aspire_mjx.worlds.checkout import model_file
from aspire_mjx.worlds.tasks import Literal, Task

_ORIGIN = {"living_room": (0.0, 0.0), "study": (-0.2, 0.0)}  # xy of the workspaces whose origin is not (0, 0)
_SITE_HEIGHT = {"tabletop": 0.895, "floor": 0.02, "kitchen": 0.875, "living_room": 0.41, "study": 0.867}
_TRIES = 5000


@functools.lru_cache(maxsize=256)
def _sites(root: str, category: str) -> dict[str, tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    """Site name to the body that carries it, position, quaternion and size, as the model file writes them."""
    found = {}
    tree = ElementTree.parse(model_file(root, category)).getroot()
    for body in tree.iter("body"):
        for site in body.findall("site"):
            numbers = [
                np.array([float(n) for n in site.get(key, default).split()])
                for key, default in (("pos", "0 0 0"), ("quat", "1 0 0 0"), ("size", "0.005"))
            ]
            found[site.get("name", "")] = (body.get("name", ""), *numbers)
    return found


def sample_places(task: Task, random: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Where upstream's sampler puts each thing that starts on the surface: name to xy, m in the world frame.

    Things on or in other things follow from these and are left out; what is drawn is rejected by upstream's own rule,
    the distance of centres against the sum of radii.
    """
    root, category = task.checkout, dict((*task.objects, *task.fixtures))
    ox, oy = _ORIGIN.get(task.workspace, (0.0, 0.0))
    movable, placed = dict(task.objects), {}
    rectangles = {region.name: region for region in task.regions}
    for literal in task.init:
        if literal[0] != "On" or literal[2] not in rectangles:
            continue
        name, rectangle = literal[1], rectangles[literal[2]]
        sites = _sites(root, category[name])
        radius, bottom = sites["horizontal_radius_site"][1][0], sites["bottom_site"][1][2]
        shrink = radius if name in movable and task.workspace in ("tabletop", "floor") else 0.0
        z = (0.01 if name in movable else (0.01 - (0.05 if task.workspace != "living_room" else 0.024))) - bottom
        for _ in range(_TRIES):
            # Upstream's uniform(low, high) is low + (high - low) u, whichever of them is larger.
            (x0, y0), (x1, y1) = rectangle.low, rectangle.high
            x = ox + x0 + shrink + (x1 - x0 - 2 * shrink) * random.random()
            y = oy + y0 + shrink + (y1 - y0 - 2 * shrink) * random.random()
            meets = [
                math.hypot(x - px, y - py) <= other_radius + radius and z - pz <= other_top - bottom
                for px, py, pz, other_radius, other_top in placed.values()
            ]
            if name not in movable or not any(meets):
                break
        placed[name] = (x, y, z, radius, sites["top_site"][1][2])
    return {name: (x, y) for name, (x, y, *_) in placed.items()}


class Reader:
    """Upstream's predicates on one task, read from a MuJoCo model of the original geometry and its data."""

    def __init__(self, task: Task, model: mujoco.MjModel) -> None:
        self.task, self.model, self.data = task, model, mujoco.MjData(model)
        self._category = dict((*task.objects, *task.fixtures))
        self._owner = self._owners()

    def goal_holds(self, qpos: np.ndarray) -> bool:
        """Whether the goal holds in a state."""
        self.data.qpos[:] = qpos
        mujoco.mj_forward(self.model, self.data)
        return all(self._holds(literal) for literal in self.task.goal)

    def _owners(self) -> list[str]:
        """The instance that each body belongs to."""
        owners = [""] * self.model.nbody
        for body in range(1, self.model.nbody):
            name = self.model.body(body).name
            owners[body] = name if name in self._category else owners[self.model.body_parentid[body]]
        return owners

    def _holds(self, literal: Literal) -> bool:
        predicate, *names = literal
        if predicate == "On":
            return self._on(*names)
        if predicate == "In":
            centre, turn, size = self._site(names[1])
            reach = np.abs(turn @ size)
            point = self.data.body(names[0]).xpos
            low = centre - reach - np.array([0.0, 0.0, 0.01])
            return bool((point > low).all() and (point < centre + reach).all())
        return self._joints(predicate, names[0])

    def _on(self, above: str, below: str) -> bool:
        point = self.data.body(above).xpos
        if below in self._category:
            other = self.data.body(below).xpos
            beside = math.hypot(point[0] - other[0], point[1] - other[1])
            return other[2] <= point[2] and self._touch(above, below) and beside < 0.03
        centre, turn, size = self._site(below)
        x, y, z = turn @ (point - centre)
        inside = size[2] - 0.005 < z < size[2] + 0.10 and abs(x) < size[0] and abs(y) < size[1]
        parent = self._parent(below)
        return inside and (not parent or self._touch(above, parent))

    def _touch(self, one: str, other: str) -> bool:
        for contact in self.data.contact[: self.data.ncon]:
            bodies = [self._owner[self.model.geom_bodyid[geom]] for geom in contact.geom]
            if bodies in ([one, other], [other, one]):
                return True
        return False

    def _parent(self, site: str) -> str:
        """The instance that a site belongs to, "" for the table or floor."""
        fitting = [name for name in self._category if site.startswith(f"{name}_")]
        return max(fitting, key=len, default="")

    def _site(self, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """World position, rotation matrix and half size of a site."""
        parent = self._parent(name)
        if not parent:
            (x0, y0), (x1, y1) = next((r.low, r.high) for r in self.task.regions if r.name == name)
            ox, oy = _ORIGIN.get(self.task.workspace, (0.0, 0.0))
            centre = np.array([ox + (x0 + x1) / 2, oy + (y0 + y1) / 2, _SITE_HEIGHT[self.task.workspace]])
            return centre, np.eye(3), np.array([(x1 - x0) / 2, (y1 - y0) / 2, 0.007])
        sites = _sites(self.task.checkout, self._category[parent])
        body, position, quaternion, size = sites[name.removeprefix(f"{parent}_")]
        frame = self.data.body(f"{parent}/{body}")
        turn = np.zeros(9)
        mujoco.mju_quat2Mat(turn, quaternion / np.linalg.norm(quaternion))
        rotation = frame.xmat.reshape(3, 3)
        return frame.xpos + rotation @ position, rotation @ turn.reshape(3, 3), size

    def _joints(self, predicate: str, name: str) -> bool:
        parent = self._parent(f"{name}_")
        category, site = self._category[parent], name.removeprefix(f"{parent}_")
        joints = [self.model.joint(j).name for j in range(self.model.njnt)]
        joints = [joint for joint in joints if joint.startswith(f"{parent}/")]
        if "cabinet" in category and site != name:
            joints = [joint for joint in joints if joint.startswith(f"{parent}/{site.split('_')[0]}")]
        values = [float(self.data.joint(joint).qpos[0]) for joint in joints]
        cabinet = "cabinet" in category
        rule = {
            "Open": lambda q: q < -0.14 if cabinet else q < -1.3,
            "Close": lambda q: q > 0.0 if cabinet else q > -0.005,
            "Turnon": lambda q: q >= 0.5,
            "Turnoff": lambda q: q < 0.0,
        }[predicate]
        return any(map(rule, values)) if predicate in ("Open", "Turnon") else all(map(rule, values))
