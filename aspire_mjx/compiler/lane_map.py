"""Plain functions over lanes: applied in every lane, or once for each distinct value of the texts they are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.compiler.limits import MAX_ITEMS, TOO_LARGE, guard_tree, tree_size
from aspire_mjx.compiler.ragged import Ragged
from aspire_mjx.compiler.values import (
    CONTAINERS,
    LANED,
    DictView,
    ExceptionValue,
    Laned,
    LanedResult,
    Partition,
    Raised,
    Signal,
    columns,
    inside,
    is_laned,
    known_type,
    nested,
    raised,
    restack,
)


def lane_map(function: Callable[..., Any], args: Sequence[Any], n: int, kwargs: Mapping[str, Any] | None = None) -> Any:
    """A pure function of plain values, applied in every lane; once when no argument is laned.

    Raises:
        Partition: lanes give values of different structure, or only some raise.
        Raised: all lanes raise the same type of exception.
    """
    keywords = dict(kwargs or {})
    if not is_laned((*args, *keywords.values())):
        plain = [columns(a, 1)[0] for a in args]
        try:
            return function(*plain, **{k: columns(v, 1)[0] for k, v in keywords.items()})
        except Exception as error:
            raise raised(error) from error
    distinct = _distinct((*args, *keywords.values()), n)
    if distinct is None:
        return _each(function, args, n, keywords)
    firsts, inverse = distinct
    try:
        value = _each(function, at(tuple(args), firsts), len(firsts), at(keywords, firsts))
    except Partition as signal:
        raise Partition(signal.labels[inverse]) from None
    except Raised as signal:
        raise Raised(at(signal.exception, inverse)) from None
    return at(value, inverse)


def _each(function: Callable[..., Any], args: Sequence[Any], n: int, keywords: Mapping[str, Any]) -> Any:
    rows = zip(*(columns(a, n) for a in args), strict=True) if args else [()] * n
    extra = [
        dict(zip(keywords, row, strict=True)) for row in zip(*(columns(v, n) for v in keywords.values()), strict=True)
    ]
    values, errors = [], {}
    for i, row in enumerate(rows):
        try:
            values.append(function(*row, **extra[i]) if extra else function(*row))
        except Exception as error:
            errors[i] = error
            values.append(None)
    if errors:
        raise _failed(errors, n)
    return restack(
        values, list(zip(*(leaf.arrays for leaf in leaves((*args, *keywords.values()), Ragged)), strict=True))
    )


def _distinct(values: tuple[Any, ...], n: int) -> tuple[np.ndarray, np.ndarray] | None:
    """One lane for each distinct combination of values, and which of those each of n lanes has.

    None unless all that is laned is text with few distinct values (names, statuses, sentences), which is where
    computing once instead of N times pays.
    """
    texts = _text_leaves(values)
    if not texts:
        return None
    codes = _codes(texts[0])
    for leaf in texts[1:]:
        more = _codes(leaf)
        codes = codes * (int(more.max()) + 1) + more
        if int(codes.max()) > 4 * n:
            codes = compact(codes)[1]
    firsts, inverse = compact(codes)
    return None if 2 * len(firsts) > n else (firsts, inverse)


def _text_leaves(value: Any) -> list[Laned] | None:
    """The laned leaves of a value when all of them are text, else None."""
    found = leaves(value, *LANED)
    texts = all(type(x) is Laned and x.array.dtype == object and isinstance(x.array[0], str) for x in found)
    return found if texts else None


def leaves(value: Any, *kinds: type) -> list[Any]:
    """Everything of these types that is nested in a value."""
    return [item for item in nested(value) if type(item) in kinds]


def _codes(text: Laned) -> np.ndarray:
    if text.codes is None:
        numbers: dict[str, int] = {}
        text.codes = np.array([numbers.setdefault(each, len(numbers)) for each in text.array.tolist()])
    return text.codes


def compact(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For codes ``[N]``: where each code that occurs comes first, and codes ``[N]`` without gaps."""
    size, n = int(codes.max()) + 1, len(codes)
    if size > 64 * n:
        _, firsts, inverse = np.unique(codes, return_index=True, return_inverse=True)
        return firsts, inverse
    first = np.full(size, -1)
    first[codes[::-1]] = np.arange(n - 1, -1, -1)
    present = np.flatnonzero(first >= 0)
    number = np.empty(size, dtype=np.int64)
    number[present] = np.arange(len(present))
    return first[present], number[codes]


def at(value: Any, rows: np.ndarray) -> Any:
    """A value over other lanes: row i is lane ``rows[i]`` of it. Containers with laned elements are new ones."""
    kind = type(value)
    if kind is Laned:
        codes = value.codes if value.codes is None else value.codes[rows]
        if codes is None and value.python and value.array.dtype == object:
            codes = rows
        return Laned(value.array[rows], value.python, codes=codes)
    if kind is LanedResult:
        return LanedResult(value.results.take(rows))
    if kind is Ragged:
        return value.take(rows).copies()
    if kind not in CONTAINERS or not is_laned(value):
        return value
    guard_tree(value)
    if kind is dict:
        return {key: at(item, rows) for key, item in value.items()}
    if kind is slice:
        return slice(*(at(part, rows) for part in inside(value)))
    if kind is ExceptionValue:
        return ExceptionValue(value.type, at(value.args, rows), value.line)
    if kind is DictView:
        return DictView(at(value.source, rows), value.kind)
    return [at(item, rows) for item in value] if kind is list else tuple(at(item, rows) for item in value)


def _failed(errors: dict[int, Exception], n: int) -> Signal:
    types = [known_type(type(errors[i])) if i in errors else None for i in range(n)]
    if len(set(types)) > 1:
        return Partition(types)
    plain = all(type(errors[i]) is types[0] and len(errors[i].args) == 1 for i in range(n))
    return raise_laned(types[0] or Exception, [str(errors[i].args[0] if plain else errors[i]) for i in range(n)])


def raise_laned(type_: type[Exception], messages: list[str]) -> Raised:
    """The signal for an exception with its own message in every lane."""
    return Raised(ExceptionValue(type_, (restack(messages),)))


def messages(exception: ExceptionValue, n: int) -> list[str]:
    """``Type: text`` of an exception in each lane."""
    errors = columns(exception, n) if tree_size(exception) <= MAX_ITEMS else [TOO_LARGE] * n
    return [f"{exception.type.__name__}: {error}".removesuffix(": ") for error in errors]
