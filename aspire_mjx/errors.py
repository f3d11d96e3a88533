"""Every error the project raises on purpose.

Each message names the object, the value that was wrong, the valid choices, and the next action.
"""

from __future__ import annotations

import copyreg
import difflib
from collections.abc import Iterable
from typing import Any

from aspire_mjx.printable import printable


class AspireError(Exception):
    """Base class of the project's own errors. A command prints its message and exits with ``exit_code``."""

    exit_code = 2

    def __str__(self) -> str:
        """Its message, with control characters of what it quotes written out."""
        return printable(super().__str__())

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and pickles keep the message and the attributes, whatever ``__init__`` takes."""
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]


class UnknownNameError(AspireError):
    """A name (suite, task, engine, primitive, skill, flag value, ...) that is not in the list of known ones."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, str(name), tuple(known)
        close = difflib.get_close_matches(self.name, self.known, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        super().__init__(f"unknown {kind} {self.name!r}.{hint} Known: {', '.join(self.known) or '(none)'}.")


class WorldError(AspireError):
    """A world that cannot be built: bad task definition, region, placement or perturbation."""


class BddlError(WorldError):
    """A task file that cannot be read; ``filename``, ``line`` (from 1) and ``reason`` say where and why."""

    def __init__(self, line: int, reason: str, *, filename: str = "task") -> None:
        self.filename, self.line, self.reason = filename, line, reason
        super().__init__(f"{filename}:{line}: {reason}")


class EngineError(AspireError):
    """A physics engine that cannot run what it was given (wrong template, capacity, missing package)."""


class ProgramRefused(AspireError):
    """A program that the compiler refuses. ``findings`` holds ``(line, rule, message)`` triples, in line order."""

    def __init__(self, filename: str, findings: Iterable[tuple[int, str, str]]) -> None:
        self.filename, self.findings = filename, tuple(findings)
        lines = [f"{filename}:{line}: [{rule}] {message}" for line, rule, message in self.findings]
        super().__init__("program refused:\n" + "\n".join(lines))


class PerceptionError(AspireError):
    """Raised inside a program when it unpacks a perception result that has no value (as in CaP-X).

    Programs may catch it: ``except PerceptionError``.
    """

    __module__ = "builtins"  # where programs have it, and so what Python calls it in messages
    __str__ = Exception.__str__  # what a program reads is its own text

    def __reduce__(self) -> tuple[Any, ...]:
        """A pickle would look for the class where ``__module__`` says."""
        return _perception_error, self.args, vars(self)


def _perception_error(*args: Any) -> PerceptionError:
    return PerceptionError(*args)


class SeedRoleError(AspireError):
    """Seeds used for what their role forbids: held-out seeds never drive an edit, a selection or an admission."""


class RolloutsStopped(AspireError):
    """Rollouts that were asked to end before their end; nothing of them is kept."""


class TraceError(AspireError):
    """A trace file that is truncated, of an unknown schema version, or inconsistent."""


class SkillError(AspireError):
    """A skill folder or SKILL.md that does not follow the format."""


class RunDirectoryError(AspireError):
    """A run directory that belongs to another configuration or process, is damaged, or cannot be written."""


class RunStopped(AspireError):
    """A run that ended before its end; what is finished is kept, and the message says how to go on with it."""

    def __init__(self, message: str, *, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code
