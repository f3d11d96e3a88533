"""What a call gives back: its results, for the program, and what the robots remember after it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from aspire_mjx.primitives.results import Results


class Answer(NamedTuple):
    """The end of one call in ``N`` lanes; ``memory [N]`` is that of :class:`~aspire_mjx.primitives.lanes.Lanes`."""

    results: Results
    memory: np.ndarray
