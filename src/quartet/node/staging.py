"""Files handed over before their item is published; sealed on the disk, forgotten when the node stops or after use."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator

from quartet.core.encoding import b64, unb64
from quartet.core.faults import Malformed
from quartet.core.parcel import MAX_PARTS
from quartet.node.views import Attachment
from quartet.store import Store


class Staging:
    """Keeps parts until a draft names their file."""

    def __init__(self, store: Store) -> None:
        self._box = store.box
        self._root = store.path.parent / "staging"
        shutil.rmtree(self._root, ignore_errors=True)

    def put(self, attachment: str, number: int, data: bytes) -> None:
        """Keep a part; the same part twice is one."""
        unb64(attachment, 32)
        if not 0 <= number < MAX_PARTS:
            raise Malformed("bad-part", f"part {number}")
        folder = self._root / attachment
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / str(number)).write_bytes(self._box.wrap(data, f"staging/{attachment}/{number}"))

    def check(self, files: Iterable[Attachment]) -> None:
        """Raise `Malformed("attachment-missing")` unless every file that a draft names is here, whole."""
        for file in files:
            found, size = hashlib.sha256(), 0
            for part in self.read(file.id):
                found.update(part)
                size += len(part)
            if size != file.size or b64(found.digest()) != file.id:
                raise Malformed("attachment-missing", f"{file.name} was not handed over whole")

    def read(self, attachment: str) -> Iterator[bytes]:
        """Return the parts of a file in their order, as far as they are here without a gap."""
        number = 0
        while (path := self._root / attachment / str(number)).exists():
            yield self._box.unwrap(path.read_bytes(), f"staging/{attachment}/{number}")
            number += 1

    def drop(self, attachment: str) -> None:
        """Forget a file."""
        shutil.rmtree(self._root / attachment, ignore_errors=True)
