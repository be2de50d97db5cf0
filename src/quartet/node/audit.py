"""Check everything that a node keeps: every statement, control, receipt, tick, checkpoint, cosignature, manifest, act.

It reads and never writes; what is damaged gives a named problem, never a crash. It believes nothing but the founding
charter that it is given.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path as FilePath

from quartet.core.charter import CharterState
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
from quartet.node.audit_items import ItemAudit
from quartet.node.audit_logs import LogAudit
from quartet.node.audit_proofs import ProofAudit
from quartet.node.findings import Audited, Findings, common, kept
from quartet.node.views import VerifyReport
from quartet.store import KeptEpochSecret, Reader, Store, read_only


class _Audit:
    """One pass over a database."""

    def __init__(self, reader: Reader, founding: CharterState, me: MemberId) -> None:
        self._reader = reader
        self._state = founding
        self._wire: dict[MemberId, WireManifest] = {}
        self._officers: dict[MemberId, OfficerManifest] = {}
        self._keyring: Keyring = keyring(founding, ())
        self.findings = Findings(me)

    def run(self) -> Audited:
        """Check in the order in which one thing proves the next."""
        for step in (self._file, self._acts, self._manifests, self._epoch_keys):
            self._do(step)
        items = ItemAudit(self._reader, self._state, self._keyring, self.findings)
        logs = LogAudit(self._reader, self._state, self._wire, self.findings)
        for step in (items.items, items.purges, items.receipts, items.deliveries, items.commitments, items.the_rest):
            self._do(step)
        proofs = ProofAudit(self._reader, self._state, self._keyring, self._wire, self.findings)
        for step in (logs.ticks, logs.all_logs, proofs.proofs):
            self._do(step)
        return Audited(self.findings.me, logs.logs, tuple(self.findings.found))

    def _do(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Fault as fault:
            self.findings.note(fault.reason, kept(fault.detail))

    def _file(self) -> None:
        for found in self._reader.integrity():
            self.findings.note("database-damaged", kept(found))

    def _acts(self) -> None:
        before = 0
        for act in self._reader.every_act():
            n, data = act.n, act.data
            if n != before + 1:
                self.findings.note("act-missing", common(f"act {before + 1}"))
            before = n
            if n > self._state.epoch:
                after = self.findings.check(common(f"act {n}"), partial(self._state.apply, data))
                self._state = after or self._state
            elif self._state.acts[n - 1] != data:
                self.findings.note("act-changed", common(f"act {n}"))
        if before < self._state.epoch:
            self.findings.note("act-missing", common(f"act {before + 1}"))
        self._keyring = keyring(self._state, ())

    def _manifests(self) -> None:
        for row in self._reader.every_manifest():
            kind, member, version, data = row.kind, row.member, row.version, row.data
            where = common(f"{kind} manifest {version} of {member}")
            if kind == "wire":
                wire = self.findings.check(where, partial(verify_wire_manifest, data, self._state))
                if wire is not None and self.findings.agree(where, (wire.member, wire.version), (member, version)):
                    self._wire[wire.member] = wire
            elif kind == "officers":
                own = self.findings.check(where, partial(verify_officer_manifest, data, self._state))
                if own is not None and self.findings.agree(where, (own.member, own.version), (member, version)):
                    self._officers[own.member] = own
            else:
                self.findings.note("row-changed", where)
        self._keyring = keyring(self._state, self._wire.values(), self._officers.values())

    def _epoch_keys(self) -> None:
        for row in self._reader.every_epoch_secret():
            self.findings.check(common(f"epoch key {row.key_id[:8]}"), partial(self._epoch_key, row))

    def _epoch_key(self, secret: KeptEpochSecret) -> None:
        said = verify_epoch_key(secret.published, self._keyring)
        row = (secret.key_id, secret.not_before, secret.not_after, self.findings.me)
        if (said.key_id, said.not_before, said.not_after, said.member) != row:
            raise Untrusted("row-changed", "the row is not what the key says")
        self._reader.epoch_secret_opens(secret)


def audit(store: Store, founding: CharterState, me: MemberId) -> Audited:
    """Check the database of a running node, whose viewers are told each of what she may see."""
    with store.snapshot() as reader:
        return _Audit(reader, founding, me).run()


def audit_file(path: FilePath, master: bytes, founding: CharterState, me: MemberId) -> VerifyReport:
    """Check a database file, or a copy of one, without its node; nothing is written."""
    with read_only(path, master) as reader:
        return _Audit(reader, founding, me).run().report()
