"""Each way in which a charter, an act, a manifest or an epoch key can be wrong."""

from collections.abc import Iterator
from typing import Any

import msgspec
from four import (
    EAST,
    NO_CHANGE,
    NOON,
    NORTH,
    SOUTH,
    WEST,
    act,
    charter,
    described,
    epoch_key,
    founded,
    key,
    manifest,
    officers,
    right_act,
    right_epoch_key,
    right_manifest,
    right_officers,
    roots,
    seed,
    state,
)
from wrong import Case, malformed, right, spelt, travelling, untrusted

from quartet.core.absence import MAX_ABSENCE
from quartet.core.charter import Act, Agreement, Charter, CharterState, Circle, Hub, found, sign_act, sign_charter
from quartet.core.encoding import b64, encode
from quartet.core.ids import SECOND, Micros
from quartet.core.manifest import (
    ItemKey,
    Passkey,
    Revocation,
    sign_epoch_key,
    sign_officer_manifest,
    sign_wire_manifest,
)

OTHER = b64(seed("other"))
STRANGER = described("centre")


def charters() -> Iterator[Case]:
    """Yield the golden files of charters, acts, manifests and epoch keys."""
    yield right("charter", sign_charter(charter(), roots()))
    yield from _charters()
    yield right("act", right_act())
    yield from _acts()
    yield right("manifest", right_manifest(NORTH))
    yield from _manifests()
    yield right("epoch-key", right_epoch_key(NORTH))
    yield from _epoch_keys()
    yield right("officers", right_officers(NORTH))
    yield from _officers()


def _charter(**changes: Any) -> bytes:
    return sign_charter(charter(**changes), roots())


def _charters() -> Iterator[Case]:
    raw = encode(charter())
    yield malformed("charter", "not-json", b"\x00", "bad-shape")
    yield malformed("charter", "unknown-field", travelling("charter", spelt(charter(), also=1), *roots()), "bad-shape")
    spaced = travelling("charter", raw.replace(b",", b", ", 1), *roots())
    yield malformed("charter", "white-space", spaced, "not-canonical")
    padded = msgspec.json.decode(_charter())
    padded["data"] += "="
    yield malformed("charter", "padded", msgspec.json.encode(padded), "bad-base64")
    unsorted = msgspec.json.decode(_charter())
    unsorted["signatures"].reverse()
    yield malformed("charter", "signatures-not-sorted", msgspec.json.encode(unsorted), "unsorted")
    yield from _charter_sense()
    yield untrusted(
        "charter", "founder-missing", sign_charter(charter(), roots(NORTH, EAST, SOUTH)), "signature-missing"
    )
    more = sign_charter(charter(), [*roots(), key(STRANGER.id, "root")])
    yield untrusted("charter", "signed-by-a-stranger", more, "unknown-signer")
    forged = msgspec.json.decode(_charter())
    forged["data"] = b64(raw.replace(b"Exercise Four", b"Exercise Five"))
    yield untrusted("charter", "altered", msgspec.json.encode(forged), "bad-signature")
    as_act = travelling("act", raw, *roots())
    yield untrusted("charter", "signed-as-an-act", as_act, "bad-signature")


def _charter_sense() -> Iterator[Case]:
    members = charter().members
    backwards = tuple(reversed(members))
    yield malformed("charter", "members-not-sorted", _charter(members=backwards), "unsorted")
    bad_root = msgspec.structs.replace(members[0], root_key=b64(bytes(32)))
    yield malformed("charter", "no-key", _charter(members=(bad_root, *members[1:])), "bad-key")
    shared = msgspec.structs.replace(members[0], root_key=members[1].root_key)
    yield malformed("charter", "one-root-for-two", _charter(members=(shared, *members[1:])), "key-twice")
    no_ca = msgspec.structs.replace(members[0], tls_ca="AAAA")
    yield malformed("charter", "no-certificate", _charter(members=(no_ca, *members[1:])), "bad-certificate")
    nine = tuple(described(f"member-{n}") for n in "abcdefghi")
    crowd = sign_charter(charter(members=nine, hubs=(), circles=(), chair_rota=()), roots(*(m.id for m in nine)))
    yield malformed("charter", "nine-members", crowd, "later-release")
    yield malformed("charter", "cover", _charter(cover="constant"), "later-release")
    yield malformed("charter", "three-hubs", _charter(hubs=tuple(_hub(f"hub-{n}") for n in range(3))), "later-release")
    yield malformed("charter", "hub-twice", _charter(hubs=(_hub("hub-1"), _hub("hub-1"))), "hub-twice")
    yield malformed("charter", "unknown-algorithm", _charter(algorithms=("RSA",)), "unknown-algorithm")
    yield malformed("charter", "chair-of-a-stranger", _charter(chair_rota=(STRANGER.id,)), "unknown-member")
    yield malformed("charter", "unknown-circle", _charter(agreements=(_agreement("hills", None),)), "unknown-circle")
    yield malformed("charter", "ends-first", _charter(agreements=(_agreement("coast", NOON - 1),)), "bad-times")


def _hub(name: str) -> Hub:
    return Hub(name=name, host=NORTH, address="tls://hub.example:7422")


def _agreement(circle: str, until: int | None) -> Agreement:
    end = None if until is None else Micros(until)
    return Agreement(name="patrols", circle=circle, since=NOON, until=end, text_hash=OTHER)


def _acts() -> Iterator[Case]:
    first = act(founded(), "set", changes=msgspec.structs.replace(NO_CHANGE, purposes=("search",)))
    out_west = act(founded(), "suspend", subject=WEST)
    yield malformed("act", "unknown-field", travelling("act", spelt(first, also=1), *roots()), "bad-shape")
    yield malformed("act", "white-space", travelling("act", encode(first) + b" ", *roots()), "not-canonical")
    yield malformed("act", "second-round", _signed_act(first, round=2), "later-release")
    yield malformed("act", "absent", _signed_act(out_west, kind="absent"), "act-until")
    yield from _absences()
    tick = msgspec.structs.replace(NO_CHANGE, recall_delay=0)
    yield malformed("act", "shorter-delay", sign_act(act(founded(), "set", changes=tick), roots()), "later-release")
    yield malformed("act", "of-nobody", sign_act(act(founded(), "suspend"), roots()), "act-subject")
    no_changes = sign_act(act(founded(), "set"), roots())
    yield malformed("act", "without-changes", no_changes, "act-changes")
    nothing = sign_act(act(founded(), "set", changes=NO_CHANGE), roots())
    yield malformed("act", "changes-nothing", nothing, "act-changes-nothing")
    newcomer = sign_act(act(founded(), "admit", subject=WEST, admitted=STRANGER), roots())
    yield malformed("act", "describes-another", newcomer, "act-newcomer")
    taken = msgspec.structs.replace(STRANGER, nkey=described(WEST).nkey)
    same_nkey = sign_act(act(founded(), "admit", subject=STRANGER.id, admitted=taken), roots())
    yield malformed("act", "newcomer-with-a-members-nkey", same_nkey, "key-twice")
    circle = (Circle(name="hills", members=(STRANGER.id,)),)
    strange = act(founded(), "set", changes=msgspec.structs.replace(NO_CHANGE, circles=circle))
    yield malformed("act", "circle-of-strangers", sign_act(strange, roots()), "unknown-member")
    yield from _acts_refused(first, out_west)


def _absences() -> Iterator[Case]:
    three, hour = roots(NORTH, EAST, SOUTH), 3600 * SECOND
    ends = act(founded(), "suspend", subject=WEST, until=NOON + hour)
    yield malformed("act", "suspended-with-an-end", sign_act(ends, three), "act-until")
    for name, until in ("ends-as-it-begins", NOON), ("ends-first", NOON - 1), ("too-long", NOON + MAX_ABSENCE + 1):
        yield malformed("act", name, sign_act(act(founded(), "absent", subject=WEST, until=until), three), "bad-times")
    absent = act(founded(), "absent", subject=WEST, until=NOON + hour)
    by_two = sign_act(absent, [*roots(NORTH, EAST), key(WEST, "root")])
    yield untrusted("act", "absent-by-all-others-but-one", by_two, "act-not-carried")
    strange = act(founded(), "absent", subject=STRANGER.id, until=NOON + hour)
    yield untrusted("act", "absent-stranger", sign_act(strange, roots()), "act-out-of-turn")
    gone = act(without_west(), "absent", at=NOON + 2, subject=WEST, until=NOON + hour)
    yield untrusted("act-without-west", "absent-though-it-left", sign_act(gone, three), "act-out-of-turn")
    yield untrusted("act-of-two", "the-only-witness", _only_witness(), "two-can-only-part")
    present = sign_act(act(founded(), "reinstate", subject=WEST), three)
    yield untrusted("act", "counts-again-and-was-not-absent", present, "act-out-of-turn")
    second = act(absent_west(), "absent", at=NOON + 1, subject=SOUTH, until=NOON + hour)
    signed = sign_act(second, roots(NORTH, EAST, WEST))
    yield untrusted("act-while-west-is-absent", "a-second-witness", signed, "one-at-a-time")
    early = act(absent_west(), "reinstate", at=NOON + 1, subject=WEST)
    yield untrusted("act-while-west-is-absent", "by-two", sign_act(early, roots(NORTH, EAST)), "act-not-carried")
    late = act(absent_west(), "reinstate", at=NOON + hour, subject=WEST)
    yield untrusted("act-while-west-is-absent", "again-when-it-counts", sign_act(late, three), "act-out-of-turn")


def absent_west() -> CharterState:
    """Return the exchange while west is declared absent."""
    made = act(founded(), "absent", subject=WEST, until=NOON + 3600 * SECOND)
    return founded().apply(sign_act(made, roots(NORTH, EAST, SOUTH)))


def _only_witness() -> bytes:
    two = found(sign_charter(pair(), roots(EAST, NORTH)))
    return sign_act(act(two, "absent", subject=EAST, until=NOON + 1), roots(NORTH))


def _signed_act(made: Act, **changes: Any) -> bytes:
    return travelling("act", spelt(made, **changes), *roots())


def _acts_refused(first: Act, out_west: Act) -> Iterator[Case]:
    three = roots(NORTH, EAST, SOUTH)
    yield untrusted("act", "other-exchange", _signed_act(first, exchange=OTHER), "other-exchange")
    yield untrusted("act", "not-next", _signed_act(first, predecessor=OTHER), "act-not-next")
    yield untrusted(
        "act", "not-a-member", _signed_act(act(founded(), "suspend", subject=STRANGER.id)), "act-out-of-turn"
    )
    yield untrusted("act", "one-vote-missing", sign_act(out_west, roots(NORTH, EAST)), "act-not-carried")
    yield untrusted("act", "subjects-vote", sign_act(out_west, roots(NORTH, EAST, WEST)), "act-not-carried")
    stranger = sign_act(out_west, [*three, key(STRANGER.id, "root")])
    yield untrusted("act", "signed-by-a-stranger", stranger, "unknown-signer")
    leave = act(founded(), "withdraw", subject=WEST)
    yield untrusted("act", "driven-out", sign_act(leave, three), "unknown-signer")
    as_charter = travelling("charter", encode(out_west), *three)
    yield untrusted("act", "signed-as-a-charter", as_charter, "bad-signature")
    yield untrusted("act-after", "backdated", _backdated(), "act-backdated")
    yield untrusted("act-after", "again", right_act(), "act-not-next")
    yield untrusted("act-of-two", "two-can-only-part", _of_two(), "two-can-only-part")
    again = msgspec.structs.replace(described(WEST), root_key=key(WEST, "another root").public.text)
    back = act(without_west(), "admit", at=NOON + 2, subject=WEST, admitted=again)
    yield untrusted("act-without-west", "comes-back-with-another-root", sign_act(back, three), "other-root-key")
    hubs = (Hub(name="hub-1", host=WEST, address="tls://hub.example:7422"),)
    hosted = act(without_west(), "set", at=NOON + 2, changes=msgspec.structs.replace(NO_CHANGE, hubs=hubs))
    yield untrusted("act-without-west", "hub-of-one-who-left", sign_act(hosted, three), "host-not-active")


def without_west() -> CharterState:
    """Return the exchange after west has left."""
    leave = act(founded(), "withdraw", at=NOON + 1, subject=WEST)
    return founded().apply(sign_act(leave, roots(WEST)))


def pair() -> Charter:
    """Return the charter of two members."""
    return charter(members=(described(EAST), described(NORTH)))


def _backdated() -> bytes:
    early = act(state(), "suspend", at=NOON - 7200 * 1_000_000, subject=WEST)
    return sign_act(early, roots(NORTH, EAST, SOUTH))


def _of_two() -> bytes:
    two = found(sign_charter(pair(), roots(EAST, NORTH)))
    return sign_act(act(two, "suspend", subject=EAST), roots(NORTH))


def _manifest(**changes: Any) -> bytes:
    return sign_wire_manifest(manifest(NORTH, **changes), key(NORTH, "root"))


def _manifests() -> Iterator[Case]:
    made, root = manifest(NORTH), key(NORTH, "root")
    keys = made.item_keys
    yield malformed("manifest", "unknown-field", travelling("manifest", spelt(made, also=1), root), "bad-shape")
    yield malformed("manifest", "white-space", travelling("manifest", encode(made) + b"\n", root), "not-canonical")
    yield malformed("manifest", "no-key", _manifest(link_key=b64(bytes(32))), "bad-key")
    short = (*made.log_keys[:1], msgspec.structs.replace(made.log_keys[1], key="AAAA"))
    yield malformed("manifest", "short-log-key", _manifest(log_keys=short), "bad-length")
    yield malformed("manifest", "one-key-for-two-uses", _manifest(link_key=keys[1].key), "key-twice")
    slow = (*keys, ItemKey("ML-DSA-44", made.log_keys[1].key))
    yield malformed("manifest", "other-algorithm", _manifest(item_keys=slow), "later-release")
    strange = (Revocation(key_id=OTHER, from_tick=0),)
    yield malformed("manifest", "revokes-a-strange-key", _manifest(revocations=strange), "unknown-key")
    yield malformed("manifest", "revokes-twice", _manifest(revocations=made.revocations * 2), "unsorted")
    yield untrusted("manifest", "other-exchange", _manifest(exchange=OTHER), "other-exchange")
    yield untrusted("manifest", "unknown-member", _manifest(member=STRANGER.id), "unknown-member")
    by_item_key = sign_wire_manifest(made, key(NORTH, "item"))
    yield untrusted("manifest", "signed-by-the-item-key", by_item_key, "signature-missing")
    more = travelling("manifest", encode(made), root, key(EAST, "root"))
    yield untrusted("manifest", "signed-by-another-too", more, "unknown-signer")
    as_officers = travelling("officers", encode(made), root)
    yield untrusted("manifest", "signed-as-officers", as_officers, "bad-signature")
    yield untrusted("manifest", "other-nkey", _manifest(nkey=described(EAST).nkey), "other-nkey")
    yield untrusted("manifest", "other-authority", _manifest(tls_ca=OTHER), "other-authority")


def _epoch_key(**changes: Any) -> bytes:
    return sign_epoch_key(epoch_key(NORTH, **changes), key(NORTH, "item"))


def _epoch_keys() -> Iterator[Case]:
    made, item = epoch_key(NORTH), key(NORTH, "item")
    yield malformed("epoch-key", "unknown-field", travelling("epoch-key", spelt(made, also=1), item), "bad-shape")
    yield malformed("epoch-key", "white-space", travelling("epoch-key", encode(made) + b" ", item), "not-canonical")
    yield malformed("epoch-key", "short", _epoch_key(public="AAAA"), "bad-length")
    yield malformed("epoch-key", "ends-first", _epoch_key(not_after=NOON), "bad-times")
    yield untrusted("epoch-key", "other-exchange", _epoch_key(exchange=OTHER), "other-exchange")
    yield untrusted("epoch-key", "unknown-member", _epoch_key(member=STRANGER.id), "unknown-member")
    yield untrusted("epoch-key", "signed-by-root", sign_epoch_key(made, key(NORTH, "root")), "unknown-key")
    yield untrusted("epoch-key", "signed-by-a-revoked-key", sign_epoch_key(made, key(NORTH, "old item")), "key-revoked")
    yield untrusted("epoch-key", "other-id", _epoch_key(key_id=OTHER), "other-key-id")
    as_manifest = travelling("manifest", encode(made), item)
    yield untrusted("epoch-key", "signed-as-a-manifest", as_manifest, "bad-signature")


def _officers() -> Iterator[Case]:
    made, root = officers(NORTH), key(NORTH, "root")
    one = made.officers[0]
    two = (one, msgspec.structs.replace(one, name="second"))
    yield malformed("officers", "unknown-field", travelling("officers", spelt(made, also=1), root), "bad-shape")
    yield malformed("officers", "white-space", travelling("officers", encode(made) + b" ", root), "not-canonical")
    yield malformed("officers", "same-name-twice", _officer_manifest(officers=(one, one)), "unsorted")
    yield malformed("officers", "one-key-for-two", _officer_manifest(officers=two), "key-twice")
    no_key = (msgspec.structs.replace(one, keys=(b64(bytes(32)),)),)
    yield malformed("officers", "no-key", _officer_manifest(officers=no_key), "bad-key")
    padded = (msgspec.structs.replace(one, passkeys=(Passkey("AB", "A" * 87, "https://x.example"),)),)
    yield malformed("officers", "bit-too-many", _officer_manifest(officers=padded), "bad-base64")
    off_curve = (msgspec.structs.replace(one, passkeys=(Passkey("AA", b64(b"\4" * 65), "https://x.example"),)),)
    yield malformed("officers", "passkey-off-the-curve", _officer_manifest(officers=off_curve), "bad-key")
    plain_http = (msgspec.structs.replace(one, passkeys=(Passkey("AA", "A" * 87, "http://x.example"),)),)
    yield malformed("officers", "passkey-without-tls", _officer_manifest(officers=plain_http), "bad-shape")
    yield untrusted("officers", "other-exchange", _officer_manifest(exchange=OTHER), "other-exchange")
    yield untrusted("officers", "unknown-member", _officer_manifest(member=STRANGER.id), "unknown-member")
    by_east = sign_officer_manifest(made, key(EAST, "root"))
    yield untrusted("officers", "signed-by-another-member", by_east, "signature-missing")
    as_wire = travelling("manifest", encode(made), root)
    yield untrusted("officers", "signed-as-a-manifest", as_wire, "bad-signature")


def _officer_manifest(**changes: Any) -> bytes:
    return sign_officer_manifest(officers(NORTH, **changes), key(NORTH, "root"))
