"""The five workspaces against what tasks ask of them."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.geometry import rotate
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.workspaces import WORKSPACES, workspace


def test_every_workspace_is_used_and_every_used_one_exists():
    used = {task.workspace for suite in suite_names() for task in load_suite(suite)}
    assert used == {w.name for w in WORKSPACES} and all(workspace(name).name == name for name in used)


@pytest.mark.parametrize("suite", suite_names())
def test_regions_lie_on_the_table(suite):
    for task in load_suite(suite):
        half = np.array(workspace(task.workspace).table or (2.0, 2.0, 0.0))[:2] / 2
        for region in task.regions:
            assert np.all(np.abs([region.low, region.high]) <= half), (task.key, region.name)


@pytest.mark.parametrize("place", WORKSPACES, ids=lambda w: w.name)
def test_the_camera_stands_before_the_robot_and_looks_at_the_surface(place):
    assert place.camera_position[0] > place.origin[0] > place.robot_base[0]
    assert np.linalg.norm(place.camera_quaternion) == pytest.approx(1.0, abs=1e-6)
    view = rotate(np.asarray(place.camera_quaternion), np.array([0.0, 0.0, -1.0]))  # a MuJoCo camera looks along -z
    distance = (place.origin[2] - place.camera_position[2]) / view[2]
    hit = np.asarray(place.camera_position) + distance * view
    assert distance > 0 and np.linalg.norm(hit[:2] - place.origin[:2]) < 0.35


def test_an_unknown_workspace_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="living_room"):
        workspace("coffee_table")
