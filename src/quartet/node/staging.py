"""Files handed over before their item is published; sealed on the disk, forgotten when the node stops or after use.

Each officer has a shelf of her own: what another hands over is not hers to read, to attach or to overwrite.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from quartet.core.encoding import b64, digest64, unb64
from quartet.core.faults import Malformed
from quartet.core.ids import OfficerName
from quartet.core.parcel import MAX_PARTS
from quartet.node.views import Attachment
from quartet.store import Store


class Staging:
    """Keeps parts until a draft names their file."""

    def __init__(self, store: Store) -> None:
        self._box = store.box
        self._root = store.path.parent / "staging"
        shutil.rmtree(self._root, ignore_errors=True)

    def put(self, officer: OfficerName, attachment: str, number: int, data: bytes) -> None:
        """Keep a part; the same part twice is one."""
        if not 0 <= number < MAX_PARTS:
            raise Malformed("bad-part", f"part {number}")
        folder = self._folder(officer, attachment)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / str(number)).write_bytes(self._box.wrap(data, _place(officer, attachment, number)))

    def check(self, officer: OfficerName, files: Iterable[Attachment]) -> None:
        """Raise `Malformed("attachment-missing")` unless every file that a draft names is here, whole."""
        for file in files:
            found, size = hashlib.sha256(), 0
            for part in self.read(officer, file.id):
                found.update(part)
                size += len(part)
            if size != file.size or b64(found.digest()) != file.id:
                raise Malformed("attachment-missing", f"{file.name} was not handed over whole")

    def read(self, officer: OfficerName, attachment: str) -> Iterator[bytes]:
        """Return the parts of a file in their order, as far as they are here without a gap."""
        number, folder = 0, self._folder(officer, attachment)
        while (path := folder / str(number)).exists():
            yield self._box.unwrap(path.read_bytes(), _place(officer, attachment, number))
            number += 1

    def drop(self, officer: OfficerName, attachment: str) -> None:
        """Forget a file."""
        shutil.rmtree(self._folder(officer, attachment), ignore_errors=True)

    def _folder(self, officer: OfficerName, attachment: str) -> Path:
        unb64(attachment, 32)  # a name that is no hash could lead to another shelf
        return self._root / digest64("quartet/shelf/v1", officer) / attachment


def _place(officer: OfficerName, attachment: str, number: int) -> str:
    return f"staging/{officer}/{attachment}/{number}"
