"""Things count as fewer pixels where a picture's light takes their contrast away."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import fresh_memories
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.sensing.contrast import PIXEL_NOISE, told_apart
from aspire_mjx.sensing.render import GBuffer
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

_BRIGHT = np.array([[0, 0, 0], [200, 120, 60]], np.uint8)  # a background, and the thing before it


def _square(count: int) -> GBuffer:
    """``count`` images of one thing of 16 pixels."""
    segmentation = np.full((count, 8, 8), -1, np.int16)
    segmentation[:, 2:6, 2:6] = 0
    ones, none = np.ones((count, 8, 8), np.float32), np.full((count, 1), 1.0, np.float32)
    return GBuffer(
        depth=ones,
        segmentation=segmentation,
        geom=segmentation,
        pixels=np.full((count, 1), 16, np.int32),
        distance=none,
    )


def _pictures(seen: GBuffer, lights: np.ndarray) -> np.ndarray:
    colours = _BRIGHT[seen.segmentation.astype(int) + 1]
    return np.round(np.clip(lights[:, None, None, None] * colours, 0, 255)).astype(np.uint8)


def test_the_pixels_that_count_fall_with_the_contrast_and_in_the_dark_none_are_left():
    lights = np.array([1.0, 0.1, 0.05, 0.03, 0.02, 0.01, 0.0])
    seen = _square(len(lights))
    found = told_apart(seen, _pictures(seen, lights), _pictures(seen, np.ones(len(lights))))
    assert found.pixels[0, 0] == 16 and found.pixels[-1, 0] == 0
    assert (np.diff(found.pixels[:, 0]) <= 0).all() and 0 < found.pixels[4, 0] < 16
    assert np.array_equal(seen.pixels, np.full((len(lights), 1), 16)) and found.pixels.dtype == np.int32


def test_a_step_as_large_as_the_noise_is_worth_half_of_the_pixels():
    seen = _square(1)
    step = np.where(seen.segmentation[..., None] == 0, 3, 0) * np.ones(3)
    clear = np.where(seen.segmentation[..., None] == 0, 255, 0) * np.ones(3)
    found = told_apart(seen, step.astype(np.uint8), clear.astype(np.uint8))
    assert found.pixels[0, 0] == round(16 * 9 / (9 + PIXEL_NOISE**2))


def test_what_stands_out_more_than_in_the_nominal_light_counts_no_more_pixels():
    seen = _square(1)
    assert told_apart(seen, _pictures(seen, np.array([1.2])), _pictures(seen, np.array([0.1]))).pixels[0, 0] == 16


def _looks(prompt: str, task: int, seeds: range, **dose: float) -> tuple[np.ndarray, np.ndarray]:
    """Instance and score of one look in each world of libero_object."""
    worlds = make_worlds([WorldSpec(find_task("libero_object", task), seed, Perturbation(**dose)) for seed in seeds])
    n = len(worlds)
    lanes = Lanes(worlds, worlds.qpos, worlds.rest, np.full(n, 100), np.zeros(n, int), fresh_memories(n))
    found = CameraRig().perceive(lanes, (prompt,) * n)
    return np.asarray(found.instance), np.asarray(found.score)


def test_a_detector_sees_nothing_in_the_dark_and_less_in_the_dusk():
    _, nominal = _looks("bbq sauce", 3, range(51, 59), noise=0.0)
    _, dusk = _looks("bbq sauce", 3, range(51, 59), noise=0.0, light=0.02)
    dark, _ = _looks("bbq sauce", 3, range(51, 59), light=0.0)
    assert (dark == -1).all() and (dusk < nominal).all() and (dusk > 0).any()


def test_recoloured_things_are_taken_for_their_look_alikes_and_never_without_noise():
    seeds = range(51, 115)
    right = np.median(_looks("bbq sauce", 3, seeds, noise=0.0)[0])
    wrong = [(_looks("bbq sauce", 3, seeds, colour=colour)[0] != right).mean() for colour in (0.0, 0.4, 1.0)]
    assert wrong[0] < wrong[1] < wrong[2] == pytest.approx(0.5, abs=0.2)
    assert (_looks("bbq sauce", 3, seeds, colour=1.0, noise=0.0)[0] == right).all()
