"""What a camera looks at: the geoms of a batch of worlds, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mujoco import mjtGeom

from aspire_mjx.errors import WorldError

#: Geom kinds the ray-caster intersects, by the name used in messages.
GEOM_KINDS = {
    "plane": int(mjtGeom.mjGEOM_PLANE),
    "capsule": int(mjtGeom.mjGEOM_CAPSULE),
    "box": int(mjtGeom.mjGEOM_BOX),
}


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The visible geoms of `B` worlds. ``kind`` and ``instance`` are static: they select the compiled ray-caster.

    Attributes:
        kind: `[G]` MuJoCo geom types (``mujoco.mjtGeom``), one of :data:`GEOM_KINDS`.
        instance: `[G]` id of the object or part the geom belongs to; -1 is background.
        size: `[B, G, 3]` MuJoCo geom sizes, m (half sides; radius, half length; a plane of size 0 is infinite).
        position: `[B, G, 3]` world position of the geom centre, m.
        rotation: `[B, G, 3, 3]` world_from_geom.
        rgb: `[B, G, 3]` material colour, 0 to 1.
        present: `[B, G]` bool; absent geoms are not seen. A geom with a non-finite pose is not seen either.

    Raises:
        WorldError: an unknown geom kind, or arrays of other shapes than these.
    """

    kind: tuple[int, ...]
    instance: tuple[int, ...]
    size: np.ndarray
    position: np.ndarray
    rotation: np.ndarray
    rgb: np.ndarray
    present: np.ndarray

    def __post_init__(self) -> None:
        unknown = sorted(set(self.kind) - set(GEOM_KINDS.values()))
        if unknown:
            raise WorldError(
                f"the camera cannot see geom kind {unknown[0]}; it sees {', '.join(GEOM_KINDS)}. "
                "Build the world from those."
            )
        lanes, geoms = len(self.position), len(self.kind)
        shapes = {
            "size": (lanes, geoms, 3),
            "position": (lanes, geoms, 3),
            "rotation": (lanes, geoms, 3, 3),
            "rgb": (lanes, geoms, 3),
            "present": (lanes, geoms),
        }
        if len(self.instance) != geoms:
            raise WorldError(f"a scene has {geoms} kinds but {len(self.instance)} instances; give one of each a geom.")
        for name, shape in shapes.items():
            found = np.shape(getattr(self, name))
            if found != shape:
                raise WorldError(f"scene.{name} has shape {found}, expected [B, G, ...] = {shape}.")

    def __len__(self) -> int:
        return len(self.position)
