"""Programs that look at images: compiled and in plain Python, and what they can and cannot ask about."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.physics.engines import make
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.primitives.memory import MOST_IMAGES, ImageRecord, with_latest
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec

_SEEDS = range(1000, 1005)


@cache
def _simulator() -> Simulator:
    return Simulator(make("native", template_of("tabletop"), capacity=64))


def _worlds(suite: str, task: int, **factors: float) -> list[WorldSpec]:
    return [WorldSpec(load_suite(suite)[task], seed, Perturbation(**factors)) for seed in _SEEDS]


def _compiled(text: str, worlds: list[WorldSpec]) -> TraceBatch:
    program = Program(text, "seeing.py")
    return _simulator().run([Job(program, w.task, w.seed, perturbation=w.perturbation) for w in worlds])


def _said(text: str, worlds: list[WorldSpec]) -> list[list[str]]:
    """What the program prints in each world, the same compiled and plain; calls and ends agree too."""
    batch = _compiled(text, worlds)
    prints = batch.rollout_text("prints").tolist()
    for row, world in enumerate(worlds):
        robot = PlainRobot(_simulator(), world)
        end = run_plain(Program(text, "seeing.py"), robot)
        assert end.outcome == Outcome.DONE, end.message
        assert prints[row] == end.prints
        mine = batch.calls["rollout"] == row
        calls = zip(batch.call_text("primitive")[mine], batch.calls["status"][mine].tolist(), strict=True)
        assert [(name, Status(code)) for name, code in calls] == robot.calls
    return [text.splitlines() for text in prints]


def test_an_observation_has_the_layout_of_capx() -> None:
    text = """
import numpy as np
obs = get_observation()
print(sorted(obs))
for name in ("agentview", "wrist"):
    view = obs[name]
    rgb, depth = view["images"]["rgb"], view["images"]["depth"]
    print(name, rgb.shape, depth.shape, view["intrinsics"].shape, view["pose_mat"].shape)
    print(int(rgb.min()) >= 0, int(rgb.max()) > 100, round(float(np.median(depth[depth > 0])), 2))
    rotation = view["pose_mat"][:3, :3]
    print(np.allclose(rotation @ rotation.T, np.eye(3), rtol=0.0, atol=1e-14))
print(np.abs(obs["robot_joint_pos"][:7] - get_joint_positions()).max())
hand = get_eef_pose()
print(round(float(np.linalg.norm(obs["robot_cartesian_pos"][:3] - hand.position)), 3), obs["robot_cartesian_pos"].shape)
"""
    for lines in _said(text, _worlds("libero_goal", 0)):
        names = [
            "agentview",
            "robot0_eye_in_hand",
            "robot0_robotview",
            "robot_cartesian_pos",
            "robot_joint_pos",
            "wrist",
        ]
        assert lines[0] == str(names)
        assert lines[1] == "agentview (120, 160, 3) (120, 160) (3, 3) (4, 4)"
        near, far = float(lines[5].split()[2]), float(lines[2].split()[2])
        assert lines[2].startswith("True True") and 0.1 < near < 0.6 < far < 1.5
        assert lines[3] == lines[6] == "True"
        assert lines[7:9] == ["0.0", "0.107 (8,)"]


_TOUCH = """
import numpy as np
down = np.array([0.0, 1.0, 0.0, 0.0])
SEEING
close_gripper()
for place in ([0.615, 0.122, 0.2], [0.45, 0.09, 0.2]):
    moved = goto_pose(np.array(place), down)
    felt = move_until_contact([0.0, 0.0, -1.0], 0.25)
    free = repr(moved.contact_link + moved.contact_object)
    print(felt.status, "finger" in felt.contact_link, felt.contact_object, free)
    if felt.contact_object in ("cream cheese", "cheese"):
        print("by its name")
    goto_pose(np.array(place), down)
"""


@pytest.mark.parametrize(
    ("seeing", "words"),
    [
        ("", "something"),
        ("get_object_pose('bowl')", "something"),
        ("get_object_pose('cream cheese')", "cream cheese"),
        ("segment_text_prompt(get_observation()['agentview']['images']['rgb'], 'cheese')", "cheese"),
        ("get_object_pose('bowl')\nsample_grasp_pose('cream cheese')", "cream cheese"),
    ],
)
def test_what_is_touched_has_the_words_that_the_program_saw_it_by(seeing: str, words: str) -> None:
    for lines in _said(_TOUCH.replace("SEEING", seeing), _worlds("libero_goal", 0)[:3]):
        assert lines[0] == f"OK True {words} ''" and lines[-1] == "OK True support ''"
        assert (lines[1] == "by its name") == (words != "something")


def test_masks_of_things_give_their_places() -> None:
    text = """
import numpy as np
obs = get_observation()
view = obs["agentview"]
rgb, depth = view["images"]["rgb"], view["images"]["depth"]
found = segment_sam3_text_prompt(rgb, "plate")
best = max(found, key=lambda d: d["score"])
points = mask_to_world_points(best["mask"], depth, view["intrinsics"], view["pose_mat"])
high = points[points[:, 2] > np.percentile(points[:, 2], 5)]
box = get_oriented_bounding_box_from_3d_points(high)
pose = get_object_pose("plate", return_bbox_extent=True)
print(np.round(np.linalg.norm(box["center"][:2] - pose.position[:2]), 3))
print(len(found), best["label"], best["score"] > 0.5)
u, v = point_prompt_molmo(rgb, "plate")["plate"]
point = pixel_to_world_point(u, v, depth[v, u], view["intrinsics"], view["pose_mat"])
print(np.round(np.linalg.norm(point[:2] - pose.position[:2]), 3))
again = segment_sam3_point_prompt(rgb, (u, v))
print(len(again), int((again[0]["mask"] != best["mask"]).sum()))
"""
    for lines in _said(text, _worlds("libero_goal", 0, noise=0.0)):
        assert float(lines[0]) < 0.03 and float(lines[2]) < 0.04
        assert lines[1] == "1 plate True" and lines[3] == "1 0"


def test_two_bowls_give_two_masks_and_what_is_not_there_none() -> None:
    text = """
rgb = get_observation()["agentview"]["images"]["rgb"]
bowls = segment_text_prompt(rgb, "black bowl")
print(len(bowls), int((bowls[0]["mask"] & bowls[1]["mask"]).sum()), bowls[0]["score"] >= bowls[1]["score"])
print(len(segment_text_prompt(rgb, "banana")), point_prompt(rgb, "banana"))
print([len(segment_text_prompt(rgb, words)) for words in ("dish of white colour", "bowl", "saucer")])
"""
    for lines in _said(text, _worlds("libero_spatial", 0, noise=0.0)):
        assert lines[0] == "2 0 True"
        assert lines[1] == "0 {'banana': (None, None)}"
        assert lines[2].endswith("2, 1]")


def test_an_image_of_someone_else_is_refused_with_a_reason() -> None:
    text = """
import numpy as np
rgb = get_observation()["agentview"]["images"]["rgb"]
for image in (rgb[:60], np.zeros((120, 160, 3)), 255 - rgb):
    result = detect_in_image(image, "plate")
    print(result.status, result.count, "own cameras" in result.message)
kept = np.array(rgb)
wait(0.1)
get_observation()
print(detect_in_image(kept, "plate").status, detect_in_image(kept.tolist(), "plate").status)
try:
    detect_in_image("agentview", "plate")
except TypeError as error:
    print(error)
"""
    for lines in _said(text, _worlds("libero_goal", 0)[:2]):
        assert lines[:3] == ["NOT_FOUND 0.0 True"] * 3
        assert lines[3] == "OK OK"
        assert lines[4].startswith("detect_in_image: rgb must be an RGB image")


def test_the_same_image_gives_the_same_answer() -> None:
    text = """
rgb = get_observation()["agentview"]["images"]["rgb"]
first, later = [segment_text_prompt(rgb, "bowl") for _ in range(2)]
print(len(first), [a["score"] - b["score"] for a, b in zip(first, later)])
other = get_observation()["agentview"]["images"]["rgb"]
print(first[0]["score"] != segment_text_prompt(other, "bowl")[0]["score"])
"""
    for lines in _said(text, _worlds("libero_goal", 0)):
        assert lines[0] == "1 [0.0]" and lines[1] == "True"


def test_the_world_gets_darker_with_its_light() -> None:
    text = "print(float(get_observation()['agentview']['images']['rgb'].mean()))"
    bright, dark = (
        [float(lines[0]) for lines in _said(text, _worlds("libero_goal", 0, noise=0.0, light=light))]
        for light in (1.0, 0.5)
    )
    np.testing.assert_allclose(np.array(dark) / bright, 0.5, atol=0.01)


def test_images_are_not_recorded_and_lines_are_the_programs() -> None:
    text = """
obs = get_observation()
def look():
    return segment_text_prompt(obs["wrist"]["images"]["rgb"], "bowl")
look()
"""
    batch = _compiled(text, _worlds("libero_goal", 0)[:1])
    assert batch.call_text("primitive").tolist() == ["camera_images", "detect_in_image"]
    assert batch.calls["line"].tolist() == [2, 4]
    assert batch.call_text("path").tolist() == ["module:2", "module:5>look:4"]
    assert batch.call_text("text").tolist() == ["", "bowl"]
    assert np.isfinite(batch.calls["outputs"][0, :14]).all()


@pytest.mark.parametrize("suite", ["libero_goal", "libero_spatial"])
def test_scores_fall_with_distance_and_occlusion(suite: str) -> None:
    text = """
rgb = get_observation()["agentview"]["images"]["rgb"]
print(segment_text_prompt(rgb, "plate")[0]["score"])
"""
    near, far = (
        np.mean([float(lines[0]) for lines in _said(text, _worlds(suite, 0, noise=0.0, fov=fov))]) for fov in (1.0, 2.0)
    )
    assert far < near


def test_an_album_forgets_the_oldest_images() -> None:
    images: dict[str, ImageRecord] = {}
    state = np.zeros(3)
    for call in range(MOST_IMAGES + 1):
        images = with_latest(images, str(call), ImageRecord("wrist", state, call, 0), most=MOST_IMAGES)
    assert "0" not in images and images["1"] == ImageRecord("wrist", state, 1, 0)
    found = with_latest(images, "1", ImageRecord("wrist", state, 900, 0), most=MOST_IMAGES)["1"]
    assert found.moment == 900
