"""The time of an episode: what every world, robot and program agree on."""

from __future__ import annotations

TICK = 0.02  #: s, one control tick
HORIZON = 2500  #: control ticks in an episode (50 s, as upstream's 1000 steps of 50 ms)
SETTLE_TICKS = 25  #: 0.5 s, before the program starts and again before the strict verdict
