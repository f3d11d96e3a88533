"""``functools``: functions of functions."""


def partial(func, /, *args, **keywords):
    """The function with some of its arguments given."""

    def call(*more, **others):
        return func(*args, *more, **{**keywords, **others})

    return call


def reduce(function, sequence, *initial):
    """The elements put together, two at a time, from the left."""
    items = list(sequence)
    if not items and not initial:
        raise TypeError("reduce() of empty iterable with no initial value")
    total, rest = (initial[0], items) if initial else (items[0], items[1:])
    for item in rest:
        total = function(total, item)
    return total
