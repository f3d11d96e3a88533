"""Benchmark case of honesty: every status of mixed rollouts beside what the simulator knows.

What is compared, by status (``Ledger`` counts):

* OK: the fingertip point is where it was told to go; what both pads held is still held; a closed hand has something
  between both pads, an open one is open; a guarded move ended in a contact; solved joints put MuJoCo's own fingertip at
  the target; what was found is where it was said to be (worlds without noise); ``is_holding`` is what both pads say.
* BLOCKED: not there, and the hand, or what it holds, touches something else, or did a moment ago (3 mm). TIMEOUT: not
  there, and touching nothing else or still moving.
* SLIPPED: what was held is not any more, or has moved in the hand. EMPTY_GRASP: nothing between the pads.
* NO_CONTACT: no contact. NOT_FOUND, AMBIGUOUS: none, or several, of the things that the words fit are visible (worlds
  without noise). What a noisy detector says is held against the same noise-free image and reported apart: its misses
  and mistakes are dosed.
* IK_INFEASIBLE of a pose: neither other starts of the own inverse kinematics nor one on MuJoCo's Jacobian reach it.
* Every refusal: nothing has moved. IN_COLLISION: the arm touches the surface, or itself. With ``avoid_collisions``:
  GOAL_IN_COLLISION, START_IN_COLLISION: there, the arm with what it holds comes near something that stands there, or
  stood there in a look. PLANNING_ERROR: the straight way does (whether there was a way around is not compared).
* OUT_OF_STEPS: the horizon is over. DIVERGED: the state has numbers that are none, or something flew off.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.experiments.libero_pro import FIRST_PROGRAM
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engines import make
from aspire_mjx.planning import ik
from aspire_mjx.planning.kinematics import LOWER_LIMIT, UPPER_LIMIT
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.motion import Motion
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.primitives.registry import Family
from aspire_mjx.rollout.calls import FinishedCalls
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.sensing.detector import prompt_table
from aspire_mjx.status import Status
from aspire_mjx.worlds.episode import TICK
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import Template
from experiments.studies.truth import NOTHING, Truth, Witness

FIRST_SEED = 2000
_SUITES = ("libero_object_swap", "libero_spatial", "libero_goal")
_HORIZON = 1500  # ticks; some of the programs go on beyond
_REACHED, _SHORT = 0.012, 0.004  # m: within is there, beyond is not (the primitives say 10 mm and 5 mm)
_MOVED, _TURNED = 0.003, 0.05  # m and rad in the hand that count as moved
_MOVING = 0.02  # rad/s
_FOUND = 0.08  # m between a found box's centre and the thing
_CLOSE = 0.03  # m; the planner keeps 1 cm, its map has cells of 1 cm, and a depth camera errs by as much
_TOUCH = 0.005  # m; the planner's capsules are 1 to 2 mm off the hand's boxes
_FLOWN = 10.0  # m or rad in one call
_WAY = 12  # places along a straight way
_FEW_PIXELS = 12  # of a thing that may or may not be seen
_NUMBERS = ("u", "v", "w")  # in [0, 1]: what a program's rollouts differ in
_READ = "import numpy as np\n" + "".join(f"{n} = tunable({n!r}, 0.5, low=0.0, high=1.0)\n" for n in _NUMBERS)
_DOWN = "down = np.array([0.0, 1.0, 0.0, 0.0])\n"
_WORDS = """
words = task_language().lower().replace("pick up the ", "").replace("pick the ", "").replace("put the ", "")
target = words.split(" and place ")[0].split(" on ")[0].split(" in ")[0].split(" between ")[0].split(" next ")[0]
"""
_SCRIPTS = {
    "anywhere": """
for k in range(4):
    x, y = 0.25 + 0.65 * u - 0.1 * k * v, -0.45 + 0.9 * v + 0.12 * k * (w - 0.5)
    place = np.array([x, y, -0.04 + 0.5 * w])
    solve_ik(place, down)
    goto_pose(place, down, z_approach=0.1 * (k % 2), avoid_collisions=k < 2)
goto_home_joint_position()
""",
    "probe": """
goto_pose(np.array([0.35 + 0.35 * u, -0.3 + 0.6 * v, 0.35]), down)
if w > 0.5:
    close_gripper()
touched = move_until_contact([0.0, 0.0, -1.0], 0.1 + 0.35 * w, force=3.0 + 5.0 * v)
push([v - 0.5, u - 0.5, 0.0], 0.15)
move_until_contact([0.0, 0.0, 1.0], 0.1)
push([0.0, 0.0, -1.0], 0.4 * u)
open_gripper()
""",
    "careless pick": """
position, quaternion = sample_grasp_pose(target)
aim = position + np.array([0.05 * (u - 0.5), 0.05 * (v - 0.5), 0.04 * (w - 0.5)])
goto_pose(aim, quaternion, z_approach=0.1)
close_gripper()
held = is_holding()
goto_pose(aim + np.array([0.0, 0.0, 0.2]), quaternion)
held = is_holding()
goto_pose(np.array([0.45, 0.4 * (u - 0.5), 0.25]), quaternion)
held = is_holding()
open_gripper()
held = is_holding()
""",
    "carry into things": """
position, quaternion = sample_grasp_pose(target)
goto_pose(position, quaternion, z_approach=0.1)
close_gripper()
pull([0.0, 0.0, 1.0], 0.05 + 0.15 * u)
start, turn = get_eef_pose()
pull([v - 0.5, u - 0.5, 0.2 * (w - 0.5)], 0.1 + 0.3 * w)
pull_arc(start + np.array([0.15, 0.0, 0.0]), [0.0, 0.0, 1.0], 1.5 * (w - 0.5))
goto_pose(start - np.array([0.0, 0.0, 0.2 * v]), turn, avoid_collisions=u < 0.5)
push([0.0, 0.0, -1.0], 0.3 * u)
held = is_holding()
open_gripper()
""",
    "words": """
for name in [target, "teapot", "basket", "bowl", "food", "plate", "milk", "drawer"]:
    seen = get_object_pose(name)
    if seen and u > 0.5:
        position, quaternion = seen
        goto_pose(position + np.array([0.0, 0.1 * v, 0.3 * w]), down, avoid_collisions=v < 0.5)
    sample_grasp_pose(name)
""",
    "haste": """
while True:
    goto_pose(np.array([0.4 + 0.2 * u, 0.3 * (v - 0.5), 0.2]), down)
    close_gripper()
    goto_home_joint_position()
    open_gripper()
    wait(w)
""",
}


def programs() -> dict[str, Program]:
    """The mixed programs: scripts of all primitives, and the first program of the main experiment."""
    texts = {name: _READ + _DOWN + _WORDS + text for name, text in _SCRIPTS.items()}
    programs = {name: Program(text, f"{name}.py") for name, text in texts.items()}
    return programs | {"first": Program.shipped(FIRST_PROGRAM)}


def mixed(count: int) -> list[Job]:
    """``count`` jobs: programs in turn, over the tasks of three suites, in perturbed worlds; half without noise."""
    random, texts = np.random.default_rng(7), list(programs().items())
    tasks = [task for suite in _SUITES for task in load_suite(suite)]
    jobs = []
    for number in range(count):
        name, program = texts[number % len(texts)]
        pool = [task for task in tasks if task.suite == _SUITES[0]] if name == "first" else tasks
        numbers = random.uniform(size=len(_NUMBERS)).tolist()
        dose = Perturbation(
            noise=float(random.integers(2)),
            friction=float(random.uniform(0.3, 1.2)),
            mass=float(random.uniform(0.5, 3.0)),
            gain=float(random.choice([0.3, 1.0, 1.0, 1.5])),
            latency=float(random.choice([0.0, 0.0, 0.0, 0.1, 0.4])),
        )
        tunables = () if name == "first" else tuple(zip(_NUMBERS, numbers, strict=True))
        task = pool[int(random.integers(len(pool)))]
        jobs.append(Job(program, task, FIRST_SEED + number, tunables, name, dose))
    return jobs


class Ledger:
    """A :class:`aspire_mjx.rollout.observer.RolloutObserver` that holds each status against the truth."""

    stride = 5

    def __init__(self, template: Template, jobs: list[Job], horizon: int) -> None:
        self.witness, self._jobs, self._horizon = Witness(template), jobs, horizon
        self.goal: dict[int, np.ndarray] = {}
        self.speed: dict[int, float] = {}  # rad/s, of the fastest arm joint over the last ticks of a job's motion
        self._last: dict[int, tuple[int, np.ndarray]] = {}
        self._arm = template.arm_qpos
        self.cameras = CameraRig()
        self.looks: dict[int, list[np.ndarray]] = {}  # the states in which a job's robot looked
        self.agreed, self.counted = _counters(), _counters()
        self.noisy_agreed, self.noisy_counted = _counters(), _counters()  # what a noisy detector says
        self.lies: list[str] = []

    def planned(self, jobs: np.ndarray, motion: Motion) -> None:
        """See :class:`aspire_mjx.rollout.observer.RolloutObserver`."""
        self.goal |= dict(zip(jobs.tolist(), motion.goal, strict=True))

    def moved(self, jobs: np.ndarray, ticks: np.ndarray, qpos: np.ndarray) -> None:
        """See :class:`aspire_mjx.rollout.observer.RolloutObserver`."""
        for job, tick, arm in zip(jobs.tolist(), ticks.tolist(), qpos[:, self._arm], strict=True):
            before, was = self._last.get(job, (0, arm))
            if tick > before:
                self.speed[job] = float(np.abs(arm - was).max()) / ((tick - before) * TICK)
            self._last[job] = tick, arm.copy()

    def called(self, jobs: np.ndarray, calls: FinishedCalls) -> None:
        """See :class:`aspire_mjx.rollout.observer.RolloutObserver`."""
        wave, before = calls.wave, calls.before
        for row, job in enumerate(jobs.tolist()):
            status = Status(int(calls.results.status[row]))
            call = _Call(self, job, calls.take([row]))
            why, spec = call.lie(status), self._jobs[job]
            if wave.primitive.family is Family.SENSE:
                self.looks.setdefault(job, []).append(before.qpos[row].copy())
            if why is None:
                continue
            key = wave.primitive.name, status.name
            if wave.primitive.family is Family.SENSE and spec.perturbation.noise:
                self.noisy_counted[key] += 1
                self.noisy_agreed[key] += not why
                continue
            self.counted[key] += 1
            self.agreed[key] += not why
            if why:
                self.lies.append(
                    f"{wave.primitive.name} {status.name}: {why} [job {job} {spec.label}, tick {before.moment[row]}]"
                )


def _counters() -> Counter[tuple[str, str]]:
    return Counter()


class _Call:
    """One call of one lane, and why its status is not true ("" where it is, None where nothing is compared)."""

    def __init__(self, ledger: Ledger, job: int, call: FinishedCalls) -> None:
        wave = call.wave
        self._ledger, self._job = ledger, job
        self._name, self._family = wave.primitive.name, wave.primitive.family
        self._results, self._before, self._after = call.results, call.before, call.after
        self._arguments = {name: column[0] for name, column in wave.arguments.items()}

    def lie(self, status: Status) -> str | None:
        """What is wrong with a status."""
        if status is Status.DIVERGED:
            way = np.abs(self._after.qpos - self._before.qpos).max()  # NaN where a number is none
            return f"all is finite, and nothing went further than {way:.1f}" if way < _FLOWN else ""
        if status is Status.OUT_OF_STEPS:
            return "" if self._after.ticks_left[0] == 0 else f"{self._after.ticks_left[0]} ticks are left"
        if self._family is Family.SENSE:
            return self._seen(status)
        if self._name == "is_holding":
            said, held = bool(self._results.fields["holding"][0]), self._truth(self._before).held
            return "" if said == (held != NOTHING) else f"said {said}, pads hold {held}"
        if self._name == "solve_ik" or status is Status.IK_INFEASIBLE:
            return self._solved(status)
        if self._family in (Family.MOVE, Family.GRIP, Family.WAIT):
            return self._moved(status)
        return None

    def _truth(self, lanes: Lanes) -> Truth:
        return self._ledger.witness.look(lanes.worlds, 0, lanes.qpos[0])

    def _moved(self, status: Status) -> str:
        was, now = self._truth(self._before), self._truth(self._after)
        ran = int(self._before.ticks_left[0] - self._after.ticks_left[0])
        if self._name in ("open_gripper", "close_gripper"):
            return self._gripped(status, now)
        if status is Status.EMPTY_GRASP:
            return "" if was.held == NOTHING else f"slot {was.held} is between the pads"
        if ran == 0:
            moved = not np.array_equal(self._before.qpos, self._after.qpos)
            return "refused, but moved" if moved else self._refused(status)
        if status is Status.SLIPPED:
            if was.held == NOTHING or now.held != was.held:
                return "" if was.held != NOTHING else "nothing was held"
            moved = float(np.linalg.norm(now.things[was.held] - was.things[was.held]))
            turned = float(np.linalg.norm(now.turns[was.held] - was.turns[was.held]))  # rad, for small angles times 1.4
            slipped = moved > _MOVED or turned > _TURNED
            return "" if slipped else f"held, moved {1e3 * moved:.1f} mm and turned {turned:.2f} in the hand"
        if status is Status.NO_CONTACT:
            return "touches something" if now.touching else ""
        if self._name == "move_until_contact":
            return "" if self._near(now) else "touches nothing"
        if self._family is Family.WAIT:
            return ""
        return self._arrived(status, was, now)

    def _refused(self, status: Status) -> str:
        """Of a motion that the planner refused: whether its arm would come near something."""
        lanes, witness = self._before, self._ledger.witness
        qpos, goal, arm = lanes.qpos[0], self._ledger.goal[self._job], lanes.arm[0]
        if status is Status.IN_COLLISION:
            gap = witness.folded(lanes.worlds, 0, witness.moved(lanes.worlds, 0, qpos, goal))
            return "" if gap < _TOUCH else f"{1e3 * gap:.0f} mm from the surface and itself"
        ways = {
            Status.START_IN_COLLISION: [arm],
            Status.GOAL_IN_COLLISION: [goal],
            Status.PLANNING_ERROR: [arm + (goal - arm) * share for share in np.linspace(0.0, 1.0, _WAY)],
        }.get(status, [])
        gaps = []
        for there in ways:
            now = witness.moved(lanes.worlds, 0, qpos, there)
            gaps += [witness.clearance(lanes.worlds, 0, now, self._truth(lanes).held)]
            if status is Status.PLANNING_ERROR:
                gaps += [witness.folded(lanes.worlds, 0, now)]
            for then in self._ledger.looks.get(self._job, []):  # things as seen, also what is in the hand by now
                gaps += [witness.clearance(lanes.worlds, 0, witness.placed(qpos, there, then), NOTHING)]
        return "" if min(gaps, default=0.0) < _CLOSE else f"{1e3 * min(gaps):.0f} mm from anything"

    def _arrived(self, status: Status, was: Truth, now: Truth) -> str:
        """Of a motion that is OK, BLOCKED or TIMEOUT."""
        off = float(np.linalg.norm(now.fingertip - self._target(was)))
        if status is Status.OK:
            if off > _REACHED:
                return f"{1e3 * off:.0f} mm off"
            lost = was.held != NOTHING and now.held != was.held
            return f"slot {was.held} is not held any more" if lost else ""
        if off < _SHORT:
            return f"there, {1e3 * off:.1f} mm off"
        moving = self._ledger.speed.get(self._job, 0.0) > _MOVING
        if status is Status.BLOCKED:
            return "" if self._near(now) else f"{1e3 * off:.0f} mm short, but touches nothing"
        return "" if moving or not now.touching else f"{1e3 * off:.0f} mm short, stands still and touches something"

    def _near(self, now: Truth) -> bool:
        """Whether the hand or what it holds touches something else, or something is near that gave way."""
        return now.touching or self._ledger.witness.near(self._after.worlds, 0, self._after.qpos[0], now.held)

    def _target(self, was: Truth) -> np.ndarray:
        """Where the fingertip point was told to go, ``[3]`` m, world frame."""
        if self._name == "goto_pose":
            return np.asarray(self._arguments["position"]) + self._after.worlds.base[0]
        goal = self._ledger.goal[self._job]
        return self._ledger.witness.fingertip(self._after.worlds, 0, self._after.qpos[0], goal)

    def _gripped(self, status: Status, now: Truth) -> str:
        if self._name == "open_gripper":
            opened = float(self._after.width[0]) >= 0.072
            return (
                "" if opened == (status is Status.OK) and (opened or now.pads) else f"open: {opened}, pads: {now.pads}"
            )
        return "" if (now.held != NOTHING) == (status is Status.OK) else f"between the pads: slot {now.held}"

    def _solved(self, status: Status) -> str | None:
        """Inverse kinematics by MuJoCo's own fingertip, and from other configurations where it gave up."""
        if self._name not in ("solve_ik", "goto_pose") or self._arguments.get("z_approach", 0.0) > 0.0:
            return None  # a line may leave the reach anywhere
        position, quaternion = (np.asarray(self._arguments[name], float) for name in ("position", "quaternion_wxyz"))
        if status is Status.OK:
            arm = self._results.fields["joints"][0]
            at = self._ledger.witness.fingertip(self._after.worlds, 0, self._after.qpos[0], np.asarray(arm))
            off = float(np.linalg.norm(at - self._after.worlds.base[0] - position))
            return "" if off < 1e-3 else f"{1e3 * off:.1f} mm off"
        tries = np.random.default_rng(3).uniform(LOWER_LIMIT, UPPER_LIMIT, (16, 7))
        found = ik.solve(np.tile(position, (16, 1)), np.tile(quaternion, (16, 1)), current=tries)
        if found.reachable.any():
            return "a configuration reaches it"
        lanes, turn = self._after, geometry.to_matrix(quaternion / np.linalg.norm(quaternion))
        reached = self._ledger.witness.reaches(lanes.worlds, 0, lanes.qpos[0], position + lanes.worlds.base[0], turn)
        return "MuJoCo's Jacobian leads to it" if reached else ""

    def _seen(self, status: Status) -> str | None:
        worlds = self._before.worlds
        words = self._arguments.get("name")
        if words is None:
            return None
        names = worlds.specs[0].categories
        fitting = np.flatnonzero(prompt_table([words], [names], len(names))[0, :, 0]).tolist()
        pixels = self._ledger.cameras.look(worlds, self._before.qpos).pixels[0]
        clear = [slot for slot in fitting if pixels[slot] > 4 * _FEW_PIXELS]
        visible = [slot for slot in fitting if pixels[slot] > _FEW_PIXELS]
        if status is Status.NOT_FOUND:
            return f"slots {clear} are in clear view" if clear else ""
        if status is Status.AMBIGUOUS:
            return "" if len(visible) > 1 else f"only slots {visible} are visible"
        if status is not Status.OK:
            return None
        found = self._results.fields["position"][0] + worlds.base[0]
        truth = self._truth(self._before)
        things = truth.fingertip + truth.things[fitting] @ truth.turn.T
        off = np.linalg.norm(things[:, :2] - found[:2], axis=1).min(initial=np.inf)
        return "" if off < _FOUND else f"the nearest that fits is {1e3 * off:.0f} mm away"


def _by_status(agreed: Counter[tuple[str, str]], counted: Counter[tuple[str, str]]) -> dict[str, list[int]]:
    """How many of each status were true, and how many there were."""
    return {
        name: [sum(numbers[key] for key in counted if key[1] == name) for numbers in (agreed, counted)]
        for name in sorted({key[1] for key in counted})
    }


def honesty(rollouts: int, *, horizon: int = _HORIZON) -> dict[str, Any]:
    """Agreement of statuses with the simulator's truth over mixed rollouts on native, in all and by status."""
    jobs = mixed(rollouts)
    agreed, counted, noisy_agreed, noisy_counted = (_counters() for _ in range(4))
    lies: list[str] = []
    for template in {job.world.template.name: job.world.template for job in jobs}.values():
        own = [job for job in jobs if job.world.template is template]
        ledger = Ledger(template, own, horizon)
        Simulator(make("native", template), horizon=horizon).run(own, observer=ledger)
        agreed, counted = agreed + ledger.agreed, counted + ledger.counted
        noisy_agreed, noisy_counted = noisy_agreed + ledger.noisy_agreed, noisy_counted + ledger.noisy_counted
        lies += [f"{template.name}: {lie}" for lie in ledger.lies]
    calls = sum(counted.values())
    return {
        "rollouts": rollouts,
        "calls": calls,
        "agreement": round(sum(agreed.values()) / calls, 5),
        "statuses": _by_status(agreed, counted),
        "statuses_of_a_noisy_detector": _by_status(noisy_agreed, noisy_counted),
        "calls_that_disagree": {
            f"{name} {status}": [counted[name, status] - agreed[name, status], counted[name, status]]
            for name, status in sorted(counted)
            if agreed[name, status] < counted[name, status]
        },
        "examples": lies[:40],
    }
