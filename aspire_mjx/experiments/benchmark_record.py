"""One line of a benchmark record: figures of a case with the conditions they were taken under."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from rich.console import Console

from aspire_mjx.command import Options
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.worlds.template import TIMESTEP, Template, template_of

Cases = Mapping[str, Callable[[Options], dict[str, Any]]]  #: name of a case to what measures its figures


def run_cases(
    cases: Cases,
    options: Options,
    arguments: Sequence[str],
    console: Console,
    *,
    workspaces: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Measures the cases that ``--cases`` names and writes their records.

    Args:
        cases: those that there are.
        options: with ``--cases``, ``--engine`` and ``--out``.
        arguments: positional ones; there should be none.
        console: where records are shown.
        workspaces: those that a case is about, where it is not the floor alone.

    Raises:
        AspireError: a positional argument.
        UnknownNameError: no such case or engine.
    """
    if arguments:
        raise AspireError(f"unexpected argument {arguments[0]!r}; cases are given with --cases.")
    if options["engine"] not in ("mjx", "native"):
        raise UnknownNameError("engine", options["engine"], ("mjx", "native"))
    for case in options["cases"]:
        if case not in cases:
            raise UnknownNameError("case", case, cases)
    for case in options["cases"]:
        where = (workspaces or {}).get(case, ("floor",))
        shown = {"engine": options["engine"], "out": options["out"], "console": console}
        write_record(case, cases[case](options), workspaces=where, **shown)


def write_record(
    case: str,
    figures: Mapping[str, Any],
    *,
    engine: str,
    out: str,
    console: Console,
    workspaces: Sequence[str] = ("floor",),
) -> None:
    """Prints the line and appends it to the JSON-lines file ``out``, unless that is empty."""
    record = {"case": case, **figures, "conditions": conditions(engine, workspaces)}
    console.print_json(json.dumps(record))
    if out:
        with open(out, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")


def conditions(engine_name: str, workspaces: Sequence[str] = ("floor",)) -> dict[str, Any]:
    """What a figure depends on: device, scenes, solver, step, versions."""
    import jax

    option = template_of(workspaces[0]).model.opt
    return {
        "engine": engine_name,
        "device": jax.devices()[0].device_kind if engine_name == "mjx" else "cpu",
        "cpu": platform.machine(),
        "cores": os.cpu_count(),
        "scenes": {name: _scene(template_of(name)) for name in workspaces},
        "timestep_s": TIMESTEP,
        "solver": f"Newton, {option.iterations} iterations, pyramidal cone, impratio {option.impratio:g}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("mujoco", "mujoco-mjx", "jax", "numpy")},
        "date": time.strftime("%Y-%m-%d"),
    }


def _scene(template: Template) -> str:
    model, things = template.model, template.things
    fixtures = ", ".join(thing.name for thing in things[template.movables :]) or "no fixtures"
    return f"Panda, {template.movables} movable things, {fixtures}; {model.ngeom} geoms, nv {model.nv}"
