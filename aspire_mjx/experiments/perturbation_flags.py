"""How the worlds of a command differ from the nominal ones: ``--perturb`` and ``--sweep``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from absl import flags

from aspire_mjx.command import Options
from aspire_mjx.errors import AspireError
from aspire_mjx.worlds.perturbation import Perturbation, describe
from aspire_mjx.worlds.sweep import DESIGNS, Sweep

_DRAW = 0  # seed of a hypercube: the same seeds on the command line always get the same perturbations
_HELP = f"""perturbation of the worlds, such as position:0.05,friction:0.5. Each factor with its default, its
range and its meaning:
{describe()}"""


def define_perturbation_flags(fv: flags.FlagValues) -> None:
    """``--perturb`` and ``--sweep``."""
    flags.DEFINE_string("perturb", "", _HELP, flag_values=fv)
    about = f"how ranges in --perturb, such as position:0..0.05, are spread over the seeds: {' or '.join(DESIGNS)}"
    flags.DEFINE_string("sweep", "", about, flag_values=fv)


def perturbations(options: Options, seeds: Iterable[int]) -> dict[int, Perturbation]:
    """The perturbation of each of a command's seeds: a function of the flags and of all the seeds together.

    Raises:
        AspireError: a range without a design, or the other way round; an unknown factor or design; a value that is not
          a number or out of range; too few seeds for a grid.
    """
    sweep, design, ordered = Sweep.parse(options["perturb"]), options["sweep"], sorted(set(seeds))
    if sweep.names and not design:
        raise AspireError(
            f"--perturb={options['perturb']} has a range; say how it is spread over the seeds: --sweep=latin or grid."
        )
    if design and not sweep.names:
        raise AspireError(f"--sweep={design} needs a range in --perturb, such as --perturb=position:0..0.05.")
    return dict(zip(ordered, sweep.draw(len(ordered), design=design or DESIGNS[0], seed=_DRAW), strict=True))


def perturbation_config(options: Options) -> dict[str, Any]:
    """The flags' part of ``config.json``."""
    return {"perturb": options["perturb"], "sweep": options["sweep"]}
