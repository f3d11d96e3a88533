"""The studies of the wave loop at a small size: what they measure is what they say."""

from __future__ import annotations

import pytest

from experiments.studies.loop import occupancy, wave


def test_loop_figures_come_with_shares_and_occupancy():
    figures = wave("native", [2], 300)["lanes"]["2"]
    parts = [figures[f"{name}_share"] for name in ("engine", "sense", "plan", "host")]
    assert sum(parts) == pytest.approx(1.0, abs=1e-3) and figures["machine_share"] <= figures["host_share"]
    assert 0.3 < figures["occupancy"] <= 1.0 and figures["rollouts"] == 4
    busy = occupancy("native", 3, 6)
    assert list(busy["mean_ticks"]) == ["reach.py", "push.py", "pick_and_place.py", "careful_pick_and_place.py"]
    assert 0.3 < busy["occupancy"] <= 1.0
