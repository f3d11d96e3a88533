"""Splitting and merging keep structure, sharing and values."""

from __future__ import annotations

from typing import Any

import numpy as np

from aspire_mjx.machine.copying import Merge, Promotion, Take, ValueLayout, copied
from aspire_mjx.machine.structure import columns
from aspire_mjx.machine.values import Varying


def taken(value: Any, rows: list[int]) -> Any:
    return copied(Take(np.array(rows)), [value])[0]


def merged(first: Any, second: Any, sizes: tuple[int, int]) -> Any:
    signatures = [ValueLayout(), ValueLayout()]
    for signature, value in zip(signatures, (first, second), strict=True):
        copied(signature, [value])
    assert signatures[0].tokens == signatures[1].tokens
    return copied(Merge([s.leaves for s in signatures], sizes), [first])[0]


def alike(first: Any, second: Any) -> bool:
    tokens = []
    for value in (first, second):
        signature = ValueLayout()
        copied(signature, [value])
        tokens.append(signature.tokens)
    return tokens[0] == tokens[1]


def test_take_copies_containers_and_keeps_sharing() -> None:
    inner = [1, Varying(np.array([1.0, 2.0, 3.0]), python=True)]
    value = {"a": inner, "b": inner, "c": (inner, "text")}
    copy = taken(value, [2, 0])
    assert copy["a"] is copy["b"] is copy["c"][0] and copy["a"] is not inner
    assert columns(copy["a"], 2) == [[1, 3.0], [1, 1.0]]


def test_take_keeps_views_of_varying_and_uniform_arrays() -> None:
    varying = Varying(np.arange(12.0).reshape(3, 2, 2))
    row = Varying(varying.array[:, 1], owner=varying)
    plain = np.zeros((2, 3))
    copy = taken([varying, row, plain, plain[:, 1], plain.T], [1, 2])
    copy[1].array[:] = -1.0
    assert (copy[0].array[:, 1] == -1.0).all() and (copy[0].array[:, 0] >= 0).all()
    copy[2][0, 1] = 5.0
    assert copy[3][0] == 5.0 and copy[4][1, 0] == 5.0 and plain[0, 1] == 0.0


def test_promotion_keeps_views() -> None:
    plain = np.zeros((2, 3))
    state = [plain, plain[1], [plain], np.ones(2)]
    copy = copied(Promotion(plain, 4), state)
    assert isinstance(copy[0], Varying) and copy[0].array.shape == (4, 2, 3) and copy[2][0] is copy[0]
    copy[0].array[3, 1, 2] = 7.0
    assert copy[1].array[3].tolist() == [0.0, 0.0, 7.0] and isinstance(copy[3], np.ndarray)


def test_merge_joins_what_differs_and_keeps_what_is_equal() -> None:
    one = {"x": 0.1, "n": 2, "name": "milk", "p": np.zeros(2), "q": Varying(np.array([1.0, 2.0]), python=True)}
    two = {"x": 0.2, "n": 2, "name": "soup", "p": np.ones(2), "q": 5.0}
    joint = merged(one, two, (2, 1))
    assert joint["n"] == 2 and columns(joint["x"], 3) == [0.1, 0.1, 0.2]
    assert columns(joint["name"], 3) == ["milk", "milk", "soup"] and columns(joint["q"], 3) == [1.0, 2.0, 5.0]
    assert joint["p"].array.tolist() == [[0, 0], [0, 0], [1, 1]]


def test_structure_decides_what_can_merge() -> None:
    shared = [1]
    assert not alike([shared, shared], [[1], [1]])
    assert not alike({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert not alike({1: 0}, {True: 0})
    assert not alike([1], [1.0])
    assert not alike([None], [1])
    assert not alike([np.zeros(2)], [np.zeros((2, 2))])
    assert not alike([{1, 2}], [{1, 3}])
    assert alike([np.zeros(2)], [np.zeros(3)])
    assert alike([1, "a", np.float64(2), np.zeros(2)], [2, "b", np.float64(3), np.ones(2)])


def test_deeply_nested_values_are_copied() -> None:
    value: list[Any] = []
    for _ in range(20_000):
        value = [value]
    assert len(taken(value, [0])) == 1
