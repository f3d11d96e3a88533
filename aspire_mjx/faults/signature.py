"""What a failure looks like, independent of program text and line, of names and of seeds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.faults.anomalies import ANOMALIES
from aspire_mjx.faults.milestones import MILESTONES
from aspire_mjx.faults.roles import CONTACTS, NONE, ROLES
from aspire_mjx.machine.output import Outcome
from aspire_mjx.status import Status

#: The first milestone that was missed; NONE where the judge saw all of them reached, or looked at none.
MISSED = (*MILESTONES, NONE)

#: Kinds of failure, by the status part of the key; every status but OK is a failed call.
_OUTCOME_KINDS = {
    Outcome.PROGRAM_ERROR.name: "program-error",
    Outcome.OUT_OF_STEPS.name: "out-of-steps",
    Outcome.OUT_OF_INSTRUCTIONS.name: "out-of-instructions",
    Outcome.DIVERGED.name: "diverged",
    Outcome.REFUSED.name: "refused",
    Outcome.ENGINE_FAULT.name: "engine-fault",
}
STATUSES = (*(s.name for s in Status), *(n for n in _OUTCOME_KINDS if n not in Status.__members__), *ANOMALIES)
SIGNATURE_KINDS = ("call-failed", "anomaly", "goal-not-met", *_OUTCOME_KINDS.values())

_NAME = re.compile(r"-|[a-z_][a-z0-9_]*")
_ERROR = re.compile(r"|[A-Za-z_]\w*")
_OLD_PHASES = ("reach", "grasp", "carry", "release", "verify")  # second part of keys before milestones
_EXAMPLE = "gripped/close_gripper/EMPTY_GRASP/-/target"


@dataclass(frozen=True, order=True)
class Signature:
    """A fault signature: the same for every program and seed that fails at the same place for the same reason.

    Attributes:
        milestone: the first milestone that was missed, one of :data:`MISSED`.
        primitive: name of the call that is blamed, "-" when there is none.
        status: name of the call's status; of an anomaly, such as ``slip-after-grasp``; "OK" when nothing unusual stands
            before the milestone; an outcome's name (PROGRAM_ERROR, OUT_OF_STEPS, OUT_OF_INSTRUCTIONS, DIVERGED,
            REFUSED, ENGINE_FAULT) when the rollout ended early.
        contact: role of what was touched (:data:`CONTACTS`), for statuses that a contact explains, else "-".
        role: role of the object that the call was about, one of :data:`ROLES`.
        error: of a program that stopped with an error its type, e.g. ``TypeError``; else "".
    """

    milestone: str
    primitive: str
    status: str
    contact: str = NONE
    role: str = "none"
    error: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.primitive):
            raise AspireError(f"fault signature: {self.primitive!r} is not a primitive's name (or '-' for none)")
        if not _ERROR.fullmatch(self.error) or (self.error and self.status != Outcome.PROGRAM_ERROR.name):
            raise AspireError(
                f"fault signature: {self.error!r} is not the error of a {self.status}; "
                "write its type, e.g. TypeError, after a PROGRAM_ERROR only"
            )
        for kind, value, known in (
            ("milestone", self.milestone, MISSED),
            ("status", self.status, STATUSES),
            ("contact", self.contact, CONTACTS),
            ("role", self.role, ROLES),
        ):
            if value not in known:
                raise UnknownNameError(f"fault signature {kind}", value, known)

    @property
    def key(self) -> str:
        """The signature as text, e.g. ``gripped/close_gripper/EMPTY_GRASP/-/target``; :meth:`parse` reads it back."""
        error = (self.error,) if self.error else ()
        return "/".join((self.milestone, self.primitive, self.status, self.contact, self.role, *error))

    @property
    def kind(self) -> str:
        """One of :data:`SIGNATURE_KINDS`: call-failed, anomaly, goal-not-met, program-error, out-of-steps, ..."""
        if self.status == Status.OK.name:
            return "goal-not-met"
        return "anomaly" if self.status in ANOMALIES else _OUTCOME_KINDS.get(self.status, "call-failed")

    @classmethod
    def parse(cls, key: str) -> Signature:
        """The signature of a key.

        Raises:
            AspireError: neither five parts nor six, or a key of the time before milestones; UnknownNameError: a part
                that is not in its list.
        """
        parts = key.split("/")
        if len(parts) not in (5, 6):
            raise AspireError(
                f"fault signature {key!r} has {len(parts)} parts; write milestone/primitive/status/contact/role, "
                f"e.g. {_EXAMPLE}, and the error's type as a sixth after a PROGRAM_ERROR"
            )
        if parts[1] in _OLD_PHASES and parts[0] not in MILESTONES:
            raise AspireError(
                f"fault signature {key!r} is of the time before milestones (primitive/phase/status/contact/role); "
                f"put the first milestone missed in front and leave out the phase, e.g. {_EXAMPLE}, or admit the skill "
                f"again; milestones: {', '.join(MISSED)}"
            )
        return cls(*parts)

    def __str__(self) -> str:
        return self.key
