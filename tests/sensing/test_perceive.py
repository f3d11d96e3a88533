"""From a prompt to a box in the base frame, on realistic floor scenes."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.detector import Detection, prompt_table
from aspire_mjx.sensing.lanes import chunk_lanes
from aspire_mjx.sensing.noise import NoiseModel
from aspire_mjx.sensing.perceive import Percepts, _kernel, perceive
from aspire_mjx.sensing.render import GBuffer, cast
from tests.support.floor_scenes import BASKET_SIZE, compilations, floor_scene, front_camera
from tests.support.sensor_calls import EXACT, sensor_calls

_BASE = np.array([-0.6, 0.0, 0.0])
_LANES = 3 * chunk_lanes()


@cache
def _scenes() -> tuple[GBuffer, Camera, list[tuple[str, ...]], np.ndarray, np.ndarray, np.ndarray]:
    scene, names, centre, size, yaw = floor_scene(_LANES, seed=11)
    camera = front_camera()
    return cast(scene, camera), camera, names, centre, size, yaw


def _perceive(seen: GBuffer, prompts: list[str], names: list[tuple[str, ...]], **changes) -> Percepts:
    lanes = len(seen)
    options = {"noise": NoiseModel(), "seeds": np.arange(lanes), "calls": np.zeros(lanes, int), **changes}
    sensor = sensor_calls(options["noise"], options["seeds"], options["calls"])
    table, base = prompt_table(prompts, names, seen.pixels.shape[1]), options.get("base_position", _BASE)
    return perceive(seen, front_camera(), table, sensor=sensor, base_position=base)


def _fraction_visible(seen: GBuffer, item: int, lanes: int) -> np.ndarray:
    """Visible pixels of an item over those it has when nothing else is there."""
    scene = floor_scene(lanes, seed=11)[0]
    alone = np.array([instance in (-1, item) for instance in scene.instance])
    lone = cast(dataclasses.replace(scene, present=np.tile(alone, (lanes, 1))), front_camera())
    return seen.pixels[:, item] / np.maximum(lone.pixels[:, item], 1)


@pytest.mark.parametrize(("dose", "median", "p95"), [(0.0, 0.003, 0.0075), (1.0, 0.005, 0.015)])
def test_centres_of_unoccluded_items(dose: float, median: float, p95: float) -> None:
    seen, _, names, centre, _, _ = _scenes()
    errors = []
    for item in range(6):
        prompts = [lane[item].replace("_", " ") for lane in names]
        got = _perceive(seen, prompts, names, noise=NoiseModel(dose=dose), calls=np.full(_LANES, item))
        good = (got.status == Detection.OK) & (got.instance == item) & (_fraction_visible(seen, item, _LANES) > 0.95)
        errors.append(np.linalg.norm(got.position + _BASE - centre[:, item], axis=1)[good])
        assert good.mean() > 0.7
    error = np.concatenate(errors)
    print(f"dose {dose}: centre error median {np.median(error):.4f} m, p95 {np.quantile(error, 0.95):.4f} m")
    assert np.median(error) < median and np.quantile(error, 0.95) < p95


def test_yaw_and_extent_of_oblong_items() -> None:
    seen, _, names, _, size, yaw = _scenes()
    oblong = [
        [item for item in range(6) if size[lane, item, 0] > 1.3 * size[lane, item, 1]][0] for lane in range(_LANES)
    ]
    rows = np.arange(_LANES)
    prompts = [names[lane][item] for lane, item in enumerate(oblong)]
    got = _perceive(seen, prompts, names, noise=EXACT)
    good = (got.status == Detection.OK) & (got.instance == oblong)
    angle = 2 * np.arctan2(got.quaternion_wxyz[:, 3], got.quaternion_wxyz[:, 0])
    turn = np.abs((angle - yaw[rows, oblong] + np.pi / 2) % np.pi - np.pi / 2)[good]
    assert np.median(turn) < np.radians(3) and np.quantile(turn, 0.9) < np.radians(10)
    assert np.median(np.abs(got.extent - size[rows, oblong])[good], axis=0).max() < 0.006


def test_the_basket_is_a_box_too() -> None:
    seen, _, names, centre, _, _ = _scenes()
    got = _perceive(seen, ["basket"] * _LANES, names)
    good = got.status == Detection.OK
    assert good.mean() > 0.9
    assert np.median(np.linalg.norm(got.position + _BASE - centre[:, 6], axis=1)[good]) < 0.008
    np.testing.assert_allclose(np.median(got.extent[good], axis=0), sorted(BASKET_SIZE)[::-1], atol=0.01)


def test_calls_draw_fresh_noise_and_repeat_exactly() -> None:
    seen, _, names, _, _, _ = _scenes()
    prompts = [lane[0] for lane in names]
    first, again = _perceive(seen, prompts, names), _perceive(seen, prompts, names)
    later = _perceive(seen, prompts, names, calls=np.ones(_LANES, int))
    np.testing.assert_array_equal(first.position, again.position)
    both = (first.status == Detection.OK) & (later.status == Detection.OK) & (first.instance == later.instance)
    assert np.all(np.any(first.position != later.position, axis=1)[both])


def test_dose_zero_does_not_depend_on_seed_or_call() -> None:
    seen, _, names, _, _, _ = _scenes()
    prompts = [lane[1] for lane in names]
    one = _perceive(seen, prompts, names, noise=EXACT)
    other = _perceive(seen, prompts, names, noise=EXACT, seeds=np.arange(_LANES) + 99, calls=np.arange(_LANES))
    for field in dataclasses.fields(Percepts):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


def test_lanes_are_independent_bit_for_bit() -> None:
    seen, _, names, _, _, _ = _scenes()
    prompts = [lane[2] for lane in names]
    calls = np.arange(_LANES) % 5
    whole = _perceive(seen, prompts, names, calls=calls)
    for rows in (np.random.default_rng(0).permutation(_LANES), np.array([5]), np.arange(chunk_lanes() + 1)):
        part = _perceive(
            seen.take(rows), [prompts[r] for r in rows], [names[r] for r in rows], seeds=rows, calls=calls[rows]
        )
        for field in dataclasses.fields(Percepts):
            np.testing.assert_array_equal(getattr(part, field.name), getattr(whole, field.name)[rows])


def test_absent_and_fully_occluded_things_are_not_found() -> None:
    seen, _, names, _, _, _ = _scenes()
    sure = NoiseModel(false_positive_probability=0.0)
    absent = _perceive(seen, ["wine bottle opener"] * _LANES, names, noise=sure)
    hidden = dataclasses.replace(
        seen,
        segmentation=np.where(seen.segmentation == 0, -1, seen.segmentation),
        pixels=seen.pixels * (np.arange(seen.pixels.shape[1]) != 0),
    )
    covered = _perceive(hidden, [lane[0] for lane in names], names, noise=EXACT)
    for got in (absent, covered):
        assert np.all(got.status == Detection.NOT_FOUND)
        assert np.all(got.instance == -1) and np.all(got.score == 0)
        assert np.all(np.isnan(got.position)) and np.all(np.isnan(got.extent))


def test_two_of_a_kind_are_ambiguous() -> None:
    seen, _, names, _, _, _ = _scenes()
    twins = [("milk", "milk", *("basket" for _ in lane[2:])) for lane in names]
    got = _perceive(seen, ["milk"] * _LANES, twins, noise=EXACT)
    both = seen.pixels[:, :2]
    clear = both.min(axis=1) > 110
    assert clear.any() and np.all(got.status[clear] == Detection.AMBIGUOUS)
    assert np.all(np.isfinite(got.position[clear]))


def test_boxes_are_in_the_base_frame() -> None:
    seen, _, names, centre, _, _ = _scenes()
    base = np.array([-0.4, 0.1, 0.05])
    prompts = [lane[0] for lane in names]
    got = _perceive(seen, prompts, names, noise=EXACT, base_position=base)
    good = (got.status == Detection.OK) & (_fraction_visible(seen, 0, _LANES) > 0.95)
    error = np.linalg.norm(got.position + base - centre[:, 0], axis=1)[good]
    assert np.median(error) < 0.004


def test_one_compilation_serves_any_number_of_calls() -> None:
    seen, camera, names, _, _, _ = _scenes()
    _perceive(seen, ["milk"] * _LANES, names)
    kernel = _kernel(camera.focal)
    before = compilations(kernel)  # other tests may have compiled it for scenes with another number of things
    _perceive(seen.take(np.arange(2)), ["butter", "can"], names[:2], noise=NoiseModel(dose=2.0))
    _perceive(seen.take(np.arange(3)), ["milk"] * 3, names[:3])
    assert compilations(kernel) == before


def test_counts_must_agree() -> None:
    seen, _, names, _, _, _ = _scenes()
    with pytest.raises(WorldError, match="1 prompts for"):
        _perceive(seen, ["milk"], names[:1])
    with pytest.raises(WorldError, match="1 prompts but names for"):
        prompt_table(["milk"], names, 8)
