"""Random numbers for programs: numpy's own, from streams that belong to one lane.

``np.random`` starts as ``np.random.seed(0)`` would leave it in every rollout: what a program draws tells it nothing of
its world. What is made without a seed (``default_rng()``, ``RandomState()``, ``seed()``) takes one from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from aspire_mjx.language.callables import named
from aspire_mjx.language.dtypes import number_dtype
from aspire_mjx.language.limits import check_result, guard_tree, refuse_elements
from aspire_mjx.language.needs import requested

#: methods by kind of stream, each with the place of its ``size`` argument (None: it has none)
_SIZES: dict[str, int | None] = {
    **dict.fromkeys(("random", "random_sample", "standard_normal"), 0),
    **dict.fromkeys(("uniform", "normal", "integers", "randint"), 2),
    **{"exponential": 1, "choice": 1, "permutation": None, "shuffle": None, "rand": None, "randn": None},
}
_GENERATOR = frozenset(_SIZES) - {"random_sample", "randint", "rand", "randn"}
_LEGACY = frozenset(_SIZES) - {"integers"} | {"seed"}
STREAM_MEMBERS = _GENERATOR | _LEGACY
#: what ``np.random`` has: the methods of its own stream, and what makes new ones
RANDOM_FUNCTIONS = _LEGACY | {"default_rng", "RandomState"}
#: the place of the ``dtype`` argument, behind which some have one that is written into
_DTYPES = {"random": 1, "standard_normal": 1, "integers": 3, "randint": 3}
_KEYWORDS = frozenset(
    {"dtype", "low", "high", "loc", "scale", "size", "replace", "p", "a", "x", "axis", "endpoint", "seed"}
)


class Stream:
    """A generator of random numbers: an ``np.random.Generator``, or a ``RandomState`` as ``np.random`` is one.

    The numbers are numpy's, with these differences: sizes are bounded, ``choice`` takes numbers and texts only, and
    gives texts as plain text (several of them as a list).
    """

    __slots__ = ("_source",)

    def __init__(self, source: np.random.Generator | np.random.RandomState) -> None:
        self._source = source

    @property
    def members(self) -> frozenset[str]:
        """The names of its methods."""
        return _LEGACY if isinstance(self._source, np.random.RandomState) else _GENERATOR

    def __getattr__(self, name: str) -> Any:
        if name not in self.members:
            raise AttributeError(f"random generators have no {name!r} in programs")
        return named(partial(self.draw, name), f"{type(self._source).__name__}.{name}")

    def __repr__(self) -> str:
        return str(self._source)

    def draw(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a method (or, on the stream of ``np.random``, one of its FUNCTIONS)."""
        self.check(name, args, kwargs)
        return self.unchecked(name, args, kwargs)

    def check(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Raise for a call that is not allowed; nothing is drawn."""
        unknown = sorted(set(kwargs) - _KEYWORDS)
        if unknown:
            raise TypeError(f"{name}() does not take {unknown[0]!r} in programs")
        if name in _SIZES:
            _guard_dtype(name, args, kwargs)
            _guard(name, args, kwargs)

    def unchecked(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """:meth:`draw` after :meth:`check`."""
        if name not in _SIZES:
            return self._seeded(name, named(_given_seed, name)(*args, **kwargs))
        value = getattr(self._source, name)(*args, **kwargs)
        if isinstance(value, np.ndarray) and value.dtype.kind == "U":
            return value.tolist()
        return check_result(str(value) if isinstance(value, np.str_) else value)

    def _seeded(self, name: str, seed: Any) -> Stream | None:
        source = self._source
        if not isinstance(source, np.random.RandomState):
            raise AttributeError(f"'Generator' object has no attribute {name!r}")
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, (int, np.integer))):
            raise TypeError(f"a seed is an integer, not {type(seed).__name__}")
        if seed is not None and not 0 <= int(seed) < 2**32:
            raise ValueError("a seed lies between 0 and 2**32 - 1")
        number = int(source.randint(2**31)) if seed is None else int(seed)
        if name == "seed":
            source.seed(number)
            return None
        return Stream(np.random.default_rng(number) if name == "default_rng" else np.random.RandomState(number))

    def state(self) -> Any:
        """Its state, for :meth:`restore`."""
        source = self._source
        if isinstance(source, np.random.RandomState):
            return source.get_state(legacy=False)
        return source.bit_generator.state

    def restore(self, state: Any) -> None:
        """Go back to a state: the numbers drawn since then will be drawn again."""
        if isinstance(self._source, np.random.RandomState):
            self._source.set_state(state)
        else:
            self._source.bit_generator.state = state


def stream_of(seed: int) -> Stream:
    """The stream of ``np.random`` in a rollout with a seed."""
    return Stream(np.random.RandomState(seed % 2**32))


def _given_seed(seed: Any = None) -> Any:
    return seed


def _guard_dtype(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    place = _DTYPES.get(name, len(args))
    if len(args) > place + 1 and name != "integers":
        raise TypeError(f"{name}() takes at most {place + 1} positional arguments in programs")
    for dtype in (*args[place : place + 1], *(v for k, v in kwargs.items() if k == "dtype")):
        number_dtype(dtype)


def _guard(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    place = _SIZES[name]
    if place is not None and name != "choice" and not kwargs and all(type(a) in (float, int) for a in args):
        refuse_elements("the array", args[place] if len(args) > place else 1)
        return
    guard_tree((*args, *kwargs.values()))
    size: Any = kwargs.get("size", 1)
    if name in ("rand", "randn"):
        size = args
    elif place is not None and len(args) > place:
        size = args[place]
    count = requested(1 if size is None else size)
    refuse_elements("the array", count)
    if name in ("choice", "permutation", "shuffle"):
        _guard_source(name, kwargs.get("a", kwargs.get("x", args[0] if args else 0)), count)
    elif place is not None:
        named = [value for key, value in kwargs.items() if key not in ("size", "dtype")]
        numbers = [a for a in (*args[:place], *named) if np.ndim(a)]
        refuse_elements("the array", float(np.prod(np.broadcast_shapes(*map(np.shape, numbers)), dtype=float)))


def _guard_source(name: str, source: Any, count: float) -> None:
    if name == "shuffle":
        if not isinstance(source, (list, np.ndarray)):
            raise TypeError(f"shuffle changes a list or an array, not {type(source).__name__}")
        return
    if isinstance(source, (int, np.integer)):
        refuse_elements("the range", int(source))
        return
    array = np.asarray(source)
    refuse_elements("the array", array.size * max(1.0, count / max(1, len(array))) if array.ndim > 1 else count)
    if array.dtype.kind not in ("fiubU" if name == "choice" else "fiub"):
        raise TypeError(f"{name} draws from numbers and texts; draw an index instead: xs[rng.integers(len(xs))]")
