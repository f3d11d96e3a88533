"""Print the robot API from its declarations: ``python -m aspire_mjx.primitives [--prompt]``.

The reference page (docs/robot_api.md), or the shorter text for an agent.
"""

from __future__ import annotations

import ast
import sys

from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options
from aspire_mjx.errors import AspireError
from aspire_mjx.language import standard_library as library
from aspire_mjx.primitives.reference import Helper, api_page, api_prompt
from aspire_mjx.primitives.robot_api import ROBOT_API


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    flags.DEFINE_boolean("prompt", False, "print the shorter text for an agent", flag_values=fv)


def helpers() -> list[Helper]:
    """The public functions of the standard library."""
    found = [f for name, f in library.helper_functions().items() if not name.startswith("_")]
    return [Helper(f"{f.name}({ast.unparse(f.args)})", ast.get_docstring(f) or "") for f in found]


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if arguments:
        raise AspireError(f"{arguments[0]!r}: this command takes flags only.")
    page = api_prompt if options["prompt"] else api_page
    print(page(ROBOT_API, helpers()), end="")


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
