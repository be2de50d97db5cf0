"""Check everything that a node keeps: every statement, control, receipt, tick, checkpoint, cosignature, manifest, act.

It reads and never writes; what is damaged gives a named problem, never a crash. It believes nothing but the founding
charter that it is given.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path as FilePath
from typing import Any, Final

import msgspec

from quartet.core.charter import CharterState
from quartet.core.encoding import unb64
from quartet.core.faults import Fault, Untrusted
from quartet.core.ids import MemberId
from quartet.core.keyring import Keyring
from quartet.core.manifest import (
    OfficerManifest,
    WireManifest,
    keyring,
    verify_epoch_key,
    verify_officer_manifest,
    verify_wire_manifest,
)
from quartet.core.proof.checkpoint import Checkpoint, log_origin, verify_checkpoint, verify_cosignature, witness_name
from quartet.core.proof.merkle import CompactRange, leaf_hash
from quartet.core.proof.note import read_line
from quartet.core.proof.path import decode_path, root_in_tick, verify_path
from quartet.core.proof.tick import TickTree
from quartet.core.receipt import open_batch
from quartet.core.verify import verify_statement
from quartet.node.filing import new_item
from quartet.node.ledger import INCARNATION
from quartet.node.views import LogState, Problem, VerifyReport
from quartet.store import KeptBatch, KeptItem, KeptLeaf, Reader, Store, TickRow, read_only

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
HEAD: Final = 10
"""A cosignature of one of the last ticks counts as of the head."""


class _Audit:
    """One pass over a database."""

    def __init__(self, reader: Reader, founding: CharterState, me: MemberId) -> None:
        self._reader = reader
        self._state = founding
        self._me = me
        self.problems: list[Problem] = []
        self.logs: dict[MemberId, LogState] = {}
        self._wire: dict[MemberId, WireManifest] = {}
        self._officers: dict[MemberId, OfficerManifest] = {}
        self._keyring: Keyring = keyring(founding, ())

    def run(self) -> None:
        """Check in the order in which one thing proves the next."""
        steps = (self._file, self._acts, self._manifests, self._items, self._receipts, self._ticks, self._all_logs)
        for step in steps:
            try:
                step()
            except Fault as fault:
                self.problems.append(Problem(fault.reason, f"{self._me}: {fault.detail}"))

    def _check(self, where: str, check: Callable[[], Any]) -> Any:
        """Run one check; note what is wrong, and where. Damage of any kind is a problem, never a crash."""
        try:
            return check()
        except Fault as fault:
            detail = f" ({fault.detail})" if fault.detail else ""
            self.problems.append(Problem(fault.reason, f"{self._me}: {where}{detail}"))
        except (ValueError, TypeError, msgspec.DecodeError) as error:
            self.problems.append(Problem("damaged", f"{self._me}: {where} ({error})"))
        return None

    def _file(self) -> None:
        for found in self._reader.integrity():
            self.problems.append(Problem("database-damaged", f"{self._me}: {found}"))

    def _acts(self) -> None:
        for act in self._reader.every_act():
            n, data = act.n, act.data
            if n > self._state.epoch:
                after = self._check(f"act {n}", partial(self._state.apply, data))
                self._state = after or self._state
            elif self._state.acts[n - 1] != data:
                self.problems.append(Problem("act-changed", f"{self._me}: act {n}"))
        self._keyring = keyring(self._state, ())

    def _manifests(self) -> None:
        for kept in self._reader.every_manifest():
            kind, member, version, data = kept.kind, kept.member, kept.version, kept.data
            where = f"{kind} manifest {version} of {member}"
            if kind == "wire":
                wire = self._check(where, partial(verify_wire_manifest, data, self._state))
                if wire is not None and self._matches(where, (wire.member, wire.version), (member, version)):
                    self._wire[wire.member] = wire
            else:
                own = self._check(where, partial(verify_officer_manifest, data, self._state))
                if own is not None and self._matches(where, (own.member, own.version), (member, version)):
                    self._officers[own.member] = own
        self._keyring = keyring(self._state, self._wire.values(), self._officers.values())
        for key in self._reader.every_epoch_key():
            self._check(f"epoch key {key.key_id[:8]}", partial(verify_epoch_key, key.published, self._keyring))

    def _matches(self, where: str, found: object, kept: object) -> bool:
        if found != kept:
            self.problems.append(Problem("row-changed", f"{self._me}: {where}"))
        return found == kept

    # -- statements and receipts

    def _items(self) -> None:
        for row in self._reader.every_item():
            if row.state != "PURGED":
                self._check(f"item {row.ref}", partial(self._item, row))

    def _item(self, row: KeptItem) -> None:
        stored = self._reader.item(row.id)
        if stored is None:
            raise Untrusted("key-missing", "its key is not there")
        verified = verify_statement(stored.signed, stored.control, self._keyring, on_record=True)
        said = new_item(verified, row.received, self._me)
        if any(getattr(said, name) != getattr(row, name) for name in ITEM_COLUMNS):
            raise Untrusted("row-changed", "the row is not what the statement says")
        kept = {c for c, _ in self._reader.controls_of(verified.id)}
        if kept != set(said.controls):
            raise Untrusted("row-changed", "its controls are not those of the statement")

    def _receipts(self) -> None:
        for kept in self._reader.every_batch():
            who = f"own receipts {kept.n} to {kept.member}" if kept.mine else f"receipts {kept.n} of {kept.member}"
            self._check(who, partial(self._batch, kept))

    def _batch(self, kept: KeptBatch) -> None:
        batch = open_batch(kept.data, self._keyring)
        if batch.commitment != kept.c or batch.head.recipient != (self._me if kept.mine else kept.member):
            raise Untrusted("row-changed", "the row is not what the receipts say")

    # -- logs

    def _ticks(self) -> None:
        """Our own ticks: each root from its secret and commitments, each number from its place."""
        first = None
        grown = CompactRange()
        origin = log_origin(self._state.exchange, self._me, INCARNATION)
        leaves = self._reader.every_leaf(origin)
        for row in self._reader.every_tick():
            first = row.number if first is None else first
            expected = (grown.size, first + grown.size, b"".join(grown.path_of_next()))
            leaf = next(leaves, None)
            self._check(f"tick {row.number}", partial(self._tick, row, expected, leaf))
            grown.append(leaf_hash(row.root))

    def _tick(self, row: TickRow, expected: tuple[int, int, bytes], leaf: KeptLeaf | None) -> None:
        if (row.leaf_index, row.number, row.tick_path) != expected:
            raise Untrusted("tick-changed", "it is not at its place in the log")
        cs = [unb64(c, 32) for c in self._reader.tick_commitments(row.number)]
        if TickTree(row.secret, row.number, cs).root != row.root:
            raise Untrusted("tick-changed", "its secret and commitments give another root")
        if leaf is None or leaf.root != row.root:
            raise Untrusted("leaf-changed", f"leaf {row.leaf_index} is not its root")

    def _all_logs(self) -> None:
        for member in sorted(self._state.members):
            self._log(member)

    def _log(self, member: MemberId) -> None:
        """One log: its checkpoints against its leaves, its cosignatures, and the paths that lead into it."""
        origin = log_origin(self._state.exchange, member, INCARNATION)
        roots = self._roots(member, origin)
        checkpoints = self._checkpoints(member, origin, roots)
        cosigners = self._cosignatures(member, origin, checkpoints)
        self._paths(member, origin, roots)
        size = max(checkpoints, default=0)
        near = sum(1 for at in cosigners.values() if at > size - HEAD)
        self.logs[member] = LogState(size=size, cosigners=near, witnesses=len(self._state.members) - 1)

    def _roots(self, member: MemberId, origin: str) -> dict[int, bytes]:
        wanted = {kept.size for kept in self._reader.every_checkpoint(origin)}
        wanted |= {kept.leaf_index + 1 for kept in self._reader.every_path(origin)}
        grown, roots = CompactRange(), {}
        for leaf in self._reader.every_leaf(origin):
            if leaf.index != grown.size:
                self.problems.append(Problem("leaf-missing", f"{self._me}: log of {member}, leaf {grown.size}"))
                break
            grown.append(leaf_hash(leaf.root))
            if grown.size in wanted:
                roots[grown.size] = grown.root()
        return roots

    def _checkpoints(self, member: MemberId, origin: str, roots: dict[int, bytes]) -> dict[int, Checkpoint]:
        found: dict[int, Checkpoint] = {}
        for kept in self._reader.every_checkpoint(origin):
            size, note = kept.size, kept.note
            where = f"log of {member}, checkpoint {size}"
            checkpoint = self._check(where, partial(self._checkpoint, member, origin, note))
            if checkpoint is None:
                continue
            if checkpoint.size != size or roots.get(size) != checkpoint.root:
                self.problems.append(Problem("leaf-changed", f"{self._me}: {where} does not fit the leaves before it"))
            else:
                found[size] = checkpoint
        return found

    def _checkpoint(self, member: MemberId, origin: str, note: str) -> Checkpoint:
        return verify_checkpoint(note, origin, self._log_manifest(member).log_key())

    def _log_manifest(self, member: MemberId) -> WireManifest:
        found = self._wire.get(member)
        if found is None:
            raise Untrusted("manifest-missing", member)
        return found

    def _cosignatures(self, member: MemberId, origin: str, checkpoints: dict[int, Checkpoint]) -> dict[str, int]:
        newest: dict[str, int] = {}
        for kept in self._reader.every_cosignature(origin):
            witness, size, at, line = kept.witness, kept.size, kept.at, kept.line
            where = f"log of {member}, cosignature of {witness} at {size}"
            checkpoint = checkpoints.get(size)
            if checkpoint is None:
                continue
            seconds = self._check(where, partial(self._cosignature, checkpoint, witness, line))
            if seconds is not None and self._matches(where, seconds, at):
                newest[witness] = size
        return newest

    def _cosignature(self, checkpoint: Checkpoint, witness: str, line: str) -> int:
        member = MemberId(witness)
        name = witness_name(self._state.exchange, member)
        return verify_cosignature(checkpoint, read_line(line.rstrip("\n")), name, self._log_manifest(member).log_key())

    def _paths(self, member: MemberId, origin: str, roots: dict[int, bytes]) -> None:
        offsets: set[int] = set()
        for kept in self._reader.every_path(origin):
            c, index, data = kept.c, kept.leaf_index, kept.data
            where = f"log of {member}, path of {c[:8]} at leaf {index}"
            offset = self._check(where, partial(self._path, origin, c, index, data, roots))
            offsets |= set() if offset is None else {offset}
        if len(offsets) > 1:
            self.problems.append(Problem("path-changed", f"{self._me}: log of {member}, two ticks claim one place"))

    def _path(self, origin: str, c: str, index: int, data: bytes, roots: dict[int, bytes]) -> int:
        path = decode_path(data)
        leaf = self._reader.leaves(origin, path.leaf_index, 1)
        if path.c != c or path.leaf_index != index or not leaf or root_in_tick(path) != leaf[0]:
            raise Untrusted("path-changed", "it leads to another leaf")
        if path.size in roots:
            verify_path(path, roots[path.size])
        return path.tick - path.leaf_index


def audit(store: Store, founding: CharterState, me: MemberId) -> VerifyReport:
    """Check the database of a running node."""
    with store.snapshot() as reader:
        return _report(reader, founding, me)


def audit_file(path: FilePath, master: bytes, founding: CharterState, me: MemberId) -> VerifyReport:
    """Check a database file, or a copy of one, without its node; nothing is written."""
    with read_only(path, master) as reader:
        return _report(reader, founding, me)


def _report(reader: Reader, founding: CharterState, me: MemberId) -> VerifyReport:
    one = _Audit(reader, founding, me)
    one.run()
    return VerifyReport(ok=not one.problems, logs=one.logs, problems=tuple(one.problems))
