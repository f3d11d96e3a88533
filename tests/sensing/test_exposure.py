"""The brightness of images."""

from __future__ import annotations

import numpy as np

from aspire_mjx.sensing.exposure import exposures
from aspire_mjx.sensing.noise import EXACT, NoiseModel


def test_exposure_varies_with_the_dose_and_not_without_noise() -> None:
    seeds, calls = np.arange(2000), np.arange(2000) % 7
    np.testing.assert_array_equal(exposures(0, EXACT.of_calls(seeds, calls)), 1.0)
    for dose in (1.0, 3.0):
        got = exposures(0, NoiseModel(dose=dose).of_calls(seeds, calls))
        np.testing.assert_allclose([got.mean(), got.std()], [1.0, 0.03 * dose], atol=0.003 * dose)


def test_each_camera_and_call_has_its_own() -> None:
    seeds = np.arange(8)
    first = exposures(0, NoiseModel().of_calls(seeds, np.zeros(8, int)))
    np.testing.assert_array_equal(first[3:4], exposures(0, NoiseModel().of_calls(seeds[3:4], np.zeros(1, int))))
    for number, call in ((1, 0), (0, 1)):
        assert (first != exposures(number, NoiseModel().of_calls(seeds, np.full(8, call)))).all()
