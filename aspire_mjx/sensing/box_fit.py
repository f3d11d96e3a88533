"""From the masked depth of one instance to an upright box.

Only the surfaces turned to the camera are seen. The footprint is the smallest rectangle around the horizontal
positions of the seen points, over all yaw angles; the rear edge comes from the top surface, which is seen in full when
the camera looks down on a box. The bottom is the support around the thing, unless the thing visibly hangs above it.
Behind a top that is much smaller than the rest of a whole thing as much is taken to be as before it, unless it is a
wall across the thing. Occlusion biases the box, and so do handles, of which there are few points; nothing corrects for
that.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.sensing.window import SIDE, Window

_ABOVE_SUPPORT = 0.006  # lower points may be bled from the support, m
_NEAR = 0.03  # neighbour samples so near each other lie on the same surface, m
_INNER = 5  # masked samples, of nine around one, that an inner sample has more than
_TOP = 0.006  # points so far below the highest ones are the top surface, m
_LIFTED = 0.03  # a thing whose seen bottom is so far above the support hangs above it, m
_DEEP = 0.12  # what is so far below a thing is not what it stands on, but what is seen beyond a table's edge, m
_DIRECTIONS = 36  # yaw angles over half a turn
_EDGE, _FRONT = 0.98, 0.84  # quantiles of the points that lie inside an edge: side and rear, front (many points)
_TOP_EDGE = 0.94  # the same for points of the top surface
_FACE = 0.008  # points so far inside an edge are of the face there, m
_SOME, _MANY = 0.2, 0.325  # shares of points at the front from which there begins to be a face, and there is one
_NARROW = 0.75  # a top of less than so much of the width of what is below it does not show where the thing ends
_WALL = 0.165  # a top as wide as the thing and of less than so much of its depth is a wall: nothing hides behind it
_HIDDEN = 0.03  # more than so much is not hidden behind a thing's top, m
_GRAZING = 0.2  # sine of the angle at which a face begins to be sampled well
_POINTS = 512  # points that the footprint is fitted to; of more, every second, third, ...
_BISECTIONS = 11
#: Fewer points than this make no box.
MIN_POINTS = 6


class FittedBox(NamedTuple):
    """An upright box in the base frame.

    Attributes:
        position: `[3]` centre, m.
        yaw: angle of the longer horizontal side from the x axis, rad, in [-pi/2, pi/2).
        extent: `[3]` longer horizontal side, shorter horizontal side, height, m.
        points: number of points the box was fitted to; below :data:`MIN_POINTS` the box means nothing.
    """

    position: jax.Array
    yaw: jax.Array
    extent: jax.Array
    points: jax.Array


def fit_box(window: Window, unsupported: jax.Array | bool = False) -> FittedBox:
    """The upright box around the masked points of one window (traced).

    Of one that is ``unsupported``, such as a part of a thing, the box ends where the points end.
    """
    z = window.points[..., 2].reshape(-1)
    solid, ring = _solid(window).reshape(-1), window.ring.reshape(-1)
    wanted = (solid, solid, ring)
    levels = quantiles(jnp.broadcast_to(z, (3, len(z))), jnp.stack(wanted), jnp.array([0.03, 0.95, 0.2]))
    lowest, highest = levels[0], levels[1]
    support = jnp.where(jnp.sum(ring) >= 8, levels[2], lowest)
    keep = solid & (unsupported | (z > support + _ABOVE_SUPPORT))
    top = keep & (z > highest - _TOP)
    height = jnp.sum(jnp.where(top, z, 0.0)) / jnp.maximum(jnp.sum(top), 1)
    above = lowest - support
    hangs = unsupported | ((above > _LIFTED) & ~_covered_below(window)) | (above > _DEEP)
    bottom = jnp.where(hangs, lowest, support)

    chosen = _spread(keep)
    middle, yaw, sides = _footprint(
        window.points.reshape(-1, 3)[chosen],
        window.footprint.reshape(-1)[chosen],
        window.eye,
        keep[chosen],
        top[chosen],
        whole=~jnp.asarray(unsupported),
    )
    return FittedBox(
        position=jnp.stack([middle[0], middle[1], 0.5 * (height + bottom)]),
        yaw=yaw,
        extent=jnp.stack([sides[0], sides[1], height - bottom]),
        points=jnp.sum(keep),
    )


def quantiles(values: jax.Array, weights: jax.Array, q: jax.Array) -> jax.Array:
    """The ``q[d]`` quantile of each row of ``values`` `[D, K]` over the points with ``weights`` (bool) `[D, K]`.

    By bisection, to 1/2000 of the range of the values: sorting costs far more on a CPU. 0 where a row has no points.
    """
    counted = jnp.where(weights, values, jnp.inf)
    low = jnp.min(counted, axis=1)
    high = jnp.max(jnp.where(weights, values, -jnp.inf), axis=1)
    one = jnp.ones(values.shape[1])
    wanted = q * (weights.astype(jnp.float32) @ one)

    def halve(_, bounds):
        low, high = bounds
        middle = 0.5 * (low + high)
        below = (counted <= middle[:, None]).astype(jnp.float32) @ one < wanted
        return jnp.where(below, middle, low), jnp.where(below, high, middle)

    low, high = jax.lax.fori_loop(0, _BISECTIONS, halve, (low, high))
    return jnp.nan_to_num(0.5 * (low + high))


def _solid(window: Window) -> jax.Array:
    """The points of the mask without the flying ones and those that the mask gained at its boundary.

    A point stays when it lies near an inner point of the mask among its image neighbours. A mask too small to have
    inner points keeps those with two others near.
    """
    mask = window.mask
    inner = mask & (_around(mask.astype(jnp.int32)).sum(axis=0) > _INNER)
    small = jnp.sum(inner) < MIN_POINTS
    offset = _around(window.points) - window.points
    near = (jnp.sum(offset * offset, axis=-1) < _NEAR**2) & _around(jnp.where(small, mask, inner))
    return mask & (jnp.sum(near, axis=0) >= jnp.where(small, 3, 1))


def _around(values: jax.Array) -> jax.Array:
    """``values`` `[S, S, ...]` at each sample and its eight neighbours, `[9, S, S, ...]`; zero outside."""
    padded = jnp.pad(values, ((1, 1), (1, 1), *[(0, 0)] * (values.ndim - 2)))
    return jnp.stack([padded[dr : dr + SIDE, dc : dc + SIDE] for dr in range(3) for dc in range(3)])


def _covered_below(window: Window) -> jax.Array:
    """Whether something nearer than the thing hides what is under the lower edge of its mask."""
    range_ = jnp.linalg.norm(window.points - window.eye, axis=-1)
    under = jnp.pad(range_, ((0, 1), (0, 0)))[1:]
    other = window.mask & ~jnp.pad(window.mask, ((0, 1), (0, 0)))[1:]
    covered = other & (under < range_ - 0.02) & (under > 0)
    return jnp.sum(covered) * 3 > jnp.sum(other)


def _spread(keep: jax.Array) -> jax.Array:
    """Indices `[_POINTS]` of points to keep, evenly thinned if there are more; spare ones point at a dropped point."""
    rank = jnp.cumsum(keep)
    every = -(-rank[-1] // _POINTS)
    thinned = keep & (rank % jnp.maximum(every, 1) == 0)
    return jnp.nonzero(thinned, size=_POINTS, fill_value=jnp.argmin(keep))[0]


def _footprint(
    points: jax.Array, footprint: jax.Array, eye: jax.Array, keep: jax.Array, top: jax.Array, *, whole: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Centre `[2]`, yaw and sides `[2]` (longer first) of the smallest rectangle around the points from above."""
    centre = jnp.sum(jnp.where(keep[:, None], points, 0.0), axis=0) / jnp.maximum(jnp.sum(keep), 1)
    flat = points[:, :2] - centre[:2]
    view = centre - eye
    distance = jnp.maximum(jnp.linalg.norm(view), 1e-6)
    level = jnp.maximum(jnp.linalg.norm(view[:2]), 1e-6)
    away, steepness = view[:2] / level, jnp.clip(-view[2] / distance, 0.15, 1.0)

    angle = np.pi / _DIRECTIONS * np.arange(2 * _DIRECTIONS)
    normal = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    aside = jnp.abs(normal[:, 0] * away[1] - normal[:, 1] * away[0])
    onward = normal[:, 0] * away[0] + normal[:, 1] * away[1]
    # A sample stands for a patch. Faces turned to the camera are where their samples are; silhouette edges lie half a
    # patch beside the last sample, and the rear edge of the top surface half a patch behind it.
    growth = aside * jnp.clip(1.0 + onward / _GRAZING, 0.0, 1.0)
    rear = jnp.maximum(onward, 0.0) / steepness
    reach = normal[:, :1] * flat[:, 0] + normal[:, 1:] * flat[:, 1]
    reach = reach + 0.5 * footprint * (growth[:, None] + rear[:, None] * top)
    all_points, top_points = (jnp.broadcast_to(w, reach.shape) for w in (keep, keep & top))
    level = jnp.repeat(jnp.array([_EDGE, _TOP_EDGE]), len(angle))
    both = quantiles(jnp.concatenate([reach, reach]), jnp.concatenate([all_points, top_points]), level)
    edge, top_edge = both[: len(angle)], both[len(angle) :]
    use_top = (jnp.sum(keep & top) >= 3) & (onward > -_GRAZING)
    edge = jnp.where(use_top, jnp.maximum(edge, top_edge), edge)

    width = edge[:_DIRECTIONS] + edge[_DIRECTIONS:]
    quarter = _DIRECTIONS // 2
    best = jnp.argmin(width[:quarter] * width[quarter:])
    four = best + quarter * jnp.arange(4)
    # The many points of a front face scatter about it by the depth noise: a lower quantile is nearer to the face. Of a
    # plate or bowl, whose insides are seen, there are few points at the front: no face.
    count = jnp.maximum(jnp.sum(keep), 1)
    share = jnp.sum(keep & ~top) / count
    dense = jnp.sum(all_points[four] & (reach[four] > edge[four][:, None] - _FACE), axis=1) / count
    dense = jnp.clip((dense - _SOME) / (_MANY - _SOME), 0.0, 1.0)
    face = jnp.minimum(jnp.clip(2.0 * share - 0.6, 0.0, 1.0), dense)
    inner = _EDGE - (_EDGE - _FRONT) * face * jnp.maximum(-onward[four], 0.0)
    front = quantiles(reach[four], all_points[four], inner)
    edge = jnp.where(use_top[four], edge[four], front)

    mirrored = _behind_narrow_tops(edge, top_edge[four], jnp.asarray(normal)[four], onward[four], flat, keep & top)
    edge = jnp.where(whole, mirrored, edge)

    sides = edge[:2] + edge[2:]
    middle = centre[:2] + 0.5 * jnp.sum((edge[:2] - edge[2:])[:, None] * jnp.asarray(normal)[four[:2]], axis=0)
    longer = jnp.argmax(sides)
    yaw = jnp.asarray(angle, jnp.float32)[four[longer]]
    yaw = jnp.where(yaw >= 0.5 * np.pi, yaw - np.pi, yaw)
    return middle, yaw, jnp.stack([sides[longer], sides[1 - longer]])


def _behind_narrow_tops(
    edge: jax.Array, top_edge: jax.Array, normal: jax.Array, onward: jax.Array, flat: jax.Array, top: jax.Array
) -> jax.Array:
    """The four edges, where what a narrow top hides behind it is taken to be as long as what is before it.

    Such tops stand in the middle of bottles and cartons. A wall across the thing, as at the back of a caddy, does not.

    Args:
        edge: `[4]` of the thing, m from the centre, opposite ones two places apart.
        top_edge: `[4]` of its top, likewise.
        normal: `[4, 2]` their directions.
        onward: `[4]` cosine of the angle between those and the view.
        flat: `[P, 2]` horizontal positions about the centre, m.
        top: `[P]` bool, points of the top surface.
    """
    count = jnp.sum(top)
    widths = (top_edge[:2] + top_edge[2:]) / (edge[:2] + edge[2:])
    wall = (jnp.max(widths) > _NARROW) & (jnp.min(widths) < _WALL)
    narrow = (count >= MIN_POINTS) & (jnp.mean(widths) < _NARROW) & ~wall
    reach = normal[:, :1] * flat[:, 0] + normal[:, 1:] * flat[:, 1]
    middle = jnp.sum(jnp.where(top, reach, 0.0), axis=1) / jnp.maximum(count, 1)
    mirrored = jnp.clip(2.0 * middle + jnp.roll(edge, 2), edge, edge + _HIDDEN)
    return jnp.where(narrow & (onward > _GRAZING), mirrored, edge)
