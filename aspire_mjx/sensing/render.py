"""The ray-cast camera: depth, segmentation and shaded colour of a batch of scenes.

Each geom is tested only against the image blocks that its projected bounding box overlaps, so the cost follows the
screen area that geoms cover, and absent geoms cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.errors import WorldError
from aspire_mjx.geometry import Array
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.intersect import INTERSECT, NEAR, half_extents, normal
from aspire_mjx.sensing.lanes import run_lanes
from aspire_mjx.sensing.scene import GEOM_KINDS, Scene

_BLOCK_ROWS, _BLOCK_COLUMNS = 20, 32  # columns: whole vectors of a CPU
_CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
_FAR = 20.0  # depths beyond count as this in the mean distance of an instance, m
_AMBIENT = 0.45
_LIGHT = np.array([0.35, 0.2, 0.915], np.float32)  # world direction towards the light
_BACKGROUND = np.array([0.75, 0.8, 0.85], np.float32)


@jax.tree_util.register_dataclass
@dataclass(frozen=True, kw_only=True, eq=False)
class GBuffer(Columns):
    """What each pixel of a batch of images sees, without noise.

    Attributes:
        depth: `[B, H, W]` float32, m along the optical axis; 0 where nothing is seen.
        segmentation: `[B, H, W]` int16 instance id; -1 for background geoms and nothing.
        geom: `[B, H, W]` int16 index of the geom in the scene; -1 for nothing.
        pixels: `[B, I]` int32 visible pixels of each instance.
        distance: `[B, I]` float32 mean depth of those pixels, m (to a millimetre); 0 when there are none.
    """

    depth: Array
    segmentation: Array
    geom: Array
    pixels: Array
    distance: Array


@dataclass(frozen=True)
class _View:
    """The static part of a compiled ray-caster."""

    kind: tuple[int, ...]
    instance: tuple[int, ...]
    focal: float
    height: int
    width: int

    @property
    def blocks(self) -> tuple[int, int]:
        return -(-self.height // _BLOCK_ROWS), -(-self.width // _BLOCK_COLUMNS)


def cast(scene: Scene, camera: Camera) -> GBuffer:
    """Depth and segmentation of every lane of ``scene`` as ``camera`` sees it, without noise.

    One compilation serves any number of lanes of the same scene structure and image size.

    Raises:
        WorldError: a camera with another number of poses than the scene has lanes.
    """
    return run_lanes(_cast_lane, _lanes(scene, camera), static=(_view(scene, camera),), pixels=camera.pixels)


def render(scene: Scene, camera: Camera) -> tuple[GBuffer, np.ndarray]:
    """What :func:`cast` and :func:`shade` give: Lambert shading of the material colours under one fixed light."""
    seen = cast(scene, camera)
    return seen, shade(scene, camera, seen)


def shade(scene: Scene, camera: Camera, seen: GBuffer, *, brightness: np.ndarray | float = 1.0) -> np.ndarray:
    """The colours `[B, H, W, 3]` uint8 of images that have been cast.

    Args:
        scene: that they show.
        camera: that they were cast with.
        seen: the images.
        brightness: a factor on all colours, one for all lanes or `[B]`; what gets brighter than white is white.
    """
    colours = np.asarray(scene.rgb, np.float32), np.broadcast_to(np.asarray(brightness, np.float32), (len(scene),))
    lanes = (*_lanes(scene, camera), seen, *colours)
    return run_lanes(_shade_lane, lanes, static=(_view(scene, camera),), pixels=camera.pixels)


class _Geoms(NamedTuple):
    """The geoms of a scene, float32; the attributes are those of :class:`Scene`."""

    size: Array
    position: Array
    rotation: Array
    present: Array


def _view(scene: Scene, camera: Camera) -> _View:
    return _View(scene.kind, scene.instance, camera.focal, camera.height, camera.width)


def _lanes(scene: Scene, camera: Camera) -> tuple[tuple[np.ndarray, np.ndarray], _Geoms]:
    """The camera's pose and the geoms of each lane."""
    for name, ndim in (("position", 1), ("rotation", 2)):
        value = np.asarray(getattr(camera, name))
        if value.ndim > ndim and len(value) != len(scene):
            raise WorldError(f"camera.{name} has {len(value)} poses for {len(scene)} lanes; give one, or one a lane.")
    size, position, rotation = (np.asarray(a, np.float32) for a in (scene.size, scene.position, scene.rotation))
    return camera.poses(len(scene)), _Geoms(size, position, rotation, np.asarray(scene.present, bool))


def _in_geom_frames(pose: tuple[jax.Array, jax.Array], geoms: _Geoms) -> tuple[jax.Array, jax.Array]:
    """Ray origin `[G, 3]` and geom_from_camera `[G, 3, 3]`; products by elements, so that no backend rounds them."""
    camera_position, camera_rotation = pose
    offset = camera_position - geoms.position
    origin = jnp.sum(geoms.rotation * offset[:, :, None], axis=1)
    turn = jnp.sum(geoms.rotation[:, :, :, None] * camera_rotation[None, :, None, :], axis=1)
    return origin, turn


def _cast_lane(view: _View, pose: tuple[jax.Array, jax.Array], geoms: _Geoms) -> GBuffer:
    origin, turn = _in_geom_frames(pose, geoms)
    size = geoms.size
    finite = jnp.all(jnp.isfinite(turn), axis=(1, 2)) & jnp.all(jnp.isfinite(origin) & jnp.isfinite(size), axis=1)
    present = geoms.present & finite
    rows, columns = view.blocks
    # Depth and geom index share one array so that XLA updates it in place.
    start = jnp.array([jnp.inf, -1.0])[None, :, None, None]
    image = jnp.broadcast_to(start, (rows * columns, 2, _BLOCK_ROWS, _BLOCK_COLUMNS))
    for kind in sorted(set(view.kind)):
        chosen = np.array([g for g, k in enumerate(view.kind) if k == kind], np.int32)
        image = _cast_kind(view, kind, chosen, (origin[chosen], turn[chosen], size[chosen], present[chosen]), image)
    depth, geom = _from_blocks(view, image[:, 0]), _from_blocks(view, image[:, 1]).astype(jnp.int16)
    instance = jnp.asarray((*view.instance, -1), jnp.int16)[geom]
    depth = jnp.where(jnp.isfinite(depth), depth, 0.0)
    pixels, distance = _summary(depth, instance, max(view.instance, default=-1) + 1)
    return GBuffer(depth=depth, segmentation=instance, geom=geom, pixels=pixels, distance=distance)


def _summary(depth: jax.Array, instance: jax.Array, instances: int) -> tuple[jax.Array, jax.Array]:
    """Visible pixels and mean depth of each instance; integer millimetres, so that the sum has one order-free value."""
    millimetres = jnp.round(1000.0 * jnp.minimum(depth, _FAR)).astype(jnp.int32)
    index = instance.reshape(-1).astype(jnp.int32)  # the background's -1 is the last row
    pixel = jnp.stack([jnp.ones_like(index), millimetres.reshape(-1)], axis=1)
    total = jnp.zeros((instances + 1, 2), jnp.int32).at[index].add(pixel)[:instances]
    return total[:, 0], 0.001 * total[:, 1] / jnp.maximum(total[:, 0], 1)


def _from_blocks(view: _View, image: jax.Array) -> jax.Array:
    rows, columns = view.blocks
    image = image.reshape(rows, columns, _BLOCK_ROWS, _BLOCK_COLUMNS).transpose(0, 2, 1, 3)
    return image.reshape(rows * _BLOCK_ROWS, columns * _BLOCK_COLUMNS)[: view.height, : view.width]


def _cast_kind(view: _View, kind: int, chosen: np.ndarray, geoms, image):
    """Draw all geoms of one kind into the image blocks they overlap."""
    origin, turn, size, present = geoms
    first_row, first_column, across, count = _overlapped_blocks(view, kind, origin, turn, size, present)
    ends = jnp.cumsum(count)
    slots = len(chosen) * view.blocks[0] * view.blocks[1]
    item = jnp.sum(jnp.arange(slots)[:, None] >= ends, axis=1).clip(0, len(chosen) - 1)
    within = jnp.arange(slots) - (ends - count)[item]
    block_row = first_row[item] + within // across[item]
    block_column = first_column[item] + within % across[item]
    block = block_row * view.blocks[1] + block_column
    corner_y = block_row * _BLOCK_ROWS - 0.5 * (view.height - 1)
    corner_x = block_column * _BLOCK_COLUMNS - 0.5 * (view.width - 1)
    row, column = jnp.mgrid[0:_BLOCK_ROWS, 0:_BLOCK_COLUMNS]
    index = jnp.asarray(chosen, jnp.float32)
    numbers = jnp.concatenate([turn.reshape(-1, 9), origin, size, index[:, None]], axis=1)[item]
    numbers = jnp.concatenate([numbers, corner_x[:, None], corner_y[:, None]], axis=1)

    def draw(i: jax.Array, image: jax.Array) -> jax.Array:
        drawn = jax.lax.dynamic_index_in_dim(numbers, i, keepdims=False)  # all of it in one row: XLA reads it at once
        axes, start, sides = drawn[:9].reshape(3, 3), tuple(drawn[9:12]), tuple(drawn[12:15])
        number, left, top = drawn[15:]
        x, y = (column + left) / view.focal, (row + top) / view.focal
        direction = tuple(axis[0] * x + axis[1] * y + axis[2] for axis in axes)
        t = INTERSECT[kind](start, direction, sides)
        at = jax.lax.dynamic_index_in_dim(block, i, keepdims=False)
        old = jax.lax.dynamic_index_in_dim(image, at, keepdims=False)
        new = jnp.where(t < old[0], jnp.stack([t, jnp.broadcast_to(number, t.shape)]), old)
        return jax.lax.dynamic_update_index_in_dim(image, new, at, axis=0)

    return jax.lax.fori_loop(0, ends[-1], draw, image)


def _overlapped_blocks(
    view: _View, kind: int, origin: jax.Array, turn: jax.Array, size: jax.Array, present: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """First block row and column, blocks across and blocks in all, `[G]` each, that geoms may be seen in."""
    rows, columns = view.blocks
    if kind == GEOM_KINDS["plane"]:
        zero = jnp.zeros(present.shape, jnp.int32)
        return zero, zero, zero + columns, present * (rows * columns)
    corners = _CORNERS * half_extents(kind, size)[:, None, :] - origin[:, None, :]
    seen = jnp.sum(turn[:, None, :, :] * corners[:, :, :, None], axis=2)  # camera frame [G, 8, 3]
    depth = seen[:, :, 2]
    behind = jnp.all(depth < NEAR, axis=1)
    around = jnp.any(depth < NEAR, axis=1)
    scale = view.focal / jnp.maximum(depth, NEAR)
    bounds = []
    for axis, pixels, block in ((1, view.height, _BLOCK_ROWS), (0, view.width, _BLOCK_COLUMNS)):
        at = seen[:, :, axis] * scale + 0.5 * (pixels - 1)
        low = jnp.where(around, 0.0, jnp.clip(jnp.min(at, axis=1) - 0.5, -1.0, pixels))
        high = jnp.where(around, pixels - 1.0, jnp.clip(jnp.max(at, axis=1) + 0.5, -1.0, pixels))
        outside = (high < 0) | (low > pixels - 1)
        first, last = (jnp.clip(edge, 0, pixels - 1).astype(jnp.int32) // block for edge in (low, high))
        bounds.append((first, last - first + 1, outside))
    (first_row, down, above), (first_column, across, beside) = bounds
    hidden = behind | above | beside | ~present
    return first_row, first_column, across, ~hidden * down * across


def _shade_lane(
    view: _View,
    pose: tuple[jax.Array, jax.Array],
    geoms: _Geoms,
    seen: GBuffer,
    rgb: jax.Array,
    brightness: jax.Array,
) -> jax.Array:
    """Colour of one image, `[H, W, 3]` uint8."""
    origin, turn = _in_geom_frames(pose, geoms)
    row, column = jnp.mgrid[0 : view.height, 0 : view.width]
    y, x = (row - 0.5 * (view.height - 1)) / view.focal, (column - 0.5 * (view.width - 1)) / view.focal
    ray = jnp.stack([x, y, jnp.ones_like(x)], axis=-1) * seen.depth[..., None]
    g = jnp.maximum(seen.geom.astype(jnp.int32), 0)
    point = origin[g] + jnp.sum(turn[g] * ray[..., None, :], axis=-1)
    facing = normal(jnp.asarray(view.kind)[g], point, geoms.size[g])
    facing = jnp.sum(geoms.rotation[g] * facing[..., None, :], axis=-1)
    light = _AMBIENT + (1.0 - _AMBIENT) * jnp.maximum(jnp.sum(facing * _LIGHT, axis=-1), 0.0)
    colour = jnp.asarray(jnp.where(seen.geom[..., None] >= 0, rgb[g] * light[..., None], _BACKGROUND))
    return jnp.round(255.0 * jnp.clip(colour * brightness, 0.0, 1.0)).astype(jnp.uint8)
