"""Rotations for programs, in scipy's names and conventions (quaternions xyzw here, as scipy has them)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from aspire_mjx.language.limits import guard_tree, refuse_items


@cache
def _scipy() -> Any:
    from scipy.spatial.transform import Rotation as ScipyRotation  # a third of a second: only for programs that use it

    return ScipyRotation


class Rotation:
    """One rotation or a stack of them: an immutable wrapper of scipy's class with the members that programs use."""

    __module__ = "scipy.spatial.transform"  # where programs have it from, and so what Python calls it in messages
    __slots__ = ("_rotation",)

    def __init__(self, rotation: Any) -> None:
        self._rotation = rotation

    @staticmethod
    def from_quat(quat: Any, scalar_first: bool = False) -> Rotation:
        """From quaternions ``[..., 4]``, xyzw unless ``scalar_first``."""
        guard_tree(quat)
        return Rotation(_scipy().from_quat(np.roll(quat, -1, axis=-1) if scalar_first else quat))

    @staticmethod
    def from_matrix(matrix: Any) -> Rotation:
        """From rotation matrices ``[..., 3, 3]``."""
        guard_tree(matrix)
        return Rotation(_scipy().from_matrix(matrix))

    @staticmethod
    def from_euler(seq: str, angles: Any, degrees: bool = False) -> Rotation:
        """From Euler angles about the axes of ``seq`` (lower case: fixed axes, upper case: moving axes)."""
        guard_tree(angles)
        return Rotation(_scipy().from_euler(seq, angles, degrees=degrees))

    @staticmethod
    def from_rotvec(rotvec: Any, degrees: bool = False) -> Rotation:
        """From rotation vectors ``[..., 3]``: axis times angle."""
        guard_tree(rotvec)
        return Rotation(_scipy().from_rotvec(rotvec, degrees=degrees))

    @staticmethod
    def identity(num: int | None = None) -> Rotation:
        """No rotation; a stack of them when a number is given."""
        refuse_items("the stack of rotations", num or 1)
        return Rotation(_scipy().identity(num))

    @staticmethod
    def align_vectors(a: Any, b: Any, weights: Any = None) -> tuple[Rotation, float]:
        """The rotation that best turns the vectors ``b`` ``[K, 3]`` into ``a``, and the root of the squared rest."""
        guard_tree((a, b, weights))
        rotation, rest = _scipy().align_vectors(a, b, weights=weights)
        return Rotation(rotation), float(rest)

    def as_quat(self, canonical: bool = False, scalar_first: bool = False) -> np.ndarray:
        """Quaternions ``[..., 4]``, xyzw unless ``scalar_first``."""
        quat = self._rotation.as_quat(canonical=canonical)
        return np.roll(quat, 1, axis=-1) if scalar_first else quat

    def as_matrix(self) -> np.ndarray:
        """Rotation matrices ``[..., 3, 3]``."""
        return self._rotation.as_matrix()

    def as_euler(self, seq: str, degrees: bool = False) -> np.ndarray:
        """Euler angles about the axes of ``seq``."""
        return self._rotation.as_euler(seq, degrees=degrees)

    def as_rotvec(self, degrees: bool = False) -> np.ndarray:
        """Rotation vectors ``[..., 3]``."""
        return self._rotation.as_rotvec(degrees=degrees)

    def apply(self, vectors: Any, inverse: bool = False) -> np.ndarray:
        """The vectors ``[..., 3]`` rotated."""
        guard_tree(vectors)
        return self._rotation.apply(vectors, inverse=inverse)

    def inv(self) -> Rotation:
        """The inverse rotation."""
        return Rotation(self._rotation.inv())

    def magnitude(self) -> Any:
        """The angle of the rotation, rad."""
        return self._rotation.magnitude()

    def __mul__(self, other: Any) -> Rotation:
        """This rotation after the other."""
        if not isinstance(other, Rotation):
            return NotImplemented
        refuse_items("the rotations", max(count(self), count(other)))
        return Rotation(self._rotation * other._rotation)

    def __pow__(self, exponent: Any) -> Rotation:
        return Rotation(self._rotation ** float(exponent))

    def __repr__(self) -> str:
        return f"Rotation(xyzw={np.round(self.as_quat(), 6).tolist()})"


def count(rotation: Rotation) -> int:
    """How many rotations it holds."""
    inner = rotation._rotation
    return 1 if inner.single else len(inner)


ROTATION_MEMBERS = frozenset(name for name in vars(Rotation) if not name.startswith("_"))
