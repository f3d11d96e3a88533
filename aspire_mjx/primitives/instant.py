"""The primitives that take no simulated time: looking, computing, asking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.planning import collision, grasp, ik, kinematics
from aspire_mjx.primitives import added
from aspire_mjx.primitives.binding import fingerprint
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import MOST_IMAGES, ImageRecord, counted, with_latest
from aspire_mjx.primitives.perception import IMAGE, CameraRig, look_for
from aspire_mjx.primitives.registry import Family, Primitive
from aspire_mjx.primitives.results import Answer, Results, unpacks_of
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.primitives.surroundings import looked
from aspire_mjx.sensing.segments import MOST
from aspire_mjx.status import Status
from aspire_mjx.worlds.viewpoint import CAMERAS

_NOT_TAKEN = (
    "this is no image that the robot's own cameras took lately; pass an rgb image of get_observation() as it came"
)


def sense(primitive: Primitive, lanes: Lanes, arguments: Mapping, cameras: CameraRig) -> Answer:
    """Serves the SENSE primitives."""
    return _LOOKS.get(primitive.name, _look_of_extension)(primitive, lanes, arguments, cameras)


def _find(primitive: Primitive, lanes: Lanes, arguments: Mapping, cameras: CameraRig) -> Answer:
    """Looks for a thing by its name."""
    prompts = tuple(arguments["name"])
    numbers, memory = counted(lanes.memory, [look_for(prompt) for prompt in prompts], lanes.moment)
    lanes = replace(lanes, memory=memory)
    seen = cameras.perceive(lanes, prompts, numbers=numbers)
    status = seen.status.astype(np.int16)  # sightings have the codes of the statuses of the same names
    messages = tuple(_explain(Status(int(s)), prompt) for s, prompt in zip(status, prompts, strict=True))
    yaw, memory = geometry.yaw_of(seen.quaternion_wxyz), looked(lanes, cameras.surroundings).memory
    for row in np.flatnonzero(status == Status.OK).tolist():
        objects = memory[row].objects.with_box(prompts[row], seen.position[row], float(yaw[row]), seen.extent[row])
        memory[row] = replace(memory[row], objects=objects)
    if primitive.name == "get_object_pose":
        fields = {name: getattr(seen, name) for name in ("position", "quaternion_wxyz", "extent", "score")}
    else:
        found = grasp.top_down(seen.position, yaw, seen.extent, support_height=lanes.support_height)
        fields = {
            "position": found.position,
            "quaternion_wxyz": found.quaternion,
            "width": found.width,
            "score": seen.score,
        }
    fields = {name: np.asarray(column, np.float64) for name, column in fields.items()}
    return Answer(Results(primitive, status, fields, messages, unpacks_of(primitive, arguments)), memory)


def _explain(status: Status, prompt: str) -> str:
    if status == Status.NOT_FOUND:
        return f"no detection matches {prompt!r}"
    if status == Status.AMBIGUOUS:
        return f"several things match {prompt!r} equally well"
    return ""


def _images(primitive: Primitive, lanes: Lanes, arguments: Mapping, cameras: CameraRig) -> Answer:
    """Takes an image with each camera; the lanes remember them."""
    position, quaternion = kinematics.hand_pose(lanes.arm)
    fields = {"joints": lanes.arm, "position": position, "quaternion_wxyz": quaternion, "width": lanes.width}
    numbers, memory = counted(lanes.memory, [IMAGE] * len(lanes), lanes.moment)
    memory = looked(replace(lanes, memory=memory), cameras.surroundings).memory
    for camera in CAMERAS:
        rgb, seen = cameras.colour(lanes, camera, numbers=numbers), cameras.depth(lanes, camera, numbers=numbers)
        pose = np.tile(np.eye(4), (len(lanes), 1, 1))
        turn = geometry.normalize(geometry.from_matrix(seen.rotation.astype(float)))  # float32 is no rotation exactly
        pose[:, :3, :3], pose[:, :3, 3] = geometry.to_matrix(turn), seen.position
        columns = {"rgb": rgb, "depth": seen.depth, "intrinsics": seen.intrinsics, "pose_mat": pose}
        fields |= {f"{camera}_{name}": column for name, column in columns.items()}
        for lane, own in enumerate(memory):
            content = fingerprint(rgb[lane])
            record = ImageRecord(camera, lanes.qpos[lane].copy(), int(lanes.moment[lane]), int(numbers[lane]))
            memory[lane] = replace(
                own,
                images=with_latest(own.images, content, record, most=MOST_IMAGES),
                objects=own.objects.with_image(camera, content, seen.take(slice(lane, lane + 1))),
            )
    return Answer(Results(primitive, np.zeros(len(lanes), np.int16), fields, ("",) * len(lanes)), memory)


def _detections(primitive: Primitive, lanes: Lanes, arguments: Mapping, cameras: CameraRig) -> Answer:
    """What a detector says about images that the lanes' own cameras took."""
    count = len(lanes)
    memory = lanes.memory.copy()
    records = [own.images.get(content) for own, content in zip(memory, arguments["rgb"], strict=True)]
    fields = {
        "count": np.zeros(count),
        "score": np.zeros(count),
        "pixel": np.full((count, 2), np.nan),
        "box": np.full((count, 4), np.nan),
        "labels": np.zeros((count, cameras.size.height, cameras.size.width), np.uint8),
        "boxes": np.zeros((count, MOST, 4)),
        "scores": np.zeros((count, MOST)),
    }
    for camera in CAMERAS:
        rows = np.array([row for row, record in enumerate(records) if record and record.camera == camera], int)
        if not len(rows):
            continue
        own = [record for record in records if record and record.camera == camera]
        then = replace(
            lanes.take(rows),
            qpos=np.stack([record.qpos for record in own]),
            moment=np.array([record.moment for record in own]),
        )
        numbers = np.array([record.number for record in own])
        prompts = tuple(arguments["text"][row] if "text" in arguments else "" for row in rows)
        points = arguments["pixel"][rows] if "pixel" in arguments else None
        seen = cameras.segment(then, camera, prompts, numbers=numbers, points=points)
        some = seen.count > 0
        fields["count"][rows], fields["score"][rows] = seen.count, seen.scores[:, 0]
        fields["pixel"][rows[some]], fields["box"][rows[some]] = seen.pixel[some], seen.boxes[some, 0]
        fields["labels"][rows], fields["boxes"][rows], fields["scores"][rows] = seen.labels, seen.boxes, seen.scores
        for i, row in enumerate(map(int, rows) if "text" in arguments else ()):
            objects = memory[row].objects.with_masks(prompts[i], camera, arguments["rgb"][row], seen.labels[i])
            memory[row] = replace(memory[row], objects=objects)
    found = fields["count"] > 0
    asked = (
        [f"no detection matches {text!r}" for text in arguments["text"]]
        if "text" in arguments
        else [f"nothing is detected at pixel ({u:.0f}, {v:.0f})" for u, v in arguments["pixel"]]
    )
    messages = tuple("" if ok else asked[row] if records[row] else _NOT_TAKEN for row, ok in enumerate(found.tolist()))
    status = np.where(found, Status.OK, Status.NOT_FOUND).astype(np.int16)
    return Answer(Results(primitive, status, fields, messages), memory)


#: The looks of this package, by name.
_LOOKS: dict[str, Callable[[Primitive, Lanes, Mapping, CameraRig], Answer]] = {
    "camera_images": _images,
    "detect_in_image": _detections,
    "detect_at_pixel": _detections,
    "get_object_pose": _find,
    "sample_grasp_pose": _find,
}


def _look_of_extension(primitive: Primitive, lanes: Lanes, arguments: Mapping, cameras: CameraRig) -> Answer:
    """An extension sees the images that a program would get at this moment, and the robot remembers them."""
    taken = _images(ROBOT_API["camera_images"], lanes, arguments, cameras)
    return Answer(added.results(primitive, lanes, arguments, taken.results.fields), taken.memory)


INSTANT = frozenset({Family.QUERY, Family.SENSE, Family.PLAN})  #: families served here


def serve(primitive: Primitive, lanes: Lanes, arguments: Mapping, cameras: CameraRig) -> Answer:
    """Answers a QUERY, SENSE or PLAN request."""
    if primitive.family is Family.SENSE:
        return sense(primitive, lanes, arguments, cameras)
    return Answer(_computed(primitive, lanes, arguments), lanes.memory)


#: What the robot reads of itself: columns in the order of the declared fields.
_READINGS: dict[str, Callable[[Lanes], Sequence[Any]]] = {
    "get_eef_pose": lambda lanes: kinematics.hand_pose(lanes.arm),
    "get_gripper_width": lambda lanes: [lanes.width],
    "get_joint_positions": lambda lanes: [lanes.arm],
    "is_holding": lambda lanes: [lanes.holding.astype(np.float64)],
    "steps_left": lambda lanes: [lanes.ticks_left.astype(np.float64)],
    "task_language": lambda lanes: [tuple(spec.task.language for spec in lanes.worlds.specs)],
}
SERVED = frozenset({*_LOOKS, *_READINGS, "solve_ik"})  #: names of the primitives of this package that are served here


def _computed(primitive: Primitive, lanes: Lanes, arguments: Mapping) -> Results:
    if primitive.name == "solve_ik":
        return _solve_ik(primitive, lanes, arguments)
    if primitive.name not in _READINGS:
        return added.results(primitive, lanes, arguments)
    names = [field.name for field in primitive.fields]
    fields = dict(zip(names, _READINGS[primitive.name](lanes), strict=True))
    return Results(primitive, np.zeros(len(lanes), np.int16), fields, ("",) * len(lanes))


def _solve_ik(primitive: Primitive, lanes: Lanes, arguments: Mapping) -> Results:
    found = ik.solve(
        arguments["position"],
        arguments["quaternion_wxyz"],
        current=lanes.command[:, :7],
        clearance=lambda q, _: collision.check_collisions(q, floor_height=lanes.support_height).clearance,
    )
    status = np.where(found.reachable, Status.OK, Status.IK_INFEASIBLE).astype(np.int16)
    fields = {
        "joints": found.q,
        "position_error": found.position_error,
        "rotation_error": found.rotation_error,
        "joint_margin": found.margin,
        "closest": found.q,
    }
    messages = tuple(
        "" if ok else f"the closest configuration is {1e3 * p:.0f} mm and {np.degrees(r):.0f} degrees off"
        for ok, p, r in zip(found.reachable, found.position_error, found.rotation_error, strict=True)
    )
    return Results(primitive, status, fields, messages)
