"""``collections``: dicts that count and that fill themselves. ``default_dicts`` says which programs get what."""


def Counter(items=(), /, **named):
    """How often each element is there; a dict has numbers already."""
    return _counted({}, items, **named)


def _counted(counts, items=(), /, **named):
    """Add to numbers of elements, in place."""
    if isinstance(items, dict):
        for key, number in items.items():
            counts[key] = counts.get(key, 0) + number
    else:
        for key in items:
            counts[key] = counts.get(key, 0) + 1
    for key, number in named.items():
        counts[key] = counts.get(key, 0) + number
    return counts


def _most_common(counts, n=None):
    """Elements and their numbers, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda pair: pair[1], reverse=True)
    return ordered if n is None else ordered[: max(n, 0)]


def _counts(counts, key, none):
    """How often a key was counted."""
    return counts.get(key, none)


def _item(items, key, make):
    """The element of a key, made first where there is none."""
    return items[_ready(items, key, make)]


def _ready(items, key, make):
    """The key, with an element of its own in the dict."""
    if key not in items:
        if make is None:
            raise KeyError(key)
        items[key] = make()
    return key
