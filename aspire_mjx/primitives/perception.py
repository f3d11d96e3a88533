"""The robot's cameras, and what can be got out of their images. Programs learn about the scene only from pixels."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from aspire_mjx import columns, geometry
from aspire_mjx.errors import UnknownNameError
from aspire_mjx.physics.kinematics import POSE_LEAVES, geom_poses
from aspire_mjx.planning import kinematics
from aspire_mjx.primitives.grounding import of_pixels, of_words
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.sensing.camera import Camera, ImageSize
from aspire_mjx.sensing.contrast import told_apart
from aspire_mjx.sensing.depth_image import DepthImages, depth_images
from aspire_mjx.sensing.noise import NoiseModel, SensorCall, exposures, look_key
from aspire_mjx.sensing.perceive import Percepts, perceive
from aspire_mjx.sensing.phrase import key_words
from aspire_mjx.sensing.render import GBuffer, cast, shade
from aspire_mjx.sensing.scene import Scene
from aspire_mjx.sensing.segments import Segments, segment
from aspire_mjx.worlds.panda import FINGERTIP_OFFSET
from aspire_mjx.worlds.viewpoint import CAMERAS, WRIST_FOVY, WRIST_POSITION, WRIST_QUATERNION, Viewpoint
from aspire_mjx.worlds.worlds import Worlds, WorldSpec

IMAGE_SIZE = ImageSize()  #: of the images that programs see, where nothing else is asked for
KEPT_BYTES = 160 << 20  #: of noise-free images that are kept for the next call
IMAGE = "image"  #: what is looked at in a whole image
_IMAGE_BYTES = 8  # of a noise-free pixel: depth, instance, geom
_AT_ONCE = 256  # lanes that are looked at together
_RECOLOURED = 0.5  # probability more that a look-alike is taken for a thing, where all colours are random

_Seen = TypeVar("_Seen", np.ndarray, DepthImages, Percepts, Segments)
_Part = Callable[[np.ndarray, Lanes, GBuffer, Camera], _Seen]  # of rows, their lanes, noise-free images and cameras


def camera_at(views: Sequence[Viewpoint], size: ImageSize = IMAGE_SIZE) -> Camera:
    """One camera a lane, of one field of view."""
    position, quaternion = (np.array([getattr(view, name) for view in views]) for name in ("position", "quaternion"))
    return Camera.from_mujoco(position, quaternion, fovy=views[0].fovy, height=size.height, width=size.width)


def views_of(worlds: Worlds, qpos: np.ndarray, camera: str = "agentview") -> list[Viewpoint]:
    """Where a camera of each world is in the states ``qpos [N, nq]``; the wrist's follows from the joint angles.

    Raises:
        UnknownNameError: no camera of that name.
    """
    if camera not in CAMERAS:
        raise UnknownNameError("camera", camera, CAMERAS)
    if camera == "agentview":
        return [spec.view for spec in worlds.specs]
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


class CameraRig:
    """The cameras of the worlds of a template, with the noise-free images they took last.

    A camera frame depends on the state and the viewpoint alone, so calls at one moment, and candidates that start in
    the same world, share one rendering. What is wrong with it goes by the world, the moment and the look: a thing that
    is looked at, and how many such looks there were at that moment before.

    Args:
        noise: the sensors' errors; each world's dose scales them.
        size: of the images.
    """

    def __init__(self, *, noise: NoiseModel | None = None, size: ImageSize = IMAGE_SIZE) -> None:
        self.noise, self.size = noise or NoiseModel(), size
        coarse = size.width * size.height <= IMAGE_SIZE.width * IMAGE_SIZE.height
        self._coarse = self if coarse else CameraRig(noise=noise)
        self._last: deque[tuple[list, GBuffer]] = deque(maxlen=len(CAMERAS))  # what was asked for last, all lanes of it
        self._images: OrderedDict[tuple[WorldSpec, Viewpoint, bytes], GBuffer] = OrderedDict()

    def look(self, worlds: Worlds, qpos: np.ndarray, views: Sequence[Viewpoint] | None = None) -> GBuffer:
        """Noise-free images of ``N`` lanes of one field of view; renders only what was not seen lately.

        Args:
            worlds: the worlds of the lanes.
            qpos: ``[N, nq]`` their states.
            views: where the camera of each lane is; the fixed camera's by default.
        """
        views = views or views_of(worlds, qpos)
        keys = [(worlds.specs[lane], views[lane], qpos[lane].tobytes()) for lane in range(len(qpos))]
        for asked, together in self._last:
            if asked == keys:
                return together
        fresh = {key: lane for lane, key in enumerate(keys) if key not in self._images}
        together = None
        if fresh:
            rows = np.array(list(fresh.values()))
            images = cast(scene_of(worlds.take(rows), qpos[rows]), self._camera([views[row] for row in rows]))
            for i, key in enumerate(fresh):
                self._images[key] = images.take(slice(i, i + 1))  # no copy
            together = images if len(fresh) == len(keys) else None
        for key in keys:
            self._images.move_to_end(key)
        if together is None:
            together = GBuffer.concatenate([self._images[key] for key in keys])
        while len(self._images) > max(KEPT_BYTES // (_IMAGE_BYTES * self.size.width * self.size.height), 1):
            self._images.popitem(last=False)
        self._last.append((keys, together))
        return together

    def perceive(self, lanes: Lanes, prompts: tuple[str, ...], *, numbers: np.ndarray | None = None) -> Percepts:
        """What each lane's detector says about its prompt, from noisy pixels.

        Args:
            lanes: who looks.
            prompts: for what, ``N`` of them.
            numbers: ``[N]`` how many such looks at the same moment there were before; none by default.
        """
        looks = look_keys([look_for(prompt) for prompt in prompts], numbers)

        def of(rows: np.ndarray, some: Lanes, seen: GBuffer, camera: Camera) -> Percepts:
            asked, worlds = [prompts[row] for row in rows], some.worlds
            meant = of_words(seen, worlds, some.qpos, camera, asked)
            return perceive(
                _in_their_light(meant.seen, some, camera),
                camera,
                meant.table,
                sensor=self._sensor(some, camera, looks[rows]),
                base_position=worlds.base,
                unsupported=meant.unsupported,
            )

        return self._in_parts(lanes, "agentview", of)

    def depth(
        self, lanes: Lanes, camera: str = "agentview", *, numbers: np.ndarray | None = None, thing: str = IMAGE
    ) -> DepthImages:
        """The noisy depth image that a camera of each lane takes at this moment, in the base frame.

        Args:
            lanes: who looks.
            camera: its name.
            numbers: ``[N]`` how many such looks at the same moment there were before; none by default.
            thing: what is looked at.

        Raises:
            UnknownNameError: no camera of that name.
        """
        looks = look_keys([thing] * len(lanes), numbers)

        def of(rows: np.ndarray, some: Lanes, seen: GBuffer, own: Camera) -> DepthImages:
            sensor = self._sensor(some, own, looks[rows])
            return depth_images(seen, own, number=CAMERAS.index(camera), sensor=sensor, base_position=some.worlds.base)

        return self._in_parts(lanes, camera, of)

    def surroundings(self, lanes: Lanes) -> DepthImages:
        """:meth:`depth` of the fixed camera, of the default size at most: enough for a map of what stands around."""
        return self._coarse.depth(lanes, thing="surroundings")

    def colour(self, lanes: Lanes, camera: str = "agentview", *, numbers: np.ndarray | None = None) -> np.ndarray:
        """``[N, H, W, 3]`` uint8, the colour image of a camera that goes with its :meth:`depth`."""
        looks = look_keys([IMAGE] * len(lanes), numbers)

        def of(rows: np.ndarray, some: Lanes, seen: GBuffer, own: Camera) -> np.ndarray:
            exposed = exposures(CAMERAS.index(camera), self._sensor(some, own, looks[rows]))
            light = np.array([spec.brightness for spec in some.worlds.specs])
            return shade(scene_of(some.worlds, some.qpos), own, seen, brightness=exposed * light)

        return self._in_parts(lanes, camera, of)

    def segment(
        self,
        lanes: Lanes,
        camera: str,
        prompts: tuple[str, ...],
        *,
        numbers: np.ndarray | None = None,
        points: np.ndarray | None = None,
    ) -> Segments:
        """What a detector says about an image that a camera of each lane takes: asked twice, it says the same.

        Args:
            lanes: who looks.
            camera: its name.
            prompts: ``N`` prompts.
            numbers: ``[N]`` of the image among those of its moment; the first by default.
            points: ``[N, 2]`` column and row of a pixel, in place of prompts.
        """
        asked = [key_words(prompt) for prompt in prompts] if points is None else np.round(points).tolist()
        looks = look_keys([f"{IMAGE} for {each}" for each in asked], numbers)

        def of(rows: np.ndarray, some: Lanes, seen: GBuffer, own: Camera) -> Segments:
            if points is None:
                meant = of_words(seen, some.worlds, some.qpos, own, [prompts[row] for row in rows])
            else:
                meant = of_pixels(seen, some.worlds, points[rows])
            number, sensor = CAMERAS.index(camera), self._sensor(some, own, looks[rows])
            shown = _in_their_light(meant.seen, some, own)
            return segment(shown, own.focal, meant.table, number=number, sensor=sensor)

        return self._in_parts(lanes, camera, of)

    def _in_parts(self, lanes: Lanes, camera: str, of: _Part[_Seen]) -> _Seen:
        """One value over the lanes from those that ``of`` makes of the images of some lanes at a time.

        Those have one field of view, as the rays of an image are compiled in, and are few enough for the memory.
        """
        views = views_of(lanes.worlds, lanes.qpos, camera)
        fields = np.array([view.fovy for view in views])
        alike = [np.flatnonzero(fields == fovy) for fovy in np.unique(fields)]
        parts = [rows[start : start + _AT_ONCE] for rows in alike for start in range(0, len(rows), _AT_ONCE)]
        found = []
        for rows in parts:
            some, own = lanes.take(rows), [views[row] for row in rows]
            found.append(of(rows, some, self.look(some.worlds, some.qpos, own), self._camera(own)))
        if len(found) == 1:
            return found[0]
        return columns.taken(columns.joined(found), np.argsort(np.concatenate(parts)))

    def _camera(self, views: Sequence[Viewpoint]) -> Camera:
        return camera_at(views, self.size)

    def _sensor(self, lanes: Lanes, camera: Camera, looks: np.ndarray) -> SensorCall:
        """What a camera's sensors get wrong in each lane's look."""
        specs = lanes.worlds.specs
        dose, colour = (np.array([getattr(spec.perturbation, name) for spec in specs]) for name in ("noise", "colour"))
        confusion = self.noise.confusion_probability + _RECOLOURED * colour
        noise = dataclasses.replace(self.noise, dose=dose, confusion_probability=confusion)
        worlds = np.array([spec.random.key("sensing") for spec in specs], np.uint32).reshape(-1, 2)
        return noise.of_looks(worlds, lanes.moment, looks, focal=camera.focal)


def _in_their_light(seen: GBuffer, lanes: Lanes, camera: Camera) -> GBuffer:
    """Images whose things have as many pixels as count in the light of their worlds."""
    specs = lanes.worlds.specs
    if all(spec.brightness == spec.usual_brightness for spec in specs):
        return seen
    scene = scene_of(lanes.worlds, lanes.qpos)
    lights = (np.array([getattr(spec, name) for spec in specs]) for name in ("brightness", "usual_brightness"))
    return told_apart(seen, *(shade(scene, camera, seen, brightness=light) for light in lights))


def look_for(prompt: str) -> str:
    """What is looked at with a prompt: by this its looks are counted, and their noise goes. It is never an image."""
    return f"for {key_words(prompt)}"


def look_keys(things: Sequence[str], numbers: np.ndarray | None) -> np.ndarray:
    """The words ``[N]`` that the noise of looks at things goes by, each the ``numbers``-th such look at its moment."""
    before = [0] * len(things) if numbers is None else numbers.tolist()
    return np.array([look_key(*each) for each in zip(things, before, strict=True)], np.uint32)
