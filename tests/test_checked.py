"""What is given from Python is answered as what is given to a command: whose argument, what it was, what is wanted."""

# pyright: reportArgumentType=false
from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import aspire_mjx as am
from aspire_mjx.agents.score import Score
from aspire_mjx.checked import checked
from aspire_mjx.errors import AspireError, UnknownNameError
from tests.support.handmade import Handmade


class Odd:
    """Of no type that anything takes."""

    def __repr__(self) -> str:
        return "Odd()"


def batch() -> am.TraceBatch:
    traced = Handmade()
    traced.add(traced.draft_calls(close="EMPTY_GRASP"))
    return traced.build(engine="native", device="cpu")


PROGRAM = am.Program("wait(0.1)\n")
TASK = am.find_task("libero_goal", 3)
JOB = am.Job(PROGRAM, TASK, 51)
CANDIDATE = am.Candidate.first(PROGRAM)
SKILLS = Path(__file__).parents[1] / "skills"
#: Public name, with methods and class methods, to arguments that are right.
RIGHT: dict[str, dict[str, Any]] = {
    "Briefing": {"task": TASK, "round": 1, "rounds": 2, "room": 3, "parents": ()},
    "Candidate": {"program": PROGRAM, "base": PROGRAM},
    "Candidate.first": {"program": PROGRAM},
    "Job": {"program": PROGRAM, "task": TASK, "seed": 51},
    "Perturbation": {"noise": 1.0},
    "Perturbation.parse": {"text": "noise:1"},
    "Program": {"text": "wait(0.1)\n"},
    "Program.read": {"path": SKILLS.parent / "programs" / "reach.py"},
    "Program.shipped": {"name": "reach"},
    "Simulators": {"engine": "native"},
    "Skill": {
        name: getattr(next(iter(am.SkillLibrary(SKILLS))), name)
        for name in ("name", "description", "signatures", "replaces", "failure", "when", "repair", "code")
        + ("evidence_text", "evidence")
    },
    "SkillLibrary": {"path": SKILLS},
    "TraceBatch": {name: getattr(batch(), name) for name in ("programs", "calls", "rollouts")},
    "analyse": {"batch": batch()},
    "compare": {"first": batch(), "second": batch()},
    "compile_program": {"program": PROGRAM},
    "find_task": {"suite": "libero_goal", "name_or_index": 3},
    "load_suite": {"name": "libero_goal"},
    "run_jobs": {"jobs": []},
}
#: Public names that are called by nobody, or by who derives from them; environments check for themselves (tests/gym).
NOT_CALLED = {"Agent", "__version__", "TaskEnv", "TaskVectorEnv"} | {
    name for name in am.__all__ if name.endswith(("Error", "Refused", "Stopped"))
}


def named(name: str) -> Callable[..., Any]:
    first, _, rest = name.partition(".")
    return getattr(getattr(am, first), rest) if rest else getattr(am, first)


def test_every_public_name_is_tried():
    assert {name.partition(".")[0] for name in RIGHT} | NOT_CALLED == set(am.__all__)


@pytest.mark.parametrize("name", RIGHT)
def test_wrong_missing_and_unknown_arguments_are_named(name):
    call, right = named(name), RIGHT[name]
    call(**right)
    for parameter, declared in inspect.signature(call).parameters.items():
        if parameter in ("progress", "self"):
            continue
        for wrong in (Odd(), [Odd()], {"a": Odd()}, b"x"):
            if parameter == "meta" and isinstance(wrong, dict):
                continue  # it holds anything
            with pytest.raises(AspireError, match=f"{parameter}.*(give|Known)") as told:
                call(**right | {parameter: wrong})
            assert "Odd()" in str(told.value) or "b'x'" in str(told.value)
        if declared.default is declared.empty and parameter in right:
            with pytest.raises(AspireError, match=f"missing a required argument: '{parameter}'; its parameters are "):
                call(**{other: value for other, value in right.items() if other != parameter})
    with pytest.raises(AspireError, match="unexpected keyword argument 'no_such'; its parameters are "):
        call(**right, no_such=1)
    with pytest.raises(AspireError, match="too many positional arguments"):
        call(*[1] * 40)


LIBRARY = am.SkillLibrary(SKILLS)
#: Wrong values of the right type, and wrong arguments of methods.
WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "seed": (lambda: am.Job(PROGRAM, TASK, -1), "seed is -1; give a whole number from 0"),
    "bool": (lambda: am.Job(PROGRAM, TASK, True), "seed is True; give a whole number"),
    "tunable": (lambda: am.Job(PROGRAM, TASK, 51, (("lift", float("inf")),)), "'lift' is inf; give a finite number"),
    "swapped": (lambda: am.Job("x.py", TASK, 51), r"program is 'x.py'; give a Program, e.g. Program.read\('x.py'\)"),
    "dose": (lambda: am.Perturbation(noise=float("nan")), "noise=nan is outside 0 to 100"),
    "factor": (lambda: am.Perturbation.parse("wind:1"), "unknown perturbation factor 'wind'"),
    "suite": (lambda: am.load_suite("libero"), "unknown suite 'libero'"),
    "task": (lambda: am.find_task("libero_goal", 99), "unknown task of suite libero_goal '99'"),
    "file": (lambda: am.Program.read("no_such.py"), "'no_such.py' cannot be read"),
    "shipped": (lambda: am.Program.shipped("raech"), "Did you mean 'reach'"),
    "program": (lambda: am.compile_program(am.Program("open(1)")), "program refused"),
    "engine": (lambda: am.Simulators("cuda"), "unknown engine 'cuda'"),
    "capacity": (lambda: am.Simulators("native", capacity=-1).run([JOB]), "capacity -1: give 1 to 65536"),
    "horizon": (lambda: am.Simulators(horizon=0), "horizon is 0; give a number of control ticks from 1"),
    "jobs": (lambda: am.Simulators("native").run([JOB, "x"]), r"jobs\[1\] is 'x'; give a Job"),
    "one job": (lambda: am.run_jobs(JOB), r"Sequence\[Job\], e.g. Job\(program, task, seed\)"),
    "purpose": (lambda: am.run_jobs([], purpose="peek"), "unknown purpose 'peek'"),
    "progress": (lambda: am.run_jobs([], progress=3), "progress is 3; give a function or None"),
    "verdict": (lambda: am.analyse(batch(), verdict="both"), "unknown verdict 'both'. Known: benchmark, strict"),
    "same": (lambda: am.compare(batch(), "b.msgpack"), r"second is 'b.msgpack'; give a TraceBatch, e.g. run_jobs"),
    "library": (lambda: am.SkillLibrary(__file__), "a file, not a folder"),
    "skill": (lambda: LIBRARY.get("none"), "unknown skill in .* 'none'"),
    "add": (lambda: LIBRARY.add("none"), "SkillLibrary.add: skill is 'none'; give a Skill"),
    "rollout": (lambda: batch().calls_of(9), "it holds rollouts 0 to 0"),
    "below": (lambda: batch().factors(-1), "it holds rollouts 0 to 0"),
    "beyond": (lambda: batch().tunables(1), "it holds rollouts 0 to 0"),
    "select": (lambda: batch().select([5]), "it holds rollouts 0 to 0"),
    "mask": (lambda: batch().select(np.ones(7, bool)), "7 values for 1 rollouts"),
    "rows": (lambda: batch().select(["x"]), "rollouts"),
    "column": (lambda: batch().call_text("none"), "unknown text column 'none'"),
    "csv": (lambda: batch().to_csv("/no_such/x.csv"), "/no_such/x.csv"),
    "table": (lambda: batch().to_pandas("steps"), "unknown rows.* 'steps'"),
    "settings": (lambda: CANDIDATE.with_tunables({"lift": "high"}), r"tunables\['lift'\] is 'high'; give a number"),
    "text": (lambda: CANDIDATE.revised(PROGRAM), "Candidate.revised: text is Program"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_values_are_named(kind):
    call, said = WRONG[kind]
    with pytest.raises(AspireError, match=said):
        call()


def test_what_counts_as_a_number_and_what_does_not():
    @checked
    def f(count: int = 0, share: float = 0.0, names: tuple[str, ...] = (), on: bool = False) -> None: ...

    f(np.int32(3), 2, ("a",), np.True_)
    f(3, np.float32(0.5))
    for wrong in ({"count": 1.0}, {"count": True}, {"share": "1"}, {"on": 1}, {"names": "ab"}, {"names": ("a", 1)}):
        with pytest.raises(AspireError, match="; give "):
            f(**wrong)


def test_a_class_says_its_own_name_and_stays_what_it_was():
    with pytest.raises(AspireError, match="SkillLibrary: path is 4; give text or a Path"):
        am.SkillLibrary(4)
    with pytest.raises(UnknownNameError, match="unknown status 'gone'"):
        am.Skill(**RIGHT["Skill"], status="gone")
    assert str(inspect.signature(am.Job)).startswith("(program: 'Program', task: 'Task', seed: 'int'")
    assert Score((1,), (True,), (True,)) == Score((1,), (True,), (True,))
