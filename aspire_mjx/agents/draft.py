"""A validated repair in the form of a skill."""

from __future__ import annotations

from aspire_mjx.agents.protocol import RepairEvidence
from aspire_mjx.skills.skill import ENCLOSING_FUNCTION, Skill


def draft_skill(evidence: RepairEvidence) -> Skill:
    """The skill; the gate fills in the numbers of the paired trial."""
    repair, signature = evidence.repair, evidence.signature
    call = f"`{signature.primitive}`" if signature.primitive != "-" else "no call"
    failed = "every call reports OK and the goal is not met" if signature.status == "OK" else signature.status
    wrapped = "the function around the blamed call" if repair.replaces == ENCLOSING_FUNCTION else f"`{repair.replaces}`"
    return Skill(
        name=repair.name,
        description=f"{repair.description} Use it for {failed} in the {signature.phase} phase.",
        signatures=(signature,),
        replaces=repair.replaces,
        failure=f"{failed}; blamed call: {call}, phase {signature.phase}, object: {signature.role}, "
        f"contact: {signature.contact}. Key: {signature.key}.",
        when=repair.when,
        repair=f"{repair.description} The helper stands in for {wrapped}.",
        code=repair.sketch.strip("\n") + "\n",
        evidence_text="Not yet measured.",
        extra=repair.extra,
    )
