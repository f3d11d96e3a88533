"""Which robot API a program is taken to be for."""

from __future__ import annotations

import pytest

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.language.api_choice import chosen_api, pinned
from aspire_mjx.language.policy import findings, parse_program
from aspire_mjx.primitives.api_profile import PROFILES
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import assert_agrees

TOLD = [
    # aspire: the reduced API
    ("rgb = get_observation()['agentview']['images']['rgb']\nsegment_sam3_text_prompt(rgb, 'can')", "aspire"),
    ("wide = get_observation()['robot0_eye_in_hand']", "aspire"),
    ("j = solve_ik(p, q)\nif j is not None:\n    move_to_joints(j)", "aspire"),
    ("words = env.handle.task_language\nopen_gripper()", "aspire"),
    ("h = env.handle\nwait(1)\nprint(h.task_language)", "aspire"),
    ("plan_grasp_from_point_clouds(a, b)\nwait(1)", "aspire"),
    # capx: things by name
    ("pos, quat = get_object_pose('basket')\nif pos is None:\n    print('gone')", "capx"),
    ("pos, quat = sample_grasp_pose(object_name='soup')\nwait(1)", "capx"),
    ("words = env.handle.task_language\nget_object_pose(words)", "capx"),
    ("get_object_3d_points_and_masks_from_language('milk')", "capx"),
    ("wait(1)\nwhere, turn = get_object_pose('milk')\nprint(where is None)", "capx"),
    ("wait(1)\nj = solve_ik(p, q)\nj[6] += 0.5\nmove_to_joints(j)", "aspire"),
    # capx_robosuite: three values, or its camera
    ("pos, quat, size = get_object_pose('cube', return_bbox_extent=True)\nopen_gripper()", "capx_robosuite"),
    ("obs = get_observation()['robot0_robotview']\nsolve_ik(p, q)", "capx_robosuite"),
    ("where = get_object_pose('cube', return_bbox_extent=True)[2]", "capx_robosuite"),
    ("home_pose()\npos, quat = get_object_pose(object_name='cube')", "capx_robosuite"),
    # native: what only it has, a result's fields, a result as a condition
    ("pos, quat = get_object_pose('milk')\nwait(0.5)", "native"),
    (
        "pos, quat, size = get_object_pose('cube', return_bbox_extent=True)\nprint(goto_pose(pos, quat).status)",
        "native",
    ),
    ("found = get_object_pose('milk')\nif not found:\n    open_gripper()", "native"),
    ("goto_pose(p, q, avoid_collisions=True)", "native"),
    ("j = solve_ik(p, q)\nif j is not None:\n    move_to_joints(j, avoid_collisions=True)", "native"),
    ("while not solve_ik(p, q):\n    open_gripper()", "native"),
    ("try:\n    get_object_pose('milk')\nexcept PerceptionError:\n    pass", "native"),
    ("x = tunable('x', 1.0, low=0.0, high=2.0)\nsample_grasp_pose('milk')", "native"),
    ("print(1 + 1)", "native"),
    # what a program defines itself tells nothing
    ("def get_object_pose(name):\n    return name\nget_object_pose('milk')", "native"),
    ("env = 3\nprint(env)", "native"),
    # what it says itself comes first, the last line of these
    ("# api: capx\nwait(1)", "capx"),
    ("wait(1)\n# api: capx\n# api: aspire\n", "aspire"),
]


@pytest.mark.parametrize(("text", "name"), TOLD)
def test_what_a_program_calls_tells_its_api(text: str, name: str):
    choice = chosen_api(text, parse_program(text), ROBOT_API)
    assert choice.profile.name == name and choice.why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("p = get_object_pose('milk')\nprint(p[2])", "get_object_pose; line 2 reads p[2], but get_object_pose gives"),
        ("p = sample_grasp_pose('milk')\np[2] += 0.1", "sample_grasp_pose; line 2 reads p[2], but sample_grasp_pose"),
        ("p, q = get_object_pose('milk')\nprint(p[2], q[3])", "it calls get_object_pose"),
        ("p = get_object_pose('milk')\np = p[0]\nprint(p[2])", "it calls get_object_pose"),
    ],
)
def test_a_third_value_of_a_pose_is_told_as_a_slip(text: str, why: str):
    choice = chosen_api(text, parse_program(text), ROBOT_API)
    assert choice.profile.name == "capx" and why in choice.why and choice.why.count("reads") == why.count("reads")


def test_a_part_of_the_environment_may_have_a_name():
    text = "{}\ndef words():\n    return {}.task_language\nprint(words(), words() == env.handle.task_language)"
    for given, name in (("h = env.handle", "h"), ("e = env", "e.handle"), ("handle = env.handle", "handle")):
        end = assert_agrees(text.format(given, name), [1, 2]).ends[0]
        assert end.prints.startswith("Pick the") and end.prints.endswith("True\n")
    for wrong in ("h = env.handle\nh = 3", "h = env.handle\nh.step()"):
        found = findings(f"{wrong}\nprint(h.task_language)", ROBOT_API)
        assert any("env.handle.task_language" in message or "'step'" in message for _, _, message in found)


def test_near_names_are_those_of_the_profile_and_said_once():
    ((_, _, message),) = findings("solve_ikk([1, 2, 3], [0, 1, 0, 0])\nget_object_pose('milk')", ROBOT_API)
    assert message == "unknown name 'solve_ikk'. Did you mean 'solve_ik'?"
    ((_, _, message),) = findings("frobnicate(1)\nget_object_pose('milk')", ROBOT_API)
    listed = message.partition("the calls of capx: ")[2].split(", ")
    assert listed == [call.name for call in PROFILES["capx"].calls] and len(set(listed)) == len(listed)
    ((_, _, message),) = findings("frobnicate(1)", ROBOT_API)
    listed = message.partition("the robot API: ")[2].split(", ")
    assert "wait" in listed and len(set(listed)) == len(listed)


@pytest.mark.parametrize("name", PROFILES)
def test_a_pinned_program_keeps_its_lines_and_its_api(name: str):
    text = "open_gripper()\nwait(1)"
    said = pinned(text, name)
    assert said.startswith(text + "\n") and chosen_api(said, parse_program(said), ROBOT_API).profile.name == name


def test_an_unknown_api_is_refused():
    with pytest.raises(UnknownNameError, match="Did you mean 'capx'"):
        pinned("open_gripper()", "capxx")
    ((_, rule, message),) = findings("# api: cap\nopen_gripper()", ROBOT_API)
    assert rule == "api" and "Known: aspire, capx, capx_robosuite, native" in message
