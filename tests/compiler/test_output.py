"""What lanes print is kept in columns, and cut off as it is for one program."""

from __future__ import annotations

import numpy as np

from aspire_mjx.compiler.limits import MAX_PRINTS
from aspire_mjx.compiler.output import Output, Prints


def test_columns_keep_what_one_output_keeps() -> None:
    rng = np.random.default_rng(0)
    prints, outputs = Prints(), [Output() for _ in range(7)]
    for _ in range(60):
        lanes = rng.permutation(7)[: rng.integers(1, 8)]
        texts = ["x" * int(rng.integers(0, 1500)) + "\n" for _ in lanes]
        prints.write(lanes, texts)
        for lane, text in zip(lanes.tolist(), texts, strict=True):
            outputs[lane].write(text)
    assert max(output.size for output in outputs) > MAX_PRINTS
    assert prints.take(np.arange(7)) == [output.text for output in outputs]


def test_lanes_start_anew_and_silent_ones_have_printed_nothing() -> None:
    prints = Prints()
    prints.write(np.array([3, 1]), ["three", "one"])
    prints.write(np.array([1]), ["!"])
    assert prints.take(np.array([9, 1, 0])) == ["", "one!", ""]
    assert prints.take(np.array([1, 3])) == ["", "three"]
