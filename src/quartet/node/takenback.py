"""Log keys that their member's root took back: what of theirs still counts, and from where the log goes on.

A thief who signs a second log has honest witnesses convict the member, or hold the thief's leaves. Once root has said
from which tick on the key is not valid, what no quorum cosigned before that is nobody's word, and the log goes on from
the last that one did. Neither may root disown: the tick lies behind what is on record, and is never moved.
"""

from collections.abc import Mapping
from typing import Final

from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, MemberId, Micros, Tick
from quartet.core.manifest import WireManifest
from quartet.core.proof.checkpoint import log_origin, read_checkpoint, witness_name
from quartet.core.proof.logkeys import LogKeyring, counts, last_tick
from quartet.core.proof.note import read_note
from quartet.core.proof.quorum import quorum
from quartet.core.proof.witness import WitnessState
from quartet.node.ledger import INCARNATION
from quartet.node.parts import Parts
from quartet.node.reached import cut_to
from quartet.node.registry import Registry

DISOWNING: Final = frozenset({"revoked-too-early", "revocation-changed", "key-dropped"})
"""Why a manifest is not believed that would disown what is on record."""


class TakenBack:
    """Answers what counts of what keys signed that are not valid any more."""

    def __init__(self, parts: Parts, registry: Registry) -> None:
        self._store = parts.store
        self._registry = registry
        registry.on_manifest.append(self._check)

    def counts(self, member: MemberId, note: str) -> bool:
        """Return whether a note of a member's log, its signature right, is its member's word."""
        keys, origin = self._registry.log_keys(member), self._origin(member)
        if not keys.took_back:
            return True
        checkpoint, entry = keys.signer(note, origin)
        if entry.revoked_from is None:
            return True
        held = self._store.reader.checkpoint(origin, checkpoint.size)
        if held is not None and held[1].startswith(checkpoint.text + "\n"):
            return last_tick(checkpoint) < entry.revoked_from and checkpoint.size <= self._reach(member, keys)
        return self.shows(member, note)

    def shows(self, member: MemberId, note: str) -> bool:
        """Return whether a note shows a stranger, by the lines under it, that it is its member's word."""
        keys, origin = self._registry.log_keys(member), self._origin(member)
        name, exchange = witness_name, self._registry.exchange
        return counts(
            note,
            origin,
            keys,
            lambda at: self._witnesses(member, at),
            lambda since, until: [name(exchange, m) for m in self._registry.absent(member, since, until)],
        )

    async def cut(self, member: MemberId, state: WitnessState) -> WitnessState | None:
        """Forget what is held of a log behind what counts, where only a key signed it that was taken back.

        Return how far it reaches then; None where all that is held counts, or is confirmed by a key in use.
        """
        keys, origin = self._registry.log_keys(member), self._origin(member)
        newest = self._store.reader.checkpoint(origin)
        if newest is None or keys.signer(newest[1], origin)[1].revoked_from is None:
            return None
        size = self._reach(member, keys)
        return None if size >= state.size else await cut_to(self._store, state, size)

    async def cut_revoked(self, member: MemberId, state: WitnessState) -> WitnessState | None:
        """Forget what is held of a log behind the tick from which on root took back the key that signed it.

        No quorum makes that its member's word, and the member believes no answer that ends in it. None where all held
        lies before.
        """
        keys, origin = self._registry.log_keys(member), self._origin(member)
        newest = self._store.reader.checkpoint(origin)
        if newest is None or not keys.took_back:
            return None
        checkpoint, entry = keys.signer(newest[1], origin)
        if entry.revoked_from is None or last_tick(checkpoint) < entry.revoked_from:
            return None
        held = self._store.reader.checkpoint_upto(origin, max(0, entry.revoked_from - checkpoint.first_tick))
        return await cut_to(self._store, state, 0 if held is None else held[0])

    def covered(self, member: MemberId) -> int:
        """Return the longest size of a member's log that a quorum cosigned, as we hold it."""
        return self._covered(member, Micros(2**53 - 1))

    def in_use(self, member: MemberId, note: str) -> bool:
        """Return whether the key that signed a note of a member's log was not taken back."""
        return self._registry.log_keys(member).signer(note, self._origin(member))[1].revoked_from is None

    def gave_way(self, member: MemberId, tick: Tick) -> bool:
        """Return whether leaves of this tick may have given way to others: root took back the key of that time."""
        return any(
            one.revoked_from is not None and tick < one.revoked_from for one in self._registry.log_keys(member).fast
        )

    def _reach(self, member: MemberId, keys: LogKeyring) -> int:
        """Return the longest size that a quorum covered before the newest key that was taken back ended."""
        until = next(entry.revoked_from for entry in keys.fast if entry.revoked_from is not None)
        return self._covered(member, Micros(until * keys.tick - 1))

    def _covered(self, member: MemberId, at: Micros) -> int:
        """Return the longest size that a quorum of those who witness at a time cosigned, dated no later.

        What a quorum of those covered who counted while another was absent is on record too.
        """
        witnesses = self._registry.witnesses(member, at)
        ends = self._registry.membership.absence_ends(witnesses, at)
        return max(self._covered_by(member, witnesses, time) for time in (at, *ends))

    def _covered_by(self, member: MemberId, witnesses: tuple[MemberId, ...], at: Micros) -> int:
        sizes = self._store.reader.cosigned_until(self._origin(member), at // SECOND)
        gone = self._registry.membership.not_counted(witnesses, at, at)
        longest = sorted((sizes.get(one, 0) for one in witnesses if one not in gone), reverse=True)
        return longest[quorum(len(longest)) - 1] if longest else 0

    def _check(self, before: WireManifest, after: WireManifest) -> None:
        """Refuse a manifest that disowns what is on record: by a tick in it, one that was moved, a key left out."""
        if not _listed(before) <= _listed(after):
            raise Untrusted("key-dropped", f"{after.member}: old keys stay listed, for what they signed")
        known = {one.key_id: one.from_tick for one in before.revocations}
        now = {one.key_id: one.from_tick for one in after.revocations}
        if any(now.get(key) != tick for key, tick in known.items()):
            raise Untrusted("revocation-changed", f"{after.member} said before from which tick on its key is not valid")
        fresh = [tick for key, tick in now.items() if key not in known]
        covered = self._last_tick(after.member) if fresh else None
        if covered is not None and min(fresh) <= covered:
            raise Untrusted(
                "revoked-too-early", f"from tick {min(fresh)}, and {covered} of {after.member} is on record"
            )

    def _last_tick(self, member: MemberId) -> Tick | None:
        """Return the last tick of a member's log that a quorum covers here."""
        newest = self._store.reader.checkpoint(self._origin(member))
        size = self.covered(member)
        if newest is None or not size:
            return None
        return Tick(read_checkpoint(read_note(newest[1]).text).first_tick + size - 1)

    def _witnesses(self, member: MemberId, at: Micros) -> Mapping[str, LogKeyring | None]:
        known = self._registry.wire_manifests()
        return {
            witness_name(self._registry.exchange, one): self._registry.log_keys(one) if one in known else None
            for one in self._registry.witnesses(member, at)
        }

    def _origin(self, member: MemberId) -> str:
        return log_origin(self._registry.exchange, member, INCARNATION)


def _listed(manifest: WireManifest) -> set[str]:
    """Return the keys that sign what must stay proven."""
    return {entry.key for entry in manifest.item_keys} | {entry.key for entry in manifest.log_keys}
