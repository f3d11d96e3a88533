"""Elements of things that have none to assign or delete, and formats that fail halfway through a line of text."""
import numpy as np

width = get_gripper_width()
text = task_language()
values = np.array([width, 0.1])
solution = solve_ik([0.4, 0.0, 0.2], [0.0, 1.0, 0.0, 0.0])
status = solution.status


def attempt(label, action):
    """Run an action and tell how it ended."""
    try:
        action()
        print(label, "fine")
    except Exception as error:
        print(f"{label}: {error}")


def assign(target, key):
    target[key] = 1.0


def delete(target, key):
    del target[key]


for label, target in {
    "float": width,
    "text": text,
    "status": status,
    "tuple": (width, 1),
    "none": None,
    "scalar": values[0],
    "result": solution,
    "array": values,
    "list": [width],
    "dict": {"a": width},
}.items():
    attempt(label + " assign", lambda: assign(target, 5))
    attempt(label + " delete", lambda: delete(target, 5))
attempt("format order", lambda: print(f"{text:.3f} {1 / 0}"))
attempt("format value", lambda: print(f"{width:.1f} {[][0]}"))
attempt("format laned", lambda: print(f"{status:>20s} {width / (width > 0.2):.2f}"))
print(f"{width:.2f} {values[1]:.2f} {len(text):>4} {values.sum():.2f}", end="|\n")
