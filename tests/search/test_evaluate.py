"""K candidates on S seeds are one batch, cut back into candidates."""

from __future__ import annotations

from aspire_mjx.search.evaluate import evaluate_each
from aspire_mjx.seeds import Purpose


def test_batches_are_cut_by_candidate(toy):
    evaluate = toy.Direct()
    candidates = [toy.first().with_tunables({"lift_height": value}) for value in (0.15, 0.29)]
    batches = evaluate_each(
        candidates, task=toy.TASK, seeds=(51, 52, 53), evaluate=evaluate, purpose=Purpose.EDIT, stage="x"
    )
    assert len(evaluate.purposes) == 1 and len(batches) == 2
    for candidate, batch in zip(candidates, batches, strict=True):
        assert batch.rollouts["seed"].tolist() == [51, 52, 53]
        assert all(batch.tunables(row) == dict(candidate.tunables) for row in range(3))
