"""K candidates on S seeds are one batch, cut back into candidates."""

from __future__ import annotations

from aspire_mjx.seeds import Purpose


def test_batches_are_cut_by_candidate(toy):
    evaluate = toy.Direct()
    candidates = [toy.first().with_tunables({"lift_height": value}) for value in (0.15, 0.29)]
    setup = toy.setup(evaluate=evaluate)
    batches = setup.evaluate_each(candidates, toy.TASK, (51, 52, 53), Purpose.EDIT, "x")
    assert len(evaluate.purposes) == 1 and len(batches) == 2
    for candidate, batch in zip(candidates, batches, strict=True):
        assert batch.rollouts["seed"].tolist() == [51, 52, 53]
        assert all(batch.tunables(row) == dict(candidate.tunables) for row in range(3))
