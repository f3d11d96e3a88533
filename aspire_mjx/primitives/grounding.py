"""What the words of a prompt, or a pixel, mean in each lane's image: whole things, or parts of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.detector import point_table, prompt_table
from aspire_mjx.sensing.parts import AskedPart, Part, asked_part, part_similarity, parts_of
from aspire_mjx.sensing.phrase import ROBOT_ITSELF, Phrase, parse
from aspire_mjx.sensing.placing import View, place_grades
from aspire_mjx.sensing.render import GBuffer
from aspire_mjx.sensing.segments import instance_at
from aspire_mjx.sensing.surfaces import AREA, AskedSurface, asked_surface
from aspire_mjx.sensing.vocabulary import MATCH, POSSIBLE, similarity
from aspire_mjx.sensing.words import PROPERTIES
from aspire_mjx.worlds.occupants import Occupant
from aspire_mjx.worlds.poses import ThingPose
from aspire_mjx.worlds.worlds import Worlds

_OTHER_STATE, _NO_STATE = 0.45, 0.7  # factors of a drawer that is not as open as the prompt says; where none is
_BARS = (MATCH, POSSIBLE)
_OPEN = 0.3  # share of a joint's range from which it is open
_REGION_SLACK = 0.02  # m beyond a region, within which what is seen bounds it: the walls of a compartment, whole
_REGION_RISE = 0.035  # m above a region: a flat one, such as a burner's, lies under the surface that is seen of it


class Grounding(NamedTuple):
    """Images as a detector is shown them.

    Attributes:
        seen: ``N`` images, whose instances are the parts that were asked for in lanes that ask for a part.
        table: ``[N, I, 3]`` what the words say about each instance.
        unsupported: ``[N]`` bool, the lane asks for a part.
    """

    seen: GBuffer
    table: np.ndarray
    unsupported: np.ndarray


class _Sight(NamedTuple):
    """One lane's image and the state of its world."""

    worlds: Worlds
    qpos: np.ndarray
    view: View
    segmentation: np.ndarray
    geom: np.ndarray

    @property
    def occupants(self) -> tuple[Occupant, ...]:
        """Everything in the world."""
        return self.worlds.specs[0].occupants

    def pose(self, occupant: Occupant) -> ThingPose:
        """Where one of them is."""
        return self.worlds.things(self.qpos)[occupant.name]


class _FoundPart(NamedTuple):
    """A part of something in a world that a prompt may mean."""

    occupant: Occupant
    part: Part
    similarity: float


class _Marked(NamedTuple):
    """An image whose instances are what a prompt asks for, in place of whole things.

    Attributes:
        labels: ``[H, W]`` int16 instance that each pixel shows, -1 none.
        fits: of each instance the similarity of the prompt, and its typical area, m^2.
    """

    labels: np.ndarray
    fits: list[tuple[float, float]]


def of_words(seen: GBuffer, worlds: Worlds, qpos: np.ndarray, camera: Camera, prompts: Sequence[str]) -> Grounding:
    """Grounding of ``N`` prompts. A prompt for a part that nothing in the world has is one for a thing.

    Args:
        seen: ``N`` images.
        worlds: that they show.
        qpos: ``[N, nq]`` the states of the worlds.
        camera: that took the images.
        prompts: what is looked for in each.
    """
    table = prompt_table(prompts, [spec.categories for spec in worlds.specs], seen.pixels.shape[1])
    unsupported = np.zeros(len(worlds), bool)
    position, rotation = camera.poses(len(worlds), worlds.base)
    shown = seen
    for row, prompt in enumerate(prompts):
        phrase, asked, surface = parse(prompt), asked_part(prompt), asked_surface(prompt)
        if not (asked or surface or phrase.places or phrase.relations or _state(phrase)):
            continue
        view = View(seen.depth[row], position[row].astype(float), rotation[row].astype(float), camera.focal)
        sight = _Sight(worlds.take([row]), qpos[[row]], view, seen.segmentation[row], seen.geom[row])
        parts = _parts(sight, asked)[: table.shape[1]]
        marked = _parts_marked(sight, parts) if parts else _surface_marked(sight, surface)
        if marked:
            shown = shown if shown is not seen else GBuffer.concatenate([seen])  # a copy, which is changed
            shown.segmentation[row], unsupported[row], table[row] = marked.labels, True, 0.0
            table[row, : len(marked.fits)] = [(similarity, 0.0, area) for similarity, area in marked.fits]
            summary = _summary(shown.segmentation[row], seen.depth[row], table)
            shown.pixels[row], shown.distance[row] = summary
        candidates = np.flatnonzero(table[row, :, 0] > 0)
        if len(candidates) > 1:
            levels = {found.part.level for found in parts}
            places = [place for place in phrase.places if place not in levels]
            middles = np.stack([view.middle(shown.segmentation[row] == instance) for instance in candidates])
            anchors = {words: _anchors(sight, words) for _, words in phrase.relations}
            grades = place_grades(view, middles, places, phrase.relations, anchors)
            table[row, candidates, 0] *= grades * _state_grades(sight, _state(phrase), parts, candidates)
    return Grounding(shown, table, unsupported)


def of_pixels(seen: GBuffer, worlds: Worlds, points: np.ndarray) -> Grounding:
    """Grounding of a pixel ``[N, 2]`` (column, row) of each image."""
    names = [spec.categories for spec in worlds.specs]
    table = point_table(instance_at(seen, points), names, seen.pixels.shape[1])
    return Grounding(seen, table, np.zeros(len(worlds), bool))


def _parts(sight: _Sight, asked: AskedPart | None) -> list[_FoundPart]:
    """Every part in one world that a prompt means; those that it may mean where there is none."""
    if asked is None or sight.worlds.template.original:
        return []
    every = [
        _FoundPart(occupant, part, part_similarity(asked, part, occupant.asset))
        for occupant in sight.occupants
        for part in parts_of(occupant.asset)
    ]
    exact = [found for found in every if asked.level in ("", found.part.level)]
    tries = ([found for found in some if found.similarity >= least] for some in (exact, every) for least in _BARS)
    return next((kept for kept in tries if kept), [])


def _surface_marked(sight: _Sight, asked: AskedSurface | None) -> _Marked | None:
    """The table or the floor of one world, where that is asked for and there is one."""
    template = sight.worlds.template
    if asked is None or template.original or (asked.geom == "table" and template.table_geom < 0):
        return None
    shown = sight.geom == template.model.geom(asked.geom).id
    return _Marked(np.where(shown, 0, -1).astype(np.int16), [(asked.similarity, AREA)])


def _parts_marked(sight: _Sight, parts: Sequence[_FoundPart]) -> _Marked:
    """Parts of things in one world."""
    labels = np.full(sight.geom.shape, -1, np.int16)
    for place, (occupant, part, _) in enumerate(parts):
        mask = np.isin(sight.geom, sight.worlds.template.things[occupant.slot].geoms[list(part.boxes)])
        if part.region is not None:
            rows, columns = np.nonzero(mask)
            centre, turn = sight.pose(occupant).region(part.region)
            points = sight.view.points(rows, columns) + sight.worlds.base[0] - centre[0]
            local = (points[:, :, None] * turn[0][None]).sum(axis=1)
            reach = np.asarray(part.region.half_size) + _REGION_SLACK
            above = np.array((0.0, 0.0, 1.0)) @ turn[0] * _REGION_RISE
            inside = (local <= reach + np.maximum(above, 0.0)) & (local >= np.minimum(above, 0.0) - reach)
            mask[rows, columns] = inside.all(axis=1)
        labels[mask] = place
    return _Marked(labels, [(found.similarity, found.part.area) for found in parts])


def _anchors(sight: _Sight, words: str) -> np.ndarray:
    """Middles ``[A, 3]`` m, base frame, of what the words of a relation mean; those of the robot are its base."""
    if words == ROBOT_ITSELF:
        return np.zeros((1, 3))
    found = []
    for text in words.split(" and "):
        similar = [similarity(text, occupant.asset.category) for occupant in sight.occupants]
        best = max(similar, default=0.0)
        means = [o.slot for o, each in zip(sight.occupants, similar, strict=True) if each == best >= POSSIBLE]
        found += [sight.view.middle(sight.segmentation == slot) for slot in means]
    there = [middle for middle in found if np.isfinite(middle).all()]
    return np.stack(there) if there else np.zeros((0, 3))


def _state(phrase: Phrase) -> str:
    """The state that a prompt asks for, "open" or "closed", of a thing or of what it belongs to; "" for none."""
    said = (*phrase.said, *parse(phrase.owner).said)
    known = (PROPERTIES[word] for word in said if word in PROPERTIES)
    return next((each.value for each in known if each.kind == "state"), "")


def _state_grades(sight: _Sight, state: str, parts: Sequence[_FoundPart], candidates: np.ndarray) -> np.ndarray:
    """Factors ``[K]`` on the similarities of parts or things: 1 for those that are as open as the prompt says."""
    if not state:
        return np.ones(len(candidates))
    if parts:
        moving = [(parts[i].occupant, {parts[i].part.link}) for i in candidates]
    else:
        by_slot = {occupant.slot: occupant for occupant in sight.occupants}
        moving = [(by_slot[slot], {link.name for link in by_slot[slot].asset.links}) for slot in candidates.tolist()]
    fits = np.array([_is_open(sight, occupant, links) == (state == "open") for occupant, links in moving])
    return np.where(fits, 1.0, _OTHER_STATE if fits.any() else _NO_STATE)


def _is_open(sight: _Sight, occupant: Occupant, links: set[str]) -> bool:
    """Whether any of a thing's moving parts is open."""
    joints = sight.pose(occupant).joints
    reach = {link.name: max(map(abs, link.range)) for link in occupant.asset.links}
    return any(abs(float(joints[name][0])) > _OPEN * reach[name] for name in links if name in joints)


def _summary(segmentation: np.ndarray, depth: np.ndarray, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixels and mean depth, m, of each instance of one image."""
    instances = table.shape[1]
    shown = segmentation >= 0
    pixels = np.bincount(segmentation[shown], minlength=instances)
    millimetres = np.bincount(segmentation[shown], np.round(1e3 * depth[shown].astype(float)), minlength=instances)
    return pixels, 1e-3 * millimetres / np.maximum(pixels, 1)
