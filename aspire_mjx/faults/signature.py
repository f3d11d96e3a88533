"""What a failure looks like, independent of program text and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.extensions import added, function
from aspire_mjx.machine.output import Outcome
from aspire_mjx.sensing.parts import asked_part, part_similarity, parts_of
from aspire_mjx.sensing.vocabulary import MATCH, similarity
from aspire_mjx.status import Status
from aspire_mjx.worlds.assets import asset, categories

NONE = "-"  #: stands for "no primitive" and "no contact" in a key

#: Where in the task the call stands, as the robot itself can know: before anything is held; closing the gripper;
#: while something is held; opening the gripper while something is held; after that.
PHASES = ("reach", "grasp", "carry", "release", "verify")
ROLES = ("target", "container", "other", "none")
_OWN_CONTACTS = (NONE, "target", "container", "support", "self", "other")
_ADDED = added("contacts", taken=_OWN_CONTACTS)  # to the path of the rule that finds it
CONTACTS = (*_OWN_CONTACTS, *_ADDED)

#: Kinds of failure, by the status part of the key; every status but OK is a failed call.
_OUTCOME_KINDS = {
    Outcome.PROGRAM_ERROR.name: "program-error",
    Outcome.OUT_OF_STEPS.name: "out-of-steps",
    Outcome.OUT_OF_INSTRUCTIONS.name: "out-of-instructions",
    Outcome.DIVERGED.name: "diverged",
    Outcome.REFUSED.name: "refused",
    Outcome.ENGINE_FAULT.name: "engine-fault",
}
STATUSES = (*(s.name for s in Status), *(n for n in _OUTCOME_KINDS if n not in Status.__members__))
SIGNATURE_KINDS = ("call-failed", "goal-not-met", *_OUTCOME_KINDS.values())

_NAME = re.compile(r"-|[a-z_][a-z0-9_]*")
_ERROR = re.compile(r"|[A-Za-z_]\w*:\d+")


@dataclass(frozen=True, order=True)
class Signature:
    """A fault signature: the same for every program and seed that fails at the same place for the same reason.

    Attributes:
        primitive: name of the call that failed, "-" when there was none.
        phase: one of :data:`PHASES`.
        status: name of the call's status; "OK" when every call did what it says and the goal was still not met; an
            outcome's name (PROGRAM_ERROR, OUT_OF_STEPS, OUT_OF_INSTRUCTIONS, DIVERGED, REFUSED, ENGINE_FAULT) when the
            rollout ended early.
        contact: role of what was touched (:data:`CONTACTS`), for statuses that a contact explains, else "-".
        role: role of the object that the call was about, one of :data:`ROLES`.
        error: of a program that stopped with an error its type and source line, e.g. ``TypeError:27``; else "".
    """

    primitive: str
    phase: str
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
                "write type:line, e.g. TypeError:27, after a PROGRAM_ERROR only"
            )
        for kind, value, known in (
            ("phase", self.phase, PHASES),
            ("status", self.status, STATUSES),
            ("contact", self.contact, CONTACTS),
            ("role", self.role, ROLES),
        ):
            if value not in known:
                raise UnknownNameError(f"fault signature {kind}", value, known)

    @property
    def key(self) -> str:
        """The signature as text, e.g. ``close_gripper/grasp/EMPTY_GRASP/-/target``; :meth:`parse` reads it back."""
        error = (self.error,) if self.error else ()
        return "/".join((self.primitive, self.phase, self.status, self.contact, self.role, *error))

    @property
    def kind(self) -> str:
        """One of :data:`SIGNATURE_KINDS`: call-failed, goal-not-met, program-error, out-of-steps, ..."""
        if self.status == Status.OK.name:
            return "goal-not-met"
        return _OUTCOME_KINDS.get(self.status, "call-failed")

    @classmethod
    def parse(cls, key: str) -> Signature:
        """The signature of a key.

        Raises:
            AspireError: neither five parts nor six; UnknownNameError: a part that is not in its list.
        """
        parts = key.split("/")
        if len(parts) not in (5, 6):
            raise AspireError(
                f"fault signature {key!r} has {len(parts)} parts; write primitive/phase/status/contact/role, "
                "e.g. close_gripper/grasp/EMPTY_GRASP/-/target, and the error as a sixth after a PROGRAM_ERROR"
            )
        return cls(*parts)

    def __str__(self) -> str:
        return self.key


def signature_words(text: str) -> frozenset[str]:
    """Lower-case words of a prompt or category name, numbers dropped: "alphabet_soup_1" -> {alphabet, soup}."""
    return frozenset(re.findall(r"[a-z]+", text.lower()))


def names_category(text: str, category: str) -> bool:
    """True when a text names an object category: the words of one contain those of the other."""
    said, known = signature_words(text), signature_words(category)
    return bool(said and known) and (said <= known or known <= said)


def role_of_text(text: str, *, target: str, container: str) -> str:
    """Role of the object that a prompt names, given the task's categories: one of :data:`ROLES`.

    A part ("middle drawer handle", "stove control knob") has the role of the thing it belongs to. A prompt that fits
    both goes to the category it shares more words with, then to the target.
    """
    if not signature_words(text):
        return "none"
    fits = [
        (len(signature_words(text) & signature_words(category)), role)
        for role, category in (("container", container), ("target", target))
        if names_category(text, category) or similarity(text, category) >= MATCH or _is_part(text, category)
    ]
    return max(fits)[1] if fits else "other"


@lru_cache(maxsize=4096)
def _is_part(text: str, category: str) -> bool:
    """True when a text names a part that things of a category have."""
    asked = asked_part(text)
    if asked is None or category not in categories():
        return False
    whole = asset(category)
    return any(part_similarity(asked, part, whole) >= MATCH for part in parts_of(whole))


_ROBOT = re.compile(r"(^|_|\b)(link\d*|wrist|hand|finger\d*|gripper|panda|robot|arm)(_|\b|\d|$)")
_SUPPORT = re.compile(r"(^|_|\b)(floor|table|ground|support)(_|\b|\d|$)")


def contact_role(first: str, second: str, *, target: str, container: str) -> str:
    """Role of what was touched in a contact pair of link or object names: one of :data:`CONTACTS`.

    The robot's own part of the pair is left out; of two things that are not the robot (a held object against a
    wall), the one that is not the target counts.
    """
    names = [name for name in (first, second) if name]
    others = [name for name in names if not _ROBOT.search(name.lower())]
    if not names:
        return NONE
    if not others:
        return "self"
    roles = []
    for name in others:
        role = role_of_text(name, target=target, container=container)
        if role == "other" and (own := _added_contact(name)):
            roles.append(own)
            continue
        roles.append("support" if _SUPPORT.search(name.lower()) else "other" if role == "none" else role)
    return next((role for role in roles if role != "target"), "target")


@lru_cache(maxsize=4096)
def _added_contact(name: str) -> str:
    """The contact role that the first rule of an extension finds for a thing; "" where none does."""
    for role, path in _ADDED.items():
        if function(path, of=f"contact {role!r}")(name):
            return role
    return ""
