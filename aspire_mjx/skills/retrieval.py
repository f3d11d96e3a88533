"""Which skills may help with a failure: by fault signature first, then by words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aspire_mjx.faults.roles import signature_words
from aspire_mjx.faults.signature import Signature
from aspire_mjx.skills.imported import ImportedSkill
from aspire_mjx.skills.skill import Skill

_EXACT, _SAME_CALL, _SAME_KIND = 1.0, 0.6, 0.3
_TEXT_WEIGHT = 0.1  # less than the distance between two levels: words never beat a better signature
_COMMON = signature_words(
    "a an the and or of in on to it is its with when that this from for by as at be not use again call"
)


@dataclass(frozen=True)
class Match:
    """A retrieved skill with its score (higher is better) and the reasons for it, in words."""

    skill: Skill
    score: float
    reasons: tuple[str, ...]


def retrieve(
    skills: Iterable[Skill], signatures: Sequence[Signature], *, language: str = "", limit: int = 5
) -> tuple[Match, ...]:
    """The active skills that match, best first.

    Args:
        skills: a library, or any skills.
        signatures: of the failures at hand, most frequent first.
        language: the task in words; its overlap with a skill's description and "When to apply" breaks ties.
        limit: most matches returned.

    Returns:
        Matches by score: an equal signature, then the same primitive and status, then the same status and milestone,
        then words alone; equal scores by gain shown in the evidence, then by name. Skills that match in nothing are
        left out.
    """
    matches = [
        _match(skill, signatures, signature_words(language) - _COMMON) for skill in skills if skill.status == "active"
    ]
    found = [match for match in matches if match.score > 0.0]
    found.sort(key=lambda m: (-m.score, m.skill.evidence.losses - m.skill.evidence.gains, m.skill.name))
    return tuple(found[:limit])


def retrieve_knowledge(
    skills: Iterable[ImportedSkill], signatures: Sequence[Signature], *, language: str = "", limit: int = 3
) -> tuple[ImportedSkill, ...]:
    """The imported skills that share most words with the task and with what fails; none that shares no word.

    A word in the name or description counts twice one in the body. Equal ones go by name.

    Args:
        skills: what was imported.
        signatures: of the failures at hand.
        language: the task in words.
        limit: most skills returned.
    """
    said = (
        signature_words(" ".join([language, *(f"{s.primitive} {s.milestone} {s.status}" for s in signatures)]))
        - _COMMON
    )

    def score(skill: ImportedSkill) -> int:
        head = said & signature_words(f"{skill.name} {skill.description}")
        return len(head) + len(said & signature_words(f"{skill.name} {skill.description} {skill.body}"))

    scored = sorted(((score(skill), skill) for skill in skills), key=lambda pair: (-pair[0], pair[1].name))
    return tuple(skill for points, skill in scored[:limit] if points)


def _match(skill: Skill, signatures: Sequence[Signature], said: frozenset[str]) -> Match:
    level, reasons = 0.0, []
    for wanted in signatures:
        for known in skill.signatures:
            score, reason = _compare(known, wanted)
            if score > level:
                level, reasons = score, [reason]
    shared = said & (signature_words(f"{skill.description} {skill.when}") - _COMMON)
    if shared:
        level += _TEXT_WEIGHT * len(shared) / len(said)
        reasons.append(f"words in common: {', '.join(sorted(shared))}")
    return Match(skill, level, tuple(reasons))


def _compare(known: Signature, wanted: Signature) -> tuple[float, str]:
    if known == wanted:
        return _EXACT, f"same fault signature {wanted.key}"
    if (known.primitive, known.status) == (wanted.primitive, wanted.status):
        return _SAME_CALL, f"same primitive and status ({wanted.primitive}, {wanted.status}) as {wanted.key}"
    if (known.status, known.milestone) == (wanted.status, wanted.milestone):
        return _SAME_KIND, f"same status and milestone ({wanted.status}, {wanted.milestone}) as {wanted.key}"
    return 0.0, ""
