"""What lanes print is kept in columns, and cut off as it is for one program."""

from __future__ import annotations

import numpy as np

from aspire_mjx.language.limits import MAX_PRINTS
from aspire_mjx.machine.lane_columns import objects
from aspire_mjx.machine.output import LaneEnd, LaneEnds, Outcome, Prints, kept


def test_columns_keep_what_one_lane_keeps() -> None:
    rng = np.random.default_rng(0)
    prints, outputs, sizes = Prints(), [""] * 7, [0] * 7
    prints.start(np.arange(7))
    for _ in range(60):
        lanes = rng.permutation(7)[: rng.integers(1, 8)]
        codes, shared = rng.integers(0, 3, len(lanes)), ["x" * int(rng.integers(0, 1500)) + "\n" for _ in range(3)]
        texts = [shared[code] for code in codes.tolist()]
        if rng.random() < 0.3:
            texts = shared[:1] * len(lanes)
            prints.write(lanes, shared[0])
        else:
            prints.write(lanes, np.array(texts, dtype=object), codes if rng.random() < 0.5 else None)
        for lane, text in zip(lanes.tolist(), texts, strict=True):
            outputs[lane] += kept(text, sizes[lane])
            sizes[lane] += len(text)
    assert max(sizes) > MAX_PRINTS
    assert prints.take(np.arange(7)).tolist() == outputs


def test_lanes_start_anew_and_silent_ones_have_printed_nothing() -> None:
    prints = Prints()
    prints.start(np.arange(10))
    prints.write(np.array([3, 1]), np.array(["three", "one"], dtype=object))
    prints.write(np.array([1]), "!")
    assert prints.take(np.array([9, 1, 0])).tolist() == ["", "one!", ""]
    assert prints.take(np.array([1, 3])).tolist() == ["", "three"]


def test_ends_are_columns_that_read_as_the_ends_of_lanes() -> None:
    done = LaneEnds.alike(np.array([4, 2]), Outcome.DONE, 0, [""], objects(["a", "b"]), objects(["1", "1 2"]))
    failed = LaneEnds.alike(np.array([9]), Outcome.PROGRAM_ERROR, 3, ["ValueError: x"], objects([""]), objects(["3"]))
    ends = LaneEnds.concatenate([done, failed])
    listed = [
        LaneEnd(4, Outcome.DONE, 0, "", "a", "1"),
        LaneEnd(2, Outcome.DONE, 0, "", "b", "1 2"),
        LaneEnd(9, Outcome.PROGRAM_ERROR, 3, "ValueError: x", "", "3"),
    ]
    assert list(ends) == listed and ends[2] == listed[2]
    rows = np.array([2, 0])
    assert list(ends.take(rows)) == [listed[2], listed[0]] and list(ends.without(rows)) == [listed[1]]
    assert not LaneEnds.concatenate([])
