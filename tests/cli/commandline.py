"""A member's folder with one officer, and the command line run in this process."""

import io
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from quartet.cli.main import run
from quartet.core.keys import SecretKey
from quartet.node.folder import MemberFolder
from quartet.node.officerkey import officer_vault
from quartet.node.vault import passphrase_beside

ANN = SecretKey(bytes([7]) * 32)


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    error: str

    @property
    def reason(self) -> str:
        """The reason word of its one line of error."""
        assert self.error.endswith("\n")
        assert self.error.count("\n") == 1, self.error
        return self.error.partition(":")[0]


class Shell:
    """Runs commands and takes what they say."""

    def __init__(self, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capture = capture
        self._patch = patch

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Said:
        """Run `quartet` with these arguments."""
        self._capture.readouterr()
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = run([str(argument) for argument in arguments])
        said = self._capture.readouterr()
        return Said(int(code), said.out, said.err)


def member_folder(root: Path) -> MemberFolder:
    """Return north's folder with the officer ann; no node runs in it."""
    folder = MemberFolder(root)
    folder.officers.mkdir(parents=True)
    folder.settings.write_text('member = "north"\nwire = {port = 14222}\n')
    add_officer(folder, "ann", ANN)
    return folder


def add_officer(folder: MemberFolder, name: str, key: SecretKey) -> None:
    path = folder.officers / f"{name}.key"
    beside = passphrase_beside(path)
    beside.touch(mode=0o600)
    beside.write_bytes(b"a trial's passphrase\n")
    officer_vault(path, b"a trial's passphrase", key)


HEAVY = (
    "anyio", "asterix", "httpx", "litestar", "nats", "numba", "numpy", "PIL", "prometheus_client", "pyais", "rs1090",
    "sqlalchemy", "sqlite3", "structlog", "uvicorn", "webauthn", "websockets", "quartet.exercise", "quartet.gateways",
    "quartet.node.node", "quartet.serve", "quartet.store.store", "quartet.wire.nats",
)  # fmt: skip
"""What a node, a tracker or a drill is made of: nothing that an officer should wait for, who only asks."""
_LOADS = """
import sys
from quartet.cli.main import run
for line in sys.argv[1:]:
    code = run(line.split("\\x1f"))
    if code:
        sys.exit(code)
print(*sys.modules, file=sys.stderr)
"""


def heavy_after(*commands: Sequence[str]) -> list[str]:
    """Return what heavy modules a new process has loaded once it has run these commands, one after the other."""
    lines = ["\x1f".join(words) for words in commands]
    done = subprocess.run([sys.executable, "-c", _LOADS, *lines], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = done.stderr.splitlines()[-1].split()
    assert "quartet.cli.words" in loaded
    return [name for name in HEAVY if name in loaded]
