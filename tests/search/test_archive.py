"""The archive ranks by passes and draws parents that fail in different ways."""

from __future__ import annotations

from aspire_mjx.agents.briefing import Cause, Diagnosis, Parent
from aspire_mjx.faults.signature import Signature
from aspire_mjx.search.archive import Archive

EMPTY = Signature.parse("gripped/close_gripper/EMPTY_GRASP/-/target")
LOST = Signature.parse("carried/get_object_pose/NOT_FOUND/-/container")


def entry(toy, height: float, passes: int, signature: Signature | None, strict: int = 0) -> Parent:
    causes = (Cause(signature, "", 15 - passes, ""),) if signature else ()
    return Parent(toy.first().with_tunables({"lift_height": height}), toy.score(passes, strict, 15), Diagnosis(causes))


def test_parents_are_the_best_of_each_way_to_fail(toy):
    archive = Archive()
    entries = [
        entry(toy, 0.11, 5, EMPTY),
        entry(toy, 0.12, 9, EMPTY),
        entry(toy, 0.13, 7, LOST),
        entry(toy, 0.14, 8, EMPTY),
    ]
    for item in entries:
        archive.add(item)
    assert archive.best is entries[1]
    assert archive.parents(3) == (entries[1], entries[2])
    assert archive.parents(1) == (entries[1],)
    assert archive.keys == {item.candidate.key for item in entries} and len(archive.keys) == 4


def test_strict_passes_then_simplicity_break_ties(toy):
    archive = Archive()
    plain = Parent(toy.first(), toy.score(9, 8, 15), Diagnosis())
    for item in (entry(toy, 0.12, 9, None, strict=8), plain, entry(toy, 0.13, 9, None, strict=9)):
        archive.add(item)
    assert [e.debug.strict_passes for e in archive.ranked()] == [9, 8, 8]
    assert archive.ranked()[1] is plain


def test_the_first_entry_of_a_candidate_stays(toy):
    archive = Archive()
    archive.add(entry(toy, 0.12, 9, EMPTY))
    archive.add(entry(toy, 0.12, 9, LOST))
    assert len(archive.keys) == 1 and archive.best.diagnosis.dominant == EMPTY.key
