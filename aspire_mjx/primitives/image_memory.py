"""What a robot remembers of the images that its cameras took: by content, where it stood and when."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

import numpy as np

MOST_IMAGES = 256  #: images that a rollout's robot remembers


class ImageRecord(NamedTuple):
    """One image taken: enough to see it again.

    Attributes:
      camera: name of the camera.  qpos: ``[nq]`` state of the world.  call: index of the call in the rollout.
    """

    camera: str
    qpos: np.ndarray
    call: int


class ImageMemory:
    """The last images of one rollout; of equal images, the last one counts. It keeps states, not pixels."""

    def __init__(self) -> None:
        self._records: OrderedDict[str, ImageRecord] = OrderedDict()

    def keep(self, content: str, record: ImageRecord) -> None:
        """Remembers an image by its content."""
        self._records.pop(content, None)
        self._records[content] = record
        if len(self._records) > MOST_IMAGES:
            self._records.popitem(last=False)

    def find(self, content: str) -> ImageRecord | None:
        """The image of that content; None for one that these cameras did not take lately."""
        return self._records.get(content)


def image_memories(count: int) -> np.ndarray:
    """``[count]`` memories of no image."""
    made = np.empty(count, object)
    made[:] = [ImageMemory() for _ in range(count)]
    return made
