"""The scripted agent's repairs: small functions that a person would write, keyed by the failures they answer.

To add one, add its function to a file of ``sketches/`` and a :class:`Repair` to :data:`REPERTOIRE`. A repair that
stands in for a primitive takes the same arguments and returns what the primitive returns wherever it can, so that
repairs combine.
"""

from __future__ import annotations

from aspire_mjx.agents.repair import Pattern, Repair
from aspire_mjx.language.function_texts import function_texts
from aspire_mjx.skills.skill import ENCLOSING_FUNCTION

_SKETCHES = function_texts("agents/sketches", "looking", "grasping", "moving", "releasing")
_EMPTY = Pattern(status="EMPTY_GRASP")
_SLIPPED = Pattern(status="SLIPPED")
_BLOCKED = Pattern(status="BLOCKED")
_NOT_FOUND = Pattern(status="NOT_FOUND")
_AMBIGUOUS = Pattern(status="AMBIGUOUS")
_INFEASIBLE = Pattern(status="IK_INFEASIBLE")
_TIMEOUT = Pattern(status="TIMEOUT")
_GOAL_NOT_MET = Pattern(status="OK")


def _look_again(primitive: str, *, name: str, helper: str) -> Repair:
    return Repair(
        name=name,
        description=f"When {primitive} finds nothing, move the arm home, out of the view, and look again.",
        when="An object that is there is sometimes not found: the arm is in the way or the detector missed it.",
        answers=(_NOT_FOUND, _AMBIGUOUS),
        replaces=primitive,
        layer=40,
        sketch=_SKETCHES[helper],
    )


def _steady_look(primitive: str, *, name: str, helper: str) -> Repair:
    return Repair(
        name=name,
        description=f"Call {primitive} several times and keep the look that lies nearest the median position.",
        when="The position from a single look is off, so that grasps miss or objects land beside the goal. "
        "Of no use when every look is wrong in the same way.",
        answers=(_EMPTY, _SLIPPED, _GOAL_NOT_MET, _BLOCKED),
        replaces=primitive,
        layer=30,
        sketch=_SKETCHES[helper],
    )


REPERTOIRE: tuple[Repair, ...] = (
    Repair(
        name="retry-until-held",
        description="Repeat the whole grasping function until the fingers hold something after the lift.",
        when="The gripper closed on nothing, or what it held was lost during the lift.",
        answers=(_EMPTY, _SLIPPED, _GOAL_NOT_MET),
        replaces=ENCLOSING_FUNCTION,
        layer=20,
        sketch=_SKETCHES["retry_until_held"],
    ),
    Repair(
        name="grasp-deeper",
        description="Grasp lower than the sampled grasp pose, by a tunable depth.",
        when="The fingers close above the object or on its rim and it slips out during the lift.",
        answers=(_EMPTY, _SLIPPED),
        replaces="sample_grasp_pose",
        layer=10,
        sketch=_SKETCHES["deeper_grasp"],
    ),
    Repair(
        name="turn-the-wrist",
        description="Turn the sampled grasp about the vertical by a tunable angle, 90 degrees at first.",
        when="A neighbour or the arm itself blocks the fingers on the way down.",
        answers=(_BLOCKED, _INFEASIBLE),
        replaces="sample_grasp_pose",
        layer=12,
        sketch=_SKETCHES["turned_grasp"],
    ),
    Repair(
        name="grip-before-moving",
        description="Wait after closing the fingers until the grip has settled.",
        when="The object slips or falls at the start of the lift although the fingers held it.",
        answers=(_SLIPPED,),
        replaces="close_gripper",
        layer=30,
        sketch=_SKETCHES["close_and_settle"],
    ),
    _look_again("sample_grasp_pose", name="look-again-for-the-grasp", helper="look_again_for_grasp"),
    _look_again("get_object_pose", name="look-again-for-the-place", helper="look_again_for_place"),
    Repair(
        name="carry-over-home",
        description="Go over the home position before the function that carries, so that the path stays high.",
        when="The arm or what it carries hits something on the straight way to the goal, or hides the goal.",
        answers=(_BLOCKED, _SLIPPED, _NOT_FOUND, _GOAL_NOT_MET),
        replaces=ENCLOSING_FUNCTION,
        layer=22,
        sketch=_SKETCHES["after_home"],
    ),
    Repair(
        name="come-from-above",
        description="Make every motion end with a straight descent from a tunable clearance above its target.",
        when="Motions touch an object or a rim on the way in, or what is held is knocked out of the hand there.",
        answers=(_SLIPPED, _BLOCKED, _TIMEOUT, _EMPTY, _GOAL_NOT_MET),
        replaces="goto_pose",
        layer=20,
        sketch=_SKETCHES["come_from_above"],
    ),
    Repair(
        name="retry-from-above",
        description="When a motion was blocked or timed out, try it again from high above the target.",
        when="A motion stops short of its target only on some seeds.",
        answers=(_BLOCKED, _TIMEOUT),
        replaces="goto_pose",
        layer=30,
        sketch=_SKETCHES["goto_or_from_above"],
    ),
    Repair(
        name="reach-some-way",
        description="When a pose is out of reach, try it with a lower approach and with the hand turned half round.",
        when="IK_INFEASIBLE on a pose that is inside the workspace; a parallel gripper grips the same either way.",
        answers=(_INFEASIBLE,),
        replaces="goto_pose",
        layer=40,
        sketch=_SKETCHES["reach_some_way"],
    ),
    _steady_look("sample_grasp_pose", name="steady-look-at-the-grasp", helper="steady_grasp_look"),
    _steady_look("get_object_pose", name="steady-look-at-the-place", helper="steady_place_look"),
    Repair(
        name="settle-then-release",
        description="Hold still before opening the fingers, so that what is held does not swing.",
        when="The object is released in the right place and still ends beside the goal.",
        answers=(_GOAL_NOT_MET,),
        replaces="open_gripper",
        layer=30,
        sketch=_SKETCHES["settle_then_release"],
    ),
    Repair(
        name="check-and-redo",
        description="After the task, look whether the object is inside the container, and do the task again if not.",
        when="The program ends without an error and the goal is not met, on some seeds only.",
        answers=(_GOAL_NOT_MET, _EMPTY, _SLIPPED, _NOT_FOUND, _BLOCKED, _TIMEOUT),
        replaces=ENCLOSING_FUNCTION,
        outermost=True,
        layer=5,
        sketch=_SKETCHES["redo_until_inside"],
    ),
)
