"""Pass rates over the doses of a world's factors and the settings of a program's tunables."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from aspire_mjx.faults.factors import FactorEffect, Starts, factor_effects, settings, start_conditions
from aspire_mjx.reports.page.content import Factor, Rate
from aspire_mjx.reports.page.failures import Failures
from aspire_mjx.reports.page.rates import rate_of
from aspire_mjx.worlds.perturbation import Perturbation

_SHOWN, _BINS = 8, 6  # effects, groups of doses
_KINDS = {
    "factor": "of the world",
    "start": "where things stood at first, m, as the judge saw",
    "tunable": "of the program",
}
_MEANINGS = {field.name: field.metadata["meaning"] for field in fields(Perturbation) if "meaning" in field.metadata}


def factors(failures: Failures, rows: np.ndarray) -> tuple[Factor, ...]:
    """What differed between some rollouts of one program, the smallest p-value first."""
    starts = start_conditions(failures.batch)
    effects = factor_effects(failures.batch, failures.passes, rows, starts=starts)[:_SHOWN]
    return tuple(_factor(failures, rows, effect, starts) for effect in effects)


def _factor(failures: Failures, rows: np.ndarray, effect: FactorEffect, starts: Starts) -> Factor:
    values = starts[effect.name][rows] if effect.kind == "start" else _values(failures, rows, effect)
    known = ~np.isnan(values)
    return Factor(
        name=effect.name,
        kind=_KINDS[effect.kind],
        meaning=_MEANINGS.get(effect.name, "") if effect.kind == "factor" else "",
        sentence=effect.sentence,
        telling=effect.significant,
        bins=_bins(failures, rows[known], values[known]),
    )


def _bins(failures: Failures, rows: np.ndarray, values: np.ndarray) -> tuple[tuple[str, Rate], ...]:
    """Rates at each value, or where there are many in groups of about equal numbers of rollouts, low values first."""
    distinct = np.unique(values)
    if len(distinct) <= _BINS:
        groups = [np.flatnonzero(values == value) for value in distinct]
    else:
        ends = np.unique(np.quantile(values, np.linspace(0.0, 1.0, _BINS + 1)[1:-1], method="inverted_cdf"))
        number = np.searchsorted(ends, values)
        groups = [np.flatnonzero(number == each) for each in np.unique(number)]
    named = []
    for group in groups:
        low, high = values[group].min(), values[group].max()
        name = f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
        named.append((name, rate_of(failures.batch, rows[group], failures.passes)))
    return tuple(named)


def _values(failures: Failures, rows: np.ndarray, effect: FactorEffect) -> np.ndarray:
    """The dose or setting of each rollout; NaN where it has none."""
    column = failures.batch.rollouts["factors" if effect.kind == "factor" else "tunables"]
    parsed, which = settings(failures.batch, column[rows])
    return np.array([each.get(effect.name, np.nan) for each in parsed], float)[which]
