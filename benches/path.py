"""What one item costs the author and each recipient in CPU, step by step, beside the cryptography of the step alone.

One thread, no network, no database: the steps are the calls that a node makes, in its batches, over the same items each
time. A step's time is the least of several rounds, which other work on the machine disturbs little.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from nacl.bindings import crypto_sign, crypto_sign_open

from benches.table import Table
from quartet.core.control import make_control, sign_control
from quartet.core.encoding import encode, unb64
from quartet.core.facts import Facts
from quartet.core.gate import Gate
from quartet.core.ids import Commitment, Epoch, MemberId, OfficerName, Tick
from quartet.core.keys import SecretKey, preauth
from quartet.core.parcel import (
    Content,
    Header,
    Parcel,
    content_hash,
    open_content,
    pack,
    pack_contents,
    released_contents,
    unpack,
)
from quartet.core.proof.path import Path, decode_path, encode_path, root_in_tick
from quartet.core.proof.tick import DEPTH, TickTree
from quartet.core.receipt import Receipt, make_batch, open_batch
from quartet.core.release import Case, Released
from quartet.core.statement import Statement, item_id, sign_bytes
from quartet.core.verify import Verified, verify_statement
from quartet.exercise.world import NOON, World, exchange, seed
from quartet.node.drafting import Speaker, item_statement, marking_of
from quartet.node.filing import new_item
from quartet.node.views import Draft
from quartet.wire import EpochSecret, open_sealed
from quartet.wire.seal import _SUITE, seal

ITEMS: Final = 240
"""Items of a round: four parcels to each, and about what a busy tick holds."""
BATCH: Final = 60
ROUNDS: Final = 7
AUTHOR: Final = MemberId("north")
PEERS: Final = tuple(MemberId(m) for m in ("east", "south", "west"))
SIZE: Final = 2048
TICK: Final = Tick(1_700_000_000)
PEAKS: Final = tuple(seed("peak", n) for n in range(12))
"""The tick's path in a log of an hour."""

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Step:
    """What one side does for all items, and the bare cryptography of it."""

    who: str
    name: str
    run: Run
    bare: Run | None = None


def measure() -> Table:
    """Take every item the whole way, and say what each step of it cost."""
    steps = _Way().steps()
    rows, sums = [], {"author": [0.0, 0.0], "recipient": [0.0, 0.0]}
    for step, spent, bare in [(s, *t) for s, t in zip(steps, _timed(steps), strict=True)]:
        rows.append((f"{step.who}: {step.name}", *_cells(spent, bare)))
        sums[step.who][0] += spent
        sums[step.who][1] += bare
    author, each = sums["author"], sums["recipient"]
    rows.append(("**author, together**", *_cells(*author)))
    rows.append(("**each recipient, together**", *_cells(*each)))
    rows.append(("**author and three recipients**", *_cells(author[0] + 3 * each[0], author[1] + 3 * each[1])))
    said = (
        f"One thread, {ITEMS} items of {SIZE} bytes for three members, in parcels of {BATCH} and one tick; the least of"
        f" {ROUNDS} rounds. What is sent to three is counted three times. The database, the network and the event loop"
        " are not in it."
    )
    head = ("step", "CPU µs an item", "its cryptography alone", "the rest")
    return Table("Path of an item", head, rows, said)


def _cells(spent: float, bare: float) -> tuple[str, str, str]:
    return f"{spent:.1f}", f"{bare:.1f}" if bare else "", f"{spent - bare:.1f}"


def _timed(steps: list[Step]) -> list[tuple[float, float]]:
    best = [[float("inf"), 0.0 if step.bare is None else float("inf")] for step in steps]
    for _ in range(ROUNDS):
        for times, step in zip(best, steps, strict=True):
            times[0] = min(times[0], _spent(step.run))
            if step.bare is not None:
                times[1] = min(times[1], _spent(step.bare))
    return [(whole, bare) for whole, bare in best]


def _spent(run: Run) -> float:
    """Return the CPU microseconds an item that a run over all items takes."""
    start = time.process_time_ns()
    run()
    return (time.process_time_ns() - start) / 1e3 / ITEMS


class _Way:
    """The items at each point of their way; every step reads what the one before it left, and leaves its own."""

    def __init__(self) -> None:
        self.world: World = exchange(AUTHOR, *PEERS)
        self.ring = self.world.keyring
        self.key = self.world.key(AUTHOR)
        self.link = {m: SecretKey(seed("link", m)) for m in (AUTHOR, *PEERS)}
        self.epoch = {
            m: EpochSecret(seed("epoch", m, 1) + seed("epoch", m, 2) + seed("epoch", m, 3)) for m in (AUTHOR, *PEERS)
        }
        self.statements: list[Statement] = []
        self.signed: list[tuple[bytes, bytes]] = []
        self.controls: list[bytes] = []
        self.items: list[Verified] = []
        self.released: list[list[Released]] = []
        self.parcels: list[Parcel] = []
        self.sealed: list[bytes] = []
        self.opened: list[bytes] = []
        self.contents: list[tuple[Content, ...]] = []
        self.batches: list[bytes] = []
        self.answers: list[bytes] = []
        self.tree = TickTree(seed("tick"), TICK, [])
        self.paths: list[bytes] = []
        self.commitments: list[Commitment] = []

    def steps(self) -> list[Step]:
        """Return the way, in its order."""
        return [
            Step("author", "draft to statement bytes", self.draft),
            Step("author", "sign the statement", self.sign, self.bare_sign),
            Step("author", "make and sign the control", self.control, self.bare_control),
            Step("author", "verify it as a recipient would", self.believe, self.bare_believe),
            Step("author", "decide for three", self.decide),
            Step("author", "make its row for the store", self.row),
            Step("author", "ask the gate for three", self.gate),
            Step("author", "parcel contents for three", self.fill),
            Step("author", "pack three parcels", self.pack, self.bare_pack),
            Step("author", "seal three parcels", self.seal, self.bare_seal),
            Step("recipient", "open the seal", self.open, self.bare_open),
            Step("recipient", "unpack the parcel", self.unpack, self.bare_unpack),
            Step("recipient", "verify the statement", self.receive, self.bare_believe),
            Step("recipient", "make receipts, sign the batch", self.receipt, self.bare_receipt),
            Step("recipient", "pack and seal the receipts", self.answer, self.bare_answer),
            Step("author", "open and unpack receipts of three", self.hear, self.bare_hear),
            Step("author", "open three batches of receipts", self.batch, self.bare_batch),
            Step("author", "tree of the tick", self.grow, self.bare_grow),
            Step("author", "paths for three", self.prove),
            Step("recipient", "check the path", self.check, self.bare_check),
        ]

    # -- the author

    def draft(self) -> None:
        speaker = Speaker(self.world.id, Epoch(0), AUTHOR, OfficerName("officer"), NOON, sure=True, nonce=seed("nonce"))
        self.statements, self.data = [], []
        for n in range(ITEMS):
            draft = Draft(tlp="AMBER", title=f"item {n}", text="x" * SIZE, to=PEERS)
            statement = item_statement(draft, None, speaker, marking_of(draft, PEERS), (), ())
            self.statements.append(statement)
            self.data.append(encode(statement))

    def sign(self) -> None:
        self.sent = [sign_bytes(data, self.key) for data in self.data]

    def bare_sign(self) -> None:
        secret = self.key._secret
        self.raw_statements = [crypto_sign(preauth("statement", data), secret) for data in self.data]

    def control(self) -> None:
        issued = NOON // self.world.membership.tick
        self.controls = []
        for n, (statement, data) in enumerate(zip(self.statements, self.data, strict=True)):
            raw = make_control(statement, item_id(data), seed("serial", n)[:16], issued)
            self.controls.append(encode(sign_control(raw, self.key)))
        self.signed = list(zip(self.sent, self.controls, strict=True))

    def bare_control(self) -> None:
        secret = self.key._secret
        raws = [preauth("control", b"c" * 400)] * ITEMS
        self.raw_controls = [crypto_sign(raw, secret) for raw in raws]
        for data in self.data:
            hashlib.sha256(data).digest()

    def believe(self) -> None:
        self.items = [verify_statement(signed, control, self.ring) for signed, control in self.signed]

    def bare_believe(self) -> None:
        public = self.key.public.raw
        for data, statement, control in zip(self.data, self.raw_statements, self.raw_controls, strict=True):
            crypto_sign_open(statement, public)
            crypto_sign_open(control, public)
            hashlib.sha256(data).digest()
            hashlib.sha256(b"c" * 400).digest()
            hashlib.sha256(b"c" * 120).digest()

    def decide(self) -> None:
        for item in self.items:
            case = Case(item, Facts.NONE, self.world.membership, NOON)
            for peer in PEERS:
                case.decide(peer)

    def row(self) -> None:
        for item in self.items:
            new_item(item, NOON, AUTHOR)

    def gate(self) -> None:
        held = {item.id: item for item in self.items}
        gate = Gate(self.world.membership, lambda item: (held[item], Facts.NONE))
        self.released = [[_released(gate.release(item.id, peer, NOON)) for peer in PEERS] for item in self.items]

    def fill(self) -> None:
        self.loads = {p: [released_contents(r[n]) for r in self.released] for n, p in enumerate(PEERS)}

    def pack(self) -> None:
        self.parcels = [
            self._pack(AUTHOR, peer, [c for item in load[at : at + BATCH] for c in item])
            for peer, load in self.loads.items()
            for at in range(0, ITEMS, BATCH)
        ]

    def _pack(self, frm: MemberId, to: MemberId, contents: list[Content]) -> Parcel:
        content = pack_contents(contents)
        header = Header(
            v=1,
            exchange=self.world.id,
            epoch=0,
            frm=frm,
            to=to,
            incarnations=(1, 1),
            seq=7,
            previous=self.world.id,
            received=(6, self.world.id),
            voids=(),
            content_hash=content_hash(content),
            checkpoint="c" * 250,
        )
        return pack(header, content, self.link[frm])

    def bare_pack(self) -> None:
        _signed_hashes(self.parcels, self.link[AUTHOR])

    def seal(self) -> None:
        whom = [peer for peer in PEERS for _ in range(0, ITEMS, BATCH)]
        self.sealed = [self._seal(AUTHOR, peer, parcel) for peer, parcel in zip(whom, self.parcels, strict=True)]

    def _seal(self, frm: MemberId, to: MemberId, parcel: Parcel) -> bytes:
        public = self.epoch[to].public_epoch
        return seal(parcel.plaintext, exchange=self.world.id, frm=frm, to=to, public=public)

    def bare_seal(self) -> None:
        for parcel in self.parcels:
            _SUITE.encrypt(parcel.plaintext, self.epoch[PEERS[0]].public_epoch.key, b"i" * 32)

    # -- one recipient, the first

    def open(self) -> None:
        secrets = {self.epoch[PEERS[0]].id: self.epoch[PEERS[0]]}
        first = self.sealed[: ITEMS // BATCH]
        self.opened = [open_sealed(d, exchange=self.world.id, frm=AUTHOR, to=PEERS[0], secrets=secrets) for d in first]

    def bare_open(self) -> None:
        key = self.epoch[PEERS[0]]
        bare = getattr(self, "bare_sealed", None) or [
            _SUITE.encrypt(parcel.plaintext, key.public_epoch.key, b"i" * 32)
            for parcel in self.parcels[: ITEMS // BATCH]
        ]
        self.bare_sealed = bare
        for data in bare:
            _SUITE.decrypt(data, key.key, b"i" * 32)

    def unpack(self) -> None:
        public = self.link[AUTHOR].public
        self.contents = [unpack(d, AUTHOR, PEERS[0], self.world.id, public).contents for d in self.opened]

    def bare_unpack(self) -> None:
        _checked_hashes(self.opened, self.link[AUTHOR])

    def receive(self) -> None:
        self.items_there = [
            verify_statement(contents[n].data, contents[n + 1].data, self.ring)
            for contents in self.contents
            for n in range(0, len(contents), 2)
        ]

    def receipt(self) -> None:
        made = [
            Receipt(
                v=1,
                exchange=self.world.id,
                recipient=PEERS[0],
                incarnation=1,
                author=AUTHOR,
                id=item.id,
                c=item.c,
                state="VERIFIED",
                parcel_seq=7,
            )
            for item in self.items_there
        ]
        key = self.world.key(PEERS[0])
        self.batches = [make_batch(made[at : at + BATCH], key) for at in range(0, ITEMS, BATCH)]

    def bare_receipt(self) -> None:
        secret = self.world.key(PEERS[0])._secret
        for _ in range(0, ITEMS, BATCH):
            crypto_sign(b"h" * 300, secret)
        for _ in range(2 * ITEMS):
            hashlib.sha256(b"r" * 300).digest()

    def answer(self) -> None:
        packed = [self._pack(PEERS[0], AUTHOR, [open_content("receipts", batch)]) for batch in self.batches]
        self.replies = packed
        self.answers = [self._seal(PEERS[0], AUTHOR, parcel) for parcel in packed]

    def bare_answer(self) -> None:
        _signed_hashes(self.replies, self.link[PEERS[0]])
        for parcel in self.replies:
            _SUITE.encrypt(parcel.plaintext, self.epoch[AUTHOR].public_epoch.key, b"i" * 32)

    # -- the author again: what is heard of one recipient, three times

    def hear(self) -> None:
        secrets = {self.epoch[AUTHOR].id: self.epoch[AUTHOR]}
        public = self.link[PEERS[0]].public
        self.heard: list[Any] = []
        for data in self.answers * len(PEERS):
            plain = open_sealed(data, exchange=self.world.id, frm=PEERS[0], to=AUTHOR, secrets=secrets)
            self.heard.append(unpack(plain, PEERS[0], AUTHOR, self.world.id, public))

    def bare_hear(self) -> None:
        key = self.epoch[AUTHOR]
        bare = getattr(self, "bare_replies", None) or [
            _SUITE.encrypt(parcel.plaintext, key.public_epoch.key, b"i" * 32) for parcel in self.replies
        ]
        self.bare_replies = bare
        for data in bare * len(PEERS):
            _SUITE.decrypt(data, key.key, b"i" * 32)
        _checked_hashes([p.plaintext for p in self.replies] * len(PEERS), self.link[PEERS[0]])

    def batch(self) -> None:
        for opened in self.heard:
            open_batch(opened.contents[0].data, self.ring)

    def bare_batch(self) -> None:
        key = self.world.key(PEERS[0])
        signed = crypto_sign(b"h" * 300, key._secret)
        for _ in self.heard:
            crypto_sign_open(signed, key.public.raw)
        for _ in range(2 * ITEMS * len(PEERS)):
            hashlib.sha256(b"r" * 300).digest()

    def grow(self) -> None:
        self.tree = TickTree(seed("tick"), TICK, [unb64(item.c) for item in self.items])

    def bare_grow(self) -> None:
        nodes = sum(len(level) for level in self.tree._levels)
        for _ in range(nodes + ITEMS):
            hashlib.sha256(b"n" * 65).digest()

    def prove(self) -> None:
        for _ in PEERS:
            self.paths = [self._path(item.c) for item in self.items]

    def _path(self, c: Commitment) -> bytes:
        raw = unb64(c, 32)
        slot, path = self.tree.slot_of(raw), tuple(self.tree.path(raw))
        return encode_path(Path(c, slot, path, TICK, 4095, PEAKS, 4096))

    def check(self) -> None:
        root = self.tree.root
        assert all(root_in_tick(decode_path(data)) == root for data in self.paths)

    def bare_check(self) -> None:
        for _ in range((DEPTH + 1) * ITEMS):
            hashlib.sha256(b"n" * 65).digest()


def _released(decision: object) -> Released:
    assert isinstance(decision, Released)
    return decision


def _signed_hashes(parcels: list[Parcel], key: SecretKey) -> None:
    for parcel in parcels:
        hashlib.sha256(parcel.plaintext).digest()
        crypto_sign(preauth("parcel", b"h" * 900), key._secret)


def _checked_hashes(plaintexts: list[bytes], key: SecretKey) -> None:
    signed = crypto_sign(preauth("parcel", b"h" * 900), key._secret)
    for plain in plaintexts:
        hashlib.sha256(plain).digest()
        crypto_sign_open(signed, key.public.raw)
