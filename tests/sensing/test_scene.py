"""The geoms a camera looks at."""

from __future__ import annotations

import dataclasses

import mujoco
import pytest

from aspire_mjx.errors import WorldError
from tests.support.floor_scenes import floor_scene


def test_an_unknown_kind_names_the_known_ones() -> None:
    scene = floor_scene(1)[0]
    kind = (int(mujoco.mjtGeom.mjGEOM_MESH), *scene.kind[1:])
    with pytest.raises(WorldError, match="plane, capsule, box"):
        dataclasses.replace(scene, kind=kind)


def test_a_wrong_shape_names_the_field_and_both_shapes() -> None:
    scene = floor_scene(2)[0]
    with pytest.raises(WorldError, match=r"scene\.size has shape \(2, 3, 3\), expected .*\(2, \d+, 3\)"):
        dataclasses.replace(scene, size=scene.size[:, :3])
    with pytest.raises(WorldError, match="kinds but 1 instances"):
        dataclasses.replace(scene, instance=(0,))


def test_length_and_instances() -> None:
    scene = floor_scene(3)[0]
    assert len(scene) == 3
    assert max(scene.instance) + 1 == 8  # six items, the basket and the arm
