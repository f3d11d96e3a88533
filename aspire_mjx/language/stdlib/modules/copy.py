"""``copy``: of containers and arrays; everything else in a program never changes."""


def copy(x):
    """A container or an array of its own, with the same elements."""
    import numpy as np

    if isinstance(x, list):
        return list(x)
    if isinstance(x, dict):
        return dict(x)
    if isinstance(x, set):
        return set(x)
    return x.copy() if isinstance(x, np.ndarray) else x


def deepcopy(x):
    """The same all the way down. What stands in two places is copied twice."""
    import numpy as np

    if isinstance(x, list):
        return [deepcopy(item) for item in x]
    if isinstance(x, dict):
        return {key: deepcopy(item) for key, item in x.items()}
    if isinstance(x, tuple):
        return tuple([deepcopy(item) for item in x])
    if isinstance(x, set):
        return set(x)
    return x.copy() if isinstance(x, np.ndarray) else x
