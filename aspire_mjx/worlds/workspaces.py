"""The five places where the benchmark's tasks happen: surface, robot base and camera of each.

Figures are LIBERO's (data/workspaces.json). Positions are in the world frame.
"""

from __future__ import annotations

from dataclasses import dataclass

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.worlds.tables import as_tuples, table


@dataclass(frozen=True)
class Workspace:
    """Where a task happens.

    Attributes:
      name: how the project calls it.
      problem: the ``(problem ...)`` of task files, lower case.
      surface: category of the table or floor in task files.
      origin: m, what regions are relative to; its z is the height that objects are placed from.
      support: m, height that things come to rest on, as upstream's collision geometry has it.
      region_height: m, height of the sites of the surface's regions.
      table: m, full size of the table; None for the floor.
      robot_base: m, the robot's foot.
      camera_position: m, of the agentview camera.
      camera_quaternion: wxyz, of the same.
      camera_fovy: its vertical field of view, degrees.
    """

    name: str
    problem: str
    surface: str
    origin: tuple[float, float, float]
    support: float
    region_height: float
    table: tuple[float, float, float] | None
    robot_base: tuple[float, float, float]
    camera_position: tuple[float, float, float]
    camera_quaternion: tuple[float, float, float, float]
    camera_fovy: float = 45.0


WORKSPACES = tuple(Workspace(**as_tuples(figures)) for figures in table("workspaces"))


def workspace(name: str) -> Workspace:
    """The workspace of a name.

    Raises:
      UnknownNameError: no such workspace.
    """
    for found in WORKSPACES:
        if found.name == name:
            return found
    raise UnknownNameError("workspace", name, [w.name for w in WORKSPACES])
