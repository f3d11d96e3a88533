"""Case of the kills: runs that are stopped at random moments, again and again, end in the same bits."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aspire_mjx.errors import AspireError
from aspire_mjx.traces.store import read_traces

#: A main job that is shorter than the quick one, and a batch of 300 rollouts in two parts.
COMMANDS = {
    "libero_pro": (
        "libero_pro",
        *("--quick", "--rounds=1", "--candidates=4", "--heldout_seeds=1-10", "--engine=native"),
    ),
    "run_program": ("run_program", "pick_and_place", "--tasks=all", "--seeds=51-80", "--engine=native"),
}
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


def kills(count: int, *, seed: int = 0, commands: Mapping[str, Sequence[str]] = COMMANDS) -> dict[str, Any]:
    """Each command runs once undisturbed; then it is stopped, and resumed, and stopped, until it has ended.

    A new run begins where one has ended before the kills are used up. The moment of a kill is drawn from all of the
    time that the undisturbed run took, its signal from :data:`SIGNALS`.

    Args:
        count: kills, shared out among the commands.
        seed: of the draws.
        commands: names to modules of ``aspire_mjx.experiments`` with their arguments.
    """
    draws = random.Random(seed)
    shares = [count // len(commands) + (place < count % len(commands)) for place in range(len(commands))]
    found = {}
    for (name, command), share in zip(commands.items(), shares, strict=True):
        with tempfile.TemporaryDirectory() as folder:
            found[name] = _stopped(command, Path(folder), share, draws)
    return {"seed": seed, "commands": found}


def _stopped(command: Sequence[str], folder: Path, count: int, draws: random.Random) -> dict[str, Any]:
    """What ``count`` kills of one command come to."""
    begun = time.perf_counter()
    _finish(_start(command, folder / "whole"))
    took, whole = time.perf_counter() - begun, bits(folder / "whole")
    sent: list[dict[str, Any]] = []
    equal: list[bool] = []
    while len(sent) < count:
        out = folder / f"cut-{len(equal)}"
        while len(sent) < count:
            process, moment = _start(command, out), draws.uniform(0.0, took)
            number = draws.choice(SIGNALS)
            try:
                process.communicate(timeout=moment)
                break  # it has ended before
            except subprocess.TimeoutExpired:
                process.send_signal(number)
                process.communicate()
                sent.append({"signal": number.name, "at_s": round(moment, 1), "run": len(equal)})
        _finish(_start(command, out))
        equal.append(bits(out) == whole)
    return {
        "command": " ".join(command),
        "undisturbed_s": round(took, 1),
        "kills": len(sent),
        "signals": dict(Counter(each["signal"] for each in sent)),
        "runs": len(equal),
        "equal_runs": sum(equal),
        "moments": sent,
    }


def _start(command: Sequence[str], out: Path) -> subprocess.Popen[bytes]:
    module, *arguments = command
    line = [sys.executable, "-m", f"aspire_mjx.experiments.{module}", *arguments, f"--out={out}", "--resume"]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _finish(process: subprocess.Popen[bytes]) -> None:
    _, said = process.communicate()
    if process.returncode:
        raise AspireError(f"{process.args} ends with exit code {process.returncode}: {said.decode()}")


def bits(run: Path) -> dict[str, str]:
    """A hash of each result of a run directory, clocks left out: summary, events, ledger, programs, traces."""
    found = {"summary": _hash(json.dumps(_timeless(json.loads((run / "summary.json").read_text()))).encode())}
    for file in sorted((*run.glob("*.jsonl"), *run.glob("programs/*"), *run.glob("skills/**/*.md"))):
        found[str(file.relative_to(run))] = _hash(file.read_bytes())
    for file in sorted(run.glob("traces/*")):
        batch = read_traces(file)
        columns = [column for table in (batch.calls, batch.rollouts) for column in table.values()]
        texts = json.dumps([batch.programs, batch.strings]).encode()
        found[f"traces/{file.name}"] = _hash(texts, *(column.tobytes() for column in columns))
    return found


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _timeless(each) for key, each in value.items() if key != "timing"}
    return [_timeless(each) for each in value] if isinstance(value, list) else value


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
