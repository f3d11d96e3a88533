"""Functions that the package ships as files are read in order, as texts and as trees."""

from __future__ import annotations

import ast

import pytest

from aspire_mjx.language.function_texts import function_texts, function_trees, parse_outside

FOLDER = "language/stdlib"


def test_functions_come_in_the_order_of_the_files_and_of_their_lines():
    texts = function_texts(FOLDER, "transforms", "observation")
    assert list(texts)[0] == "normalize_vector" and list(texts)[-1] == "_seven_numbers"
    assert list(texts) == [*function_texts(FOLDER, "transforms"), *function_texts(FOLDER, "observation")]


def test_a_text_is_the_whole_function_and_nothing_around_it():
    for name, text in function_texts(FOLDER, "transforms").items():
        (function,) = ast.parse(text).body
        assert isinstance(function, ast.FunctionDef) and function.name == name
        assert text == text.strip() and ast.get_docstring(function)


def test_trees_are_those_of_the_texts_on_no_line_of_a_program():
    trees = function_trees(FOLDER, "points")
    for name, text in function_texts(FOLDER, "points").items():
        assert ast.unparse(trees[name]) == ast.unparse(ast.parse(text))
        assert {node.lineno for node in ast.walk(trees[name]) if isinstance(node, ast.stmt | ast.expr)} == {0}


def test_a_text_that_is_read_outside_a_program_keeps_its_meaning():
    tree = parse_outside("x = 1\ny = x")
    assert ast.unparse(tree) == "x = 1\ny = x" and [node.lineno for node in tree.body] == [0, 0]


def test_an_unknown_file_is_an_error():
    with pytest.raises(FileNotFoundError):
        function_texts(FOLDER, "absent")
