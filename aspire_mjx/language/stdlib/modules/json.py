"""``json``: values as text and back."""


def dumps(obj, *, ensure_ascii=True, allow_nan=True, indent=None, separators=None, default=None, sort_keys=False):
    """The text of a value: dicts, lists, tuples, texts, numbers, truths and None; ``default`` makes these of others."""
    from aspire_mjx.language.json_text import written

    return written(_simple(obj, default), ensure_ascii, allow_nan, indent, separators, sort_keys)


def _simple(obj, default):
    """A value of nothing but what JSON has."""
    if obj is None or isinstance(obj, (str, bool, int, float)):
        return obj
    if isinstance(obj, dict):
        return {key: _simple(item, default) for key, item in obj.items()}
    if isinstance(obj, (list, tuple)):
        return [_simple(item, default) for item in obj]
    if default is None:
        raise TypeError(f"Object of type {type(obj).__name__} is not JSON serializable")
    return _simple(default(obj), default)


def loads(s):
    """The value of a text."""
    from aspire_mjx.language.json_text import read

    return read(s)
