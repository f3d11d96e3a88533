"""What one rollout's robot remembers between its calls. Programs never read it; a call gives back the next memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np

from aspire_mjx.sensing.depth_image import DepthImages

Entry = TypeVar("Entry")

SUPPORT, SOMETHING = "support", "something"  #: names of the floor or table, and of what no word was used for
_MOST = 32  # names that are remembered, the latest ones
_FLAT = 0.002  # m above the support, below which it is the support that is touched
_SLACK, _MARGIN = 0.01, 0.025  # m outside a seen box that are still in it, and at it: boxes are fitted to noisy points
_NOTHING = (np.inf, 0.0, "")
_EDGE = 0.02  # share of a mask's points beyond each side of its box: edges mix with what is behind


class _Box(NamedTuple):
    """Centre ``[3]`` m, base frame; its x axis is turned by ``yaw`` rad about z; side lengths ``size [3]`` m."""

    centre: np.ndarray
    yaw: float
    size: np.ndarray

    def distance(self, point: np.ndarray) -> float:
        """How far a point ``[3]`` m is outside, m; 0 for one inside."""
        x, y, z = (point - self.centre).tolist()
        c, s = np.cos(self.yaw), np.sin(self.yaw)
        local = np.abs([c * x + s * y, c * y - s * x, z])
        return float(np.sqrt((np.maximum(local - 0.5 * self.size, 0.0) ** 2).sum()))


class _Image(NamedTuple):
    """The last image of a camera, and its depth: one lane's."""

    content: str
    depth: DepthImages


@dataclass(frozen=True, eq=False)
class ObjectMemory:
    """The boxes of what one robot has seen, by the words of its prompts; what it sees again is renewed.

    Attributes:
        boxes: those of each prompt's words.
        images: the last one of each camera.
    """

    boxes: Mapping[str, tuple[_Box, ...]] = field(default_factory=dict)
    images: Mapping[str, _Image] = field(default_factory=dict)

    def with_box(self, words: str, centre: np.ndarray, yaw: float, size: np.ndarray) -> ObjectMemory:
        """The memory after a box (m, rad, base frame) was fitted to what the words mean."""
        return self._with_boxes(words, (_Box(centre.copy(), yaw, size.copy()),))

    def with_image(self, camera: str, content: str, depth: DepthImages) -> ObjectMemory:
        """The memory after a camera took an image of that content and that depth, of one lane."""
        return replace(self, images={**self.images, camera: _Image(content, depth)})

    def with_masks(self, words: str, camera: str, content: str, labels: np.ndarray) -> ObjectMemory:
        """The memory after ``labels [H, W]``, from 1, showed what the words mean; an older image adds nothing."""
        image = self.images.get(camera)
        if image is None or image.content != content:
            return self
        row, column = np.divmod(np.flatnonzero(labels > 0), labels.shape[1])
        points, label = image.depth.points_at(row, column)[0], labels[row, column]
        boxes = [_around(points[label == each]) for each in np.unique(label)]
        found = tuple(box for box in boxes if box is not None)
        return self._with_boxes(words, found) if found else self

    def name_of(self, point: np.ndarray, *, support: float) -> str:
        """What is at a point: the words of the smallest seen box that it is in, or else of the nearest one.

        Args:
            point: ``[3]`` m, base frame.
            support: height of the floor or table, m, base frame.

        Returns:
            The words; :data:`SUPPORT` at the floor or table, :data:`SOMETHING` where no box is near.
        """
        if point[2] < support + _FLAT:
            return SUPPORT
        boxes = [(box, words) for words, own in self.boxes.items() for box in own]
        near = ((max(box.distance(point), _SLACK), box.size.prod(), words) for box, words in boxes)
        distance, _, words = min(near, default=_NOTHING)
        return words if distance < _MARGIN else SOMETHING

    def _with_boxes(self, words: str, boxes: tuple[_Box, ...]) -> ObjectMemory:
        return replace(self, boxes=with_latest(self.boxes, words, boxes, most=_MOST))


def with_latest(entries: Mapping[str, Entry], key: str, entry: Entry, *, most: int) -> dict[str, Entry]:
    """A copy of ``entries`` whose last one is new; the oldest ones go where there are more than ``most``."""
    kept = [(name, old) for name, old in entries.items() if name != key]
    return dict([*kept, (key, entry)][-most:])


def _around(points: np.ndarray) -> _Box | None:
    """The box along the base's axes around points ``[P, 3]`` m without those that are NaN; None where none is left."""
    points = points[~np.isnan(points[:, 0])].astype(float)
    if not len(points):
        return None
    low, high = np.quantile(points, (_EDGE, 1.0 - _EDGE), axis=0)
    return _Box(0.5 * (low + high), 0.0, high - low)


MOST_IMAGES = 256  #: images that are remembered, the latest ones


class ImageRecord(NamedTuple):
    """One image taken: enough to see it again.

    Attributes:
        camera: name of the camera.
        qpos: ``[nq]`` state of the world.
        moment: control ticks of the episode that were over.
        number: how many images had been taken at that moment before.
    """

    camera: str
    qpos: np.ndarray
    moment: int
    number: int


class Look(NamedTuple):
    """One look around: enough to see again what it showed.

    Attributes:
        qpos: ``[nq]`` state of the world.
        moment: control ticks of the episode that were over.
        held_object_reach: m that what is held reaches beyond the fingertips.
    """

    qpos: np.ndarray
    moment: int
    held_object_reach: float


class LookCount(NamedTuple):
    """How often each thing was looked at, at one moment: the noise of a look goes by its number.

    Attributes:
        moment: control ticks of the episode that were over; -1 before the first look.
        times: by thing.
    """

    moment: int = -1
    times: Mapping[str, int] = MappingProxyType({})

    def after(self, thing: str, moment: int) -> tuple[int, LookCount]:
        """The number of a look at a thing at a moment, from 0, and the count after it."""
        times = self.times if moment == self.moment else {}
        number = times.get(thing, 0)
        return number, LookCount(moment, {**times, thing: number + 1})


@dataclass(frozen=True, eq=False)
class RobotMemory:
    """The memory of one robot at one moment.

    Attributes:
        images: the latest images that its cameras took, by content: states, not pixels. Of equal ones, the last counts.
        objects: what it has seen by name.
        height: ``[X, Y]`` map of what stands around it, m (planning/height_map.py); None before the first look.
        looks: those that are not in the map yet, the latest last.
        count: how often each thing was looked at, at the last moment that it looked.
        grip_height: m above the support at which the fingers closed last: so far what they hold may reach down.
        blocked: its last motion was stopped by a contact.
    """

    images: Mapping[str, ImageRecord] = field(default_factory=dict)
    objects: ObjectMemory = ObjectMemory()
    height: np.ndarray | None = None
    looks: tuple[Look, ...] = ()
    count: LookCount = LookCount()
    grip_height: float = 0.0
    blocked: bool = False

    @property
    def seen(self) -> bool:
        """Whether the robot has looked at least once."""
        return self.height is not None or bool(self.looks)


def counted(memory: np.ndarray, things: Sequence[str], moments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers ``[N]`` of looks at things at moments ``[N]``, and the memories ``[N]`` after them."""
    numbers, after = np.zeros(len(memory), int), memory.copy()
    for lane, (own, thing, moment) in enumerate(zip(memory, things, moments.tolist(), strict=True)):
        numbers[lane], count = own.count.after(thing, moment)
        after[lane] = replace(own, count=count)
    return numbers, after


def fresh_memories(count: int) -> np.ndarray:
    """``[count]`` :class:`RobotMemory` of robots that have seen and held nothing."""
    return np.full(count, RobotMemory(), object)
