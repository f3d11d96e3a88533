"""The moving primitives: control sequences from requests, and honest results from what then happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.columns import Columns
from aspire_mjx.physics.engine import NEVER, Readings
from aspire_mjx.planning import collision, ik, kinematics, trajectory
from aspire_mjx.planning.kinematics import HOME, LOWER_LIMIT, UPPER_LIMIT
from aspire_mjx.primitives import added
from aspire_mjx.primitives.clear_way import Obstruction, clear_way
from aspire_mjx.primitives.lanes import EMPTY_WIDTH, Lanes
from aspire_mjx.primitives.registry import Family, Primitive
from aspire_mjx.primitives.results import Answer, Results
from aspire_mjx.primitives.slip import slid
from aspire_mjx.status import Status
from aspire_mjx.worlds.episode import TICK
from aspire_mjx.worlds.panda import OPEN_WIDTH
from aspire_mjx.worlds.template import CONTACT_GEOMS

#: Names of the primitives whose motions lead around what was seen.
AROUND_OBSTACLES = frozenset({"goto_pose", "move_to_joints", "goto_home_joint_position", "home_pose"})
_LIMITS, _PULL_LIMITS, _GUARDED_LIMITS = (trajectory.MotionLimits.panda(speed) for speed in (0.5, 0.2, 0.1))
_SETTLE_TICKS = 8  #: held at the target, so that the servos come to rest
_GRIP_TICKS = 30  #: 0.6 s, the Franka hand's time over its full stroke
_REACHED_JOINT = 0.02  #: rad, largest joint residual of a motion that arrived
_REACHED_POSITION = 0.01  #: m, the same for the fingertip point
_OPENED_WIDTH = 0.9 * OPEN_WIDTH
_LINE_SPACING = 0.05  #: m between the points of a straight descent that inverse kinematics solves
_ARC_TURN, _MOST_LEGS = 0.1, 200  # rad between the points of an arc; and how many at most
_SLIP = 0.004  #: m of gripper width change while carrying
_SLID = 0.01  #: m along the pads: what is carried is then further from where it should be than a motion's own tolerance
_CONTACT = 1.0  #: N, a push that counts as contact
STOP_TORQUE = 50.0  #: N m in an arm joint, some 100 N at the hand: a motion does not push harder
_ON_ITS_WAY = 0.5  #: s, an arm whose velocity would bring it to its target in less has not been stopped
_SWINGING, _ASIDE = 0.055, 0.3  #: rad/s, cosine: nor has one that swings past or about its target, as with weak servos


@dataclass(frozen=True, eq=False, kw_only=True)
class Motion(Columns):
    """What ``N`` lanes are about to do.

    Attributes:
        ctrl: ``[N, T, 9]`` servo targets, one a tick; the last one holds on.
        ticks: ``[N]``, 0 where the motion was refused.
        status: ``[N]`` OK, or why the motion was refused before it began.
        goal: ``[N, 7]`` rad, joint angles at the end.
        position_error: ``[N]`` m, residual of a refused target.
        rotation_error: ``[N]`` rad, the same.
        messages: ``N`` texts.
        guard: ``[N, 2]`` contact force (N) and joint torque (N m) that end the motion; infinite where none does.
        obstruction: what was seen in the way.
    """

    ctrl: np.ndarray
    ticks: np.ndarray
    status: np.ndarray
    goal: np.ndarray
    position_error: np.ndarray
    rotation_error: np.ndarray
    messages: tuple[str, ...]
    guard: np.ndarray
    obstruction: Obstruction

    def control(self, start: int, ticks: int) -> np.ndarray:
        """Servo targets ``[N, ticks, 9]`` from tick ``start`` on."""
        return self.ctrl[:, np.minimum(np.arange(start, start + ticks), self.ctrl.shape[1] - 1)]


def plan(primitive: Primitive, lanes: Lanes, arguments: Mapping[str, Any]) -> Motion:
    """The motion that a MOVE, GRIP or WAIT request asks for."""
    if primitive.name in PLANNERS:
        return PLANNERS[primitive.name](lanes, arguments)
    return _of_extension(lanes, *added.arm_path(primitive, lanes, arguments))


def finish(
    primitive: Primitive,
    goal: np.ndarray,
    obstruction: Obstruction,
    before: Lanes,
    after: Lanes,
    readings: Readings,
) -> Answer:
    """What a motion achieved. Where the fingers closed is remembered.

    Args:
        primitive: what was called.
        goal: ``[N, 7]`` rad.
        obstruction: what was seen in the way.
        before: the lanes when it began.
        after: the lanes when it ended.
        readings: of the whole motion.
    """
    reached_p, reached_r = kinematics.hand_pose(after.arm)
    wanted_p, wanted_r = kinematics.hand_pose(goal)
    position_error = np.linalg.norm(reached_p - wanted_p, axis=1)
    rotation_error = geometry.angle_between(reached_r, wanted_r)
    memory = after.memory.copy()
    if primitive.name == "close_gripper":
        height = np.maximum(reached_p[:, 2] - after.support_height, 0.0).tolist()
        memory[:] = [replace(own, grip_height=each) for own, each in zip(memory, height, strict=True)]
    if primitive.name == "open_gripper":
        short, why = after.width < _OPENED_WIDTH, Status.BLOCKED
    elif primitive.name == "move_until_contact":
        short, why = ~readings.stopped, Status.NO_CONTACT
    elif primitive.name == "close_gripper":
        short, why = after.width < EMPTY_WIDTH, Status.EMPTY_GRASP
    else:
        bent = (np.abs(after.arm - goal).max(axis=1) > _REACHED_JOINT) & (position_error > _REACHED_POSITION / 2)
        short = bent | (position_error > _REACHED_POSITION)
        short = short & (primitive.family is Family.MOVE)  # who waits has no target to miss
        # Who carries or pushes something feels it all the time: blocked is an arm that is not on its way any more.
        way = goal - after.arm
        coming = (readings.velocity * way).sum(axis=1) * _ON_ITS_WAY > (way * way).sum(axis=1)
        speed, far = (np.sqrt((each * each).sum(axis=1)) for each in (readings.velocity, way))
        swinging = (speed > _SWINGING) & ((readings.velocity * way).sum(axis=1) < _ASIDE * speed * far)
        against = (readings.peak_force > _CONTACT) & ~coming & ~swinging
        why = np.where(against | readings.stopped, Status.BLOCKED, Status.TIMEOUT)
    status, slide = np.where(short, why, Status.OK), slid(before, after)
    status = np.where(slipped(primitive, before, after, slide) & (status == Status.OK), Status.SLIPPED, status)
    status = np.where(readings.diverged, Status.DIVERGED, status).astype(np.int16)
    if primitive.family is Family.MOVE:
        stopped = (status == Status.BLOCKED).tolist()
        memory[:] = [replace(own, blocked=each) for own, each in zip(memory, stopped, strict=True)]
    closed = ~before.commanded_open & ~after.commanded_open
    fields = {
        "peak_force": readings.peak_force,
        "width": after.width,
        "peak_torque": readings.peak_torque,
        "slip": np.where(closed, np.maximum(np.abs(after.width - before.width), slide), 0.0),
        "seconds": TICK * (before.ticks_left - after.ticks_left),
        **_first_contact(before, after, readings),
    }
    if primitive.name == "move_until_contact":
        fields["distance"] = np.linalg.norm(reached_p - kinematics.forward(before.arm)[0], axis=1)
    fields |= {"position_error": position_error, "rotation_error": rotation_error, **_in_the_way(obstruction)}
    messages = tuple(_explain(status, position_error, slide, after, obstruction))
    return Answer(Results(primitive, status, _ordered(primitive, fields), messages), memory)


def _first_contact(before: Lanes, after: Lanes, readings: Readings) -> dict[str, tuple[str, ...]]:
    """What touched first, and what it touched as the robot has seen it; "" where nothing did.

    A pad that touches from a motion's first tick, while something is held, touches that.
    """
    began, pads = readings.first_tick.copy(), [geom.startswith("finger") for geom in CONTACT_GEOMS]
    began[before.holding[:, None] & pads & (began == 0)] = NEVER
    link = began.argmin(axis=1)
    links, objects = [""] * len(began), [""] * len(began)
    rows = np.flatnonzero(began.min(axis=1) < NEVER)
    points = readings.first_position[rows, link[rows]] - after.worlds.take(rows).base.reshape(-1, 3)
    for row, point in zip(rows.tolist(), points, strict=True):
        links[row] = CONTACT_GEOMS[link[row]]
        objects[row] = after.memory[row].objects.name_of(point, support=after.support_height)
    return {"contact_link": tuple(links), "contact_object": tuple(objects)}


def slipped(primitive: Primitive, before: Lanes, after: Lanes, slide: np.ndarray) -> np.ndarray:
    """``[N]`` bool: something was held, and the gripper's width changed or it slid ``[N]`` m along the pads.

    The robot itself can tell both.
    """
    if primitive.name in ("open_gripper", "close_gripper"):
        return np.zeros(len(before), bool)
    return before.holding & ((np.abs(after.width - before.width) > _SLIP) | (slide > _SLID))


def refused(primitive: Primitive, motion: Motion, lanes: Lanes) -> Results:
    """Results of motions that never began."""
    fields = {
        "width": lanes.width,
        **{name: ("",) * len(lanes) for name in ("contact_link", "contact_object")},
        **{name: np.zeros(len(lanes)) for name in ("peak_force", "peak_torque", "slip", "seconds", "distance")},
        "position_error": motion.position_error,
        "rotation_error": motion.rotation_error,
        **_in_the_way(motion.obstruction),
    }
    return Results(primitive, motion.status.astype(np.int16), _ordered(primitive, fields), motion.messages)


def _in_the_way(obstruction: Obstruction) -> dict[str, Any]:
    region = obstruction.region
    return {"planner_note": obstruction.notes(), "blocked_at": region.centre, "blocked_size": region.size}


def _ordered(primitive: Primitive, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a primitive declares, in that order: columns of float64, or texts."""
    columns = {field.name: fields[field.name] for field in primitive.fields}
    return {name: c if isinstance(c, tuple) else np.asarray(c, np.float64) for name, c in columns.items()}


def _explain(
    status: np.ndarray, position_error: np.ndarray, slide: np.ndarray, after: Lanes, obstruction: Obstruction
) -> list[str]:
    """One text a lane, empty where all went well."""
    texts = {
        Status.BLOCKED: "stopped {mm:.0f} mm short of the target against a contact",
        Status.TIMEOUT: "still {mm:.0f} mm short of the target, and nothing held the arm up",
        Status.SLIPPED: "the grip changed on the way: {width:.1f} mm wide now, {slid:.0f} mm slid along the pads",
        Status.NO_CONTACT: "nothing pushed back over the whole distance",
        Status.EMPTY_GRASP: "the fingers closed to {width:.1f} mm",
    }
    found, width = [""] * len(status), after.width
    for i in np.flatnonzero(status != Status.OK).tolist():
        if text := texts.get(Status(int(status[i]))):
            said = text.format(mm=1e3 * position_error[i], width=1e3 * width[i], slid=1e3 * slide[i])
            found[i] = "; ".join(part for part in (said, obstruction.message(i)) if part)
    return found


def _hold(lanes: Lanes, ticks: np.ndarray, finger: float | None) -> Motion:
    """Stays where the servos are, with the fingers told to ``finger`` m each (None: as they were)."""
    command = lanes.command.copy()
    if finger is not None:
        command[:, 7:] = finger
    count = len(lanes)
    return Motion(
        ctrl=command[:, None],
        ticks=ticks,
        status=np.full(count, Status.OK),
        goal=command[:, :7],
        position_error=np.zeros(count),
        rotation_error=np.zeros(count),
        messages=("",) * count,
        guard=np.full((count, 2), np.inf),
        obstruction=Obstruction.none(count),
    )


def _plan_line(lanes: Lanes, arguments: Mapping[str, Any], limits: trajectory.MotionLimits) -> Motion:
    """Along a straight line of the fingertip point, the hand turned as it is."""
    start, hand = _hand(lanes)
    way, length = _direction(arguments["direction"])
    end = start + way * np.maximum(arguments["distance"], 0.0)[:, None]
    poses = trajectory.line_poses((start, hand), (end, hand), spacing=_LINE_SPACING)
    return _along(lanes, *poses, length > 0, limits)


def _plan_arc(lanes: Lanes, arguments: Mapping[str, Any]) -> Motion:
    """Along an arc of the fingertip point about an axis, the hand turning with it."""
    start, hand = _hand(lanes)
    axis, length = _direction(arguments["axis"])
    arm = start - arguments["pivot"]
    radius = np.linalg.norm(np.cross(axis, arm), axis=1)
    legs = np.abs(arguments["angle"]) * np.maximum(1.0 / _ARC_TURN, radius / _LINE_SPACING)
    legs = np.maximum(np.ceil(np.minimum(legs, _MOST_LEGS)).astype(int), 1)
    share = np.minimum(np.arange(int(legs.max()) + 1) / legs[:, None], 1.0)  # [N, W]
    turns = geometry.from_axis_angle(axis[:, None], share * arguments["angle"][:, None])
    positions = arguments["pivot"][:, None] + geometry.rotate(turns, arm[:, None])
    sane = (length > 0) & (np.abs(arguments["angle"]) <= 2 * np.pi)
    return _along(lanes, positions, geometry.multiply(turns, hand[:, None]), legs + 1, sane, _PULL_LIMITS)


def _hand(lanes: Lanes) -> tuple[np.ndarray, np.ndarray]:
    """Where the hand is told to be: fingertip point ``[N, 3]`` and orientation ``[N, 4]``."""
    return kinematics.hand_pose(lanes.command[:, :7])


def _direction(vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors ``[N, 3]`` and lengths ``[N]``; a zero vector stays zero."""
    length = np.linalg.norm(vector, axis=1)
    return vector / np.where(length > 0, length, 1.0)[:, None], length


def _along(
    lanes: Lanes,
    positions: np.ndarray,
    quaternions: np.ndarray,
    points: np.ndarray,
    sane: np.ndarray,
    limits: trajectory.MotionLimits,
) -> Motion:
    """Through ``points [N]`` of the way-points ``[N, W]``; refused where they leave the arm's reach or are not sane."""
    current, count = lanes.command[:, :7], len(lanes)
    line = ik.solve_path(positions, quaternions, current=current)
    ok = line.reachable & line.continuous & sane
    status = np.where(ok, Status.OK, Status.IK_INFEASIBLE)
    messages = ["" if fine else "the path leaves the arm's reach, or has no direction" for fine in ok.tolist()]
    steps = np.concatenate([current[:, None], np.where(ok[:, None, None], line.q, current[:, None])], axis=1)
    path = trajectory.pass_through(steps, points + 1, limits=limits)
    goal = np.where(ok[:, None], line.q[np.arange(count), points - 1], current)
    return _follow(lanes, path, goal, status, line.position_error, line.rotation_error, messages)


def _held(lanes: Lanes, motion: Motion) -> Motion:
    """The motion, refused where the hand holds nothing."""
    empty = ~lanes.holding & (motion.status == Status.OK)
    return replace(
        motion,
        ticks=np.where(empty, 0, motion.ticks),
        status=np.where(empty, Status.EMPTY_GRASP, motion.status),
        messages=tuple("the hand holds nothing" if e else m for e, m in zip(empty, motion.messages, strict=True)),
    )


def _plan_joints(lanes: Lanes, joints: np.ndarray, refusing: np.ndarray) -> Motion:
    """To joint angles; ``refusing [N]`` bool lanes stay where they are when something was seen in the way."""
    inside = np.asarray(((joints >= LOWER_LIMIT) & (joints <= UPPER_LIMIT)).all(axis=1))  # NaN is not
    joints = np.where(inside[:, None], joints, lanes.command[:, :7])
    way = clear_way(lanes, lanes.command[:, :7], joints[:, None], inside, refusing)
    seen = np.where(refusing, way.obstruction.why, Status.OK)
    status = np.where(inside, seen, Status.IK_INFEASIBLE)
    messages = tuple(
        way.obstruction.message(i) if ok else "a joint target is outside the arm's limits"
        for i, ok in enumerate(inside.tolist())
    )
    errors = np.where(inside, 0.0, np.inf)
    path = trajectory.stop_at_each(way.points, limits=_LIMITS)
    return _follow(lanes, path, joints, status, errors, errors, messages, obstruction=way.obstruction)


def _plan_pose(lanes: Lanes, arguments: Mapping[str, Any]) -> Motion:
    """To a pose: straight in joint space, or to the point above it first and down a Cartesian line."""
    position, quaternion = arguments["position"], arguments["quaternion_wxyz"]
    rise, refusing = np.maximum(arguments["z_approach"], 0.0), arguments["avoid_collisions"] != 0
    above = position + rise[:, None] * (0.0, 0.0, 1.0)
    current = lanes.command[:, :7]

    def collisions(q: np.ndarray, lanes_of_q: np.ndarray | slice = slice(None)) -> collision.Collisions:
        return collision.check_collisions(q, floor_height=lanes.support_height, hand=refusing[lanes_of_q])

    first = ik.solve(above, quaternion, current=current, clearance=lambda q, own: collisions(q, own).clearance)
    goal, ok = first.q.copy(), first.reachable.copy()
    position_error, rotation_error = first.position_error.copy(), first.rotation_error.copy()
    rows = np.flatnonzero((rise > 0) & ok)
    path = [first.q[:, None], first.q[:, None]]
    count = np.full(len(lanes), 2)
    if len(rows):
        hand = _unit(quaternion[rows])
        line_p, line_q, points = trajectory.line_poses(
            (above[rows], hand), (position[rows], hand), spacing=_LINE_SPACING
        )
        line = ik.solve_path(line_p, line_q, current=first.q[rows])
        goal[rows], ok[rows] = line.q[:, -1], line.reachable & line.continuous
        position_error[rows], rotation_error[rows] = line.position_error, line.rotation_error
        down = np.repeat(first.q[:, None], line.q.shape[1], axis=1)
        down[rows] = line.q
        path, count[rows] = [first.q[:, None], down], points + 1
    hits = collisions(goal)
    status = np.where(ok, np.where(hits.colliding, Status.IN_COLLISION, Status.OK), Status.IK_INFEASIBLE)
    way = clear_way(lanes, current, path[-1], np.asarray(status == Status.OK), refusing)
    messages = [way.obstruction.message(i) for i in range(len(lanes))]
    for i in np.flatnonzero(status != Status.OK).tolist():
        messages[i] = _refusal(Status(int(status[i])), position_error[i], rotation_error[i], hits.pairs[i])
    status = np.where((status == Status.OK) & refusing, way.obstruction.why, status)
    fine = np.asarray(status == Status.OK)[:, None]
    over = trajectory.stop_at_each(np.where(fine[..., None], way.points, current[:, None]), limits=_LIMITS)
    steps = np.where(fine[..., None], np.concatenate(path, axis=1), current[:, None])
    moves = trajectory.join(over, trajectory.pass_through(steps, count, limits=_LIMITS))
    return _follow(lanes, moves, goal, status, position_error, rotation_error, messages, obstruction=way.obstruction)


def _refusal(status: Status, off: float, turn: float, pair: tuple[str, str]) -> str:
    if status == Status.IK_INFEASIBLE:
        return f"the closest configuration is {1e3 * off:.0f} mm and {np.degrees(turn):.0f} degrees off"
    return f"{pair[0]} would touch {pair[1]}"


def _unit(quaternion: np.ndarray) -> np.ndarray:
    """Unit quaternions; a zero one becomes the identity (inverse kinematics has refused it already)."""
    length = np.linalg.norm(quaternion, axis=1, keepdims=True)
    return np.where(length > 1e-6, quaternion / np.maximum(length, 1e-6), geometry.IDENTITY)


def _follow(
    lanes: Lanes,
    path: trajectory.Trajectory,
    goal,
    status,
    position_error,
    rotation_error,
    messages,
    *,
    obstruction: Obstruction | None = None,
) -> Motion:
    """Control sequences along a joint path, then held to settle; the fingers stay as commanded."""
    ticks = np.where(status == Status.OK, path.ticks + _SETTLE_TICKS, 0)
    arm = np.concatenate([path.ctrl, np.repeat(path.ctrl[:, -1:], _SETTLE_TICKS, axis=1)], axis=1)
    fingers = np.repeat(lanes.command[:, None, 7:], arm.shape[1], axis=1)
    return Motion(
        ctrl=np.concatenate([arm, fingers], axis=2),
        ticks=ticks,
        status=status,
        goal=goal,
        position_error=position_error,
        rotation_error=rotation_error,
        messages=tuple(messages),
        guard=np.tile((np.inf, STOP_TORQUE), (len(lanes), 1)),
        obstruction=obstruction or Obstruction.none(len(lanes)),
    )


def _plan_contact(lanes: Lanes, arguments: Mapping[str, Any]) -> Motion:
    slowly = _plan_line(lanes, arguments, _GUARDED_LIMITS)
    return replace(slowly, guard=np.stack([arguments["force"], np.full(len(lanes), np.inf)], axis=1))


def _plan_home(lanes: Lanes, arguments: Mapping[str, Any]) -> Motion:
    return _plan_joints(lanes, np.tile(HOME, (len(lanes), 1)), np.zeros(len(lanes), bool))


def _plan_wait(lanes: Lanes, arguments: Mapping[str, Any]) -> Motion:
    ticks = np.minimum(arguments["seconds"] / TICK, lanes.ticks_left + 1)  # 1 too many: out of steps
    return _hold(lanes, np.maximum(np.ceil(ticks - 1e-9).astype(int), 1), None)


def _plan_fingers(lanes: Lanes, finger: float) -> Motion:
    return _hold(lanes, np.full(len(lanes), _GRIP_TICKS), finger)


#: The motions of this package, by the name of the primitive.
PLANNERS: dict[str, Callable[[Lanes, Mapping[str, Any]], Motion]] = {
    "goto_pose": _plan_pose,
    "move_to_joints": lambda lanes, given: _plan_joints(lanes, given["joints"], given["avoid_collisions"] != 0),
    "goto_home_joint_position": _plan_home,
    "home_pose": _plan_home,
    "move_until_contact": _plan_contact,
    "push": lambda lanes, given: _plan_line(lanes, given, _PULL_LIMITS),
    "pull": lambda lanes, given: _held(lanes, _plan_line(lanes, given, _PULL_LIMITS)),
    "pull_arc": lambda lanes, given: _held(lanes, _plan_arc(lanes, given)),
    "open_gripper": lambda lanes, given: _plan_fingers(lanes, OPEN_WIDTH / 2),
    "close_gripper": lambda lanes, given: _plan_fingers(lanes, 0.0),
    "wait": _plan_wait,
}


def _of_extension(
    lanes: Lanes, way: Callable[..., trajectory.Trajectory], joints: np.ndarray, count: np.ndarray, status: np.ndarray
) -> Motion:
    """Through ``count [N]`` of the way-points ``[N, W, 7]`` of an extension; refused where the arm cannot go there."""
    inside = np.asarray(((joints >= LOWER_LIMIT) & (joints <= UPPER_LIMIT)).all(axis=(1, 2)))  # NaN is not
    current, goal = lanes.command[:, :7], joints[:, -1]
    there = np.where(inside[:, None], goal, current)
    hits = collision.check_collisions(there, floor_height=lanes.support_height, hand=False)
    found = np.where(inside, np.where(hits.colliding, Status.IN_COLLISION, Status.OK), Status.IK_INFEASIBLE)
    messages = [Status(code).reason if code else "" for code in status.tolist()]
    for i in np.flatnonzero((found != Status.OK) & (status == Status.OK)).tolist():
        pair = hits.pairs[i]
        messages[i] = f"{pair[0]} would touch {pair[1]}" if inside[i] else "a way-point is outside the arm's limits"
    status = np.where(status == Status.OK, found, status)
    fine = np.asarray(status == Status.OK)
    steps = np.concatenate([current[:, None], np.where(fine[:, None, None], joints, current[:, None])], axis=1)
    path = way(steps, count + 1, limits=_LIMITS)
    errors = np.where(inside, 0.0, np.inf)
    return _follow(lanes, path, np.where(fine[:, None], goal, current), status, errors, errors, messages)
