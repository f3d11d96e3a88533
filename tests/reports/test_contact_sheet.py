"""Contact sheets: what the pictures show, and the page they make."""

from __future__ import annotations

import numpy as np
from matplotlib.image import imread

from aspire_mjx.reports.contact_sheet import contact_sheet
from aspire_mjx.reports.shot import take_shot
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds


def picture(suite: str, **doses: float) -> np.ndarray:
    worlds = make_worlds([WorldSpec(find_task(suite, 0), 0, Perturbation(**doses))])
    return take_shot(worlds, worlds.qpos[0], height=60, width=80).rgb


def test_light_makes_the_same_picture_brighter_or_darker():
    nominal, dim, glaring = (
        picture("libero_object"),
        picture("libero_object", light=0.5),
        picture("libero_object", light=3),
    )
    assert nominal.shape == (60, 80, 3) and nominal.dtype == np.uint8 and len(np.unique(nominal)) > 10
    np.testing.assert_array_equal(dim, (0.5 * nominal).astype(np.uint8))
    assert (glaring >= nominal).all() and glaring.max() == 255
    assert not picture("libero_object", light=0).any()


def test_other_surroundings_look_otherwise():
    usual, other = picture("libero_object").astype(int), picture("libero_object_env").astype(int)
    changed = (usual != other).any(axis=2).mean()
    assert changed > 0.9 and other.mean() < usual.mean()


def test_cameras_of_one_batch_have_their_own_view():
    task = find_task("libero_object", 0)
    worlds = make_worlds([WorldSpec(task, 0), WorldSpec(task, 0, Perturbation(fov=1.5)), WorldSpec(task, 0)])
    lanes = [worlds.take(np.array([lane])) for lane in range(3)]
    usual, wide, again = (take_shot(lane, lane.qpos[0], height=60, width=80).rgb for lane in lanes)
    np.testing.assert_array_equal(usual, again)
    assert (usual != wide).any()


def test_a_page_has_a_place_for_every_picture(tmp_path):
    colours = [np.full((30, 40, 3), (i * 20, 255 - i * 20, 0), np.uint8) for i in range(7)]
    shapes = {}
    for count in (1, 5, 7):
        path = tmp_path / f"{count}.png"
        contact_sheet(
            colours[:count], [f"{i}  a caption that is longer than a line of it is wide" for i in range(count)], path
        )
        page = np.round(255 * imread(path)[..., :3]).astype(int)
        shapes[count] = page.shape
        assert all((page == colour[0, 0]).all(axis=2).sum() > 1000 for colour in colours[:count])
        assert (page == colours[-1][0, 0]).all(axis=2).any() == (count == 7)
    assert shapes[5] == (shapes[1][0], 5 * shapes[1][1], 3) and shapes[7] == (2 * shapes[1][0], 5 * shapes[1][1], 3)
