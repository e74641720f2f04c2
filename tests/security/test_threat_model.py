"""docs/security.md is true: every test that it names exists, and every arrow of the picture is in it."""

import ast
import re
from functools import cache

import pytest

from settings import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE)))


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_every_test_it_names_exists(file: str, test: str) -> None:
    assert test in functions_of(file)


def test_every_threat_has_a_test() -> None:
    rows = [row for row in PAGE.splitlines() if re.match(r"\| [STRIDE](, [STRIDE])* \|", row)]

    assert len(rows) >= 30
    assert [row for row in rows if "::test_" not in row] == []


@pytest.mark.parametrize(
    "part",
    ["chat", "ivr", "console", "escalation", "outbound", "subscriber", "PostgreSQL", "Redis", "state folder"],
)
def test_every_part_of_the_picture_is_looked_at(part: str) -> None:
    headings = re.findall(r"^\| \*\*(.+?)\*\* \|", PAGE, re.MULTILINE)

    assert any(part in heading for heading in headings)
