"""The functions of a schedule, as the machine and tracebacks need them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Code:
    """One function of a schedule (the module itself is the first).

    Attributes:
        name: its name.
        entry: index of its first instruction.
        end: index after its last one.
        parameters: positional parameters.
        defaults: how many of the positional parameters, the last ones, have a default.
        keyword_only: parameters after ``*``.
        keyword_defaults: those of them with a default.
        rest: name of ``*args``, if any.
        rest_keywords: name of ``**kwargs``, if any.
        positional_only: how many of the parameters cannot be given by keyword.
        inline: whether it is a comprehension or of the prelude, which do not show in strand paths.
        title: the name in error messages, with the functions around it, as Python writes it.
    """

    name: str
    entry: int
    end: int = 0
    parameters: tuple[str, ...] = ()
    defaults: int = 0
    keyword_only: tuple[str, ...] = ()
    keyword_defaults: tuple[str, ...] = ()
    rest: str | None = None
    rest_keywords: str | None = None
    positional_only: int = 0
    inline: bool = False
    title: str = ""
