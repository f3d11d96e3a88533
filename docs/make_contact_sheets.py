"""Draws docs/worlds/*.png: the tasks of the suites, and the goals of two of them.

python docs/make_contact_sheets.py [SUITE ...]     by default all but the _lan suites, whose worlds are their base's
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from rich.console import Console

from aspire_mjx.command import Command, Options
from aspire_mjx.reports.contact_sheet import contact_sheet, world_pictures
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.worlds import WorldSpec

FOLDER = Path(__file__).parent / "worlds"
GOALS = ("libero_goal", "libero_10")
ONE_PAGE = 20  # tasks; a larger suite has a page for each workspace


def draw(name: str, tasks: Sequence[Task], *, goal: bool = False) -> None:
    """One page, in few colours so that the file is small."""
    path = FOLDER / f"{name}.png"
    images = world_pictures([WorldSpec(task, 0) for task in tasks], goal=goal)
    contact_sheet(images, [f"{task.index}  {task.language}" for task in tasks], path)
    Image.open(path).convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    print(path, path.stat().st_size)


def _main(options: Options, arguments: list[str], console: Console) -> None:
    suites = {name: load_suite(name) for name in arguments or suite_names() if arguments or not name.endswith("_lan")}
    FOLDER.mkdir(exist_ok=True)
    for suite, tasks in suites.items():
        if len(tasks) <= ONE_PAGE:
            draw(suite, tasks)
        else:
            for place in dict.fromkeys(task.workspace for task in tasks):
                draw(f"{suite}-{place}", [task for task in tasks if task.workspace == place])
        if suite in GOALS:
            draw(f"{suite}-goal", tasks, goal=True)


main = Command(_main, lambda flags: None, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
