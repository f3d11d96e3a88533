"""Vectorised rules give every lane the bits that it would get alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from aspire_mjx.language.modules import ELEMENTWISE, NUMPY, norm
from aspire_mjx.machine.builtins import call_builtin
from aspire_mjx.machine.indexing import store
from aspire_mjx.machine.lane_map import lane_map, messages
from aspire_mjx.machine.methods import call_method
from aspire_mjx.machine.rules.numpy import call_facade
from aspire_mjx.machine.rules.operators import binary, compare
from aspire_mjx.machine.structure import at, columns
from aspire_mjx.machine.values import BoundMethod, Partition, Raised, Varying

N = 67
RNG = np.random.default_rng(0)
VECTORS = Varying(RNG.normal(size=(N, 3)) * RNG.choice([1e-3, 1.0, 1e3], size=(N, 1)))
OTHERS = Varying(RNG.normal(size=(N, 3)))
SCALARS = Varying(RNG.normal(size=N), python=True)


@pytest.fixture(autouse=True)
def as_in_a_run() -> Iterator[None]:
    """Numpy warns of no numbers while the machine runs."""
    with np.errstate(all="ignore"):
        yield


def same(varying: Any, lanes: list[Any]) -> None:
    """A varying value equals plain ones in type and bits."""
    for got, expected in zip(columns(varying, N), lanes, strict=True):
        assert type(got) is type(expected)
        assert np.asarray(got).dtype == np.asarray(expected).dtype
        assert np.asarray(got).tobytes() == np.asarray(expected).tobytes()


def whole(value: Any) -> Any:
    """The same in whole numbers from 0."""
    if isinstance(value, Varying):
        return Varying(np.abs(10 * value.array).astype(np.int64), value.python)
    return np.ones(3, dtype=np.int64) if isinstance(value, np.ndarray) else 3


@pytest.mark.parametrize("name", sorted(ELEMENTWISE))
def test_elementwise_functions(name: str) -> None:
    function = getattr(NUMPY, name)
    pairs = [(VECTORS,), (SCALARS,)]
    if getattr(np, name).nin == 2:
        pairs = [(VECTORS, OTHERS), (VECTORS, SCALARS), (SCALARS, VECTORS), (VECTORS, 0.5), (VECTORS, np.ones(3))]
    if not any("d" in types for types in getattr(np, name).types):  # bits of whole numbers
        pairs = [tuple(map(whole, args)) for args in pairs]
    for args in pairs:
        plain = [columns(a, N) for a in args]
        same(call_facade(function, args, {}, N), [function(*row) for row in zip(*plain, strict=True)])


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "argmax", "argmin", "array", "copy", "asarray"])
def test_reductions_and_constructions(name: str) -> None:
    function = getattr(NUMPY, name)
    same(call_facade(function, (VECTORS,), {}, N), [function(row) for row in VECTORS.array])
    rows = [[a, b, 0.25] for a, b in zip(columns(SCALARS, N), columns(VECTORS, N), strict=True)]
    mixed = [SCALARS, Varying(VECTORS.array[:, 0].copy()), 0.25]
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
    positive = Varying(np.abs(SCALARS.array) + 0.1, python=True)
    integers = Varying(np.arange(1, N + 1), python=True)
    apply = compare if op in ("<", "==", "!=", ">=") else binary
    for a, b in [(VECTORS, OTHERS), (positive, integers), (integers, positive), (VECTORS, positive), (integers, 3)]:
        lanes = [apply(op, x, y, 1) for x, y in zip(columns(a, N), columns(b, N), strict=True)]
        same(apply(op, a, b, N), lanes)


def test_lanes_that_divide_by_zero_are_split_off() -> None:
    with pytest.raises(Partition) as caught:
        binary("/", 1.0, Varying(np.array([1.0, 0.0, 2.0]), python=True), 3)
    assert caught.value.labels.tolist() == [0, 1, 0]


def test_large_integers_stay_exact() -> None:
    big = Varying(np.array([2**40, 3]), python=True)
    assert columns(binary("*", big, big, 2), 2) == [2**80, 9]


def test_text_with_few_distinct_values_is_computed_once_for_each() -> None:
    names = Varying(np.array(["milk", "soup", "milk", "milk", "soup", "milk"], dtype=object), True)
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


def drawn(*shape: int) -> Varying:
    """Arrays of very different size and sign in each lane, with some zeros and equal numbers."""
    values = RNG.normal(size=(N, *shape)) * RNG.choice([1e-3, 1.0, 1e3], size=(N, *(1,) * len(shape)))
    return Varying(np.where(RNG.random((N, *shape)) < 0.1, 0.0, values))


MATRICES, SQUARES, CLOUDS, LONG, NUMBERS = drawn(3, 3), drawn(4, 4), drawn(30, 3), drawn(40), drawn(6)
VIEWS = Varying(SQUARES.array[:, :3, :3], owner=SQUARES)
TRANSPOSED = Varying(CLOUDS.array.transpose(0, 2, 1), owner=CLOUDS)
TRUTHS, COUNTS = Varying(CLOUDS.array > 0.0), Varying(RNG.integers(-5, 5, size=(N, 6)))
NESTED = [[1, SCALARS, 0], [0.5, Varying(VECTORS.array[:, 0].copy()), 2], [0, 0, 1]]
LISTED = [VECTORS, [0.1, 0, SCALARS], np.array([1.0, 2.0, 3.0])]

CALLS = [
    *(
        (name, (value,), {})
        for name in ("sum", "mean", "std", "var", "max", "min", "argmax", "prod")
        for value in (NUMBERS, LONG)
    ),
    *(
        (name, (CLOUDS, axis), {})
        for name in ("sum", "mean", "std", "var", "max", "argmin", "median")
        for axis in (0, 1, -1)
    ),
    *(
        (name, (value,), {"axis": axis})
        for name in ("sum", "mean", "std")
        for value in (TRANSPOSED, VIEWS)
        for axis in (0, 1)
    ),
    *((name, (LISTED,), {"axis": 0}) for name in ("sum", "mean", "max", "median", "std")),
    *((name, (CLOUDS,), {}) for name in ("sum", "mean", "max", "argmax", "median", "sort", "argsort", "diff", "round")),
    *(
        (name, (value,), {})
        for name in ("sort", "argsort", "median", "cumsum", "diff", "round")
        for value in (NUMBERS, LONG)
    ),
    *((name, (value,), {}) for name in ("sum", "any", "all", "argmax", "max") for value in (TRUTHS, COUNTS)),
    *((name, (TRUTHS,), {"axis": 1}) for name in ("sum", "any", "all")),
    *(
        (name, (value,), {})
        for name in ("array", "zeros_like", "ones_like", "asarray")
        for value in (NUMBERS, MATRICES)
    ),
    *(
        (name, (LISTED,), {})
        for name in ("array", "stack", "vstack", "hstack", "concatenate", "column_stack", "mean", "sum")
    ),
    *((name, ([MATRICES, VIEWS],), {}) for name in ("stack", "vstack", "hstack", "concatenate", "column_stack")),
    *((name, ([MATRICES, VIEWS],), {"axis": 1}) for name in ("stack", "concatenate")),
    *((name, (NESTED,), {}) for name in ("array", "sum", "linalg.det", "round", "linalg.norm")),
    *(("round", (value, digits), {}) for value in (SCALARS, VECTORS, CLOUDS) for digits in (1, 3)),
    ("round", (VECTORS,), {"decimals": 2}),
    *((name, (MATRICES,), {}) for name in ("linalg.det", "linalg.norm")),
    ("linalg.inv", (Varying(MATRICES.array + 5000.0 * np.eye(3)),), {}),
    ("linalg.norm", (CLOUDS,), {"axis": 1}),
    ("linalg.norm", (CLOUDS,), {"axis": 0}),
    *(
        (name, pair, {})
        for name in ("dot", "matmul")
        for pair in ((MATRICES, VECTORS), (VIEWS, OTHERS), (VECTORS, OTHERS))
    ),
    ("dot", (np.eye(3), VECTORS), {}),
    ("dot", (VECTORS, [1.0, 2.0, 3.0]), {}),
    ("dot", (CLOUDS, MATRICES), {}),
    ("cross", (VECTORS, OTHERS), {}),
    ("cross", (VECTORS, [0, 0, 1.0]), {}),
    ("append", (VECTORS, 1.0), {}),
    ("append", (MATRICES, VECTORS), {}),
    ("append", ([0.5, SCALARS], [SCALARS, 2]), {}),
    ("linspace", (SCALARS, Varying(VECTORS.array[:, 1] + 5.0), 7), {}),
    ("linspace", (SCALARS, 2.0, 1), {}),
    ("linspace", (SCALARS, SCALARS, 4), {}),
    ("where", (TRUTHS, CLOUDS, 0.0), {}),
    ("where", (TRUTHS, 1.0, VECTORS), {}),
    ("where", (TRUTHS, SCALARS, 0), {}),
    ("where", (TRUTHS, 1, 0), {}),
    ("allclose", (VECTORS, VECTORS), {}),
    ("allclose", (VECTORS, OTHERS), {"atol": 1.0}),
    ("allclose", (MATRICES, np.eye(3)), {}),
]


def per_lane(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    return [function(*row, **kwargs) for row in zip(*(columns(a, N) for a in args), strict=True)]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]}{call[2] or ''}")
def test_functions_of_arrays(call: tuple[str, tuple[Any, ...], dict[str, Any]]) -> None:
    name, args, kwargs = call
    function: Any = NUMPY
    for part in name.split("."):
        function = getattr(function, part)
    same(call_facade(function, args, kwargs, N), per_lane(function, args, kwargs))
    few = [at(a, np.array([5, 2])) for a in args]
    for got, expected in zip(columns(call_facade(function, few, kwargs, 2), 2), [5, 2], strict=True):
        alone = call_facade(function, [at(a, np.array([expected])) for a in args], kwargs, 1)
        assert np.asarray(got).tobytes() == np.asarray(columns(alone, 1)[0]).tobytes()


METHODS = [
    *(
        (name, value, ())
        for name in ("mean", "sum", "std", "max", "min", "argmin")
        for value in (NUMBERS, LONG, CLOUDS)
    ),
    *((name, TRUTHS, ()) for name in ("any", "all", "sum", "mean")),
    *((name, CLOUDS, ()) for name in ("tolist", "flatten", "ravel", "argsort", "copy", "transpose", "round")),
    ("round", VECTORS, (2,)),
    ("dot", MATRICES, (VECTORS,)),
    ("clip", VECTORS, (0.0, 1.0)),
    ("reshape", CLOUDS, (9, 10)),
    ("reshape", CLOUDS, ((-1, 5),)),
    ("reshape", TRANSPOSED, (9, 10)),
    ("ravel", TRANSPOSED, ()),
]


@pytest.mark.parametrize("call", METHODS, ids=lambda call: call[0])
def test_methods_of_arrays(call: tuple[str, Varying, tuple[Any, ...]]) -> None:
    name, value, args = call
    got = call_method(BoundMethod(value, name), args, {}, N)
    same(got, [getattr(x, name)(*rest) for x, *rest in zip(*(columns(a, N) for a in (value, *args)), strict=True)])


def test_reshaped_arrays_are_views() -> None:
    whole = Varying(np.zeros((N, 2, 3)))
    view = call_method(BoundMethod(whole, "reshape"), (3, 2), {}, N)
    store(view, 0, SCALARS, N)
    assert whole.array[:, 0, 0].tolist() == SCALARS.array.tolist()


@pytest.mark.parametrize(
    "shapes", [((3, 3), (3,)), ((4, 4), (4,)), ((3,), (3,)), ((3, 3), (3, 3)), ((3,), (3, 4)), ((5, 3), (3,))]
)
def test_products(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    a, b = drawn(*shapes[0]), drawn(*shapes[1])
    for pair in ((a, b), (a, b.array[3]), (a.array[4], b)):
        same(binary("@", *pair, N), [x @ y for x, y in zip(columns(pair[0], N), columns(pair[1], N), strict=True)])
    same(binary("**", a, 2, N), [x**2 for x in a.array])


@pytest.mark.parametrize("value", [SCALARS, Varying(SCALARS.array * 1e3), Varying(np.arange(N) - 20.5, python=True)])
def test_int_and_round(value: Varying) -> None:
    same(call_builtin("int", [value], {}, N), [int(x) for x in columns(value, N)])
    same(call_builtin("round", [value], {}, N), [round(x) for x in columns(value, N)])
    for digits in (0, 1, 3, 6):
        same(call_builtin("round", [value, digits], {}, N), [round(x, digits) for x in columns(value, N)])
    large = Varying(np.array([1e300, 2.5]), python=True)
    assert columns(call_builtin("int", [large], {}, 2), 2) == [int(1e300), 2]


def test_int_of_what_is_no_number_raises_in_its_lane() -> None:
    with pytest.raises(Partition) as caught:
        call_builtin("int", [Varying(np.array([1.0, np.nan, 2.0]), python=True)], {}, 3)
    assert caught.value.labels.tolist() == [0, 1, 0]
