"""The scripted agent's repairs: small functions that a person would write, keyed by the failures they answer.

To add one, add a :class:`Repair` to :data:`REPERTOIRE`. A repair that stands in for a primitive takes the same
arguments and returns what the primitive returns wherever it can, so that repairs combine.
"""

from __future__ import annotations

from aspire_mjx.agents.repair import Pattern, Repair
from aspire_mjx.skills.skill import ENCLOSING_FUNCTION

_EMPTY = Pattern(status="EMPTY_GRASP")
_SLIPPED = Pattern(status="SLIPPED")
_BLOCKED = Pattern(status="BLOCKED")
_NOT_FOUND = Pattern(status="NOT_FOUND")
_AMBIGUOUS = Pattern(status="AMBIGUOUS")
_INFEASIBLE = Pattern(status="IK_INFEASIBLE")
_TIMEOUT = Pattern(status="TIMEOUT")
_GOAL_NOT_MET = Pattern(status="OK")


def _steady_look(primitive: str, parameters: str, *, name: str, helper: str) -> Repair:
    passed = _passed(parameters)
    return Repair(
        name=name,
        description=f"Call {primitive} several times and keep the look that lies nearest the median position.",
        when="The position from a single look is off, so that grasps miss or objects land beside the goal. "
        "Of no use when every look is wrong in the same way.",
        answers=(_EMPTY, _SLIPPED, _GOAL_NOT_MET, _BLOCKED),
        replaces=primitive,
        layer=30,
        sketch=f'''
def {helper}({parameters}):
    """Look several times; outliers do not move the median."""
    import numpy as np

    looks = [{primitive}({passed}) for _ in range(5)]
    found = [look for look in looks if look]
    if len(found) == 0:
        return looks[0]
    middle = np.median(np.array([look.position for look in found]), axis=0)
    return min(found, key=lambda look: np.linalg.norm(look.position - middle))
''',
    )


def _look_again(primitive: str, parameters: str, *, name: str, helper: str) -> Repair:
    passed = _passed(parameters)
    return Repair(
        name=name,
        description=f"When {primitive} finds nothing, move the arm home, out of the view, and look again.",
        when="An object that is there is sometimes not found: the arm is in the way or the detector missed it.",
        answers=(_NOT_FOUND, _AMBIGUOUS),
        replaces=primitive,
        layer=40,
        sketch=f'''
def {helper}({parameters}):
    """Look; when nothing is found, get out of the way and look again."""
    look = {primitive}({passed})
    for attempt in range(3):
        if look:
            return look
        if attempt == 0:
            goto_home_joint_position()
        wait(0.1)
        look = {primitive}({passed})
    return look
''',
    )


def _passed(parameters: str) -> str:
    """``name, flag=False`` -> ``name, flag=flag``: the arguments that pass these parameters on."""
    names = [part.strip().partition("=") for part in parameters.split(",")]
    return ", ".join(f"{name}={name}" if equals else name for name, equals, _ in names)


_GRASPS = (
    Repair(
        name="retry-until-held",
        description="Repeat the whole grasping function until the fingers hold something after the lift.",
        when="The gripper closed on nothing, or what it held was lost during the lift.",
        answers=(_EMPTY, _SLIPPED, _GOAL_NOT_MET),
        replaces=ENCLOSING_FUNCTION,
        layer=20,
        sketch='''
def retry_until_held(attempt, *arguments):
    """The width between the fingertips tells whether anything is held."""
    outcome = attempt(*arguments)
    for _ in range(3):
        if get_gripper_width() > 0.004:
            return outcome
        open_gripper()
        goto_home_joint_position()
        outcome = attempt(*arguments)
    return outcome
''',
    ),
    Repair(
        name="grasp-deeper",
        description="Grasp lower than the sampled grasp pose, by a tunable depth.",
        when="The fingers close above the object or on its rim and it slips out during the lift.",
        answers=(_EMPTY, _SLIPPED),
        replaces="sample_grasp_pose",
        layer=10,
        sketch='''
def deeper_grasp(name):
    """The sampled grasp, further down."""
    import numpy as np

    position, quaternion = sample_grasp_pose(name)
    depth = tunable("grasp_depth", 0.015, low=-0.02, high=0.04)
    return position - np.array([0.0, 0.0, depth]), quaternion
''',
    ),
    Repair(
        name="turn-the-wrist",
        description="Turn the sampled grasp about the vertical by a tunable angle, 90 degrees at first.",
        when="A neighbour or the arm itself blocks the fingers on the way down.",
        answers=(_BLOCKED, _INFEASIBLE),
        replaces="sample_grasp_pose",
        layer=12,
        sketch='''
def turned_grasp(name):
    """The sampled grasp with the hand turned about its own axis."""
    import numpy as np

    position, quaternion = sample_grasp_pose(name)
    half = tunable("grasp_turn", 1.5708, low=0.0, high=3.1416) / 2.0
    w, x, y, z = quaternion
    c, s = np.cos(half), np.sin(half)
    return position, np.array([w * c - z * s, x * c + y * s, y * c - x * s, z * c + w * s])
''',
    ),
    Repair(
        name="grip-before-moving",
        description="Wait after closing the fingers until the grip has settled.",
        when="The object slips or falls at the start of the lift although the fingers held it.",
        answers=(_SLIPPED,),
        replaces="close_gripper",
        layer=30,
        sketch='''
def close_and_settle():
    """Close, and give the grip time to settle."""
    closed = close_gripper()
    wait(tunable("grip_wait", 0.3, low=0.0, high=1.0))
    return closed
''',
    ),
)

_MOTIONS = (
    Repair(
        name="carry-over-home",
        description="Go over the home position before the function that carries, so that the path stays high.",
        when="The arm or what it carries hits something on the straight way to the goal, or hides the goal.",
        answers=(_BLOCKED, _SLIPPED, _NOT_FOUND, _GOAL_NOT_MET),
        replaces=ENCLOSING_FUNCTION,
        layer=22,
        sketch='''
def after_home(carry, *arguments):
    """The home position is high and leaves the view free."""
    goto_home_joint_position()
    return carry(*arguments)
''',
    ),
    Repair(
        name="come-from-above",
        description="Make every motion end with a straight descent from a tunable clearance above its target.",
        when="Motions touch an object or a rim on the way in, or what is held is knocked out of the hand there.",
        answers=(_SLIPPED, _BLOCKED, _TIMEOUT, _EMPTY, _GOAL_NOT_MET),
        replaces="goto_pose",
        layer=20,
        sketch='''
def come_from_above(position, quaternion_wxyz, z_approach=0.0):
    """Reach the point above the target first."""
    clearance = tunable("clearance", 0.15, low=0.05, high=0.30)
    return goto_pose(position, quaternion_wxyz, z_approach=max(z_approach, clearance))
''',
    ),
    Repair(
        name="retry-from-above",
        description="When a motion was blocked or timed out, try it again from high above the target.",
        when="A motion stops short of its target only on some seeds.",
        answers=(_BLOCKED, _TIMEOUT),
        replaces="goto_pose",
        layer=30,
        sketch='''
def goto_or_from_above(position, quaternion_wxyz, z_approach=0.0):
    """Go; if that failed, go again from above."""
    moved = goto_pose(position, quaternion_wxyz, z_approach=z_approach)
    if not moved:
        moved = goto_pose(position, quaternion_wxyz, z_approach=0.2)
    return moved
''',
    ),
    Repair(
        name="reach-some-way",
        description="When a pose is out of reach, try it with a lower approach and with the hand turned half round.",
        when="IK_INFEASIBLE on a pose that is inside the workspace; a parallel gripper grips the same either way.",
        answers=(_INFEASIBLE,),
        replaces="goto_pose",
        layer=40,
        sketch='''
def reach_some_way(position, quaternion_wxyz, z_approach=0.0):
    """The same grasp in another of its forms."""
    import numpy as np

    moved = goto_pose(position, quaternion_wxyz, z_approach=z_approach)
    if moved.status == "IK_INFEASIBLE" and z_approach > 0.0:
        moved = goto_pose(position, quaternion_wxyz, z_approach=z_approach / 2.0)
    if moved.status == "IK_INFEASIBLE":
        w, x, y, z = quaternion_wxyz
        moved = goto_pose(position, np.array([-z, y, -x, w]), z_approach=0.0)
    return moved
''',
    ),
)

_RELEASES = (
    Repair(
        name="settle-then-release",
        description="Hold still before opening the fingers, so that what is held does not swing.",
        when="The object is released in the right place and still ends beside the goal.",
        answers=(_GOAL_NOT_MET,),
        replaces="open_gripper",
        layer=30,
        sketch='''
def settle_then_release():
    """Let the arm come to rest, open, and let what was held come to rest."""
    wait(tunable("release_wait", 0.3, low=0.0, high=1.0))
    opened = open_gripper()
    wait(0.2)
    return opened
''',
    ),
    Repair(
        name="check-and-redo",
        description="After the task, look whether the object is inside the container, and do the task again if not.",
        when="The program ends without an error and the goal is not met, on some seeds only.",
        answers=(_GOAL_NOT_MET, _EMPTY, _SLIPPED, _NOT_FOUND, _BLOCKED, _TIMEOUT),
        replaces=ENCLOSING_FUNCTION,
        outermost=True,
        layer=5,
        sketch='''
def redo_until_inside(task, *arguments):
    """Do the task, look, and do it again while the object is seen outside the container."""
    import numpy as np

    picked, inside, container = task_language().lower().strip(" .").partition(" and place it in the ")
    name = picked.replace("pick up the ", "").replace("pick the ", "")
    outcome = None
    for _ in range(3):
        try:
            outcome = task(*arguments)
            if not inside:
                return outcome
            goto_home_joint_position()
            seen = get_object_pose(name)
            if not seen:
                return outcome
            around = get_object_pose(container)
            offset = np.abs(seen.position - around.position)
            if offset[0] < 0.5 * around.extent[0] and offset[1] < 0.5 * around.extent[1]:
                return outcome
        except PerceptionError:
            goto_home_joint_position()
    return outcome
''',
    ),
)

_GRASP, _PLACE = "name", "name, return_bbox_extent=False"

REPERTOIRE: tuple[Repair, ...] = (
    *_GRASPS,
    _look_again("sample_grasp_pose", _GRASP, name="look-again-for-the-grasp", helper="look_again_for_grasp"),
    _look_again("get_object_pose", _PLACE, name="look-again-for-the-place", helper="look_again_for_place"),
    *_MOTIONS,
    _steady_look("sample_grasp_pose", _GRASP, name="steady-look-at-the-grasp", helper="steady_grasp_look"),
    _steady_look("get_object_pose", _PLACE, name="steady-look-at-the-place", helper="steady_place_look"),
    *_RELEASES,
)
