"""Each bad input that RULES §7 rules upon, and that this version can meet, has a test that names it."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
RULED = [1, 2, 5, 6, 7, 8, 9, 11, 12, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 28, 31, 41, 42, 46, 47]


@pytest.fixture(scope="module")
def named() -> set[str]:
    """Return the rules that tests name: in the test's own name (`test_b_11_…`), or inside it (`B-11`)."""
    found: set[str] = set()
    for file in TESTS.glob("*/test_*.py"):
        source = file.read_text()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                words = f"{node.name} {ast.get_source_segment(source, node)}".replace("_b_", " B-").replace("_", " ")
                found |= {word.strip("().,:;\"'") for word in words.split()}
    return found


@pytest.mark.parametrize("number", RULED)
def test_every_ruled_bad_input_has_a_test_that_names_it(number: int, named: set[str]) -> None:
    assert f"B-{number:02}" in named
