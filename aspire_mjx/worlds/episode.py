"""The time of an episode: what every world, robot and program agree on."""

from __future__ import annotations

TICK = 0.02  #: s, one control tick
HORIZON = 10_000  #: control ticks in an episode: 200 s, as the 4,000 steps of 50 ms of CaP-X and ASPIRE
SETTLE_TICKS = 25  #: 0.5 s, before the program starts and again before the strict verdict
