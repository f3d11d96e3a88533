"""The line-up of a round: the incumbent first and unchanged, no two alike, labelled."""

from __future__ import annotations

from aspire_mjx.search.lineup import line_up


def test_incumbent_is_a_and_repeats_are_dropped(toy):
    first = toy.first()
    proposed = [first, *(first.with_tunables({"lift_height": value}) for value in (0.1, 0.2, 0.1, 0.3))]
    lined = line_up(first, proposed, size=8, tried=frozenset())
    assert [c.label for c in lined] == ["A", "B", "C", "D"]
    assert lined[0].program == first.program and lined[0].key == first.key
    assert len({c.key for c in lined}) == 4


def test_size_and_what_was_tried_are_respected(toy):
    first = toy.first()
    proposed = [first.with_tunables({"lift_height": value / 100}) for value in range(10, 30)]
    tried = frozenset({proposed[0].key})
    lined = line_up(first, proposed, size=4, tried=tried)
    assert len(lined) == 4 and not tried & {c.key for c in lined}
