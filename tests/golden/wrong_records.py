"""Each way in which what is told of times - since when a statement or a receipt is on record - can be wrong."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
from four import EAST, NOON, NORTH, SOUTH, WEST, key, ring, seed, state, verified
from wrong import Case, flipped, malformed, right, spelt, untrusted
from wrong_carriage import lone, receipt

from quartet.core.encoding import b64, encode, unb64
from quartet.core.ids import SECOND, Commitment, MemberId, Tick
from quartet.core.keyring import KeyEntry
from quartet.core.keys import SecretKey
from quartet.core.onrecord import Held, Proven, read_on_record, verify_on_record, write_on_record
from quartet.core.proof.checkpoint import cosign, log_origin, make_checkpoint, read_checkpoint, witness_name
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.logkeys import LogKeyring
from quartet.core.proof.note import SignatureLine, read_note, write_note
from quartet.core.proof.path import Path
from quartet.core.proof.since import LogKeys, Shown, make_since
from quartet.core.proof.tick import TickTree
from quartet.core.receipt import LoneReceipt, Receipt, lone_commitment, lone_receipt, make_batch

INDEX = 2
TICK = Tick(NOON // SECOND + 1)
FIRST = Tick(TICK - INDEX)
SIZES = (INDEX + 1, INDEX + 3)
WITNESSES = (NORTH, SOUTH, WEST)


def told(data: bytes) -> Proven:
    """Take in what is told of north's report, as its holders do."""
    held = Held(verified().id, verified().c, NORTH)
    return verify_on_record(read_on_record(data), held, ring(), log_keys)


def log_keys(member: MemberId) -> LogKeys:
    """Return by which keys a log of the four is believed."""
    names = {witness_name(state().exchange, m): _log_keyring(m) for m in (EAST, *WITNESSES)}
    return LogKeys(log_origin(state().exchange, member, 1), _log_keyring(member), names.get)


def _log_keyring(member: MemberId) -> LogKeyring:
    return LogKeyring(member, SECOND, (KeyEntry(public=key(member, "log").public),), ())


def records() -> Iterator[Case]:
    """Yield the golden files of what is told of times."""
    yield right("on-record", right_record())
    yield from _wrappings()
    yield from _receipts()
    yield from _ways()


def right_record() -> bytes:
    """Return east's receipt for north's report, on record in east's log by the cosignatures of all three."""
    return _record(lone())


def statement_record() -> bytes:
    """Return north's report itself, on record in north's log."""
    return write_on_record(verified().id, b"", proof(verified().c, NORTH))


@cache
def tree(c: Commitment) -> TickTree:
    """Return the tick in which a commitment is."""
    return TickTree(seed("a tick"), TICK, [seed("before"), unb64(c, 32)])


def log(c: Commitment) -> MerkleLog:
    """Return the log in which that tick is a leaf."""
    grown = MerkleLog()
    for n in range(max(SIZES)):
        grown.append(tree(c).root if n == INDEX else TickTree(seed("a tick"), FIRST + n, []).root)
    return grown


def path(c: Commitment, size: int) -> Path:
    """Return the commitment's path to a size."""
    raw, way = unb64(c, 32), log(c).inclusion(INDEX, size)
    return Path(c, tree(c).slot_of(raw), tuple(tree(c).path(raw)), TICK, INDEX, tuple(way), size)


def note(c: Commitment, member: str, size: int) -> str:
    """Return the log's checkpoint of a size."""
    origin = log_origin(state().exchange, MemberId(member), 1)
    return make_checkpoint(origin, size, log(c).root(size), FIRST, key(member, "log"))


def line(text: str, witness: str, signer: SecretKey | None = None) -> SignatureLine:
    """Return a witness's line under a note."""
    name = witness_name(state().exchange, MemberId(witness))
    return cosign(read_checkpoint(read_note(text).text), name, NOON // SECOND + 2, signer or key(witness, "log"))


def proof(c: Commitment, member: str = EAST) -> bytes:
    """Return what proves a commitment's time: two witnesses at once, and one two ticks later."""
    first, *rest = (m for m in (EAST, *WITNESSES) if m != member)
    notes = [note(c, member, size) for size in SIZES]
    shown = [
        Shown(path(c, SIZES[0]), notes[0], [line(notes[0], witness) for witness in rest]),
        Shown(path(c, SIZES[1]), notes[1], [line(notes[1], first)]),
    ]
    return make_since(shown)


def _record(made: LoneReceipt, c: Commitment | None = None) -> bytes:
    return write_on_record(verified().id, encode(made), proof(c or lone_commitment(made)))


def _of(said: Receipt, use: str = "item", member: str = EAST) -> bytes:
    """Return a receipt told as one of north's report, in a batch of its own, whatever it says."""
    made = lone_receipt(make_batch([said], key(member, use)), said.id)
    assert made is not None
    return _record(made)


def _wrappings() -> Iterator[Case]:
    good = msgspec.msgpack.decode(right_record())
    yield malformed("on-record", "not-msgpack", b"\xc1", "bad-shape")
    yield malformed("on-record", "half-an-id", msgspec.msgpack.encode([good[0][:16], *good[1:]]), "bad-shape")
    yield malformed("on-record", "longer-spelling", b"\xdc\x00\x03" + right_record()[1:], "not-canonical")
    yield malformed("on-record", "too-large", right_record() + bytes(128 * 1024), "too-large")
    other = msgspec.msgpack.encode([seed("other"), *good[1:]])
    yield untrusted("on-record", "other-item", other, "receipt-other-item")


def _receipts() -> Iterator[Case]:
    good = msgspec.msgpack.decode(right_record())
    unknown = msgspec.msgpack.encode([good[0], spelt(lone(), also=1), good[2]])
    yield malformed("on-record", "unknown-field", unknown, "bad-shape")
    altered = spelt(lone(), receipt=b64(encode(receipt(state="HELD"))))
    yield untrusted("on-record", "altered", msgspec.msgpack.encode([good[0], altered, good[2]]), "receipts-other-root")
    yield untrusted("on-record", "of-a-stranger", _of(receipt(), "link"), "unknown-key")
    yield untrusted("on-record", "of-another-item", _of(receipt(1)), "receipt-other-item")
    yield untrusted("on-record", "of-another-copy", _of(receipt(c=b64(seed("c")))), "receipt-other-item")
    yield untrusted("on-record", "only-parked", _of(receipt(state="PARKED")), "receipt-not-verified")
    yield untrusted("on-record", "by-the-author", _of(receipt(recipient=NORTH), member=NORTH), "receipt-own")
    yield untrusted("on-record", "key-revoked", _of(receipt(), "old item"), "key-revoked")


def _told(wire: Sequence[Any], *marks: Sequence[Any]) -> bytes:
    """Return the right receipt with another proof: the same way into the tick, and these checkpoints."""
    return write_on_record(verified().id, encode(lone()), msgspec.msgpack.encode([*wire[:4], list(marks)]))


def _ways() -> Iterator[Case]:
    c = lone_commitment(lone())
    wire = msgspec.msgpack.decode(proof(c))
    first, second = wire[4]
    yield malformed("on-record", "no-checkpoint", _told(wire), "bad-shape")
    yield malformed("on-record", "half-a-hash", _told(wire, [first[0][:-1], first[1]]), "bad-path")
    yield malformed("on-record", "later-checkpoint-first", _told(wire, second, first), "unsorted")
    bare = note(c, EAST, SIZES[0])
    yield malformed("on-record", "no-witness", _told(wire, [first[0], bare]), "bad-note")
    south, west = line(bare, SOUTH), line(bare, WEST)
    yield malformed("on-record", "unsorted", _told(wire, [first[0], _noted(bare, west, south)]), "bad-note")
    yield untrusted("on-record", "other-way", _told(wire, [flipped(first[0], 0), first[1]]), "bad-path")
    yield untrusted("on-record", "other-tick", _told([*wire[:2], TICK + 1, INDEX], first), "other-tick")
    yield untrusted("on-record", "proof-of-another", _record(lone(), verified().c), "bad-path")
    of_north = note(c, NORTH, SIZES[0])
    yield untrusted("on-record", "other-log", _told(wire, [first[0], _noted(of_north, south)]), "other-log")
    stranger = line(bare, "stranger", key(WEST, "log"))
    yield untrusted("on-record", "unknown-witness", _told(wire, [first[0], _noted(bare, stranger)]), "unknown-witness")
    forged = line(bare, SOUTH, key(WEST, "log"))
    yield untrusted("on-record", "forged", _told(wire, [first[0], _noted(bare, forged)]), "other-witness")
    twice = [second[0], _noted(note(c, EAST, SIZES[1]), line(note(c, EAST, SIZES[1]), SOUTH))]
    yield untrusted("on-record", "cosigned-twice", _told(wire, first, twice), "cosigned-twice")


def _noted(text: str, *lines: SignatureLine) -> str:
    said = read_note(text)
    return write_note(said.text, [said.signatures[0], *lines])
