"""What all tests share: the compilation cache, so that a second run compiles nothing; how long random tests look."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from aspire_mjx.jax_setup import enable_compilation_cache

enable_compilation_cache()

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("long", deadline=None, max_examples=2_000, suppress_health_check=_SLOW)
settings.load_profile("ci")
