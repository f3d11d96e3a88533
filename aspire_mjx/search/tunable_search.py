"""Other settings of a program's tunables: S seeds x M settings of one program are one batch, with no recompilation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.language.tunables import tunables_of


def tunable_settings(candidate: Candidate, count: int, *, seed: tuple[int, ...], spread: float) -> list[Candidate]:
    """``count`` candidates: the same program with other settings, around the candidate's own.

    A Latin hypercube over all tunables: along each, the settings fall into ``count`` different strata.

    Args:
        candidate: whose program to tune.
        count: how many settings.
        seed: what the draw depends on besides the candidate.
        spread: width of the cube as a share of each tunable's range, in (0, 1].
    """
    declared = tunables_of(candidate.program)
    if not declared or count <= 0:
        return []
    rng = np.random.default_rng([*seed, int(candidate.program.hash, 16)])
    own = dict(candidate.tunables)
    strata = np.stack([rng.permutation(count) for _ in declared], axis=1)
    unit = (strata + rng.uniform(size=strata.shape)) / count - 0.5  # [count, tunables]
    made = []
    for row in unit:
        chosen = {}
        for tunable, offset in zip(declared, row, strict=True):
            value = own.get(tunable.name, tunable.default) + offset * spread * (tunable.high - tunable.low)
            chosen[tunable.name] = min(max(round(float(value), 4), tunable.low), tunable.high)
        changed = ", ".join(f"{name}={value:g}" for name, value in chosen.items())
        made.append(
            replace(
                candidate.with_tunables(chosen),
                hypothesis="the program is right and its numbers are not",
                difference=f"sets {changed}",
                expected_failure="as its parent",
            )
        )
    return made
