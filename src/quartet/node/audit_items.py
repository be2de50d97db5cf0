"""Check what a node keeps of statements: each with its columns, indexes, receipts and commitment; nothing left out.

What points at something must find it: an item of ours its commitment, an item of another our receipt, a receipt of ours
its item. So whoever takes a row out must take out everything that names it, in other members' files too.
"""

from functools import partial
from typing import Final

from msgspec import structs

from quartet.core.attachment import file_id
from quartet.core.charter import CharterState
from quartet.core.facts import Purged, fact_of
from quartet.core.faults import Untrusted
from quartet.core.ids import ControlId, ItemId, MemberId
from quartet.core.keyring import Keyring
from quartet.core.receipt import Receipt, open_batch
from quartet.core.statement import FACT_KINDS, reference
from quartet.core.verify import Verified, verify_statement
from quartet.node.filing import new_item
from quartet.node.findings import Findings, kept, of_item
from quartet.node.stub import read_stub
from quartet.store import EVIDENCE, KeptBatch, KeptDelivery, KeptItem, KeptPurge, Reader

ITEM_COLUMNS: Final = (
    "id",
    "c",
    "ref",
    "author",
    "kind",
    "kind_v",
    "at",
    "precedence",
    "tlp",
    "epoch",
    "mine",
    "state",
)
TAKEN: Final = ("VERIFIED", "HELD")
"""What a receipt says of a statement that is kept."""
SEALED_EVIDENCE: Final = ("equivocation", "contradiction", "charter-forked")
"""The kinds of evidence that hold no text, and lie open."""


class ItemAudit:
    """One pass over the items and what belongs to them."""

    def __init__(self, reader: Reader, state: CharterState, keyring: Keyring, findings: Findings) -> None:
        self._reader = reader
        self._state = state
        self._keyring = keyring
        self._findings = findings
        self._me = findings.me
        self._c: dict[ItemId, str] = {}
        self._foreign: set[ItemId] = set()
        self._from_author: set[ItemId] = set()
        self._own: set[str] = set()
        self._purged: dict[ItemId, Purged] = {}
        self._facts: dict[int, set[tuple[ControlId, str]]] = {}
        self._receipted: set[ItemId] = set()
        self._batches: dict[int, tuple[MemberId, dict[ItemId, str]]] = {}
        self._made: dict[int, dict[ItemId, str]] = {}
        self._made_c: set[str] = set()

    def items(self) -> None:
        """Every statement: its signatures and controls, and the row that it is found by."""
        for on in self._reader.every_fact_control():
            self._facts.setdefault(on.admission, set()).add((on.control, on.kind))
        for row in self._reader.every_item():
            self._c[row.id] = row.c
            if row.mine:
                self._own.add(row.c)
            else:
                self._foreign.add(row.id)
                if row.kind not in FACT_KINDS and row.state != "PURGED":
                    self._from_author.add(row.id)
            if row.state != "PURGED":
                self._findings.check(of_item(f"item {row.ref}", row.id), partial(self._item, row))
        for table in self._reader.strays():
            self._findings.note("row-changed", kept(f"table {table} points to a row that is not there"))

    def _item(self, row: KeptItem) -> None:
        stored = self._reader.item(row.id)
        if stored is None:
            raise Untrusted("key-missing", "its key is not there")
        verified = verify_statement(stored.signed, stored.control, self._keyring, on_record=True, kept=True)
        said = new_item(verified, row.received, self._me)
        if row.precedence == "IMMEDIATE" and said.precedence == "FLASH" and not row.mine:
            said = structs.replace(said, precedence=row.precedence)  # it was claimed once too often
        if any(getattr(said, name) != getattr(row, name) for name in ITEM_COLUMNS):
            raise Untrusted("row-changed", "the row is not what the statement says")
        if self._reader.controls_kept(row.admission) != {(c, int(c == said.own_control)) for c in said.controls}:
            raise Untrusted("row-changed", "its controls are not those of the statement")
        if self._facts.get(row.admission, set()) != {(control, said.kind) for control in said.facts_on}:
            raise Untrusted("row-changed", "it is not found by the controls that it is about")
        if self._reader.cited_by(row.admission) != set(said.cites):
            raise Untrusted("row-changed", "it is not found by what it cites")
        self._note_purge(verified)

    def _note_purge(self, verified: Verified) -> None:
        """Remember what this node states that it destroyed."""
        if verified.statement.kind != "purged" or verified.statement.member != self._me:
            return
        body = fact_of(verified).body
        if isinstance(body, Purged):
            self._purged[ItemId(body.item)] = body

    def purges(self) -> None:
        """Whatever was destroyed was said to be, is gone, and left its stub; and nothing else was."""
        gone = set()
        for row in self._reader.every_purge():
            gone.add(row.id)
            self._findings.check(of_item(f"item {row.ref}", row.id), partial(self._purge, row))
        for item in sorted(set(self._purged) & set(self._c) - gone):
            where = f"item {item[:8]}, of which this node said that it is destroyed"
            self._findings.note("not-purged", of_item(where, item))

    def _purge(self, row: KeptPurge) -> None:
        said = self._purged.get(row.id)
        if said is None or said.c != row.c:
            raise Untrusted("not-purged", "it is gone, and this node never said so")
        controls = self._reader.controls_kept(row.admission)
        if {c for c, _ in controls} != set(said.controls) or sum(own for _, own in controls) > 1:
            raise Untrusted("row-changed", "its controls are not those that it had")
        stub = read_stub(row.stub or b"")
        if (stub.id, stub.c, stub.author, stub.recall) != (row.id, row.c, row.author, said.recall):
            raise Untrusted("row-changed", "its stub is that of another")
        if not row.blank or (row.ref, row.mine) != (reference(row.author, row.id), int(row.author == self._me)):
            raise Untrusted("row-changed", "its row says more than its name")
        if row.open or row.wrapped is None or any(row.wrapped):
            raise Untrusted("not-purged", "its text or its key is still there")

    # -- receipts

    def receipts(self) -> None:
        """Every batch of receipts; each of ours for an item that is here, each item of another with one of ours."""
        for row in self._reader.every_batch():
            who = f"own receipts {row.n} to {row.member}" if row.mine else f"receipts {row.n} of {row.member}"
            self._findings.check(kept(who), partial(self._batch, row))
        made_for = set()
        for made in self._reader.every_made():
            made_for.add(made.id)
            if made.id not in self._made.get(made.batch, {}):
                where = f"own receipt for item {made.id[:8]}: its batch has none"
                self._findings.note("row-changed", of_item(where, made.id))
        for item in sorted({item for states in self._made.values() for item in states} - made_for):
            self._findings.note("row-changed", of_item(f"own receipt for item {item[:8]} is found by nothing", item))
        for item in sorted(self._foreign - self._receipted):
            where = f"item {item[:8]} came, and no receipt of ours is here"
            self._findings.note("receipt-missing", of_item(where, item))

    def _batch(self, row: KeptBatch) -> None:
        batch = open_batch(row.data, self._keyring)
        by = self._me if row.mine else row.member
        strange = row.mine not in (0, 1) or row.member not in self._state.members
        if batch.commitment != row.c or batch.head.recipient != by or strange:
            raise Untrusted("row-changed", "the row is not what the receipts say")
        states = {ItemId(r.id): str(r.state) for r in batch.receipts}
        if not row.mine:
            self._batches[row.n] = (row.member, states)
            return
        self._made[row.n] = states
        self._made_c.add(row.c)
        for receipt in batch.receipts:
            self._own_receipt(receipt)
        if any(self._to_another(receipt, row.member) for receipt in batch.receipts):
            raise Untrusted("row-changed", "it is not to whom its items came from")

    def _to_another(self, receipt: Receipt, to: MemberId) -> bool:
        """Whether it is for an item that we took, which only its author sends, and yet not to its author."""
        return receipt.state in TAKEN and receipt.id in self._from_author and receipt.author != to

    def _own_receipt(self, receipt: Receipt) -> None:
        if receipt.state not in TAKEN:
            return
        item = ItemId(receipt.id)
        self._receipted.add(item)
        if self._c.get(item) != receipt.c:
            self._findings.note("item-missing", of_item(f"item {item[:8]} was receipted, and is not here", item))

    def deliveries(self) -> None:
        """Each row that says that a member has an item names the batch in which that member says so."""
        rows: set[tuple[ItemId, MemberId]] = set()
        for row in self._reader.every_delivery():
            rows.add((row.id, row.member))
            place = of_item(f"delivery of item {row.id[:8]} to {row.member}", row.id)
            self._findings.check(place, partial(self._delivery, row))
        for member, states in self._batches.values():
            for item in states:
                if self._c.get(item) in self._own and (item, member) not in rows:
                    where = f"receipts of {member}: item {item[:8]} to {member}"
                    self._findings.note("delivery-missing", of_item(where, item))

    def _delivery(self, row: KeptDelivery) -> None:
        if row.member not in self._state.members:
            raise Untrusted("row-changed", "it is to no member")
        if row.batch is None:
            if row.answer is not None:
                raise Untrusted("row-changed", "an answer without a receipt")
            return
        member, states = self._batches.get(row.batch, (None, {}))
        if member != row.member or states.get(row.id) != row.answer:
            raise Untrusted("receipt-missing", "its batch does not say so")

    # -- commitments and the rest

    def commitments(self) -> None:
        """Each commitment of ours has its item or batch, and each item and batch of ours its commitment."""
        said: dict[str, set[str]] = {"item": set(), "receipts": set(), "frame": set()}
        for row in self._reader.every_commitment():
            if row.what not in said:
                self._findings.note("row-changed", kept(f"commitment {row.n}"))
            said.setdefault(row.what, set()).add(row.c)
        for what, have in (("item", self._own), ("receipts", self._made_c)):
            for c in sorted(said[what] - have):
                self._findings.note("item-missing", of_item(f"commitment {c[:8]} is of {what} that are not here", c))
            for c in sorted(have - said[what]):
                where = of_item(f"{what} with commitment {c[:8]}: it is not in our log", c)
                self._findings.note("commitment-missing", where)

    def the_rest(self) -> None:
        """What else lies sealed opens: files, drafts, refused bytes."""
        for item, root, parts, complete in self._reader.files():
            if complete:
                where = of_item(f"file {root[:8]} of item {item[:8]}", item)
                self._findings.check(where, partial(self._file, item, root, parts))
        for officer in self._reader.draft_officers():
            self._findings.check(kept(f"drafts of {officer}"), partial(self._reader.drafts, officer))
        for row in self._reader.every_evidence():
            if row.kind not in SEALED_EVIDENCE:
                self._findings.check(kept(f"evidence {row.n}"), partial(self._reader.opened, row.data, EVIDENCE))

    def _file(self, item: ItemId, root: str, parts: int) -> None:
        if file_id(self._part(item, root, n) for n in range(parts)) != root:
            raise Untrusted("attachment-damaged", "it is not the file that its item names")

    def _part(self, item: ItemId, root: str, n: int) -> bytes:
        data = self._reader.part(item, root, n)
        if data is None:
            raise Untrusted("attachment-damaged", f"part {n} is not here")
        return data
