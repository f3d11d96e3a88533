"""Plain functions over lanes: applied in every lane, or once for each distinct combination of values they are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.limits import TOO_LARGE, is_huge
from aspire_mjx.language.types import known_type
from aspire_mjx.machine.lane_columns import codes_of, compact
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.structure import VARYING_TYPES, at, columns, is_varying, leaves, restack
from aspire_mjx.machine.values import (
    ExceptionValue,
    Partition,
    Raised,
    Signal,
    Varying,
    VaryingResult,
)

_SAMPLE = 32  #: lanes whose numbers are looked at before those of all are counted; few lanes are not worth it


def lane_map(
    function: Callable[..., Any],
    args: Sequence[Any],
    n: int,
    kwargs: Mapping[str, Any] | None = None,
    *,
    many: Callable[[Sequence[Any], int], Any] | None = None,
) -> Any:
    """A pure function of plain values, applied in every lane; once when no argument is varying.

    ``many`` does the same over all lanes at once where it can, and gives None where it cannot.

    Raises:
        Partition: lanes give values of different structure, or only some raise.
        Raised: all lanes raise the same type of exception.
    """
    keywords = dict(kwargs or {})
    if not is_varying((*args, *keywords.values())):
        plain = [columns(a, 1)[0] for a in args]
        return function(*plain, **{k: columns(v, 1)[0] for k, v in keywords.items()})
    few = None if n == 1 else distinct((*args, *keywords.values()), n)
    if few is None:
        value = None if many is None else many(args, n)
        return _each(function, args, n, keywords) if value is None else value
    firsts, inverse = few
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
    return restack(values, leaves((*args, *keywords.values()), Ragged))


def distinct(values: Sequence[Any], n: int) -> tuple[np.ndarray, np.ndarray] | None:
    """One lane for each distinct combination of values, and which of those each of n lanes has.

    None unless all that is varying is text (names, statuses, sentences) or single numbers, and few are distinct: that
    is where computing once instead of N times pays.
    """
    found = leaves(values, *VARYING_TYPES)
    codes = None
    for leaf in found:
        more = _codes(leaf)
        if more is None:
            return None
        codes = more if codes is None else codes * (int(more.max()) + 1) + more
        if int(codes.max()) > 4 * n:
            codes = compact(codes)[1]
    if codes is None:
        return None
    firsts, inverse = compact(codes)
    return None if 2 * len(firsts) > n else (firsts, inverse)


def _codes(leaf: Varying | VaryingResult | Ragged) -> np.ndarray | None:
    """``[N]`` codes, equal where a varying value is the same; None for what is no text or number, or hardly repeats."""
    if type(leaf) is not Varying or leaf.array.ndim > 1:
        return None
    if leaf.array.dtype != object:
        bits = leaf.array.view(f"i{leaf.array.itemsize}")  # 0.0 and -0.0 are different numbers
        if len(bits) < 2 * _SAMPLE or 2 * len(set(bits[:_SAMPLE].tolist())) > _SAMPLE:
            return None
        return np.unique(bits, return_inverse=True)[1] if (bits != bits[0]).any() else np.zeros(len(bits), np.int64)
    if not isinstance(leaf.array[0], str):
        return None
    if leaf.codes is None:
        leaf.codes = codes_of(leaf.array.tolist())
    return leaf.codes


def _failed(errors: dict[int, Exception], n: int) -> Signal:
    types = [known_type(type(errors[i])) if i in errors else None for i in range(n)]
    if len(set(types)) > 1:
        return Partition(types)
    plain = all(type(errors[i]) is types[0] and len(errors[i].args) == 1 for i in range(n))
    return raise_varying(types[0] or Exception, [str(errors[i].args[0] if plain else errors[i]) for i in range(n)])


def raise_varying(type_: type[Exception], messages: list[str]) -> Raised:
    """The signal for an exception with its own message in every lane."""
    return Raised(ExceptionValue(type_, (restack(messages),)))


def messages(exception: ExceptionValue, n: int) -> list[str]:
    """``Type: text`` of an exception in each lane; a single one when it is the same in all."""
    size = n if is_varying(exception) else 1
    errors = [TOO_LARGE] if is_huge(exception) else columns(exception, size)
    return [f"{exception.type.__name__}: {error}".removesuffix(": ") for error in errors]
