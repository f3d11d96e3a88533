"""Pictures for people: things cast shadows and have names; what a program sees has neither."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.reports.shot import take_shot
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds


@pytest.fixture(scope="module")
def shot():
    worlds = make_worlds([WorldSpec(find_task("libero_object", 0), 0)])
    return take_shot(worlds, worlds.qpos[0], height=60, width=80)


def test_things_cast_shadows_on_the_floor(shot):
    floor = shot.rgb[(shot.segmentation == -1) & (np.arange(60)[:, None] > 25)].astype(int)
    brightest = np.median(floor, axis=0)
    dark = (floor < 0.8 * brightest).all(axis=1)
    assert 0.01 < dark.mean() < 0.3
    assert np.allclose(np.median(floor[dark], axis=0) / brightest, 0.53 / 0.96, atol=0.05)  # ambient light alone


def test_things_that_are_seen_are_named_below_themselves(shot):
    names = {label.text for label in shot.labels}
    assert {"basket", "alphabet soup"} <= names
    for label in shot.labels:
        assert shot.segmentation[int(label.row), :].max() >= 0
    assert shot.named.shape == shot.rgb.shape and not np.array_equal(shot.named, shot.rgb)
