"""The studies of independence and of pairing on verdicts whose answers are known, and their programs."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.compiler.compile import compile_program
from experiments.studies.independence import design_effect, permutation_p
from experiments.studies.pairing import WRAPPED, paired, variants


def test_tasks_that_share_nothing_have_a_design_effect_of_one():
    random = np.random.default_rng(0)
    found = [design_effect(random.random((10, 200)) < np.linspace(0.5, 1.0, 10)[:, None]) for _ in range(200)]
    assert np.mean(found) == pytest.approx(1.0, abs=0.03) and max(found) < 1.4
    assert design_effect(np.ones((10, 5), bool)) == 1.0


def test_tasks_that_do_the_same_count_as_one():
    verdicts = np.repeat(np.random.default_rng(0).random((1, 200)) < 0.7, 10, axis=0)
    assert design_effect(verdicts) == pytest.approx(10.0)
    assert permutation_p(verdicts, permutations=199) == 1 / 200


def test_the_permutation_test_is_right_about_chance():
    random = np.random.default_rng(0)
    found = [permutation_p(random.random((5, 40)) < 0.7, permutations=99) for _ in range(100)]
    assert 0.4 < np.mean(found) < 0.6 and np.mean(np.array(found) <= 0.05) <= 0.1


def test_pairs_are_counted():
    before, after = np.array([1, 1, 0, 0, 0, 1], bool), np.array([1, 0, 1, 1, 0, 1], bool)
    found = paired(before, after)
    assert (found["passes"], found["gains"], found["losses"]) == (4, 2, 1)
    assert found["variance"] == pytest.approx(3 / 6 - (1 / 6) ** 2, abs=1e-4)
    assert found["variance_if_unpaired"] == pytest.approx(0.25 + 4 / 6 * 2 / 6, abs=1e-4)
    assert paired(before, before)["variance"] == 0.0


def test_every_variant_is_another_program_that_compiles():
    programs = variants()
    assert set(programs) == {"base", "no-op", "careful", *WRAPPED}
    assert len({program.hash for program in programs.values()}) == len(programs)
    for program in programs.values():
        compile_program(program)
