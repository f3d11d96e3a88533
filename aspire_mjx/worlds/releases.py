"""Releases of MuJoCo, MJX and JAX that the project was tested with.

Some of what it needs from them is not part of their public interface: MJX's table of collision functions, MuJoCo's
arrays of what sleeps, numbers in a model that its compiler derives from others. Another release may change those
without a word, and would then simulate something else; so nothing starts on one.
"""

from __future__ import annotations

from importlib import metadata

from aspire_mjx.errors import EngineError

#: Package to its tested releases, ``major.minor``. The bounds in pyproject.toml admit these and no others.
TESTED_RELEASES = {"mujoco": ("3.17",), "mujoco-mjx": ("3.17",), "jax": ("0.6", "0.11", "0.12")}


def require_tested(package: str, *, user: str) -> None:
    """Refuses to go on where the installed release of a package is none of :data:`TESTED_RELEASES`.

    Args:
        package: its name in the package index.
        user: what depends on it, for the message.

    Raises:
        EngineError: another release.
    """
    found, tested = metadata.version(package), TESTED_RELEASES[package]
    if ".".join(found.split(".")[:2]) not in tested:
        raise EngineError(
            f"{user} depends on internals of {package} that no release promises to keep: {package} {found} is "
            f"installed, tested are {', '.join(tested)}. Install one of those: pip install '{package}=={tested[0]}.*'."
        )
