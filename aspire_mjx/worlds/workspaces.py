"""The five places where the benchmark's tasks happen: surface, robot base and camera of each.

Figures are LIBERO's (see data/NOTICE). Positions are in the world frame.
"""

from __future__ import annotations

from dataclasses import dataclass

from aspire_mjx.errors import UnknownNameError

_DESK_VIEW = (0.6380177736282349, 0.3048497438430786, 0.30484986305236816, 0.6380177736282349)
_LOW_VIEW = (0.6182166934013367, 0.3432307541370392, 0.3432314395904541, 0.6182177066802979)


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


WORKSPACES = (
    Workspace(
        name="tabletop",
        problem="libero_tabletop_manipulation",
        surface="table",
        origin=(0.0, 0.0, 0.9),
        support=0.9,
        region_height=0.895,
        table=(1.0, 1.2, 0.05),
        robot_base=(-0.66, 0.0, 0.912),
        camera_position=(0.6586131746834771, 0.0, 1.6103500240372424),
        camera_quaternion=_DESK_VIEW,
    ),
    Workspace(
        name="floor",
        problem="libero_floor_manipulation",
        surface="floor",
        origin=(0.0, 0.0, -0.035),
        support=0.0,
        region_height=0.02,
        table=None,
        robot_base=(-0.6, 0.0, 0.0),
        camera_position=(0.8965773716836134, 5.216182733499864e-07, 0.65),
        camera_quaternion=_LOW_VIEW,
    ),
    Workspace(
        name="kitchen",
        problem="libero_kitchen_tabletop_manipulation",
        surface="kitchen_table",
        origin=(0.0, 0.0, 0.9),
        support=0.9,
        region_height=0.875,
        table=(1.0, 1.2, 0.05),
        robot_base=(-0.66, 0.0, 0.912),
        camera_position=(0.6586131746834771, 0.0, 1.6103500240372424),
        camera_quaternion=_DESK_VIEW,
    ),
    Workspace(
        name="living_room",
        problem="libero_living_room_tabletop_manipulation",
        surface="living_room_table",
        origin=(0.0, 0.0, 0.41),
        support=0.4368,
        region_height=0.41,
        table=(0.7, 1.6, 0.024),
        robot_base=(-0.51, 0.0, 0.42),
        camera_position=(0.6065773716836134, 0.0, 0.96),
        camera_quaternion=_LOW_VIEW,
    ),
    Workspace(
        name="study",
        problem="libero_study_tabletop_manipulation",
        surface="study_table",
        origin=(-0.2, 0.0, 0.867),
        support=0.8851,
        region_height=0.867,
        table=(1.0, 1.2, 0.05),
        robot_base=(-0.75, 0.0, 0.912),
        camera_position=(0.4586131746834771, 0.0, 1.6103500240372424),
        camera_quaternion=_DESK_VIEW,
    ),
)


def workspace(name: str) -> Workspace:
    """The workspace of a name.

    Raises:
      UnknownNameError: no such workspace.
    """
    for found in WORKSPACES:
        if found.name == name:
            return found
    raise UnknownNameError("workspace", name, [w.name for w in WORKSPACES])
