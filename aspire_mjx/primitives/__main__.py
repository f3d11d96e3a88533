"""Print the robot API from its declarations: ``python -m aspire_mjx.primitives [--prompt [--api=NAME] | --calls]``.

The reference page (docs/robot_api.md), or the shorter text for an agent.
"""

from __future__ import annotations

import sys

from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options
from aspire_mjx.errors import AspireError
from aspire_mjx.language.prompt import agent_prompt, helpers
from aspire_mjx.primitives.api_profile import NATIVE, PROFILES, find_profile
from aspire_mjx.primitives.reference import api_page, calls_table
from aspire_mjx.primitives.robot_api import ROBOT_API


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    flags.DEFINE_boolean("prompt", False, "print the shorter text for an agent", flag_values=fv)
    flags.DEFINE_boolean("calls", False, "print the table of the calls of other APIs", flag_values=fv)
    flags.DEFINE_string("api", NATIVE.name, f"with --prompt: one of {', '.join(PROFILES)}", flag_values=fv)


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if arguments:
        raise AspireError(f"{arguments[0]!r}: this command takes flags only.")
    if options["prompt"] and options["calls"]:
        raise AspireError("--prompt and --calls print two texts; give one.")
    if "api" in options.given and not options["prompt"]:
        raise AspireError(f"--api={options['api']} is about the text of --prompt; add it, or leave --api out.")
    profile = find_profile(options["api"])
    if options["prompt"]:
        print(agent_prompt(profile), end="")
    elif options["calls"]:
        print(calls_table(), end="")
    else:
        print(api_page(ROBOT_API, helpers()), end="")


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
