"""Carry files to the node and back, part by part.

A file is named by the root of its parts' tree: a part may come twice, and what comes back is checked before it is
named.
"""

import mimetypes
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from quartet.cli.client import Client
from quartet.cli.output import progress, size_text
from quartet.console.shapes import MAX_PART
from quartet.core.attachment import FileTree, safe_name
from quartet.core.faults import Malformed, Untrusted
from quartet.node.files import refused
from quartet.node.views import Attachment, Shown

MAX_ATTACHMENT: Final = 2 * 1024**3


def upload(client: Client, files: list[Path], *, keep: bool, quiet: bool) -> tuple[Attachment, ...]:
    """Hand files to the node, and return how the draft names them; with `keep` false only name them."""
    named = [(path, describe(path)) for path in files]
    with progress(quiet=quiet) as bar:
        for path, attachment in named if keep else ():
            task = bar.add_task(f"attach {attachment.name}", total=attachment.size)
            for number, part in enumerate(parts(path)):
                client.put(f"/attachments/{attachment.id}/parts/{number}", part)
                bar.advance(task, len(part))
    return tuple(attachment for _, attachment in named)


def describe(path: Path) -> Attachment:
    """Return a file's name, size and hash; raise `Malformed` where it is empty, too large or not there."""
    tree = FileTree()
    for part in parts(path):
        tree.add(part)
    if tree.size == 0:
        raise Malformed("empty-file", f"{path} holds nothing: name another file")
    name = unicodedata.normalize("NFC", path.name)
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Attachment(id=tree.id, name=name, size=tree.size, media_type=guessed)


def parts(path: Path) -> Iterator[bytes]:
    """Give a file in parts of 256 KiB, the last one less."""
    try:
        if path.stat().st_size > MAX_ATTACHMENT:
            size = size_text(path.stat().st_size)
            raise Malformed("too-large", f"{path} has {size} where a file may have {size_text(MAX_ATTACHMENT)}")
        with path.open("rb") as source:
            yield from iter(lambda: source.read(MAX_PART), b"")
    except OSError as error:
        raise Malformed("no-file", f"{path}: {error.strerror}; name a file that you can read") from error


def save(client: Client, shown: Shown, folder: Path, *, quiet: bool) -> list[Path]:
    """Write an item's files into `folder`; what is there already stays, and is refused."""
    saved = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with progress(quiet=quiet) as bar:
            for attachment in shown.attachments:
                task = bar.add_task(f"save {safe_name(attachment.name)}", total=attachment.size)
                blocks = client.blocks(f"/items/{shown.id}/attachments/{attachment.id}")
                saved.append(_write(folder, attachment, bar.track(blocks, task_id=task)))
    except OSError as error:
        raise refused(error, folder, "cannot-write") from error
    return saved


def _write(folder: Path, attachment: Attachment, blocks: Iterable[bytes]) -> Path:
    path = folder / safe_name(attachment.name)
    if path.exists():
        raise Malformed("file-exists", f"{path}: name another folder with --save")
    tree = FileTree()
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as sink:
        unnamed = Path(sink.name)
        try:
            for part in in_parts(blocks):
                tree.add(part)
                sink.write(part)
            if tree.id != attachment.id:
                raise Untrusted("other-file", f"{attachment.name} came not as it was signed; it was not kept")
            unnamed.replace(path)
        finally:
            unnamed.unlink(missing_ok=True)
    return path


def in_parts(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Give bytes that came in blocks of any size as the parts of a file."""
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) >= MAX_PART:
            yield bytes(held[:MAX_PART])
            del held[:MAX_PART]
    if held:
        yield bytes(held)
