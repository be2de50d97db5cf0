"""What root does after the founding: new keys, new officers, acts, a newcomer; each verified as others would."""

import time
from pathlib import Path

import pytest
from msgspec import structs

from quartet.core.charter import ActPayload, CharterState, propose, sign_act
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId, Micros, OfficerName, Tick
from quartet.core.keys import SecretKey
from quartet.core.manifest import (
    keyring,
    sign_officer_manifest,
    sign_wire_manifest,
    verify_officer_manifest,
    verify_wire_manifest,
)
from quartet.core.signed import add_signature
from quartet.exercise.newcomer import new_member
from quartet.exercise.plan import DUTY
from quartet.exercise.setup import new_exchange
from quartet.node import vault
from quartet.node.folder import MemberFolder
from quartet.node.office import (
    charter_of,
    keep_acts,
    needed_roles,
    officer,
    open_offline,
    read_officer_manifest,
    read_wire_manifest,
    with_item_key,
    with_link_key,
    with_officer,
    with_roles,
    without_officer,
)

NORTH = MemberId("north")
NEW = SecretKey(bytes([9]) * 32)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MemberFolder:
    monkeypatch.setattr(vault, "SCRYPT_N", 16)
    new_exchange(tmp_path / "t", ["north", "east", "south"])
    return MemberFolder(tmp_path / "t" / "north")


def test_a_new_item_key_counts_and_the_old_one_stays_unless_revoked(folder: MemberFolder) -> None:
    state = charter_of(folder)
    root = open_offline(folder).root
    first, _ = read_wire_manifest(folder, NORTH, state)
    old = first.item_keys[0]

    second = verify_wire_manifest(sign_wire_manifest(with_item_key(first, NEW.public), root), state)
    third = verify_wire_manifest(sign_wire_manifest(with_item_key(first, NEW.public, Tick(7)), root), state)

    ring, strict = keyring(state, [second]), keyring(state, [third])
    old_id = next(key for key in ring._items[NORTH] if key != NEW.id)
    assert second.version == 2
    assert ring.item_key(NORTH, NEW.id) == NEW.public
    assert ring.item_key(NORTH, old_id).text == old.key
    with pytest.raises(Untrusted, match="key-revoked"):
        strict.item_key(NORTH, old_id)


def test_a_new_link_key_takes_the_old_ones_place(folder: MemberFolder) -> None:
    state = charter_of(folder)
    first, _ = read_wire_manifest(folder, NORTH, state)

    after = verify_wire_manifest(sign_wire_manifest(with_link_key(first, NEW.public), open_offline(folder).root), state)

    assert (after.version, after.link_key) == (2, NEW.public.text)


def test_officers_come_and_go_by_roots_signature(folder: MemberFolder) -> None:
    state = charter_of(folder)
    root = open_offline(folder).root
    first, _ = read_officer_manifest(folder, NORTH, state)
    ann = officer(OfficerName("ann"), ["watch", "release", "watch"], NEW.public)

    more = verify_officer_manifest(sign_officer_manifest(with_officer(first, ann), root), state)
    fewer = verify_officer_manifest(sign_officer_manifest(without_officer(more, OfficerName("duty")), root), state)

    assert [(one.name, one.roles) for one in more.officers] == [("ann", ("release", "watch")), ("duty", DUTY.roles)]
    assert ([one.name for one in fewer.officers], fewer.version) == (["ann"], 3)
    with pytest.raises(Malformed, match="officer-exists"):
        with_officer(more, ann)
    with pytest.raises(Malformed, match="no-such-officer"):
        without_officer(first, OfficerName("ann"))
    with pytest.raises(Malformed, match="last-officer"):
        without_officer(first, OfficerName("duty"))
    with pytest.raises(Malformed, match="bad-name"):
        officer(OfficerName("../ann"), [], NEW.public)


def test_an_officers_roles_change_by_roots_signature_and_her_keys_and_hat_stay(folder: MemberFolder) -> None:
    state, duty = charter_of(folder), OfficerName("duty")
    first, _ = read_officer_manifest(folder, NORTH, state)
    signed = sign_officer_manifest(
        with_roles(first, duty, ["watch", "trained:EXERCISE", "watch"]), open_offline(folder).root
    )

    after = verify_officer_manifest(signed, state)

    assert after.version == 2
    assert after.officers[0].roles == ("trained:EXERCISE", "watch")
    assert after.officers[0].keys == first.officers[0].keys
    for roles in (["chair"], ["watch", "chair"]):
        with pytest.raises(Malformed, match="hat-stays"):
            with_roles(first, duty, roles)
    with pytest.raises(Malformed, match="no-such-officer"):
        with_roles(first, OfficerName("ann"), ["watch"])


def test_nobody_leaves_who_is_the_last_with_a_role_that_somebody_must_have(folder: MemberFolder) -> None:
    state, duty = charter_of(folder), OfficerName("duty")
    first, _ = read_officer_manifest(folder, NORTH, state)
    more = with_officer(first, officer(OfficerName("ann"), ["chair"], NEW.public))
    turn = structs.replace(state, terms=structs.replace(state.terms, chair_rota=(NORTH,)))
    other = structs.replace(state, terms=structs.replace(state.terms, chair_rota=(MemberId("east"),)))

    assert (needed_roles(NORTH, turn), needed_roles(NORTH, other)) == (("watch", "chair"), ("watch",))
    with pytest.raises(Malformed, match="last-officer: nobody but ann has the role chair"):
        without_officer(more, OfficerName("ann"), needed_roles(NORTH, turn))
    with pytest.raises(Malformed, match="last-officer: nobody but duty has the role watch"):
        without_officer(more, duty, needed_roles(NORTH, other))
    left = without_officer(more, OfficerName("ann"), needed_roles(NORTH, other))
    assert [one.name for one in left.officers] == ["duty"]


def test_root_must_be_there(folder: MemberFolder) -> None:
    folder.root_vault.unlink()

    with pytest.raises(Unavailable, match="no-root-key"):
        open_offline(folder)


def test_an_act_is_kept_in_its_place_and_read_back(folder: MemberFolder) -> None:
    state = charter_of(folder)
    act = signed(state, folder, suspend("south"), "north", "east")

    assert keep_acts(folder.acts, [act]) == 1
    assert keep_acts(folder.acts, [act]) == 0

    after = charter_of(folder)
    assert (after.epoch, after.head) == (1, state.apply(act).head)
    assert after.membership.members(now()) == ("east", "north")


def test_an_altered_act_is_named(folder: MemberFolder) -> None:
    act = signed(charter_of(folder), folder, suspend("south"), "north", "east")
    at = act.index(b'"sig":"') + len(b'"sig":"')
    keep_acts(folder.acts, [act[:at] + (b"B" if act[at : at + 1] == b"A" else b"A") + act[at + 1 :]])

    with pytest.raises(Untrusted, match=r"charter-damaged: .*0001\.json"):
        charter_of(folder)


def test_a_newcomer_is_admitted_by_all_the_others(folder: MemberFolder) -> None:
    state = charter_of(folder)
    directory = folder.root.parent
    west = new_member(directory, "west", state)
    home = MemberFolder(directory / "west")
    with pytest.raises(Untrusted, match="unknown-member"):
        read_wire_manifest(home, west.id, charter_of(home))
    payload = ActPayload(at=now(), subject=west.id, reason="agreed", admitted=west, changes=None)
    roots = [open_offline(MemberFolder(directory / m)).root for m in ("north", "east", "south")]

    keep_acts(home.acts, [sign_act(propose(state, "admit", payload), roots)])

    after = charter_of(home)
    assert "west" in after.membership.members(now())
    assert read_wire_manifest(home, west.id, after)[0].nkey == west.nkey
    with pytest.raises(Malformed, match="member-twice"):
        new_member(directory, "west", after)


def suspend(member: str) -> ActPayload:
    return ActPayload(at=now(), subject=MemberId(member), reason="drill", admitted=None, changes=None)


def signed(state: CharterState, folder: MemberFolder, payload: ActPayload, first: str, *others: str) -> bytes:
    def root(member: str) -> SecretKey:
        return open_offline(MemberFolder(folder.root.parent / member)).root

    act = sign_act(propose(state, "suspend", payload), [root(first)])
    for other in others:
        act = add_signature("act", act, root(other))
    return act


def now() -> Micros:
    return Micros(time.time_ns() // 1000)
