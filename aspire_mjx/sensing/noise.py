"""What is wrong with a real camera and detector, as numbers with a dose.

Every draw is the threefry hash of (world, moment, look, pixel or instance), so an observation does not depend on what
was looked at before, on the other lanes, on padding, on the part of the image that is looked at, or on the release of
JAX. Two programs that look at the same thing at the same moment of the same world see the same.
"""

from __future__ import annotations

import dataclasses
import math
import zlib
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.geometry import Array
from aspire_mjx.sensing.lanes import run_lanes

#: Depth step between neighbour pixels that counts as an edge, m.
EDGE_STEP = 0.02
#: The moment and the look of everything that is drawn once a world.
_ONCE_A_WORLD = 0xFFFFFFFF, 0xFFFFFFFF
#: Draw indices of instances start here, behind those of pixels.
INSTANCES = 1 << 28
#: Draw indices of the exposures of cameras start here.
EXPOSURES = 1 << 29
#: Focal length of the images that the shares of pixels at edges are those of, pixels: 120 rows in 45 degrees.
FOCAL = 60.0 / math.tan(math.radians(22.5))
_ROTATIONS = ((17, 29, 16, 24), (13, 15, 26, 6))  # bits, of even and odd turns of four rounds


@dataclass(frozen=True, kw_only=True)
class NoiseModel:
    """Sensor and detector errors. The defaults are those of a good consumer RGB-D camera, calibrated by hand.

    ``docs/sensing.md`` says what they rest on. Flying pixels and wrong masks are so wide as seen from the camera: their
    shares of the pixels at an edge are those of an image of 160x120 pixels and 45 degrees, and grow with the focal
    length in pixels. Under JAX it is a pytree of the errors, each a float32 number of one lane.

    Attributes:
        depth_sigma: standard deviation of depth at 1 m, m; it grows with the square of depth. Drawn per pixel and call.
        dropout_probability: probability that a pixel returns no depth, per call.
        edge_dropout_probability: the same for pixels at a depth edge (a step over 2 cm to a neighbour pixel).
        edge_flying_probability: probability that a pixel at a depth edge reads a depth between both sides.
        position_sigma: error of the camera's calibrated position, m, each axis; drawn once a world.
        rotation_sigma: error of the camera's calibrated orientation, rad, each axis; drawn once a world.
        mask_error: largest fraction of a mask's boundary pixels that a call loses, or gains outside.
        miss_probability: probability that the detector misses an instance in a call; rises when few pixels are visible.
        confusion_probability: probability that the detector takes a look-alike for the named thing in a call. A number,
            or one a lane `[B]`, as things in other colours than their own are taken for each other more often.
        score_sigma: standard deviation of a detector score in a call.
        false_positive_probability: probability that the detector reports some visible thing when nothing fits the
            words, per call.
        brightness_sigma: standard deviation of an image's exposure, as a share of it, per call.
        dose: scales all of the above; 0 is an exact sensor. A number, or one a lane `[B]`.
    """

    depth_sigma: float = 0.0015
    dropout_probability: float = 0.005
    edge_dropout_probability: float = 0.15
    edge_flying_probability: float = 0.03
    position_sigma: float = 0.0015
    rotation_sigma: float = math.radians(0.1)
    mask_error: float = 0.15
    miss_probability: float = 0.005
    confusion_probability: float | np.ndarray = 0.005
    score_sigma: float = 0.02
    false_positive_probability: float = 0.01
    brightness_sigma: float = 0.03
    dose: float | np.ndarray = 1.0

    def dosed(self, lanes: int, *, focal: float = FOCAL) -> NoiseModel:
        """The errors of each of ``lanes`` lanes times its dose, as float32 columns `[B]`.

        Args:
            lanes: how many.
            focal: length of the camera, pixels.
        """
        dose = np.broadcast_to(np.asarray(self.dose, float), (lanes,))
        columns = {name: dose * getattr(self, name) for name in _ERRORS}
        columns |= {name: columns[name] * (focal / FOCAL) for name in _WIDE}
        columns |= {name: np.minimum(columns[name], 1.0) for name in _SHARES}
        return NoiseModel(**{name: column.astype(np.float32) for name, column in columns.items()})

    def of_looks(
        self, worlds: np.ndarray, moments: np.ndarray, looks: np.ndarray, *, focal: float = FOCAL
    ) -> SensorCall:
        """What sensors with these errors get wrong in one look of each lane.

        Args:
            worlds: `[B, 2]` 32-bit words of each world.
            moments: `[B]` control ticks of the episode that are over.
            looks: `[B]` :func:`look_key` of each look.
            focal: length of the camera, pixels.
        """
        words = (np.asarray(numbers).astype(np.uint32) for numbers in (worlds, moments, looks))
        return SensorCall(self.dosed(len(worlds), focal=focal), *words)


_ERRORS = tuple(error.name for error in dataclasses.fields(NoiseModel) if error.name != "dose")
#: Errors that are some pixels wide: more of them in larger images.
_WIDE = ("edge_flying_probability", "mask_error")
#: Errors that are probabilities or shares, at most 1 whatever the dose.
_SHARES = ("mask_error", *(name for name in _ERRORS if name.endswith("_probability")))
jax.tree_util.register_dataclass(NoiseModel, data_fields=_ERRORS, meta_fields=("dose",))


class SensorCall(NamedTuple):
    """All that the errors of a look depend on: of `B` lanes, or of one where it is traced.

    Attributes:
        noise: the errors, dosed.
        world: `[B, 2]` uint32 words of the world.
        moment: `[B]` uint32 control ticks of the episode that are over.
        look: `[B]` uint32 :func:`look_key`.
    """

    noise: NoiseModel
    world: Array
    moment: Array
    look: Array

    def uniforms(self, index: jax.Array) -> jax.Array:
        """As :func:`uniforms`, of this look (traced)."""
        return uniforms(self.world, (self.moment, self.look), index)

    def of_world(self, index: jax.Array) -> jax.Array:
        """As :func:`uniforms`, the same in every look (traced)."""
        moment, look = (jnp.uint32(word) for word in _ONCE_A_WORLD)
        return uniforms(self.world, (moment, look), index)


def look_key(thing: str, number: int) -> int:
    """The 32-bit word of a look at a thing, the ``number``-th such look at its moment, from 0."""
    return zlib.crc32(f"{number}:{thing}".encode())


def uniforms(world: Array, look: tuple[Array, Array], index: jax.Array) -> jax.Array:
    """Four uniform numbers in [0, 1) for each draw index `[...]` (int), of two words of a world and two of a look.

    Returns `[4, ...]`. Each index gives the same numbers whatever else is asked with it.
    """
    index = index.astype(jnp.uint32)
    key = threefry((world[0], world[1]), look)
    (first, third), (second, fourth) = (threefry(key, (index, jnp.full_like(index, block))) for block in (0, 1))
    return jnp.stack([(bits >> 8).astype(jnp.float32) * 2.0**-24 for bits in (first, second, third, fourth)])


def threefry(key: tuple[jax.Array, jax.Array], count: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
    """Threefry-2x32 with 20 rounds (Salmon et al., 2011): two random words for each two words of a counter, uint32.

    JAX has it too, but there it is a loop on a CPU, whose arrays go through memory in every round.
    """
    words = (*key, key[0] ^ key[1] ^ jnp.uint32(0x1BD11BDA))
    x, y = count[0] + words[0], count[1] + words[1]
    for turn in range(1, 6):
        for rotation in _ROTATIONS[turn % 2]:
            x = x + y
            y = ((y << rotation) | (y >> (32 - rotation))) ^ x
        x, y = x + words[turn % 3], y + words[(turn + 1) % 3] + jnp.uint32(turn)
    return x, y


def gaussian(uniform: jax.Array) -> jax.Array:
    """Standard normal numbers from uniform ones, cut at about five standard deviations."""
    return math.sqrt(2.0) * jax.lax.erf_inv(jnp.clip(2.0 * uniform - 1.0, -0.999999, 0.999999))


def noisy_depth(depth: jax.Array, neighbours: jax.Array, draws: jax.Array, noise: NoiseModel) -> jax.Array:
    """What the depth sensor returns.

    Args:
        depth: `[...]` true depth, m; 0 is no return.
        neighbours: `[4, ...]` true depth of the pixels above, below, left and right, m.
        draws: `[3, ...]` of :func:`uniforms` for those pixels.
        noise: the sensor's errors, dosed.

    Returns:
        `[...]` depth, m; 0 where there is no return.
    """
    largest, *others = (jnp.asarray(jnp.where(near > 0, near - depth, 0.0)) for near in neighbours)
    for step in others:
        largest = jnp.asarray(jnp.where(jnp.abs(step) > jnp.abs(largest), step, largest))
    edge = jnp.abs(largest) > EDGE_STEP
    chance = jnp.where(edge, noise.edge_flying_probability, 0.0)
    flying = draws[1] < chance
    share = jnp.where(flying, draws[1] / jnp.maximum(chance, 1e-9), 0.0)
    read = depth + gaussian(draws[0]) * noise.depth_sigma * depth * depth + share * largest
    lost = draws[2] < jnp.where(edge, noise.edge_dropout_probability, noise.dropout_probability)
    return jnp.where((depth > 0) & ~lost, read, 0.0)


def noisy_mask(mask: jax.Array, neighbours: jax.Array, uniform: jax.Array, swing: jax.Array) -> jax.Array:
    """A mask with its boundary eroded or bled by up to a pixel.

    Args:
        mask: `[...]` bool, true mask.
        neighbours: `[4, ...]` bool, the mask at the pixels above, below, left and right.
        uniform: `[...]` in [0, 1).
        swing: fraction of boundary pixels gained (positive) or lost (negative) in this call.
    """
    gained = ~mask & jnp.any(neighbours, axis=0) & (uniform < swing)
    lost = mask & ~jnp.all(neighbours, axis=0) & (uniform < -swing)
    return (mask | gained) & ~lost


def miscalibrated(
    position: jax.Array, rotation: jax.Array, sensor: SensorCall, *, camera: int = 0
) -> tuple[jax.Array, jax.Array]:
    """The camera pose that the robot believes, from the true one (`[3]` m, `[3, 3]` rotation to the base frame).

    Each number of a ``camera`` has errors of its own. Those of a fixed camera, 0, are in the base frame; those of a
    mounted one go along with it.
    """
    draw, noise = gaussian(sensor.of_world(2 * camera + jnp.arange(2))), sensor.noise
    x, y, z = (draw[axis, 1] * noise.rotation_sigma for axis in range(3))
    turn = jnp.array([[1.0, -z, y], [z, 1.0, -x], [-y, x, 1.0]])  # small angle: exact to a few microradians
    shift = draw[:3, 0] * noise.position_sigma
    shift = jnp.sum(rotation * shift, axis=1) if camera else shift
    return position + shift, jnp.sum(rotation[:, :, None] * turn[None, :, :], axis=1)


def exposures(number: int, sensor: SensorCall) -> np.ndarray:
    """Brightness `[N]` float32 of the images that a camera takes at some calls; 1 without noise.

    Args:
        number: of the camera; each has noise of its own.
        sensor: what it gets wrong in those looks.
    """
    return run_lanes(_exposure, (sensor,), static=(number,))


def _exposure(number: int, sensor: SensorCall):
    draw = gaussian(sensor.uniforms(EXPOSURES + number + jnp.arange(1))[0, 0])
    return jnp.maximum(1.0 + sensor.noise.brightness_sigma * draw, 0.0)
