"""The simulated detector: words, visible pixels, misses and look-alikes."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.sensing.detector import THRESHOLD, Detection, detect_lane, prompt_table
from aspire_mjx.sensing.noise import INSTANCES, NoiseModel, uniforms
from tests.support.sensor_calls import EXACT, sensor_call

_NAMES = ("alphabet_soup", "tomato_sauce", "butter", "basket", "")
_PIXELS, _DISTANCE = (115, 110, 55, 700, 300), 1.1
_FOCAL = 145.0


def _detect(
    prompt: str,
    *,
    names: Sequence[str] = _NAMES,
    pixels: Sequence[int] = _PIXELS,
    noise: NoiseModel = EXACT,
    calls: int = 1,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Targets, scores and statuses of many calls in one image."""
    table = jnp.asarray(prompt_table([prompt], [names], len(pixels))[0])
    counts, distance = jnp.asarray(pixels), jnp.full(len(pixels), _DISTANCE)
    dosed = sensor_call(noise).noise

    def one(call: jax.Array):
        draws = uniforms(jnp.array([51, 0], jnp.uint32), (call, jnp.uint32(0)), INSTANCES + jnp.arange(len(pixels) + 1))
        return detect_lane(counts, distance, table, dosed, _FOCAL, draws)[:3]

    target, score, status = jax.vmap(one)(jnp.arange(calls, dtype=jnp.uint32))
    return np.asarray(target), np.asarray(score), np.asarray(status)


@pytest.mark.parametrize(("prompt", "target"), [("alphabet soup", 0), ("tomato sauce can", 1), ("butter", 2)])
def test_finds_what_the_words_name(prompt: str, target: int) -> None:
    found, score, status = _detect(prompt)
    assert (found[0], status[0]) == (target, Detection.OK)
    assert 0.6 < score[0] <= 1.0


@pytest.mark.parametrize("prompt", ["ketchup", "frying pan", ""])
def test_absent_or_unknown_things_are_not_found(prompt: str) -> None:
    found, score, status = _detect(prompt)
    assert (found[0], score[0], status[0]) == (-1, 0.0, Detection.NOT_FOUND)


def test_words_that_fit_two_things_are_ambiguous() -> None:
    found, _, status = _detect("can")
    assert status[0] == Detection.AMBIGUOUS and found[0] in (0, 1)
    assert _detect("can", pixels=(115, 20, 55, 700, 300))[2][0] == Detection.OK  # one of them is nearly hidden


def test_the_score_falls_with_occlusion_until_nothing_is_found() -> None:
    scores = [_detect("alphabet soup", pixels=(n, 110, 55, 700, 300))[1][0] for n in (115, 60, 25, 8, 0)]
    assert all(a > b for a, b in zip(scores[:3], scores[1:4], strict=True))
    assert scores[3] == scores[4] == 0.0


def test_misses_are_dosed_and_rise_when_little_is_visible() -> None:
    noise = NoiseModel(miss_probability=0.1, confusion_probability=0.0, score_sigma=0.0)
    missed = [
        np.mean(_detect("alphabet soup", pixels=(n, 0, 0, 0, 0), noise=noise, calls=4000)[2] == Detection.NOT_FOUND)
        for n in (10000, 40)
    ]
    np.testing.assert_allclose(missed, [0.1, 0.2], atol=0.02)


def test_look_alikes_are_confused_at_the_dosed_rate() -> None:
    noise = NoiseModel(miss_probability=0.0, confusion_probability=0.2)
    target, score, _ = _detect("alphabet soup", noise=noise, calls=4000)
    assert np.mean(target == 1) == pytest.approx(0.2, abs=0.02)
    assert score[target == 1].mean() < score[target == 0].mean()
    assert set(target) == {0, 1}


def test_a_look_alike_may_stand_in_for_an_absent_thing() -> None:
    noise = NoiseModel(miss_probability=0.0, confusion_probability=0.2)
    target, _, status = _detect("alphabet soup", names=("milk", "tomato_sauce", "butter"), noise=noise, calls=2000)
    assert np.mean(target == 1) == pytest.approx(0.2, abs=0.03)
    assert set(target) == {-1, 1}
    assert np.all(status[target == -1] == Detection.NOT_FOUND)


def test_no_reported_score_is_below_the_threshold() -> None:
    target, score, _ = _detect("alphabet soup", pixels=(28, 0, 0, 0, 0), noise=NoiseModel(score_sigma=0.1), calls=500)
    assert 0 < np.mean(target < 0) < 1
    assert score[target == 0].min() >= THRESHOLD and np.all(score[target < 0] == 0)


def test_prompts_and_names_must_correspond() -> None:
    with pytest.raises(WorldError, match="2 prompts but names for 1 lanes"):
        prompt_table(["a", "b"], [_NAMES], 5)
    with pytest.raises(WorldError, match="names for 5 instances, but the scene has 3"):
        prompt_table(["a"], [_NAMES], 3)
