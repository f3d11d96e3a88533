"""What a rollout may use, as flags: time of its episode, instructions and memory of its program."""

from __future__ import annotations

from dataclasses import dataclass

from absl import flags

from aspire_mjx.command import Options
from aspire_mjx.errors import AspireError
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.worlds.episode import HORIZON, TICK

_LEAST = {"horizon": 1.0, "max_instructions": 1_000, "max_memory": 1}


@dataclass(frozen=True)
class Budgets:
    """What a rollout may use.

    Attributes:
        horizon: control ticks of its episode.
        limits: budgets of its program.
    """

    horizon: int = HORIZON
    limits: ProgramLimits = ProgramLimits()

    @classmethod
    def of(cls, options: Options) -> Budgets:
        """Those that the flags name.

        Raises:
            AspireError: a budget that is too small for anything.
        """
        for name, least in _LEAST.items():
            if not least <= options[name]:
                raise AspireError(f"--{name}={options[name]} is too small; give {least} or more.")
        limits = ProgramLimits(options["max_instructions"], options["max_memory"] << 20)
        return cls(round(options["horizon"] / TICK), limits)

    def config(self) -> dict[str, float]:
        """Their part of ``config.json``: a rollout's result depends on them."""
        return {"horizon": self.horizon, **self.limits.as_flags()}


def define_budget_flags(fv: flags.FlagValues) -> None:
    """``--horizon``, ``--max_instructions`` and ``--max_memory``."""
    usual = ProgramLimits()
    about = "simulated seconds of an episode: 200 as in CaP-X and ASPIRE (4,000 steps of 50 ms); LIBERO's own are 50"
    flags.DEFINE_float("horizon", HORIZON * TICK, about, flag_values=fv)
    about = "instructions that a program may execute; work that takes longer counts as several, one for a microsecond"
    flags.DEFINE_integer("max_instructions", usual.instructions, about, flag_values=fv)
    about = "MB that the values of a program may take in one rollout; an array may take an eighth of it"
    flags.DEFINE_integer("max_memory", usual.memory >> 20, about, flag_values=fv)
