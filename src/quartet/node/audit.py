"""Check everything that a node keeps: every statement, control, receipt, tick, checkpoint, cosignature, manifest, act.

It reads and never writes; what is damaged gives a named problem, never a crash. It believes nothing but the founding
charter that it is given.
"""

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path as FilePath
from typing import Any, Final

import msgspec

from quartet.core.charter import CharterState
from quartet.core.encoding import unb64
from quartet.core.faults import Fault, Untrusted
from quartet.core.ids import ItemId, MemberId
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
from quartet.store import Reader, Store, read_only
from quartet.node.holdings import new_item
from quartet.node.ledger import INCARNATION
from quartet.node.views import LogState, Problem, VerifyReport

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
        for step in (self._acts, self._manifests, self._items, self._receipts, self._ticks, self._all_logs):
            try:
                step()
            except sqlite3.Error as error:
                self.problems.append(Problem("database-damaged", f"{self._me}: {error}"))

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

    def _rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        return self._reader.each(sql)

    def _acts(self) -> None:
        for n, data in self._rows("SELECT n, data FROM act ORDER BY n"):
            if n > self._state.epoch:
                after = self._check(f"act {n}", partial(self._state.apply, data))
                self._state = after or self._state
            elif self._state.acts[n - 1] != data:
                self.problems.append(Problem("act-changed", f"{self._me}: act {n}"))
        self._keyring = keyring(self._state, ())

    def _manifests(self) -> None:
        for kind, member, version, data in self._rows("SELECT * FROM manifest ORDER BY version"):
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
        for key_id, published in self._rows("SELECT key_id, published FROM epoch_secret"):
            self._check(f"epoch key {key_id[:8]}", partial(verify_epoch_key, published, self._keyring))

    def _matches(self, where: str, found: object, kept: object) -> bool:
        if found != kept:
            self.problems.append(Problem("row-changed", f"{self._me}: {where}"))
        return found == kept

    # -- statements and receipts

    def _items(self) -> None:
        rows = "SELECT id, c, ref, author, kind, kind_v, at, precedence, tlp, epoch, state, received FROM item"
        for row in self._rows(rows):
            if row[10] != "PURGED":
                self._check(f"item {row[2]}", partial(self._item, row))

    def _item(self, row: tuple[Any, ...]) -> None:
        stored = self._reader.item(ItemId(row[0]))
        if stored is None:
            raise Untrusted("key-missing", "its key is not there")
        verified = verify_statement(stored.signed, stored.control, self._keyring, on_record=True)
        said = new_item(verified, row[11], self._me)
        found = (
            said.id,
            said.c,
            said.ref,
            said.author,
            said.kind,
            said.kind_v,
            said.at,
            said.precedence,
            said.tlp,
            said.epoch,
            said.state,
        )
        if found != tuple(row[:11]):
            raise Untrusted("row-changed", "the row is not what the statement says")
        kept = {c for c, _ in self._reader.controls_of(verified.id)}
        if kept != set(said.controls):
            raise Untrusted("row-changed", "its controls are not those of the statement")

    def _receipts(self) -> None:
        for number, c, member, mine, data in self._rows("SELECT id, c, member, mine, data FROM receipt_batch"):
            who = f"own receipts {number} to {member}" if mine else f"receipts {number} of {member}"
            self._check(who, partial(self._batch, c, member, mine, data))

    def _batch(self, c: str, member: str, mine: int, data: bytes) -> None:
        batch = open_batch(data, self._keyring)
        if batch.commitment != c or batch.head.recipient != (self._me if mine else member):
            raise Untrusted("row-changed", "the row is not what the receipts say")

    # -- logs

    def _ticks(self) -> None:
        """Our own ticks: each root from its secret and commitments, each number from its place."""
        first = None
        grown = CompactRange()
        origin = log_origin(self._state.exchange, self._me, INCARNATION)
        leaves = iter(self._reader.each("SELECT idx, root FROM leaf WHERE log = ? ORDER BY idx", origin))
        for row in self._rows("SELECT number, leaf_index, root, secret, tick_path FROM tick ORDER BY leaf_index"):
            first = row[0] if first is None else first
            expected = (grown.size, first + grown.size, b"".join(grown.path_of_next()))
            leaf = next(leaves, None)
            self._check(f"tick {row[0]}", partial(self._tick, row, expected, leaf))
            grown.append(leaf_hash(row[2]))

    def _tick(self, row: tuple[Any, ...], expected: tuple[int, int, bytes], leaf: tuple[Any, ...] | None) -> None:
        number, index, root, secret, tick_path = row
        if (index, number, tick_path) != expected:
            raise Untrusted("tick-changed", "it is not at its place in the log")
        cs = [unb64(c, 32) for c in self._reader.tick_commitments(number)]
        if TickTree(secret, number, cs).root != root:
            raise Untrusted("tick-changed", "its secret and commitments give another root")
        if leaf is None or leaf[1] != root:
            raise Untrusted("leaf-changed", f"leaf {index} is not its root")

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
        wanted = {r[0] for r in self._reader.each("SELECT size FROM checkpoint WHERE log = ?", origin)}
        wanted |= {r[0] + 1 for r in self._reader.each("SELECT leaf_index FROM path WHERE log = ?", origin)}
        grown, roots = CompactRange(), {}
        for index, root in self._reader.each("SELECT idx, root FROM leaf WHERE log = ? ORDER BY idx", origin):
            if index != grown.size:
                self.problems.append(Problem("leaf-missing", f"{self._me}: log of {member}, leaf {grown.size}"))
                break
            grown.append(leaf_hash(root))
            if grown.size in wanted:
                roots[grown.size] = grown.root()
        return roots

    def _checkpoints(self, member: MemberId, origin: str, roots: dict[int, bytes]) -> dict[int, Checkpoint]:
        found: dict[int, Checkpoint] = {}
        for size, note in self._reader.each("SELECT size, note FROM checkpoint WHERE log = ? ORDER BY size", origin):
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
        sql = "SELECT witness, size, at, line FROM cosignature WHERE log = ? ORDER BY size"
        for witness, size, at, line in self._reader.each(sql, origin):
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
        for c, index, data in self._reader.each("SELECT c, leaf_index, data FROM path WHERE log = ?", origin):
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
    return _report(store.reader, founding, me)


def audit_file(path: FilePath, master: bytes, founding: CharterState, me: MemberId) -> VerifyReport:
    """Check a database file, or a copy of one, without its node; nothing is written."""
    with read_only(path, master) as reader:
        return _report(reader, founding, me)


def _report(reader: Reader, founding: CharterState, me: MemberId) -> VerifyReport:
    one = _Audit(reader, founding, me)
    one.run()
    return VerifyReport(ok=not one.problems, logs=one.logs, problems=tuple(one.problems))
