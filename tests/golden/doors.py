"""Which function takes in which kind of golden file."""

from collections.abc import Callable

from four import EAST, NORTH, founded, key, right_control, right_statement, ring, roots, slow_key, state
from wrong_charter import absent_west, pair, without_west
from wrong_logs import FIRST, SIZE, checkpoint, log_root, origin
from wrong_passkeys import passkey_ring
from wrong_records import told

from quartet.core.charter import found, sign_charter
from quartet.core.facts import fact_of
from quartet.core.frame import verify_frame
from quartet.core.ids import MemberId
from quartet.core.manifest import verify_epoch_key, verify_officer_manifest, verify_wire_manifest
from quartet.core.parcel import unpack
from quartet.core.proof.checkpoint import (
    read_checkpoint,
    verify_checkpoint,
    verify_cosignature,
    verify_slow_cosignature,
    witness_name,
)
from quartet.core.proof.note import read_line, read_note
from quartet.core.proof.path import decode_path, verify_path
from quartet.core.receipt import open_batch, read_lone_receipt, verify_lone_receipt
from quartet.core.verify import verify_statement

Door = Callable[[bytes], object]


def _cosignature(data: bytes) -> object:
    seen = read_checkpoint(read_note(checkpoint()).text)
    name = witness_name(state().exchange, EAST)
    return verify_cosignature(seen, read_line(data.decode(errors="replace")), name, key(EAST, "log").public)


def _hourly_cosignature(data: bytes) -> object:
    seen = read_checkpoint(read_note(checkpoint()).text)
    name = witness_name(state().exchange, EAST)
    public = slow_key(EAST).public_key().public_bytes_raw()
    return verify_slow_cosignature(seen, read_line(data.decode(errors="replace")), name, public)


def _path(data: bytes) -> None:
    """Believe a path against the checkpoint that a reader holds: its size, its first tick, its root."""
    verify_path(decode_path(data), SIZE, log_root(), FIRST)


DOORS: dict[str, Door] = {
    "statement": lambda data: verify_statement(data, right_control(), ring()),
    "fact": lambda data: fact_of(verify_statement(data, None, ring())),
    "fact-by-passkey": lambda data: fact_of(verify_statement(data, None, passkey_ring())),
    "control": lambda data: verify_statement(right_statement(), data, ring()),
    "receipts": lambda data: open_batch(data, ring()),
    "lone-receipt": lambda data: verify_lone_receipt(read_lone_receipt(data), ring()),
    "on-record": told,
    "path": _path,
    "checkpoint": lambda data: verify_checkpoint(data.decode(errors="replace"), origin(), key(NORTH, "log").public),
    "cosignature": _cosignature,
    "hourly-cosignature": _hourly_cosignature,
    "manifest": lambda data: verify_wire_manifest(data, state()),
    "epoch-key": lambda data: verify_epoch_key(data, ring()),
    "officers": lambda data: verify_officer_manifest(data, state()),
    "charter": found,
    "act": lambda data: founded().apply(data),
    "act-after": lambda data: state().apply(data),
    "act-without-west": lambda data: without_west().apply(data),
    "act-while-west-is-absent": lambda data: absent_west().apply(data),
    "act-of-two": lambda data: found(sign_charter(pair(), roots(EAST, NORTH))).apply(data),
    "parcel": lambda data: unpack(data, NORTH, EAST, state().exchange, key(NORTH, "link").public),
    "frame": lambda data: verify_frame(data, MemberId(NORTH), ring()),
}
"""The door for each kind: it returns, or raises a fault. The acts differ in the charter that they come after."""
