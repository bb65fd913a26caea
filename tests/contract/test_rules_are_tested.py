"""Each rule of `docs/rules.md` that governs consent, the gate, messages and bad inputs is proved by a test that names
it, or `rules_without_test.toml` says why no code can prove it.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
RULES = TESTS.parent / "docs" / "rules.md"
WITHOUT_TEST: dict[str, str] = tomllib.loads((Path(__file__).parent / "rules_without_test.toml").read_text())
_BULLET = re.compile(r"^- \*\*(?P<id>[CDEM]-\d\d|D-case [a-i])\b")
_ROW = re.compile(r"^\| (?P<id>G\d+|D-[EMTPRS]\d+|B-\d\d) \|")


def read_rules() -> dict[str, str]:
    """Return every rule with its text, as the page states them: a bullet with the lines below it, or a row."""
    found: dict[str, str] = {}
    last = ""
    for line in RULES.read_text().splitlines():
        match = _BULLET.match(line) or _ROW.match(line)
        if match:
            last = match["id"]
            found[last] = line
        elif line.startswith("  ") and last:
            found[last] += line
        else:
            last = ""
    return found


ALL = read_rules()
CHECKED = sorted(rule for rule, text in ALL.items() if "✔" in text)


def spelled(rule: str) -> str:
    """Return a rule's id as it stands in a test's name: C-24 → c_24, D-T7 → d_t7, G5 → g_5, D-case a → d_case_a."""
    return re.sub(r"[- ]", "_", re.sub(r"^G(?=\d)", "G-", rule)).lower()


def _tests() -> Iterator[tuple[str, str]]:
    for file in TESTS.glob("*/test_*.py"):
        source = file.read_text()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                parts = [node, *node.decorator_list]
                yield node.name, "\n".join(ast.get_source_segment(source, part) or "" for part in parts)


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Return the rules that stand in the names of tests."""
    joined = "\n".join(f"{name}_" for name, _ in _tests())
    return {rule for rule in ALL if re.search(rf"_{spelled(rule)}_", joined)}


@pytest.fixture(scope="module")
def mentions(names: set[str]) -> set[str]:
    """Return the rules that tests name anywhere: in their name, their cases or their text."""
    joined = "\n".join(text for _, text in _tests())
    return names | {rule for rule in ALL if re.search(rf"(?<![\w-]){re.escape(rule)}(?![\w-])", joined)}


@pytest.mark.parametrize("rule", sorted(ALL))
def test_every_rule_has_a_test_that_names_it_or_a_reason_why_not(rule: str, mentions: set[str]) -> None:
    assert rule in mentions or rule in WITHOUT_TEST


@pytest.mark.parametrize("rule", CHECKED)
def test_every_check_is_a_test_that_carries_the_id_in_its_name(rule: str, names: set[str]) -> None:
    assert rule in names or rule in WITHOUT_TEST


def test_a_reason_is_kept_only_while_it_is_needed(mentions: set[str]) -> None:
    assert WITHOUT_TEST.keys() - ALL.keys() == set()
    assert WITHOUT_TEST.keys() & mentions == set()
    assert all(len(reason) > 20 for reason in WITHOUT_TEST.values())


def test_the_page_states_every_rule_that_the_code_quotes() -> None:
    page = RULES.read_text()
    quoted: set[str] = set()
    for file in (TESTS.parent / "backend").rglob("*.py"):
        quoted |= set(re.findall(r"\b([CDEMSX]-\d\d|[CD]-[EMTPRS]\d+)\b", file.read_text()))

    assert {rule for rule in quoted if not re.search(rf"(\*\*|\| ){rule}\b", page)} == set()
