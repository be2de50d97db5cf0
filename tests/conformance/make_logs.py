"""Make the vectors of checkpoints, cosignatures and paths, from fixed seeds.

PYTHONPATH=src python tests/conformance/make_logs.py

ML-DSA-44 signs with chance: its lines are others each time, and each time right.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from quartet.core.encoding import b64
from quartet.core.faults import Fault
from quartet.core.ids import Commitment, ExchangeId, MemberId, Tick
from quartet.core.keys import SecretKey
from quartet.core.proof.checkpoint import (
    Checkpoint,
    cosign,
    cosign_slow,
    log_origin,
    make_checkpoint,
    read_checkpoint,
    verify_checkpoint,
    witness_name,
)
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.merkle import EMPTY_ROOT
from quartet.core.proof.note import SignatureLine, read_note
from quartet.core.proof.path import Path as LogPath
from quartet.core.proof.path import decode_path, encode_path, verify_path
from quartet.core.proof.tick import TickTree

HERE = Path(__file__).parent
LOG, EAST = SecretKey(b"l" * 32), SecretKey(b"e" * 32)
SLOW = MLDSA44PrivateKey.from_seed_bytes(b"s" * 32)
EXCHANGE = ExchangeId("A" * 43)
ORIGIN = log_origin(EXCHANGE, MemberId("north"), 1)
WITNESS = witness_name(EXCHANGE, MemberId("east"))
TIME = 1_800_000_000
FIRST = Tick(1_800_000_000)
Case = dict[str, Any]


def _said(note: str) -> Checkpoint:
    return read_checkpoint(read_note(note).text)


def _log(size: int) -> MerkleLog:
    log = MerkleLog()
    for n in range(size):
        log.append(bytes([n]) * 32)
    return log


def _note(size: int = 8, first: Tick = FIRST, origin: str = ORIGIN, key: SecretKey = LOG) -> str:
    root = _log(size).root() if size else EMPTY_ROOT
    return make_checkpoint(origin, size, root, first, key)


def checkpoints() -> Iterator[Case]:
    """Yield notes, right and wrong."""
    good = _note()
    lines = good.split("\n")
    stranger = SignatureLine(name="example.com/other", hint=b"\x01\x02\x03\x04", sig=bytes(64))
    yield _checkpoint("eight leaves", good)
    yield _checkpoint("empty log", _note(0))
    yield _checkpoint("first tick of 1970", _note(first=Tick(0)))
    yield _checkpoint("an unknown key's line is ignored", good + stranger.text)
    yield _checkpoint("other incarnation", _note(origin=ORIGIN[:-1] + "2"))
    yield _checkpoint("another key", _note(key=EAST))
    yield _checkpoint("size changed", _with(lines, 1, "9"))
    yield _checkpoint("first tick changed", _with(lines, 3, f"first-tick {FIRST + 1}"))
    yield _checkpoint("leading zero", _with(lines, 1, "08"))
    yield _checkpoint("size too large", _with(lines, 1, str(2**53)))
    yield _checkpoint("root of 31 bytes", _with(lines, 2, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="))
    yield _checkpoint("no root", "\n".join([*lines[:2], *lines[4:]]))
    yield _checkpoint("no first tick", "\n".join([*lines[:3], *lines[4:]]))
    yield _checkpoint("first tick with a leading zero", _with(lines, 3, "first-tick 08"))
    yield _checkpoint("another line after the first tick", _with(lines, 3, lines[3] + "\nmore"))
    yield _checkpoint("no blank line", "\n".join([*lines[:4], *lines[5:]]))
    yield _checkpoint("no last newline", good[:-1])
    yield _checkpoint("carriage returns", good.replace("\n", "\r\n"))
    yield _checkpoint("a hyphen for the em dash", good.replace("\u2014", "-"))
    yield _checkpoint("unpadded base64", good.replace("=\n", "\n").replace("\n\n", "=\n\n", 1))


def _with(lines: list[str], at: int, text: str) -> str:
    return "\n".join([*lines[:at], text, *lines[at + 1 :]])


def _checkpoint(name: str, note: str) -> Case:
    case: Case = {"name": name, "note": note, "origin": ORIGIN, "log_key": LOG.public.raw.hex()}
    try:
        said = verify_checkpoint(note, ORIGIN, LOG.public)
    except Fault as fault:
        return case | {"reason": fault.reason}
    return case | {"reason": None, "size": said.size, "root": said.root.hex(), "first_tick": said.first_tick}


def cosignatures() -> Iterator[Case]:
    """Yield a witness's lines, right and wrong, of either algorithm."""
    said = _said(_note())
    south = witness_name(EXCHANGE, MemberId("south"))
    slow = cosign_slow(said, WITNESS, TIME, SLOW)
    for alg, line, key in (
        ("Ed25519", cosign(said, WITNESS, TIME, EAST), EAST.public.raw),
        ("ML-DSA-44", slow, SLOW.public_key().public_bytes_raw()),
    ):
        later = SignatureLine(name=line.name, hint=line.hint, sig=(TIME + 1).to_bytes(8, "big") + line.sig[8:])
        alone = SignatureLine(name=line.name, hint=line.hint, sig=line.sig[:8])
        for name, shown, text, witness, reason in (
            ("accepted", line, said.text, WITNESS, None),
            ("over another checkpoint", line, _said(_note(9)).text, WITNESS, "bad-signature"),
            ("another date", later, said.text, WITNESS, "bad-signature"),
            ("another witness", line, said.text, south, "other-witness"),
            ("a date alone", alone, said.text, WITNESS, "bad-cosignature"),
        ):
            yield {
                "name": name,
                "alg": alg,
                "checkpoint": text,
                "line": shown.text,
                "witness": witness,
                "key": key.hex(),
                "time": TIME if reason is None else None,
                "reason": reason,
            }


def paths() -> Iterator[Case]:
    """Yield paths, right and wrong, to a log of eleven leaves."""
    cs = [hashlib.sha256(i.to_bytes(8, "big")).digest() for i in range(3)]
    tree, log = TickTree(bytes(range(32)), FIRST + 7, cs), MerkleLog()
    for n in range(11):
        log.append(tree.root if n == 7 else bytes([n]) * 32)
    good = LogPath(
        c=Commitment(b64(cs[1])),
        slot=tree.slot_of(cs[1]),
        slot_path=tuple(tree.path(cs[1])),
        tick=Tick(FIRST + 7),
        leaf_index=7,
        tick_path=log.inclusion(7),
        size=11,
    )
    data = encode_path(good)
    fields = msgspec.msgpack.decode(data)
    at = (11, log.root(), FIRST)
    yield _path("accepted", data, at)
    yield _path("another commitment", _field(fields, 0, cs[2]), at)
    yield _path("another slot", _field(fields, 1, good.slot ^ 1), at)
    yield _path("another tick", _field(fields, 3, FIRST + 8), at)
    yield _path("a log that began at another tick", data, (11, log.root(), Tick(FIRST + 1)))
    yield _path("another leaf", _field(_field_list(fields, 3, FIRST + 6), 4, 6), at)
    yield _path("another size", _field(fields, 6, 12), at)
    yield _path("a hash too few", _field(fields, 5, fields[5][:-32]), at)
    yield _path("a hash too many", _field(fields, 5, fields[5] + bytes(32)), at)
    yield _path("half a hash", _field(fields, 5, fields[5][:-16]), at)
    yield _path("slot beyond the tree", _field(fields, 1, 1 << 16), at)
    yield _path("leaf beyond the log", _field(fields, 4, 11), at)
    yield _path("fifteen hashes", _field(fields, 2, fields[2][:-32]), at)
    yield _path("six fields", msgspec.msgpack.encode(fields[:6]), at)
    yield _path("cut off", data[:-1], at)
    yield _path("a longer spelling", b"\xdc\x00\x07" + data[1:], at)
    yield _path("too large", data + bytes(4096), at)


def _field_list(fields: list[Any], at: int, value: object) -> list[Any]:
    return [*fields[:at], value, *fields[at + 1 :]]


def _field(fields: list[Any], at: int, value: object) -> bytes:
    return msgspec.msgpack.encode(_field_list(fields, at, value))


def _path(name: str, data: bytes, at: tuple[int, bytes, Tick]) -> Case:
    size, root, first = at
    case: Case = {"name": name, "path": data.hex(), "at_size": size, "root": root.hex(), "first_tick": first}
    try:
        path = decode_path(data)
        verify_path(path, size, root, first)
    except Fault as fault:
        return case | {"reason": fault.reason}
    told = {key: getattr(path, key) for key in ("c", "slot", "tick", "leaf_index", "size")}
    return case | {"reason": None} | told


ABOUT = {
    "checkpoint": (
        "Signed notes of logs. `reason` null: accepted, with size, root and first tick; else the reason word of the"
        " refusal. Keys hex.",
        checkpoints,
    ),
    "cosignature": (
        "Witness lines over the text of a checkpoint (c2sp.org/tlog-cosignature); time in seconds. Ed25519 lines are"
        " deterministic, ML-DSA-44 lines are not: verify those, do not compare. Keys hex.",
        cosignatures,
    ),
    "path": (
        "MessagePack arrays [c, slot, slot_path, tick, leaf_index, tick_path, size], hashes raw and joined; accepted"
        " where they lead to the checkpoint of `at_size`, `root` and `first_tick`. All hex but c.",
        paths,
    ),
}


if __name__ == "__main__":
    for name, (about, cases) in ABOUT.items():
        text = json.dumps({"about": about, "cases": list(cases())}, indent=1) + "\n"
        (HERE / f"{name}.json").write_text(text)
