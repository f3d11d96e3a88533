"""Print the robot API: ``python -m aspire_mjx.primitives [--prompt]``."""

from __future__ import annotations

import argparse
import ast
import os
import sys
from collections.abc import Sequence

from aspire_mjx.language import standard_library as library
from aspire_mjx.primitives.reference import Helper, api_page, api_prompt
from aspire_mjx.primitives.robot_api import ROBOT_API


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the reference page, or the text for an agent; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m aspire_mjx.primitives",
        description="Print the reference page of the robot API (docs/robot_api.md), from its declarations.",
    )
    parser.add_argument("--prompt", action="store_true", help="print the shorter text for an agent")
    options = parser.parse_args(arguments)
    try:
        print((api_prompt if options.prompt else api_page)(ROBOT_API, helpers()), end="", flush=True)
    except BrokenPipeError:  # the reader of a pipe, e.g. head, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def helpers() -> list[Helper]:
    """The public functions of the standard library."""
    found = [f for name, f in library.helper_functions().items() if not name.startswith("_")]
    return [Helper(f"{f.name}({ast.unparse(f.args)})", ast.get_docstring(f) or "") for f in found]


if __name__ == "__main__":
    sys.exit(main())
