"""The machine: runs schedules over lanes until they block at primitives, and goes on when results come."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.language.limits import ProgramLimits, limited
from aspire_mjx.language.tunables import tunable_columns
from aspire_mjx.machine.convergence import Pool, Position, grouped, merge, position
from aspire_mjx.machine.coverage import Coverage
from aspire_mjx.machine.instructions import HANDLERS
from aspire_mjx.machine.instructions.calls import Blocked, Finished, leave, pull
from aspire_mjx.machine.iterators import Pull
from aspire_mjx.machine.lane_columns import objects, reaching
from aspire_mjx.machine.lane_map import messages
from aspire_mjx.machine.mailbox import Mailbox
from aspire_mjx.machine.memory import MemoryHeld
from aspire_mjx.machine.output import LaneEnds, Outcome, Prints, last_words
from aspire_mjx.machine.overruns import Overruns, Turn
from aspire_mjx.machine.requests import Request
from aspire_mjx.machine.results_view import answer
from aspire_mjx.machine.rules.random import streams_of
from aspire_mjx.machine.spending import Spending, Watch
from aspire_mjx.machine.strand import CallFrame, Spent, Strand
from aspire_mjx.machine.values import ExceptionValue, Partition, Promote, Raised, VaryingResult, raised
from aspire_mjx.primitives.registry import Family, Registry
from aspire_mjx.primitives.results import Results
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.printable import printable
from aspire_mjx.stopping import check_stop

_TURN = 2_000  #: instructions a strand executes before the others have their turn
_CLOCK = 200  #: instructions after which it is seen how long a turn takes
_AUDIT = 10_000  #: instructions after which the memory of a lane is counted again


class Machine:
    """Runs programs in many lanes at once.

    A lane is a number chosen by the caller. The result of a lane depends on its own schedule, tunables and results
    alone, not on other lanes or on the order in which results come.
    """

    def __init__(self, *, registry: Registry = ROBOT_API, limits: ProgramLimits | None = None) -> None:
        self.registry, self.limits = registry, limits or ProgramLimits()
        self._busy = np.zeros(0, dtype=bool)  # of every lane
        self._prints = Prints()
        self._coverage = Coverage()
        self._running: list[Strand] = []
        self._waiting: list[Strand] = []
        self._mailbox = Mailbox()
        self._ended: list[LaneEnds] = []
        self._spending = Spending(self.limits)
        self._overruns = Overruns()

    def start(
        self,
        lanes: Sequence[int],
        schedule: Schedule,
        tunables: Sequence[Mapping[str, float]] | None = None,
        *,
        seeds: Sequence[int] | None = None,
    ) -> None:
        """Start a program in lanes that are free.

        Args:
            lanes: lane numbers.
            schedule: the compiled program.
            tunables: values for the program's tunables, one mapping a lane; missing ones take their defaults.
            seeds: where the ``np.random`` of each lane starts; zeros when not given.

        Raises:
            UnknownNameError: a tunable that the program does not declare.
            AspireError: a value outside its bounds.
            ValueError: a lane that is still in use.
        """
        numbers = np.array(lanes, dtype=np.int64)
        n, different = len(numbers), len(np.unique(numbers))
        given = [{}] * n if tunables is None else tunables
        starts = [0] * n if seeds is None else seeds
        if not len(given) == len(starts) == different == n:
            raise ValueError(
                f"{len(given)} tunables and {len(starts)} seeds for {different} different lanes ({n} given)"
            )
        self._busy = reaching(self._busy, numbers)
        if (busy := numbers[self._busy[numbers]]).size:
            raise ValueError(f"lane {busy[0]} is in use; end it or wait until it ends before it starts another program")
        columns = tunable_columns(schedule.tunables, given, program=schedule.program.name)
        if not n:
            return
        self._busy[numbers] = True
        self._mailbox.start(numbers)
        self._prints.start(numbers)
        self._coverage.start(numbers, len(schedule.program.text.splitlines()))
        self._spending.start(numbers)
        self._overruns.start(numbers)
        frame, variables = CallFrame(schedule.codes[0], ()), {}
        nothing = np.zeros(n, dtype=np.int64)
        streams = streams_of(starts) if schedule.draws else None
        books = self._prints, self._coverage, nothing, nothing, np.full(n, self.limits.first), nothing
        strand = Strand(numbers, schedule, self.limits, variables, [frame], columns, streams, *books)
        self._running.append(strand)

    def refuse(self, lane: int, outcome: Outcome, message: str, *, line: int) -> None:
        """End a lane that is free before any program begins in it."""
        nothing = objects([""])
        self._ended.append(LaneEnds.alike(np.array([lane]), outcome, line, [printable(message)], nothing, nothing))

    def run(self) -> list[Request]:
        """Advance the strands that can run.

        Returns the requests that are new since the last call; an empty list when every lane waits for results or
        has ended. A strand that computes for long does not hold up the requests of others: it goes on next time.
        """
        self._deliver()
        asked: list[tuple[Strand, Request]] = []
        with limited(self.limits), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # numpy's about a program's numbers
            while self._running and not asked:
                pool, self._running = Pool(self._running, _TURN), []
                while pool:
                    check_stop()
                    pool.add(self._advance(*pool.take(), asked))
        if asked:
            self._waiting = merge([*self._waiting, *(strand for strand, _ in asked)])
        calls = grouped([request for _, request in asked], lambda each: (each.primitive.name, each.path, each.lines))
        return [alike[0] if len(alike) == 1 else Request.concatenate(alike) for alike in calls]

    def resume(self, lanes: Sequence[int] | np.ndarray, results: Results) -> None:
        """Give blocked lanes their results, in the order of ``lanes``. Other lanes of the strand stay blocked."""
        if len(lanes) != len(results):
            raise ValueError(f"{len(results)} results for {len(lanes)} lanes")
        if len(lanes):
            self._mailbox.put(np.asarray(lanes, dtype=np.int64), results)

    def end(self, lanes: Sequence[int], outcome: Outcome, messages: Sequence[str]) -> None:
        """End lanes from outside, each with its message: the episode is over, or the physics diverged."""
        last_words = dict(zip(np.asarray(lanes).tolist(), messages, strict=True))
        for kept in (self._waiting, self._running):
            for strand in kept[:]:
                mask = np.isin(strand.lanes, list(last_words))
                if mask.any():
                    kept.remove(strand)
                    words = [last_words[lane] for lane in strand.lanes[mask].tolist()]
                    self._finish(strand, np.flatnonzero(mask), outcome, words)
                    if not mask.all():
                        kept.append(strand.take(np.flatnonzero(~mask)))

    @property
    def strands(self) -> int:
        """How many strands there are now; one for each program when all its lanes go together."""
        return len(self._running) + len(self._waiting)

    def collect(self) -> LaneEnds:
        """The lanes that ended since the last call. They are free again."""
        ended, self._ended = self._ended, []
        return LaneEnds.concatenate(ended)

    # strands ------------------------------------------------------------------------------------------------------

    def _deliver(self) -> None:
        """Push the results that have come; lanes without results stay behind in a strand of their own."""
        if not self._mailbox:
            return
        waiting, self._waiting = self._waiting, []
        for strand in waiting:
            mask = self._mailbox.holds(strand.lanes)
            if not mask.any():
                self._waiting.append(strand)
                continue
            if not mask.all():
                self._waiting.append(strand.take(np.flatnonzero(~mask)))
                strand = strand.take(np.flatnonzero(mask))
            self._push(strand)
            self._running.append(strand)

    def _push(self, strand: Strand) -> None:
        if strand.waiting is None:
            raise RuntimeError("a strand that waits for nothing cannot be given results")
        primitive, unpacks = strand.waiting
        results = replace(self._mailbox.take(strand.lanes), unpacks=unpacks)
        if results.primitive.name != primitive.name:
            raise ValueError(f"lanes that wait for {primitive.name} got results of {results.primitive.name}")
        frame = strand.frames[-1]
        frame.stack.append(answer(results) if primitive.family is Family.QUERY else VaryingResult(results))
        frame.pc += 1
        strand.waiting = None

    def _advance(self, strand: Strand, ahead: Position | None, asked: list[tuple[Strand, Request]]) -> list[Strand]:
        """Execute a strand until it blocks, ends, splits, has caught up with another one or has had its turn.

        Returns the strands that can go on at once.
        """
        if (over := self._overruns.over(strand.lanes)).size:
            self._finish(strand, over, Outcome.ENGINE_FAULT, self._overruns.told(strand.lanes[over]))
            fine = np.delete(np.arange(strand.size), over)
            return [strand.take(fine)] if fine.size else []
        turn = self._overruns.turn(strand)
        try:
            return self._taken(strand, ahead, asked, turn)
        except Exception as error:  # of the machine, not of the program: it costs the lanes of this strand alone
            self._break(strand, error)
            return []
        finally:
            turn.close()

    def _break(self, strand: Strand, error: Exception) -> None:
        """The machine has failed on a strand: end those of its lanes that have not ended."""
        at = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(at.filename).name}:{at.lineno}"
        message = f"the machine failed: {type(error).__name__}: {error} ({place}); please report the program"
        self._finish(strand, np.flatnonzero(self._busy[strand.lanes]), Outcome.ENGINE_FAULT, [message])

    def _taken(
        self, strand: Strand, ahead: Position | None, asked: list[tuple[Strand, Request]], turn: Turn
    ) -> list[Strand]:
        """A turn of a strand, with numpy's options and the books as they have to be."""
        if strand.count >= self._stop(strand):
            return self._controlled(strand)
        watch, lanes = self._spending.watch(strand), strand.lanes
        try:
            if strand.schedule.print_options:
                with np.printoptions(**strand.schedule.print_options):
                    return self._execute(strand, ahead, asked, watch, turn)
            return self._execute(strand, ahead, asked, watch, turn)
        finally:
            if watch is not None:
                watch.close(lanes)

    def _execute(
        self,
        strand: Strand,
        ahead: Position | None,
        asked: list[tuple[Strand, Request]],
        watch: Watch | None,
        turn: Turn,
    ) -> list[Strand]:
        instructions, begins = strand.schedule.instructions, strand.schedule.begins
        joins = strand.schedule.flow.joins if ahead is not None else ()
        stop, look = self._stop(strand), strand.count + _CLOCK
        while strand.count < stop:
            if strand.count >= look:
                if turn.is_long():
                    return [strand]
                look = strand.count + _CLOCK
            frame = strand.frames[-1]
            op, arg, line = instructions[frame.pc]
            if begun := begins[frame.pc]:
                strand.visits[begun] = strand.visits.get(begun, 0) + 1
            count, spent = strand.count, strand.spent
            if watch is not None:
                line = line or strand.source_line()
            try:
                try:
                    following = HANDLERS[op](strand, frame, arg)
                except Pull as signal:
                    strand.count, strand.spent = count, spent
                    following = pull(strand, frame, signal)
            except Partition as signal:
                strand.count, strand.spent = count, spent
                strand.take_back(begun)
                strand.forget(again=True)
                return [each for part in _split(strand, signal.labels) for each in part.alone()]
            except Promote as signal:
                strand.count, strand.spent = count, spent
                strand.take_back(begun)
                strand.promote(signal.array)
                if len(lanes := strand.alone()) > 1:
                    return lanes
                continue
            except Spent:
                strand.take_back(begun)
                return self._without_spent(strand, count, spent)
            except Raised as signal:
                if not self._unwind(strand, signal.exception):
                    return []
            except Blocked as signal:
                strand.count += 1
                if watch is not None:
                    watch.note(line, count, spent)
                self._mailbox.expect(strand.lanes)
                asked.append((strand, signal.request))
                return []
            except Finished:
                self._finish(strand, np.arange(strand.size), Outcome.DONE, [""])
                return []
            except Exception as error:  # plain Python refused an operation: the program's error
                if not self._unwind(strand, raised(error).exception):
                    return []
            else:
                frame.go_to(frame.pc + 1 if following is None else following)
            strand.count += 1
            if watch is not None:
                watch.note(line, count, spent)
            if strand.spent is not spent:  # lanes were charged for values of different size
                stop = self._stop(strand)
            if ahead is not None and strand.frames[-1].pc in joins and position(strand) >= ahead:
                return [strand]
        return [strand]

    def _stop(self, strand: Strand) -> int:
        """The count at which a strand has had its turn, or something has to be looked at before it goes on."""
        left = int((strand.until - strand.spent).min())
        if int(strand.spent.max()) + strand.turn < _AUDIT:
            return min(strand.turn, left)
        audit = int((strand.audited - strand.spent).min()) + _AUDIT
        return min(strand.turn, audit, self._spending.room(strand), left)

    def _controlled(self, strand: Strand) -> list[Strand]:
        """What becomes of a strand that has reached its stop: the strands that can go on at once.

        Lanes whose budget of instructions is spent end, as do those whose values turn out to take too much memory.
        """
        over, total = strand.over(), strand.spent + strand.count
        if over.any():
            outcome, words = Outcome.OUT_OF_INSTRUCTIONS, self._spending.told(strand, np.flatnonzero(over))
        else:
            due = total >= strand.audited + _AUDIT
            if not due.any():  # others have their turn
                self._running.append(strand)
                return []
            strand.forget(again=True)
            held = MemoryHeld(strand)
            strand.spent = strand.spent + np.where(due, held.work, 0)
            strand.audited = np.where(due, total + held.work, strand.audited)
            first = strand.until == self.limits.first
            memory = np.where(first, self.limits.first_memory, self.limits.memory)
            over, outcome = due & held.exceeds(memory), Outcome.PROGRAM_ERROR
            when = {True: " before it first looks or moves", False: ""}
            words = [held.told(i, int(memory[i]), when=when[bool(first[i])]) for i in np.flatnonzero(over).tolist()]
        if not over.any():
            return [strand]
        self._finish(strand, np.flatnonzero(over), outcome, words)
        return [] if over.all() else [strand.take(np.flatnonzero(~over))]

    def _without_spent(self, strand: Strand, count: int, spent: np.ndarray) -> list[Strand]:
        """The other lanes, before an instruction that the budget of some lanes does not pay for, ends those."""
        rows, fine = np.flatnonzero(strand.over()), np.flatnonzero(~strand.over())
        self._finish(strand, rows, Outcome.OUT_OF_INSTRUCTIONS, self._spending.told(strand, rows))
        strand.count, strand.spent = count, spent
        return [strand.take(fine)] if len(fine) else []

    def _unwind(self, strand: Strand, exception: ExceptionValue) -> bool:
        """Go to the innermost handler; end the lanes when there is none. Returns whether the strand goes on."""
        exception.line = exception.line or strand.source_line()
        frames = strand.frames
        while frames:
            frame = frames[-1]
            if frame.tries:
                frame.pc, depth, handled = frame.tries.pop()
                del frame.stack[depth:], frame.handled[handled:]
                frame.stack.append(exception)
                return True
            if len(frames) == 1:
                break
            exception = leave(frames.pop(), exception)
        every = np.arange(strand.size)
        if exception.type is SystemExit:
            words = [last_words(text.partition(": ")[2]) for text in messages(exception, strand.size)]
            strand.prints.write(strand.lanes, words[0] if len(words) == 1 else objects(words))
            self._finish(strand, every, Outcome.DONE, [""])
            return False
        self._finish(strand, every, Outcome.PROGRAM_ERROR, messages(exception, strand.size), exception.line)
        return False

    def _finish(
        self, strand: Strand, rows: np.ndarray, outcome: Outcome, messages: Sequence[str], line: int = -1
    ) -> None:
        if line < 0:
            line = 0 if outcome is Outcome.DONE else strand.source_line()
        lanes = strand.lanes[rows]
        strand.tell_coverage()
        written = self._prints.take(lanes), self._coverage.take(lanes)
        ends = LaneEnds.alike(lanes, outcome, line, list(map(printable, messages)), *written)
        self._mailbox.forget(lanes)
        self._busy[lanes] = False
        self._ended.append(ends)


def _split(strand: Strand, labels: np.ndarray) -> list[Strand]:
    if strand.size == 1 or not labels.any():
        raise RuntimeError(f"line {strand.source_line()}: an instruction asked to split lanes that do not differ")
    return [strand.take(np.flatnonzero(labels == label)) for label in range(int(labels.max()) + 1)]
