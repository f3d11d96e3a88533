"""Statistical blame: spectrum-based fault localisation over passing and failing rollouts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from aspire_mjx.faults.spectrum import Hits, Site, Spectrum, site_hits
from aspire_mjx.faults.statistics import holm
from aspire_mjx.traces.columns import TraceBatch

_SIGNIFICANT = 0.05


def ochiai(failed_hits: int, failed: int, passed_hits: int) -> float:
    """Ochiai suspiciousness ef / sqrt(F * (ef + ep)), in [0, 1]; 0 when nothing failed or nothing was hit.

    R. Abreu, P. Zoeteweij, A. J. C. van Gemund, "On the accuracy of spectrum-based fault localization",
    TAICPART-MUTATION 2007.
    """
    scale = failed * (failed_hits + passed_hits)
    return failed_hits / math.sqrt(scale) if scale else 0.0


def tarantula(failed_hits: int, failed: int, passed_hits: int, passed: int) -> float:
    """Tarantula suspiciousness (ef/F) / (ef/F + ep/P), in [0, 1]; a rate over no rollouts counts as 0.

    J. A. Jones, M. J. Harrold, "Empirical evaluation of the Tarantula automatic fault-localization technique",
    ASE 2005.
    """
    failed_rate = failed_hits / failed if failed else 0.0
    passed_rate = passed_hits / passed if passed else 0.0
    total = failed_rate + passed_rate
    return failed_rate / total if total else 0.0


@dataclass(frozen=True)
class SiteBlame:
    """How much one site of a program is to blame.

    Attributes:
        line: source line.
        what: what rollouts did there (``spectrum.Site``).
        spectrum: what counts as a hit of a rollout.
        failed_hits: failed rollouts that hit the site.
        passed_hits: passed rollouts that hit the site.
        failed: failed rollouts in all.
        passed: passed rollouts in all.
        ochiai: suspiciousness in [0, 1].
        tarantula: suspiciousness in [0, 1].
        p_value: that failed rollouts hit it as often as passed ones, one-sided (Fisher's exact test), after Holm's
            correction over the sites; those of one block of lines, which have the same counts, are one test. 1 where
            every rollout hits it, or all have the same verdict.
        rank: 1 for the most suspicious; equally suspicious sites share the first of their places.
        ties: how many sites share the rank, this one included.
    """

    line: int
    what: str
    spectrum: Spectrum
    failed_hits: int
    passed_hits: int
    failed: int
    passed: int
    ochiai: float
    tarantula: float
    p_value: float
    rank: int
    ties: int

    @property
    def tells_apart(self) -> bool:
        """Whether failed rollouts hit it more often than passed ones by more than chance."""
        return self.p_value < _SIGNIFICANT

    @property
    def sentence(self) -> str:
        """The site and its numbers."""
        shared = f", shared by {self.ties}" if self.ties > 1 else ""
        how = {"not-ok": f"{self.what} not OK", "call": f"{self.what} called"}.get(self.spectrum, self.what)
        return (
            f"line {self.line} {how}: in {self.failed_hits}/{self.failed} failed, {self.passed_hits}/{self.passed} "
            f"passed; Ochiai {self.ochiai:.2f}, Tarantula {self.tarantula:.2f} (rank {self.rank}{shared}; "
            f"p = {self.p_value:.2g})"
        )


def blame_sites(
    batch: TraceBatch, passes: np.ndarray, *, program: int = 0, outcomes: Mapping[str, np.ndarray] | None = None
) -> tuple[SiteBlame, ...]:
    """Blame every site of one program over its rollouts in a batch, in the order of :func:`blame_hits`.

    The arguments are those of :func:`spectrum.site_hits`.
    """
    mine = batch.rollouts["program"] == program
    failed, passed = int((mine & ~passes).sum()), int((mine & passes).sum())
    return blame_hits(site_hits(batch, passes, program=program, outcomes=outcomes), failed, passed)


def blame_hits(hits: Mapping[Site, Hits], failed: int, passed: int) -> tuple[SiteBlame, ...]:
    """Blame sites by the failed and passed rollouts that hit them.

    Sites that tell failures from passes come first, then the others: of a site that nearly every rollout hits
    Ochiai is the root of the failure rate, whatever it does. In each the most suspicious comes first (Ochiai, then
    Tarantula, then by line).

    Args:
        hits: by site.
        failed: failed rollouts in all.
        passed: passed rollouts in all.
    """
    p_values = _p_values(set(hits.values()), failed, passed)
    scored = sorted(
        (
            (p_values[hit] >= _SIGNIFICANT, -ochiai(hit.failed, failed, hit.passed)),
            -tarantula(hit.failed, failed, hit.passed, passed),
            site,
            hit,
        )
        for site, hit in hits.items()
    )
    places = [place for place, *_ in scored]
    first, ties = {place: number for number, place in reversed(list(enumerate(places, start=1)))}, Counter(places)
    return tuple(
        SiteBlame(*site, *hit, failed, passed, -place[1], -score, p_values[hit], first[place], ties[place])
        for place, score, site, hit in scored
    )


def comparison(sites: Sequence[SiteBlame], failed: int, passed: int, *, shown: int) -> list[str]:
    """What the comparison of failures and passes says, in sentences; where there is none to make it says so.

    Args:
        sites: in the order of :func:`blame_hits`.
        failed: failed rollouts.
        passed: passed rollouts.
        shown: sites to name at most.
    """
    if not failed:
        return []
    if not passed:
        return [
            "no rollout passes, so failures and passes cannot be compared: the milestones say how far they came, and "
            "forks (--forks) which change would make them pass"
        ]
    telling = [site.sentence for site in sites if site.tells_apart]
    return telling[:shown] or ["no line, branch, call or outcome is hit by failures more often than chance explains"]


def _p_values(hits: set[Hits], failed: int, passed: int) -> dict[Hits, float]:
    """Holm-corrected p-values of counts."""
    counts = sorted(hits)
    if not counts:
        return {}
    bad, all_ = np.array([hit.failed for hit in counts]), np.array([sum(hit) for hit in counts])
    tails = stats.hypergeom.sf(bad - 1, failed + passed, failed, all_)
    return dict(zip(counts, holm(np.minimum(1.0, tails).tolist()), strict=True))
