log = ""
seen = set()
for name in ("milk", "butter", "milk", "ketchup"):
    if name in seen:
        continue
    seen.add(name)
    r = get_object_pose(name)
    log += f"{name}={'yes' if r else r.status};"
print(log, len(seen), seen - {"milk"} == {"butter", "ketchup"})
parts = [p for p in log.split(";") if p]
yes = [p.split("=")[0] for p in parts if p.endswith("yes")]
print(yes, f"{len(yes)}/{len(parts)}", log.count("NOT_FOUND"))
summary = {"yes": yes, "no": len(parts) - len(yes)}
print(summary, str(summary)[:10], repr(log)[:6])
status = "complete" if summary["no"] == 0 else "partial"
print(status.center(20, "*"), status.ljust(12) + "|", status.zfill(10))
