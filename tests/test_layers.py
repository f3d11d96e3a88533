"""The house rules that a machine can check: import order, file length, function length."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import aspire_mjx
from tests.support.paths import PROGRAMS

PACKAGE = Path(aspire_mjx.__file__).parent
TESTS = Path(__file__).parent
STUDIES = TESTS.parent / "experiments" / "studies"
LONGEST_FILE, LONGEST_FUNCTION = 500, 80

#: From the lowest layer to the highest; a layer may import itself and those before it.
LAYERS = (
    ("errors", "files", "seeds", "geometry", "columns", "status", "jax_setup", "gl_driver", "printable"),
    ("command", "shipped", "extensions", "html", "checked", "stopping"),
    ("worlds",),
    ("physics",),
    ("sensing",),
    ("planning",),
    ("primitives",),
    ("language", "primitives.__main__"),  # the page of the robot API shows the language's library too
    ("compiler",),
    ("machine",),
    ("plain",),
    ("traces.schema", "traces.table", "traces.columns"),  # plain data that the wave loop fills
    ("rollout",),
    ("traces",),
    ("faults",),
    ("skills",),
    ("agents",),
    ("search",),
    ("reports", "traces.__main__", "faults.__main__"),  # the reader says why a rollout failed, and draws it
    ("agents.tools",),  # what agents may do on an engine: they draw and compare too
    ("agents.llm",),
    ("experiments", "worlds.__main__"),  # simulates and draws worlds
    ("agents.mcp",),  # a command of its own
    ("gym",),
    ("__main__",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
#: folders of program text that is read, never imported, and so has no ``__init__``
PROGRAM_TEXTS = ("language/stdlib", "agents/sketches")
MODULES = sorted(PACKAGE.rglob("*.py"))
SOURCES = [*MODULES, *sorted(TESTS.rglob("*.py")), *sorted(STUDIES.rglob("*.py")), *sorted(PROGRAMS.glob("*.py"))]
#: what a module may take from the package's own file; everything else there is for users
FROM_THE_FACE = {"aspire_mjx.__version__"}


def layer(module: str) -> str | None:
    """The layer of a dotted name such as ``aspire_mjx.traces.columns``; None outside the package and for its root.

    A ``__main__`` that needs more than its room has a line of its own.
    """
    parts = module.split(".")
    if parts[0] != "aspire_mjx" or len(parts) == 1:
        return None
    longest = ".".join(parts[1:3])
    return longest if longest in RANK else parts[1]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a file imports, inside functions too."""
    package = ["aspire_mjx", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def test_layers_import_only_from_below():
    wrong = []
    for path in MODULES:
        own = layer(".".join(["aspire_mjx", *path.relative_to(PACKAGE).with_suffix("").parts]))
        if own is None or own == "__init__":
            continue
        assert own in RANK, f"{path}: layer {own!r} is not in tests/test_layers.py; add it where it belongs"
        for line, name in imports(path):
            other = layer(name)
            if other is not None and RANK.get(other, -1) > RANK[own]:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line}: layer {own!r} imports the higher {other!r} ({name})")
    assert not wrong, "\n".join(wrong)


def test_the_package_needs_neither_its_own_face_nor_what_stays_in_a_checkout():
    modules, wrong = names_of_modules(), []
    for path in MODULES:
        for line, name in imports(path):
            face = name == "aspire_mjx" or (name.rpartition(".")[0] == "aspire_mjx" and name not in modules)
            if (face and name not in FROM_THE_FACE) or name.partition(".")[0] in ("tests", "experiments"):
                wrong.append(f"{path.relative_to(PACKAGE)}:{line}: imports {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", PROGRAM_TEXTS)
def test_program_texts_import_what_programs_may_and_are_no_modules(folder):
    files = sorted((PACKAGE / folder).glob("*.py"))
    assert files and not (PACKAGE / folder / "__init__.py").exists()
    named = {name for path in files for _, name in imports(path) if not name.startswith("aspire_mjx.language.clouds")}
    assert {name.partition(".")[0] for name in named} <= {"numpy", "math", "scipy"}


def names_of_modules() -> dict[str, Path]:
    """Every module by its dotted name, a package by the name of its ``__init__``."""
    dotted = {".".join(["aspire_mjx", *p.relative_to(PACKAGE).with_suffix("").parts]): p for p in MODULES}
    return {name.removesuffix(".__init__"): path for name, path in dotted.items()}


def import_circle(imported: dict[str, list[str]]) -> list[str] | None:
    """Modules that import one another in a circle, by what each imports; None where there are none.

    ``from package import name`` needs the package's own file where ``name`` is no module of it.
    """
    graph = {
        module: {found if found in imported else found.rpartition(".")[0] for found in names} & imported.keys()
        for module, names in imported.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return None


def test_no_module_imports_itself_by_way_of_others():
    """Inside functions and for type checkers only counts too."""
    circle = import_circle({name: [n for _, n in imports(path)] for name, path in names_of_modules().items()})
    assert circle is None, f"import circle: {' <- '.join(circle)}"


@pytest.mark.parametrize(
    "imported",
    [
        {"a.b": ["a.c.thing"], "a.c": ["a.b.other"]},
        {"a": ["a.b.name"], "a.b": ["a.name"]},
        {"a.b": ["a.c"], "a.c": ["a.d"], "a.d": ["a.b"]},
    ],
)
def test_circles_are_found(imported):
    assert import_circle(imported) is not None
    assert import_circle({**imported, "a.b": ["numpy"]}) is None


def test_every_layer_name_in_the_package_is_known():
    found = {
        p.stem if p.suffix else p.name for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    assert found - {"__init__"} <= set(RANK)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE.parent)) if p in MODULES else p.name)
def test_files_and_functions_are_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < LONGEST_FILE, f"{path}: split it, one noun a file"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            length = (node.end_lineno or node.lineno) - first + 1
            assert length < LONGEST_FUNCTION, f"{path}:{node.lineno}: {node.name} has {length} lines"
