"""The page of the scene's file tells every key that there is, what may stand there, and what it is when left out."""

from pathlib import Path

import msgspec
import pytest
from msgspec import inspect

from quartet.exercise.sky import Drawn, Mover, Radar, Scene, Waypoint

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "scene-file.md"
TABLES = {
    "## The scene": Scene,
    "## `[[movers]]`": Mover,
    "## `waypoints`": Waypoint,
    "## `[drawn]`": Drawn,
    "## `[[radars]]`": Radar,
}


def limits(kind: inspect.Type) -> str:
    """Return what may stand there: a span of numbers, one of words, how many - or nothing, if its type says it all."""
    match kind:
        case inspect.UnionType():
            return " or ".join(filter(None, map(limits, kind.types)))
        case inspect.FloatType() | inspect.IntType():
            low = f"{kind.ge:.16g}" if kind.ge is not None else f"above {kind.gt:.16g}"
            return f"{low} to {kind.le:.16g}" if kind.le is not None else f"{low} to below {kind.lt:.16g}"
        case inspect.StrType():
            return (
                f"`{kind.pattern}`".replace(r"\Z", "$").replace(r"(?!\n)", "").replace("|", r"\|")
                if kind.pattern
                else ""
            )
        case inspect.LiteralType():
            return ", ".join(str(word) for word in kind.values)
        case inspect.BoolType():
            return "true, false"
        case inspect.VarTupleType():
            return f"{kind.min_length or 0} to {kind.max_length}"
        case _:
            return ""


def default(field: inspect.Field) -> str:
    if field.required:
        return "needed"
    if field.default in (None, ()) or isinstance(field.default, msgspec.Struct):
        return "none"
    if isinstance(field.default, bool):
        return str(field.default).lower()
    return f"{field.default:.16g}" if isinstance(field.default, int | float) else str(field.default)


def rows(kind: type) -> list[str]:
    told = inspect.type_info(kind)
    assert isinstance(told, inspect.StructType)
    return [f"| `{one.encode_name}` | {default(one)} | {limits(one.type)} |" for one in told.fields]


@pytest.mark.parametrize("title", TABLES)
def test_every_key_of_a_scene_stands_in_the_page_with_its_default_and_its_limits(title: str) -> None:
    _, _, rest = PAGE.read_text().partition(f"{title}\n")
    section = rest.partition("\n## ")[0]
    keys = [line for line in section.splitlines() if line.startswith("| `")]

    assert [line[: len(row)] for line, row in zip(keys, rows(TABLES[title]), strict=True)] == rows(TABLES[title])
    assert all(len(line.split(" | ")[-1].strip("| ")) > 3 for line in keys)
