"""What a robot has seen of its surroundings, as height maps: for each cell of the ground, the highest sensed point.

A column under a sensed point counts as solid, so a map cannot say that there is room below a shelf. A cell without a
point is *unknown* (:data:`UNKNOWN`): hidden behind something, out of the picture, or covered by the robot's own body.
Planning takes unknown cells as free; a hidden thing shows only when a motion is stopped by it.

Everything is in the robot base frame. Each lane is computed on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.sensing.lanes import run_lanes

CELL = 0.01  #: m, side of a cell
CORNER = (0.0, -0.6)  #: m, the corner of the map with the least x and y
SHAPE = (104, 120)  #: cells along x and y: the ground that the arm can reach in front of it
UNKNOWN = -np.inf
BLOCK = 4  #: cells along each side of a block of the coarse map
BLOCK_MARGIN = 8  #: cells around a block that the coarse map bounds as well

_SURFACE = 0.025  # m; neighbour pixels within it lie on the same surface
_COMPANY = 3  # of eight neighbours that a pixel needs there: those between two surfaces have fewer


@dataclass(frozen=True, eq=False)
class HeightMap(Columns):
    """The maps of ``N`` lanes.

    Attributes:
        height: ``[N, *SHAPE]`` float32, m above the robot's mounting plane; :data:`UNKNOWN` where nothing was seen.
    """

    height: np.ndarray

    @staticmethod
    def blank(lanes: int) -> HeightMap:
        """Maps of lanes that have observed nothing."""
        return HeightMap(np.full((lanes, *SHAPE), UNKNOWN, np.float32))

    def updated(self, newer: HeightMap) -> HeightMap:
        """What is known after another observation: the newer height of each cell that it shows."""
        return HeightMap(np.where(newer.height == UNKNOWN, self.height, newer.height))

    def without(self, hides: Callable[[np.ndarray], np.ndarray], *, above: float) -> HeightMap:
        """The maps without the cells that a body hides, which become unknown.

        Args:
            hides: bool of points ``[M, 4]``: the lane, and the top of a cell as x, y, z (m).
            above: m, lower cells are not asked about.
        """
        lane, x, y = np.nonzero(self.height > above)
        tops = np.stack([lane, *cell_centre(x, y), self.height[lane, x, y]], axis=1)
        hidden = hides(tops)
        height = self.height.copy()
        height[lane[hidden], x[hidden], y[hidden]] = UNKNOWN
        return HeightMap(height)

    def coarse(self) -> np.ndarray:
        """The greatest height within BLOCK_MARGIN cells of any cell of each block, ``[N, X / BLOCK, Y / BLOCK]``."""
        rows = self.height.reshape(len(self), SHAPE[0] // BLOCK, BLOCK, SHAPE[1]).max(axis=2)
        blocks = np.maximum.reduce([rows[:, :, i::BLOCK] for i in range(BLOCK)])
        around = BLOCK_MARGIN // BLOCK
        wide = np.pad(blocks, ((0, 0), (around, around), (around, around)), constant_values=UNKNOWN)
        along = np.maximum.reduce([wide[:, i : i + blocks.shape[1]] for i in range(2 * around + 1)])
        return np.maximum.reduce([along[:, :, i : i + blocks.shape[2]] for i in range(2 * around + 1)])


def cell_index(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cell numbers along x and y of places (m); may lie outside the map."""
    return np.floor((x - CORNER[0]) / CELL).astype(np.int32), np.floor((y - CORNER[1]) / CELL).astype(np.int32)


def cell_centre(i: np.ndarray, j: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places x and y (m) of the middles of cells."""
    return CORNER[0] + CELL * (i + 0.5), CORNER[1] + CELL * (j + 0.5)


def from_depth(depth: np.ndarray, intrinsics: np.ndarray, position: np.ndarray, rotation: np.ndarray) -> HeightMap:
    """Maps of what a depth camera of each lane sees. Pixels that stand alone between two surfaces are left out.

    Args:
        depth: ``[N, H, W]`` m along the optical axis; 0 where there is no return.
        intrinsics: ``[N, 3, 3]`` from camera-frame points to (column, row, 1) times depth.
        position: ``[N, 3]`` m, optical centre, base frame.
        rotation: ``[N, 3, 3]`` base_from_camera (x right, y down, z forward).
    """
    arrays = tuple(np.asarray(array, np.float32) for array in (depth, intrinsics, position, rotation))
    return HeightMap(run_lanes(_seen_from, arrays))


def _seen_from(depth: jax.Array, intrinsics: jax.Array, position: jax.Array, rotation: jax.Array) -> jax.Array:
    rows, columns = depth.shape
    wide = jnp.pad(depth, 1)
    around = [wide[i : i + rows, j : j + columns] for i in range(3) for j in range(3) if (i, j) != (1, 1)]
    company = sum((jnp.abs(other - depth) < _SURFACE).astype(jnp.int32) for other in around)
    row, column = jnp.mgrid[0:rows, 0:columns]
    x = (column - intrinsics[0, 2]) / intrinsics[0, 0] * depth
    y = (row - intrinsics[1, 2]) / intrinsics[1, 1] * depth
    px, py, pz = (position[k] + rotation[k, 0] * x + rotation[k, 1] * y + rotation[k, 2] * depth for k in range(3))
    return _highest(px, py, pz, (depth > 0) & (company >= _COMPANY))


def _highest(x: jax.Array, y: jax.Array, z: jax.Array, good: jax.Array) -> jax.Array:
    """One lane's map of the ``good`` ones of points with these coordinates."""
    i = jnp.floor((x - CORNER[0]) / CELL)
    j = jnp.floor((y - CORNER[1]) / CELL)
    inside = (i >= 0) & (i < SHAPE[0]) & (j >= 0) & (j < SHAPE[1]) & good
    cells = SHAPE[0] * SHAPE[1]
    cell = jnp.where(inside, i * SHAPE[1] + j, cells).astype(jnp.int32)
    flat = jnp.full(cells + 1, UNKNOWN).at[cell.reshape(-1)].max(z.reshape(-1))
    return flat[:cells].reshape(SHAPE)
