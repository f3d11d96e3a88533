"""What a primitive says about itself: one status, with its reason."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Honest outcome of one primitive call. The integer is the code in trace files; never renumber."""

    OK = 0
    NOT_FOUND = 1  #: nothing in the image matches the prompt
    AMBIGUOUS = 2  #: several things match equally well
    IK_INFEASIBLE = 3  #: no joint configuration reaches the target pose
    IN_COLLISION = 4  #: the target configuration touches the robot itself or the floor
    PLANNING_ERROR = 5  #: no free path to the target around what was seen
    BLOCKED = 6  #: the arm stopped short of the target against a contact
    TIMEOUT = 7  #: the target was not reached in the time allowed, and no contact stopped the arm
    EMPTY_GRASP = 8  #: the gripper closed on nothing
    SLIPPED = 9  #: the held object was lost or moved in the grip during the motion
    OUT_OF_STEPS = 10  #: the episode's step budget ended during the call
    DIVERGED = 11  #: the physics of this lane produced a non-finite state
    NO_CONTACT = 12  #: the motion went its whole way without the contact it was looking for
    START_IN_COLLISION = 13  #: the arm stands inside something that was seen: look again, or move it out
    GOAL_IN_COLLISION = 14  #: the target configuration touches something that was seen beside the target

    @property
    def reason(self) -> str:
        """One sentence that says what the status means."""
        return _REASONS[self]


_REASONS = {
    Status.OK: "did what it says",
    Status.NOT_FOUND: "nothing in the image matches the prompt",
    Status.AMBIGUOUS: "several things in the image match the prompt equally well",
    Status.IK_INFEASIBLE: "no joint configuration reaches the target pose",
    Status.IN_COLLISION: "the target configuration collides with the robot itself or the support",
    Status.PLANNING_ERROR: "no free path to the target was found around what was seen",
    Status.BLOCKED: "the arm stopped short of the target against a contact",
    Status.TIMEOUT: "the target was not reached in the time allowed, though no contact stopped the arm",
    Status.EMPTY_GRASP: "the gripper closed on nothing",
    Status.SLIPPED: "the held object moved in the grip or was lost",
    Status.OUT_OF_STEPS: "the episode's step budget ran out",
    Status.DIVERGED: "the physics of this rollout became non-finite",
    Status.START_IN_COLLISION: "the arm stands where the last look saw something else; look again, or move out of it",
    Status.GOAL_IN_COLLISION: "at the target the arm would touch something that was seen beside it",
    Status.NO_CONTACT: "the motion went its whole way without the contact it was looking for",
}
