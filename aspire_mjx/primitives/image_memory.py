"""What a robot remembers of the images that its cameras took: by content, where it stood and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np

Entry = TypeVar("Entry")

MOST_IMAGES = 256  #: images that a rollout's robot remembers


class ImageRecord(NamedTuple):
    """One image taken: enough to see it again.

    Attributes:
        camera: name of the camera.
        qpos: ``[nq]`` state of the world.
        call: index of the call in the rollout.
    """

    camera: str
    qpos: np.ndarray
    call: int


@dataclass(frozen=True, eq=False)
class ImageMemory:
    """The last images of one rollout by their content; of equal images, the last one counts. States, not pixels."""

    records: Mapping[str, ImageRecord] = field(default_factory=dict)

    def with_image(self, content: str, record: ImageRecord) -> ImageMemory:
        """The memory with one image more."""
        return ImageMemory(with_latest(self.records, content, record, most=MOST_IMAGES))

    def find(self, content: str) -> ImageRecord | None:
        """The image of that content; None for one that these cameras did not take lately."""
        return self.records.get(content)


def with_latest(entries: Mapping[str, Entry], key: str, entry: Entry, *, most: int) -> dict[str, Entry]:
    """A copy of ``entries`` whose last one is new; the oldest ones go where there are more than ``most``."""
    kept = [(name, old) for name, old in entries.items() if name != key]
    return dict([*kept, (key, entry)][-most:])
