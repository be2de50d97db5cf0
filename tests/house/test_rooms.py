"""The rooms: which there are, who may import whom, and what each offers."""

import ast
import tomllib
from collections.abc import Iterator
from importlib import import_module

import pytest

from house import ROOT, SOURCE, modules

ORDER = [
    "cli",
    "exercise",
    "serve",
    "console|gateways|sensors",
    "node",
    "store",
    "wire",
    "desk",
    "picture",
    "intake",
    "core",
]
"""From the street to the cellar."""
IMPURE = sorted(
    {"asyncio", "http", "logging", "os", "random", "secrets", "socket", "sqlite3", "ssl"}
    | {"subprocess", "threading", "time", "uuid"}
)


ASKS_FOR_A_PERSON = {"node/seeing.py"}
"""What reads, watches, shows the picture or names an item in a draft sees through it."""
ASKS_FOR_A_MEMBER = {"node/holdings.py", "node/duerows.py"}
"""The rows that facts decide, and what is decided again at every send; the picture's frames ask `Holdings`."""
FOR_A_PERSON = {"view", "may_view", "may_ask", "keep", "gateway", "gateway_text"}
FOR_A_MEMBER = {"release", "release_fact", "may_keep"}
BEHIND_THE_GATE = {"holdings", "store", "reader", "gate", "_holdings", "_reader", "_parts"}


def contracts() -> dict[str, dict[str, object]]:
    """Return the import contracts by their type."""
    read = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {one["type"]: one for one in read["tool"]["importlinter"]["contracts"]}


def rooms() -> set[str]:
    """Return the names of the rooms that exist."""
    return {path.name for path in SOURCE.iterdir() if path.is_dir() and list(path.rglob("*.py"))} | {
        path.stem for path in SOURCE.glob("*.py") if path.stem != "__init__"
    }


def test_every_room_stands_in_the_contract_in_the_one_order() -> None:
    contract = contracts()["layers"]
    layers = [name.strip("() ") for layer in contract["layers"] for name in str(layer).split("|")]  # type: ignore[attr-defined]

    assert contract["exhaustive"] is True
    assert rooms() <= set(layers)
    assert layers == [name for layer in ORDER for name in layer.split("|") if name in layers]


def test_what_is_pure_has_no_clock_no_dice_and_no_door() -> None:
    contract = contracts()["forbidden"]
    pure = {name for name in ("core", "desk", "picture", "intake") if name in rooms()}

    assert {str(name).removeprefix("quartet.") for name in contract["source_modules"]} == pure  # type: ignore[attr-defined]
    assert sorted(contract["forbidden_modules"]) == IMPURE  # type: ignore[call-overload]


def test_every_room_says_what_it_is_for_and_what_it_offers() -> None:
    for room in (path for path in SOURCE.iterdir() if path.is_dir() and list(path.rglob("*.py"))):
        tree = ast.parse((room / "__init__.py").read_text())

        assert ast.get_docstring(tree), room


def test_what_a_room_offers_is_there() -> None:
    for path in modules():
        tree = ast.parse(path.read_text())
        names = set(names_of(tree))
        for node in tree.body:
            if isinstance(node, ast.Assign) and "__all__" in names_of(ast.Module([node], [])):
                assert set(ast.literal_eval(node.value)) <= names, path


FRONTS = ["desk", "store", "wire"]
"""Rooms that load what they offer when it is asked for."""


@pytest.mark.parametrize("room", FRONTS)
def test_what_a_room_loads_when_it_is_asked_for_is_what_the_type_checker_reads(room: str) -> None:
    tree = ast.parse((SOURCE / room / "__init__.py").read_text())
    front = import_module(f"quartet.{room}")
    (read,) = (node for node in tree.body if isinstance(node, ast.If))
    places = {name.name: str(one.module) for one in read.body if isinstance(one, ast.ImportFrom) for name in one.names}

    assert sorted(places) == sorted(front.__all__)
    for name, place in places.items():
        assert front.__getattr__(name) is getattr(import_module(place), name)
        assert getattr(front, name) is getattr(import_module(place), name), "a module is called so too"
    with pytest.raises(AttributeError, match="nothing_of_ours"):
        front.__getattr__("nothing_of_ours")


def askers(words: set[str]) -> set[str]:
    """Return the modules that ask the gate, or the rule itself, one of these; the drill's own world is not a node."""
    found = set()
    for path in modules():
        room = str(path.relative_to(SOURCE))
        if room.startswith(("core/", "exercise/")):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Attribute(value=ast.Attribute(attr="gate") | ast.Name(id="gate"), attr=word) if word in words:
                    found.add(room)
                case ast.ImportFrom(module="quartet.core.release", names=names):
                    found |= {room for name in names if name.name in words}
                case _:
                    pass
    return found


def test_one_place_asks_the_gate_for_a_person() -> None:
    assert askers(FOR_A_PERSON) == ASKS_FOR_A_PERSON


def test_two_places_ask_the_gate_for_a_member() -> None:
    assert askers(FOR_A_MEMBER) == ASKS_FOR_A_MEMBER


def test_no_door_reaches_behind_the_gate() -> None:
    for path in (SOURCE / "console").rglob("*.py"):
        reached = {n.attr for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Attribute)}

        assert reached & BEHIND_THE_GATE == set(), path


def names_of(tree: ast.Module) -> Iterator[str]:
    """Yield every name that stands at the top of a module."""
    for node in tree.body:
        match node:
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (alias.asname or alias.name for alias in aliases)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.If(body=body):
                yield from names_of(ast.Module(body, []))
            case _:
                pass
