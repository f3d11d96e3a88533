"""--suite and --bddl: two ways to name tasks, and the hash that notices edited files."""

from __future__ import annotations

import pytest

from aspire_mjx.command import Options
from aspire_mjx.errors import AspireError, BddlError, EngineError, UnknownNameError, WorldError
from aspire_mjx.experiments.suite_flags import definitions_hash, engine_name, suite_tasks
from aspire_mjx.worlds.suites import load_suite
from tests.support.paths import TASK_FILES as FILES


def options(*, suite: str | None = None, bddl: object = "", **others: str) -> Options:
    given = {"suite"} if suite else set()
    geometry = {"geometry": "own", "libero_root": "", "engine": "auto"}
    values = {"suite": suite or "libero_object_swap", "bddl": str(bddl), **geometry, **others}
    return Options(values, frozenset(given))


def test_a_suite_by_name_needs_no_hash():
    assert suite_tasks(options()) == load_suite("libero_object_swap")
    assert suite_tasks(options(suite="libero_90")) == load_suite("libero_90")
    assert definitions_hash(options(), load_suite("libero_90")) == ""
    with pytest.raises(UnknownNameError, match="libero_spatial"):
        suite_tasks(options(suite="libero_spatula"))


def test_task_files_take_the_place_of_the_suite():
    chosen = options(bddl=FILES)
    assert [task.name for task in suite_tasks(chosen)] == ["butter", "drawer"]
    with pytest.raises(AspireError, match="give one"):
        suite_tasks(options(suite="libero_90", bddl=FILES))


def test_the_hash_follows_what_the_files_define(tmp_path):
    def digest(text: str) -> str:
        (tmp_path / "a.bddl").write_text(text)
        chosen = options(bddl=tmp_path / "a.bddl")
        return definitions_hash(chosen, suite_tasks(chosen))

    text = (FILES / "butter.bddl").read_text()
    assert digest(text) == digest("; a comment\n" + text) != digest(text.replace("0.25", "0.26"))
    with pytest.raises(BddlError, match=r"a\.bddl:1: "):
        digest("(define)")


def test_the_geometry_of_a_checkout_comes_with_its_tasks(tmp_path):
    (tmp_path / "libero/libero/assets").mkdir(parents=True)
    chosen = options(geometry="original", libero_root=str(tmp_path))
    tasks = suite_tasks(chosen)
    assert {task.checkout for task in tasks} == {str(tmp_path)}
    assert definitions_hash(chosen, tasks) != ""
    assert engine_name(chosen) == "native" and engine_name(options()) == "auto"


def test_wrong_flags_of_geometry_are_refused(tmp_path):
    for flags, error, reason in (
        ({"geometry": "orignal"}, UnknownNameError, "original"),
        ({"geometry": "original"}, AspireError, "--libero_root=PATH"),
        ({"libero_root": str(tmp_path)}, AspireError, "--geometry=original only"),
        ({"geometry": "original", "libero_root": str(tmp_path / "no")}, WorldError, "no such folder"),
        ({"geometry": "original", "libero_root": str(tmp_path)}, WorldError, "no folder"),
    ):
        with pytest.raises(error, match=reason):
            suite_tasks(options(**flags))
    with pytest.raises(EngineError, match="native only"):
        engine_name(options(geometry="original", engine="mjx"))
