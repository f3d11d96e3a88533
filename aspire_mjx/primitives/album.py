"""What a robot remembers of the images that its cameras took: by content, where it stood and when."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

import numpy as np

MOST_SNAPS = 256  #: images that a rollout's robot remembers


class Snap(NamedTuple):
    """One image taken: enough to see it again.

    Attributes:
      camera: name of the camera.  qpos: ``[nq]`` state of the world.  call: index of the call in the rollout.
    """

    camera: str
    qpos: np.ndarray
    call: int


class Album:
    """The last images of one rollout; of equal images, the last one counts. It keeps states, not pixels."""

    def __init__(self) -> None:
        self._snaps: OrderedDict[str, Snap] = OrderedDict()

    def keep(self, content: str, snap: Snap) -> None:
        """Remembers an image by its content."""
        self._snaps.pop(content, None)
        self._snaps[content] = snap
        if len(self._snaps) > MOST_SNAPS:
            self._snaps.popitem(last=False)

    def find(self, content: str) -> Snap | None:
        """The image of that content; None for one that these cameras did not take lately."""
        return self._snaps.get(content)


def albums(count: int) -> np.ndarray:
    """``[count]`` empty albums."""
    made = np.empty(count, object)
    made[:] = [Album() for _ in range(count)]
    return made
