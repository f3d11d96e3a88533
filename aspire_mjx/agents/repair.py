"""A repair: a rule that answers a kind of failure by rewriting the program that failed."""

from __future__ import annotations

from dataclasses import dataclass

from aspire_mjx.errors import AspireError
from aspire_mjx.faults.signature import Signature
from aspire_mjx.skills.skill import ENCLOSING_FUNCTION, NAME, Skill, sole_function

_LAYER, _OUTERMOST = "layer", "outermost"  # keys of a skill's extra metadata
_MIDDLE = 25


@dataclass(frozen=True)
class Pattern:
    """Which fault signatures a repair answers. An empty field matches anything."""

    milestone: str = ""
    primitive: str = ""
    status: str = ""
    role: str = ""

    @classmethod
    def of(cls, signature: Signature) -> Pattern:
        """The pattern of one signature, whatever was touched."""
        return cls(signature.milestone, signature.primitive, signature.status, signature.role)

    def matches(self, signature: Signature) -> bool:
        """Whether the signature is meant."""
        return all(wanted in ("", getattr(signature, part)) for part, wanted in vars(self).items())


@dataclass(frozen=True)
class Repair:
    """One repair in words and code.

    Attributes:
      name: lower-case words joined by hyphens; also the name of the skill that is made of it.
      description: one sentence: what it does.
      when: when to apply it, and when not to.
      answers: the failures it answers.
      replaces: what its helper stands in for: a primitive's name, or :data:`ENCLOSING_FUNCTION`, the program's own
        function around the blamed call.
      sketch: Python text in the robot API: one function, the helper, complete in itself. It takes what the primitive
        takes; one that stands in for a function takes that function first and then its arguments.
      layer: order among the repairs of one program: a low one wraps a high one.
      outermost: stand in for the function that does the whole task instead of the innermost one.
      from_library: whether it was retrieved from a skill library.
    """

    name: str
    description: str
    when: str
    answers: tuple[Pattern, ...]
    replaces: str
    sketch: str
    layer: int = _MIDDLE
    outermost: bool = False
    from_library: bool = False

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise AspireError(
                f"repair {self.name!r}: a name is lower-case words joined by hyphens, such as 'look-again'. Rename it."
            )
        _ = self.helper

    @classmethod
    def of_skill(cls, skill: Skill) -> Repair:
        """A skill of the library, ready to be applied."""
        extra = dict(skill.extra)
        layer = extra.get(_LAYER, "")
        return cls(
            name=skill.name,
            description=skill.description,
            when=skill.when,
            answers=tuple(Pattern.of(signature) for signature in skill.signatures),
            replaces=skill.replaces,
            sketch=skill.code,
            layer=int(layer) if layer.isdecimal() else _MIDDLE,
            outermost=extra.get(_OUTERMOST) == "yes",
            from_library=True,
        )

    def as_skill(self, signature: Signature) -> Skill:
        """The repair as a skill against a fault; :meth:`of_skill` reads it back, the gate fills in the numbers."""
        call = f"`{signature.primitive}`" if signature.primitive != "-" else "no call"
        failed = "every call reports OK and the goal is not met" if signature.status == "OK" else signature.status
        missed = f" where the milestone {signature.milestone!r} is missed" if signature.milestone != "-" else ""
        wrapped = "the function around the blamed call" if self.wraps_function else f"`{self.replaces}`"
        return Skill(
            name=self.name,
            description=f"{self.description} Use it for {failed}{missed}.",
            signatures=(signature,),
            replaces=self.replaces,
            failure=f"{failed}; blamed call: {call}{missed}, object: {signature.role}, "
            f"contact: {signature.contact}. Key: {signature.key}.",
            when=self.when,
            repair=f"{self.description} The helper stands in for {wrapped}.",
            code=self.sketch,
            evidence_text="Not yet measured.",
            extra=((_LAYER, str(self.layer)), (_OUTERMOST, "yes" if self.outermost else "no")),
        )

    @property
    def helper(self) -> str:
        """Name of the helper function."""
        return sole_function(self.sketch, of=f"repair {self.name!r}").name

    @property
    def wraps_function(self) -> bool:
        """Whether it stands in for a function of the program instead of a primitive."""
        return self.replaces == ENCLOSING_FUNCTION

    def answers_to(self, signature: Signature) -> bool:
        """Whether it answers a fault signature."""
        return any(pattern.matches(signature) for pattern in self.answers)
