"""``itertools``: what goes on for ever, or reads its arguments as it goes, is a generator; the rest is made at once."""


def count(start=0, step=1):
    """Numbers from ``start`` on: a thousand million of them, which no program counts to."""
    return (start + (a * 1000000 + b * 1000 + c) * step for a in range(1000) for b in range(1000) for c in range(1000))


def cycle(items):
    """The elements over and over."""
    pool = list(items)
    return (pool[i % len(pool)] for i in count()) if pool else iter([])


def repeat(object, times=None):
    """One value, for ever or so many times."""
    return (object for _ in (count() if times is None else range(times)))


def chain(*iterables):
    """The elements of one iterable after the other's."""
    return (item for part in iterables for item in part)


def chain_from_iterable(iterables):
    """``chain`` of the iterables that an iterable has."""
    return (item for part in iterables for item in part)


def islice(items, first, *more):
    """The elements at some places; none is read behind the last."""
    start, stop = (first or 0, more[0]) if more else (0, first)
    step = 1 if len(more) < 2 or more[1] is None else more[1]
    if start < 0 or step < 1 or (stop is not None and stop < 0):
        raise ValueError("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    places = enumerate(items) if stop is None else zip(range(stop), items, strict=False)
    return (item for i, item in places if i >= start and (i - start) % step == 0)


def starmap(function, rows):
    """The results of a function for rows of arguments."""
    return (function(*row) for row in rows)


def compress(items, selectors):
    """The elements whose selectors are true."""
    return (item for item, chosen in zip(items, selectors, strict=False) if chosen)


def filterfalse(predicate, items):
    """The elements for which a function is false."""
    return (item for item in items if not (item if predicate is None else predicate(item)))


def pairwise(items):
    """Each element with the one behind it."""
    pool = list(items)
    return iter(list(zip(pool, pool[1:], strict=False)))


def takewhile(predicate, items):
    """The elements before the first for which a function is false."""
    taken = []
    for item in items:
        if not predicate(item):
            break
        taken.append(item)
    return iter(taken)


def dropwhile(predicate, items):
    """The elements from the first on for which a function is false."""
    pool = list(items)
    for i, item in enumerate(pool):
        if not predicate(item):
            return iter(pool[i:])
    return iter([])


def accumulate(items, func=None, *, initial=None):
    """What is added up so far, or put together by a function."""
    totals = [] if initial is None else [initial]
    for item in items:
        if not totals:
            totals.append(item)
        elif func is None:
            totals.append(totals[-1] + item)
        else:
            totals.append(func(totals[-1], item))
    return iter(totals)


def zip_longest(*iterables, fillvalue=None):
    """Rows of elements; what is too short is filled up."""
    pools = [list(part) for part in iterables]
    longest = max([len(pool) for pool in pools], default=0)
    filled = [pool + [fillvalue] * (longest - len(pool)) for pool in pools]
    return zip(*filled, strict=True)


def product(*iterables, repeat=1):
    """Every choice of one element of each."""
    rows = [()]
    for pool in [list(part) for part in iterables] * repeat:
        rows = [(*row, item) for row in rows for item in pool]
    return iter(rows)


def permutations(items, r=None):
    """Every order of ``r`` of the elements."""
    pool = tuple(items)
    rows = [()]
    for _ in range(len(pool) if r is None else r):
        rows = [(*row, i) for row in rows for i in range(len(pool)) if i not in row]
    return iter([tuple([pool[i] for i in row]) for row in rows])


def combinations(items, r):
    """Every choice of ``r`` of the elements, in their order."""
    pool = tuple(items)
    rows = [()]
    for _ in range(r):
        rows = [(*row, i) for row in rows for i in range(row[-1] + 1 if row else 0, len(pool))]
    return iter([tuple([pool[i] for i in row]) for row in rows])


def combinations_with_replacement(items, r):
    """Every choice of ``r`` of the elements, in their order, each as often as one likes."""
    pool = tuple(items)
    rows = [()]
    for _ in range(r):
        rows = [(*row, i) for row in rows for i in range(row[-1] if row else 0, len(pool))]
    return iter([tuple([pool[i] for i in row]) for row in rows])


def groupby(items, key=None):
    """Neighbours with equal keys: the key and an iterator of them."""
    groups = []
    for item in items:
        its = item if key is None else key(item)
        if groups and groups[-1][0] == its:
            groups[-1][1].append(item)
        else:
            groups.append((its, [item]))
    return iter([(its, iter(members)) for its, members in groups])


def tee(items, n=2):
    """Iterators that each have all elements."""
    pool = list(items)
    return tuple([iter(pool) for _ in range(n)])
