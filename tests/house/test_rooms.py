"""The rooms: which there are, who may import whom, and what each offers."""

import ast
import tomllib

from house import ROOT, SOURCE, modules

ORDER = ["cli", "exercise", "serve", "console|gateways|sensors", "node", "store", "wire", "desk", "picture", "core"]
"""From the street to the cellar."""
IMPURE = sorted(
    {"asyncio", "http", "logging", "os", "random", "secrets", "socket", "sqlite3", "ssl"}
    | {"subprocess", "threading", "time", "uuid"}
)


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
    pure = {name for name in ("core", "desk", "picture") if name in rooms()}

    assert {str(name).removeprefix("quartet.") for name in contract["source_modules"]} == pure  # type: ignore[attr-defined]
    assert sorted(contract["forbidden_modules"]) == IMPURE  # type: ignore[call-overload]


def test_every_room_says_what_it_is_for_and_what_it_offers() -> None:
    for room in (path for path in SOURCE.iterdir() if path.is_dir() and list(path.rglob("*.py"))):
        tree = ast.parse((room / "__init__.py").read_text())

        assert ast.get_docstring(tree), room


def test_what_a_room_offers_is_there() -> None:
    for path in modules():
        tree = ast.parse(path.read_text())
        named = {
            alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
        }
        named |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        for node in tree.body:
            if isinstance(node, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets
            ):
                offered = ast.literal_eval(node.value)
                constants = {t.id for n in tree.body if isinstance(n, ast.AnnAssign | ast.Assign) for t in _targets(n)}

                assert set(offered) <= named | constants, path


def _targets(node: ast.AnnAssign | ast.Assign) -> list[ast.Name]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target for target in targets if isinstance(target, ast.Name)]
