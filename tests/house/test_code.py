"""The code keeps the rules that a machine can see."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from house import ROOT, SOURCE, modules, written

MADE_IN = {
    "Signed": "core/statement.py",
    "Verified": "core/verify.py",
    "Released": "core/release.py",
    "Withheld": "core/release.py",
    "Parcel": "core/parcel.py",
}
"""How far something has come, and the one module that may say so."""
MAX_LINES = 350
HOLLOW = re.compile("|".join(["NotImplemented" + "Error", r"\b" + "TO" + "DO", "FIX" + "ME", "type: ignore" + r"\s*$"]))
MACHINE = re.compile(r"(^|[^A-Za-z0-9_.])/(" + "|".join(["wo" + "rk", "fa" + "rm", "ro" + "ot"]) + ")/", re.MULTILINE)


def definitions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield every public class, function and method of a module."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from definitions(node)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_public_name_says_what_it_promises(path: Path) -> None:
    tree = ast.parse(path.read_text())

    assert ast.get_docstring(tree), "the file does not say what it is for"
    assert [node.name for node in definitions(tree) if not ast.get_docstring(node)] == []


def test_no_file_is_longer_than_a_noun_needs() -> None:
    assert [path for path in modules() if len(path.read_text().splitlines()) > MAX_LINES] == []


@pytest.mark.parametrize("name", MADE_IN)
def test_how_far_something_has_come_is_said_in_one_module(name: str) -> None:
    makers = {
        str(path.relative_to(SOURCE))
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and _called(node) == name
    }

    assert makers == {MADE_IN[name]}


def test_nothing_is_hollow() -> None:
    found = [f"{path.name}: {hit[0]}" for path in modules() for hit in HOLLOW.finditer(path.read_text())]

    assert found == []


def test_nothing_names_the_machine_it_was_made_on() -> None:
    found = [path.relative_to(ROOT) for path in written() if MACHINE.search(path.read_text(errors="replace"))]

    assert found == []


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
