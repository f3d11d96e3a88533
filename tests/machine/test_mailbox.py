"""The mailbox gives every lane its own row, however the results came."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.machine.mailbox import Mailbox
from aspire_mjx.primitives.results import Results
from aspire_mjx.primitives.robot_api import ROBOT_API


def widths(values: list[float]) -> Results:
    fields = {"width": np.array(values)}
    return Results(ROBOT_API["get_gripper_width"], np.zeros(len(values), np.int16), fields, ("",) * len(values))


def numbers(results: Results) -> list[float]:
    return np.asarray(results.fields["width"]).tolist()


def test_rows_come_back_in_the_order_asked_for() -> None:
    box = Mailbox()
    box.start(np.arange(10))
    box.expect(np.arange(10))
    box.put(np.array([7, 2, 5]), widths([0.7, 0.2, 0.5]))
    box.put(np.array([1, 9]), widths([0.1, 0.9]))
    assert box.holds(np.arange(10)).tolist() == [i in (1, 2, 5, 7, 9) for i in range(10)]
    assert numbers(box.take(np.array([9, 2, 7, 1]))) == [0.9, 0.2, 0.7, 0.1]
    assert box and numbers(box.take(np.array([5]))) == [0.5]
    assert not box and not box.holds(np.arange(10)).any()


def test_what_comes_for_ended_lanes_is_dropped() -> None:
    box = Mailbox()
    box.start(np.arange(10))
    box.expect(np.arange(3))
    box.put(np.array([0, 1]), widths([0.0, 0.1]))
    box.forget(np.array([0, 1, 2, 9]))
    assert not box
    with pytest.raises(ValueError, match="lane 2 does not wait"):
        box.put(np.array([2]), widths([0.2]))


def test_unexpected_and_repeated_lanes_are_refused() -> None:
    box = Mailbox()
    box.start(np.arange(10))
    with pytest.raises(ValueError, match="lane 4 does not wait"):
        box.put(np.array([4]), widths([0.4]))
    box.expect(np.array([1, 3]))
    with pytest.raises(ValueError, match="lane 2 does not wait"):
        box.put(np.array([1, 2]), widths([0.1, 0.2]))
    with pytest.raises(ValueError, match="named twice"):
        box.put(np.array([3, 3]), widths([0.3, 0.3]))
    assert not box
