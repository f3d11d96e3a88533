"""A world as text: its template, its camera, and where everything is."""

from __future__ import annotations

import numpy as np

from aspire_mjx.geometry import yaw_of
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.placement import lay_out
from aspire_mjx.worlds.worlds import Worlds


def world_text(worlds: Worlds, qpos: np.ndarray) -> str:
    """A batch of one world in the state ``qpos [nq]``, a line for each thing."""
    (spec,), template = worlds.specs, worlds.template
    nominal = Perturbation().factors()
    doses = [f"{name}:{value:g}" for name, value in spec.perturbation.factors().items() if value != nominal[name]]
    things = worlds.things(qpos[None])
    redrawn = lay_out(template, spec.task, spec.seed, spec.perturbation).redrawn
    lines = [
        f"world      seed {spec.seed}, perturbation {','.join(doses) or 'none'}",
        f"template   {template.name}: {template.model.ngeom} geoms, {template.model.nv} degrees of freedom",
        f"camera     at {_numbers(spec.view.position)} m, field of view {np.degrees(spec.view.fovy):.3g} degrees",
        f"robot      base at {_numbers(worlds.base[0])} m",
        f"start      placements drawn again: {redrawn}",
    ]
    for occupant in spec.occupants:
        thing, slot = things[occupant.name], template.things[occupant.slot].name
        joints = "".join(f", {name} {value[0]:.3f}" for name, value in thing.joints.items())
        lines.append(
            f"  {occupant.name}  ({occupant.asset.category}, slot {slot})  at {_numbers(thing.position[0])} m, "
            f"yaw {yaw_of(thing.quaternion)[0]:.3f} rad{joints}"
        )
    return "\n".join(lines)


def _numbers(values: object) -> str:
    return "(" + ", ".join(f"{value:.3f}" for value in np.asarray(values)) + ")"
