"""How well the detector understands prompts: precision and recall on labelled ones, in worlds of all suites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aspire_mjx.physics.engines import make
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import fresh_memories
from aspire_mjx.primitives.perception import CameraRig, camera_at
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.worlds import Worlds, WorldSpec

PROMPTS = Path(__file__).parents[2] / "tests" / "sensing" / "data" / "prompts.txt"
FIRST_SEED = 5000
_SEEDS = 10  # worlds of each task
_FEW = 12  # pixels, of which less is not counted as seen
_MOST = 0.6  # share of a mask that must show a thing for the mask to be of it
_BAR = 0.5  # score that programs ask for when they choose among masks
_REGION_SLACK = 0.02  # m: the walls of a compartment are of it, whole
_FLAT, _SURFACE = 0.01, 0.03  # m: half the height of a flat region, and how far above it the surface is that shows it


@dataclass(frozen=True)
class LabelledPrompt:
    """A prompt in the worlds of a task, and what it means there.

    Attributes:
        suite: of the task.
        task: its number.
        text: the prompt.
        first: the things that fit best: beginnings of instance names, with "/LINK", "/handle" or "/REGION" for parts.
        also: things that may come after those.
        maybe: things that may be found with a lower score, where nothing fits.
    """

    suite: str
    task: int
    text: str
    first: tuple[str, ...]
    also: tuple[str, ...]
    maybe: tuple[str, ...]


def labelled_prompts(path: Path = PROMPTS) -> list[LabelledPrompt]:
    """The prompts of a file."""
    found, suite, task = [], "", 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            suite, _, number = line.strip("[]").partition("/")
            task = int(number)
        elif line and not line.startswith("#"):
            text, _, meaning = line.rpartition(": ")
            fits, _, maybe = meaning.partition("?")
            first, _, also = fits.partition(">")
            found.append(LabelledPrompt(suite, task, text, *(_labels(part) for part in (first, also, maybe))))
    return found


def _labels(text: str) -> tuple[str, ...]:
    return tuple(label.strip() for label in text.split(",") if label.strip(" -"))


def words() -> dict[str, Any]:
    """Figures without noise and with the default's, over some worlds of each task."""
    prompts = labelled_prompts()
    figures = {f"{dose:g}": measured(prompts, seeds=_SEEDS, dose=dose)[0] for dose in (0.0, 1.0)}
    return {"prompts": len(prompts), "seeds": _SEEDS, "dose": figures}


def measured(prompts: Sequence[LabelledPrompt], *, seeds: int, dose: float) -> tuple[dict[str, Any], list[str]]:
    """Figures over labelled prompts, and a line for each answer that was wrong.

    ``first`` counts prompts for something that is seen whose best detection is right; ``lower`` those for something
    that nothing fits fully, and what they may mean was found; ``nothing`` those that mean nothing, and found nothing.
    ``precision`` is the share of detections scored 0.5 and more that the prompt means, ``recall`` the share of the seen
    things that fit it among them.
    """
    right, asked = Counter[str](), Counter[str]()
    wrong: list[str] = []
    for suite, task in dict.fromkeys((prompt.suite, prompt.task) for prompt in prompts):
        own = [prompt for prompt in prompts if (prompt.suite, prompt.task) == (suite, task)]
        specs = [WorldSpec(load_suite(suite)[task], FIRST_SEED + k, Perturbation(noise=dose)) for k in range(seeds)]
        worlds, state = Simulator(make("native", specs[0].template)).settled(specs)
        for answer in _answers(worlds, state.qpos, own):
            _count(answer, right, asked, wrong)
    names = sorted(asked)
    return {n: {"right": right[n], "of": asked[n], "share": round(right[n] / asked[n], 3)} for n in names}, wrong


@dataclass(frozen=True)
class _Answer:
    """What came of a prompt in one world: for each detection its score, and the names of all that it is of."""

    prompt: LabelledPrompt
    detections: tuple[tuple[float, frozenset[str]], ...]
    seen: frozenset[str]


def _answers(worlds: Worlds, qpos: np.ndarray, prompts: Sequence[LabelledPrompt]) -> Iterator[_Answer]:
    lanes, cameras = len(worlds), CameraRig()
    images = cameras.look(worlds, qpos)
    names = [_Names(worlds, qpos, lane, images) for lane in range(lanes)]
    for moment, prompt in enumerate(prompts):
        state = Lanes(
            worlds, qpos, np.zeros((lanes, 9)), np.full(lanes, 1), np.full(lanes, moment), fresh_memories(lanes)
        )
        got = cameras.segment(state, "agentview", (prompt.text,) * lanes)
        for lane in range(lanes):
            of = tuple(
                (float(got.scores[lane, k]), names[lane].of(got.labels[lane] == k + 1)) for k in range(got.count[lane])
            )
            yield _Answer(prompt, of, names[lane].seen)


class _Names:
    """What the pixels of one image show, by the names of the labels: things, links, handles and regions."""

    def __init__(self, worlds: Worlds, qpos: np.ndarray, lane: int, images: Any) -> None:
        own = worlds.take([lane])
        things = own.things(qpos[[lane]])
        geom, depth = images.geom[lane], images.depth[lane]
        view = worlds.specs[lane].view
        self.masks: dict[str, np.ndarray] = {}
        points = _points(depth, view)
        for occupant in worlds.specs[lane].occupants:
            ids, name = worlds.template.things[occupant.slot].geoms, occupant.name
            self.masks[name] = images.segmentation[lane] == occupant.slot
            boxes = occupant.asset.boxes
            for grasp in occupant.asset.grasps:
                own = [i for i, box in enumerate(boxes) if box.link == grasp.link]
                if grasp.name == "handle":
                    bar = min(own, key=lambda i, at=grasp.centre: float(np.linalg.norm(_beyond(boxes[i], at))))
                    self.masks[f"{name}/{grasp.link} handle"] = np.isin(geom, ids[bar])
                    self.masks[f"{name}/handle {grasp.link}"] = np.isin(geom, ids[bar])
            for link in occupant.asset.links:
                at = [i for i, box in enumerate(boxes) if box.link == link.name]
                self.masks[f"{name}/{link.name}"] = np.isin(geom, ids[at])
            for region in occupant.asset.regions:
                centre, turn = things[name].region(region)
                half, local = np.asarray(region.half_size), (points - centre[0]) @ turn[0]
                local = np.abs(local - np.clip(local, 0.0, _SURFACE * turn[0][2] * (half < _FLAT)))
                within = (local <= half + _REGION_SLACK).all(axis=2)
                self.masks[f"{name}/{region.name}"] = within & self.masks[name]
        surfaces = {name: ids for name in ("table", "floor") if len(ids := _geoms_named(worlds, name))}
        self.masks.update({name: np.isin(geom, ids) for name, ids in surfaces.items()})
        self.seen = frozenset(name for name, mask in self.masks.items() if mask.sum() >= _FEW)

    def of(self, mask: np.ndarray) -> frozenset[str]:
        """Names of all that a mask is of: it shows little else, and for parts, it is most of them."""
        size = max(int(mask.sum()), 1)
        return frozenset(
            name
            for name, own in self.masks.items()
            if (mask & own).sum() >= _MOST * size and ("/" not in name or (mask & own).sum() >= 0.5 * own.sum())
        )


def _geoms_named(worlds: Worlds, name: str) -> np.ndarray:
    """The geoms of a name: one or none."""
    model = worlds.template.model
    return np.flatnonzero([model.geom(geom).name == name for geom in range(model.ngeom)])


def _points(depth: np.ndarray, view: Any) -> np.ndarray:
    """``[H, W, 3]`` m, world frame, what each pixel shows."""
    camera = camera_at([view])
    row, column = np.mgrid[0 : depth.shape[0], 0 : depth.shape[1]]
    x, y = (column - camera.centre[0]) / camera.focal, (row - camera.centre[1]) / camera.focal
    return np.stack([x * depth, y * depth, depth], axis=-1) @ camera.rotation[0].T + camera.position[0]


def _beyond(box: Any, point: Sequence[float]) -> np.ndarray:
    return np.maximum(np.abs(np.subtract(point, box.centre)) - np.asarray(box.half_size), 0.0)


def _means(labels: Sequence[str], names: frozenset[str]) -> bool:
    """Whether a detection of those names is one of the labels."""
    return any(_fits(label, name) for label in labels for name in names)


def _fits(label: str, name: str) -> bool:
    thing, _, part = label.partition("/")
    own, _, place = name.partition("/")
    if not own.startswith(thing) or bool(part) != bool(place):
        return False
    return place == part or (part == "handle" and place.startswith("handle"))


def _count(answer: _Answer, right: Counter[str], asked: Counter[str], wrong: list[str]) -> None:
    prompt, found = answer.prompt, answer.detections
    said = f"{prompt.suite}/{prompt.task} {prompt.text!r}: {[(round(s, 2), sorted(n)) for s, n in found]}"
    visible = [label for label in prompt.first if any(_fits(label, name) for name in answer.seen)]
    means = (*prompt.first, *prompt.also, *prompt.maybe)
    if not means:
        kind, fine = "nothing", not found
    elif not prompt.first:
        kind, fine = "lower", bool(found) and _means(prompt.maybe, found[0][1])
    elif not visible:
        return
    else:
        kind, fine = "first", bool(found) and _means(prompt.first, found[0][1])
        targets = {name for name in answer.seen if any(_fits(label, name) for label in prompt.first)}
        targets = {name for name in targets if not name.partition("/")[2].startswith("handle")} or targets
        good = [names for score, names in found if score >= _BAR]
        asked["recall"] += len(targets)
        right["recall"] += sum(any(name in names for names in good) for name in targets)
    asked[kind] += 1
    right[kind] += fine
    certain = [names for score, names in found if score >= _BAR]
    asked["precision"] += len(certain)
    right["precision"] += sum(_means(means, names) for names in certain)
    if not fine or any(not _means(means, names) for names in certain):
        wrong.append(said)
