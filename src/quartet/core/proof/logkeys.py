"""Which log keys of a member count, and for what: the one in use, and those that its root took back from a tick on.

From a signature nobody can tell when it was made, and a thief dates as he likes. So what a key that was taken back
signed counts as its member's word up to the tick before, and only as far as a quorum of the others cosigned it before.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from quartet.core.encoding import Value, unb64
from quartet.core.faults import Fault, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros, Tick
from quartet.core.keyring import KeyEntry
from quartet.core.keys import ED25519, ML_DSA_44, PublicKey, key_id
from quartet.core.manifest import WireManifest
from quartet.core.proof.checkpoint import (
    Checkpoint,
    is_line_of,
    signed_checkpoint,
    verify_cosignature,
    verify_slow_cosignature,
)
from quartet.core.proof.note import SignatureLine, read_note
from quartet.core.proof.quorum import reached


class SlowKey(Value, frozen=True):
    """A member's ML-DSA-44 log key, raw, and from which tick on it is not valid."""

    public: bytes
    revoked_from: Tick | None


class LogKeyring(Value, frozen=True):
    """A member's log keys, the newest first; `tick` is a tick's length in microseconds."""

    member: MemberId
    tick: int
    fast: tuple[KeyEntry, ...]
    slow: tuple[SlowKey, ...]

    def signer(self, note: str, origin: str) -> tuple[Checkpoint, KeyEntry]:
        """Return a checkpoint of this log and which of its keys signed it, taken back or not."""
        checkpoint, key = signed_checkpoint(note, origin, self.publics)
        return checkpoint, next(entry for entry in self.fast if entry.public is key)

    def checkpoint(self, note: str, origin: str) -> Checkpoint:
        """Return a checkpoint once its log's signature was checked, by a key that is valid for its last tick."""
        checkpoint, entry = self.signer(note, origin)
        self._check(entry.revoked_from, last_tick(checkpoint))
        return checkpoint

    def in_use(self, note: str, origin: str) -> tuple[Checkpoint, bool]:
        """Return a checkpoint as `checkpoint` does, and whether the key that signed it is in use: not taken back."""
        checkpoint, entry = self.signer(note, origin)
        self._check(entry.revoked_from, last_tick(checkpoint))
        return checkpoint, entry.revoked_from is None

    def cosigned(self, checkpoint: Checkpoint, line: SignatureLine, name: str) -> tuple[str, int]:
        """Return by which algorithm this member cosigned, and its date in seconds, by a key that is valid then."""
        for entry in self.fast:
            if is_line_of(line, name, ED25519, entry.public.raw):
                seconds = verify_cosignature(checkpoint, line, name, entry.public)
                self._check(entry.revoked_from, seconds * SECOND // self.tick)
                return ED25519, seconds
        for slow in self.slow:
            if is_line_of(line, name, ML_DSA_44, slow.public):
                seconds = verify_slow_cosignature(checkpoint, line, name, slow.public)
                self._check(slow.revoked_from, seconds * SECOND // self.tick)
                return ML_DSA_44, seconds
        raise Untrusted("other-witness", line.name[:120])

    def timeless(self) -> "LogKeyring":
        """Return the same keys as if root had taken none of them back."""
        fast = tuple(KeyEntry(public=entry.public) for entry in self.fast)
        return LogKeyring(self.member, self.tick, fast, tuple(SlowKey(one.public, None) for one in self.slow))

    @property
    def took_back(self) -> bool:
        """Return whether root took back one of these keys."""
        return any(entry.revoked_from is not None for entry in self.fast)

    @property
    def publics(self) -> tuple[PublicKey, ...]:
        """Return every Ed25519 key, taken back or not."""
        return tuple(entry.public for entry in self.fast)

    def _check(self, revoked: Tick | None, tick: int) -> None:
        if revoked is not None and tick >= revoked:
            raise Untrusted("key-revoked", f"log key of {self.member} from tick {revoked}")


Witnesses = Callable[[Micros], Mapping[str, LogKeyring | None]]
"""Who witnessed a log at a time, by name, with the keys that are known of each."""
Absent = Callable[[Micros, Micros], Collection[str]]
"""Who of those that witnessed it at the first time was absent from then up to the second, and does not count."""


def log_keyring(manifest: WireManifest, tick: int) -> LogKeyring:
    """Return the log keys that a manifest names, the newest first."""
    gone = {one.key_id: Tick(one.from_tick) for one in manifest.revocations}
    fast = [PublicKey.from_text(e.key) for e in reversed(manifest.log_keys) if e.alg == ED25519]
    slow = [unb64(e.key) for e in reversed(manifest.log_keys) if e.alg == ML_DSA_44]
    return LogKeyring(
        member=manifest.member,
        tick=tick,
        fast=tuple(KeyEntry(public=key, revoked_from=gone.get(key.id)) for key in fast),
        slow=tuple(SlowKey(key, gone.get(key_id(ML_DSA_44, key))) for key in slow),
    )


def last_tick(checkpoint: Checkpoint) -> int:
    """Return the last tick that a checkpoint covers."""
    return checkpoint.first_tick + checkpoint.size - 1


def counts(note: str, origin: str, keys: LogKeyring, witnesses: Witnesses, absent: Absent = lambda *_: ()) -> bool:
    """Return whether a note whose log's signature holds is its member's word.

    Under a key that was taken back from tick n on it is, if its last tick is before n and a quorum of those who
    witnessed the log then cosigned it, in the same note, before n; who was `absent` is not counted.
    """
    checkpoint, entry = keys.signer(note, origin)
    if entry.revoked_from is None:
        return True
    if last_tick(checkpoint) >= entry.revoked_from:
        return False
    since = _since(note, checkpoint, keys.tick, witnesses, absent)
    return since is not None and since // keys.tick < entry.revoked_from


def _since(note: str, checkpoint: Checkpoint, tick: int, witnesses: Witnesses, absent: Absent) -> Micros | None:
    """Return since when a quorum cosigned, by the lines of a note; witnesses are counted as a proof's are."""
    began = Micros(last_tick(checkpoint) * tick)
    dates = _dates(note, checkpoint, witnesses(began))
    first = max(min(dates.values(), default=began), began)
    there = witnesses(first)
    counted = {name: at for name, at in dates.items() if name in there}
    found = reached(counted, len(there), lambda at: absent(first, max(first, at)))
    return None if found is None else found.time


def _dates(note: str, checkpoint: Checkpoint, known: Mapping[str, LogKeyring | None]) -> dict[str, Micros]:
    """Return when each witness cosigned with Ed25519; a line that does not hold counts for nothing."""
    dates: dict[str, Micros] = {}
    for line in read_note(note).signatures:
        ring = known.get(line.name)
        if ring is not None:
            with suppress(Fault):
                algorithm, seconds = ring.cosigned(checkpoint, line, line.name)
                if algorithm == ED25519:
                    dates[line.name] = Micros(seconds * SECOND)
    return dates
