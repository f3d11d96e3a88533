"""Text work: parsing "key=value" settings, fixed-width tables, joining, splitting, and formats of varying numbers."""
SETTINGS = """
approach = 0.12
lift=0.2   # metres
names = milk, butter,ketchup
verbose = yes
"""


def parse_settings(text):
    """A dict from lines of the form key = value; '#' starts a comment."""
    settings = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        key, separator, value = line.partition("=")
        if not separator:
            raise ValueError(f"line {number}: no '=' in {line!r}")
        key, value = key.strip(), value.strip()
        if value.replace(".", "", 1).isdigit():
            settings[key] = float(value)
        elif value.lower() in ("yes", "no"):
            settings[key] = value.lower() == "yes"
        elif "," in value:
            settings[key] = [part.strip() for part in value.split(",")]
        else:
            settings[key] = value
    return settings


settings = parse_settings(SETTINGS)
print(settings)
rows = []
for name in settings["names"]:
    result = sample_grasp_pose(name)
    if result:
        rows.append((name, f"{result.width:.3f}", f"{100 * result.score:5.1f}%", result.status))
        goto_pose(result.position, result.quaternion_wxyz, z_approach=settings["approach"])
    else:
        rows.append((name, "-", "-", result.status))
header = ("name", "width", "score", "status")
widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
for row in [header, *rows]:
    print(" | ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
print("-+-".join("-" * width for width in widths))
line = ";".join(f"{name}:{status}" for name, _, _, status in rows)
print(line, len(line), line.count("OK"), line.find("NOT"), line.upper() == line)
back = dict(pair.split(":") for pair in line.split(";"))
print(back == {row[0]: row[3] for row in rows}, sorted(back, key=lambda k: (back[k], k)))
width = get_gripper_width()
print(f"{width:.2e}|{width:8.3f}|{width:<8.2f}|{width:^9.1%}|{int(width * 1000):05d}|{width!r:.5}|{-width:+.1f}")
print("%5.2f %s %r %%" % (width, rows[0][0], rows[0][3] == "OK"))
print("{:>8} {:.1f} {n}".format(rows[-1][0], width, n=len(rows)), str(width)[:4].replace(".", ","))
