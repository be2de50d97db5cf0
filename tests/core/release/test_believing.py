"""A statement and its controls are believed only after every check, each refusal by its reason word."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Raw, structs
from release_worlds import markings
from test_release_laws import four

from quartet.core.control import decode_control, make_control, sign_control
from quartet.core.encoding import b64, decode, encode, unb64
from quartet.core.faults import Fault, Malformed, Untrusted
from quartet.core.ids import Epoch, KeyId, MemberId, Micros, OfficerName, Tick
from quartet.core.keyring import KeyEntry, Keyring, OfficerEntry
from quartet.core.keys import SecretKey
from quartet.core.marking import Marking
from quartet.core.statement import (
    Assertion,
    Contained,
    Signature,
    Signed,
    Statement,
    assert_item,
    commitment,
    decode_signed,
    item_id,
    sign_bytes,
)
from quartet.core.verify import (
    Verified,
    VerifiedControl,
    believe_stored,
    sign_statement,
    verify_control,
    verify_statement,
)
from quartet.exercise.world import NOON, World, control_of, seed

SERIAL = seed("serial")[:16]


def said(world: World, **fields: Any) -> Statement:
    """What north says to east, unless changed."""
    item = world.item("north", "AMBER", ["east"])
    return structs.replace(item.statement, **fields)


def control_for(world: World, statement: Statement, by: str | None = None, **fields: Any) -> Contained:
    """The control of a statement, signed by its controller, unless changed."""
    data = make_control(statement, item_id(encode(statement)), SERIAL, 5)
    if fields:
        data = encode(structs.replace(decode_control(data), **fields))
    return sign_control(data, world.key(by or statement.member))


def refusal(world: World, signed: bytes, control: bytes | None, **options: Any) -> str | None:
    keyring = options.pop("keyring", world.keyring)
    try:
        verify_statement(signed, control, keyring, **options)
    except Fault as fault:
        return fault.reason
    return None


def sent(
    world: World, statement: Statement, control: Contained | None = None, key: SecretKey | None = None
) -> str | None:
    """Why a statement with its control is refused; None when it is believed."""
    signed = sign_bytes(encode(statement), key or world.key(statement.member))
    return refusal(world, signed, encode(control or control_for(world, statement)))


def revoked(world: World, member: str) -> Keyring:
    entry = KeyEntry(world.key(member).public, revoked_from=Tick(1))
    items = {MemberId(m): {world.key(m).id: KeyEntry(world.key(m).public)} for m in ("north", "east", "south", "west")}
    items[MemberId(member)] = {world.key(member).id: entry}
    return Keyring(world.id, Epoch(0), items)


def test_what_is_whole_is_believed() -> None:
    world = four()

    assert sent(world, said(world)) is None


def test_another_exchange_is_refused() -> None:
    world = four()

    assert sent(world, said(world, exchange=b64(seed("other")))) == "other-exchange"


def test_a_later_epoch_than_the_charters_is_refused() -> None:
    world = four()

    assert sent(world, said(world, epoch=Epoch(1))) == "later-epoch"


def test_another_members_signature_is_refused() -> None:
    world = four()

    assert sent(world, said(world), key=world.key("east")) == "unknown-key"


def test_a_stranger_is_refused() -> None:
    world = four()
    statement = said(world, member=MemberId("stranger"))

    assert sent(world, statement) == "unknown-member"


def test_a_signature_over_other_bytes_is_refused() -> None:
    world = four()
    one, two = said(world), said(world)
    control = encode(control_for(world, one))
    signed = decode_signed(sign_bytes(encode(one), world.key("north")))
    other = decode_signed(sign_bytes(encode(two), world.key("north")))

    swapped = encode(structs.replace(signed, signatures=other.signatures))

    assert refusal(world, swapped, control) == "bad-signature"


def test_a_signature_under_another_tag_is_refused() -> None:
    world = four()
    statement = said(world)
    data = encode(statement)
    key = world.key("north")

    wrong = Signature(key_id=key.id, alg="Ed25519", sig=b64(key.sign("control", data)))
    signed = encode(Signed(statement=b64(data), signatures=(wrong,), assertion=None))

    assert refusal(world, signed, encode(control_for(world, statement))) == "bad-signature"


@pytest.mark.parametrize("extra", [True, False])
def test_an_unknown_algorithm_is_refused_and_does_not_stand_for_the_required_one(extra: bool) -> None:
    world = four()
    statement = said(world)
    data = encode(statement)
    real = decode_signed(sign_bytes(data, world.key("north"))).signatures[0]
    odd = structs.replace(real, alg="None", key_id=b64(seed("odd")))

    both = tuple(sorted((odd, real) if extra else (odd,), key=lambda s: s.key_id))
    signed = encode(Signed(statement=b64(data), signatures=both, assertion=None))

    expected = "unknown-algorithm" if extra else "signature-missing"
    assert refusal(world, signed, encode(control_for(world, statement))) == expected


def test_every_signature_is_checked() -> None:
    world = four()
    statement = said(world)
    data = encode(statement)
    real = decode_signed(sign_bytes(data, world.key("north"))).signatures[0]
    second = SecretKey(seed("second key"))
    keys = {
        MemberId(m): {world.key(m).id: KeyEntry(world.key(m).public), second.id: KeyEntry(second.public)}
        for m in ("north", "east")
    }
    keyring = Keyring(world.id, Epoch(0), keys)
    forged = structs.replace(real, key_id=second.id)

    signed = encode(
        Signed(statement=b64(data), signatures=tuple(sorted((real, forged), key=lambda s: s.key_id)), assertion=None)
    )

    assert refusal(world, signed, encode(control_for(world, statement)), keyring=keyring) == "bad-signature"


def test_a_revoked_key_is_refused_but_for_what_is_on_record() -> None:
    world = four()
    statement = said(world)
    signed = sign_bytes(encode(statement), world.key("north"))
    control = encode(control_for(world, statement))
    keyring = revoked(world, "north")

    assert refusal(world, signed, control, keyring=keyring) == "key-revoked"
    assert refusal(world, signed, control, keyring=keyring, on_record=True) is None


@pytest.mark.parametrize("old_signs", ["statement", "control"])
def test_neither_statement_nor_control_passes_under_a_revoked_key(old_signs: str) -> None:
    world = four()
    old, new = world.key("north"), SecretKey(seed("new key"))
    keys = {old.id: KeyEntry(old.public, revoked_from=Tick(1)), new.id: KeyEntry(new.public)}
    keyring = Keyring(world.id, Epoch(0), {MemberId("north"): keys})
    statement = said(world)
    data = make_control(statement, item_id(encode(statement)), SERIAL, 5)
    signed = sign_bytes(encode(statement), old if old_signs == "statement" else new)
    control = encode(sign_control(data, old if old_signs == "control" else new))
    whole = encode(sign_control(data, new))

    assert refusal(world, signed, control, keyring=keyring) == "key-revoked"
    assert refusal(world, signed, control, keyring=keyring, on_record=True) is None
    assert refusal(world, sign_bytes(encode(statement), new), whole, keyring=keyring) is None


def test_a_contained_control_under_a_revoked_key_is_refused_but_for_what_is_on_record() -> None:
    world = four()
    source = world.item("east", "AMBER", ["north"])
    item = world.item("north", "AMBER", ["east"], contains=[source])
    control = encode(control_of(item).sealed)
    keyring = revoked(world, "east")

    assert refusal(world, item.signed, control, keyring=keyring) == "key-revoked"
    assert refusal(world, item.signed, control, keyring=keyring, on_record=True) is None


def asserted(world: World, assertion: Assertion | None) -> str | None:
    item = world.item("north", "AMBER", ["east"])
    fact = world.recall(item)
    signed = decode_signed(fact.signed)
    return refusal(world, encode(structs.replace(signed, assertion=assertion)), None)


def test_what_wants_an_officers_assertion_is_refused_without() -> None:
    assert asserted(four(), None) == "assertion-missing"


def test_an_assertion_by_another_officer_over_another_item_or_by_a_passkey_is_refused() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    fact = world.recall(item)
    signed = decode_signed(fact.signed)
    right = world.officer_key("north", "officer")
    wrong = [
        (assert_item(fact.id, world.officer_key("north", "second")), "unknown-officer"),
        (assert_item(fact.id, world.officer_key("east", "officer")), "unknown-officer"),
        (assert_item(item.id, right), "bad-signature"),
        (structs.replace(assert_item(fact.id, right), client_data="{}"), "assertion-unknown"),
        (structs.replace(assert_item(fact.id, right), authenticator_data="AA"), "assertion-unknown"),
        (structs.replace(assert_item(fact.id, right), sig=b64(bytes(64))), "bad-signature"),
    ]

    for assertion, reason in wrong:
        assert refusal(world, encode(structs.replace(signed, assertion=assertion)), None) == reason
    whole = structs.replace(signed, assertion=assert_item(fact.id, right))
    assert refusal(world, encode(whole), None) is None


def test_an_assertion_that_is_not_wanted_is_checked_all_the_same() -> None:
    world = four()
    statement = said(world)
    wrong = assert_item(item_id(encode(statement)), world.officer_key("east", "officer"))

    signed = sign_bytes(encode(statement), world.key("north"), wrong)

    assert refusal(world, signed, encode(control_for(world, statement))) == "unknown-officer"


def test_an_officer_whom_the_manifest_does_not_name_asserts_nothing() -> None:
    world = four()
    fact = world.recall(world.item("north", "AMBER", ["east"]))
    key = world.officer_key("north", "officer")
    entry = OfficerEntry(OfficerName("other"), (), {KeyId(key.id): key.public})
    items = {MemberId("north"): {world.key("north").id: KeyEntry(world.key("north").public)}}
    keyring = Keyring(world.id, Epoch(0), items, {MemberId("north"): {OfficerName("other"): entry}})

    assert refusal(world, fact.signed, None, keyring=keyring) == "unknown-officer"


def test_an_item_without_its_control_and_a_fact_with_one_are_refused() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    fact = world.recall(item)

    assert refusal(world, item.signed, None) == "control-missing"
    assert refusal(world, fact.signed, encode(control_of(item).sealed)) == "control-of-a-fact"


def test_the_control_of_another_item_does_not_pass_as_this_ones() -> None:
    world = four()
    one, two = world.item("north", "AMBER", ["east"]), world.item("north", "AMBER", ["east"])

    assert refusal(world, one.signed, encode(control_of(two).sealed)) == "control-not-bound"


def test_the_control_of_another_author_marking_exchange_or_epoch_does_not_pass_as_this_ones() -> None:
    world = four()
    world.act("late", "active")
    statement = said(world, epoch=Epoch(1))
    wider = structs.replace(statement.marking, rel=(MemberId("east"), MemberId("south")))

    wrong = {
        "control-not-authors": control_for(world, statement, by="east", controller=MemberId("east")),
        "control-other-marking": control_for(world, statement, marking=wider),
        "control-other-exchange": control_for(world, statement, exchange=b64(seed("other"))),
        "control-other-epoch": control_for(world, statement, epoch=Epoch(0)),
        "control-later-epoch": control_for(world, statement, epoch=Epoch(2)),
        "control-not-bound": control_for(world, statement, bind=b64(seed("bind"))),
        "unknown-key": control_for(world, statement, by="east"),
    }

    for reason, control in wrong.items():
        assert sent(world, statement, control) == reason
    assert sent(world, statement, control_for(world, statement)) is None


def test_persons_in_a_control_are_those_of_the_statement_hashed() -> None:
    world = four()
    marking = world.item("north", "RED", ["east"], persons=("east/anna",)).statement.marking
    statement = said(world, marking=marking)

    bare = control_for(world, statement, marking=marking)

    assert sent(world, statement) is None
    assert sent(world, statement, bare) == "control-other-marking"


def test_a_contained_control_of_another_exchange_or_a_later_epoch_is_refused() -> None:
    world = four()
    source = world.item("east", "AMBER", ["north"])
    fine = said(world, contains=(control_of(source).sealed,))
    foreign = said(world, contains=(control_for(world, source.statement, exchange=b64(seed("other"))),))
    later = said(world, contains=(control_for(world, source.statement, epoch=Epoch(1)),))

    assert sent(world, fine) is None
    assert sent(world, foreign) == "control-other-exchange"
    assert sent(world, later) == "control-later-epoch"


def test_a_contained_control_that_its_controller_did_not_sign_is_refused() -> None:
    world = four()
    source = world.item("east", "AMBER", ["north"])
    by_north = said(world, contains=(control_for(world, source.statement, by="north"),))
    sealed = control_of(source).sealed
    altered = structs.replace(sealed, sig=b64(bytes(64)))

    assert sent(world, by_north) == "unknown-key"
    assert sent(world, said(world, contains=(altered,))) == "bad-signature"


def test_one_control_is_contained_once() -> None:
    world = four()
    sealed = control_of(world.item("east", "AMBER", ["north"])).sealed

    assert sent(world, said(world, contains=(sealed, sealed))) == "control-twice"


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_byte_of_a_statement_or_its_control_can_be_altered(data: st.DataObject) -> None:
    world = four()
    source = world.item("east", "AMBER", ["north"])
    item = world.item("north", "RED", ["east"], contains=[source], persons=("east/anna",))
    parts = [item.signed, encode(control_of(item).sealed)]
    which = data.draw(st.integers(0, 1))
    at = data.draw(st.integers(0, len(parts[which]) - 1))
    altered = bytearray(parts[which])
    altered[at] ^= data.draw(st.integers(1, 255))

    parts[which] = bytes(altered)

    with pytest.raises((Malformed, Untrusted)):
        verify_statement(parts[0], parts[1], world.keyring)


@given(markings(), st.booleans(), st.integers(0, 2**40))
@settings(max_examples=60, deadline=None)
def test_what_is_signed_here_is_what_a_recipient_believes(marking: Marking, contains: bool, later: int) -> None:
    world = four("relief", "sar")
    source = world.item("east", "AMBER", ["north"]) if contains else None
    made = world.publish("north", marking, contains=[] if source is None else [source])
    raw = encode(structs.replace(made.statement, at=Micros(NOON + later)))
    assert isinstance(made.own, VerifiedControl)

    signed = sign_statement(raw, world.key("north"), world.keyring, tick=1_000_000, serial=bytes(16))

    assert signed.own is not None
    assert signed.own.control.issued == (NOON + later) // 1_000_000
    assert _plain(verify_statement(signed.signed, encode(signed.own.sealed), world.keyring)) == _plain(signed)


def test_who_signs_for_another_or_by_a_revoked_key_believes_nothing_of_it() -> None:
    world = four()
    raw = encode(world.item("north", "AMBER", ["east"]).statement)

    with pytest.raises(Untrusted, match="unknown-key"):
        sign_statement(raw, world.key("east"), world.keyring, tick=1_000_000, serial=bytes(16))
    with pytest.raises(Untrusted, match="key-revoked"):
        sign_statement(raw, world.key("north"), revoked(world, "north"), tick=1_000_000, serial=bytes(16))


def test_a_statement_of_ours_passes_every_door_before_it_is_signed() -> None:
    world = four()
    item, fact = world.item("north", "AMBER", ["east"]), world.recall(world.item("north", "AMBER", ["east"]))
    body = Raw(b'{"title":"e\xcc\x81","text":"","attachments":[]}')
    odd = encode(structs.replace(item.statement, body=body))
    strange = encode(structs.replace(item.statement, exchange=b64(bytes(32))))
    later = encode(structs.replace(item.statement, epoch=7))
    reasons = {}

    for raw in (odd, strange, later, encode(fact.statement)):
        with pytest.raises((Malformed, Untrusted)) as refused:
            sign_statement(raw, world.key("north"), world.keyring, tick=1_000_000, serial=bytes(16))
        reasons[raw] = refused.value.reason

    assert list(reasons.values()) == ["not-nfc", "other-exchange", "later-epoch", "assertion-missing"]


def test_the_commitment_covers_the_required_signatures_and_a_wanted_assertion() -> None:
    world = four()
    fact = world.recall(world.item("north", "AMBER", ["east"]))
    signed = decode_signed(fact.signed)
    other = structs.replace(signed, assertion=assert_item(fact.id, world.officer_key("north", "second")))
    required = world.keyring.required

    assert fact.c == commitment(fact.id, signed, required, "recall")
    assert fact.c != commitment(fact.id, other, required, "recall")
    assert commitment(fact.id, signed, required, "report") == commitment(fact.id, other, required, "report")


def test_what_was_stored_is_reopened_as_it_was_believed() -> None:
    world = four()
    source = world.item("east", "AMBER", ["north"])
    item = world.item("north", "AMBER", ["east"], contains=[source])
    fact = world.recall(item)

    assert _plain(believe_stored(item.signed, encode(control_of(item).sealed), world.keyring.required)) == _plain(item)
    assert _plain(believe_stored(fact.signed, None, world.keyring.required)) == _plain(fact)


def _plain(verified: Verified) -> tuple[Any, ...]:
    return verified.id, verified.c, verified.signed, encode(verified.statement), verified.own, verified.contained


def test_a_control_alone_is_checked_like_one_contained() -> None:
    world = four()
    sealed = control_of(world.item("east", "AMBER", ["north"])).sealed

    assert verify_control(sealed, world.keyring, 0).control.controller == "east"
    with pytest.raises(Untrusted, match="bad-signature"):
        verify_control(structs.replace(sealed, sig=b64(bytes(64))), world.keyring, 0)
    assert decode(encode(sealed), Contained, 10_000) == sealed
    assert unb64(sealed.control)
