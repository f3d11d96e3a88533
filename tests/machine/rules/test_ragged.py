"""Arrays of different shape in each lane: numpy's own semantics, and the strand stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.modules import NUMPY, norm
from aspire_mjx.language.program import Program
from aspire_mjx.machine.copying import Take, copied
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.rules.numpy import call_facade
from aspire_mjx.machine.rules.operators import binary, compare, in_place, unary
from aspire_mjx.machine.strand import Strand
from aspire_mjx.machine.structure import columns
from aspire_mjx.machine.values import Raised, Varying
from aspire_mjx.primitives.results import Results
from tests.support.table_robot import TableRobot, assert_agrees, run_compiled

SEEDS = list(range(24))
CLOUD = """
import numpy as np
pos, quat = get_object_pose("milk")
xs = np.linspace(-0.1, 0.1, 9)
gx, gy = np.meshgrid(xs, xs)
pts = np.stack([gx.ravel(), gy.ravel(), gx.ravel() * gy.ravel()], axis=1) + pos
near = pts[pts[:, 2] > pos[2] + 0.002]
left = near[:, 0] > pos[0] + 0.05 - pos[2] / 3
part = near[left]
"""
PROGRAMS = {
    "lengths": """
print(len(near), near.shape, near.size, near.ndim, len(part), part.shape[0], part.shape[1], bool(len(part)))
""",
    "elements": """
print(near[0], near[-1], near[2][1], near[:, 2][0], near[3:5].tolist(), near[len(part) // 2])
""",
    "statistics": """
print(near.mean(axis=0), near.min(axis=0), np.max(near), np.std(near, axis=0), np.median(near[:, 2]))
print(near[:, 2].max(), near[:, 2].argmin(), np.percentile(near[:, 1], 30), np.sum(near), near.sum(axis=1)[0])
""",
    "order": """
print(near[np.argsort(near[:, 2])][0], np.sort(near[:, 0])[-1], near[near[:, 2].argmax()])
""",
    "norms": """
d = np.linalg.norm(near - near.mean(axis=0), axis=1)
print(d.min(), (d < 0.08).sum(), np.argmin(d))
""",
    "arithmetic": """
y = (near - pos) * 2 + near[0] / (1 + pos[2]) - near ** 2 + np.array([1, 2, 3]) * near[:, :1] - near // 0.1
print(y[1], -y[0], abs(y)[2], np.exp(-near)[0], np.sqrt(np.abs(near[:, 1])).sum(), np.arange(len(near)) * 2)
""",
    "joining": """
print(np.concatenate([near, part]).shape, np.vstack((near, part))[-1], np.append(near[:, 0], 1.0)[-1])
print(np.concatenate([near[:, 0], pts[:, 0]]).mean(), np.column_stack([near, np.zeros(len(near))])[0])
""",
    "masks": """
ok = np.isfinite(near).all(axis=1) & ~left | (near[:, 1] > 0.1)
print(near[ok].shape, np.count_nonzero(ok), np.any(ok), np.all(left), np.where(left)[0].tolist())
print(np.where(near > 0.2, near, 0.0).sum(), np.clip(near, 0.1, 0.2).mean(), np.unique(np.round(near, 1)))
""",
    "loops": """
total = 0.0
for p in part:
    total += p[2] * 2
print(total)
for i, p in enumerate(part[:3]):
    print(i, p[0])
print([round(float(p[1]), 3) for p in part])
""",
    "truth": """
print(0.2 in near, near.any(), bool((near > 5).any()), near is near, near is part, near == None)
if len(part) == 0:
    print('none')
else:
    a, *b = part
    print(a, len(b))
""",
    "empty": """
void = near[near[:, 2] > 9]
print(len(void), void.shape, void.sum(), void)
print(void.mean(axis=0), max(void[:, 0]))
""",
    "errors": """
try:
    x = part[3]
except IndexError as e:
    print(e)
x = near + part
""",
    "text": """
print(part, f'{len(part):3d} {part.sum():.3f}', str(part[:1]))
""",
    "mutation": """
near[0] = 5
print(pts.max())
near[:, 1] += 1
near -= pos
print(near[1], part[:1])
near[left] = [7, 8, pos[2]]
print(near.sum(axis=0))
near[len(part) - 1, 0] = pos[1]
print(near[-1], near[0])
""",
    "views": """
z = near[:, 2]
z[0] = 4.0
print(near[0], near.T[2, 0])
half = near[: len(part) // 2]
half += 1
print(near.sum())
c = near.copy()
c[0] = 9
print(near[0], c[0])
row = near[len(part) // 3]
row[1] = -3.0
print(near.min())
same = near
same += 1.0
print(near.sum(), same is near)
""",
    "varying_owner": """
part = pts[int(pos[0] * 20) :]
part[0] = 9.0
print(pts.max(axis=1).argmax(), pts.sum())
row = pts[int(pos[1] * 30)]
row[2] = -5.0
print(pts[:, 2].argmin())
w = np.zeros((8, 2))
v = w[int(pos[0] * 25)]
v += pos[2]
print(w.sum(axis=1).argmax())
""",
    "arguments": """
goto_pose(near[0], quat)
goto_pose(near.mean(axis=0), (0, 1, 0, 0))
goto_pose(near[-1] + [0, 0, 0.1], quat)
try:
    goto_pose(near[:, 0], quat)
except ValueError as e:
    print(e)
""",
    "transposed": """
a = (near.T + 0)
b = a[0]
wait(1)
b[0] = 3
print(a[:, 0], a.T.shape)
f = np.array(quat.reshape(2, 2).T)
print(f[0])
""",
}


@pytest.fixture(autouse=True)
def as_in_a_run() -> Iterator[None]:
    """Numpy warns of no numbers while the machine runs."""
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize("name", PROGRAMS)
def test_agrees_with_plain_python(name: str) -> None:
    assert_agrees(CLOUD + PROGRAMS[name], SEEDS, failure_rate=0.0)


@pytest.mark.parametrize("name", ["statistics", "arithmetic", "mutation", "views"])
def test_lanes_do_not_depend_on_their_neighbours(name: str) -> None:
    text = CLOUD + PROGRAMS[name] + "\nprint(near.tolist(), part.sum(axis=0).tolist(), near.mean().tolist())\n"
    together = run_compiled(text, SEEDS, failure_rate=0.0)
    reverse = run_compiled(text, SEEDS[::-1], failure_rate=0.0)
    for lane in (0, 3, 11, 23):
        alone = run_compiled(text, [lane], failure_rate=0.0)
        assert together.ends[lane] == reverse.ends[23 - lane]._replace(lane=lane)
        assert together.ends[lane].prints == alone.ends[0].prints


class Watched(Machine):
    """A machine that notes the size of every strand whose turn it is."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def _advance(self, strand: Strand, *args: Any) -> list[Strand]:
        self.sizes.append(strand.size)
        return super()._advance(strand, *args)


def strand_sizes(text: str, seeds: list[int]) -> set[int]:
    """The sizes of the strands that a program runs in when no primitive fails."""
    machine, robots, ended = Watched(), [TableRobot(seed, 0.0) for seed in seeds], 0
    machine.start(range(len(seeds)), compile_program(Program(text)))
    while ended < len(seeds):
        for request in machine.run():
            rows = enumerate(request.lanes.tolist())
            parts = [
                robots[lane].call(request.primitive, {k: v[i] for k, v in request.arguments.items()})._results
                for i, lane in rows
            ]
            machine.resume(request.lanes.tolist(), Results.concatenate(parts))
        ended += len(machine.collect())
    return set(machine.sizes)


def test_ragged_work_does_not_split_the_strand() -> None:
    work = ["lengths", "elements", "statistics", "order", "norms", "arithmetic", "joining", "mutation", "views"]
    text = CLOUD + "\n".join(PROGRAMS[name] for name in work) + "\nprint(near, part)\nwait(1)\n"
    text = text.replace("part[0]", "part[:1]").replace("near[3:5].tolist(), ", "")
    assert strand_sizes(text, SEEDS) == {len(SEEDS)}


def test_strands_with_different_shapes_merge() -> None:
    text = (
        CLOUD
        + "if pos[0] > 0.1:\n    near = near[:5]\nelse:\n    near = pts\nwait(1)\nprint(near.sum(axis=0))\nwait(2)"
    )
    run = assert_agrees(text, SEEDS, failure_rate=0.0)
    assert run.requests == 3


def test_budget_is_charged_for_each_lane() -> None:
    text = "import numpy as np\npos, quat = get_object_pose('milk')\nx = np.arange(int(pos[0] * 100) * 100)\n"
    text += "for i in range(int(pos[0] * 100) * 8):\n    x = x ** 1\nfor i in range(9):\n    y = x ** 2\n    print(i)\n"
    limits = ProgramLimits(instructions=20_000)
    together = run_compiled(text, SEEDS, failure_rate=0.0, limits=limits)
    for lane in SEEDS[::4]:
        alone = run_compiled(text, [lane], failure_rate=0.0, limits=limits).ends[0]
        assert alone[1:] == together.ends[lane][1:]
    assert len({end.outcome for end in together.ends.values()}) == 2


# rules that take all lanes at once ------------------------------------------------------------------------------------

N = 40
RNG = np.random.default_rng(3)
LENGTHS = RNG.integers(1, 12, size=N)


def cloud(*inner: int) -> Ragged:
    scale = RNG.choice([1e-3, 1.0, 1e3], size=N)
    return Ragged([RNG.normal(size=(k, *inner)) * s for k, s in zip(LENGTHS, scale, strict=True)])


POINTS, OTHERS, SCORES = cloud(3), cloud(3), cloud()
NUMBERS = Varying(RNG.normal(size=N), python=True)
VECTORS = Varying(RNG.normal(size=(N, 3)))


def same(got: Any, expected: list[Any]) -> None:
    for x, y in zip(columns(got, N), expected, strict=True):
        assert np.asarray(x).dtype == np.asarray(y).dtype and np.shape(x) == np.shape(y)
        assert np.asarray(x).tobytes() == np.asarray(y).tobytes()


@pytest.mark.parametrize("op", ["+", "-", "*", "/", "**", "%", "<", "==", "!=", ">="])
def test_operators(op: str) -> None:
    apply: Any = compare if op in ("<", "==", "!=", ">=") else binary
    pairs = [
        (POINTS, OTHERS),
        (POINTS, NUMBERS),
        (NUMBERS, SCORES),
        (POINTS, VECTORS),
        (VECTORS, POINTS),
        (POINTS, 0.5),
    ]
    for a, b in [*pairs, (POINTS, 0.5), (POINTS, np.array([1.0, 2.0, 3.0])), (3, SCORES), (SCORES, np.float64(2.0))]:
        lanes = [apply(op, x, y, 1) for x, y in zip(columns(a, N), columns(b, N), strict=True)]
        same(apply(op, a, b, N), lanes)


def test_masks_and_unary_operators() -> None:
    mask = compare(">", SCORES, NUMBERS, N)
    same(unary("~", mask, N), [~m for m in columns(mask, N)])
    same(unary("-", POINTS, N), [-p for p in POINTS.arrays])
    picked = binary("&", mask, unary("~", compare("<", SCORES, 0.0, N), N), N)
    same(picked, [(s > x) & ~(s < 0.0) for s, x in zip(SCORES.arrays, columns(NUMBERS, N), strict=True)])


@pytest.mark.parametrize(
    "name", ["max", "min", "argmax", "argmin", "amax", "mean", "sum", "sqrt", "isfinite", "maximum"]
)
def test_functions(name: str) -> None:
    function = getattr(NUMPY, name)
    args: tuple[Any, ...] = (SCORES, 0.1) if name == "maximum" else (SCORES,)
    same(call_facade(function, args, {}, N), [function(s, *args[1:]) for s in SCORES.arrays])
    special = Ragged([np.array([0.0, -0.0]), np.array([np.nan, 1.0]), np.array([-0.0, 0.0, -1.0])] + SCORES.arrays[3:])
    args = (special, *args[1:])
    same(call_facade(function, args, {}, N), [function(s, *args[1:]) for s in special.arrays])


def test_norms_over_an_axis() -> None:
    same(call_facade(NUMPY.linalg.norm, (POINTS,), {"axis": 1}, N), [norm(p, axis=1) for p in POINTS.arrays])


def test_in_place_operators_change_the_arrays_or_nothing() -> None:
    value = POINTS.copies()
    arrays = value.arrays
    assert in_place("+", value, VECTORS, N) is value and value.arrays is arrays
    same(value, [p + v for p, v in zip(POINTS.arrays, VECTORS.array, strict=True)])
    integers = Ragged([np.arange(k) for k in LENGTHS])
    with pytest.raises(Raised) as caught:
        in_place("+", integers, 0.5, N)
    assert caught.value.exception.type is TypeError
    same(integers, [np.arange(k) for k in LENGTHS])


def test_taken_lanes_keep_their_arrays_and_views() -> None:
    view = Ragged([p[:, 1] for p in POINTS.arrays])
    points, column = copied(Take(np.array([5, 2])), [POINTS, view])
    assert points.arrays[0] is POINTS.arrays[5]
    assert np.shares_memory(points.arrays[1], column.arrays[1])
