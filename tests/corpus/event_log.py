# A structured log of events as dicts, filtered and aggregated at the end with comprehensions.
import numpy as np

events = []
clock = 0.0


def record(kind, **details):
    """Append an event; details are any keyword arguments."""
    events.append({"t": round(clock, 2), "kind": kind, **details})
    return details.get("ok", True)


def timed_wait(seconds):
    global_seconds = max(0.0, seconds)
    wait(global_seconds)
    return global_seconds


for index, name in enumerate(["butter", "milk", "ketchup"], start=1):
    clock += timed_wait(0.25 * index)
    detection = get_object_pose(name)
    if not record("detect", name=name, ok=bool(detection), status=str(detection.status)):
        continue
    moved = goto_pose(detection.position, [0.0, 1.0, 0.0, 0.0])
    if not record("move", name=name, ok=bool(moved), error=round(moved.position_error, 3)):
        clock += timed_wait(0.5)
        retried = goto_pose(detection.position, [0.0, 1.0, 0.0, 0.0], z_approach=0.1)
        record("retry", name=name, ok=bool(retried))

kinds = sorted({event["kind"] for event in events})
summary = {kind: [sum(1 for e in events if e["kind"] == kind and e["ok"]), 0] for kind in kinds}
for event in events:
    summary[event["kind"]][1] += 1
print({kind: f"{good}/{total}" for kind, (good, total) in summary.items()})
failed = [e for e in events if not e["ok"]]
for event in failed:
    rest = {k: v for k, v in event.items() if k not in ("t", "kind", "ok")}
    print(f"t={event['t']:5.2f} {event['kind']:<7} {rest}")
errors = [e["error"] for e in events if "error" in e]
print("mean error", np.round(np.mean(errors), 3) if errors else "none", "last", events[-1]["kind"])
if any(e["kind"] == "retry" and not e["ok"] for e in events):
    goto_home_joint_position()
first_failure = next(iter_index for iter_index, e in enumerate(events + [{"ok": False}]) if not e["ok"])
print("first failure at", first_failure, "of", len(events))
