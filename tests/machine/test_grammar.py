"""Random programs do in the machine, call by call, what plain Python does in every lane.

500 programs by default, always the same: each is drawn from a number of its own. ``pytest --hypothesis-profile=long``
tries 10,000, other ones each time.
"""

from __future__ import annotations

from collections import Counter
from random import SystemRandom

from hypothesis import settings

from aspire_mjx.machine.output import Outcome
from tests.support.grammar import program
from tests.support.table_robot import CompiledRun, assert_agrees

SEEDS = [1, 2, 3, 4, 5]
OPENING = 3  #: primitives that every program starts with


def features(run: CompiledRun) -> set[str]:
    """What the run of a random program has exercised."""
    ends = run.ends.values()
    seen = {
        "primitive": any(len(robot.calls) > OPENING for robot in run.robots),
        "failed primitive": any(status != "OK" for robot in run.robots for _, _, status in robot.calls[OPENING:]),
        "split": len({str(path) for path in run.paths}) > 1 or len({(end.outcome, end.line) for end in ends}) > 1,
        "done": any(end.outcome is Outcome.DONE for end in ends),
        "error": any(end.outcome is Outcome.PROGRAM_ERROR for end in ends),
        "varying message": len({end.message for end in ends} - {""}) > 1,
    }
    return {name for name, is_so in seen.items() if is_so}


def test_random_programs_agree_with_plain_python() -> None:
    seen: Counter[str] = Counter()
    count = 5 * settings().max_examples
    first = 0 if settings().derandomize else SystemRandom().randrange(10**9)
    for seed in range(first, first + count):
        text = program(seed)
        try:
            run = assert_agrees(text, SEEDS, shuffle=(None, 1, 2)[seed % 3])
        except BaseException as error:
            error.add_note(f"program({seed}) of tests/support/grammar.py:\n{text}")
            raise
        seen.update({"program"} | features(run))
    wanted = {
        "primitive": 0.6,
        "failed primitive": 0.5,
        "split": 0.2,
        "done": 0.5,
        "error": 0.1,
        "varying message": 0.01,
    }
    assert seen["program"] >= 500
    assert {name for name, share in wanted.items() if seen[name] < share * seen["program"]} == set(), seen


def test_a_program_depends_on_its_number_alone() -> None:
    texts = [program(seed) for seed in range(20)]
    assert [program(seed) for seed in reversed(range(20))] == texts[::-1]
    assert len(set(texts)) == 20
