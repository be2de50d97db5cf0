"""What a member does with its root key: charter and acts, wire manifest, officer manifest. Files in, files out.

The running node needs none of it; a file goes from root key to root key, and every signature is checked on the way in.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from msgspec import structs

from quartet.core.charter import CharterMember, CharterState, found
from quartet.core.encoding import b64, unb64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.hats import CHAIR_ROLE, WATCH_ROLE, hat_of
from quartet.core.ids import ExchangeId, KeyId, MemberId, OfficerName, Tick
from quartet.core.keys import ED25519, ML_DSA_44, PublicKey, key_id
from quartet.core.manifest import (
    ItemKey,
    LogKey,
    Officer,
    OfficerManifest,
    Passkey,
    Readable,
    Revocation,
    WireManifest,
    verify_officer_manifest,
    verify_wire_manifest,
)
from quartet.core.statement import ROOT
from quartet.node.files import make_folder, read_file, write_file
from quartet.node.folder import Folder, MemberFolder, check_file_name
from quartet.node.keyset import Keyset, OfflineKeys
from quartet.node.vault import open_vault
from quartet.wire import fingerprint, to_der, to_pem

PUBLIC: Final = 0o644


def load_charter(founding: Path, acts: Path) -> CharterState:
    """Return what a charter's file and a folder of acts make together, every signature checked.

    Raise `Untrusted("charter-damaged")` where one of them was altered, or is not of this exchange.
    """
    path = founding
    try:
        state = found(_charter_file(path))
        for path in sorted(acts.glob("*.json")):
            state = state.apply(read_file(path))
    except (Malformed, Untrusted) as error:
        raise Untrusted("charter-damaged", f"{path}: {error}: put back the file that all members signed") from error
    return state


def _charter_file(path: Path) -> bytes:
    try:
        return read_file(path)
    except Unavailable as fault:
        raise Unavailable(fault.reason, f"{fault.detail}; put back the file that all members signed") from fault


def charter_of(folder: Folder) -> CharterState:
    """Return the charter and acts of a member's or hub's folder."""
    return load_charter(folder.charter, folder.acts)


def keep_acts(folder: Path, acts: Iterable[bytes]) -> int:
    """Write to `folder` the acts that it lacks, in their order, and return how many those were."""
    make_folder(folder)
    new = 0
    for number, act in enumerate(acts, 1):
        path = folder / f"{number:04}.json"
        if not path.exists():
            write_file(path, act, PUBLIC)
            new += 1
    return new


def read_wire_manifest(folder: MemberFolder, member: MemberId, state: CharterState) -> tuple[WireManifest, bytes]:
    """Return a member's wire manifest in this folder, and its bytes as they travel."""
    data = read_file(folder.wire_manifest(member))
    return verify_wire_manifest(data, state), data


def read_officer_manifest(folder: MemberFolder, member: MemberId, state: CharterState) -> tuple[OfficerManifest, bytes]:
    """Return a member's officer manifest in this folder, and its bytes as they travel."""
    data = read_file(folder.officer_manifest(member))
    return verify_officer_manifest(data, state), data


def open_offline(folder: MemberFolder, passphrase: Path | None = None) -> OfflineKeys:
    """Return the offline keys; raise `Unavailable("no-root-key")` where their medium is not there."""
    if not folder.root_vault.exists():
        raise Unavailable("no-root-key", f"{folder.root_vault} is not here: bring the medium from the safe")
    return OfflineKeys.of(open_vault(folder.root_vault, passphrase))


def charter_member(member: MemberId, keys: Keyset, offline: OfflineKeys) -> CharterMember:
    """Return what the charter says of a member with these keys."""
    return CharterMember(
        id=member,
        root_key=offline.root.public.text,
        nkey=keys.nkey_public,
        tls_ca=b64(to_der(offline.authority.cert)),
    )


def first_wire_manifest(
    exchange: ExchangeId, member: MemberId, keys: Keyset, readable: Mapping[str, int]
) -> WireManifest:
    """Return the first wire manifest of a member with these keys, whose node decodes these kinds of statement."""
    return WireManifest(
        v=1,
        exchange=exchange,
        member=member,
        version=1,
        item_keys=(ItemKey(ED25519, keys.item.public.text),),
        log_keys=(LogKey(ED25519, keys.log.public.text), LogKey(ML_DSA_44, b64(keys.slow_log_public))),
        link_key=keys.link.public.text,
        nkey=keys.nkey_public,
        tls_ca=fingerprint(keys.tls_ca),
        revocations=(),
        readable=tuple(Readable(kind, readable[kind]) for kind in sorted(readable)),
    )


def with_item_key(manifest: WireManifest, key: PublicKey, revoke: Tick | None = None) -> WireManifest:
    """Return the next version with a new item key; the present one is not valid from tick `revoke` on, if given."""
    old = () if revoke is None else (PublicKey.from_text(manifest.item_keys[-1].key).id,)
    keys = (*manifest.item_keys, ItemKey(ED25519, key.text))
    return _after(manifest, item_keys=keys, revocations=_revoked(manifest, old, revoke))


def with_log_keys(manifest: WireManifest, key: PublicKey, slow: bytes, revoke: Tick) -> WireManifest:
    """Return the next version with new log keys; those before are not valid from tick `revoke` on.

    A log has one key at a time, so that what it says later is told from what a thief of the old one says.
    """
    gone = {one.key_id for one in manifest.revocations}
    old = [key_id(entry.alg, unb64(entry.key)) for entry in manifest.log_keys]
    keys = (*manifest.log_keys, LogKey(ED25519, key.text), LogKey(ML_DSA_44, b64(slow)))
    revocations = _revoked(manifest, [one for one in old if one not in gone], revoke)
    return _after(manifest, log_keys=keys, revocations=revocations)


def _revoked(manifest: WireManifest, keys: Iterable[KeyId], tick: Tick | None) -> tuple[Revocation, ...]:
    """Return a manifest's revocations with those of more keys from a tick on."""
    more = () if tick is None else [Revocation(key, tick) for key in keys]
    return tuple(sorted((*manifest.revocations, *more), key=lambda one: one.key_id))


def _after(manifest: WireManifest, **changes: object) -> WireManifest:
    return structs.replace(manifest, version=manifest.version + 1, **changes)


def with_link_key(manifest: WireManifest, key: PublicKey) -> WireManifest:
    """Return the next version with a new link key in the old one's place."""
    return structs.replace(manifest, version=manifest.version + 1, link_key=key.text)


def first_officer_manifest(exchange: ExchangeId, member: MemberId, officers: Iterable[Officer]) -> OfficerManifest:
    """Return the first officer manifest of a member."""
    by_name = tuple(sorted(officers, key=lambda one: one.name.encode()))
    return OfficerManifest(v=1, exchange=exchange, member=member, version=1, officers=by_name)


def officer(name: OfficerName, roles: Iterable[str], key: PublicKey) -> Officer:
    """Return an officer with one key; raise `Malformed("bad-name")` for a name that no file could have."""
    check_file_name(name)
    return Officer(name=name, roles=tuple(sorted(set(roles))), keys=(key.text,), passkeys=())


def with_officer(manifest: OfficerManifest, newcomer: Officer) -> OfficerManifest:
    """Return the next version with one more officer; raise `Malformed("officer-exists")` for a name it has."""
    if newcomer.name == ROOT:
        raise Malformed("bad-name", f"{ROOT} is the name under which the root key speaks: choose another name")
    if any(one.name == newcomer.name for one in manifest.officers):
        raise Malformed("officer-exists", f"{newcomer.name} is in the manifest already: choose another name")
    officers = tuple(sorted((*manifest.officers, newcomer), key=lambda one: one.name.encode()))
    return structs.replace(manifest, version=manifest.version + 1, officers=officers)


def with_keys(
    manifest: OfficerManifest, name: OfficerName, keys: Iterable[PublicKey], passkeys: Iterable[Passkey]
) -> OfficerManifest:
    """Return the next version with more keys and passkeys of an officer; those it has already stay once.

    Raise `Malformed("no-such-officer")` for a name it has not.
    """
    if all(one.name != name for one in manifest.officers):
        raise Malformed("no-such-officer", f"{name} is not in the manifest")

    def grown(one: Officer) -> Officer:
        more = dict.fromkeys((*one.keys, *(key.text for key in keys)))
        others = {passkey.key: passkey for passkey in (*one.passkeys, *passkeys)}
        return structs.replace(one, keys=tuple(more), passkeys=tuple(others.values()))

    officers = tuple(grown(one) if one.name == name else one for one in manifest.officers)
    return structs.replace(manifest, version=manifest.version + 1, officers=officers)


def with_roles(manifest: OfficerManifest, name: OfficerName, roles: Iterable[str]) -> OfficerManifest:
    """Return the next version with other roles of an officer, whose keys stay.

    Raise `Malformed("no-such-officer")` for a name it has not, and `Malformed("hat-stays")` where she would begin or
    cease to be a chair: for whom it has not come yet, what she said before would be said under another hat.
    """
    before = next((one for one in manifest.officers if one.name == name), None)
    if before is None:
        raise Malformed("no-such-officer", f"{name} is not in the manifest")
    after = structs.replace(before, roles=tuple(sorted(set(roles))))
    if hat_of(after.roles) != hat_of(before.roles):
        raise Malformed("hat-stays", f"{name} speaks under one hat, as chair or for her member: add another name")
    officers = tuple(after if one.name == name else one for one in manifest.officers)
    return structs.replace(manifest, version=manifest.version + 1, officers=officers)


def without_officer(manifest: OfficerManifest, name: OfficerName, needed: Iterable[str] = ()) -> OfficerManifest:
    """Return the next version without an officer.

    Raise `Malformed("no-such-officer")` for a name it has not, and `Malformed("last-officer")` for the last one of all,
    or of those with a role that is `needed`.
    """
    gone = next((one for one in manifest.officers if one.name == name), None)
    if gone is None:
        raise Malformed("no-such-officer", f"{name} is not in the manifest")
    officers = tuple(one for one in manifest.officers if one.name != name)
    if not officers:
        raise Malformed("last-officer", f"{name} is the only officer: add another first, quartet officer add NAME")
    for role in sorted(set(needed).intersection(gone.roles)):
        if not any(role in one.roles for one in officers):
            raise Malformed("last-officer", f"nobody but {name} has the role {role}: give it to another first")
    return structs.replace(manifest, version=manifest.version + 1, officers=officers)


def needed_roles(member: MemberId, state: CharterState) -> tuple[str, ...]:
    """Return the roles that somebody of a member has to have: who is told of alarms, and a chair where its turn comes.

    Who has none already lacks nothing more.
    """
    return (WATCH_ROLE, CHAIR_ROLE) if member in state.terms.chair_rota else (WATCH_ROLE,)


def authority_pem(member: CharterMember) -> bytes:
    """Return a member's certificate authority from the charter, as PEM."""
    return to_pem(unb64(member.tls_ca))
