"""The design has no place for a foe, a target, a weapon, or where an attack came from: nor has any word that is said.

It informs and protects. What is looked through is all that the code names, all that leaves by the API, and all that a
page says; who adds such a word meets this test first.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

import pytest

from quartet.console.web import describe
from quartet.core.category import Category, Flag

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "src" / "quartet"
NEVER: Final = re.compile(
    r"hostil|suspect|enem(y|ies)|\bfoe|weapon|engage|intercept|trajector|impact|strike|nominat(e|ion)_?target|"
    r"target_?nominat|(launch|firing|impact|origin)_?point|point_?of_?(origin|impact|launch)",
    re.IGNORECASE,
)
ABOUT_LINKS: Final = {
    ("node/statusviews.py", "suspect"),
    ("node/health.py", "LINK_SUSPECT"),
    ("node/health.py", "suspect"),
}
"""A link from which nothing came for three seconds is in doubt: that is said of links alone."""


def named(tree: ast.AST) -> Iterator[str]:
    """Yield every name of a file, and every string that is a word of some list: not what is said in prose."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Constant(value=str(word)) if re.fullmatch(r"[A-Za-z_-]+", word):
                yield word


def words_of(told: object, key: str = "") -> Iterator[str]:
    """Yield the names and the words of closed lists in a description of an API."""
    match told:
        case dict():
            for name, inner in told.items():
                if key in ("properties", "schemas", "paths"):
                    yield str(name)
                if name in ("enum", "const"):
                    yield from map(str, inner if isinstance(inner, list) else [inner])
                yield from words_of(inner, name)
        case list():
            for inner in told:
                yield from words_of(inner, key)


def test_no_name_and_no_word_of_the_code_is_of_that_kind() -> None:
    found = {
        (path.relative_to(SOURCE).as_posix(), word)
        for path in SOURCE.rglob("*.py")
        if "page" not in path.relative_to(SOURCE).parts
        for word in named(ast.parse(path.read_text()))
        if NEVER.search(word)
    }

    assert found == ABOUT_LINKS


def test_nothing_of_that_kind_leaves_by_the_api() -> None:
    assert {word for word in words_of(describe()) if NEVER.search(word)} == {"suspect"}


@pytest.mark.parametrize(
    "file", sorted((ROOT / "frontend" / "src").rglob("messages.json")), ids=lambda f: f.parent.name
)
def test_no_page_says_anything_of_that_kind(file: Path) -> None:
    said = [f"{key} {texts['en']}" for key, texts in json.loads(file.read_text()).items()]

    assert [one for one in said if NEVER.search(one) and not one.startswith("suspect ")] == []


def test_an_aircraft_is_identified_or_not_and_nothing_else_is_said_of_it() -> None:
    states = {"PENDING", "IDENTIFIED_CIVIL", "IDENTIFIED_STATE", "IDENTIFIED_EXEMPT", "UNIDENTIFIED"}
    flags = {"STRAYED", "COMLOSS", "EMERGENCY", "UNLAWFUL", "NON_COOPERATIVE", "IDENT_CONFLICT"}

    assert (set(get_args(Category)), set(get_args(Flag))) == (states, flags)
