"""Vectorised rules give every lane the bits that it would get alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aspire_mjx.compiler.facades import ELEMENTWISE, NUMPY, norm
from aspire_mjx.compiler.operators import binary, compare
from aspire_mjx.compiler.values import Laned, Partition, Raised, columns, lane_map, messages
from aspire_mjx.compiler.vectorised import call_facade

N = 67
RNG = np.random.default_rng(0)
VECTORS = Laned(RNG.normal(size=(N, 3)) * RNG.choice([1e-3, 1.0, 1e3], size=(N, 1)))
OTHERS = Laned(RNG.normal(size=(N, 3)))
SCALARS = Laned(RNG.normal(size=N), python=True)


def same(laned: Any, lanes: list[Any]) -> None:
    """A laned value equals plain ones in type and bits."""
    for got, expected in zip(columns(laned, N), lanes, strict=True):
        assert type(got) is type(expected)
        assert np.asarray(got).dtype == np.asarray(expected).dtype
        assert np.asarray(got).tobytes() == np.asarray(expected).tobytes()


@pytest.mark.parametrize("name", sorted(ELEMENTWISE))
def test_elementwise_functions(name: str) -> None:
    function = getattr(NUMPY, name)
    pairs = [(VECTORS,), (SCALARS,)]
    if getattr(np, name).nin == 2:
        pairs = [(VECTORS, OTHERS), (VECTORS, SCALARS), (SCALARS, VECTORS), (VECTORS, 0.5), (VECTORS, np.ones(3))]
    for args in pairs:
        plain = [columns(a, N) for a in args]
        same(call_facade(function, args, {}, N), [function(*row) for row in zip(*plain, strict=True)])


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "argmax", "argmin", "array", "copy", "asarray"])
def test_reductions_and_constructions(name: str) -> None:
    function = getattr(NUMPY, name)
    same(call_facade(function, (VECTORS,), {}, N), [function(row) for row in VECTORS.array])
    rows = [[a, b, 0.25] for a, b in zip(columns(SCALARS, N), columns(VECTORS, N), strict=True)]
    mixed = [SCALARS, Laned(VECTORS.array[:, 0].copy()), 0.25]
    same(call_facade(function, (mixed,), {}, N), [function([a, b[0], c]) for a, b, c in rows])


def test_norm_clip_and_concatenate() -> None:
    same(call_facade(NUMPY.linalg.norm, (VECTORS,), {}, N), [norm(row) for row in VECTORS.array])
    np.testing.assert_allclose(norm(VECTORS.array[0]), np.linalg.norm(VECTORS.array[0]), rtol=1e-15)
    low, high = np.array([-0.5, -0.2, 0.0]), 0.4
    same(call_facade(NUMPY.clip, (VECTORS, low, high), {}, N), [np.clip(row, low, high) for row in VECTORS.array])
    parts = [VECTORS, np.zeros(2), [SCALARS]]
    expected = [np.concatenate([row, np.zeros(2), [s]]) for row, s in zip(VECTORS.array, SCALARS.array, strict=True)]
    same(call_facade(NUMPY.concatenate, (parts,), {}, N), expected)


@pytest.mark.parametrize("op", ["+", "-", "*", "/", "**", "//", "%", "<", "==", "!=", ">="])
def test_operators(op: str) -> None:
    positive = Laned(np.abs(SCALARS.array) + 0.1, python=True)
    integers = Laned(np.arange(1, N + 1), python=True)
    apply = compare if op in ("<", "==", "!=", ">=") else binary
    for a, b in [(VECTORS, OTHERS), (positive, integers), (integers, positive), (VECTORS, positive), (integers, 3)]:
        lanes = [apply(op, x, y, 1) for x, y in zip(columns(a, N), columns(b, N), strict=True)]
        same(apply(op, a, b, N), lanes)


def test_lanes_that_divide_by_zero_are_split_off() -> None:
    with pytest.raises(Partition) as caught:
        binary("/", 1.0, Laned(np.array([1.0, 0.0, 2.0]), python=True), 3)
    assert caught.value.labels.tolist() == [0, 1, 0]


def test_large_integers_stay_exact() -> None:
    big = Laned(np.array([2**40, 3]), python=True)
    assert columns(binary("*", big, big, 2), 2) == [2**80, 9]


def test_text_with_few_distinct_values_is_computed_once_for_each() -> None:
    names = Laned(np.array(["milk", "soup", "milk", "milk", "soup", "milk"], dtype=object), True)
    seen: list[str] = []

    def shout(text: str, more: list[str]) -> list[str]:
        seen.append(text)
        return [text.upper(), *more]

    loud = lane_map(shout, (names, ["x", names]), 6)
    assert seen == ["milk", "soup"]
    assert columns(loud, 6)[4] == ["SOUP", "x", "soup"] and columns(loud, 6)[5] == ["MILK", "x", "milk"]
    with pytest.raises(Partition) as split:
        lane_map(lambda t: t if t == "milk" else [t], (names,), 6)
    assert split.value.labels.tolist() == [0, 1, 0, 0, 1, 0]
    with pytest.raises(Raised) as error:
        lane_map(int, (names,), 6)
    assert messages(error.value.exception, 6)[1].endswith("'soup'")
