"""The robot's cameras, and what can be got out of their images. Programs learn about the scene only from pixels."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.errors import UnknownNameError
from aspire_mjx.physics.kinematics import POSE_LEAVES, geom_poses
from aspire_mjx.planning import kinematics
from aspire_mjx.primitives.grounding import of_pixels, of_words
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.depth_image import DepthImages, depth_images
from aspire_mjx.sensing.exposure import exposures
from aspire_mjx.sensing.noise import NoiseModel
from aspire_mjx.sensing.perceive import Percepts, perceive
from aspire_mjx.sensing.render import GBuffer, cast, shade
from aspire_mjx.sensing.scene import Scene
from aspire_mjx.sensing.segments import Segments, segment
from aspire_mjx.worlds.panda import FINGERTIP_OFFSET
from aspire_mjx.worlds.viewpoint import CAMERAS, WRIST_FOVY, WRIST_POSITION, WRIST_QUATERNION, Viewpoint
from aspire_mjx.worlds.worlds import Worlds

KEPT_BYTES = 160 << 20  #: of noise-free images that are kept for the next call
_IMAGE_BYTES = 8  # of a noise-free pixel: depth, instance, geom
_AT_ONCE = 256  # lanes that are looked at together


def camera_at(views: Sequence[Viewpoint], *, height: int = 120, width: int = 160) -> Camera:
    """One camera a lane, of one field of view."""
    position, quaternion = (np.array([getattr(view, name) for view in views]) for name in ("position", "quaternion"))
    return Camera.from_mujoco(position, quaternion, fovy=views[0].fovy, height=height, width=width)


def views_of(worlds: Worlds, qpos: np.ndarray, camera: str = "agentview") -> list[Viewpoint]:
    """Where a camera of each world is in the states ``qpos [N, nq]``; the wrist's follows from the joint angles.

    Raises:
      UnknownNameError: no camera of that name.
    """
    if camera not in CAMERAS:
        raise UnknownNameError("camera", camera, CAMERAS)
    if camera == "agentview":
        return worlds.views()
    fingertip, rotation = kinematics.forward(qpos[:, worlds.template.arm_qpos].astype(np.float64))
    offset = np.array([0.0, 0.0, -FINGERTIP_OFFSET]) + WRIST_POSITION
    position = worlds.base + fingertip + (rotation * offset[None, None, :]).sum(axis=2)
    quaternion = geometry.multiply(geometry.from_matrix(rotation), np.array(WRIST_QUATERNION))
    pairs = zip(position.tolist(), quaternion.tolist(), strict=True)
    return [Viewpoint(tuple(where), tuple(turn), WRIST_FOVY) for where, turn in pairs]


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
    """The cameras of the worlds of a template, with the noise-free images they took last.

    A camera frame depends on the state and the viewpoint alone, so calls at one moment, and candidates that start in
    the same world, share one rendering. Noise and detection are drawn afresh for every call.

    Args:
      noise: the sensors' errors; each world's dose scales them.
      height, width: of the images, pixels.
    """

    def __init__(self, *, noise: NoiseModel | None = None, height: int = 120, width: int = 160) -> None:
        self.noise, self.height, self.width = noise or NoiseModel(), height, width
        self._images: OrderedDict[tuple[int, Viewpoint, bytes], GBuffer] = OrderedDict()

    def look(self, worlds: Worlds, qpos: np.ndarray, views: Sequence[Viewpoint] | None = None) -> GBuffer:
        """Noise-free images of ``N`` lanes of one field of view; renders only what was not seen lately.

        Args:
          views: where the camera of each lane is; the fixed camera's by default.
        """
        views = views or worlds.views()
        keys = [(id(worlds.model_of(lane)), views[lane], qpos[lane].tobytes()) for lane in range(len(qpos))]
        fresh = {key: lane for lane, key in enumerate(keys) if key not in self._images}
        if fresh:
            rows = np.array(list(fresh.values()))
            images = cast(scene_of(worlds.take(rows), qpos[rows]), self._camera([views[row] for row in rows]))
            for i, key in enumerate(fresh):
                self._images[key] = images.take(np.array([i]))
        images = [self._images[key] for key in keys]
        for key in keys:
            self._images.move_to_end(key)
        while len(self._images) > max(KEPT_BYTES // (_IMAGE_BYTES * self.height * self.width), 1):
            self._images.popitem(last=False)
        return _stack(images)

    def perceive(self, lanes: Lanes, prompts: tuple[str, ...]) -> Percepts:
        """What each lane's detector says about its prompt, from noisy pixels."""
        views = views_of(lanes.worlds, lanes.qpos)

        def of(rows: np.ndarray) -> Percepts:
            return self._perceive(lanes.take(rows), [views[row] for row in rows], [prompts[row] for row in rows])

        parts = _parts(views)
        seen = [of(rows) for rows in parts]
        return Percepts(**{f.name: _joined(parts, seen, f.name) for f in dataclasses.fields(Percepts)})

    def depth(self, lanes: Lanes, camera: str = "agentview") -> DepthImages:
        """The noisy depth image that a camera of each lane takes at this call, in the base frame.

        Raises:
          UnknownNameError: no camera of that name.
        """
        views = views_of(lanes.worlds, lanes.qpos, camera)

        def of(rows: np.ndarray) -> DepthImages:
            some, own = lanes.take(rows), [views[row] for row in rows]
            return depth_images(
                self.look(some.worlds, some.qpos, own),
                self._camera(own),
                number=CAMERAS.index(camera),
                base_position=some.worlds.base,
                **self._draws(some),
            )

        parts = _parts(views)
        seen = [of(rows) for rows in parts]
        return DepthImages(*(_joined(parts, seen, name) for name in DepthImages._fields))

    def colour(self, lanes: Lanes, camera: str = "agentview") -> np.ndarray:
        """``[N, H, W, 3]`` uint8, the colour image that a camera of each lane takes at this call."""
        views = views_of(lanes.worlds, lanes.qpos, camera)

        def of(rows: np.ndarray) -> np.ndarray:
            some, own = lanes.take(rows), [views[row] for row in rows]
            seen, draws = self.look(some.worlds, some.qpos, own), self._draws(some)
            exposed = exposures(CAMERAS.index(camera), **draws)
            light = np.array([spec.brightness for spec in some.worlds.specs])
            scene = scene_of(some.worlds, some.qpos)
            return shade(scene, self._camera(own), seen, brightness=exposed * light)

        parts = _parts(views)
        return np.concatenate([of(rows) for rows in parts])[np.argsort(np.concatenate(parts))]

    def segment(
        self, lanes: Lanes, camera: str, prompts: tuple[str, ...], *, points: np.ndarray | None = None
    ) -> Segments:
        """What a detector says about the image that a camera of each lane takes at this call.

        Args:
          prompts: ``N`` prompts.  points: ``[N, 2]`` column and row of a pixel, in place of prompts.
        """
        views = views_of(lanes.worlds, lanes.qpos, camera)

        def of(rows: np.ndarray) -> Segments:
            some, own = lanes.take(rows), [views[row] for row in rows]
            seen = self.look(some.worlds, some.qpos, own)
            if points is None:
                meant = of_words(seen, some.worlds, [prompts[row] for row in rows])
            else:
                meant = of_pixels(seen, some.worlds, points[rows])
            number = CAMERAS.index(camera)
            return segment(meant.seen, self._camera(own).focal, meant.table, number=number, **self._draws(some))

        parts = _parts(views)
        seen = [of(rows) for rows in parts]
        return Segments(**{f.name: _joined(parts, seen, f.name) for f in dataclasses.fields(Segments)})

    def _perceive(self, lanes: Lanes, views: Sequence[Viewpoint], prompts: Sequence[str]) -> Percepts:
        """As :meth:`perceive`, for lanes whose cameras have one field of view: an image's rays are compiled in."""
        worlds = lanes.worlds
        meant = of_words(self.look(worlds, lanes.qpos, views), worlds, prompts)
        return perceive(
            meant.seen,
            self._camera(views),
            prompts,
            [worlds.categories(lane) for lane in range(len(lanes))],
            base_position=worlds.base,
            table=meant.table,
            hung=meant.hung,
            **self._draws(lanes),
        )

    def _camera(self, views: Sequence[Viewpoint]) -> Camera:
        return camera_at(views, height=self.height, width=self.width)

    def _draws(self, lanes: Lanes) -> dict[str, Any]:
        """What the errors of each lane's observation depend on."""
        specs = lanes.worlds.specs
        return {
            "noise": dataclasses.replace(self.noise, dose=np.array([spec.perturbation.noise for spec in specs])),
            "seeds": np.array([spec.seed for spec in specs]),
            "calls": lanes.call,
        }


def _parts(views: Sequence[Viewpoint]) -> list[np.ndarray]:
    """Rows of the lanes that are looked at together: of one field of view, and few enough at a time."""
    fields = np.array([view.fovy for view in views])
    rows = [np.flatnonzero(fields == fovy) for fovy in np.unique(fields)]
    return [each[start : start + _AT_ONCE] for each in rows for start in range(0, len(each), _AT_ONCE)]


def _joined(parts: list[np.ndarray], columns: Sequence[Any], name: str) -> np.ndarray:
    """A column of all lanes from those of the parts, in the order of the lanes."""
    if len(parts) == 1:
        return getattr(columns[0], name)
    return np.concatenate([getattr(each, name) for each in columns])[np.argsort(np.concatenate(parts))]


def _stack(images: list[GBuffer]) -> GBuffer:
    columns = {f.name: np.concatenate([getattr(i, f.name) for i in images]) for f in dataclasses.fields(GBuffer)}
    return GBuffer(**columns)
