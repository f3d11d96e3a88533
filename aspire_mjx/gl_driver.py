"""MuJoCo without the graphics driver that the environment asks for: nothing here needs one to run."""

from __future__ import annotations

import importlib
import os
import sys

_NAME, _NONE = "MUJOCO_GL", "disable"


def settle_gl_driver() -> None:
    """Turns a ``MUJOCO_GL`` that MuJoCo cannot load into none, with a line on standard error.

    MuJoCo loads the driver as it is imported, and fails where it is missing. Pictures are drawn by ray-casting then.
    """
    asked = os.environ.get(_NAME, "")
    if not asked or "mujoco" in sys.modules:
        return
    try:
        importlib.import_module("mujoco")
    except Exception as error:  # a driver that is not there fails in ways of its own
        for module in [name for name in sys.modules if name.partition(".")[0] in ("mujoco", "OpenGL")]:
            del sys.modules[module]
        os.environ[_NAME] = _NONE
        try:
            importlib.import_module("mujoco")
        except Exception:
            os.environ[_NAME] = asked  # not the driver's fault
            return
        print(
            f"{_NAME}={asked}: MuJoCo cannot load it ({type(error).__name__}: {error}); going on without.",
            file=sys.stderr,
        )
