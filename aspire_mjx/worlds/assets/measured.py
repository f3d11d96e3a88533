"""The benchmark's measured figures of a category, in the frame of our own description."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.geometry import canonical, from_matrix, normalize, rotate, to_matrix
from aspire_mjx.worlds.assets.asset import UPRIGHT, Figures, SiteRegion, Vector
from aspire_mjx.worlds.tables import as_tuples, table


@dataclass(frozen=True, kw_only=True)
class Measured(Figures):
    """The figures that a shape of our own is made to; the mass is that of all parts.

    Attributes:
      centre: [3] m, the middle of the bounding box.
      centre_of_mass: [3] m; None for fixtures.
      inertia: [3] kg m^2; None for fixtures.
      joints: the raw table's joints, by name.
    """

    centre: Vector
    centre_of_mass: Vector | None
    inertia: Vector | None
    joints: dict[str, dict]

    @property
    def low(self) -> Vector:
        """Lowest corner of the bounding box, [3] m."""
        x, y, z = (c - s / 2 for c, s in zip(self.centre, self.size, strict=True))
        return x, y, z

    @property
    def high(self) -> Vector:
        """Highest corner of the bounding box, [3] m."""
        x, y, z = (c + s / 2 for c, s in zip(self.centre, self.size, strict=True))
        return x, y, z


def measured(category: str) -> Measured:
    """The figures of a category of the asset table.

    Raises:
      UnknownNameError: no such category.
    """
    frame = frame_of(category)
    raw = as_tuples(table("assets")[category])
    size = raw["as_placed_size_m"] if _is_turned(raw) else raw["aabb_size_m"]
    middle = np.asarray(raw["aabb_lo_root_frame"]) + np.asarray(raw["aabb_size_m"]) / 2
    centre = _rounded(rotate(frame, middle))
    return Measured(
        category=category,
        size=size,
        centre=centre,
        origin_height=size[2] / 2 - centre[2],
        mass=raw["mass_kg"],
        centre_of_mass=raw.get("as_placed_centre_of_mass_m"),
        inertia=raw.get("as_placed_inertia_kg_m2"),
        friction=raw["friction"],
        horizontal_radius=raw["horizontal_radius_m"],
        bottom_offset=raw["sampler_offsets_m"][0],
        yaw=raw.get("drawn_yaw_rad", (0.0, 0.0)),
        regions=tuple(_region(region, frame) for region in raw["regions"]),
        joints={joint["name"]: joint for joint in raw["joints"]},
    )


def frame_of(category: str) -> np.ndarray:
    """Quaternion ``[4]`` that turns upstream's root frame of a category of the asset table into ours.

    Raises:
      UnknownNameError: no such category.
    """
    assets = table("assets")
    if category not in assets:
        raise UnknownNameError("object category", category, assets)
    raw = assets[category]
    return normalize(np.asarray(raw["init_quat_wxyz_seed0"] if _is_turned(raw) else UPRIGHT))


def _is_turned(raw: dict) -> bool:
    """Whether a class always starts with one rotation, which its frame contains: movable, and no yaw is drawn.

    The yaw of a fixture, which has no inertia of its own in the table, is that of its region.
    """
    return "as_placed_inertia_kg_m2" in raw and "drawn_yaw_rad" not in raw


def _rounded(values: np.ndarray) -> tuple:
    """To a hundredth of a millimetre."""
    return tuple(np.round(values, 5).tolist())


def _region(raw: dict, frame: np.ndarray) -> SiteRegion:
    rotation = to_matrix(frame) @ np.reshape(raw["mat_in_root"], (3, 3))
    quaternion = normalize(np.round(canonical(from_matrix(rotation)), 4)) + 0.0  # no negative zeros
    return SiteRegion(
        name=raw["name"],
        centre=_rounded(rotate(frame, np.asarray(raw["pos_in_root"]))),
        half_size=raw["half_size"],
        quaternion=tuple(quaternion.tolist()),
    )
