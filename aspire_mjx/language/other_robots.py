"""Programs for other robots, told by the names that they use: facts from CaP-X and ASPIRE in data/other_robots.json."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aspire_mjx.shipped import packaged_json

_SHOWN = 4  #: names
_ROBOTS = packaged_json("language/data/other_robots.json")


def other_robot(unknown: Mapping[str, Sequence[int]]) -> tuple[set[str], str] | None:
    """Which of a program's unknown names belong to another robot, and what to say of them.

    Args:
        unknown: names that programs do not have, with the lines that use them.

    Returns:
        Names of the robot that most of them belong to, and one message; None where there are none.
    """
    found = [(_names_of(robot, unknown), robot) for robot in _ROBOTS]
    names, robot = max(found, key=lambda each: len(each[0]))
    if not names:
        return None
    shown = ", ".join(f"{name} (line {min(unknown[name])})" for name in names[:_SHOWN])
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    message = f"the program is for {robot['robot']}: it uses {shown}{rest}; here is {robot['here']}"
    return set(names), message


def _names_of(robot: Mapping[str, object], unknown: Mapping[str, Sequence[int]]) -> list[str]:
    """The names that belong to a robot, in the order of their lines."""
    pattern, names = re.compile(str(robot["pattern"])), robot["names"]
    own = [name for name in unknown if name in names or pattern.search(name)]  # type: ignore[operator]
    return sorted(own, key=lambda name: (min(unknown[name]), name))
