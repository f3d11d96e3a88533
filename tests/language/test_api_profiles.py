"""The calls of CaP-X's and ASPIRE's APIs, call by call: names, parameters, defaults, values, failures."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from aspire_mjx.language import standard_library as library
from aspire_mjx.language.api_choice import pinned
from aspire_mjx.language.call_check import signature_of
from aspire_mjx.language.function_texts import function_texts
from aspire_mjx.language.policy import findings
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Prints
from aspire_mjx.physics.engines import make
from aspire_mjx.plain import runner
from aspire_mjx.primitives.api_profile import EXPRESSIONS, PROFILES, REFUSED, ApiProfile
from aspire_mjx.primitives.results import Result
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.worlds import WorldSpec
from tests.support.table_robot import TableRobot, assert_agrees

OTHERS = [profile for profile in PROFILES.values() if profile.calls]
CALLS = [pytest.param(profile, call, id=f"{profile.name}-{call.name}") for profile in OTHERS for call in profile.calls]
DOWN = np.array([0.0, 1.0, 0.0, 0.0])


@pytest.mark.parametrize(("profile", "call"), CALLS)
def test_every_call_has_its_names_parameters_and_defaults(profile: ApiProfile, call):
    helpers = library.public_functions(profile)
    declared = helpers.get(call.name) or ROBOT_API[call.name]
    shown = signature_of(declared).shown
    assert shown == call.signature or shown.startswith(call.signature.removesuffix(")") + ",")


@pytest.mark.parametrize("profile", OTHERS, ids=lambda profile: profile.name)
def test_the_functions_of_a_profile_pass_the_policy_check(profile: ApiProfile):
    texts = function_texts("language/stdlib", *library.FILES) | function_texts("language/stdlib", *profile.files)
    whole = "\n".join(texts.values()).replace("native.", "")
    assert findings(pinned(whole, profile.name), ROBOT_API) == ()


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_does_not_exist_here_is_refused_with_what_to_use_instead(name: str):
    ((_, rule, message), *_) = findings(f"print({name})", ROBOT_API)
    assert rule == "name" and name in message and REFUSED[name] in message


def test_no_name_is_both_there_and_refused():
    there = {*ROBOT_API.names, *(name for profile in PROFILES.values() for name in library.public_functions(profile))}
    assert not there & set(REFUSED)


@pytest.mark.parametrize("written", EXPRESSIONS)
def test_an_expression_stands_for_its_call(written: str):
    text = f"print({written}.lower())\ndef f(env):\n    return env\nprint(f(3))\n"
    assert [call for call, *_ in assert_agrees(text.partition("def")[0], [0, 1]).robots[0].calls] == ["task_language"]
    assert findings(text, ROBOT_API) != ()  # it has an env of its own


# values ---------------------------------------------------------------------------------------------------------------


class World:
    """One robot in one world, and the functions that a program of a profile would call."""

    def __init__(self, simulator: Simulator, spec: WorldSpec, profile: ApiProfile) -> None:
        self.robot = PlainRobot(simulator, spec)
        names = dict.fromkeys([*ROBOT_API.names, *library.public_functions(profile)])
        tree = ast.parse("\n".join(names))
        prints = Prints()
        prints.start(np.zeros(1, np.int64))
        given = runner._names(self.robot, ROBOT_API, {}, prints, 0)
        shelf: dict[str, Any] = {"__builtins__": given, "__name__": "__main__"}
        exec(runner._compiled(library.hidden_helpers(tree, profile), "library"), shelf)
        own = library.public_functions(profile)
        self.calls = {n: shelf[library.hidden_name(n, profile)] if n in own else given[n] for n in names}

    def __getattr__(self, name: str) -> Any:
        return self.calls[name]


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    spec = WorldSpec(load_suite("libero_object")[3], 51)
    return Simulator(make("native", spec.template, capacity=1))


def _world(simulator: Simulator, name: str) -> World:
    return World(simulator, WorldSpec(load_suite("libero_object")[3], 51), PROFILES[name])


def _quiet(simulator: Simulator) -> World:
    """The high-level API with sensors that make no errors."""
    spec = WorldSpec(load_suite("libero_object")[3], 51, Perturbation(noise=0.0))
    return World(simulator, spec, PROFILES["capx"])


def shape(value: Any) -> Any:
    """A value as its types: arrays as their shape and dtype, containers as what is in them."""
    if isinstance(value, np.ndarray):
        return (*value.shape, value.dtype.name)
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(shape(each) for each in value)
    return bool(value) if isinstance(value, Result) else type(value)


VECTOR, TURN, MATRIX = (3, "float64"), (4, "float64"), (4, 4, "float64")


@pytest.mark.parametrize("name", [profile.name for profile in OTHERS])
def test_what_an_observation_holds(simulator: Simulator, name: str):
    world = _world(simulator, name)
    seen = world.get_observation()
    height, width, _ = seen["agentview"]["images"]["rgb"].shape
    camera = {
        "images": {"rgb": (height, width, 3, "uint8"), "depth": (height, width, "float32")},
        "intrinsics": (3, 3, "float64"),
        "pose_mat": MATRIX,
        "pose": (7, "float64"),
    }
    assert shape(seen) == {
        **dict.fromkeys(["agentview", "robot0_robotview", "robot0_eye_in_hand", "wrist"], camera),
        "robot_joint_pos": (8, "float64"),
        "robot_cartesian_pos": (8, "float64"),
    }
    for view in (seen["agentview"], seen["robot0_eye_in_hand"]):
        x, y, z, w = Rotation.from_matrix(view["pose_mat"][:3, :3]).as_quat()
        np.testing.assert_array_equal(view["pose"][:3], view["pose_mat"][:3, 3])
        assert abs(view["pose"][3:] @ [w, x, y, z]) > 1 - 1e-12
    hand, tip = seen["robot_cartesian_pos"], world.get_eef_pose()
    turn = Rotation.from_quat(hand[[4, 5, 6, 3]])
    np.testing.assert_allclose(hand[:3] + turn.apply([0.0, 0.0, 0.107]), tip.position, atol=1e-9)
    assert hand[7] == seen["robot_joint_pos"][7] and 0.9 < hand[7] <= 1.0


def test_the_values_of_the_vision_calls(simulator: Simulator):
    world = _world(simulator, "aspire")
    view = world.get_observation()["agentview"]
    rgb, depth, K, pose = view["images"]["rgb"], view["images"]["depth"], view["intrinsics"], view["pose_mat"]
    height, width = depth.shape
    found = world.segment_sam3_text_prompt(rgb, "basket")
    assert set(found[0]) == {"mask", "box", "score", "label"} and shape(found[0]["mask"]) == (height, width, "bool")
    assert [type(x) for x in found[0]["box"]] == [float] * 4 and type(found[0]["score"]) is float
    assert world.segment_sam3_text_prompt(rgb, "giraffe") == []
    ((words, (u, v)),) = world.point_prompt_molmo(rgb, "basket").items()
    assert words == "basket" and found[0]["mask"][v, u] and type(u) is int
    assert world.point_prompt_molmo(rgb, "giraffe") == {"giraffe": (None, None)}
    assert world.segment_sam3_point_prompt(rgb, (u, v))[0]["mask"][v, u]
    thing = world.segment_sam3_text_prompt(rgb, "bbq sauce")[0]["mask"]
    poses, scores = world.plan_grasp(depth, K, thing)
    assert poses.shape == (len(scores), 4, 4) and len(scores) > 0 and (np.diff(scores) <= 0).all()
    with pytest.raises(AssertionError, match="No grasp candidates"):
        world.plan_grasp(depth, K, np.zeros_like(thing))
    best, score = world.select_top_down_grasp(poses, scores, pose)
    assert shape(best) == MATRIX and score == scores.max() and best[2, 2] < -0.8
    assert world.select_top_down_grasp(poses, scores, pose, 1.1) == (None, -np.inf)
    points, cloud = world.mask_to_world_points(thing, depth, K, pose), world.depth_to_point_cloud(depth, K)
    assert points.shape[1:] == (3,) and shape(cloud) == (height, width, 3, "float64")
    everything = world.transform_points(cloud, pose).reshape(-1, 3)
    poses, scores = world.plan_grasp_from_point_clouds(everything[depth.ravel() > 0], points)
    assert poses.shape == (len(scores), 4, 4) and (poses[:, 2, 2] < -0.8).all()
    assert np.abs(poses[0, :2, 3] - best[:2, 3]).max() < 0.03
    with pytest.raises(AssertionError, match="No grasp candidates"):
        world.plan_grasp_from_point_clouds(everything, points[:3])
    row, column = np.argwhere(thing & (depth > 0))[0]
    one = world.pixel_to_world_point(column, row, depth[row, column], K, pose)
    np.testing.assert_allclose(one, points[0], atol=1e-6)
    assert shape(world.decompose_transform(best)) == (VECTOR, TURN)
    assert shape(world.rotation_matrix_to_quaternion(np.eye(3))) == TURN
    assert world.breakpoint_code_block() is None


def test_inverse_kinematics_gives_an_array_and_stands_in_for_what_is_out_of_reach(simulator: Simulator):
    world = _world(simulator, "aspire")
    joints = world.solve_ik([0.5, 0.0, 0.3], DOWN * 2.0)
    assert type(joints) is np.ndarray and shape(joints) == (7, "float64")
    joints[6] += np.pi / 2
    high = world.solve_ik(np.array([[0.5, 0.0, 3.0]]), DOWN)  # kept within the workspace
    np.testing.assert_array_equal(high, world.solve_ik([0.5, 0.0, 0.9], DOWN))
    turned = world.solve_ik([0.5, 0.0, 0.02], [1.0, 0.0, 0.0, 0.0])  # a hand that points up
    assert shape(turned) == (7, "float64") and [name for name, _ in world.robot.calls].count("solve_ik") > 4
    with pytest.raises(RuntimeError, match="IK failed"):
        world.solve_ik([0.75, 0.5, 0.9], DOWN)


def test_motions_go_where_they_are_told(simulator: Simulator):
    world = _world(simulator, "aspire")
    assert world.goto_pose([0.45, 0.1, 0.25], DOWN, z_approach=0.1)
    np.testing.assert_allclose(world.get_eef_pose().position, [0.45, 0.1, 0.25], atol=0.01)
    joints = world.solve_ik([0.45, 0.0, 0.35], DOWN)
    assert world.move_to_joints(joints.tolist()) and world.goto_home_joint_position()
    joints[6] = 4.0
    assert world.move_to_joints(joints)
    assert abs(world.get_joint_positions()[6] - 2.8973) < 0.01
    assert not world.close_gripper() and world.open_gripper()
    assert not world.goto_pose([0.7, 0.45, 0.02], [1.0, 0.0, 0.0, 0.0])
    assert world.robot.calls[-1][0] == "move_to_joints"
    pressed = world.goto_pose([0.45, 0.0, 0.01], [0.5**0.5, 0.5**0.5, 0.0, 0.0])  # the hand would be in the floor
    assert pressed.status == "BLOCKED"
    assert [(name, status.name) for name, status in world.robot.calls[-3::2]] == [
        ("goto_pose", "IN_COLLISION"),
        ("move_to_joints", "BLOCKED"),
    ]


def test_an_approach_is_along_the_hand_in_the_high_level_api(simulator: Simulator):
    world = _world(simulator, "capx")
    slanted = Rotation.from_euler("y", 2.6).as_quat()[[3, 0, 1, 2]]
    world.goto_pose([0.45, 0.0, 0.3], slanted, z_approach=0.1)
    np.testing.assert_allclose(world.get_eef_pose().position, [0.45, 0.0, 0.3], atol=0.01)


def test_things_by_name_in_the_high_level_api(simulator: Simulator):
    world = _world(simulator, "capx")
    position, turn = world.get_object_pose("bbq_sauce")
    assert shape((position, turn)) == (VECTOR, TURN)
    assert Rotation.from_quat(turn[[1, 2, 3, 0]]).apply([0.0, 0.0, 1.0])[2] < -0.99
    assert world.get_object_pose("giraffe", use_multiview=False) == (None, None)
    assert shape(world.sample_grasp_pose(object_name="bbq sauce")) == (VECTOR, TURN)
    with pytest.raises(ValueError, match="Could not segment object 'giraffe'"):
        world.sample_grasp_pose("giraffe")
    found = world.get_object_3d_points_and_masks_from_language("bbq sauce")
    assert list(found) == [
        *("agentview_mask", "wrist_mask", "points_3d", "agentview_points_3d", "wrist_points_3d"),
        *("agentview_score", "wrist_score"),
    ]
    assert found["points_3d"].shape[1:] == (3,) and found["agentview_mask"].dtype == bool
    box = world.get_oriented_bounding_box_from_3d_points(found["points_3d"])
    assert shape(box) == {"center": VECTOR, "extent": VECTOR, "R": (3, 3, "float64"), "quaternion_wxyz": TURN}
    assert np.abs(np.median(found["points_3d"], axis=0) - position).max() < 0.05
    with pytest.raises(ValueError, match="SAM3 segmentation failed for 'giraffe'"):
        world.get_object_3d_points_and_masks_from_language("giraffe")


def test_both_cameras_are_looked_through_unless_one_is_asked_for(simulator: Simulator):
    world = _quiet(simulator)
    seen = world.get_object_3d_points_and_masks_from_language("bbq sauce")
    fixed, wrist = seen["agentview_points_3d"], seen["wrist_points_3d"]
    assert len(wrist) > 20 and np.array_equal(seen["points_3d"], np.concatenate([fixed, wrist]))
    points, _ = world.filter_noise(seen["points_3d"])
    place = world.get_oriented_bounding_box_from_3d_points(points)["center"]
    np.testing.assert_array_equal(world.get_object_pose("bbq sauce")[0], place)
    alone, _ = world.get_object_pose("bbq sauce", use_multiview=False)
    assert not np.array_equal(alone, place) and np.abs(alone - place).max() < 0.03
    grasps = [world.sample_grasp_pose("bbq sauce", use_multiview=both)[0] for both in (True, False)]
    assert not np.array_equal(*grasps) and np.abs(grasps[0] - grasps[1])[:2].max() < 0.03
    assert np.abs(grasps[0] - place)[:2].max() < 0.03


def test_the_fixed_camera_is_enough_where_the_wrist_camera_sees_nothing(simulator: Simulator):
    world = _quiet(simulator)
    joints = world.get_observation()["robot_joint_pos"][:7]
    joints[5] += 1.0  # the hand looks away from the table
    world.move_to_joints(joints)
    seen = world.get_object_3d_points_and_masks_from_language("bbq sauce")
    assert seen["wrist_mask"] is None and np.array_equal(seen["points_3d"], seen["agentview_points_3d"])
    for call in (world.get_object_pose, world.sample_grasp_pose):
        both, alone = (call("bbq sauce", use_multiview=both) for both in (True, False))
        np.testing.assert_array_equal(both[0], alone[0])
        np.testing.assert_array_equal(both[1], alone[1])


def test_things_by_name_in_the_robosuite_api(simulator: Simulator):
    world = _world(simulator, "capx_robosuite")
    assert shape(world.get_object_pose("bbq sauce")) == (VECTOR, TURN, type(None))
    assert shape(world.get_object_pose("bbq sauce", return_bbox_extent=True)) == (VECTOR, TURN, VECTOR)
    assert shape(world.sample_grasp_pose("bbq sauce")) == (VECTOR, TURN)
    for call in (world.get_object_pose, world.sample_grasp_pose):
        with pytest.raises(ValueError, match="No sam3 detections of 'giraffe'"):
            call("giraffe")
    assert world.home_pose()


def test_joint_angles_in_the_robosuite_api_are_for_the_pose_asked_for_or_the_closest(simulator: Simulator):
    world = _world(simulator, "capx_robosuite")
    world.move_to_joints(world.solve_ik([0.35, 0.56, 0.35], DOWN))  # beyond where the LIBERO API keeps its targets
    np.testing.assert_allclose(world.get_observation()["robot_cartesian_pos"][:2], [0.35, 0.56], atol=0.01)
    asked = len(world.robot.calls)
    far = world.solve_ik([1.5, 0.0, 0.5], DOWN)
    assert shape(far) == (7, "float64") and np.isfinite(far).all() and len(world.robot.calls) == asked + 1
    world.move_to_joints(far)
    assert world.get_observation()["robot_cartesian_pos"][0] > 0.6


# compiled and plain ---------------------------------------------------------------------------------------------------

_EVERYTHING = {
    "aspire": """
obs = get_observation()
view = obs["robot0_eye_in_hand"]
try:
    joints = solve_ik([0.4, 0.1, 2.0], [0, 1, 0, 0])
    joints[6] += 0.1
    moved = move_to_joints(joints)
    print(bool(moved), goto_pose([0.4, 0.1, 0.2], [0, 2, 0, 0], z_approach=0.1).status)
except RuntimeError as error:
    print(error)
try:
    print(len(plan_grasp(view["images"]["depth"], view["intrinsics"], view["images"]["depth"] > 0.5)[0]))
except AssertionError as error:
    print("none:", error)
breakpoint_code_block()
""",
    "capx": """
position, quaternion = get_object_pose(object_name="alphabet_soup")
print(position is None, env.handle.task_language)
try:
    position, quaternion = sample_grasp_pose("milk", use_multiview=False)
    goto_pose(position, quaternion, z_approach=-0.05)
    goto_pose(position, [0, 1, 0, 0], 0.1)
    print(sorted(get_object_3d_points_and_masks_from_language("milk")))
except ValueError as error:
    print(error)
""",
    "capx_robosuite": """
try:
    position, quaternion, extent = get_object_pose("red cube", return_bbox_extent=True)
    print(get_object_pose("red cube")[2], extent)
    goto_pose(*sample_grasp_pose("red cube"), z_approach=0.1)
except ValueError as error:
    print(error)
move_to_joints(solve_ik([0.4, 0.1, 2.0], [0, 2, 0, 0]))
home_pose()
""",
}


@pytest.mark.parametrize("name", _EVERYTHING)
def test_compiled_and_plain_agree(name: str):
    run = assert_agrees(pinned(_EVERYTHING[name], name), list(range(24)), failure_rate=0.3)
    assert not any(end.message for end in run.ends.values())


def test_calls_in_a_profile_are_in_the_line_of_the_program():
    text = pinned("x = 1\nposition, quaternion = get_object_pose('milk')\n", "capx")
    assert set(assert_agrees(text, [0]).paths[0]) == {("module:2", 2)}
    end = runner.run_plain(Program(pinned("x = 1\nsample_grasp_pose('milk')\n", "capx")), TableRobot(0, 1.0))
    assert end.line == 2 and end.message.startswith("ValueError: Could not segment object")


@pytest.mark.parametrize("profile", OTHERS, ids=lambda profile: profile.name)
def test_wrong_calls_at_run_time_say_the_same_and_no_hidden_name(profile: ApiProfile):
    wrong = ("", "*[()] * 9", "*None", "zzz=1", "(), **{'zzz': 1}", "1, 2, 3", "'a', 'b'")
    names = [name for name in function_texts("language/stdlib", *profile.files) if not name.startswith("_")]
    calls = [
        f"try:\n    [{name}][0]({each})\nexcept Exception as e:\n    print(e)\n" for name in names for each in wrong
    ]
    run = assert_agrees(pinned("".join(calls), profile.name), [0, 1])
    assert not any(hidden in run.ends[0].prints for hidden in (".native", "._", " _"))
