"""The machine: ends, budgets, tunables, paths, and hostile programs that are contained."""

from __future__ import annotations

import resource
import time

import numpy as np
import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import LaneEnd, Outcome
from aspire_mjx.machine.requests import Request
from aspire_mjx.primitives.results import Results
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import BRIEF, TableRobot, run_compiled


def machine(text: str, lanes: int = 1, limits: ProgramLimits = BRIEF) -> Machine:
    m = Machine(limits=limits)
    m.start(range(lanes), compile_program(Program(text)))
    return m


def answer(m: Machine, lanes: list[int], primitive: str = "get_gripper_width") -> None:
    """Lane i gets i / 100 as the gripper width, or an OK result of another primitive."""
    declared = ROBOT_API[primitive]
    fields = {f.name: np.zeros((len(lanes), *f.shape)) for f in declared.fields}
    if primitive == "get_gripper_width":
        fields["width"] = np.array(lanes) / 100
    status = np.zeros(len(lanes), dtype=np.int16)
    m.resume(lanes, Results(declared, status, fields, ("",) * len(lanes)))


def numbers(request: Request, name: str) -> list:
    """A numeric argument of all lanes."""
    column = request.arguments[name]
    assert isinstance(column, np.ndarray) and column.dtype == np.float64
    return column.tolist()


def finish(text: str) -> LaneEnd:
    """The end of a program without primitives."""
    m = machine(text)
    assert m.run() == []
    return m.collect()[0]


def test_request_holds_bound_arguments_of_all_lanes() -> None:
    m = machine("w = get_gripper_width()\ngoto_pose([w, 0, 0.2], [0, 1, 0, 0])\n", 3)
    (request,) = m.run()
    assert request.primitive.name == "get_gripper_width" and request.lanes.tolist() == [0, 1, 2]
    assert m.run() == [] and not m.collect()
    answer(m, [2, 0])
    (request,) = m.run()
    assert sorted(request.lanes.tolist()) == [0, 2]
    assert numbers(request, "z_approach") == [0.0, 0.0]
    order = request.lanes.tolist()
    assert numbers(request, "position")[order.index(2)] == [0.02, 0.0, 0.2]
    assert (request.lines, request.path) == (2, "module:2")


def test_paths_name_the_calls_in_progress() -> None:
    text = "def pick(n):\n    return [goto_home_joint_position() for _ in range(n)]\n\ndef run():\n    pick(1)\n"
    (request,) = machine(text).run()
    assert (request.path, request.lines) == ("run:5>pick:2", 2)
    (request,) = machine(text + "\nrun()\n").run()
    assert request.path == "module:7>run:5>pick:2"


def test_exception_in_three_of_64_lanes_ends_those_alone() -> None:
    text = "w = get_gripper_width()\nif w > 0.605:\n    x = [1][int(w * 100)]\nwait(1)\nprint('end', w)\n"
    m = machine(text, 64)
    m.run()
    answer(m, list(range(64)))
    (request,) = m.run()
    ends = m.collect()
    assert sorted(e.lane for e in ends) == [61, 62, 63] and len(request.lanes) == 61
    assert {(e.outcome, e.line, e.message) for e in ends} == {
        (Outcome.PROGRAM_ERROR, 3, "IndexError: list index out of range")
    }
    answer(m, request.lanes.tolist(), "wait")
    m.run()
    assert [e.prints for e in sorted(m.collect(), key=lambda e: e.lane)][5] == "end 0.05\n"


def test_an_operator_that_fails_in_one_lane_raises_there_alone() -> None:
    m = machine(
        "w = get_gripper_width()\ntry:\n    x = 7 // int(w * 100)\nexcept ZeroDivisionError:\n    x = -1\nprint(x)\n", 4
    )
    m.run()
    answer(m, list(range(4)))
    m.run()
    assert [e.prints for e in sorted(m.collect(), key=lambda e: e.lane)] == ["-1\n", "7\n", "3\n", "2\n"]


def test_endless_loop_in_three_of_64_lanes_does_not_hold_up_the_rest() -> None:
    text = "w = get_gripper_width()\nwhile w > 0.605:\n    x = w\nwait(1)\nprint('end')\n"
    m = machine(text, 64, limits=ProgramLimits(instructions=200_000))
    m.run()
    answer(m, list(range(64)))
    started = time.process_time()
    (request,) = m.run()
    assert time.process_time() - started < 0.5 and len(request.lanes) == 61
    answer(m, request.lanes.tolist(), "wait")
    assert m.run() == []
    ends = m.collect()
    assert sum(e.outcome is Outcome.DONE and e.prints == "end\n" for e in ends) == 61
    last = [e for e in ends if e.outcome is Outcome.OUT_OF_INSTRUCTIONS]
    assert sorted(e.lane for e in last) == [61, 62, 63] and last[0].line in (2, 3)
    message = last[0].message
    assert "budget of 200000 instructions" in message and "--max_instructions" in message
    assert all(f"% in line {line} `" in message for line in (2, 3)) and "in line 2 `while w > 0.605:`" in message


def test_instruction_budget_is_counted_for_each_lane() -> None:
    text = "n = int(get_gripper_width() * 100)\nfor i in range(n * 10):\n    pass\nwait(1)\n"
    text += "for i in range(100):\n    pass\n"
    m = machine(text, 60, limits=ProgramLimits(instructions=2_700))
    m.run()
    answer(m, list(range(60)))
    outcomes: dict[int, Outcome] = {}
    for _ in range(100):
        for request in m.run():
            answer(m, request.lanes.tolist(), request.primitive.name)
        outcomes |= {e.lane: e.outcome for e in m.collect()}
    alone = {}
    for lane in (0, 5, 10, 15, 30, 59):
        m = Machine(limits=ProgramLimits(instructions=2_700))
        m.start([lane], compile_program(Program(text)))
        for _ in range(10):
            for request in m.run():
                answer(m, request.lanes.tolist(), request.primitive.name)
        alone[lane] = m.collect()[0].outcome
    assert alone == {lane: outcomes[lane] for lane in alone}
    assert set(alone.values()) == {Outcome.DONE, Outcome.OUT_OF_INSTRUCTIONS}


def test_the_wave_loop_ends_lanes() -> None:
    m = machine("wait(1)\nprint('x')\nwait(2)\n", 4)
    m.run()
    m.end([1, 3], Outcome.OUT_OF_STEPS, ["no steps left"] * 2)
    ends = m.collect()
    assert [(e.lane, e.outcome, e.line) for e in ends] == [(1, Outcome.OUT_OF_STEPS, 1), (3, Outcome.OUT_OF_STEPS, 1)]
    with pytest.raises(ValueError, match="lane 1 does not wait"):
        answer(m, [1], "wait")
    answer(m, [0, 2], "wait")
    (request,) = m.run()
    assert request.lanes.tolist() == [0, 2]
    m.start([1, 3], compile_program(Program("print('second')")))
    m.run()
    assert [e.prints for e in m.collect()] == ["second\n"] * 2


def test_lanes_in_use_and_wrong_results_are_refused() -> None:
    m = machine("wait(1)", 2)
    with pytest.raises(ValueError, match="lane 1 is in use"):
        m.start([1], compile_program(Program("wait(1)")))
    m.run()
    answer(m, [0], "open_gripper")
    with pytest.raises(ValueError, match="wait for wait got results of open_gripper"):
        m.run()


def test_tunables_are_numbers_of_their_lane() -> None:
    text = 'd = tunable("depth", 0.01, low=0.0, high=0.04)\nprint(f"{d:.3f}")\nwait(d)\n'
    schedule = compile_program(Program(text))
    assert [(t.name, t.default, t.low, t.high) for t in schedule.tunables] == [("depth", 0.01, 0.0, 0.04)]
    m = Machine()
    m.start([0, 1, 2], schedule, [{}, {"depth": 0.02}, {"depth": 0.0}])
    (request,) = m.run()
    assert numbers(request, "seconds") == [0.01, 0.02, 0.0]
    with pytest.raises(AspireError, match=r"tunable 'depth' of program: 0.05 is outside \[0.0, 0.04\]"):
        m.start([3], schedule, [{"depth": 0.05}])
    with pytest.raises(UnknownNameError, match="unknown tunable 'dept'. Did you mean 'depth'"):
        m.start([3], schedule, [{"dept": 0.01}])


def test_programs_in_one_machine_keep_apart() -> None:
    m = Machine()
    m.start([0, 1], compile_program(Program("x = 1\nwait(x)\nprint(x)")))
    m.start([2, 3], compile_program(Program("x = 2\nwait(x)\nprint(x)")))
    for request in m.run():
        answer(m, request.lanes.tolist(), "wait")
    m.run()
    assert {e.lane: e.prints for e in m.collect()} == {0: "1\n", 1: "1\n", 2: "2\n", 3: "2\n"}


def test_strands_merge_again_after_a_branch() -> None:
    text = "w = get_gripper_width()\nif w > 0.05:\n    z = 0.1\nelse:\n    z = 0.2\nwait(z)\nwait(w)\n"
    m = machine(text, 10)
    m.run()
    answer(m, list(range(10)))
    (request,) = m.run()
    assert len(request.lanes) == 10 and sorted(numbers(request, "seconds")) == [0.1] * 4 + [0.2] * 6
    answer(m, request.lanes.tolist(), "wait")
    (request,) = m.run()
    assert len(m._waiting) == 1


CONTAINED = [
    "x = 'a' * 10**10",
    "x = 'a'\nwhile True:\n    x += x",
    "x = [0] * 10**10",
    "x = [0]\nwhile True:\n    x = x + x",
    "x = (1,) * 10**9",
    "x = 10 ** 10 ** 10",
    "x = 7\nwhile True:\n    x = x * x",
    "x = 1 << 10**10",
    "x = list(range(10**12))",
    "x = [i for i in range(10**12)]",
    "sum(range(10**12))",
    "max(range(10**12))",
    "sorted(range(10**9))",
    "x = 5 in range(10**15)\nwhile True:\n    pass",
    "def f():\n    f()\nf()",
    "f = lambda g: g(g)\nf(f)",
    "x = []\nx.append(x)\nprint(x)\nprint(x == [x])",
    "x = (1, 2)\nfor i in range(60):\n    x = (x, x)\nprint(x)",
    "x = (1, 2)\nfor i in range(60):\n    x = (x, x)\nd = {x: 1}",
    "x = (1, 2)\ny = (1, 2)\nfor i in range(60):\n    x = (x, x)\n    y = (y, y)\nprint(x == y)",
    "x = [[0] * 1000] * 1000\nprint(str(x))",
    "print('%1000000000d' % 1)",
    "print('%*d' % (10**9, 1))",
    "w = 10**9\nprint(f'{1:{w}}')",
    "'a'.ljust(10**10)",
    "'a'.zfill(10**10)",
    "('a' * 1000).replace('a', 'b' * 10**6)",
    "','.join(['a' * 90000] * 90000)",
    "import numpy as np\nnp.zeros(10**10)",
    "import numpy as np\nnp.ones((10**5, 10**5))",
    "import numpy as np\nnp.arange(10**12)",
    "import numpy as np\nnp.linspace(0, 1, 10**11)",
    "import numpy as np\nnp.eye(10**6)",
    "import numpy as np\nx = np.zeros(90000)\nx[:, None] * x",
    "import numpy as np\nnp.outer(np.zeros(90000), np.zeros(90000))",
    "import numpy as np\nnp.tile(np.zeros(1000), 10**9)",
    "import numpy as np\nnp.repeat(np.zeros(10), 10**9)",
    "import numpy as np\nx = np.zeros(90000)\nnp.concatenate([x] * 90000)",
    "import numpy as np\nnp.array([[0] * 90000] * 90000)",
    "import numpy as np\nx = np.zeros(1000)\nwhile True:\n    x = np.concatenate([x, x])",
    "import numpy as np\nx = []\nwhile True:\n    x.append(np.zeros(90000))",
    "import numpy as np\nnp.zeros(3).repeat(10**9)",
    "import numpy as np\nnp.array_split(np.zeros(3), 10**9)",
    "import numpy as np\nnp.random.rand(10**9)",
    "import numpy as np\nnp.random.default_rng(1).choice(10**9, 10**9)",
    "list(zip(range(10**12)))",
    "list(map(str, range(10**12)))",
    "for x in filter(None, map(int, range(10**12))):\n    pass",
    "x = [1]\nfor i in range(20000):\n    x = map(abs, x)\nnext(x)",
    "x = [1]\nfor i in range(20000):\n    x = zip(x)\nlist(x)",
    "it = map(lambda x: next(it), [1, 2])\nlist(it)",
    "def f():\n    try:\n        return f()\n    finally:\n        return 1\nf()",
    "while True:\n    try:\n        raise ValueError\n    finally:\n        continue",
    "import numpy as np\nnp.zeros(3, dtype='O')",
    "import numpy as np\nnp.zeros(3).astype('O')",
    "import numpy as np\nnp.array(['a'])",
    "import numpy as np\nnp.array([wait])",
    "import numpy as np\nnp.linalg.svd(np.zeros((300, 300)))",
    "import numpy as np\nnp.einsum('i,j,k->ijk', np.zeros(500), np.zeros(500), np.zeros(500))",
    "import numpy as np\nnp.zeros(3).reshape(3, 1, 1).T.item(5)",
    "import numpy as np\nnp.meshgrid(*[np.zeros(100)] * 5)",
    "int('9' * 90000)",
    "x = {}\nwhile True:\n    x[len(x)] = 'a' * 1000",
    "print(*['a' * 1000] * 90000)",
    "while True:\n    print('spam' * 1000)",
    "try:\n    raise ValueError('x')\nexcept Exception as e:\n    raise e from e\n",
    "x = 'a'\ntry:\n    while True:\n        x += x\nexcept MemoryError:\n    pass\nwhile True:\n    pass",
    "def f(n):\n    return [f(n - 1) for _ in range(10)] if n else 0\nf(50)",
    "for a in range(99999):\n    for b in range(99999):\n        pass",
    "isinstance(1, 5)",
    "raise 5",
    "raise StopIteration",
    "sorted([1, 'a'])",
    "{[]: 1}",
    "[1, 2].index(3)",
    "print(undefined_later)\nundefined_later = 1",
    "x = None\nx()",
    "import numpy as np\nnp.ndarray((10**9,))",
    "x = [[0] * 300] * 300\nwhile True:\n    try:\n        str(x)\n    except MemoryError:\n        pass",
    "x = [0] * 100000\nwhile True:\n    x[:] = x",
    "sum([[]] * 100000, [0] * 100000)",
    "import numpy as np\nsum([np.zeros(90000)] * 90000)",
    "t = (0,)\nfor i in range(15):\n    t = (t, t)\nd = {}\nwhile True:\n    d.get(t)",
    "x = []\nfor i in range(40000):\n    x = [x]\nprint(x)",
    "import numpy as np\nx = np.float64\nx(1, 2, 3)",
    "divmod(1, 0)",
    "import math\nmath.exp(10**6)",
    "float('a')",
    "round(1.5, 10**10)",
]


@pytest.mark.parametrize("text", CONTAINED, ids=range(len(CONTAINED)))
def test_hostile_programs_end_quickly_in_bounded_memory(text: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    end = finish(text)
    assert time.process_time() - started < 2.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    assert end.outcome in (Outcome.PROGRAM_ERROR, Outcome.OUT_OF_INSTRUCTIONS, Outcome.DONE)
    assert "Varying" not in end.message and "aspire" not in end.message
    assert len(end.prints) < 25_000


def test_results_do_not_depend_on_when_a_strand_has_its_turn() -> None:
    text = "w = get_gripper_width()\nt = 0\nwhile t < int(w * 20000):\n    t += 1\nprint(t)\nwait(w)\nprint('end')\n"
    run = run_compiled(text, list(range(8)), failure_rate=0.0)
    alone = run_compiled(text, [5], failure_rate=0.0)
    assert run.ends[5].prints == alone.ends[0].prints and run.robots[5].calls == alone.robots[0].calls
    assert isinstance(run.robots[0], TableRobot) and len({e.prints for e in run.ends.values()}) == 8
