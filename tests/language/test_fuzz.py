"""Whatever the source, the compiler refuses it with the project's own error, or its lanes end as lanes do.

3,000 mutants by default; ``pytest --hypothesis-profile=long`` tries 60,000, other ones each time.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import ProgramRefused
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import LaneEnd, Outcome
from aspire_mjx.primitives.results import Results, unpacks_of
from tests.support.mutations import mutant
from tests.support.table_robot import TableRobot

SEEDS = (0, 1, 2)
SHORT = ProgramLimits(instructions=22_000, depth=30)
CALLS = 4  #: waves of calls that a mutant gets


def run_shortly(text: str) -> list[LaneEnd] | None:
    """The ends of a few lanes after a few calls; None when the program is refused."""
    try:
        schedule = compile_program(Program(text))
    except ProgramRefused as refused:
        assert refused.findings and all(line > 0 and rule and message for line, rule, message in refused.findings)
        return None
    assert list(schedule.listing())
    machine = Machine(limits=SHORT)
    machine.start(SEEDS, schedule, seeds=SEEDS)
    robots, ends = [TableRobot(seed) for seed in SEEDS], []
    for _ in range(CALLS):
        for request in machine.run():
            parts: dict[tuple[str, ...], list[tuple[int, Results]]] = {}
            for row, lane in enumerate(request.lanes.tolist()):
                arguments = {name: column[row] for name, column in request.arguments.items()}
                result = robots[lane].call(request.primitive, arguments)._results
                parts.setdefault(unpacks_of(request.primitive, arguments), []).append((lane, result))
            for group in parts.values():
                machine.resume([lane for lane, _ in group], Results.concatenate([result for _, result in group]))
        ends += machine.collect()
    left = sorted(set(SEEDS) - {end.lane for end in ends})
    machine.end(left, Outcome.OUT_OF_STEPS, [""] * len(left))
    return [*ends, *machine.collect()]


def test_mutants_are_refused_or_end() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=30 * settings().max_examples)
    @given(seed=st.integers(0, 2**40))
    def contained(seed: int) -> None:
        ends = run_shortly(mutant(seed))
        seen.update(["refused"] if ends is None else [end.outcome.name for end in ends])
        assert ends is None or sorted(end.lane for end in ends) == list(SEEDS)

    contained()
    assert {"refused", "DONE", "PROGRAM_ERROR", "OUT_OF_STEPS"} <= set(seen), seen


@given(text=st.text(max_size=200) | st.text(alphabet=st.characters(max_codepoint=127), max_size=200))
def test_any_text_is_refused_or_ends(text: str) -> None:
    run_shortly(text)


#: once refused with another error than the project's, or nearly
SOURCES = [
    "[1 " + "for x in [1] " * 4000 + "]",
    "[1 " + "".join(f"for x{i} in x{i} " for i in range(2500)) + "]",
    "x = 1\nx = " + "(y := " * 79 + "1" + ")" * 79,
    "x = " + "f'{" * 40 + "1" + "}'" * 40,
    "match 1:\n    case " + "(" * 70 + "1" + " as x)" * 70 + ":\n        pass",
    "def f():\n    nonlocal x\nx = 1",
    "def f(x, x):\n    pass",
    "f = lambda *, x: 1\nf(x=1, x=2)",
    "x = 1\nx: int = *x",
    "del *x",
    "[*x for x in [1]]",
    "return 1",
    "break",
    "try:\n    pass\nfinally:\n    continue",
    "for x in [1]:\n    def f():\n        break",
    "None = 1",
    "f(x=1) = 2",
    "(x for x in [1]) += 1",
    "match 1:\n    case x:\n        pass\n    case y:\n        pass",
    "match [1]:\n    case [*x, *y]:\n        pass",
    "match 1:\n    case [x, x]:\n        pass",
    "from __future__ import annotations, braces",
    "x = 1\nfrom __future__ import annotations",
    "import numpy as np\nnp",
    "'\ud800'",
    "x = '\\ud800'\nprint(x)",
    "\ufeffwait(1)",
    "\x1a",
    "wait(1)\r\rwait(2)",
    "print(f'{1:{2:{3}}}')",
    "print('%(' % {})",
    "while 1:\n    wait(1)\nelse:\n    wait",
    "tunable('a', 1e999, low=0, high=2)",
    "tunable('a', 1, 0, 2) = 1",
    "def main():\n    main.x\n",
    "def run(*, x):\n    pass",
    "[[] for x in [1] if (x := 2)]",
    "[x := y for y in [1] for z in (x := [1])]",
    "lambda: (x := 1)",
    "assert (1, 2), wait",
    "raise 1 from 2",
    "try:\n    raise\nexcept wait:\n    pass",
    "global_ = 1\nfor global_[0] in [1]:\n    pass",
    "a, (b, *c), *d = 1, [2], 3",
    "*a, = wait(1)",
]


@pytest.mark.parametrize("text", SOURCES, ids=range(len(SOURCES)))
def test_known_sources(text: str) -> None:
    ends = run_shortly(text)
    assert ends is None or len(ends) == len(SEEDS)
