"""Nothing starts on releases of MuJoCo, MJX and JAX whose internals may differ from the tested ones."""

from __future__ import annotations

import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement

from aspire_mjx.errors import EngineError
from aspire_mjx.physics.engines import make
from aspire_mjx.worlds.releases import TESTED_RELEASES, require_tested
from aspire_mjx.worlds.template import template_of
from tests.support.paths import ROOT


def _installed(monkeypatch: pytest.MonkeyPatch, package: str, release: str) -> None:
    """Makes a package look like another release of it."""
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: release if name == package else real(name))


@pytest.mark.parametrize("package", TESTED_RELEASES)
def test_the_installed_releases_are_tested_ones(package):
    require_tested(package, user="the tests")


@pytest.mark.parametrize(
    ("engine", "package", "release"),
    [
        ("native", "mujoco", "3.18.0"),
        ("mjx", "mujoco", "3.18.0"),
        ("mjx", "mujoco-mjx", "3.16.0"),
        ("mjx", "jax", "0.9.1"),
    ],
)
def test_an_engine_does_not_start_on_another_release(monkeypatch, engine, package, release):
    template = template_of("floor")
    _installed(monkeypatch, package, release)
    tested = TESTED_RELEASES[package]
    message = f"engine {engine} .* {package} {release} is installed, tested are {', '.join(tested)}.*{tested[0]}"
    with pytest.raises(EngineError, match=message):
        make(engine, template, capacity=1)


def test_what_is_tested_is_what_pip_installs():
    written = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    wanted = [requirement for requirement in map(Requirement, written) if requirement.name in TESTED_RELEASES]
    for package, tested in TESTED_RELEASES.items():
        admitted = [
            f"{major}.{minor}"
            for major in range(6)
            for minor in range(40)
            if any(r.name == package and r.specifier.contains(f"{major}.{minor}.99") for r in wanted)
        ]
        assert admitted == list(tested)
