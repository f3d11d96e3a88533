"""``sys``: the end of a program."""


def exit(code=None):
    """End the program; a text is printed first, as Python does."""
    raise SystemExit(*([] if code is None else [code]))
