"""A function is applied once for each distinct combination of values, where few are distinct."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.results_view import texts
from aspire_mjx.machine.values import Partition, Varying


def test_few_distinct_numbers_and_texts_are_worked_on_once_each() -> None:
    numbers = np.tile([0.0, -0.0, np.nan, 2.5], 64)
    names = texts(["milk", "ketchup"] * 128)
    calls: list[tuple[float, str]] = []

    def written(number: float, name: str) -> str:
        calls.append((number, name))
        return f"{number} {name}"

    got = lane_map(written, (Varying(numbers, True), names), 256)
    assert got.array.tolist() == [f"{x} {name}" for x, name in zip(numbers, names.array, strict=True)]
    assert len(calls) == 4 and type(calls[0][0]) is float
    assert (got.codes[:4] == got.codes[4:8]).all() and len(set(got.codes.tolist())) == 4


def test_lanes_that_fail_are_told_apart_from_those_of_other_numbers() -> None:
    with pytest.raises(Partition) as caught:
        lane_map(lambda x: 1 / x, (Varying(np.tile([1, 0, 2, 0], 64), True),), 256)
    assert caught.value.labels.tolist() == [0, 1, 0, 1] * 64


def test_what_hardly_repeats_is_worked_on_in_every_lane() -> None:
    numbers = np.arange(256.0)
    got = lane_map(lambda x: x.hex(), (Varying(numbers, True),), 256)
    assert got.array.tolist() == [x.hex() for x in numbers.tolist()]
