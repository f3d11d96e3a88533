"""Random streams: numpy's numbers, checked seeds, bounded sizes."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.language.random import RANDOM_FUNCTIONS, STREAM_MEMBERS, Stream, stream_of


def test_numbers_are_numpys() -> None:
    stream, state = stream_of(7), np.random.RandomState(7)
    for name, args in [("uniform", (-1, 1, 3)), ("normal", ()), ("rand", (2, 2)), ("randint", (5,)), ("choice", (9,))]:
        np.testing.assert_array_equal(stream.draw(name, *args), getattr(state, name)(*args))
    own, rng = stream.draw("default_rng", 42), np.random.default_rng(42)
    for name, args in [("random", (4,)), ("integers", (0, 9)), ("standard_normal", ()), ("permutation", (6,))]:
        np.testing.assert_array_equal(own.draw(name, *args), getattr(rng, name)(*args))
    assert repr(own) == str(rng) and own.members < STREAM_MEMBERS
    assert stream.draw("seed", 3) is None
    assert stream.draw("random") == np.random.RandomState(3).random()
    assert stream.draw("RandomState", 5).draw("rand") == np.random.RandomState(5).rand()


def test_every_function_is_numpys() -> None:
    assert all(hasattr(np.random, name) for name in RANDOM_FUNCTIONS)


def test_without_a_seed_streams_start_from_that_of_the_rollout() -> None:
    first = [stream_of(11).draw("default_rng").draw("random") for _ in range(2)]
    assert first[0] == first[1] != stream_of(12).draw("default_rng").draw("random")
    stream = stream_of(11)
    assert stream.draw("default_rng").draw("random") != stream.draw("default_rng").draw("random")
    stream.draw("seed")
    assert stream.draw("random") != stream_of(11).draw("random")


def test_a_state_can_be_restored() -> None:
    for stream in (stream_of(1), stream_of(1).draw("default_rng", 2)):
        before = stream.state()
        drawn = stream.draw("normal", size=5).tolist()
        stream.restore(before)
        assert stream.draw("normal", size=5).tolist() == drawn


def test_texts_are_chosen_as_texts() -> None:
    rng = stream_of(0).draw("default_rng", 0)
    assert type(rng.draw("choice", ["a", "b"])) is str
    assert sorted(rng.draw("choice", ["a", "b"], size=2, replace=False)) == ["a", "b"]


REFUSED = [
    ("seed", (-1,), ValueError, "between 0"),
    ("default_rng", (2**32,), ValueError, "between 0"),
    ("RandomState", (1.5,), TypeError, "integer"),
    ("seed", (True,), TypeError, "integer"),
    ("rand", (10_000, 10_000), MemoryError, "at most"),
    ("normal", (0, 1, 10**9), MemoryError, "at most"),
    ("uniform", (np.zeros((4000, 1)), np.ones(4000)), MemoryError, "at most"),
    ("choice", (10**9, 1), MemoryError, "at most"),
    ("choice", (np.zeros(1000), (3000, 3000)), MemoryError, "at most"),
    ("permutation", (10**9,), MemoryError, "at most"),
    ("permutation", (["a"],), TypeError, "index"),
    ("choice", ([{}],), TypeError, "index"),
    ("shuffle", ((1, 2),), TypeError, "list or an array"),
]


@pytest.mark.parametrize(("name", "args", "error", "says"), REFUSED)
def test_refused_before_anything_is_drawn(name: str, args: tuple, error: type[Exception], says: str) -> None:
    stream = stream_of(3)
    with pytest.raises(error, match=says):
        stream.draw(name, *args)
    assert stream.draw("random") == stream_of(3).draw("random")


def test_only_whitelisted_methods_and_keywords() -> None:
    rng = stream_of(0).draw("default_rng", 0)
    assert isinstance(rng, Stream) and rng.uniform(0, 1) < 1
    with pytest.raises(AttributeError, match="bit_generator"):
        _ = rng.bit_generator
    with pytest.raises(TypeError, match="out"):
        rng.draw("random", out=np.zeros(3))
    with pytest.raises(AttributeError, match="seed"):
        rng.draw("seed", 1)
