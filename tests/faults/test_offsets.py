"""How far off looks are over many rollouts."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.faults.offsets import seen_offsets, systematic
from aspire_mjx.faults.report import analyse


def _looked(handmade, shifts):
    """Rollouts whose looks report things so far from where they are."""
    for shift in shifts:
        calls = handmade.judged(handmade.draft_calls(close="EMPTY_GRASP"))
        for call in calls[:2]:
            call |= {"true_near_offset": call["true_near_offset"] + np.asarray(shift)}
        handmade.add(calls)
    return handmade.build()


def test_a_camera_that_is_off_by_three_centimetres_is_inferred(handmade):
    noise = np.random.default_rng(0).normal(0.0, 0.004, (12, 3))
    batch = _looked(handmade, noise + [-0.03, 0.0, 0.0])
    assert seen_offsets(batch)[:, 0] == pytest.approx(0.03, abs=0.015)
    (offset,) = systematic(seen_offsets(batch))
    assert (offset.axis, offset.rollouts, offset.of) == ("x", 12, 12) and offset.median == pytest.approx(
        0.03, abs=0.004
    )
    assert "[judge: things are 3." in (text := analyse(batch).text()) and "further +x than seen, in 12 of 12" in text


def test_noise_has_a_length_and_no_direction(handmade):
    angles = np.linspace(0.0, 2 * np.pi, 12, endpoint=False)
    batch = _looked(handmade, 0.04 * np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1))
    (offset,) = systematic(seen_offsets(batch))
    assert offset.axis == "" and "looks are 4.0 cm off in the median of 12 rollouts" in offset.sentence


def test_good_looks_few_looks_and_no_looks_are_not_mentioned(handmade):
    assert systematic(seen_offsets(_looked(handmade, np.zeros((12, 3))))) == ()
    assert systematic(np.full((7, 2), 0.03)) == () and systematic(np.full((20, 2), np.nan)) == ()
    assert systematic(np.zeros((0, 2))) == ()


def test_handles_are_left_out(handmade):
    calls = handmade.judged(handmade.draft_calls()[:1])
    handmade.add([calls[0] | {"true_near": "wooden_cabinet_1"}])
    assert np.isnan(seen_offsets(handmade.build())).all()
