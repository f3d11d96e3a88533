"""Draws from the random streams of all lanes: each lane gets what it would get alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.random import Stream, stream_of
from aspire_mjx.machine.gather import can_pick, pick
from aspire_mjx.machine.lane_columns import objects
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.results_view import single_value
from aspire_mjx.machine.structure import columns, is_varying, restack
from aspire_mjx.machine.values import Partition, Promote, Varying, raised


def streams_of(seeds: Sequence[int]) -> Varying:
    """The streams of ``np.random`` for rollouts with these seeds."""
    return Varying(objects([stream_of(seed) for seed in seeds]), python=True)


def is_stream(value: Any) -> bool:
    """Whether a value is a random stream in every lane."""
    return type(value) is Varying and value.array.dtype == object and type(value.array[0]) is Stream


def draw_lanes(streams: Varying, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    """A method of the streams. When lanes have to be split, nothing is drawn: the split lanes draw again."""
    args = [single_value(a) for a in args]
    if name == "shuffle" and len(args) == 1 and not kwargs:
        return _shuffle(streams, args[0], n)
    own: list[Stream] = streams.array.tolist()
    if not is_varying((*args, *kwargs.values())):
        return _draw_alike(own, name, args, kwargs)
    before = [stream.state() for stream in own]
    try:
        return lane_map(lambda stream, *a, **k: stream.draw(name, *a, **k), (streams, *args), n, kwargs)
    except Partition:
        _restore(own, before)
        raise


def _draw_alike(streams: list[Stream], name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Draws with the same arguments in all lanes, which either all fail or give values of the same structure."""
    plain = [columns(a, 1)[0] for a in args]
    keywords = {key: columns(value, 1)[0] for key, value in kwargs.items()}
    values, errors = [], []
    streams[0].check(name, plain, keywords)
    for stream in streams:
        try:
            values.append(stream.unchecked(name, plain, keywords))
        except Exception as error:
            errors.append(error)
    if errors:
        raise raised(errors[0])
    return restack(values)


def _restore(streams: list[Stream], states: list[Any]) -> None:
    for stream, state in zip(streams, states, strict=True):
        stream.restore(state)


def _shuffle(streams: Varying, items: Any, n: int) -> None:
    own: list[Stream] = streams.array.tolist()
    if type(items) is np.ndarray:
        if n > 1:
            raise Promote(items)
        own[0].draw("shuffle", items)
        return
    if type(items) is Ragged or (type(items) is Varying and items.array.ndim > 1):
        if type(items) is Varying:
            items.writable()
        for stream, row in zip(own, columns(items, n), strict=True):
            stream.draw("shuffle", row)
        return
    if type(items) is not list:
        kind = type(columns(items, n)[0]).__name__
        raise TypeError(f"shuffle changes a list or an array, not {kind}")
    before = [stream.state() for stream in own]
    orders = [list(range(len(items))) for _ in own]
    for stream, order in zip(own, orders, strict=True):
        stream.draw("shuffle", order)
    try:
        if all(order == orders[0] for order in orders):
            items[:] = [items[i] for i in orders[0]]
        elif can_pick(items):
            items[:] = [pick(items, np.array(places), n) for places in zip(*orders, strict=True)]
        else:  # elements keep their identity: lanes must agree on their order
            raise Partition([tuple(order) for order in orders])
    except (Partition, Promote):
        _restore(own, before)
        raise
