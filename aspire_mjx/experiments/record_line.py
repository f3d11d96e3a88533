"""One line of a benchmark record: figures of a case with the conditions they were taken under."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from rich.console import Console

from aspire_mjx.worlds.template import TIMESTEP, template_of


def write(case: str, figures: Mapping[str, Any], *, engine: str, out: str, console: Console) -> None:
    """Prints the line and appends it to the JSON-lines file ``out``, unless that is empty."""
    record = {"case": case, **figures, "conditions": conditions(engine)}
    console.print_json(json.dumps(record))
    if out:
        with open(out, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")


def conditions(engine_name: str) -> dict[str, Any]:
    """What a figure depends on: device, scene, solver, step, versions."""
    import jax

    option = template_of("floor").model.opt
    return {
        "engine": engine_name,
        "device": jax.devices()[0].device_kind if engine_name == "mjx" else "cpu",
        "cpu": platform.machine(),
        "cores": os.cpu_count(),
        "scene": "libero_object: Panda, basket, 6 food items, nv 51",
        "timestep_s": TIMESTEP,
        "solver": f"Newton, {option.iterations} iterations, pyramidal cone, impratio {option.impratio:g}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("mujoco", "mujoco-mjx", "jax", "numpy")},
        "date": time.strftime("%Y-%m-%d"),
    }
