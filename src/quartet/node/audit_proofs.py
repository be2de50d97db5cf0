"""Check what a node keeps of others' proofs of time: each of its item, its receipt, its log and its witnesses."""

from collections.abc import Mapping
from functools import partial

from quartet.core.charter import CharterState
from quartet.core.encoding import unb64
from quartet.core.faults import Untrusted
from quartet.core.ids import MemberId
from quartet.core.keyring import Keyring
from quartet.core.manifest import WireManifest
from quartet.core.onrecord import Held, OnRecord, verify_on_record
from quartet.core.proof.checkpoint import log_origin, witness_named
from quartet.core.proof.logkeys import LogKeyring, log_keyring
from quartet.core.proof.path import root_in_tick
from quartet.core.proof.since import LogKeys
from quartet.core.statement import DEADLINE_KINDS
from quartet.node.findings import Findings, of_item
from quartet.node.ledger import INCARNATION
from quartet.store import KeptProof, Reader


class ProofAudit:
    """One pass over the proofs of time."""

    def __init__(
        self,
        reader: Reader,
        state: CharterState,
        ring: Keyring,
        manifests: Mapping[MemberId, WireManifest],
        findings: Findings,
    ) -> None:
        self._reader = reader
        self._state = state
        self._keyring = ring
        self._wire = manifests
        self._findings = findings

    def proofs(self) -> None:
        """Every proof: of an item that is here, and with deadlines; it proves what its row says."""
        for row in self._reader.every_proof():
            where = of_item(f"proof of time of item {row.id[:8]}, word of {row.about}", row.id)
            self._findings.check(where, partial(self._proof, row))

    def _proof(self, row: KeptProof) -> None:
        if row.kind not in DEADLINE_KINDS:
            raise Untrusted("row-changed", "it is of an item without deadlines, or that was destroyed")
        said = OnRecord(unb64(row.id, 32), row.receipt, row.proof)
        proven = verify_on_record(said, Held(row.id, row.item_c, row.author), self._keyring, self._keys)
        if (proven.about, proven.c) != (row.about, row.c):
            raise Untrusted("row-changed", "it proves the word of another")
        leaf = self._reader.leaves(self._origin(proven.about), proven.path.leaf_index, 1)
        if leaf and leaf[0] != root_in_tick(proven.path):
            raise Untrusted("leaf-changed", f"leaf {proven.path.leaf_index} of {proven.about} is not its root")

    def _origin(self, member: MemberId) -> str:
        return log_origin(self._state.exchange, member, INCARNATION)

    def _keys(self, member: MemberId) -> LogKeys:
        found = self._wire.get(member)
        if found is None:
            raise Untrusted("manifest-missing", member)
        return LogKeys(
            self._origin(member), log_keyring(found, self._state.membership.tick).timeless(), self._witness_keys
        )

    def _witness_keys(self, name: str) -> LogKeyring | None:
        member = witness_named(self._state.exchange, name)
        found = None if member is None else self._wire.get(member)
        return None if found is None else log_keyring(found, self._state.membership.tick).timeless()
