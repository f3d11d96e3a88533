"""What functions of numpy and math declare that a call needs, against what it takes: every kind of argument.

A call that its declaration lets in is made, and its result, the memory at its peak and the time are measured.
"""

from __future__ import annotations

import itertools
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from aspire_mjx.language.calls import CALLS, Call
from aspire_mjx.language.modules import ELEMENTWISE, MATH, NUMPY, FacadeFunction
from aspire_mjx.language.needs import Need, count

_OVERHEAD = 20_000  # bytes of any call
_EACH = 8 * 10  # bytes of an element that is read or made, its intermediate values among them
_CALL, _ELEMENT = 100.0, 1 / 16  # instructions of a call, and of an element of a list that is read
_SLOWER = 40e-6  # s that an instruction may take: 40 times what it declares

_wave = np.sin(np.arange(1.0, 3601.0))
#: arguments of one call each, of which a function takes what it can
GIVEN: dict[str, tuple[Any, ...]] = {
    "matrix": (_wave.reshape(60, 60),),
    "wide": (_wave.reshape(12, 300),),
    "vector": (_wave[:900],),
    "whole numbers": (np.arange(900) % 37,),
    "truths": (_wave[:900] > 0,),
    "stack": (_wave.reshape(100, 6, 6),),
    "list": (_wave[:900].tolist(),),
    "rows": (_wave.reshape(60, 60).tolist(),),
    "empty": (np.zeros((0, 50)),),
    "number": (3.5,),
    "count": (40,),
    "half": (0.5,),
    "row": (_wave[None, :900],),
    "column": (_wave[:900, None],),
    "many numbers": tuple(_wave[:300].tolist()),
    "spread": (np.eye(60) + 0.01,),
    "array and axes": (_wave.reshape(12, 300), 0, 1),
    "array and its sides": (_wave.reshape(12, 300), 300, 12),
    "array and its shape": (_wave.reshape(12, 300), (300, 12)),
    "stack and parts": (_wave.reshape(100, 6, 6), 3),
    "array and rows of places": (_wave.reshape(12, 300), np.zeros((40, 300), int), 0),
    "coefficients": ([_wave[:60, None]] * 2, _wave[:50]),
    "chain": ([np.eye(2)] * 60,),
    "rows of numbers": (_wave[:900, None].tolist(),),
    "counts": (40, 30),
    "shape": ((40, 30),),
    "numpy's numbers": (np.int64(40), np.int64(3)),
    "matrices": (_wave.reshape(60, 60), _wave.reshape(60, 60)),
    "vectors": (_wave[:300], _wave[300:600]),
    "column and row": (_wave[:60, None], _wave[None, :50]),
    "column and vector": (_wave[:60, None], _wave[:50]),
    "nothing between": (np.zeros((60, 0)), np.zeros((0, 50))),
    "stack and matrix": (_wave.reshape(100, 6, 6), _wave[:36].reshape(6, 6)),
    "list of arrays": ([_wave[:300].reshape(60, 5)] * 5,),
    "array and axis": (_wave.reshape(12, 300), 1),
    "array and first": (_wave.reshape(300, 12), 0),
    "array and count": (_wave.reshape(60, 60), 7),
    "array and shape": (_wave[:60], (40, 60)),
    "array and places": (_wave.reshape(12, 300), np.arange(30) % 12, 0),
    "array, places, more": (_wave[:300], np.arange(30), _wave[:30]),
    "places": ((np.arange(30), np.arange(30)), (40, 50)),
    "span": (0.0, 9.0, 200),
    "arrays of spans": (_wave[:50], 9.0, 40),
    "ends": (1, 300, 2),
    "three": (_wave[:60, None] > 0, _wave[:50], 1.0),
    "interpolated": (_wave[:300], np.arange(40.0), _wave[:40]),
    "subscripts": ("ij,kl->ijkl", _wave[:36].reshape(6, 6), _wave[:36].reshape(6, 6)),
    "chosen": ([_wave[:60, None] > 0], [_wave[:50]]),
    "percentiles": (_wave.reshape(12, 300), _wave[:40] ** 2, 1),
    "polynomial": (np.arange(60.0), _wave[:60], 5),
    "widths": (_wave.reshape(60, 60), ((3, 20), (0, 40))),
}
#: keywords that change what a call makes
KEYWORDS: tuple[dict[str, Any], ...] = (
    {},
    {"axis": 0},
    {"axis": 1},
    {"keepdims": True},
    {"dtype": np.float64},
    {"k": 30},
    {"return_counts": True, "return_inverse": True},
    {"full_matrices": False},
    {"mode": "complete"},
    {"mode": "full"},
    {"rowvar": False},
    {"sparse": True},
    {"bins": 300},
    {"minlength": 700},
    {"ord": 2},
    {"n": 3},
    {"indexing": "ij"},
)


def _functions() -> Iterator[tuple[str, Callable[..., Any], Call]]:
    """Every declared function with its declaration; of arrays the methods, of the first argument."""
    for module, facade in (("np", NUMPY), ("np.linalg", NUMPY.linalg), ("math", MATH)):
        names = {**CALLS[module], **dict.fromkeys(ELEMENTWISE if module == "np" else ())}
        for name in sorted(names):
            function = getattr(facade, name)
            assert isinstance(function, FacadeFunction) and function.declared is not None
            yield f"{module}.{name}", function.function, function.declared


FUNCTIONS = {name: (function, declared) for name, function, declared in _functions()}
METHODS = {name: declared for name, declared in CALLS["array"].items() if name != "fill"}


def _made(value: Any) -> float:
    """The most elements that an array has of what a call gives."""
    parts = value if isinstance(value, (tuple, list)) and any(isinstance(v, np.ndarray) for v in value) else [value]
    return max((float(np.size(part)) for part in parts if isinstance(part, np.ndarray)), default=0.0)


def _measured(call: Callable[[], Any], most: float) -> tuple[Any, int, float]:
    """What a call gives, the most bytes that it held, and the seconds it took: the least of up to four, if too many."""
    tracemalloc.start()
    value = call()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    seconds = float("inf")
    for _ in range(20):  # a busy machine slows a single try
        begun = time.thread_time()
        call()
        seconds = min(seconds, time.thread_time() - begun)
        if seconds <= most:
            break
    return value, peak, seconds


def _compare(need: Need, given: tuple[Any, ...], call: Callable[[], Any], what: str) -> bool:
    """Whether a call that takes what it was given takes no more than it declares; False where numpy refuses it."""
    read = count(*given)
    most = _SLOWER * (_CALL + need.work + _ELEMENT * (read + need.elements))
    try:
        value, peak, seconds = _measured(call, most)
    except Exception:
        tracemalloc.stop()
        return False
    assert _made(value) <= max(need.elements, 64), f"{what} makes {_made(value)} elements, not {need.elements}"
    held = _OVERHEAD + _EACH * (read + need.elements)
    assert peak <= held, f"{what} holds {peak} bytes, more than {held:.0f} for {need}"
    assert seconds <= most, f"{what} takes {seconds * 1e6:.0f} µs, more than {most * 1e6:.0f} for {need}"
    return True


def _calls(declared: Call) -> Iterator[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    for (kind, given), keywords in itertools.product(GIVEN.items(), KEYWORDS):
        if set(keywords) <= declared.names:
            yield f"{declared.name} of {kind} with {keywords}", given, keywords


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_takes_more_than_it_declares(name: str) -> None:
    function, declared = FUNCTIONS[name]
    taken = 0
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for what, given, keywords in _calls(declared):
            try:
                need = declared.need(given, keywords)
                declared.check(given, keywords)
            except Exception:
                continue  # refused before it is made
            taken += _compare(need, (*given, *keywords.values()), lambda: function(*given, **keywords), what)  # noqa: B023
    assert taken, f"no kind of argument suits {name}"


@pytest.mark.parametrize("name", METHODS)
def test_no_method_takes_more_than_it_declares(name: str) -> None:
    declared, taken = METHODS[name], 0
    for what, given, keywords in _calls(declared):
        if not isinstance(given[0], np.ndarray):
            continue
        receiver, rest = given[0], given[1:]
        try:
            need = declared.need(rest, keywords, receiver=receiver)
            declared.check(rest, keywords, receiver=receiver)
        except Exception:
            continue
        taken += _compare(need, given, lambda: getattr(receiver, name)(*rest, **keywords), what)  # noqa: B023
    assert taken, f"no kind of argument suits {name}"
