"""Masks in whole images."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from aspire_mjx.sensing.detector import point_table, prompt_table
from aspire_mjx.sensing.noise import NoiseModel
from aspire_mjx.sensing.render import GBuffer, cast
from aspire_mjx.sensing.segments import MOST, Segments, instance_at, segment
from tests.support.floor_scenes import floor_scene, front_camera
from tests.support.sensor_calls import EXACT, sensor_calls

_LANES = 40


def _scenes() -> tuple[GBuffer, list[tuple[str, ...]]]:
    scene, names, *_ = floor_scene(_LANES, seed=31)
    return cast(scene, front_camera()), names


def _segmented(seen: GBuffer, table: np.ndarray, *, noise: NoiseModel = EXACT, seeds=None, calls=None) -> Segments:
    lanes = len(seen)
    seeds = np.arange(lanes) if seeds is None else seeds
    calls = np.zeros(lanes, int) if calls is None else calls
    return segment(seen, front_camera().focal, table, number=0, sensor=sensor_calls(noise, seeds, calls))


def test_without_noise_masks_boxes_and_pixels_are_those_of_the_thing() -> None:
    seen, names = _scenes()
    got = _segmented(seen, prompt_table(["basket"] * _LANES, names, seen.pixels.shape[1]))
    assert (got.count == 1).all() and (got.instance[:, 0] == 6).all()
    for lane in range(_LANES):
        mask = seen.segmentation[lane] == 6
        np.testing.assert_array_equal(got.labels[lane] == 1, mask)
        rows, columns = np.nonzero(mask)
        np.testing.assert_array_equal(got.boxes[lane, 0], [columns.min(), rows.min(), columns.max(), rows.max()])
        u, v = got.pixel[lane].astype(int)
        assert mask[v, u]
        apart = np.hypot(columns - columns.mean(), rows - rows.mean())
        assert np.hypot(u - columns.mean(), v - rows.mean()) == pytest.approx(apart.min(), abs=1e-3)
    assert got.labels.max() == 1 and not got.scores[:, 1:].any()


def test_alike_things_have_a_mask_each_the_best_first() -> None:
    seen, _ = _scenes()
    names = [("milk",) * 6 + ("basket",)] * _LANES
    got = _segmented(seen, prompt_table(["milk"] * _LANES, names, seen.pixels.shape[1]), noise=NoiseModel())
    assert got.count.max() == 6 and got.count.min() >= 3
    assert (np.diff(got.scores, axis=1) <= 0).all()
    masks = got.labels[:, None] == np.arange(1, MOST + 1)[:, None, None]
    there = np.arange(MOST) < got.count[:, None]
    assert (masks.any(axis=(2, 3)) == there).all() and ((got.instance >= 0) == there).all()


def test_mask_errors_keep_to_the_boundary_and_grow_with_the_dose() -> None:
    seen, names = _scenes()
    table = prompt_table(["basket"] * _LANES, names, seen.pixels.shape[1])
    wrong = []
    for dose in (0.0, 1.0, 2.0):
        got = _segmented(seen, table, noise=NoiseModel(dose=dose, miss_probability=0.0, confusion_probability=0.0))
        true = seen.segmentation == 6
        near = true.copy()
        for axis, step in ((1, 1), (1, -1), (2, 1), (2, -1)):
            near |= np.roll(true, step, axis)
        assert not ((got.labels == 1) & ~near).any()
        wrong.append(((got.labels == 1) != true).mean())
    assert wrong[0] == 0 < wrong[1] and wrong[2] == pytest.approx(2 * wrong[1], rel=0.2)


def test_a_pixel_gives_the_thing_that_is_there() -> None:
    seen, names = _scenes()
    points = np.array([np.argwhere(seen.segmentation[lane] == 6).mean(axis=0)[::-1] for lane in range(_LANES)])
    targets = instance_at(seen, points)
    outside = instance_at(seen, np.tile([[-3.0, 400.0]], (_LANES, 1)))
    assert (outside == -1).all()
    got = _segmented(seen, point_table(targets, names, seen.pixels.shape[1]))
    shown = targets >= 0
    assert shown.mean() > 0.5
    np.testing.assert_array_equal(got.instance[shown, 0], targets[shown])
    nothing = _segmented(seen, point_table(outside, names, seen.pixels.shape[1]), noise=NoiseModel(dose=20.0))
    assert (nothing.count == 0).all()


def test_lanes_are_independent_bit_for_bit() -> None:
    seen, names = _scenes()
    table = prompt_table([lane[0] for lane in names], names, seen.pixels.shape[1])
    whole = _segmented(seen, table, noise=NoiseModel(), calls=np.arange(_LANES))
    rows = np.array([7, 2])
    part = _segmented(seen.take(rows), table[rows], noise=NoiseModel(), seeds=rows, calls=rows)
    for field in dataclasses.fields(Segments):
        np.testing.assert_array_equal(getattr(part, field.name), getattr(whole, field.name)[rows])


def test_scores_fall_with_distance_and_with_what_is_hidden() -> None:
    seen, names = _scenes()
    table = prompt_table(["basket"] * _LANES, names, seen.pixels.shape[1])
    plain = _segmented(seen, table).scores[:, 0]
    hidden = dataclasses.replace(seen, pixels=seen.pixels // 4)
    far = dataclasses.replace(seen, pixels=seen.pixels // 64, distance=8 * seen.distance)
    assert (_segmented(hidden, table).scores[:, 0] < plain).all()
    assert (_segmented(far, table).scores[:, 0] < plain).all()


def test_the_rate_of_false_positives_is_its_dose() -> None:
    seen, names = _scenes()
    seen, names = seen.take(np.arange(4000) % _LANES), [names[i % _LANES] for i in range(4000)]
    table = prompt_table(["bicycle"] * 4000, names, seen.pixels.shape[1])
    for dose, rate in ((0.0, 0.0), (1.0, 0.01), (10.0, 0.1)):
        got = _segmented(seen, table, noise=NoiseModel(dose=dose, score_sigma=0.0, miss_probability=0.0))
        assert got.count.mean() == pytest.approx(rate, abs=3 * np.sqrt(rate / 4000) + 0.03 * rate)
        assert got.scores.max() < 0.6
