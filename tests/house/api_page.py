"""Write the calls' part of docs/reference/api.md from the API's own description: `make docs` runs this."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from house import ROOT
from quartet.console.web import describe

PAGE: Final = ROOT / "docs" / "reference" / "api.md"
MARK: Final = "<!-- from here on written by `make docs` -->"
METHODS: Final = ("get", "post", "put", "delete")
PROBLEM: Final = "application/problem+json"


def calls() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each call's method, path and description."""
    for path, methods in sorted(describe()["paths"].items()):
        for method in METHODS:
            if method in methods:
                yield method.upper(), path, methods[method]


def written(page: str) -> str:
    """Return `page` with its calls written anew."""
    head = page.partition(MARK)[0]
    rows = [
        f"| `{method} {path}` | {_says(call)} | {_taken(call)} | {_given(call)} |" for method, path, call in calls()
    ]
    return "\n".join([f"{head}{MARK}", "", "| call | does | takes | answers |", "|---|---|---|---|", *rows, ""])


def main(page: Path = PAGE) -> None:
    """Write the page."""
    page.write_text(written(page.read_text()))


def _says(call: dict[str, Any]) -> str:
    return " ".join(call.get("description", "").split())


def _taken(call: dict[str, Any]) -> str:
    asked = [f"`?{one['name']}`" for one in call.get("parameters", []) if one["in"] == "query"]
    body = call.get("requestBody", {}).get("content", {})
    return " ".join([*(_named(one.get("schema", {}), kind) for kind, one in body.items()), *asked])


def _given(call: dict[str, Any]) -> str:
    found = []
    for status, told in sorted(call["responses"].items()):
        kinds = {kind: one for kind, one in told.get("content", {}).items() if kind != PROBLEM}
        if status < "300":
            found.append(" ".join([status, *(_named(one.get("schema", {}), kind) for kind, one in kinds.items())]))
    return ", ".join(found)


def _named(schema: dict[str, Any], kind: str) -> str:
    """Return the type's name in words: `Row`, `Row[]`, or how the bytes are spelt."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if schema.get("type") == "array":
        return f"{_named(schema['items'], kind).rstrip('`')}[]`"
    return "`object`" if kind.endswith("json") else f"`{kind}`"


if __name__ == "__main__":
    main()
