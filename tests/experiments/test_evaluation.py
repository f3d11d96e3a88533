"""The evaluator: every job once, in job order, seeds checked, files recalled."""

from __future__ import annotations

import pytest

from aspire_mjx.errors import SeedRoleError
from aspire_mjx.experiments.evaluation import Evaluator
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.seeds import HeldoutLedger, Purpose
from aspire_mjx.worlds.perturbation import Perturbation


@pytest.fixture
def make(toy, tmp_path):
    """An evaluator on the same folder, with its own count of what ran."""

    def build(context="1"):
        runs = toy.ToyRuns()
        ledger = HeldoutLedger(tmp_path / "heldout.jsonl")
        evaluator = Evaluator(runs, folder=tmp_path / "traces", ledger=ledger, context={"engine": context})
        return evaluator, runs

    return build


def jobs(toy, seeds, *candidates):
    return [
        Job(c.program, toy.TASK, seed, tunables=c.tunables) for c in (candidates or (toy.first(),)) for seed in seeds
    ]


def seeds_of(batch):
    return batch.rollouts["seed"].tolist()


def test_known_jobs_do_not_run_again_and_order_is_the_callers(toy, make):
    evaluator, runs = make()
    evaluator(jobs(toy, (51, 52, 53)), purpose=Purpose.EDIT, stage="a")
    batch = evaluator(jobs(toy, (54, 52, 55, 51)), purpose=Purpose.EDIT, stage="b")
    assert seeds_of(batch) == [54, 52, 55, 51]
    assert [job.seed for job in runs.ran] == [51, 52, 53, 54, 55]
    assert batch.passes().tolist() == [toy.copes(job) for job in jobs(toy, (54, 52, 55, 51))]


def test_equal_jobs_in_one_call_run_once_and_come_back_each(toy, make):
    evaluator, runs = make()
    batch = evaluator(jobs(toy, (51, 52), toy.first(), toy.first()), purpose=Purpose.EDIT, stage="a")
    assert seeds_of(batch) == [51, 52, 51, 52] and len(runs.ran) == 2


def test_other_tunables_are_other_jobs(toy, make):
    evaluator, runs = make()
    tuned = toy.first().with_tunables({"lift_height": 0.11})
    evaluator(jobs(toy, (51,), toy.first(), tuned), purpose=Purpose.EDIT, stage="a")
    assert len(runs.ran) == 2


def test_a_second_process_recalls_files(toy, make, tmp_path):
    first, _ = make()
    wanted = first(jobs(toy, (51, 52)), purpose=Purpose.EDIT, stage="a")
    again, runs = make()
    batch = again(jobs(toy, (51, 52)), purpose=Purpose.EDIT, stage="a")
    assert runs.ran == [] and batch.passes().tolist() == wanted.passes().tolist()
    assert again.timing == first.timing
    assert again.timing["rollouts"] == 2
    assert [p.name.rsplit("-", 1)[0] for p in (tmp_path / "traces").iterdir()] == ["libero_object_swap-0-a"]


def test_another_context_recalls_nothing(toy, make):
    make()[0](jobs(toy, (51,)), purpose=Purpose.EDIT, stage="a")
    evaluator, runs = make(context="2")
    evaluator(jobs(toy, (51,)), purpose=Purpose.EDIT, stage="a")
    assert len(runs.ran) == 1


def test_a_damaged_file_runs_again(toy, make, tmp_path):
    make()[0](jobs(toy, (51, 52)), purpose=Purpose.EDIT, stage="a")
    (file,) = (tmp_path / "traces").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    evaluator, runs = make()
    evaluator(jobs(toy, (51, 52)), purpose=Purpose.EDIT, stage="a")
    assert len(runs.ran) == 2


def test_seeds_are_checked_before_anything_runs(toy, make):
    evaluator, runs = make()
    for purpose, seed in ((Purpose.EDIT, 66), (Purpose.EDIT, 1), (Purpose.SELECT, 1), (Purpose.ADMIT, 50)):
        with pytest.raises(SeedRoleError, match=f"seed {seed} is a"):
            evaluator(jobs(toy, (seed,)), purpose=purpose, stage="a")
    assert runs.ran == []


def test_held_out_seeds_are_for_one_set_of_programs(toy, make):
    evaluator, _ = make()
    evaluator(jobs(toy, (1, 2)), purpose=Purpose.REPORT, stage="a")
    evaluator(jobs(toy, (1, 2)), purpose=Purpose.REPORT, stage="a")
    other = toy.first().with_tunables({"lift_height": 0.11})
    with pytest.raises(SeedRoleError, match="were already used in this run"):
        evaluator(jobs(toy, (1, 2), other), purpose=Purpose.REPORT, stage="a")


def test_what_comes_back_holds_no_clock(toy, make):
    evaluator, _ = make()
    batch = evaluator(jobs(toy, (51,)), purpose=Purpose.EDIT, stage="a")
    assert batch.meta == {"engine": "toy"}
    assert evaluator.timing == {
        "compile_s": 0.0,
        "rollout_s": 0.001,
        "rollouts": 1,
        "sim_steps": 10,
        "occupancy": 0.5,
    }


def test_a_seed_has_its_perturbation_in_every_job(toy, tmp_path):
    runs, doses = toy.ToyRuns(), {51: Perturbation(mass=2.0), 52: Perturbation(noise=3.0)}
    ledger = HeldoutLedger(tmp_path / "heldout.jsonl")
    evaluator = Evaluator(runs, folder=tmp_path / "traces", ledger=ledger, context={}, perturbations=doses)
    evaluator(jobs(toy, (52, 51, 53)), purpose=Purpose.EDIT, stage="a")
    assert [job.perturbation for job in runs.ran] == [doses[52], doses[51], Perturbation()]
