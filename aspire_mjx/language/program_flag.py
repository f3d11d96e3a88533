"""The program that a command works on, and the robot API that it is for."""

from __future__ import annotations

from dataclasses import replace

from absl import flags

from aspire_mjx.command import Options
from aspire_mjx.language.api_choice import ApiChoice, chosen_api, pinned
from aspire_mjx.language.policy import parse_program
from aspire_mjx.language.program import Program
from aspire_mjx.primitives.api_profile import NATIVE, PROFILES
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.shipped import named_program_file


def define_api_flag(fv: flags.FlagValues) -> None:
    """``--api``."""
    about = f"robot API that the program is written for: {', '.join(PROFILES)}; empty: by what it calls"
    flags.DEFINE_string("api", "", about, flag_values=fv)


def program_for(options: Options, name: str) -> Program:
    """The program of a file, or a shipped one, for the API of ``--api``.

    Raises:
        AspireError: no such file or program, or an unknown API.
    """
    program = Program.read(named_program_file(name))
    return replace(program, text=pinned(program.text, options["api"])) if options["api"] else program


def with_api(program: Program) -> Program:
    """A program that keeps its API when repairs change what it calls: it says which it is, where that is not native."""
    profile = api_of(program).profile
    return program if profile is NATIVE else replace(program, text=pinned(program.text, profile.name))


def api_of(program: Program) -> ApiChoice:
    """The profile of a program that compiles, and why it is this one."""
    return chosen_api(program.text, parse_program(program.text), ROBOT_API)
