"""Whose keys are whose: wire manifests, epoch keys and officer manifests, and the keyring that they make.

A root key signs the manifests; the item key signs epoch keys. A lower version than ever seen is refused where they are
kept, because only the keeper knows what it saw.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.charter import CharterMember, CharterState
from quartet.core.encoding import Value, b64, decode, digest64, encode, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import (
    NKEY_PATTERN,
    CountField,
    KeyId,
    MemberField,
    MemberId,
    NameField,
    OfficerName,
    Tick,
    TimeField,
)
from quartet.core.keyring import KeyEntry, Keyring, OfficerEntry
from quartet.core.keys import ED25519, KEY_SIZE, ML_DSA_44, XWING, PublicKey, SecretKey, key_id
from quartet.core.passkey import ORIGIN_PATTERN, PasskeyKey
from quartet.core.signed import decode_signed_bytes, sign_all
from quartet.core.statement import Hash

MAX_MANIFEST: Final = 256 * 1024
MAX_KEYS: Final = 64
MAX_OFFICERS: Final = 1_000
XWING_PUBLIC_SIZE: Final = 1184 + 32
ML_DSA_44_PUBLIC_SIZE: Final = 1312

Name = Annotated[str, Meta(min_length=1, max_length=128)]


class ItemKey(Value, frozen=True):
    """A key that signs statements, controls, receipts and frames. Those no longer in use stay listed, for old items."""

    alg: Literal["Ed25519", "ML-DSA-44"]
    key: Annotated[str, Meta(max_length=2048)]


class LogKey(Value, frozen=True):
    """A key that signs checkpoints and cosignatures; the newest of an algorithm is last."""

    alg: Literal["Ed25519", "ML-DSA-44"]
    key: Annotated[str, Meta(max_length=2048)]


class Revocation(Value, frozen=True):
    """From this tick of the member's log on, the key is not valid."""

    key_id: Hash
    from_tick: CountField


class Readable(Value, frozen=True):
    """A kind of statement that the node decodes, and up to which version."""

    kind: Name
    version: CountField


class WireManifest(Value, frozen=True):
    """A member's keys for the exchange, signed by its root."""

    v: Literal[1]
    exchange: Hash
    member: MemberField
    version: CountField
    item_keys: Annotated[tuple[ItemKey, ...], Meta(min_length=1, max_length=MAX_KEYS)]
    log_keys: Annotated[tuple[LogKey, ...], Meta(min_length=1, max_length=MAX_KEYS)]
    link_key: Hash
    nkey: Annotated[str, Meta(pattern=NKEY_PATTERN)]
    tls_ca: Hash
    revocations: Annotated[tuple[Revocation, ...], Meta(max_length=MAX_KEYS)]
    readable: Annotated[tuple[Readable, ...], Meta(max_length=256)]

    def log_key(self) -> PublicKey:
        """Return the newest Ed25519 log key, or raise `Untrusted("no-log-key")`."""
        for entry in reversed(self.log_keys):
            if entry.alg == ED25519:
                return PublicKey.from_text(entry.key)
        raise Untrusted("no-log-key", self.member)

    def slow_log_key(self) -> bytes | None:
        """Return the newest ML-DSA-44 log key, raw, or None."""
        return next((unb64(e.key) for e in reversed(self.log_keys) if e.alg == ML_DSA_44), None)


class EpochKey(Value, frozen=True):
    """A key that parcels to a member are sealed for, for a week; signed by its item key."""

    v: Literal[1]
    exchange: Hash
    member: MemberField
    key_id: Hash
    public: Annotated[str, Meta(max_length=4096)]
    not_before: TimeField
    not_after: TimeField


class Passkey(Value, frozen=True):
    """A passkey: its credential id, its ES256 key (an uncompressed point, 65 bytes), its console's origin."""

    credential: Annotated[str, Meta(min_length=1, max_length=1366)]
    key: Annotated[str, Meta(min_length=87, max_length=87)]
    origin: Annotated[str, Meta(pattern=ORIGIN_PATTERN)]


class Officer(Value, frozen=True):
    """An officer with her roles, her keys and her passkeys; either kind asserts what she states."""

    name: NameField
    roles: Annotated[tuple[Name, ...], Meta(max_length=32)]
    keys: Annotated[tuple[Hash, ...], Meta(max_length=16)]
    passkeys: Annotated[tuple[Passkey, ...], Meta(max_length=16)]


class OfficerManifest(Value, frozen=True):
    """A member's officers, signed by its root; travels sealed only."""

    v: Literal[1]
    exchange: Hash
    member: MemberField
    version: CountField
    officers: Annotated[tuple[Officer, ...], Meta(max_length=MAX_OFFICERS)]


def sign_wire_manifest(manifest: WireManifest, root: SecretKey) -> bytes:
    """Return the manifest with its root's signature, as it travels."""
    return sign_all("manifest", encode(manifest), [root])


def verify_wire_manifest(travelling: bytes, state: CharterState) -> WireManifest:
    """Return a wire manifest once everything about it was checked.

    (1) shape, (2) exchange and member, (3) its root's signature and no other, (4) sense of its keys, (5) nkey and
    certificate authority are the charter's.
    """
    signed = decode_signed_bytes(travelling)
    manifest = decode(signed.raw, WireManifest, MAX_MANIFEST)
    _check_exchange(manifest.exchange, state)
    signed.require("manifest", state.root_key(manifest.member))
    _check_keys(manifest)
    member = state.members[manifest.member]
    if manifest.nkey != member.nkey:
        raise Untrusted("other-nkey", f"{manifest.member}: the charter has another")
    if manifest.tls_ca != authority_fingerprint(member):
        raise Untrusted("other-authority", f"{manifest.member}: the charter has another")
    return manifest


def authority_fingerprint(member: CharterMember) -> str:
    """Return the SHA-256 of a member's certificate authority (DER), as its manifest names it."""
    return b64(hashlib.sha256(unb64(member.tls_ca)).digest())


def sign_officer_manifest(manifest: OfficerManifest, root: SecretKey) -> bytes:
    """Return the officer manifest with its root's signature, as it travels."""
    return sign_all("officers", encode(manifest), [root])


def verify_officer_manifest(travelling: bytes, state: CharterState) -> OfficerManifest:
    """Return an officer manifest once shape, exchange, member, root's signature and sense were checked."""
    signed = decode_signed_bytes(travelling)
    manifest = decode(signed.raw, OfficerManifest, MAX_MANIFEST)
    _check_exchange(manifest.exchange, state)
    signed.require("officers", state.root_key(manifest.member))
    _check_sorted("officers", [o.name for o in manifest.officers])
    for officer in manifest.officers:
        _check_sorted(f"roles of {officer.name}", officer.roles)
        for passkey in officer.passkeys:
            unb64(passkey.credential)
    keys = [_key("Ed25519", text) for o in manifest.officers for text in o.keys]
    _check_once([*keys, *(_passkey(p).id for o in manifest.officers for p in o.passkeys)])
    return manifest


def sign_epoch_key(key: EpochKey, item_key: SecretKey) -> bytes:
    """Return the epoch key with its member's item key's signature, as it travels."""
    return sign_all("epoch-key", encode(key), [item_key])


def verify_epoch_key(travelling: bytes, keyring: Keyring) -> EpochKey:
    """Return an epoch key once exchange, size, id, times and the signature by one item key were checked."""
    signed = decode_signed_bytes(travelling)
    epoch = decode(signed.raw, EpochKey, MAX_MANIFEST)
    if epoch.exchange != keyring.exchange:
        raise Untrusted("other-exchange", epoch.exchange[:8])
    signed.require("epoch-key", keyring.item_key(epoch.member, signed.signatures[0].key_id))
    if key_id(XWING, unb64(epoch.public, XWING_PUBLIC_SIZE)) != epoch.key_id:
        raise Untrusted("other-key-id", epoch.key_id[:8])
    if epoch.not_after <= epoch.not_before:
        raise Malformed("bad-times", "the key ends before it begins")
    return epoch


def manifest_commitment(travelling: bytes) -> str:
    """Return what the log holds of a manifest (wire or officers) or an epoch key."""
    return digest64("quartet/manifest/v1", travelling)


def keyring(
    state: CharterState, manifests: Iterable[WireManifest], officers: Iterable[OfficerManifest] = ()
) -> Keyring:
    """Return whose key is whose, from the newest manifest of each member; members that left keep theirs."""
    return Keyring(
        exchange=state.exchange,
        epoch=state.epoch,
        items={m.member: _item_keys(m) for m in sorted(manifests, key=lambda m: m.version)},
        officers={m.member: _officers(m) for m in sorted(officers, key=lambda m: m.version)},
        required=frozenset(state.terms.algorithms),
        roots={m: state.root_key(m) for m in state.members},
        rotas=state.rotas,
    )


def _item_keys(manifest: WireManifest) -> Mapping[KeyId, KeyEntry]:
    gone = {r.key_id: Tick(r.from_tick) for r in manifest.revocations}
    keys = [PublicKey.from_text(item.key) for item in manifest.item_keys]
    return {k.id: KeyEntry(public=k, revoked_from=gone.get(k.id)) for k in keys}


def _officers(manifest: OfficerManifest) -> Mapping[OfficerName, OfficerEntry]:
    return {o.name: _officer(o) for o in manifest.officers}


def _officer(officer: Officer) -> OfficerEntry:
    keys = [PublicKey(unb64(text, KEY_SIZE)) for text in officer.keys]
    passkeys = [_passkey(passkey) for passkey in officer.passkeys]
    return OfficerEntry(
        name=officer.name,
        roles=officer.roles,
        keys={k.id: k for k in keys},
        passkeys={p.id: p for p in passkeys},
    )


def _passkey(passkey: Passkey) -> PasskeyKey:
    return PasskeyKey(unb64(passkey.key), passkey.origin)


def _check_keys(manifest: WireManifest) -> None:
    """Refuse keys that are none, two uses of one key, and a revocation of a key that the manifest does not have."""
    if any(item.alg != ED25519 for item in manifest.item_keys):
        raise Malformed("later-release", "item keys of other algorithms come with a later release")
    items = [_key(item.alg, item.key) for item in manifest.item_keys]
    logs = [_key(log.alg, log.key) for log in manifest.log_keys]
    _check_once([*items, *logs, _key(ED25519, manifest.link_key)])
    revoked = [r.key_id for r in manifest.revocations]
    _check_sorted("revocations", revoked)
    if not set(revoked) <= {*items, *logs}:
        raise Malformed("unknown-key", "a revocation of a key that the manifest does not list")
    _check_sorted("readable", [r.kind for r in manifest.readable])


def _key(algorithm: str, text: str) -> KeyId:
    """Return the id of a key, or raise `Malformed` if it is none of its algorithm."""
    if algorithm == ED25519:
        return PublicKey.from_text(text).id
    return key_id(algorithm, unb64(text, ML_DSA_44_PUBLIC_SIZE))


def _check_once(keys: Sequence[KeyId]) -> None:
    if len(set(keys)) != len(keys):
        raise Malformed("key-twice", "one key for two uses")


def _check_sorted(what: str, names: Sequence[str]) -> None:
    if [n.encode() for n in names] != sorted({n.encode() for n in names}):
        raise Malformed("unsorted", f"{what} are not sorted, each once")


def _check_exchange(exchange: str, state: CharterState) -> None:
    if exchange != state.exchange:
        raise Untrusted("other-exchange", exchange[:8])


__all__ = [
    "EpochKey",
    "ItemKey",
    "LogKey",
    "MemberId",
    "Officer",
    "OfficerManifest",
    "Passkey",
    "Readable",
    "Revocation",
    "WireManifest",
    "authority_fingerprint",
    "keyring",
    "manifest_commitment",
    "sign_epoch_key",
    "sign_officer_manifest",
    "sign_wire_manifest",
    "verify_epoch_key",
    "verify_officer_manifest",
    "verify_wire_manifest",
]
