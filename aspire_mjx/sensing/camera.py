"""A pinhole camera, in the OpenCV convention: x right, y down, z forward."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from aspire_mjx.errors import WorldError

#: world_from_camera of OpenCV expressed in MuJoCo's camera axes (x right, y up, looking along -z).
_MUJOCO_FROM_OPENCV = np.diag([1.0, -1.0, -1.0])


_SMALLEST, _LARGEST = 16, 2048  # pixels of a side


class ImageSize(NamedTuple):
    """Pixels of an image, by default those of the cameras that programs see through."""

    width: int = 160
    height: int = 120

    @classmethod
    def parse(cls, text: str) -> ImageSize:
        """A size such as ``800x512``.

        Raises:
            WorldError: another form, or a side of fewer than 16 or more than 2048 pixels.
        """
        found = re.fullmatch(r"(\d{1,9})x(\d{1,9})", text)
        size = cls(*map(int, found.groups())) if found else cls(0, 0)
        if not all(_SMALLEST <= side <= _LARGEST for side in size):
            raise WorldError(
                f"{text!r} is no size of an image; give WIDTHxHEIGHT in pixels, each from {_SMALLEST} to {_LARGEST}, "
                "such as 160x120 or 800x512."
            )
        return size

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


@dataclass(frozen=True, kw_only=True)
class Camera:
    """Where a camera is and how it projects. Pixel (row, column) has its centre at those integer coordinates.

    Attributes:
        position: `[3]` or `[B, 3]` optical centre in the world frame, m.
        rotation: `[3, 3]` or `[B, 3, 3]` world_from_camera.
        fovy: vertical field of view, rad.
        height: image height, pixels.
        width: image width, pixels.
    """

    position: np.ndarray
    rotation: np.ndarray
    fovy: float = math.radians(45.0)
    height: int = 120
    width: int = 160

    def __post_init__(self) -> None:
        if not 0.0 < self.fovy < math.pi or self.height < 1 or self.width < 1:
            raise WorldError(
                f"a camera of {self.width}x{self.height} pixels with fovy {self.fovy} rad cannot see; "
                "give positive sizes and a field of view between 0 and pi rad."
            )

    @classmethod
    def from_mujoco(
        cls, position: np.ndarray, quaternion_wxyz: np.ndarray, *, fovy: float, height: int = 120, width: int = 160
    ) -> Camera:
        """From MuJoCo's ``cam_xpos`` and camera quaternion (looking along -z, y up).

        Args:
            position: `[3]` or `[B, 3]`, m.
            quaternion_wxyz: `[4]` or `[B, 4]`; normalised here.
            fovy: vertical field of view, rad.
            height: image height, pixels.
            width: image width, pixels.
        """
        quaternion = np.asarray(quaternion_wxyz, float)
        quaternion = quaternion / np.linalg.norm(quaternion, axis=-1, keepdims=True)
        w, vector = quaternion[..., :1, None], quaternion[..., 1:]
        zero = np.zeros_like(vector[..., 0])
        x, y, z = vector[..., 0], vector[..., 1], vector[..., 2]
        cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*vector.shape[:-1], 3, 3)
        rotation = np.eye(3) + 2.0 * w * cross + 2.0 * cross @ cross
        return cls(
            position=np.asarray(position, float),
            rotation=rotation @ _MUJOCO_FROM_OPENCV,
            fovy=fovy,
            height=height,
            width=width,
        )

    @property
    def focal(self) -> float:
        """Focal length, pixels (the same along rows and columns)."""
        return 0.5 * self.height / math.tan(0.5 * self.fovy)

    @property
    def pixels(self) -> int:
        """Pixels of an image."""
        return self.height * self.width

    @property
    def centre(self) -> tuple[float, float]:
        """Principal point (column, row), pixels."""
        return 0.5 * (self.width - 1), 0.5 * (self.height - 1)

    @property
    def intrinsics(self) -> np.ndarray:
        """`[3, 3]` matrix from camera-frame points to (column, row, 1) times depth."""
        column, row = self.centre
        return np.array([[self.focal, 0.0, column], [0.0, self.focal, row], [0.0, 0.0, 1.0]])

    def poses(self, lanes: int, origin: np.ndarray | float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """Position `[B, 3]`, from ``origin`` in m, and rotation `[B, 3, 3]` for ``lanes`` worlds, float32."""
        position = np.broadcast_to((np.asarray(self.position) - origin).astype(np.float32), (lanes, 3))
        rotation = np.broadcast_to(np.asarray(self.rotation, np.float32), (lanes, 3, 3))
        return position, rotation

    def project(self, points: np.ndarray) -> np.ndarray:
        """World points `[..., 3]` to (column, row, depth) `[..., 3]`, for a single camera pose."""
        local = (np.asarray(points) - self.position) @ self.rotation
        column, row = self.centre
        depth = local[..., 2]
        return np.stack(
            [self.focal * local[..., 0] / depth + column, self.focal * local[..., 1] / depth + row, depth], -1
        )
