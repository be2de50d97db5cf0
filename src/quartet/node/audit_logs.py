"""Check the logs that a node keeps: its own ticks, and every log's leaves, checkpoints, cosignatures and paths."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from quartet.core.charter import CharterState
from quartet.core.encoding import unb64
from quartet.core.faults import Untrusted
from quartet.core.ids import MemberId, Tick
from quartet.core.keys import ED25519
from quartet.core.manifest import WireManifest
from quartet.core.parting import verify_parting
from quartet.core.proof.checkpoint import Checkpoint, log_origin, witness_name
from quartet.core.proof.evidence import verify_evidence
from quartet.core.proof.logkeys import LogKeyring, log_keyring
from quartet.core.proof.merkle import CompactRange, leaf_hash
from quartet.core.proof.note import read_line
from quartet.core.proof.path import decode_path, root_in_tick, verify_path
from quartet.core.proof.tick import TickTree
from quartet.node.acts import FORKED
from quartet.node.findings import Findings, common, kept, of_item
from quartet.node.ledger import INCARNATION
from quartet.node.reached import read_state
from quartet.node.views import LogState
from quartet.node.witness import SIGNED_BY
from quartet.store import KeptCosignature, KeptLeaf, KeptPath, KeptSpan, Reader, TickRow

HEAD: Final = 10
"""A cosignature of one of the last ticks counts as of the head."""


class LogAudit:
    """One pass over the logs."""

    def __init__(
        self, reader: Reader, state: CharterState, manifests: Mapping[MemberId, WireManifest], findings: Findings
    ) -> None:
        self._reader = reader
        self._state = state
        self._wire = manifests
        self._findings = findings
        self._me = findings.me
        self._first_tick: Tick | None = None
        self._rings: dict[MemberId, LogKeyring] = {}
        self.logs: dict[MemberId, LogState] = {}

    def _origin(self, member: MemberId) -> str:
        return log_origin(self._state.exchange, member, INCARNATION)

    def _manifest(self, member: MemberId) -> WireManifest:
        found = self._wire.get(member)
        if found is None:
            raise Untrusted("manifest-missing", member)
        return found

    def _keys(self, member: MemberId) -> LogKeyring:
        """Return a member's log keys: what was kept before one was taken back is no fault of the database."""
        found = self._rings.get(member)
        if found is None:
            made = log_keyring(self._manifest(member), self._state.membership.tick)
            found = self._rings[member] = made.timeless()
        return found

    # -- our own ticks

    def ticks(self) -> None:
        """Our own ticks: each root from its secret and commitments, each number and each span from its place."""
        first, end = None, 1
        grown = CompactRange()
        leaves = self._reader.every_leaf(self._origin(self._me))
        for row, span in zip(self._reader.every_tick(), self._reader.every_span(), strict=True):
            first = row.number if first is None else first
            expected = (grown.size, first + grown.size, b"".join(grown.path_of_next()), end)
            leaf = next(leaves, None)
            self._findings.check(common(f"tick {row.number}"), partial(self._tick, row, span, expected, leaf))
            grown.append(leaf_hash(row.root))
            end = span.end
        self._first_tick = None if first is None else Tick(first)
        if next(leaves, None) is not None:
            self._findings.note("tick-missing", common(f"log of {self._me}, tick of leaf {grown.size}"))

    def _tick(self, row: TickRow, span: KeptSpan, expected: tuple[int, int, bytes, int], leaf: KeptLeaf | None) -> None:
        if (row.leaf_index, row.number, row.tick_path, span.first) != expected or span.end < span.first:
            raise Untrusted("tick-changed", "it is not at its place in the log")
        cs = [unb64(c, 32) for c in self._reader.tick_commitments(row.number)]
        by_root = not row.secret and span.end == span.first  # a restore took it from the others; its leaf must fit
        if by_root and leaf is not None and leaf.root == row.root:
            return
        if len(cs) != span.end - span.first or TickTree(row.secret, row.number, cs).root != row.root:
            raise Untrusted("tick-changed", "its secret and commitments give another root")
        if leaf is None or leaf.root != row.root:
            raise Untrusted("leaf-changed", f"leaf {row.leaf_index} is not its root")

    # -- every log

    def all_logs(self) -> None:
        """Every log, and no other."""
        for member in sorted(self._state.members):
            self._log(member)
        for name in sorted(set(self._reader.logs()) - {self._origin(m) for m in self._state.members}):
            self._findings.note("other-log", common(f"{name[:120]} is a log of no member"))
        for row in self._reader.every_evidence():
            if row.kind == "equivocation":
                self._findings.check(
                    kept(f"evidence {row.n}"), partial(self._evidence, MemberId(row.subject), row.data)
                )
            elif row.kind == FORKED:
                shown = partial(verify_parting, row.data, self._state.founding)
                self._findings.check(kept(f"evidence {row.n}"), shown)

    def _evidence(self, member: MemberId, data: bytes) -> None:
        verify_evidence(data, *self._keys(member).publics)

    def _log(self, member: MemberId) -> None:
        """One log: its checkpoints against its leaves, its cosignatures, and the paths that lead into it."""
        origin = self._origin(member)
        roots = self._roots(member, origin)
        checkpoints = self._checkpoints(member, origin, roots)
        first = self._began(member, checkpoints)
        cosigners = self._cosignatures(member, origin, checkpoints)
        for row in self._reader.every_path(origin):
            where = of_item(f"log of {member}, path of {row.c[:8]} at leaf {row.leaf_index}", row.c)
            self._findings.check(where, partial(self._path, origin, row, roots, first))
        size = max(checkpoints, default=0)
        near = sum(1 for at in cosigners.values() if at > size - HEAD)
        self.logs[member] = LogState(size=size, cosigners=near, witnesses=len(self._state.members) - 1)

    def _roots(self, member: MemberId, origin: str) -> dict[int, bytes]:
        """Return the root at each size that a row speaks of; the node's own account of a log must fit its leaves."""
        wanted = {kept.size for kept in self._reader.every_checkpoint(origin)}
        wanted |= {kept.leaf_index + 1 for kept in self._reader.every_path(origin)}
        grown, roots = CompactRange(), {}
        for leaf in self._reader.every_leaf(origin):
            if leaf.index != grown.size:
                self._findings.note("leaf-missing", common(f"log of {member}, leaf {grown.size}"))
                break
            grown.append(leaf_hash(leaf.root))
            if grown.size in wanted:
                roots[grown.size] = grown.root()
        where = common(f"log of {member}, how far we followed it")
        self._findings.check(where, partial(self._followed, origin, grown))
        return roots

    def _followed(self, origin: str, grown: CompactRange) -> None:
        kept = self._reader.meta(f"witness/{origin}")
        state = read_state(origin, kept)
        if origin != self._origin(self._me) and (state.size, state.peaks) != (grown.size, tuple(grown.peaks)):
            raise Untrusted("leaf-missing", f"{grown.size} leaves where {state.size} were, or others")

    def _began(self, member: MemberId, checkpoints: Mapping[int, Checkpoint]) -> Tick | None:
        """Return with which tick a log began: all its checkpoints say the same, and our own ticks too."""
        said = {checkpoint.first_tick for checkpoint in checkpoints.values()}
        if member == self._me and self._first_tick is not None:
            said.add(self._first_tick)
        else:
            state = read_state(self._origin(member), self._reader.meta(f"witness/{self._origin(member)}"))
            said |= set() if state.first_tick is None else {state.first_tick}
        if len(said) > 1:
            self._findings.note("other-tick", common(f"log of {member}: it began with ticks {sorted(said)}"))
        return min(said, default=None)

    def _checkpoints(self, member: MemberId, origin: str, roots: dict[int, bytes]) -> dict[int, Checkpoint]:
        found: dict[int, Checkpoint] = {}
        for row in self._reader.every_checkpoint(origin):
            where = f"log of {member}, checkpoint {row.size}"
            checkpoint = self._findings.check(common(where), partial(self._checkpoint, member, origin, row.note))
            if checkpoint is None:
                continue
            if checkpoint.size != row.size or roots.get(row.size) != checkpoint.root:
                self._findings.note("leaf-changed", common(f"{where} does not fit the leaves before it"))
            else:
                found[row.size] = checkpoint
        return found

    def _checkpoint(self, member: MemberId, origin: str, note: str) -> Checkpoint:
        if note.count(SIGNED_BY) != 1:
            raise Untrusted("row-changed", "it has more signatures than its log's")
        return self._keys(member).checkpoint(note, origin)

    def _cosignatures(self, member: MemberId, origin: str, checkpoints: dict[int, Checkpoint]) -> dict[str, int]:
        newest: dict[str, int] = {}
        for row in self._reader.every_cosignature(origin):
            where = common(f"log of {member}, cosignature of {row.witness} at {row.size}")
            seconds = self._findings.check(where, partial(self._cosignature, checkpoints, row))
            if seconds is not None and self._findings.agree(where, seconds, row.at) and row.alg == ED25519:
                newest[row.witness] = row.size
        return newest

    def _cosignature(self, checkpoints: dict[int, Checkpoint], kept: KeptCosignature) -> int:
        checkpoint = checkpoints.get(kept.size)
        if checkpoint is None:
            raise Untrusted("checkpoint-missing", "the checkpoint that it is of is not here, or is no longer right")
        line = read_line(kept.line.removesuffix("\n"))
        if line.text != kept.line:
            raise Untrusted("row-changed", "another spelling of the line")
        name = witness_name(self._state.exchange, kept.witness)
        algorithm, seconds = self._keys(kept.witness).cosigned(checkpoint, line, name)
        if algorithm != kept.alg:
            raise Untrusted("no-log-key", f"{kept.witness} made it by no {kept.alg[:20]}")
        return seconds

    def _path(self, origin: str, kept: KeptPath, roots: dict[int, bytes], first_tick: Tick | None) -> None:
        path = decode_path(kept.data)
        leaf = self._reader.leaves(origin, path.leaf_index, 1)
        if path.c != kept.c or path.leaf_index != kept.leaf_index or not leaf or root_in_tick(path) != leaf[0]:
            raise Untrusted("path-changed", "it leads to another leaf")
        root = roots.get(kept.leaf_index + 1)
        if root is None or first_tick is None:
            raise Untrusted("checkpoint-missing", "no checkpoint says with which tick its log began")
        verify_path(path, kept.leaf_index + 1, root, first_tick)
