"""numpy, math and Rotation in programs: every lane computes what plain Python does."""

from __future__ import annotations

import pytest

from tests.support.varying_values import assert_runs_as_in_plain_python

PROGRAMS = {
    "grids and what is rarer": r"""
def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
show(lambda: np.mgrid[0:2, 0:3])
show(lambda: np.mgrid[0:1:0.25])
show(lambda: np.mgrid[0:n+1, 0:w:0.05].shape)
show(lambda: np.ogrid[0:2, 0:3])
show(lambda: np.r_[1, 2:4, pos, w])
show(lambda: np.c_[pos, pos * 2])
show(lambda: np.arange(9).reshape(3,3)[np.s_[1:, :2]])
show(lambda: pos[np.s_[1:]])
show(lambda: np.mgrid[0:10000, 0:10000])
show(lambda: np.r_["a", 1])
show(lambda: np.mgrid)
show(lambda: np.mgrid())
show(lambda: np.pad(pos, 1))
show(lambda: np.pad(np.ones((2, 2)) * w, ((1, 0), (0, 2)), mode="edge"))
show(lambda: np.pad(pos, 10**9))
show(lambda: np.pad(pos, 1, mode=len))
show(lambda: np.ascontiguousarray(pos))
show(lambda: np.array2string(pos, precision=2, separator=", "))
show(lambda: np.array2string(pos, formatter={"float": len}))
show(lambda: np.select([pos > 0.1, pos > 0.05], [pos, -pos], 9))
show(lambda: np.polyfit([0, 1, 2], pos, 1).round(3))
show(lambda: np.indices((2, 2)))
show(lambda: np.ix_([0, 1], [n % 2]))
show(lambda: np.triu_indices(3))
show(lambda: np.unravel_index(np.argmax(np.outer(pos, pos)), (3, 3)))
show(lambda: np.ravel_multi_index((1, 1), (3, 3)))
show(lambda: np.take_along_axis(np.array([[w, 1.0], [2.0, 0.0]]), np.array([[0], [1]]), 1))
show(lambda: np.linalg.eig(np.diag(pos))[0])
show(lambda: np.linalg.eig(np.array([[0, -1.0], [1, 0]])))
show(lambda: np.linalg.eigvals(np.eye(2) * w))
show(lambda: np.bitwise_and(n, 1))
show(lambda: np.invert(pos > 0.1))
show(lambda: np.left_shift(n, 2))
show(lambda: np.atan2(w, 1))
show(lambda: np.pow(w, 2))
show(lambda: np.acos(pos))
show(lambda: np.concat([pos, pos]))
show(lambda: np.vecdot(pos, pos))
show(lambda: np.trapezoid(pos))
show(lambda: np.resize(pos, 5))
show(lambda: np.array_equiv(pos, [pos, pos]))
show(lambda: np.nanprod(pos))
show(lambda: pos.argpartition(1)[0])
show(lambda: pos.compress([True, False, True]))
show(lambda: np.linalg.vector_norm(pos))
q = np.ascontiguousarray(pos)
q[0] = 7
print(pos, np.True_, np.False_, np.euler_gamma)
""",
    "construction": r"""
# construction
print(
    np.empty(3),
    np.full((2, 2), w),
    np.eye(2) * n,
    np.arange(n),
    np.linspace(0, w, 3),
    np.logspace(0, 1, 3),
    np.tri(3),
    np.diag([w, n]),
    np.ones((1, 2), dtype=int),
    np.zeros_like(pos),
    np.full_like(pos, n),
    np.identity(2),
    np.tile(pos, 2),
    np.repeat(pos, 2),
    np.array([[w, 1], [n, 2.0]]),
    np.asarray([n, 1]),
    np.broadcast_to(pos, (2, 3)),
)
a, b = np.meshgrid([0.0, w], [1.0, 2.0])
print(
    a,
    b,
    np.stack([pos, pos * 2]),
    np.vstack([pos, pos]),
    np.hstack([pos, [1]]),
    np.column_stack([pos, pos]),
    np.concatenate([pos, [n]]),
    np.append(pos, 1),
    np.block([[np.eye(2), np.zeros((2, 1))]]),
)
""",
    "reductions": r"""
# reductions
a = np.array([[w, 0.5, -1.0], [n, 2.0, 0.25]])
print(
    a.sum(),
    a.mean(axis=0),
    a.max(axis=1),
    a.min(),
    np.median(a),
    np.std(a),
    np.var(a, axis=1),
    np.percentile(a, 30),
    np.quantile(a, 0.5),
    a.argmax(),
    np.argmin(a, axis=1),
    np.argsort(pos),
    np.sort(a, axis=0),
    np.cumsum(a),
    np.cumprod(pos),
    np.diff(pos),
    np.ptp(a),
    np.average(pos, weights=[1, 2, 3]),
    np.prod(pos),
    np.any(a > 1),
    np.all(a),
    np.count_nonzero(a),
    np.trace(a[:, :2]),
    np.cov(a),
    np.nanmean([w, np.nan]),
    np.nanmedian([w, np.nan, 1]),
    np.nanstd(pos),
    np.nanmax(pos),
    np.nansum([w, np.nan]),
)
""",
    "masks and indexing": r"""
# masks and indexing
a = np.arange(12.0).reshape(3, 4) * w
print(
    a[a > 0.5],
    a[1],
    a[:, 1],
    a[..., 0],
    a[-1, -1],
    a[[0, 2]],
    a[[0, 1], [1, 2]],
    a[np.newaxis].shape,
    a[:, None, :].shape,
    a.T[1],
    a[::-1, ::2],
    a[n % 3],
    a[n % 3, 1:],
    pos[[2, 0]],
    a[np.array([True, False, True])],
)
a[a < 0.1] = -1
a[1, :] = [1, 2, 3, w]
a[:, 0] += 5
a[[0, 2], 1] = 7
a[n % 3, 2] = 9
a[0, 1:3] *= 2
print(
    a,
    np.where(a > 2, a, 0),
    np.where(a > 5)[0],
    np.nonzero(pos > 0.1),
    np.argwhere(pos > 0.1),
    np.flatnonzero(pos > 0.05),
    np.clip(a, 0, 3),
    np.isin([1, n], [n]),
    np.take(pos, [0, n % 3]),
    np.extract(pos > 0.1, pos),
)
b = a[a[:, 1] > 3]
print(len(b), b.shape, b.mean() if len(b) else None)
""",
    "shapes": r"""
# shapes
a = np.arange(6.0) * w
b = a.reshape(2, 3)
b[0, 0] = 99.0
c = b.T
c[1, 1] = -5
d = a.ravel()
d[5] = 1
e = a.reshape(3, 2).swapaxes(0, 1)
e[0, 0] += 1
print(
    a,
    b,
    c,
    d,
    e,
    a.copy(),
    b.flatten(),
    np.squeeze(b[:1]),
    np.expand_dims(a, 0).shape,
    np.moveaxis(b, 0, 1),
    np.swapaxes(b, 0, 1),
    np.split(a, 3),
    np.array_split(a, 4),
    np.roll(a, 1),
    np.flip(a),
    np.rot90(b),
    np.transpose(b),
    np.atleast_2d(a).shape,
    np.fliplr(b),
    b.shape,
    b.size,
    b.ndim,
    len(b),
    b.tolist(),
    np.triu(np.ones((2, 2)) * n),
    np.tril(b),
    np.delete(a, n % 3),
    np.insert(a, 1, w),
)
f = b.flatten()
f[0] = 0
print(a[0], b.transpose(1, 0)[0], b.transpose().shape)
""",
    "linear algebra": r"""
# linear algebra
m = np.array([[2.0, w, 0], [w, 3.0, 0.1], [0, 0.1, 1.0 + n]])
print(
    np.linalg.inv(m),
    np.linalg.det(m),
    np.linalg.solve(m, pos),
    np.linalg.eigh(m)[0],
    np.linalg.eigvalsh(m),
    np.linalg.norm(m),
    np.linalg.norm(pos),
    np.linalg.norm(m, axis=1),
    np.linalg.svd(m)[1],
    np.linalg.qr(m)[1],
    np.linalg.cond(m),
    np.linalg.matrix_rank(m),
    np.linalg.pinv(m),
    np.linalg.matrix_power(m, 2),
    np.linalg.multi_dot([m, m, pos]),
    np.linalg.lstsq(m, pos, rcond=None)[0],
    np.linalg.slogdet(m),
    np.linalg.cholesky(m),
)
print(
    m @ pos,
    pos @ pos,
    np.dot(m, pos),
    m.dot(pos),
    np.cross(pos, [0, 0, 1]),
    np.outer(pos, pos),
    np.inner(pos, pos),
    np.einsum("ij,j->i", m, pos),
    np.matmul(m, m),
    np.kron([1, w], [1, 2]),
    np.vdot(pos, pos),
    np.tensordot(m, m, axes=2),
)
try:
    np.linalg.inv(np.zeros((2, 2)) * w)
except np.linalg.LinAlgError as error:
    print("singular", error)
""",
    "numbers": r"""
# numbers
print(
    np.sin(w),
    np.sqrt(pos),
    np.arctan2(w, pos),
    np.deg2rad(n),
    np.hypot(w, 1),
    np.sign(-w),
    np.floor(w * 5),
    np.round(pos, 2),
    np.abs(-pos),
    np.exp(w),
    np.maximum(pos, 0.1),
    np.isclose(w, w),
    np.allclose(pos, pos + 1e-12),
    np.isnan(pos),
    np.nan_to_num([np.nan, w]),
    np.mod(n, 2),
    np.power(w, 2),
    np.log1p(w),
    np.tanh(w),
    np.interp(w, [0, 1], [0, 10]),
    np.float64(w),
    np.int64(n),
    np.pi,
    np.inf,
    np.array_equal(pos, pos),
    np.degrees(w),
    np.square(pos),
    np.cbrt(8.0),
    np.fmin(w, 0.1),
    np.log10(w + 1),
    np.logical_and(w > 0.1, n > 1),
    np.unwrap([0, w, 6.5]),
    np.heaviside(w, 0),
)
print(
    w * np.ones(2),
    n + pos,
    pos / 2,
    pos**2,
    -pos,
    pos % 0.1,
    pos // 0.05,
    pos > 0.1,
    pos == pos,
    abs(pos),
    round(float(pos[0]), 3),
    float(pos[1]),
    int(pos[0] * 100),
    bool(pos[0]),
    pos[0] + 1,
    sum(pos),
    max(pos.tolist()),
    sorted(pos),
    list(pos),
    tuple(pos),
)
""",
    "sets and searches": r"""
# sets and searches
a = np.array([3, n, 1, 2, n])
print(
    np.unique(a),
    np.unique(a, return_counts=True),
    np.searchsorted([0, 1, 2, 3], w * 3),
    np.digitize(pos, [0.05, 0.1]),
    np.histogram(pos, bins=3),
    np.bincount(a),
    np.intersect1d(a, [n]),
    np.setdiff1d(a, [1]),
    np.union1d(a, [9]),
    np.argpartition(pos, 1)[0],
    np.partition(pos, 1),
    np.lexsort((a, a)),
    np.isin(n, a),
    np.corrcoef(pos, pos),
    np.gradient(pos),
    np.convolve(pos, [1, 1]),
    np.polyval([1, w], 2),
)
""",
    "methods that change an array": r"""
# methods that change an array
a = np.array([3.0, w, 2.0])
b = a
a.sort()
print(a, b)
a.fill(w)
b[1] = 5
print(a)
c = np.zeros((2, 2))
d = c[0]
c.fill(n)
c[1] += pos[:2]
print(
    c,
    d,
    a.repeat(2),
    c.take([0, 3]),
    c.trace(),
    c.cumprod(),
    c.astype(int),
    c.item(0),
    a.clip(0.1, 0.2),
    c.swapaxes(0, 1),
    c.any(),
    c.all(),
    c.round(1),
    c.argsort(),
    c.std(),
    c.T,
)
c[:] = 0
e = np.sort(pos)[::-1]
e.sort()
print(c, d, e)
""",
    "rotations": r"""
# rotations
r = R.from_euler("z", w)
q = R.from_quat([0, 0, math.sin(w / 2), math.cos(w / 2)])
print(
    r.as_quat(),
    q.as_quat(scalar_first=True),
    r.as_matrix(),
    r.as_euler("xyz", degrees=True),
    r.as_rotvec(),
    r.apply(pos),
    r.inv().apply([1, 0, 0]),
    (r * q).magnitude(),
    R.identity().as_quat(),
    R.from_matrix(np.eye(3)).as_rotvec(),
    R.from_rotvec([0, 0, w]).as_euler("ZYX"),
    R.from_euler("xyz", [w, n, 0], degrees=True).as_matrix(),
    (r**0.5).as_rotvec(),
    R.from_quat([1, 0, 0, 0], scalar_first=True).magnitude(),
    R.align_vectors([[0, 1, 0]], [[1, 0, 0]])[1],
    r.as_quat(canonical=True),
)
rotations = [R.from_euler("z", a, degrees=True) for a in (0, 30 * n, 90)]
best = min(rotations, key=lambda k: (k * r).magnitude())
print(best.as_quat(), R.from_euler("xyz", [[0, 0, w], [0, w, 0]]).apply(pos))
""",
    "sizes are guarded": r"""
# sizes are guarded
def refused(f):
    try:
        f()
    except (MemoryError, TypeError, OverflowError, ValueError, TimeoutError) as error:
        return str(error)
    return "allowed"


print(
    refused(lambda: np.empty(10**10)),
    refused(lambda: np.array_split(pos, 10**9)),
    refused(lambda: np.histogram(pos, 10**9)),
    refused(lambda: np.bincount([10**9])),
    refused(lambda: np.cov(np.zeros((5000, 2)))),
    refused(lambda: np.broadcast_to(w, (10**6, 10**6))),
    refused(lambda: np.logspace(0, 1, 10**9)),
    refused(lambda: np.tri(10**6)),
    refused(lambda: math.factorial(10**6)),
    refused(lambda: math.comb(10**5, 10**4)),
    refused(lambda: math.prod([2**1000] * 50)),
    refused(lambda: np.nan_to_num(pos, copy=False)),
    refused(lambda: R.identity(10**9)),
    refused(lambda: np.convolve(np.zeros(90000), np.zeros(90000))),
    refused(lambda: pow(10, 10**9)),
    refused(lambda: math.lcm(*[2**500 + i for i in range(40)])),
    refused(lambda: np.array([1, "a"])),
    refused(lambda: math.perm(10**6)),
)
""",
    "views by functions": r"""
# views by functions
a = np.arange(6.0) * w
b = np.reshape(a, (2, 3))
b[0, 0] = 99.0
c = np.transpose(b)
c[1, 1] = -5
d = np.flip(a)
d[0] = n
e = np.expand_dims(a, 0)
e[0, 2] = 7
f = np.swapaxes(b, 0, 1)
f[0] *= 2
g = np.squeeze(e)
g += 1
h = np.atleast_2d(a)
h[0, 1] = 3
k = a.copy().reshape(3, 2)
k[0] = 0
print(a, b, c, d, e, f, g, h, k)
a.sort()
print(a, b)
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_agrees_with_plain_python(program: str) -> None:
    assert_runs_as_in_plain_python(program)
