"""What proves since when a commitment is on record, to whoever holds no leaf and no cosignature of that log himself.

A MessagePack array [slot, slot path, tick, leaf index, [[tick path, note], ...]]: the way into the tick, and from there
to each checkpoint that is shown, as a note with its log's signature and the lines of witnesses. Every witness is shown
once. It says nothing that a signature or a hash does not cover.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import Commitment, Micros, Tick
from quartet.core.packing import read_packed, write_packed
from quartet.core.proof.checkpoint import Checkpoint, dated, read_checkpoint
from quartet.core.proof.logkeys import LogKeyring
from quartet.core.proof.merkle import HASH_SIZE, MAX_PATH
from quartet.core.proof.note import SignatureLine, read_note, write_note
from quartet.core.proof.path import Path, verify_path
from quartet.core.proof.tick import DEPTH

MAX_SINCE: Final = 64 * 1024
MAX_MARKS: Final = 64
MAX_NOTE_TEXT: Final = 16 * 1024

_Count = Annotated[int, Meta(ge=0, lt=2**53)]


class _Mark(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    tick_path: Annotated[bytes, Meta(max_length=MAX_PATH * HASH_SIZE)]
    note: Annotated[str, Meta(max_length=MAX_NOTE_TEXT)]


class _Wire(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    slot: Annotated[int, Meta(ge=0, lt=1 << DEPTH)]
    slot_path: Annotated[bytes, Meta(min_length=DEPTH * HASH_SIZE, max_length=DEPTH * HASH_SIZE)]
    tick: _Count
    leaf_index: _Count
    marks: Annotated[tuple[_Mark, ...], Meta(min_length=1, max_length=MAX_MARKS)]


class Shown(NamedTuple):
    """A commitment's path to one checkpoint, the note of that, and the lines of some who cosigned it."""

    path: Path
    note: str
    lines: Sequence[SignatureLine]


class LogKeys(NamedTuple):
    """Whose log it is: its origin and keys, and with which keys a witness of that name cosigns, if there is one."""

    origin: str
    keys: LogKeyring
    witness: Callable[[str], LogKeyring | None]


def make_since(shown: Sequence[Shown]) -> bytes:
    """Return the bytes in which the proof travels; each of `shown` is the same commitment's."""
    first = shown[0].path
    marks = tuple(_Mark(b"".join(one.path.tick_path), _note(one)) for one in shown)
    return write_packed(_Wire(first.slot, b"".join(first.slot_path), first.tick, first.leaf_index, marks))


def verify_since(data: bytes, c: Commitment, keys: LogKeys) -> Path:
    """Return the way into the log, to the first checkpoint shown, once everything was checked.

    (1) shape, (2) each checkpoint is the log's and signed by it, the smaller first, (3) the path leads from the
    commitment to each, (4) each line is that of a witness who is known, (5) and who is not shown twice.
    """
    wire = _read(data)
    seen: set[str] = set()
    ways: list[Path] = []
    for mark in wire.marks:
        lines, checkpoint = _lines(mark), keys.keys.checkpoint(mark.note, keys.origin)
        if ways and checkpoint.size <= ways[-1].size:
            raise Malformed("unsorted", f"checkpoint {checkpoint.size} after {ways[-1].size}")
        ways.append(_path(wire, mark, c, checkpoint.size))
        verify_path(ways[-1], checkpoint.size, checkpoint.root, checkpoint.first_tick)
        for line in lines:
            _check_line(line, checkpoint, keys)
            if line.name in seen:
                raise Untrusted("cosigned-twice", line.name[:120])
            seen.add(line.name)
    return ways[0]


def read_tick(data: bytes) -> Tick:
    """Return in which tick the commitment lies, as a proof says that was checked when it came."""
    return Tick(_read(data).tick)


def read_dates(data: bytes) -> Mapping[str, Micros]:
    """Return when each witness, by its name, cosigned, as a proof says that was checked when it came."""
    return {line.name: dated(line) for mark in _read(data).marks for line in _lines(mark)}


def _read(data: bytes) -> _Wire:
    return read_packed(data, _Wire, MAX_SINCE)


def _note(shown: Shown) -> str:
    note = read_note(shown.note)
    return write_note(note.text, [note.signatures[0], *sorted(shown.lines, key=lambda line: line.name)])


def _path(wire: _Wire, mark: _Mark, c: Commitment, size: int) -> Path:
    return Path(
        c=c,
        slot=wire.slot,
        slot_path=_hashes(wire.slot_path),
        tick=Tick(wire.tick),
        leaf_index=wire.leaf_index,
        tick_path=_hashes(mark.tick_path),
        size=size,
    )


def _hashes(raw: bytes) -> tuple[bytes, ...]:
    if len(raw) % HASH_SIZE:
        raise Malformed("bad-path", f"{len(raw)} bytes of hashes")
    return tuple(raw[i : i + HASH_SIZE] for i in range(0, len(raw), HASH_SIZE))


def _lines(mark: _Mark) -> tuple[SignatureLine, ...]:
    """Return the witnesses' lines of a note: behind that of its log, by their names, one at least."""
    note = read_note(mark.note)
    first, *lines = note.signatures
    if first.name != read_checkpoint(note.text).origin or not lines or lines != sorted(lines, key=lambda x: x.name):
        raise Malformed("bad-note", "the log's signature, then its witnesses' by their names")
    return tuple(lines)


def _check_line(line: SignatureLine, checkpoint: Checkpoint, keys: LogKeys) -> None:
    ring = keys.witness(line.name)
    if ring is None:
        raise Untrusted("unknown-witness", line.name[:120])
    ring.cosigned(checkpoint, line, line.name)
