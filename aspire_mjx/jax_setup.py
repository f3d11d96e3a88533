"""How the project sets up JAX: reductions that repeat, and a persistent compilation cache."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

#: JAX's settings that decide numbers, with their usual values.
_NUMERIC = {
    "jax_enable_x64": "False",
    "jax_default_matmul_precision": "None",
    "jax_numpy_dtype_promotion": "standard",
    "jax_default_dtype_bits": "64",
    "jax_disable_jit": "False",
}
#: Variables of the environment that choose among numeric code.
_NUMERIC_VARIABLES = ("XLA_FLAGS", "NPY_DISABLE_CPU_FEATURES", "OPENBLAS_CORETYPE")
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


def numeric_settings() -> dict[str, str]:
    """What a user has set that changes numbers, by name; empty with everything as it comes.

    A run's identity holds it: rollouts with and without 64-bit numbers are not the same rollouts.
    """
    import jax

    set_up_jax()
    found = {} if jax.default_backend() == "cpu" else {"jax_backend": jax.default_backend()}
    for name, usual in _NUMERIC.items():
        value = getattr(jax.config, name, usual)
        if str(value) != usual:
            found[name] = str(value)
    for name in _NUMERIC_VARIABLES:
        value = " ".join(flag for flag in os.environ.get(name, "").split() if flag != _REPEATABLE)
        if value:
            found[name] = value
    return found


def cache_directory() -> Path:
    """The user's cache directory for compiled programs: ``$XDG_CACHE_HOME/aspire_mjx``, by default under ~/.cache.

    Where there is no home, one for the user in the folder of temporary files.
    """
    base = os.environ.get("XDG_CACHE_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "aspire_mjx"
    try:
        return Path.home() / ".cache" / "aspire_mjx"
    except RuntimeError:  # neither $HOME nor an entry in the list of users
        return Path(tempfile.gettempdir()) / f"aspire_mjx-{os.getuid()}"


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
