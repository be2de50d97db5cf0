"""Files handed over before their item is published: sealed on the disk, so much of each officer, for so long.

Each officer has a shelf of her own: what another hands over is not hers to read, to attach or to overwrite. Files
outlive a crash and a power cut, for an item may be on its way already; what no draft came for is forgotten after a
while.
"""

import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from quartet.core.attachment import FileTree
from quartet.core.encoding import digest64, unb64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.parcel import MAX_PARTS
from quartet.node.files import make_folder, write_file
from quartet.node.views import Attachment
from quartet.store import Store

MAX_STAGED: Final = 4 * 1024**3
"""Bytes that one officer may have waiting: two files of the largest size."""
MAX_STAGED_FILES: Final = 64
STAGED_SECONDS: Final = 24 * 3600.0
"""How long a file waits for its draft after its last part came."""


class Staging:
    """Keeps parts until a draft names their file."""

    def __init__(self, store: Store) -> None:
        self._box = store.box
        self._root = store.path.parent / "staging"
        self._used: dict[Path, int] = {}

    def put(self, officer: str, attachment: str, number: int, data: bytes) -> None:
        """Keep a part; the same part twice is one. Raise `Unavailable("staging-full")` over an officer's share."""
        if not 0 <= number < MAX_PARTS:
            raise Malformed("bad-part", f"part {number}: a file has parts 0 to {MAX_PARTS - 1}")
        if not data:
            raise Malformed("bad-part", f"part {number} holds nothing")
        folder = self._folder(officer, attachment)
        path = folder / str(number)
        fresh = len(data) - (path.stat().st_size if path.exists() else 0)
        used = self._use(folder.parent)
        crowd = not folder.exists() and sum(1 for _ in folder.parent.glob("*")) >= MAX_STAGED_FILES
        if crowd or used + fresh > MAX_STAGED:
            raise Unavailable("staging-full", "files wait for drafts that never came: send those, or wait a day")
        make_folder(folder)
        write_file(path, self._box.wrap(data, _place(officer, attachment, number)))
        self._used[folder.parent] = used + fresh

    def check(self, officer: str, files: Iterable[Attachment]) -> None:
        """Raise `Malformed("attachment-missing")` unless every file that a draft names is here, whole."""
        for file in files:
            if not self.has(officer, file):
                raise Malformed("attachment-missing", f"{file.name} was not handed over whole")

    def has(self, officer: str, file: Attachment) -> bool:
        """Return whether a file is here, whole."""
        tree = FileTree()
        try:
            for part in self.read(officer, file.id):
                tree.add(part)
        except Untrusted:
            return False
        return (tree.size, tree.id) == (file.size, file.id)

    def read(self, officer: str, attachment: str) -> Iterator[bytes]:
        """Return the parts of a file in their order, as far as they are here without a gap."""
        folder, number = self._folder(officer, attachment), 0
        while (path := folder / str(number)).exists():
            yield self._box.unwrap(path.read_bytes(), _place(officer, attachment, number))
            number += 1

    def numbers(self, officer: str, attachment: str) -> list[int]:
        """Return which parts of a file are here, so that who was cut off hands over the others alone."""
        found = self._folder(officer, attachment).glob("*")
        return sorted(int(path.name) for path in found if path.name.isdecimal())

    def drop(self, officer: str, attachment: str) -> None:
        """Forget a file."""
        folder = self._folder(officer, attachment)
        shutil.rmtree(folder, ignore_errors=True)
        self._used.pop(folder.parent, None)

    def sweep(self, now: float | None = None) -> int:
        """Forget the files that no draft came for; return how many."""
        before = (time.time() if now is None else now) - STAGED_SECONDS
        old = [path for path in self._root.glob("*/*") if path.stat().st_mtime < before]
        for path in old:
            shutil.rmtree(path, ignore_errors=True)
            self._used.pop(path.parent, None)
        return len(old)

    def _folder(self, officer: str, attachment: str) -> Path:
        """Return where an officer's file lies; her name may be no file's."""
        unb64(attachment, 32)  # a name that is no hash could lead to another shelf
        return self._root / digest64("quartet/shelf/v1", officer) / attachment

    def _use(self, share: Path) -> int:
        if share not in self._used:
            self._used[share] = sum(path.stat().st_size for path in share.glob("*/*"))
        return self._used[share]


def _place(officer: str, attachment: str, number: int) -> str:
    return f"staging/{officer}/{attachment}/{number}"
