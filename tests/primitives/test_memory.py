"""What a robot calls what it touches: the words of its own looks."""

from __future__ import annotations

import numpy as np

from aspire_mjx.primitives.memory import SOMETHING, SUPPORT, ObjectMemory
from aspire_mjx.sensing.depth_image import DepthImages

_LEVEL = np.eye(3)


def _seer() -> ObjectMemory:
    memory = ObjectMemory().with_box("basket", np.array([0.5, 0.0, 0.1]), 0.0, np.array([0.3, 0.2, 0.2]))
    return memory.with_box("soup can", np.array([0.5, 0.05, 0.06]), 0.0, np.array([0.06, 0.06, 0.08]))


def _name(memory: ObjectMemory, *point: float) -> str:
    return memory.name_of(np.array(point), support=0.0)


def test_the_smallest_box_around_a_point_names_it_else_the_nearest_within_reach():
    memory = _seer()
    assert _name(memory, 0.5, 0.05, 0.1) == "soup can" and _name(memory, 0.5, -0.05, 0.1) == "basket"
    assert _name(memory, 0.5, -0.12, 0.1) == "basket" and _name(memory, 0.5, -0.13, 0.1) == SOMETHING
    assert _name(memory, 0.5, 0.05, 0.001) == SUPPORT and _name(memory, 0.9, 0.0, 0.0) == SUPPORT
    assert _name(ObjectMemory(), 0.5, 0.05, 0.1) == SOMETHING


def test_a_box_is_turned_and_a_second_look_takes_the_place_of_the_first():
    memory = ObjectMemory()
    memory = memory.with_box("book", np.array([0.5, 0.0, 0.1]), np.pi / 4, np.array([0.4, 0.02, 0.2]))
    assert _name(memory, 0.62, 0.12, 0.1) == "book" and _name(memory, 0.62, -0.12, 0.1) == SOMETHING
    memory = memory.with_box("book", np.array([0.5, 0.0, 0.1]), -np.pi / 4, np.array([0.4, 0.02, 0.2]))
    assert _name(memory, 0.62, 0.12, 0.1) == SOMETHING and _name(memory, 0.62, -0.12, 0.1) == "book"


def test_masks_of_the_last_image_give_boxes_and_those_of_others_none():
    depth = np.full((20, 20), 1.0, np.float32)
    intrinsics = np.array([[100.0, 0.0, 10.0], [0.0, 100.0, 10.0], [0.0, 0.0, 1.0]])
    labels = np.zeros((20, 20), np.uint8)
    labels[5:15, 5:15] = 1  # 0.1 m a side, 1 m along z of a camera that is the base
    for content, words in (("new", "plate"), ("old", SOMETHING)):
        memory = ObjectMemory()
        memory = memory.with_image(
            "wrist", "new", DepthImages(depth[None], intrinsics[None], np.zeros((1, 3)), _LEVEL[None])
        )
        memory = memory.with_masks("plate", "wrist", content, labels)
        assert _name(memory, 0.04, 0.04, 1.0) == words and _name(memory, 0.09, 0.0, 1.0) == SOMETHING
        memory = memory.with_masks("nothing", "wrist", content, labels * 0)
        assert _name(memory, 0.04, 0.04, 1.0) == words
    depth[:] = 0.0
    empty = DepthImages(depth[None], intrinsics[None], np.zeros((1, 3)), _LEVEL[None])
    memory = ObjectMemory().with_image("wrist", "new", empty)
    memory = memory.with_masks("plate", "wrist", "new", labels)
    assert _name(memory, 0.04, 0.04, 1.0) == SOMETHING


def test_only_the_latest_names_are_remembered():
    memory = ObjectMemory()
    for number in range(40):
        memory = memory.with_box(f"thing {number}", np.array([float(number), 0.0, 0.5]), 0.0, np.full(3, 0.1))
    assert _name(memory, 39.0, 0.0, 0.5) == "thing 39" and _name(memory, 0.0, 0.0, 0.5) == SOMETHING
