"""A trial exchange of two releases: some members run this one, others one before, each with its own sources.

The release before is a commit of our history. Its sources go into a scratch folder, and its processes find them there
before ours; the libraries are those of today.
"""

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest
from commandline import Said, Shell
from live import MEMBERS, Live, Officer, running

from quartet.core.ids import ItemId
from quartet.node.keyset import Keyset
from quartet.node.settings import load_member
from quartet.node.vault import open_vault
from quartet.store import Reader, read_only

BEFORE: Final = "96bf56971657e1cb82f3f599f1f11c554d7be613"
"""The release before, of 28 November 2026: before requests, before forms of reports, before migrations 2 and 3."""
ROOT: Final = Path(__file__).parents[2]
FETCH_S: Final = 120

_FOUND: Final = """
import sys
from pathlib import Path

from quartet.exercise.setup import new_exchange
from quartet.node import vault

vault.SCRYPT_N = 16
new_exchange(Path(sys.argv[1]), sys.argv[2:], tick_s=0.5, recall_delay_s=2.0)
print(vault.__file__)
"""

_COMMANDS: Final = """
import contextlib, io, json, sys

from quartet.cli.main import run

answers = sys.stdout
for line in sys.stdin:
    asked = json.loads(line)
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        sys.stdin = io.TextIOWrapper(io.BytesIO(asked["stdin"].encode()))
        code = run(asked["arguments"])
    print(json.dumps({"code": int(code), "out": out.getvalue(), "error": error.getvalue()}), file=answers, flush=True)
"""


class NoRelease(Exception):  # noqa: N818 - it says what there is not
    """The release before cannot be had here; says why."""


def is_shallow(clone: Path = ROOT) -> bool:
    """Return whether a clone was made without its history."""
    told = subprocess.run(["git", "-C", str(clone), "rev-parse", "--is-shallow-repository"], capture_output=True)
    return told.stdout.strip() == b"true"


def sources(commit: str, into: Path, clone: Path = ROOT) -> Path:
    """Lay a commit's `src` into a folder and return where it lies.

    Where the clone lacks it, that one commit is asked for where the clone came from. Raise `NoRelease`, which says why.
    """
    try:
        packed = _archive(clone, commit)
    except NoRelease:
        packed = _archive(_fetched(commit, into / "git", clone), commit)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(into, filter="data")
    return into / "src"


def _archive(clone: Path, commit: str) -> bytes:
    return _git(clone, "archive", "--format=tar", commit, "src")


def _fetched(commit: str, scratch: Path, clone: Path) -> Path:
    """Return a repository with that one commit; the clone stays as it is."""
    origin = _git(clone, "remote", "get-url", "origin").decode().strip()
    scratch.mkdir()
    _git(scratch, "init", "--quiet", "--bare")
    _git(scratch, "fetch", "--quiet", "--depth", "1", origin, commit)
    return scratch


def _git(folder: Path, *words: str) -> bytes:
    where = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ("git", "-C", folder, *words), check=False, capture_output=True, env=where, timeout=FETCH_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoRelease(f"git {words[0]}: {error}") from error
    if done.returncode != 0:
        raise NoRelease(f"git {words[0]}: {' '.join(done.stderr.decode(errors='replace').split())}")
    return done.stdout


@contextmanager
def running_on(release: Path) -> Iterator[None]:
    """Have every process that is started meanwhile run a release's sources."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(release))
        yield


class Elsewhere(Shell):
    """Runs commands of another release: one process has its command line, and does one after the other."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        self._child = child

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Said:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        asked = {"arguments": list(map(str, arguments)), "stdin": stdin.decode()}
        self._child.stdin.write(json.dumps(asked).encode() + b"\n")
        self._child.stdin.flush()
        return Said(**json.loads(self._child.stdout.readline()))


@contextmanager
def elsewhere(release: Path) -> Iterator[Elsewhere]:
    """Have the command line of a release."""
    command = (sys.executable, "-c", _COMMANDS)
    with running_on(release):
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with child:
        yield Elsewhere(child)


class Mixed:
    """An exchange that the release before founded; a member runs that until it is upgraded."""

    def __init__(self, exchange: Live, before: Elsewhere) -> None:
        self.exchange = exchange
        self._before = before
        self._upgraded: set[str] = set()

    def upgrade(self, *members: str) -> None:
        """Have members run this release, one by one: each node stops, and starts again in the folder that it had."""
        for member in members:
            self.exchange.stop(member)
            self.exchange.start(member)
            self._upgraded.add(member)

    def older(self, member: str) -> Officer:
        """Return the officer of a member that is not upgraded, with the commands of the release before."""
        return Officer(self._before, self.exchange, member)

    def officer(self, member: str, shell: Shell) -> Officer:
        """Return a member's officer: she has the commands of the release that her node runs."""
        return Officer(shell, self.exchange, member) if member in self._upgraded else self.older(member)

    def states(self, author: str, item: str) -> dict[str, str]:
        """Return what each member's receipt for an item of an author's says, as the author keeps it."""
        with self._kept(author) as reader:
            return {member: state for member, state, *_ in reader.receipts(ItemId(item))}

    def held(self, member: str) -> list[str]:
        """Return the items that a member keeps without having understood them."""
        with self._kept(member) as reader:
            return [row.id for row in reader.held()]

    @contextmanager
    def _kept(self, member: str) -> Iterator[Reader]:
        folder = self.exchange.folder(member)
        keys = Keyset.of(open_vault(folder.vault))
        with read_only(folder.path(load_member(folder).store), keys.store) as reader:
            yield reader


@contextmanager
def founded(release: Path, root: Path) -> Iterator[Mixed]:
    """Have a release make an exchange and run it while the context lasts."""
    with ExitStack() as stack:
        with running_on(release):
            made = subprocess.run((sys.executable, "-c", _FOUND, str(root), *MEMBERS), check=True, capture_output=True)
            assert Path(made.stdout.decode().strip()).is_relative_to(release), "it was made by another release"
            exchange = stack.enter_context(running(root))
        yield Mixed(exchange, stack.enter_context(elsewhere(release)))
