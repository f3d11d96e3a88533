"""Reading collision geometry: from two small models of our own, laid out like a LIBERO checkout."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.assets import asset
from aspire_mjx.worlds.checkout import checkout_at, model_file, original_asset
from tests.support.small_checkout import write_checkout


@pytest.fixture
def root(tmp_path):
    return write_checkout(tmp_path)


def test_only_what_collides_is_read(root):
    butter = original_asset(root, "butter")
    assert len(butter.boxes) == 2  # not the mesh, whose file is not there
    halves = sorted(tuple(np.round(box.half_size, 6)) for box in butter.boxes)
    assert halves == [(0.01, 0.01, 0.005), (0.03, 0.02, 0.01)]
    own = asset("butter")
    assert (butter.regions, butter.grasps, butter.mass) == (own.regions, own.grasps, own.mass)


def test_moving_parts_keep_upstreams_joints_and_capsules_become_boxes(root):
    oven = original_asset(root, "microwave")
    (link,) = oven.links
    assert (link.name, link.kind, link.range) == ("microjoint", "hinge", (-2.0, 0.0))
    assert np.allclose(link.anchor, (-0.15, -0.1, 0.1)) and np.allclose(link.axis, (0, 0, 1))
    assert [box.link for box in oven.boxes] == ["", "", "microjoint", "microjoint"]
    assert np.allclose(oven.boxes[3].half_size, (0.01, 0.01, 0.06))
    assert np.allclose(oven.boxes[3].centre, (0.07, -0.13, 0.1))


def test_a_variant_in_another_colour_collides_as_its_base(root):
    assert model_file(root, "green_butter") == model_file(root, "butter")
    assert original_asset(root, "green_butter").boxes[0].rgb != original_asset(root, "butter").boxes[0].rgb


def test_what_cannot_be_read_is_named(root, tmp_path):
    with pytest.raises(WorldError, match=r"no model of 'ketchup'.*--geometry=own"):
        original_asset(root, "ketchup")
    with pytest.raises(WorldError, match="no such folder"):
        checkout_at(str(tmp_path / "nowhere"))
    with pytest.raises(WorldError, match="root of a LIBERO checkout"):
        checkout_at(str(tmp_path / "libero"))
    file = model_file(root, "butter")
    text = file.read_text()
    for broken, reason in (
        (text[:200], "not a model that MuJoCo reads"),
        (text.replace('name="object"', 'name="thing"'), "no body named 'object'"),
        (text.replace('type="box" size="0.01 0.01 0.005"', 'type="sphere" size="0.01"'), "only boxes and capsules"),
        (text.replace('pos="0.1 0 0">', '><joint type="slide"/>'), "another version of LIBERO"),
    ):
        file.write_text(broken)
        original_asset.cache_clear()
        with pytest.raises(WorldError, match=reason):
            original_asset(root, "butter")
    original_asset.cache_clear()
