"""Dosed factors: reading, refusing, recording."""

from __future__ import annotations

import pytest

from aspire_mjx.errors import UnknownNameError, WorldError
from aspire_mjx.worlds.perturbation import Perturbation


def test_parse_reads_factors_and_leaves_the_rest_nominal():
    assert Perturbation.parse(" mass:2, friction:0.5 ") == Perturbation(mass=2.0, friction=0.5)
    assert Perturbation.parse("") == Perturbation()
    assert Perturbation(noise=0.0).factors()["noise"] == 0.0


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        ("weight:2", UnknownNameError, "mass"),
        ("mass:heavy", WorldError, "not a number"),
        ("mass:0", WorldError, "above 0"),
        ("position:-1", WorldError, "outside"),
        ("noise:nan", WorldError, "outside"),
    ],
)
def test_bad_factors_are_refused_with_the_reason(text, error, match):
    with pytest.raises(error, match=match):
        Perturbation.parse(text)
