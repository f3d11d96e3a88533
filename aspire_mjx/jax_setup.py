"""How the project sets up JAX: reductions that repeat, and a persistent compilation cache."""

from __future__ import annotations

import os
from pathlib import Path

_REPEATABLE = "--xla_gpu_deterministic_ops=true"


def set_up_jax() -> None:
    """Repeatable reductions and the compilation cache; an engine asks for them as it is made, again changes nothing.

    XLA is to sum in a fixed order on a GPU; without that two runs of the same rollouts differ there. It reads its flags
    when JAX first touches a device, so call this before. A user's own setting of the flag is respected.
    """
    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_gpu_deterministic_ops" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} {_REPEATABLE}".strip()
    enable_compilation_cache()


def cache_directory() -> Path:
    """The user's cache directory for compiled programs: ``$XDG_CACHE_HOME/aspire_mjx``, by default under ~/.cache."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "aspire_mjx"


def enable_compilation_cache() -> None:
    """Keeps compiled programs between processes. Call before the first compilation; calling again changes nothing.

    A cache directory that the user has set for JAX is respected. Where the directory cannot be written, the cache
    stays off: everything works, and compiles each time.
    """
    import jax

    chosen = jax.config.jax_compilation_cache_dir  # pyright: ignore[reportAttributeAccessIssue]
    directory = Path(chosen or cache_directory())
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if not os.access(directory, os.W_OK):
        return
    jax.config.update("jax_compilation_cache_dir", str(directory))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
