"""All commands behind one name: ``aspire-mjx COMMAND ...``, the same as ``python -m aspire_mjx COMMAND ...``."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from aspire_mjx import __version__
from aspire_mjx.errors import AspireError, UnknownNameError

#: Command to the module whose ``main`` it is.
COMMANDS = {
    "libero_pro": "aspire_mjx.experiments.libero_pro",
    "run_program": "aspire_mjx.experiments.run_program",
    "compare": "aspire_mjx.experiments.compare",
    "admit_skill": "aspire_mjx.experiments.admit_skill",
    "mcp": "aspire_mjx.agents.mcp.__main__",
    "benchmark": "aspire_mjx.experiments.benchmark",
    "worlds": "aspire_mjx.worlds.__main__",
    "traces": "aspire_mjx.traces.__main__",
    "faults": "aspire_mjx.faults.__main__",
    "plot": "aspire_mjx.reports.__main__",
    "compiler": "aspire_mjx.compiler.__main__",
    "primitives": "aspire_mjx.primitives.__main__",
    "skills": "aspire_mjx.skills.__main__",
}


def usage() -> str:
    """Every command with the first line of its help."""
    lines = ["aspire-mjx COMMAND [FLAGS]; aspire-mjx COMMAND --help says more", ""]
    for name, module in COMMANDS.items():
        about = (importlib.import_module(module).__doc__ or "").splitlines()[0]
        lines.append(f"  {name:<12} {about}")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the first argument names, with the others; returns its exit code."""
    name, *rest = [*(sys.argv if argv is None else argv)[1:]] or ["--help"]
    if name in ("--help", "-h", "help"):
        print(usage())
        return 0
    if name == "--version":
        print(__version__)
        return 0
    try:
        if name not in COMMANDS:
            raise UnknownNameError("command", name, COMMANDS)
        command = importlib.import_module(COMMANDS[name])
    except AspireError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return command.main([f"aspire-mjx {name}", *rest])


if __name__ == "__main__":
    sys.exit(main())
