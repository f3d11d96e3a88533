"""What programs use instead of what people often write but programs do not have."""

from __future__ import annotations

_LOOPS = "write a loop or a comprehension"
_DATA = "keep data in dicts, lists and tuples"
_FILES = "programs have no files, processes or network; print(...) goes into the trace"
_IMAGES = "images and point clouds stay behind the robot API; ask get_object_pose or sample_grasp_pose"

#: modules: what to use instead
MODULES_INSTEAD = {
    **dict.fromkeys(("os", "sys", "io", "json", "pickle", "pathlib", "subprocess", "socket", "csv", "yaml"), _FILES),
    **dict.fromkeys(("itertools", "functools", "more_itertools"), _LOOPS),
    **dict.fromkeys(("dataclasses", "collections", "enum", "types", "copy"), _DATA),
    **dict.fromkeys(("cv2", "PIL", "open3d", "torch", "matplotlib", "trimesh"), _IMAGES),
    **dict.fromkeys(("logging", "warnings", "traceback", "pprint"), "use print(...)"),
    "time": "wait(seconds) lets simulated time pass",
    "datetime": "wait(seconds) lets simulated time pass",
    "random": "use np.random",
    "secrets": "use np.random",
    "statistics": "use np.mean, np.median and np.std",
    "operator": "write a lambda",
    "re": "use the methods of str: split, strip, find, replace, startswith",
    "string": "use the methods of str",
    "cmath": "use math",
    "scipy": "only Rotation of scipy.spatial.transform is available",
    "transforms3d": "use Rotation of scipy.spatial.transform",
    "robot_api": "the robot API needs no import",
}
_ACCESS = "objects cannot be examined by name; results have .status, .message and their fields"
#: names: what to use instead
NAMES_INSTEAD = {
    "sleep": "wait(seconds) lets simulated time pass",
    "time": "wait(seconds) lets simulated time pass; programs have no clock",
    "open": _FILES,
    "input": "programs run without a person; write the value into the program or declare a tunable",
    "random": "use np.random",
    "exit": "let the program end, or return from main()",
    "quit": "let the program end, or return from main()",
    "type": "use isinstance(value, float)",
    "hasattr": _ACCESS,
    "getattr": _ACCESS,
    "setattr": _ACCESS,
    "dir": _ACCESS,
    "vars": _ACCESS,
    "frozenset": "use a set or a tuple",
    "deepcopy": "build the new list or dict with a comprehension",
    "defaultdict": "use dict.setdefault(key, [])",
    "Counter": "count with d[key] = d.get(key, 0) + 1",
    "deque": "use a list",
    "dataclass": _DATA,
    "namedtuple": _DATA,
    "partial": "write a lambda",
    "reduce": _LOOPS,
}
