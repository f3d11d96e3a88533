"""What all tests share: the compilation cache, so that a second run compiles nothing."""

from __future__ import annotations

from aspire_mjx.jax_setup import enable_compilation_cache

enable_compilation_cache()
