"""Each anomaly on a rollout that has it and on one that has not."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.faults.anomalies import ANOMALIES
from aspire_mjx.faults.handling import Goals, Handling
from aspire_mjx.faults.milestones import progress

#: Calls of the draft: look, look_place, open, reach, close, lift, carry, release, home.
HELD, PLACE, PICK = (4, 5, 6), np.array([0.4, -0.3, 0.05]), np.array([0.5, 0.1, 0.03])


def found(handmade, *, held=HELD, at=None, holds=(), **columns) -> dict[str, list[int]]:
    """The calls of each anomaly of one rollout; ``columns`` maps a call's number to what is told of it."""
    calls = handmade.judged(handmade.draft_calls(), held=held, at=at, holds=holds)
    for number, told in columns.items():
        calls[int(number[1:])] |= told
    handmade.add(calls)
    batch = handmade.build()
    story = Handling.of(batch, progress(batch), np.zeros(len(batch), int))
    masks = {name: anomaly.test(batch, Goals.of(batch), story) for name, anomaly in ANOMALIES.items()}
    return {name: np.flatnonzero(mask).tolist() for name, mask in masks.items() if mask.any()}


def test_a_rollout_that_goes_well_has_none(handmade):
    assert found(handmade, at={7: PLACE}, holds=(7, 8)) == {}


@pytest.mark.parametrize(
    ("anomaly", "call", "told"),
    [
        ("wrong-thing", 4, {"held": (), "c4": {"true_held": "milk_1"}}),
        ("displaced", 3, {"at": {3: PICK + [0.02, 0.0, 0.0]}}),
        ("slip-after-grasp", 6, {"held": (4, 5), "at": {6: PICK}}),
        ("released-beside", 7, {"at": {6: PLACE + [0.0, 0.06, 0.1], 7: PLACE}}),
        ("released-above", 7, {"at": {6: PLACE + [0.0, 0.0, 0.25], 7: PLACE}}),
        ("goal-undone", 8, {"at": {7: PLACE}, "holds": (7,)}),
        ("late-drift", 8, {"at": {7: PLACE, 8: PLACE + [0.03, 0.0, 0.0]}}),
        ("neighbour-fell", 6, {"at": {7: PLACE}, "c6": {"true_fell": "milk_1"}}),
        ("force-spike", 3, {"at": {7: PLACE}, "c3": {"peak_force": 500.0}}),
        ("force-spike", 3, {"at": {7: PLACE}, "c3": {"peak_torque": 70.0}}),
    ],
)
def test_an_anomaly_is_found_in_its_call_alone(handmade, anomaly, call, told):
    assert found(handmade, **told) == {anomaly: [call]}


@pytest.mark.parametrize(
    "told",
    [
        {"at": {3: PICK + [0.006, 0.0, 0.0], 7: PLACE}},  # pushed by less than a finger's thickness
        {"at": {6: PLACE + [0.04, 0.0, 0.2], 7: PLACE}},  # let go nearly over it, as programs that pass do
        {"at": {7: PLACE, 8: PLACE + [0.01, 0.0, 0.0]}},  # settles
        {"at": {7: PLACE}, "c6": {"true_fell": "alphabet_soup_1"}},  # no neighbour
        {"at": {7: PLACE}, "c5": {"peak_force": 200.0, "peak_torque": 50.0}},  # as wiping does
    ],
)
def test_what_is_usual_is_no_anomaly(handmade, told):
    assert found(handmade, **told) == {}
