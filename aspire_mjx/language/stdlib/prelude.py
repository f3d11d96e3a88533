"""Built-in functions that call functions of the program, or look at one element after the other.

``_arranged`` and ``_first`` are instructions of the machine. What is ``ready`` grows while it is computed.
"""


def sorted(items, key, reverse):
    """A new list in the order of the keys."""
    items = list(items)
    return _arranged(items, [key(x) for x in items], reverse)


def sort(items, key, reverse):
    """The list itself in the order of the keys."""
    items[:] = _arranged(items, [key(x) for x in items], reverse)


def min(items, key):
    """The first element with the smallest key."""
    items = list(items)
    return items[_first([key(x) for x in items], False)]


def max(items, key):
    """The first element with the largest key."""
    items = list(items)
    return items[_first([key(x) for x in items], True)]


def any(items):
    """Whether one element is true; none is read behind it."""
    for x in items:
        if x:
            return True
    return False


def all(items):
    """Whether no element is false; none is read behind the first that is."""
    for x in items:
        if not x:
            return False
    return True


def contains(items, wanted):
    """Whether an iterator has an element; none is read behind it."""
    for x in items:
        if x is wanted or x == wanted:
            return True
    return False


def lacks(items, wanted):
    """Whether an iterator has no such element; none is read behind it."""
    for x in items:
        if x is wanted or x == wanted:
            return False
    return True


def map(function, rows, ready):
    """The results of a function for rows of arguments."""
    for row in rows:
        ready.append(function(*row))


def filter(function, rows, ready):
    """The elements for which a function is true."""
    for x in rows:
        if function(x):
            ready.append(x)


def listed(rows, ready):
    """The elements of an iterator, one by one."""
    for row in rows:
        ready.append(row)
