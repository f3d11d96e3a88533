"""Floor scenes as LIBERO lays them out: six food items and the basket, seen by the front camera."""

from __future__ import annotations

import math
from collections.abc import Callable

import mujoco
import numpy as np

from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.scene import Scene

#: Sizes as placed, m: length, width, height (asset table of the task file).
ITEM_SIZE = {
    "alphabet_soup": (0.0624, 0.0624, 0.0762),
    "cream_cheese": (0.0812, 0.0427, 0.0179),
    "tomato_sauce": (0.0622, 0.0616, 0.0762),
    "ketchup": (0.0562, 0.0368, 0.1456),
    "orange_juice": (0.0531, 0.0525, 0.1312),
    "milk": (0.0531, 0.0525, 0.1312),
    "butter": (0.0762, 0.0395, 0.0174),
    "bbq_sauce": (0.0470, 0.0291, 0.1071),
    "chocolate_pudding": (0.0802, 0.0463, 0.0274),
    "salad_dressing": (0.0527, 0.0355, 0.1456),
}
BASKET_SIZE = (0.1573, 0.1695, 0.1415)
_CELLS = ((-0.12, -0.24), (0.05, -0.1), (-0.15, 0.06), (0.1, -0.2), (0.15, 0.03), (-0.2, -0.08))
_PLANE, _BOX = int(mujoco.mjtGeom.mjGEOM_PLANE), int(mujoco.mjtGeom.mjGEOM_BOX)


def front_camera(*, height: int = 120, width: int = 160) -> Camera:
    """The ``agentview`` camera of the floor workspace."""
    return Camera.from_mujoco(
        np.array([0.8965773716836134, 5.216182733499864e-07, 0.65]),
        np.array([0.6182166934013367, 0.3432307541370392, 0.3432314395904541, 0.6182177066802979]),
        fovy=math.radians(45),
        height=height,
        width=width,
    )


def compilations(jitted: Callable) -> int:
    """How many times a jitted function has been compiled."""
    return jitted._cache_size()  # pyright: ignore[reportFunctionMemberAccess]


def yaw_matrix(yaw: np.ndarray) -> np.ndarray:
    """Rotations about z `[..., 3, 3]`."""
    c, s, zero = np.cos(yaw), np.sin(yaw), np.zeros_like(yaw)
    return np.stack([c, -s, zero, s, c, zero, zero, zero, zero + 1], -1).reshape(*np.shape(yaw), 3, 3)


def floor_scene(lanes: int, *, seed: int = 0, items: int = 6, filler: int = 23):
    """Random floor scenes.

    Returns the scene, names `[B][7]` (items 0-5, basket 6), box centres `[B, 7, 3]`, sizes `[B, 7, 3]`, yaws `[B, 7]`.
    ``filler`` thin capsules stand for the arm, far behind the objects.
    """
    rng = np.random.default_rng(seed)
    names, centre = [], np.zeros((lanes, items + 1, 3))
    size, yaw = np.zeros((lanes, items + 1, 3)), rng.uniform(-np.pi / 2, np.pi / 2, (lanes, items + 1))
    for lane in range(lanes):
        chosen = rng.permutation(sorted(ITEM_SIZE))[:items]
        names.append((*(str(name) for name in chosen), "basket"))
        cells = rng.permutation(len(_CELLS))[:items]
        for i, (name, cell) in enumerate(zip(chosen, cells, strict=True)):
            size[lane, i] = ITEM_SIZE[name]
            centre[lane, i, :2] = np.array(_CELLS[cell]) + rng.uniform(-0.015, 0.015, 2)
        size[lane, items], yaw[lane, items] = BASKET_SIZE, np.pi / 2
        size[lane, items, :2] = size[lane, items, 1::-1]
        centre[lane, items, :2] = np.array([0.0, 0.26]) + rng.uniform(-0.01, 0.01, 2)
    centre[:, :, 2] = 0.5 * size[:, :, 2]
    return _assemble(centre, size, yaw, filler), names, centre, size, yaw


def _assemble(centre: np.ndarray, size: np.ndarray, yaw: np.ndarray, filler: int) -> Scene:
    lanes, count, _ = centre.shape
    items, wall = count - 1, 0.006
    half = 0.5 * size[:, items, None, :]
    offset = half * np.array([[0, 0, -1], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]])
    thick = np.where(offset != 0, 0.5 * wall, half)
    offset = offset - np.sign(offset) * 0.5 * wall
    turn = yaw_matrix(yaw)
    basket = centre[:, items, None] + np.einsum("bij,bgj->bgi", turn[:, items], offset)
    floor_size = np.zeros((lanes, 1, 3))
    arm = np.broadcast_to(np.linspace([-0.7, 0.0, 0.1], [-0.5, 0.0, 0.9], filler), (lanes, filler, 3))
    arm_size = np.broadcast_to(np.array([0.05, 0.1, 0.0]), (lanes, filler, 3))
    cameras = np.broadcast_to(np.eye(3), (lanes, 1, 3, 3))
    position = np.concatenate([np.zeros((lanes, 1, 3)), centre[:, :items], basket, arm], axis=1)
    rotation = np.concatenate(
        [cameras, turn[:, :items], np.repeat(turn[:, items:], 5, axis=1), np.repeat(cameras, filler, axis=1)], axis=1
    )
    geoms = position.shape[1]
    capsule = int(mujoco.mjtGeom.mjGEOM_CAPSULE)
    return Scene(
        kind=(_PLANE, *[_BOX] * (items + 5), *[capsule] * filler),
        instance=(-1, *range(items), *[items] * 5, *[items + 1] * filler),
        size=np.concatenate([floor_size, 0.5 * size[:, :items], thick, arm_size], axis=1),
        position=position,
        rotation=rotation,
        rgb=np.broadcast_to(np.linspace(0.2, 0.9, geoms)[:, None], (lanes, geoms, 3)),
        present=np.ones((lanes, geoms), bool),
    )
