"""A member's folder with one officer, and the command line run in this process."""

import io
import sys
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
