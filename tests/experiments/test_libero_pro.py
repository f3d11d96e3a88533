"""The main job in the toy world: its summary, its repeats, its resume, its refusals."""

from __future__ import annotations

import io
import json
import re
import sys
from dataclasses import replace

import pytest
from absl.flags import FlagValues
from rich.console import Console

from aspire_mjx.command import Options
from aspire_mjx.errors import AspireError, RunDirectoryError, UnknownNameError, WorldError
from aspire_mjx.experiments.libero_pro import define_flags, main, read_settings, run
from aspire_mjx.experiments.run_directory import RunDirectory
from aspire_mjx.experiments.world_flags import select_tasks
from aspire_mjx.faults.statistics import wilson
from aspire_mjx.reports.summary import summary_table, totals_line
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.placement import lay_out
from aspire_mjx.worlds.suites import load_suite
from tests.support.toy_job import SUITE, ToySession, toy_job


def without_timing(summary):
    """A summary without its ``timing`` keys: what two runs of the same configuration have in common."""
    if isinstance(summary, dict):
        return {key: without_timing(value) for key, value in summary.items() if key != "timing"}
    return [without_timing(value) for value in summary] if isinstance(summary, list) else summary


@pytest.fixture
def job(tmp_path):
    """Runs the whole job in a named directory; returns the summary and what ran."""
    return lambda name, **settings: toy_job(tmp_path / name, **settings)


def test_worlds_without_room_are_left_out_of_every_stage(job, capsys, monkeypatch):
    """Of the first task two seeds have no world, of the second all that choose a winner."""
    first, second, _ = load_suite(SUITE)[:3]

    def no_room(template, task, seed, dose):
        if (task.key, seed) in {(first.key, 52), (first.key, 3)} or (task.key == second.key and 66 <= seed <= 80):
            raise WorldError("no free place for it")
        return lay_out(template, task, seed, dose)

    monkeypatch.setattr("aspire_mjx.worlds.worlds.lay_out", no_room)
    summary, runs = job("narrow", tasks=3)
    assert len(summary["left_out"]) == 17
    assert summary["left_out"][0] == {
        "task": first.key,
        "seed": 3,
        "perturbation": str(Perturbation()),
        "why": "no free place for it",
    }
    assert [task["key"] for task in summary["tasks"]] == [f"{SUITE}/0", f"{SUITE}/2"]
    narrow, free = summary["tasks"]
    assert (narrow["debug"]["trials"], narrow["validation"]["trials"], narrow["heldout"]["trials"]) == (14, 15, 49)
    assert free["debug"]["trials"] == 15 and free["heldout"]["trials"] == 50
    assert not {(job.task.key, job.seed) for job in runs.ran} & {(first.key, 52), (first.key, 3)}
    shown = capsys.readouterr().out
    assert "left out: 17 of 240 worlds" in shown and "and 12 more" in shown and f"{second.key} is left out" in shown


def test_no_world_at_all_is_an_error(capsys, monkeypatch, tmp_path):
    def no_room(*_):
        raise WorldError("no free place for it")

    monkeypatch.setattr("aspire_mjx.worlds.worlds.lay_out", no_room)
    assert main(["libero_pro", "--tasks=0", f"--out={tmp_path / 'run'}"]) == 2
    assert "none of the 80 worlds can be built" in capsys.readouterr().err and not (tmp_path / "run").exists()


AGENT = """
import aspire_mjx as am

class Mine(am.Agent):
    def propose(self, briefing):
        parent = briefing.parents[0].candidate
        return [parent.revised("look_at('it')\\n"), parent.revised("wait(0.1)\\n", difference="only waits")]
"""


def test_the_main_job_works_with_an_agent_from_outside(job, tmp_path, monkeypatch):
    (tmp_path / "outside_agent.py").write_text(AGENT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    summary, _ = job("mine", tasks=1, agent="outside_agent:Mine")
    assert summary["agent"] == "outside_agent:Mine"
    tried = [each["difference"] for done in summary["tasks"][0]["rounds"] for each in done["candidates"]]
    assert "only waits" in tried
    events = [json.loads(line) for line in (tmp_path / "mine" / "events.jsonl").read_text().splitlines()]
    assert any(event["event"] == "refused" and "look_at" in event["reason"] for event in events)
    (tmp_path / "outside_agent.py").write_text(AGENT + "# changed")
    with pytest.raises(RunDirectoryError, match="agent_source"):
        job("mine", tasks=1, agent="outside_agent:Mine", resume=True)


def test_programs_get_better_and_skills_pass_on(job, tmp_path):
    summary, runs = job("a")
    first, second = summary["tasks"]
    assert set(first["skills_admitted"]) >= {"retry-until-held"}
    assert second["skills_used"] and second["skills_admitted"] == []
    for task in summary["tasks"]:
        assert task["heldout"]["trials"] == task["first"]["heldout"]["trials"] == 50
        assert task["heldout"]["interval_low"] > task["first"]["heldout"]["interval_high"]
        assert (tmp_path / "a" / "programs" / f"{task['program']}.py").exists()
    assert summary["totals"]["learned"]["heldout"]["trials"] == 100
    assert summary["timing"]["rollouts"] == len(runs.ran) == len(set(runs.ran))
    assert {p.name for p in (tmp_path / "a" / "skills").iterdir()} == set(first["skills_admitted"])
    assert json.loads((tmp_path / "a" / "summary.json").read_text()) == summary


def test_two_runs_give_the_same_summary_but_for_timing(job, tmp_path):
    one, other = without_timing(job("a")[0]), without_timing(job("b")[0])
    assert one == other
    assert "timing" not in json.dumps(one)
    assert (tmp_path / "a" / "events.jsonl").read_text() == (tmp_path / "b" / "events.jsonl").read_text()


@pytest.mark.parametrize("stop_after", [0, 1, 2, 3, 5, 6, 8])
def test_an_interrupted_run_resumed_gives_the_same(job, tmp_path, stop_after):
    wanted, runs = job("whole")
    with pytest.raises(KeyboardInterrupt):
        job("cut", stop_after=stop_after)
    resumed, rest = job("cut", resume=True)
    assert without_timing(resumed) == without_timing(wanted)
    assert (len(rest.ran) < len(runs.ran)) == (stop_after > 0)
    for name in ("events.jsonl", "heldout.jsonl"):
        assert (tmp_path / "cut" / name).read_text() == (tmp_path / "whole" / name).read_text()
    names = [sorted(p.name for p in (tmp_path / which / "skills").iterdir()) for which in ("cut", "whole")]
    assert names[0] == names[1]


def test_a_finished_run_resumed_runs_nothing(job):
    wanted, _ = job("a", tasks=1)
    again, runs = job("a", tasks=1, resume=True)
    assert runs.ran == [] and without_timing(again) == without_timing(wanted)
    timing = ("rollouts", "sim_steps", "rollout_s", "occupancy")
    assert {k: again["timing"][k] for k in timing} == {k: wanted["timing"][k] for k in timing}


def test_the_table_shows_every_task_and_the_pooled_rates(job):
    summary, _ = job("a")
    text = io.StringIO()
    Console(file=text, width=200).print(summary_table(summary))
    shown = text.getvalue()
    for part in ("0 alphabet soup", "1 cream cheese", "retry-until-held", "pooled"):
        assert part in shown
    (row,) = [line for line in shown.splitlines() if "alphabet soup" in line]
    task = summary["tasks"][0]
    rates = [f"{each[role]['rate']:.2f}" for role in ("debug", "validation") for each in (task["first"], task)]
    assert re.findall(r"\d\.\d\d\b", row)[:5] == [*rates, f"{task['first']['heldout']['rate']:.2f}"]
    learned = summary["totals"]["learned"]["heldout"]
    low, high = learned["interval_low"], learned["interval_high"]
    assert f"{learned['rate']:.3f} ({low:.3f}-{high:.3f})" in totals_line(summary)


def test_pooled_intervals_draw_the_seeds_that_tasks_share_as_wholes(job):
    summary, _ = job("a")
    pooled = summary["totals"]["learned"]["heldout"]
    bound = wilson(pooled["passes"], pooled["trials"])
    assert pooled["interval_high"] - pooled["interval_low"] > 1.2 * (bound.high - bound.low)  # toy seeds fail together


def settings_of(*arguments):
    defined = FlagValues()
    define_flags(defined)
    defined(["libero_pro", *arguments])
    given = frozenset(name for name in defined if defined[name].present)
    return read_settings(Options({name: defined[name].value for name in defined}, given))


def test_a_quick_run_has_pairs_enough_to_admit_a_repair_and_gives_way_to_flags():
    quick = settings_of("--quick")
    assert len(quick.tasks) == 1 and len(quick.seeds.learning) == 30
    assert {dose.noise for dose in quick.perturbations.values()} == {4.0} and quick.worlds["perturb"] == "noise:4"
    own = settings_of("--quick", "--perturb=", "--tasks=0-1", "--candidates=3")
    assert {dose.noise for dose in own.perturbations.values()} == {1.0}
    assert (len(own.tasks), own.limits.candidates, own.limits.rounds) == (2, 3, quick.limits.rounds)


def test_a_summary_of_another_layout_is_refused(job):
    summary, _ = job("a", tasks=1)
    for show in (summary_table, totals_line):
        with pytest.raises(RunDirectoryError, match="schema 1: this version reads schema 2"):
            show({**summary, "schema": 1})


def test_tasks_are_chosen_by_index_range_and_name():
    suite = load_suite(SUITE)
    assert select_tasks(suite, "all") == suite
    assert select_tasks(suite, "0,3-5") == (suite[0], *suite[3:6])
    assert select_tasks(suite, f"{suite[2].name},2") == (suite[2],)
    with pytest.raises(UnknownNameError, match="0:"):
        select_tasks(suite, "77")
    with pytest.raises(AspireError, match="falls"):
        select_tasks(suite, "5-3")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--suite=libero_objekt"], "libero_object_swap"),
        (["--tasks=99"], "unknown task"),
        (["--agent=oracle"], "scripted"),
        (["--engine=bullet"], "native"),
        (["--debug_seeds=1-5"], "held-out"),
        (["--validation_seeds=51"], "--debug_seeds"),
        (["--heldout_seeds=60-70"], "--debug_seeds"),
        (["--debug_seeds=x"], "neither a number"),
        (["--candidates=1"], "2 to 26"),
        (["--threshold=2"], "0.0 to 1.0"),
        (["--program=nowhere.py"], "nowhere.py"),
        (["--skills=nowhere"], "not a folder"),
        (["--resume"], "--out"),
        (["--capacity=-1"], "--capacity=-1"),
        (["--perturb=mass:heavy"], "is not a number"),
        (["--perturb=mass:0.5..2"], "--sweep=latin"),
        (["stray"], "stray"),
        (["--nonsense"], "nonsense"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(capsys, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["libero_pro", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def test_help_names_the_flags(capsys):
    assert main(["libero_pro", "--help"]) == 0
    shown = capsys.readouterr().out
    for flag in ("--suite", "--perturb", "--sweep", "--debug_seeds", "--[no]quick", "--threshold"):
        assert flag in shown


def test_a_perturbation_holds_in_every_rollout_and_for_a_resumed_run(toy, tmp_path):
    flags = FlagValues()
    define_flags(flags)
    flags(["libero_pro", "--perturb=noise:0..3,mass:2", "--sweep=latin", "--tasks=0", "--candidates=2", "--rounds=1"])
    values = {name: flags[name].value for name in flags}
    settings = read_settings(Options(values, frozenset()))
    assert set(settings.perturbations) == {*range(1, 81)}
    assert len({dose.noise for dose in settings.perturbations.values()}) == 80
    runs = toy.ToyRuns()
    session = ToySession(runs)
    with RunDirectory(tmp_path / "run", settings.config(session)) as directory:
        run(replace(settings, program=toy.FIRST), session, directory)
    assert runs.ran and all(job.perturbation == settings.perturbations[job.seed] for job in runs.ran)
    for other in ({"perturb": "noise:0..3"}, {"sweep": "grid"}):
        changed = read_settings(Options(values | other, frozenset()))
        with pytest.raises(RunDirectoryError, match=next(iter(other))):
            RunDirectory(tmp_path / "run", changed.config(session), resume=True)
