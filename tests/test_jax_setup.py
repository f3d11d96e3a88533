"""The persistent compilation cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aspire_mjx import jax_setup

SCRIPT = """
from aspire_mjx.jax_setup import enable_compilation_cache
enable_compilation_cache()
import jax
print(jax.jit(lambda x: x * 3 + 1)(2.0))
"""


def run(**environment: str) -> str:
    """Output of a fresh process in which one function is compiled."""
    kept = {k: v for k, v in os.environ.items() if k not in ("XDG_CACHE_HOME", "JAX_COMPILATION_CACHE_DIR")}
    root = str(Path(jax_setup.__file__).parents[1])
    kept["PYTHONPATH"] = root
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=kept | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_cache_that_the_user_chose_for_jax_stays(tmp_path):
    assert run(XDG_CACHE_HOME=str(tmp_path / "own"), JAX_COMPILATION_CACHE_DIR=str(tmp_path / "theirs")) == "7.0"
    assert not (tmp_path / "own").exists() and any((tmp_path / "theirs").iterdir())


def test_small_compilations_are_kept_in_the_users_cache_directory(tmp_path):
    assert run(XDG_CACHE_HOME=str(tmp_path)) == "7.0"
    assert any((tmp_path / "aspire_mjx").iterdir())


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    assert run(XDG_CACHE_HOME=str(tmp_path / "file")) == "7.0"


def test_a_relative_cache_home_is_ignored(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert jax_setup.cache_directory().is_absolute()


@pytest.mark.parametrize("call", ["resolve('auto')", "make('native', template_of('floor'), capacity=1)"])
def test_an_engine_asks_for_repeatable_reductions_once_and_respects_the_user(call):
    def flags(own: str) -> str:
        code = (
            "from aspire_mjx.physics.engines import make, resolve; from aspire_mjx.worlds.template import template_of; "
            f"{call}; {call}; import os; print(os.environ['XLA_FLAGS'])"
        )
        environment = {**os.environ, "XLA_FLAGS": own}
        return subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert flags("") == "--xla_gpu_deterministic_ops=true"
    assert flags("--xla_gpu_deterministic_ops=false") == "--xla_gpu_deterministic_ops=false"
    assert flags("--xla_dump_max_hlo_modules=1").endswith("--xla_gpu_deterministic_ops=true")


def test_settings_that_decide_numbers_are_named():
    script = "from aspire_mjx.jax_setup import numeric_settings; print(numeric_settings())"
    kept = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    for environment, found in (
        ({}, {}),
        ({"JAX_ENABLE_X64": "1"}, {"jax_enable_x64": "True"}),
        ({"JAX_DEFAULT_MATMUL_PRECISION": "highest"}, {"jax_default_matmul_precision": "highest"}),
        ({"XLA_FLAGS": "--xla_cpu_enable_fast_math=true"}, {"XLA_FLAGS": "--xla_cpu_enable_fast_math=true"}),
    ):
        command = [sys.executable, "-c", script]
        root = {"PYTHONPATH": str(Path(jax_setup.__file__).parents[1]), "JAX_PLATFORMS": "cpu"}
        done = subprocess.run(command, env=kept | root | environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == str(found)


def test_without_a_home_there_is_a_cache_directory(monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert jax_setup.cache_directory().is_absolute()
