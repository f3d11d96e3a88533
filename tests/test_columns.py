"""Columns over rows: taking, replacing and joining rows means the same for every kind of column."""

from __future__ import annotations

from dataclasses import dataclass, field

import jax
import numpy as np
import pytest

from aspire_mjx.columns import SHARED, Columns, column_names


@dataclass(frozen=True, eq=False)
class Pose(Columns):
    position: np.ndarray


@dataclass(frozen=True, eq=False)
class Seen(Columns):
    word: str = field(metadata=SHARED)
    absent: np.ndarray | None
    score: np.ndarray
    texts: tuple[str, ...]
    pose: Pose
    named: dict[str, np.ndarray | tuple[str, ...]]
    objects: np.ndarray


def seen(*numbers: int) -> Seen:
    """Rows that are told apart by their numbers in every column."""
    array = np.array(numbers, int)
    texts = tuple(f"row {number}\0" for number in numbers)
    objects = np.empty(len(numbers), object)
    objects[:] = [[number] for number in numbers]
    return Seen(
        "bowl", None, array / 2, texts, Pose(np.stack([array, -array], axis=1)), {"a": array, "b": texts}, objects
    )


def same(one: Seen, other: Seen) -> bool:
    pairs = [
        (one.score, other.score),
        (one.pose.position, other.pose.position),
        (one.named["a"], other.named["a"]),
        (one.objects, other.objects),
    ]
    texts = (one.word, one.absent, one.texts, one.named["b"]) == (
        other.word,
        other.absent,
        other.texts,
        other.named["b"],
    )
    return texts and all(a.dtype == b.dtype and a.tolist() == b.tolist() for a, b in pairs)


def test_shared_fields_are_no_columns():
    assert column_names(Seen) == ("absent", "score", "texts", "pose", "named", "objects")
    assert len(seen(4, 5, 6)) == 3


def test_take_by_index_and_by_mask():
    assert same(seen(4, 5, 6).take(np.array([2, 0, 2])), seen(6, 4, 6))
    assert same(seen(4, 5, 6).take(np.array([True, False, True])), seen(4, 6))
    assert same(seen(4, 5).take(np.array([], int)), seen())


def test_put_replaces_rows_of_a_copy():
    before = seen(4, 5, 6)
    assert same(before.put(np.array([2, 0]), seen(7, 8)), seen(8, 5, 7))
    assert same(before, seen(4, 5, 6))


def test_concatenate_joins_the_rows_of_all_parts():
    assert same(Seen.concatenate([seen(4), seen(), seen(5, 6)]), seen(4, 5, 6))
    one = seen(4)
    assert Seen.concatenate([one]).score is not one.score


def test_rows_that_do_not_fit_are_an_error():
    with pytest.raises(ValueError, match="shorter"):
        seen(4, 5).put(np.array([0, 1]), seen(7))


def test_a_registered_class_is_a_pytree():
    jax.tree_util.register_dataclass(Pose, column_names(Pose), ())
    doubled = jax.jit(lambda pose: jax.tree.map(lambda column: 2 * column, pose))(Pose(np.ones((2, 3))))
    assert isinstance(doubled, Pose) and np.array_equal(doubled.position, np.full((2, 3), 2.0))
    assert np.array_equal(doubled.take(np.array([1])).position, [[2.0, 2.0, 2.0]])
