"""The ray-cast camera: depth, segmentation and shaded colour of a batch of scenes.

Each geom is tested only against the image blocks that its projected bounding box overlaps, so the cost follows the
screen area that geoms cover, and absent geoms cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.errors import WorldError
from aspire_mjx.geometry import Array
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.intersect import INTERSECT, NEAR, Triple, half_extents, normal
from aspire_mjx.sensing.lanes import run_lanes
from aspire_mjx.sensing.scene import GEOM_KINDS, Scene

_BLOCK_ROWS, _BLOCK_COLUMNS = 20, 32  # columns: whole vectors of a CPU
_CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
_EDGES = np.array([[a, b] for a in range(8) for b in range(a + 1, 8) if (a ^ b) in (1, 2, 4)])  # of the corners
_FAR = 20.0  # depths beyond count as this in the mean distance of an instance, m
AMBIENT = 0.45  #: share of a colour that needs no light
LIGHT = np.array([0.35, 0.2, 0.915], np.float32)  #: world direction towards the light
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
    rows, columns = view.blocks
    # Depth and geom index share one array so that XLA updates it in place.
    start = jnp.array([jnp.inf, -1.0])[None, :, None, None]
    image = jnp.broadcast_to(start, (rows * columns, 2, _BLOCK_ROWS, _BLOCK_COLUMNS))
    image = _draw_blocks(view, _in_geom_frames(pose, geoms), geoms, (), image, _nearer)
    depth, geom = _from_blocks(view, image[:, 0]), _from_blocks(view, image[:, 1]).astype(jnp.int16)
    instance = jnp.asarray((*view.instance, -1), jnp.int16)[geom]
    depth = jnp.where(jnp.isfinite(depth), depth, 0.0)
    pixels, distance = _summary(depth, instance, max(view.instance, default=-1) + 1)
    return GBuffer(depth=depth, segmentation=instance, geom=geom, pixels=pixels, distance=distance)


def _nearer(kind: int, drawn: _Drawn, old: jax.Array) -> jax.Array:
    """Depth and geom index of a block where a geom may hide what was there."""
    t = INTERSECT[kind](drawn.origin, drawn.direction, drawn.size)
    return jnp.where(t < old[0], jnp.stack([t, jnp.broadcast_to(drawn.number, t.shape)]), old)


def _summary(depth: jax.Array, instance: jax.Array, instances: int) -> tuple[jax.Array, jax.Array]:
    """Visible pixels and mean depth of each instance; integer millimetres, so that the sum has one order-free value."""
    millimetres = jnp.round(1000.0 * jnp.minimum(depth, _FAR)).astype(jnp.int32)
    index = instance.reshape(-1).astype(jnp.int32)  # the background's -1 is the last row
    pixel = jnp.stack([jnp.ones_like(index), millimetres.reshape(-1)], axis=1)
    total = jnp.zeros((instances + 1, 2), jnp.int32).at[index].add(pixel)[:instances]
    return total[:, 0], 0.001 * total[:, 1] / jnp.maximum(total[:, 0], 1)


def _from_blocks(view: _View, image: jax.Array) -> jax.Array:
    """Images `[H, W]` from their blocks."""
    rows, columns = view.blocks
    image = image.reshape(rows, columns, _BLOCK_ROWS, _BLOCK_COLUMNS).transpose(0, 2, 1, 3)
    return image.reshape(rows * _BLOCK_ROWS, columns * _BLOCK_COLUMNS)[: view.height, : view.width]


def _to_blocks(view: _View, image: jax.Array) -> jax.Array:
    """The blocks of an image `[H, W]`; what they have beyond it is 0."""
    rows, columns = view.blocks
    image = jnp.pad(image, ((0, rows * _BLOCK_ROWS - view.height), (0, columns * _BLOCK_COLUMNS - view.width)))
    image = image.reshape(rows, _BLOCK_ROWS, columns, _BLOCK_COLUMNS).transpose(0, 2, 1, 3)
    return image.reshape(rows * columns, _BLOCK_ROWS, _BLOCK_COLUMNS)


class _Drawn(NamedTuple):
    """One geom in one block (traced).

    Attributes:
        number: of the geom in the scene.
        origin: of the rays, geom frame, m.
        direction: theirs, `[R, C]` each.
        size: of the geom, m.
        extra: other numbers of the geom.
        block: its place among the blocks.
    """

    number: jax.Array
    origin: Triple
    direction: Triple
    size: Triple
    extra: tuple[jax.Array, ...]
    block: jax.Array


def _draw_blocks(
    view: _View,
    frames: tuple[jax.Array, jax.Array],
    geoms: _Geoms,
    extra: Sequence[jax.Array],
    image: jax.Array,
    draw: Callable[[int, _Drawn, jax.Array], jax.Array],
) -> jax.Array:
    """Changes the blocks of an image that geoms may be seen in, by kind and then geom after geom.

    Args:
        view: the static part.
        frames: of :func:`_in_geom_frames`.
        geoms: of one lane.
        extra: `[G, ...]` of each geom, float32, handed on to ``draw``.
        image: `[blocks, ...]`.
        draw: gives a block anew, from the kind, the geom in it and the block as it is.
    """
    origin, turn = frames
    finite = jnp.all(jnp.isfinite(turn), axis=(1, 2)) & jnp.all(jnp.isfinite(origin + geoms.size), axis=1)
    present = geoms.present & finite
    number = jnp.arange(len(origin), dtype=jnp.float32)
    flat = [part.reshape(len(origin), -1) for part in (turn, origin, geoms.size, number, *extra)]
    table = jnp.concatenate(flat, axis=1)  # all of a geom in one row: XLA reads it at once
    row, column = jnp.mgrid[0:_BLOCK_ROWS, 0:_BLOCK_COLUMNS]
    for kind in sorted(set(view.kind)):
        chosen = np.array([g for g, k in enumerate(view.kind) if k == kind], np.int32)
        overlapped = _overlapped_blocks(view, kind, origin[chosen], turn[chosen], geoms.size[chosen], present[chosen])
        first_row, first_column, across, count = overlapped
        ends, slots = jnp.cumsum(count), len(chosen) * view.blocks[0] * view.blocks[1]
        item = jnp.cumsum(jnp.zeros(slots + 1, jnp.int32).at[ends].add(1))[:-1].clip(0, len(chosen) - 1)
        within = jnp.arange(slots) - (ends - count)[item]
        block = (first_row[item] + within // across[item]) * view.blocks[1] + first_column[item] + within % across[item]
        geom = jnp.asarray(chosen)[item]

        def step(i: jax.Array, image: jax.Array, kind=kind, geom=geom, block=block) -> jax.Array:
            at, which = (jax.lax.dynamic_index_in_dim(a, i, keepdims=False) for a in (block, geom))
            numbers = jax.lax.dynamic_index_in_dim(table, which, keepdims=False)
            y = (row + (at // view.blocks[1] * _BLOCK_ROWS - 0.5 * (view.height - 1))) / view.focal
            x = (column + (at % view.blocks[1] * _BLOCK_COLUMNS - 0.5 * (view.width - 1))) / view.focal
            axes = numbers[:9].reshape(3, 3)
            direction = tuple(axis[0] * x + axis[1] * y + axis[2] for axis in axes)
            drawn = _Drawn(numbers[15], tuple(numbers[9:12]), direction, tuple(numbers[12:15]), tuple(numbers[16:]), at)
            new = draw(kind, drawn, jax.lax.dynamic_index_in_dim(image, at, keepdims=False))
            return jax.lax.dynamic_update_index_in_dim(image, new, at, axis=0)

        image = jax.lax.fori_loop(0, ends[-1], step, image)
    return image


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
    # What is in front of the camera ends at corners, and where edges of the box pass the camera's plane.
    one, other = seen[:, _EDGES[:, 0]], seen[:, _EDGES[:, 1]]
    share = (NEAR - one[..., 2]) / jnp.where(one[..., 2] == other[..., 2], 1.0, other[..., 2] - one[..., 2])
    passes = (one[..., 2] < NEAR) != (other[..., 2] < NEAR)
    seen = jnp.concatenate([seen, one + share[..., None] * (other - one)], axis=1)
    ahead = jnp.concatenate([seen[:, :8, 2] >= NEAR, passes], axis=1)
    behind = ~jnp.any(ahead, axis=1)
    scale = view.focal / jnp.maximum(seen[:, :, 2], NEAR)
    bounds = []
    for axis, pixels, block in ((1, view.height, _BLOCK_ROWS), (0, view.width, _BLOCK_COLUMNS)):
        at = seen[:, :, axis] * scale + 0.5 * (pixels - 1)
        low = jnp.clip(jnp.min(jnp.where(ahead, at, jnp.inf), axis=1) - 0.5, -1.0, pixels)
        high = jnp.clip(jnp.max(jnp.where(ahead, at, -jnp.inf), axis=1) + 0.5, -1.0, pixels)
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
    depth, geom = _to_blocks(view, seen.depth), _to_blocks(view, seen.geom.astype(jnp.float32))
    light = jnp.sum(geoms.rotation * LIGHT[:, None], axis=1)  # its direction in the frame of each geom

    def shaded(kind: int, drawn: _Drawn, old: jax.Array) -> jax.Array:
        far, shown = (jax.lax.dynamic_index_in_dim(a, drawn.block, keepdims=False) for a in (depth, geom))
        x, y, z = (start + far * along for start, along in zip(drawn.origin, drawn.direction, strict=True))
        facing = normal(kind, (x, y, z), drawn.size)
        lit = sum(a * b for a, b in zip(facing, drawn.extra[:3], strict=True))
        return jnp.where(shown == drawn.number, AMBIENT + (1.0 - AMBIENT) * jnp.maximum(lit, 0.0), old)

    blocks = _draw_blocks(view, _in_geom_frames(pose, geoms), geoms, (light,), jnp.ones_like(depth), shaded)
    lit, number = brightness * _from_blocks(view, blocks), seen.geom.astype(jnp.int32)  # -1: the last, the background
    channels = jnp.concatenate([rgb, _BACKGROUND[None]]).T
    colours = [jnp.round(255.0 * jnp.clip(lit * channel[number], 0.0, 1.0)).astype(jnp.uint8) for channel in channels]
    return jnp.stack(colours, axis=-1)
