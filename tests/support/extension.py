"""A package of somebody else that adds one thing of each kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT

NAME = "their_things"
ENTRIES: dict[str, dict[str, Any]] = {
    "categories": {
        "lemon": {
            "size_m": [0.06, 0.05, 0.05],
            "mass_kg": 0.08,
            "shape": {"form": "pack", "rgb": [0.95, 0.85, 0.2], "rgb2": [0.9, 0.8, 0.15]},
            "words": {"names": ["lemon", "lime"], "kinds": ["fruit"], "colours": ["yellow"], "look_alikes": ["butter"]},
        }
    },
    "primitives": {
        "get_hand_tilt": {
            "family": "query",
            "fields": [{"name": "tilt", "shape": [], "unit": "rad", "doc": "between the hand and straight down"}],
            "unpacks": ["tilt"],
            "doc": "How far the hand is tilted.",
            "implementation": f"{NAME}.robot:hand_tilt",
        },
        "midpoint": {
            "family": "plan",
            "parameters": [
                {"name": "first", "shape": [3], "doc": "m, base frame"},
                {"name": "second", "shape": [3], "doc": "m, base frame"},
            ],
            "fields": [{"name": "point", "shape": [3], "unit": "m", "doc": "half way"}],
            "unpacks": ["point"],
            "doc": "The point half way between two.",
            "implementation": f"{NAME}.robot:midpoint",
        },
        "nod": {
            "family": "move",
            "parameters": [
                {"name": "angle", "shape": [], "doc": "rad that joint 6 turns by"},
                {"name": "times", "shape": [], "doc": "how often, 1 to 3", "default": 1, "required": False},
            ],
            "doc": "Turn the hand by an angle and back.",
            "implementation": f"{NAME}.robot:nod",
        },
        "measure_depth": {
            "family": "sense",
            "fields": [
                {"name": "median", "shape": [], "unit": "m", "doc": "median depth of the fixed camera"},
                {"name": "near", "shape": [-1, -1], "unit": "1", "doc": "nearer than that", "bulk": True},
            ],
            "unpacks": ["median"],
            "doc": "How far away things are in the fixed camera's image.",
            "implementation": f"{NAME}.robot:measure_depth",
        },
    },
    "factors": {
        "slippery": {
            "default": 0.0,
            "low": 0.0,
            "high": 0.9,
            "meaning": "share of the surface's friction that is taken away",
            "apply": f"{NAME}.worlds:slippery",
        }
    },
    "contacts": {"fixture": f"{NAME}.worlds:is_fixture"},
}
ROBOT = """
import numpy as np
from aspire_mjx import geometry
from aspire_mjx.planning import kinematics
from aspire_mjx.status import Status


def hand_tilt(lanes, arguments):
    _, quaternion = kinematics.hand_pose(lanes.arm)
    down = geometry.rotate(quaternion, np.array([0.0, 0.0, 1.0]))
    return {"tilt": np.arccos(np.clip(-down[:, 2], -1.0, 1.0))}


def midpoint(lanes, arguments):
    first, second = arguments["first"], arguments["second"]
    far = np.linalg.norm(second - first, axis=1) > 1.0
    return {"point": (first + second) / 2, "status": np.where(far, Status.IK_INFEASIBLE, Status.OK)}


def nod(lanes, arguments):
    way = np.repeat(lanes.command[:, None, :7], 7, axis=1)
    way[:, 1::2, 5] += arguments["angle"][:, None]
    return {"path": way, "points": 2 * arguments["times"].astype(int) + 1}


def measure_depth(lanes, arguments, images):
    depth = images["agentview_depth"]
    median = np.median(depth, axis=(1, 2))
    return {"median": median, "near": depth < median[:, None, None]}
"""
WORLDS = """
from aspire_mjx.worlds.assets import asset, categories


def slippery(model, dose, random):
    model.geom_friction[model.geom("floor").id, 0] *= 1.0 - dose


def is_fixture(name):
    return name in categories() and bool(asset(name).fixture)
"""


def write_extension(folder: Path, **sections: Any) -> None:
    """Writes the package into a folder; ``sections`` stand in for its own."""
    package = folder / NAME
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "robot.py").write_text(ROBOT)
    (package / "worlds.py").write_text(WORLDS)
    (package / "aspire_mjx.json").write_text(json.dumps({**ENTRIES, **sections}))


def run_with_extension(folder: Path, *command: str, named: str = NAME) -> subprocess.CompletedProcess[str]:
    """A process of its own, in the folder, in which the package is an extension."""
    paths = os.pathsep.join((str(folder), str(ROOT)))
    environment = {**os.environ, "PYTHONPATH": paths, "ASPIRE_MJX_EXTENSIONS": named}
    return subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True)
