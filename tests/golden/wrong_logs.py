"""Each way in which a path, a checkpoint or a cosignature can be wrong."""

import base64
from collections.abc import Iterator
from functools import cache
from pathlib import Path as Folder

import msgspec
from four import EAST, NOON, NORTH, SOUTH, key, seed, slow_key, state, verified
from wrong import Case, flipped, malformed, right, untrusted

from quartet.core.encoding import unb64
from quartet.core.ids import SECOND, Tick
from quartet.core.proof.checkpoint import (
    cosign,
    cosign_slow,
    log_origin,
    make_checkpoint,
    read_checkpoint,
    witness_name,
)
from quartet.core.proof.merkle import inclusion_path, leaf_hash, root_of
from quartet.core.proof.note import ALG_COSIGNATURE_ML_DSA_44, key_hint, read_note
from quartet.core.proof.path import Path, encode_path
from quartet.core.proof.tick import TickTree

SIZE = 5
INDEX = 2
FIRST = Tick(NOON // SECOND - INDEX)


def logs() -> Iterator[Case]:
    """Yield the golden files of paths, checkpoints and cosignatures."""
    yield right("path", encode_path(path()))
    yield from _paths()
    yield right("checkpoint", checkpoint().encode())
    yield from _checkpoints()
    yield right("cosignature", cosignature().encode())
    yield from _cosignatures()
    yield from _hourly_cosignatures()


@cache
def tree() -> TickTree:
    """Return the tick in which north's report is."""
    return TickTree(seed("tick"), NOON // SECOND, [seed("before"), unb64(verified().c, 32)])


@cache
def leaves() -> tuple[bytes, ...]:
    """Return the leaf hashes of north's log."""
    roots = [TickTree(seed("tick"), NOON // SECOND - INDEX + n, []).root for n in range(SIZE)]
    roots[INDEX] = tree().root
    return tuple(leaf_hash(r) for r in roots)


def log_root() -> bytes:
    """Return the root of north's log."""
    return root_of(leaves())


def origin() -> str:
    """Return the name of north's log."""
    return log_origin(state().exchange, NORTH, 1)


def path() -> Path:
    """Return the path of north's report."""
    c = unb64(verified().c, 32)
    return Path(
        c=verified().c,
        slot=tree().slot_of(c),
        slot_path=tuple(tree().path(c)),
        tick=Tick(NOON // SECOND),
        leaf_index=INDEX,
        tick_path=tuple(inclusion_path(leaves(), INDEX)),
        size=SIZE,
    )


def _paths() -> Iterator[Case]:
    good = encode_path(path())
    fields = msgspec.msgpack.decode(good)
    yield malformed("path", "not-msgpack", b"\xc1", "bad-shape")
    yield malformed("path", "too-large", good + bytes(4096), "too-large")
    yield malformed("path", "longer-spelling", b"\xdc\x00\x07" + good[1:], "not-canonical")
    yield malformed("path", "slot-outside", _path(fields, 1, 65_536), "bad-path")
    yield malformed("path", "leaf-outside", _path(fields, 4, SIZE), "bad-path")
    yield malformed("path", "half-a-hash", _path(fields, 5, fields[5][:-1]), "bad-path")
    yield untrusted("path", "other-commitment", _path(fields, 0, seed("other")), "bad-path")
    yield untrusted("path", "other-slot", _path(fields, 1, fields[1] ^ 1), "bad-path")
    moved = msgspec.msgpack.decode(_path(fields, 3, fields[3] + 1))
    yield untrusted("path", "other-leaf", _path(moved, 4, INDEX + 1), "bad-path")
    yield untrusted("path", "other-size", _path(fields, 6, 7), "other-size")
    yield untrusted("path", "other-tick", _path(fields, 3, fields[3] + 1), "other-tick")
    yield untrusted("path", "one-hash-less", _path(fields, 5, fields[5][:-32]), "bad-path")
    yield untrusted("path", "hash-altered", _path(fields, 5, flipped(fields[5], 0)), "bad-path")


def _path(fields: list[object], at: int, value: object) -> bytes:
    return msgspec.msgpack.encode([*fields[:at], value, *fields[at + 1 :]])


def checkpoint() -> str:
    """Return the signed note of north's log."""
    return make_checkpoint(origin(), SIZE, log_root(), FIRST, key(NORTH, "log"))


def _checkpoints() -> Iterator[Case]:
    good = checkpoint()
    other = log_origin(state().exchange, NORTH, 2)
    lines = good.split("\n")
    yield malformed("checkpoint", "no-signatures", (good.split("\n\n")[0] + "\n").encode(), "bad-note")
    yield malformed("checkpoint", "too-large", ("a" * 65_536 + good).encode(), "too-large")
    yield malformed("checkpoint", "size-with-a-zero", _lines(lines, 1, "05"), "bad-checkpoint")
    yield malformed("checkpoint", "short-root", _lines(lines, 2, "AAAA"), "bad-checkpoint")
    for name, line in (("first-tick-with-a-zero", "first-tick 05"), ("more-than-a-first-tick", f"{lines[3]}\nmore")):
        yield malformed("checkpoint", name, _lines(lines, 3, line), "no-first-tick")
    yield malformed("checkpoint", "without-a-first-tick", "\n".join(lines[:3] + lines[4:]).encode(), "no-first-tick")
    yield malformed("checkpoint", "bad-signature-line", _lines(lines, 5, "- " + origin()), "bad-signature-line")
    yield malformed("checkpoint", "plus-in-the-origin", _lines(lines, 0, "a+b"), "bad-key-name")
    crowd = good + lines[5].join([""] + ["\n"] * 100)
    yield malformed("checkpoint", "too-many-signatures", crowd.encode(), "too-many-signatures")
    yield untrusted("checkpoint", "other-log", _note(other).encode(), "other-log")
    by_east = make_checkpoint(origin(), SIZE, log_root(), FIRST, key(EAST, "log"))
    yield untrusted("checkpoint", "signed-by-another", by_east.encode(), "signature-missing")
    yield untrusted("checkpoint", "other-size", _lines(lines, 1, "6"), "bad-signature")
    yield untrusted("checkpoint", "other-first-tick", _lines(lines, 3, f"first-tick {FIRST + 1}"), "bad-signature")


def _note(name: str) -> str:
    return make_checkpoint(name, SIZE, log_root(), FIRST, key(NORTH, "log"))


def _lines(lines: list[str], at: int, text: str) -> bytes:
    return "\n".join([*lines[:at], text, *lines[at + 1 :]]).encode()


def cosignature(member: str = EAST, use: str = "log") -> str:
    """Return east's cosignature of the checkpoint, as a line without its newline."""
    name = witness_name(state().exchange, EAST)
    line = cosign(read_checkpoint(read_note(checkpoint()).text), name, NOON // SECOND + 1, key(member, use))
    return line.text.rstrip("\n")


def _cosignatures() -> Iterator[Case]:
    good = cosignature()
    name, blob = good.removeprefix("\u2014 ").split(" ")
    raw = base64.b64decode(blob)
    yield malformed("cosignature", "no-line", b"east", "bad-signature-line")
    yield malformed("cosignature", "too-short", _line(name, raw[:12]), "bad-cosignature")
    yield malformed("cosignature", "no-time", _line(name, raw[:4] + bytes(8) + raw[12:]), "bad-cosignature")
    yield untrusted("cosignature", "other-key", cosignature(SOUTH).encode(), "other-witness")
    yield untrusted("cosignature", "other-name", good.replace("/east", "/south").encode(), "other-witness")
    yield untrusted("cosignature", "other-time", _line(name, flipped(raw, 11)), "bad-signature")


HOURLY = Folder(__file__).parent / "hourly-cosignature" / "right.bin"
"""Made once: ML-DSA-44 signs with chance, so that nobody makes the same bytes again."""


def make_hourly_cosignature() -> bytes:
    """Return east's hourly cosignature of the checkpoint, another one each time."""
    said = read_checkpoint(read_note(checkpoint()).text)
    name = witness_name(state().exchange, EAST)
    return cosign_slow(said, name, NOON // SECOND + 1, slow_key(EAST)).text.rstrip("\n").encode()


def _hourly_cosignatures() -> Iterator[Case]:
    good = HOURLY.read_text()
    name, blob = good.removeprefix("\u2014 ").split(" ")
    raw = base64.b64decode(blob)
    yield right("hourly-cosignature", good.encode())
    yield malformed("hourly-cosignature", "too-short", _line(name, raw[:12]), "bad-cosignature")
    yield malformed("hourly-cosignature", "no-time", _line(name, raw[:4] + bytes(8) + raw[12:]), "bad-cosignature")
    yield untrusted("hourly-cosignature", "of-each-tick", cosignature().encode(), "other-witness")
    other = key_hint(name, ALG_COSIGNATURE_ML_DSA_44, slow_key(SOUTH).public_key().public_bytes_raw())
    yield untrusted("hourly-cosignature", "other-key", _line(name, other + raw[4:]), "other-witness")
    yield untrusted("hourly-cosignature", "other-name", good.replace("/east", "/south").encode(), "other-witness")
    yield untrusted("hourly-cosignature", "other-time", _line(name, flipped(raw, 11)), "bad-signature")
    yield untrusted("hourly-cosignature", "forged", _line(name, flipped(raw, 1000)), "bad-signature")
    yield untrusted("hourly-cosignature", "cut-off", _line(name, raw[:-1]), "bad-signature")


def _line(name: str, raw: bytes) -> bytes:
    return f"\u2014 {name} {base64.b64encode(raw).decode()}".encode()
