"""Names of callables in Python's messages about calls, such as ``len() argument after * must be an iterable``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def in_messages(function: Any) -> str:
    """How Python names what is called, function or not."""
    name = getattr(function, "__qualname__", None)
    if name is None:
        return str(function)
    module = getattr(function, "__module__", None)
    return f"{name}()" if module in (None, "builtins") else f"{module}.{name}()"


def named(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A function or partial under the name that it has in a program, which is the one in messages."""
    function.__module__ = "builtins"
    function.__qualname__ = name
    return function


def method_title(receiver: Any, name: str) -> str:
    """The qualified name of a method of a plain value."""
    return f"{'str' if isinstance(receiver, str) else type(receiver).__name__}.{name}"
