"""The seeing primitives: camera image in, poses out. Programs learn about the scene only here, from pixels."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Mapping, Sequence

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.physics.kinematics import POSE_LEAVES, geom_poses
from aspire_mjx.planning import grasp
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.primitives.results import Results, unpacks_of
from aspire_mjx.primitives.status import Status
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.noise import NoiseModel
from aspire_mjx.sensing.perceive import Percepts, perceive
from aspire_mjx.sensing.render import GBuffer, cast
from aspire_mjx.sensing.scene import Scene
from aspire_mjx.worlds.viewpoint import Viewpoint
from aspire_mjx.worlds.worlds import Worlds

_KEPT_IMAGES = 1024  #: noise-free images kept; each is about 0.1 MB


def camera_at(views: Sequence[Viewpoint]) -> Camera:
    """One camera a lane, of one field of view."""
    position, quaternion = (np.array([getattr(view, name) for view in views]) for name in ("position", "quaternion"))
    return Camera.from_mujoco(position, quaternion, fovy=views[0].fovy)


def scene_of(worlds: Worlds, qpos: np.ndarray) -> Scene:
    """The visible geoms of ``worlds`` in the states ``qpos [N, nq]``."""
    template, leaves = worlds.template, worlds.leaves(("geom_size", "geom_rgba", *POSE_LEAVES))
    position, rotation = geom_poses(template, leaves, qpos)
    return Scene(
        kind=tuple(int(kind) for kind in template.model.geom_type),
        instance=tuple(int(slot) for slot in template.geom_slot),
        size=leaves["geom_size"],
        position=position,
        rotation=rotation,
        rgb=leaves["geom_rgba"][..., :3],
        present=leaves["geom_rgba"][..., 3] > 0,
    )


class Eye:
    """The camera of the worlds of a template, with the noise-free images it took last.

    A camera frame depends on the state and the viewpoint alone, so calls at one moment, and candidates that start in
    the same world, share one rendering. Noise and detection are drawn afresh for every call.
    """

    def __init__(self, *, noise: NoiseModel | None = None) -> None:
        self.noise = noise or NoiseModel()
        self._images: OrderedDict[tuple[int, Viewpoint, bytes], GBuffer] = OrderedDict()

    def look(self, worlds: Worlds, qpos: np.ndarray) -> GBuffer:
        """Noise-free images of ``N`` lanes of one field of view; renders only what was not seen lately."""
        views = worlds.views()
        keys = [(id(worlds.model_of(lane)), views[lane], qpos[lane].tobytes()) for lane in range(len(qpos))]
        fresh = {key: lane for lane, key in enumerate(keys) if key not in self._images}
        if fresh:
            rows = np.array(list(fresh.values()))
            images = cast(scene_of(worlds.take(rows), qpos[rows]), camera_at([views[row] for row in rows]))
            for i, key in enumerate(fresh):
                self._images[key] = images.take(np.array([i]))
        images = [self._images[key] for key in keys]
        for key in keys:
            self._images.move_to_end(key)
        while len(self._images) > _KEPT_IMAGES:
            self._images.popitem(last=False)
        return _stack(images)

    def perceive(self, lanes: Lanes, prompts: tuple[str, ...]) -> Percepts:
        """What each lane's detector says about its prompt, from noisy pixels."""
        fields = np.array([view.fovy for view in lanes.worlds.views()])
        parts = [np.flatnonzero(fields == fovy) for fovy in np.unique(fields)]
        seen = [self._perceive(lanes.take(rows), [prompts[row] for row in rows]) for rows in parts]
        if len(parts) == 1:
            return seen[0]
        order = np.argsort(np.concatenate(parts))
        names = [f.name for f in dataclasses.fields(Percepts)]
        return Percepts(**{name: np.concatenate([getattr(s, name) for s in seen])[order] for name in names})

    def _perceive(self, lanes: Lanes, prompts: Sequence[str]) -> Percepts:
        """As :meth:`perceive`, for lanes whose cameras have one field of view: an image's rays are compiled in."""
        worlds = lanes.worlds
        dose = np.array([spec.perturbation.noise for spec in worlds.specs])
        return perceive(
            self.look(worlds, lanes.qpos),
            camera_at(worlds.views()),
            prompts,
            [worlds.categories(lane) for lane in range(len(lanes))],
            noise=dataclasses.replace(self.noise, dose=dose),
            seeds=np.array([spec.seed for spec in worlds.specs]),
            calls=lanes.call,
            base_position=worlds.base,
        )


def _stack(images: list[GBuffer]) -> GBuffer:
    columns = {f.name: np.concatenate([getattr(i, f.name) for i in images]) for f in dataclasses.fields(GBuffer)}
    return GBuffer(**columns)


def sense(primitive: Primitive, lanes: Lanes, arguments: Mapping, eye: Eye) -> Results:
    """Serves ``get_object_pose`` and ``sample_grasp_pose``."""
    prompts = tuple(arguments["name"])
    seen = eye.perceive(lanes, prompts)
    status = seen.status.astype(np.int16)  # sightings have the codes of the statuses of the same names
    messages = tuple(_explain(Status(int(s)), prompt) for s, prompt in zip(status, prompts, strict=True))
    if primitive.name == "get_object_pose":
        fields = {
            "position": seen.position,
            "quaternion_wxyz": seen.quaternion_wxyz,
            "extent": seen.extent,
            "score": seen.score,
        }
    else:
        yaw = geometry.yaw_of(seen.quaternion_wxyz)
        found = grasp.top_down(seen.position, yaw, seen.extent, support_height=lanes.support_height)
        fields = {
            "position": found.position,
            "quaternion_wxyz": found.quaternion,
            "width": found.width,
            "score": seen.score,
        }
    fields = {name: np.asarray(column, np.float64) for name, column in fields.items()}
    return Results(primitive, status, fields, messages, unpacks_of(primitive, arguments))


def _explain(status: Status, prompt: str) -> str:
    if status == Status.NOT_FOUND:
        return f"no detection matches {prompt!r}"
    if status == Status.AMBIGUOUS:
        return f"several things match {prompt!r} equally well"
    return ""
