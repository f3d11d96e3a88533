"""Statistical blame of call sites: spectrum-based fault localisation over passing and failing rollouts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aspire_mjx.traces.columns import TraceBatch

Spectrum = Literal["not-ok", "executed"]
Site = tuple[int, str, Spectrum]  #: source line, primitive, what counts as a hit
Hits = tuple[int, int]  #: failed and passed rollouts that hit a site


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
    """How much one call site of a program is to blame.

    Attributes:
        line: source line.
        primitive: what is called there.
        spectrum: what counts as a hit of a rollout: "executed" (the call was made) or "not-ok" (it was made and did
            not say OK, at least once).
        failed_hits: failed rollouts that hit the site.
        passed_hits: passed rollouts that hit the site.
        failed: failed rollouts in all.
        passed: passed rollouts in all.
        ochiai: suspiciousness in [0, 1].
        tarantula: suspiciousness in [0, 1].
    """

    line: int
    primitive: str
    spectrum: Spectrum
    failed_hits: int
    passed_hits: int
    failed: int
    passed: int
    ochiai: float
    tarantula: float

    @property
    def tells_apart(self) -> bool:
        """False when every rollout hits the site, so that it says nothing."""
        return self.failed_hits + self.passed_hits < self.failed + self.passed


def blame_sites(batch: TraceBatch, passes: np.ndarray, *, program: int = 0) -> tuple[SiteBlame, ...]:
    """Blame every call site of one program over its rollouts in a batch.

    Args:
        batch: traces.
        passes: ``[B]`` bool, the verdict to explain.
        program: index into ``batch.programs``.

    Returns:
        Sites with at least one hit, "not-ok" before "executed", in each most suspicious first (Ochiai, then
        Tarantula, then by line). The spectra are not ranked against each other: a call that every rollout makes has
        an Ochiai of sqrt(failure rate) whatever it does. A site may stand twice, once for each spectrum.
    """
    mine = batch.rollouts["program"] == program
    failed, passed = int((mine & ~passes).sum()), int((mine & passes).sum())
    return blame_hits(site_hits(batch, passes, program=program), failed, passed)


def site_hits(batch: TraceBatch, passes: np.ndarray, *, program: int = 0) -> dict[Site, Hits]:
    """The rollouts of one program in a batch that hit each of its call sites; sites without a hit are left out.

    Hits of several batches of one program may be added up. The arguments are those of :func:`blame_sites`.
    """
    of_mine = (batch.rollouts["program"] == program)[batch.calls["rollout"]]
    site = np.stack([batch.calls["line"], batch.calls["primitive"], batch.calls["rollout"]], axis=1)
    found: dict[Site, Hits] = {}
    spectra: tuple[tuple[Spectrum, np.ndarray], ...] = (
        ("not-ok", of_mine & (batch.calls["status"] != 0)),
        ("executed", of_mine),
    )
    for spectrum, hit in spectra:
        hits = np.unique(site[hit], axis=0)  # one row a (site, rollout), however often the rollout hit it
        if not len(hits):
            continue
        sites, which = np.unique(hits[:, :2], axis=0, return_inverse=True)
        which = which.reshape(-1)
        total = np.bincount(which, minlength=len(sites))
        good = np.bincount(which, weights=passes[hits[:, 2]], minlength=len(sites)).astype(int)
        for (line, name), count, ep in zip(sites.tolist(), total.tolist(), good.tolist(), strict=True):
            found[line, batch.strings[name], spectrum] = (count - ep, ep)
    return found


def blame_hits(hits: Mapping[Site, Hits], failed: int, passed: int) -> tuple[SiteBlame, ...]:
    """Blame call sites by the failed and passed rollouts that hit them; in the order of :func:`blame_sites`.

    Args:
        hits: by site.
        failed: failed rollouts in all.
        passed: passed rollouts in all.
    """
    blamed = [
        SiteBlame(
            line,
            name,
            spectrum,
            ef,
            ep,
            failed,
            passed,
            ochiai(ef, failed, ep),
            tarantula(ef, failed, ep, passed),
        )
        for (line, name, spectrum), (ef, ep) in hits.items()
    ]
    return tuple(sorted(blamed, key=lambda s: (s.spectrum == "executed", -s.ochiai, -s.tarantula, s.line, s.primitive)))
