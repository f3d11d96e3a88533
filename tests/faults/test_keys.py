"""Fault signatures keep their keys when a program is written otherwise, on real rollouts of planted faults."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from aspire_mjx.faults.report import analyse
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Simulators
from experiments.studies.planted.planted_fault import families

#: Planted faults of several families: an error, a wrong place, a missing call, a call too early, a grasp beside.
_FAULTS = (
    "plain_words_off_by_one",
    "plain_opens_after_lift",
    "plain_never_closes",
    "plain_grasp_beside",
    "states_wrong_index",
    "cheese_beside_the_bowl",
    "knob_turned_too_little",
)
_LANES = 6


class _Renamed(ast.NodeTransformer):
    """Every name that a program gives itself, with another beginning."""

    def __init__(self, tree: ast.Module) -> None:
        nodes = list(ast.walk(tree))
        self.functions = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
        stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        self.own = {*self.functions, *stored, *(node.arg for node in nodes if isinstance(node, ast.arg))}

    def _new(self, name: str) -> str:
        return f"own_{name}" if name in self.own else name

    def visit_Name(self, node: ast.Name) -> ast.AST:  # noqa: N802
        return ast.Name(self._new(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._new(node.arg))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        node.name = self._new(node.name)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802
        if isinstance(node.func, ast.Name) and node.func.id in self.functions:
            node.keywords = [ast.keyword(self._new(k.arg) if k.arg else None, k.value) for k in node.keywords]
        return self.generic_visit(node)


def rewritten(program: Program) -> Program:
    """The same program with its own names renamed, its functions in another order, and blank lines everywhere."""
    tree = ast.parse(program.text)
    tree = ast.fix_missing_locations(_Renamed(tree).visit(tree))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    places = [at for at, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef)]
    if places and places[-1] - places[0] == len(places) - 1:  # else what stands between them may call one
        tree.body[places[0] : places[-1] + 1] = reversed(functions)
    return Program("# again\n\n" + ast.unparse(tree).replace("\n", "\n\n"), program.name)


@pytest.mark.slow
@pytest.mark.parametrize(
    "family", [f for f in families() if {p.name for p in f.faults} & set(_FAULTS)], ids=lambda family: family.name
)
def test_keys_do_not_depend_on_how_a_program_is_written(family):
    for planted in (each for each in family.faults if each.name in _FAULTS):
        jobs = family.mutated_jobs(planted, lanes=_LANES)
        other = [replace(job, program=rewritten(job.program)) for job in jobs]
        assert other[0].program.text != jobs[0].program.text
        first, again = (analyse(Simulators("native").run(each)).faults for each in (jobs, other))
        assert len(first) >= _LANES / 2, planted.name
        assert [fault.signature for fault in again] == [fault.signature for fault in first], planted.name
