"""Task files: what they become, and how every kind of broken one is refused."""

from __future__ import annotations

import dataclasses
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspire_mjx.errors import BddlError, WorldError
from aspire_mjx.worlds.bddl import load_bddl, parse_bddl
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.tasks import Region, Task
from aspire_mjx.worlds.workspaces import workspace
from tests.support.paths import TASK_FILES as FILES

DRAWER = (FILES / "drawer.bddl").read_text(encoding="utf-8")
BUTTER = (FILES / "butter.bddl").read_text(encoding="utf-8")


def parse(text: str) -> Task:
    return parse_bddl(text, suite="s", name="n")


def written(task: Task) -> str:
    """A task as a file, in another layout than upstream's."""

    def facts(literals):
        return "".join(f"({' '.join(literal)})\n" for literal in literals)

    def areas():
        for region in task.regions:
            numbers = " ".join(map(repr, (*region.low, *region.high)))
            yaw = f"(:yaw_rotation (({region.yaw[0]!r} {region.yaw[1]!r})))" if region.yaw else ""
            name = region.name.removeprefix(region.target + "_")
            yield f"({name} (:target {region.target}) (:ranges (({numbers}))) {yaw})\n"

    place = workspace(task.workspace)
    fixtures = [(task.surface, place.surface), *task.fixtures]
    return (
        f"(define (problem {place.problem}) (:domain robosuite) (:language {task.language})\n"
        f"(:regions {''.join(areas())})\n"
        f"(:fixtures {' '.join(f'{name} - {category}' for name, category in fixtures)})\n"
        f"(:objects {' '.join(f'{name} - {category}' for name, category in task.objects)})\n"
        f"(:init {facts(task.init)}) (:goal (And {facts(task.goal)})))"
    )


def test_a_file_becomes_a_task():
    (task,) = load_bddl(FILES / "drawer.bddl")
    assert (task.key, task.name, task.language) == (
        "bddl_drawer/0",
        "drawer",
        "Put the pot's bowl into the top drawer",
    )
    assert (task.workspace, task.surface) == ("kitchen", "kitchen_table")
    assert task.objects == (
        ("akita_black_bowl_1", "akita_black_bowl"),
        ("akita_black_bowl_2", "akita_black_bowl"),
        ("plate_1", "plate"),
    )
    assert task.fixtures == (("wooden_cabinet_1", "wooden_cabinet"),)
    assert task.regions == (
        Region("kitchen_table_cabinet_region", "kitchen_table", (-0.01, -0.31), (0.01, -0.29), (3.14, 3.15)),
        Region("kitchen_table_plate_region", "kitchen_table", (-0.05, 0.1), (-0.03, 0.12)),
        Region("kitchen_table_rest_region", "kitchen_table", (0.1, 0.2), (0.1, 0.2)),
    )
    assert task.init[0] == ("On", "wooden_cabinet_1", "kitchen_table_cabinet_region")
    assert task.init[3:] == (
        ("In", "akita_black_bowl_2", "wooden_cabinet_1_bottom_region"),
        ("Open", "wooden_cabinet_1_top_region"),
    )
    assert task.goal == (
        ("In", "akita_black_bowl_1", "wooden_cabinet_1_top_region"),
        ("Close", "wooden_cabinet_1_top_region"),
    )


def test_sections_may_stand_in_any_order_and_a_goal_may_be_one_literal():
    (task,) = load_bddl(FILES / "butter.bddl")
    assert task.goal == (("In", "butter_1", "basket_1_contain_region"),)
    assert task.target_category == "butter" and task.container_category == "basket"


def test_an_instance_may_be_called_like_the_beginning_of_a_region():
    task = parse(
        BUTTER.replace("butter_1", "floor")
        .replace("floor_butter_place", "ground_butter_place")
        .replace("floor - floor", "ground - floor")
        .replace("floor_bin", "ground_bin")
        .replace(":target floor", ":target ground")
    )
    assert task.goal == (("In", "floor", "basket_1_contain_region"),)


def test_things_may_rest_on_things_that_rest_on_things():
    stack = "(On plate_1 kitchen_table_plate_region)", "(On plate_1 akita_black_bowl_2)"
    task = parse(DRAWER.replace(*stack))
    assert ("On", "plate_1", "akita_black_bowl_2") in task.init


def test_a_folder_is_a_suite_numbered_by_file_name(capsys):
    tasks = load_bddl(FILES)
    assert [(task.key, task.name) for task in tasks] == [("bddl_bddl/0", "butter"), ("bddl_bddl/1", "drawer")]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("suite", suite_names())
def test_built_in_tasks_written_as_files_come_back_equal(suite):
    for task in load_suite(suite):
        again = parse_bddl(written(task), suite=task.suite, index=task.index, name=task.name)
        assert again == dataclasses.replace(task, look="")


def test_unreadable_files_of_a_folder_are_reported_and_the_others_keep_their_numbers(tmp_path, capsys):
    (tmp_path / "a.bddl").write_text(BUTTER[:-40])
    (tmp_path / "b.bddl").write_text(BUTTER)
    (tmp_path / "c.bddl").write_bytes(b"\n(define\n(problem \xff\xfe))")
    (tmp_path / "readme.txt").write_text("not a task")
    (task,) = load_bddl(tmp_path)
    assert task.key == f"bddl_{tmp_path.name}/1"
    error = capsys.readouterr().err.splitlines()
    assert [line.startswith("left out ") for line in error] == [True, True]
    assert "a.bddl:7: the file ends inside" in error[0] and "c.bddl:3: not UTF-8" in error[1]


def test_a_folder_without_a_readable_file_is_an_error(tmp_path):
    with pytest.raises(WorldError, match="neither a task file nor a folder"):
        load_bddl(tmp_path)
    (tmp_path / "a.bddl").write_text("(define")
    with pytest.raises(BddlError, match="a.bddl:1: the file ends"):
        load_bddl(tmp_path)


BROKEN = [
    # old, new, line, what the message says
    (
        "(problem LIBERO_Kitchen_Tabletop_Manipulation)",
        "(problem LIBERO_Kitchen)",
        2,
        "unknown problem.*libero_kitchen_t",
    ),
    ("(problem LIBERO_Kitchen_Tabletop_Manipulation)", "(problem)", 2, r"write \(problem NAME\)"),
    ("robosuite", "blocks", 3, "domain of task files is robosuite"),
    ("Put the pot's bowl into the top drawer", "", 4, "language ...\\) is empty"),
    ("Put the pot's bowl", "Put (the) bowl", 4, "holds words, not the list"),
    ("define", "defin", 2, "begins with \\(define"),
    ("(:domain robosuite)", "(:actions robosuite)", 3, "is no section; sections: problem, :language"),
    ("(:domain robosuite)", "robosuite", 3, "'robosuite' is no section"),
    ("(:domain robosuite)", "(:language again)", 4, "section :language a second time; the first is in line 3"),
    ("(:obj_of_interest akita_black_bowl_1 wooden_cabinet_1)", ")", 32, "this '\\)' closes nothing"),
    ("(:target kitchen_table)\n      (:ranges ((-0.01", "(:ranges ((-0.01", 6, "'cabinet_region' has no \\(:target"),
    ("(:target kitchen_table)\n", "(:target kitchen table)\n", 7, "takes one name"),
    (
        "(:target kitchen_table)\n",
        "(:target kitchen_tabel)\n",
        6,
        "rectangle on 'kitchen_tabel'.*surface, kitchen_table",
    ),
    ("(:ranges ((-0.01 -0.31 0.01 -0.29)))\n      (:yaw_rotation ((3.14 3.15)))", "", 6, "has no rectangle"),
    ("(-0.01 -0.31 0.01 -0.29)", "(-0.01 -0.31 0.01)", 8, "x_low y_low x_high y_high"),
    ("(-0.01 -0.31 0.01 -0.29)", "(-0.01 -0.31 0.01 -0.29) (0 0 1 1)", 8, "several are not supported"),
    ("((-0.01 -0.31 0.01 -0.29))", "-0.01", 8, "one list of numbers"),
    ("-0.01 -0.31", "nan -0.31", 8, "'nan' in :ranges is no finite number"),
    ("-0.01 -0.31", "-1e999 -0.31", 8, "no finite number"),
    ("-0.01 -0.31", "1_0 -0.31", 8, "no finite number"),
    ("-0.01 -0.31", "pi -0.31", 8, "no finite number"),
    ("-0.01 -0.31", "0.02 -0.31", 6, "low end above its high end"),
    ("0.01 -0.29", "0.01 1e9", 6, "'cabinet_region' lies more than 20 m away"),
    ("(-0.05 0.1 -.03 12e-2)", "(-0.05 0.1 1.2 0.1)", 26, "'plate_1' would fall.*not on the table, \\(1.0, 1.2"),
    ("3.14 3.15", "3.16 3.15", 6, "low end above its high end"),
    ("(:yaw_rotation", "(:yaw", 9, "is no field of a region; fields: :target"),
    ("(:yaw_rotation ((3.14 3.15)))", "(:target kitchen_table)", 9, "stands twice"),
    ("(plate_region", "(cabinet_region", 10, "'cabinet_region' of 'kitchen_table' is defined twice"),
    ("(plate_region", "((plate_region)", 10, "is no name"),
    ("(:target bowl_drainer_1)", "(:target bowl-drainer)", 13, "'bowl-drainer' is no name"),
    ("kitchen_table - kitchen_table", "kitchen_table - study_table", 15, "0 fixtures of category kitchen_table"),
    ("kitchen_table - kitchen_table", "a b - kitchen_table", 15, "2 fixtures of category kitchen_table"),
    ("- wooden_cabinet", "- wodden_cabinet", 17, "unknown category.*Did you mean 'wooden_cabinet'"),
    ("plate_1 - plate", "plate_1 -", 21, "'-' stands between names and their category"),
    ("plate_1 - plate", "plate_1", 21, "'plate_1' has no category"),
    ("akita_black_bowl_2 - ", "akita_black_bowl_1 - ", 20, "'akita_black_bowl_1' is declared twice"),
    ("plate_1 - plate", "plate_1 - microwave", 21, "declare it in :fixtures"),
    ("1 - wooden_cabinet", "1 - wooden_tray", 17, "declare it in :objects"),
    (
        "(Open wooden_cabinet_1_top_region)",
        "(Open wooden_cabinet_1_top_side)",
        29,
        "not about 'wooden_cabinet_1_top_side'",
    ),
    ("plate_1 - plate", "wooden_cabinet_1 - plate", 21, "declared twice"),
    ("plate_1 - plate", "kitchen_table - plate", 21, "declared twice"),
    ("plate_1 - plate", "kitchen_table_1 - plate", 21, "begins like the regions of 'kitchen_table'"),
    ("(On plate_1 ", "(Onto plate_1 ", 26, "unknown predicate 'Onto'. Did you mean 'On'"),
    ("(On plate_1 ", "(On plate_1 plate_1 ", 26, "On takes 2 name\\(s\\), not 3"),
    ("(On plate_1 ", "plate_1 (On plate_1 ", 26, "'plate_1' is no literal"),
    ("(On plate_1 ", "(On plate_9 ", 26, "unknown object or fixture 'plate_9'. Did you mean 'plate_1'"),
    (
        "kitchen_table_plate_region)",
        "kitchen_table_plat_region)",
        26,
        "missing region.*Did you mean 'kitchen_table_plate",
    ),
    ("kitchen_table_plate_region)", "kitchen_table)", 26, "missing region"),
    ("cabinet_1_bottom_region", "cabinet_1_lowest_region", 28, "unknown region of wooden_cabinet_1.*bottom_region"),
    ("(On akita_black_bowl_1 plate_1)", "", 24, "'akita_black_bowl_1' has no place in :init"),
    ("(In akita_black_bowl_2 wooden", "(In akita_black_bowl_1 wooden", 28, "placed twice, first in line 27"),
    ("kitchen_table_plate_region)", "akita_black_bowl_1)", 26, "cyclic start: .*plate_1 on akita_black_bowl_1"),
    ("kitchen_table_plate_region)", "plate_1)", 26, "'plate_1' cannot be on itself"),
    ("1 kitchen_table_cabinet_region)", "1 plate_1)", 25, "fixtures stand on a region of kitchen_table"),
    (
        "(In akita_black_bowl_2 wooden_cabinet_1_bottom_region)",
        "(In akita_black_bowl_2 plate_1)",
        28,
        "not 'plate_1'; regions there: none",
    ),
    (
        "(Open wooden_cabinet_1_top_region)",
        "(Open plate_1)",
        29,
        "not about 'plate_1'.*: wooden_cabinet_1, wooden_cabinet_1_",
    ),
    ("(Open wooden_cabinet_1_top_region)", "(Turnon wooden_cabinet_1)", 29, "can be about: nothing"),
    ("(Open wooden_cabinet_1_top_region)", "(Up plate_1)", 29, "Up is for goals"),
    ("(Open wooden_cabinet_1_top_region)", "(On kitchen_table_plate_region plate_1)", 29, "is a region"),
    ("(:goal (And (In", "(:goal (Or (In", 31, "or is not supported here; goals are"),
    ("(CLOSE wooden_cabinet_1_top_region)", "(Not (CLOSE wooden_cabinet_1_top_region))", 31, "not is not supported"),
    ("(CLOSE wooden_cabinet_1_top_region)", "(CLOSE (wooden_cabinet_1_top_region))", 31, "is no name"),
    ("(:goal (And", "(:goal () (And", 31, "holds one list"),
    ("(:goal (And", "(:goal And", 32, "closes nothing"),
    ("(:goal (And", "(:goal ((And", 33, "ends inside the '\\(' of line 2"),
    (";", "(more) ;", 2, "nothing beside it"),
]


@pytest.mark.parametrize(("old", "new", "line", "says"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_refused_with_its_line_and_the_reason(old, new, line, says):
    assert old in DRAWER
    with pytest.raises(BddlError, match=says) as caught:
        parse(DRAWER.replace(old, new, 1))
    assert caught.value.line == line


@pytest.mark.parametrize("section", ["problem", ":language", ":regions", ":fixtures", ":objects", ":init", ":goal"])
def test_a_missing_section_is_named(section):
    begin = BUTTER.index(f"({section}")
    depth = 0
    for end in range(begin, len(BUTTER)):
        depth += {"(": 1, ")": -1}.get(BUTTER[end], 0)
        if depth == 0:
            break
    with pytest.raises(BddlError, match=f"section {section} is missing"):
        parse(BUTTER[:begin] + BUTTER[end + 1 :])


@pytest.mark.parametrize("cut", range(0, len(BUTTER) - 2, 7))
def test_a_truncated_file_is_never_a_task(cut):
    with pytest.raises(BddlError):
        parse(BUTTER[:cut])


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000_000,
        ")" * 1_000_000,
        "()" * 500_000,
        "(" * 30_000 + ")" * 30_000,
        "(define " + "(a) " * 16_000 + ")",
        "(define " + "a " * 30_000 + ")",
        "\n" * 65_000 + "(",
        "x" * 65_000,
        "\0",
        "",
    ],
    ids=range(10),
)
def test_masses_of_anything_are_refused_quickly(text, tmp_path):
    (tmp_path / "mass.bddl").write_text(text)
    begun = time.process_time()
    with pytest.raises(BddlError) as caught:
        load_bddl(tmp_path / "mass.bddl")
    assert time.process_time() - begun < 3.0
    assert str(caught.value).startswith(str(tmp_path)) and len(str(caught.value)) < 1000


def test_thousands_of_names_take_no_quadratic_time():
    objects = " ".join(f"a_b_c_d_{i} - butter" for i in range(700))
    init = " ".join(f"(On a_b_c_d_{i} a_b_c_d_{i + 1})" for i in range(699))
    text = BUTTER.replace("butter_1 - butter", f"butter_1 - butter {objects}").replace("(:init", f"(:init {init}")
    begun = time.process_time()
    with pytest.raises(BddlError, match="'a_b_c_d_699' has no place"):
        parse(text)
    assert time.process_time() - begun < 2.0


_PIECES = st.sampled_from(
    [
        "(",
        ")",
        "()",
        "((",
        "))",
        " ",
        "\n",
        ";",
        "-",
        "On",
        "In",
        "Open",
        "And",
        ":goal",
        ":init",
        "plate_1",
        "1e9",
        "nan",
    ]
    + ["kitchen_table", "wooden_cabinet_1_top_region", ":ranges", "(:target floor)", "\0", "é", "\u2028", "-0.5"]
)


@settings(max_examples=400, deadline=None)
@given(
    source=st.sampled_from([DRAWER, BUTTER]),
    edits=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 60), _PIECES | st.text(max_size=8)), max_size=5),
)
def test_mutated_files_give_a_whole_task_or_a_project_error(source, edits):
    for at, length, piece in edits:
        at %= len(source)
        source = source[:at] + piece + source[at + length :]
    try:
        task = parse(source)
    except BddlError as error:
        assert 1 <= error.line <= source.count("\n") + 1
        return
    instances = {name for name, _ in (*task.objects, *task.fixtures)}
    assert {literal[1] for literal in task.init if literal[0] in ("On", "In")} == instances
    for literal in task.init + task.goal:
        for name in literal[1:]:
            task.category_of(name)
    assert task.goal and task.language and hash(task)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["(", ")", "define", "problem", ":goal", "x", "-", ";", "\n", " "]), max_size=200))
def test_random_tokens_give_project_errors(tokens):
    with pytest.raises(BddlError):
        parse("".join(tokens))
