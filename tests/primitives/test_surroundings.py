"""Maps of what was seen: taken up when they are asked for, and the same as if they had been at every look."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from aspire_mjx.planning.height_map import UNKNOWN
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.primitives.surroundings import Surroundings
from aspire_mjx.sensing.depth_image import DepthImages
from aspire_mjx.worlds.panda import OPEN_WIDTH
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

COUNT, MOMENTS = 5, 4


@pytest.fixture(scope="module")
def worlds() -> Worlds:
    tasks = load_suite("libero_object")
    return make_worlds([WorldSpec(tasks[i], 1000 + i, Perturbation(noise=1.0)) for i in range(COUNT)])


@pytest.fixture(scope="module")
def cameras() -> CameraRig:
    return CameraRig()


def _moments(worlds: Worlds, surroundings: Surroundings) -> Iterator[Lanes]:
    """The lanes at some moments: the arm moves, and from the second one on some hands hold something."""
    random, arm = np.random.default_rng(0), worlds.template.arm_qpos
    for moment in range(MOMENTS):
        qpos, command = worlds.qpos.copy(), np.zeros((COUNT, 9))
        qpos[:, arm] += random.uniform(-0.5, 0.5, (COUNT, 7))
        command[:, 7:] = OPEN_WIDTH / 2
        if moment:
            command[::2, 7:] = 0.0
            surroundings.closed(random.uniform(0.02, 0.15, COUNT))
        left, call = np.full(COUNT, 500 - moment), random.integers(0, 50, COUNT)
        yield Lanes(worlds, qpos, command, left, call, surroundings=surroundings)


def _heights(worlds: Worlds, cameras: CameraRig, *, at_every_look: bool, looking: np.ndarray) -> np.ndarray:
    """Maps ``[N, X, Y]`` after the moments, at each of which the lanes look that ``looking [moments, N]`` names."""
    surroundings, lanes = Surroundings(COUNT, cameras.depth), None
    for lanes, rows in zip(_moments(worlds, surroundings), looking, strict=True):
        some = lanes.take(np.flatnonzero(rows))
        assert some.surroundings is not None
        some.surroundings.observe(some)
        if at_every_look:
            surroundings.maps(lanes)
    assert lanes is not None
    return surroundings.maps(lanes).height


def test_maps_are_the_same_whether_looks_are_taken_up_at_once_or_when_a_map_is_asked_for(worlds, cameras):
    looking = np.random.default_rng(1).random((MOMENTS, COUNT)) < 0.7
    looking[0, 0], looking[1:, 0], looking[:, 1] = True, False, False
    late = _heights(worlds, cameras, at_every_look=False, looking=looking)
    assert late.tobytes() == _heights(worlds, cameras, at_every_look=True, looking=looking).tobytes()
    assert (late[1] == UNKNOWN).all() and (late[0] != UNKNOWN).mean() > 0.3
    last = looking.copy()
    last[:-1] = False  # looks before the last one count: it does not show all that they did
    last[-1] = looking.any(axis=0)
    assert late.tobytes() != _heights(worlds, cameras, at_every_look=False, looking=last).tobytes()


def test_a_lane_has_the_same_map_in_any_batch(worlds, cameras):
    surroundings, order = Surroundings(COUNT, cameras.depth), np.array([3, 0, 4, 1, 2])
    apart = [Surroundings(1, cameras.depth) for _ in range(COUNT)]
    lanes = None
    for lanes in _moments(worlds, surroundings):
        permuted = lanes.take(order)
        assert permuted.surroundings is not None
        permuted.surroundings.observe(permuted)
        for lane, own in enumerate(apart):
            own.closed(surroundings.below[lane : lane + 1])
            own.observe(dataclasses.replace(lanes.take(np.array([lane])), surroundings=own))
    assert lanes is not None
    together = surroundings.take(order).maps(lanes.take(order)).height
    for place, lane in enumerate(order.tolist()):
        assert apart[lane].maps(lanes.take(np.array([lane]))).height[0].tobytes() == together[place].tobytes()


def test_a_look_costs_no_image_before_its_map_is_asked_for_and_those_that_wait_are_few(worlds, cameras):
    images = []

    def camera(lanes: Lanes) -> DepthImages:
        images.append(len(lanes))
        return cameras.depth(lanes)

    surroundings = Surroundings(COUNT, camera)
    lanes = next(_moments(worlds, surroundings))
    surroundings.observe(lanes)
    assert surroundings.seen.all() and not images
    surroundings.take(np.array([1, 2])).maps(lanes.take(np.array([1, 2])))
    assert images == [2]
    surroundings.maps(lanes)
    surroundings.maps(lanes)
    assert images == [2, COUNT - 2]
    for call in range(100):  # a program that looks and looks and never moves
        surroundings.observe(dataclasses.replace(lanes, call=np.full(COUNT, call)))
    assert sum(images) > 50 * COUNT
    surroundings.forget()
    assert not surroundings.seen.any() and (surroundings.maps(lanes).height == UNKNOWN).all()
