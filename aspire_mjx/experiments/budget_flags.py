"""What a rollout may use, as flags: time of its episode, instructions and memory of its program."""

from __future__ import annotations

from dataclasses import dataclass

from absl import flags

from aspire_mjx.command import Options, define_number
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.worlds.episode import HORIZON, TICK


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
        """Those that the flags name."""
        limits = ProgramLimits.of_flags({name: options[name] for name in ProgramLimits().as_flags()})
        return cls(round(options["horizon"] / TICK), limits)

    def config(self) -> dict[str, float]:
        """Their part of ``config.json``: a rollout's result depends on them."""
        return {"horizon": self.horizon, **self.limits.as_flags()}


def define_budget_flags(fv: flags.FlagValues) -> None:
    """``--horizon``, ``--max_instructions``, ``--max_memory`` and ``--max_looks``."""
    usual = ProgramLimits()
    about = "simulated seconds of an episode: 200 as in CaP-X and ASPIRE (4,000 steps of 50 ms); LIBERO's own are 50"
    define_number("horizon", HORIZON * TICK, about, low=1.0, high=86_400.0, flag_values=fv)
    about = "instructions that a program may execute; work that takes longer counts as several, one for a microsecond"
    about += "; a 30th of them before it first looks or moves, half between two looks or motions"
    define_number("max_instructions", usual.instructions, about, low=1_000, high=10**12, flag_values=fv)
    about = "MB that the values of a program may take in one rollout; an array may take an eighth of it"
    define_number("max_memory", usual.memory >> 20, about, low=1, high=1_000_000, flag_values=fv)
    about = "how often a program may look through a camera in one rollout"
    define_number("max_looks", usual.looks, about, low=1, high=1_000_000, flag_values=fv)
