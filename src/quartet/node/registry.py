"""Who is who in the exchange as this node knows it: charter, acts, manifests, epoch keys. Changes only by its methods.

A manifest is believed by its root's signature, an epoch key by its member's item key. Every change makes a new
`Keyring` and is passed to whoever asked to be told (`on_change`).
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from quartet.core.charter import CharterState
from quartet.core.cover import size_of
from quartet.core.encoding import unb64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import ExchangeId, KeyId, MemberId, Micros
from quartet.core.keyring import Keyring
from quartet.core.keys import PublicKey
from quartet.core.manifest import (
    EpochKey,
    OfficerManifest,
    WireManifest,
    keyring,
    verify_epoch_key,
    verify_officer_manifest,
    verify_wire_manifest,
)
from quartet.core.membership import Membership
from quartet.core.proof.counting import witnesses
from quartet.core.proof.logkeys import LogKeyring, log_keyring
from quartet.wire import PublicEpoch, public_epoch

MAX_CONTACT: Final = 256 * 1024
MAX_EPOCH_KEYS: Final = 4
"""Epoch keys kept of one member."""


class Contact(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a node says before trust, inside TLS: its wire manifest and its epoch keys."""

    manifest: bytes
    epoch_keys: tuple[bytes, ...]


class Registry:
    """Answers whose key is whose, and learns."""

    def __init__(self, me: MemberId, state: CharterState) -> None:
        self.me = me
        self._state = state
        self._manifests: dict[MemberId, tuple[WireManifest, bytes]] = {}
        self._officers: dict[MemberId, tuple[OfficerManifest, bytes]] = {}
        self._epochs: dict[MemberId, list[tuple[EpochKey, PublicEpoch]]] = {}
        self._keyring = keyring(state, ())
        self._link_keys: dict[MemberId, PublicKey] = {}
        self._log_keys: dict[MemberId, LogKeyring] = {}
        """Keys parsed once from the newest manifests: each parcel and cosignature asks for them."""
        self.on_change: list[Callable[[], None]] = []
        self.on_manifest: list[Callable[[WireManifest, WireManifest], None]] = []
        """Asked about a newer manifest, after the one that is known, before it is believed; they raise `Untrusted`."""

    @property
    def exchange(self) -> ExchangeId:
        """The exchange's id."""
        return self._state.exchange

    @property
    def state(self) -> CharterState:
        """The charter and its acts."""
        return self._state

    @property
    def cover(self) -> int | None:
        """How large the charter has each parcel be; None where it asks for no cover."""
        return size_of(self._state.terms.cover)

    @property
    def membership(self) -> Membership:
        """Who is a member, and since when."""
        return self._state.membership

    @property
    def keyring(self) -> Keyring:
        """Whose key is whose."""
        return self._keyring

    def others(self) -> tuple[MemberId, ...]:
        """Return all the other members that the charter names, sorted, whatever their state."""
        return tuple(sorted(m for m in self._state.members if m != self.me))

    def witnesses(self, log: MemberId, now: Micros) -> tuple[MemberId, ...]:
        """Return who witnesses a member's log: every other active member, the absent too."""
        return witnesses(self.membership, log, now)

    def absent(self, log: MemberId, since: Micros, until: Micros) -> frozenset[MemberId]:
        """Return who of them is declared absent over the whole of a time, and does not count."""
        return self.membership.not_counted(self.witnesses(log, since), since, until)

    def manifest(self, member: MemberId) -> WireManifest:
        """Return a member's newest wire manifest, or raise `Unavailable("no-manifest")`."""
        found = self._manifests.get(member)
        if found is None:
            raise Unavailable("no-manifest", f"{member} has not been heard yet")
        return found[0]

    def link_key(self, member: MemberId) -> PublicKey:
        """Return the key that signs a member's parcels, or raise `Unavailable("no-manifest")`."""
        found = self._link_keys.get(member)
        if found is None:
            found = self._link_keys[member] = PublicKey.from_text(self.manifest(member).link_key)
        return found

    def log_keys(self, member: MemberId) -> LogKeyring:
        """Return the keys that sign a member's checkpoints and cosignatures, or raise `Unavailable("no-manifest")`."""
        found = self._log_keys.get(member)
        if found is None:
            found = self._log_keys[member] = log_keyring(self.manifest(member), self.membership.tick)
        return found

    def epoch_key(self, member: MemberId, now: Micros) -> PublicEpoch | None:
        """Return the key to seal for a member with: of those valid now the one that lasts longest; None if none is."""
        valid = [(k.not_after, p) for k, p in self._epochs.get(member, ()) if k.not_before <= now < k.not_after]
        return max(valid, key=lambda pair: pair[0])[1] if valid else None

    def wire_manifests(self) -> dict[MemberId, bytes]:
        """Return every newest wire manifest as it travels."""
        return {m: raw for m, (_, raw) in self._manifests.items()}

    def officer_manifest(self, member: MemberId) -> tuple[int, bytes] | None:
        """Return the version and bytes of a member's newest officer manifest."""
        found = self._officers.get(member)
        return None if found is None else (found[0].version, found[1])

    def learn_manifest(self, travelling: bytes, frm: MemberId) -> WireManifest | None:
        """Believe a wire manifest; return it if it is new. Raise `Untrusted("manifest-older")` below the one known."""
        manifest = verify_wire_manifest(travelling, self._state)
        known = self._manifests.get(frm)
        if not _newer(manifest.member, manifest.version, travelling, frm, known):
            return None
        if known is not None:
            for ask in self.on_manifest:
                ask(known[0], manifest)
        self._manifests[frm] = (manifest, travelling)
        self._link_keys.pop(frm, None)
        self._log_keys.pop(frm, None)
        self._changed()
        return manifest

    def learn_officers(self, travelling: bytes, frm: MemberId) -> OfficerManifest | None:
        """Believe an officer manifest; as `learn_manifest`."""
        manifest = verify_officer_manifest(travelling, self._state)
        if not _newer(manifest.member, manifest.version, travelling, frm, self._officers.get(frm)):
            return None
        self._officers[frm] = (manifest, travelling)
        self._changed()
        return manifest

    def learn_epoch_key(self, travelling: bytes, frm: MemberId) -> EpochKey | None:
        """Believe an epoch key; return it if it is new."""
        epoch = verify_epoch_key(travelling, self._keyring)
        if epoch.member != frm:
            raise Untrusted("epoch-key-not-senders", f"{epoch.member} from {frm}")
        kept = self._epochs.setdefault(frm, [])
        if any(k.key_id == epoch.key_id for k, _ in kept):
            return None
        kept.append((epoch, public_epoch(_public(epoch))))
        del kept[:-MAX_EPOCH_KEYS]
        return epoch

    def learn_act(self, travelling: bytes) -> CharterState:
        """Apply the next act of the charter, or raise `Malformed` or `Untrusted`."""
        self._state = self._state.apply(travelling)
        self._changed()
        return self._state

    def _changed(self) -> None:
        manifests: Iterable[WireManifest] = (m for m, _ in self._manifests.values())
        self._keyring = keyring(self._state, manifests, (o for o, _ in self._officers.values()))
        for tell in self.on_change:
            tell()


def encode_contact(contact: Contact) -> bytes:
    """Return the bytes of a contact."""
    return msgspec.msgpack.encode(contact)


def decode_contact(data: bytes) -> Contact:
    """Return the contact with these bytes, or raise `Malformed`."""
    if len(data) > MAX_CONTACT:
        raise Malformed("too-large", f"a contact of {len(data)} bytes")
    try:
        return msgspec.msgpack.decode(data, type=Contact)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error


def _newer(
    member: MemberId,
    version: int,
    travelling: bytes,
    frm: MemberId,
    known: tuple[WireManifest | OfficerManifest, bytes] | None,
) -> bool:
    if member != frm:
        raise Untrusted("manifest-not-senders", f"{member} from {frm}")
    if known is None or version > known[0].version:
        return True
    if version < known[0].version:
        raise Untrusted("manifest-older", f"version {version} of {member}, {known[0].version} is known")
    if travelling != known[1]:
        raise Untrusted("manifest-twice", f"two manifests of {member} with version {version}")
    return False


def _public(epoch: EpochKey) -> bytes:
    return unb64(epoch.public)


__all__ = ["Contact", "KeyId", "Registry", "decode_contact", "encode_contact"]
