"""What a primitive says about itself: one status, with its reason."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class Status(IntEnum):
    """Honest outcome of one primitive call. The integer is the code in trace files; never renumber.

    Attributes:
        reason: one sentence that says what the status means.
    """

    reason: str

    def __new__(cls, code: int, reason: str) -> Self:
        """The member whose value is the code alone."""
        status = int.__new__(cls, code)
        status._value_ = code
        status.reason = reason
        return status

    OK = 0, "did what it says"
    NOT_FOUND = 1, "nothing in the image matches the prompt"
    AMBIGUOUS = 2, "several things in the image match the prompt equally well"
    IK_INFEASIBLE = 3, "no joint configuration reaches the target pose"
    IN_COLLISION = 4, "the target configuration collides with the robot itself or the support"
    PLANNING_ERROR = 5, "no free path to the target was found around what was seen"
    BLOCKED = 6, "the arm stopped short of the target against a contact"
    TIMEOUT = 7, "the target was not reached in the time allowed, though no contact stopped the arm"
    EMPTY_GRASP = 8, "the gripper closed on nothing"
    SLIPPED = 9, "the held object moved in the grip or was lost"
    OUT_OF_STEPS = 10, "the episode's step budget ran out"
    DIVERGED = 11, "the physics of this rollout became non-finite"
    NO_CONTACT = 12, "the motion went its whole way without the contact it was looking for"
    START_IN_COLLISION = 13, "the arm stands where the last look saw something else; look again, or move out of it"
    GOAL_IN_COLLISION = 14, "at the target the arm would touch something that was seen beside it"
