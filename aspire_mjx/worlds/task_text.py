"""Tasks as text: a line in a list, a page with everything that defines one."""

from __future__ import annotations

from collections.abc import Iterable

from aspire_mjx.worlds.tasks import Literal, Region, Task
from aspire_mjx.worlds.workspaces import workspace


def task_line(task: Task) -> str:
    """Index, name, language and goal."""
    return f"{task.index:>2}  {task.name}  {task.language!r}  {' and '.join(map(literal_text, task.goal))}"


def task_page(task: Task) -> str:
    """Everything that defines a task."""
    place = workspace(task.workspace)
    lines = [
        f"{task.key}  {task.name}",
        f"language   {task.language}",
        f"workspace  {task.workspace}: {task.surface}, origin {place.origin} m, robot base {place.robot_base} m",
        *([f"look       {task.look}"] if task.look else []),
        *_block("objects", [f"{name}  ({category})" for name, category in task.objects]),
        *_block("fixtures", [f"{name}  ({category})" for name, category in task.fixtures]),
        *_block("regions", [_region_text(region) for region in task.regions]),
        *_block("init", map(literal_text, task.init)),
        *_block("goal", map(literal_text, task.goal)),
    ]
    return "\n".join(lines)


def literal_text(literal: Literal) -> str:
    """``On(akita_black_bowl_1, plate_1)``."""
    return f"{literal[0]}({', '.join(literal[1:])})"


def _region_text(region: Region) -> str:
    (x0, y0), (x1, y1) = region.low, region.high
    yaw = f", yaw {region.yaw[0]:.4g} to {region.yaw[1]:.4g} rad" if region.yaw else ""
    return f"{region.name}  x {x0:.4g} to {x1:.4g}, y {y0:.4g} to {y1:.4g} m{yaw}"


def _block(title: str, lines: Iterable[str]) -> list[str]:
    body = [f"  {line}" for line in lines]
    return [title, *body] if body else []
