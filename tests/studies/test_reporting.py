"""The study of the reports at a small size: a report stays cheap."""

from __future__ import annotations

from experiments.studies.reporting import CALLS, many, report_seconds, text_to_report


def test_a_report_of_two_hundred_rollouts_takes_ten_times_its_share_at_most():
    """Two seconds of two cores for 2,000 rollouts of 30 calls."""
    batch = many("native", 200)
    assert len(batch) >= 200 and len(batch.calls["rollout"]) >= 200 * CALLS
    assert len({*zip(batch.rollout_text("task"), batch.rollouts["seed"].tolist(), strict=True)}) == len(batch)
    assert 0 < batch.passes().sum() < len(batch)
    spent = report_seconds(batch)
    assert sum(spent.values()) < 10 * 4.0 * len(batch) / 2000, spent


def test_the_time_from_text_to_report_is_told_by_part():
    found = text_to_report("native", 4)
    assert found["rollouts"] == 4 and 0 < found["report_cpu_s"] < found["cpu_s"]
    assert found["shares"]["engine_share"] > 0
