"""The chair's hat has keys of its own, and what it may not say no node takes, whoever signs it."""

from typing import Any

import msgspec
import pytest
from four import DUTY, EAST, NORTH, WEST, control_of, key, ring, statement

from quartet.core.encoding import encode
from quartet.core.faults import Untrusted
from quartet.core.hats import CHAIR_KINDS, hat_of
from quartet.core.ids import Epoch, MemberId, Micros, OfficerName
from quartet.core.keyring import Keyring, OfficerEntry, Rota
from quartet.core.statement import FACT_KINDS, Statement, assert_item, item_id, sign_bytes
from quartet.core.verify import verify_statement
from quartet.desk import FORMS

CHAIR = OfficerName("chair")


def chairs(*members: str) -> Keyring:
    """Return whose key is whose, each of some members with an officer who is its chair."""
    known = ring()
    made = key(NORTH, "chair").public
    officers = {
        MemberId(member): {
            **{one.name: one for one in known.officers(member)},
            CHAIR: OfficerEntry(name=CHAIR, roles=("chair",), keys={made.id: made}),
        }
        for member in members
    }
    return Keyring(known.exchange, known.epoch, known._items, officers, known.required, rotas=known.rotas)


def said(kind: str, *, hat: Any = "CHAIR", officer: str = CHAIR, member: str = NORTH, **more: Any) -> Statement:
    body = msgspec.Raw(b'{"title":"","text":"x","attachments":[],"form":{}}')
    return statement(member, hat=hat, officer=OfficerName(officer), kind=kind, body=body, **more)


def believed(made: Statement, by: str | None = "chair", then: Keyring | None = None) -> None:
    data = encode(made)
    assertion = None if by is None else assert_item(item_id(data), key(NORTH, by))
    control = None if made.kind in FACT_KINDS else encode(control_of(made))
    verify_statement(sign_bytes(data, key(made.member, "item"), assertion), control, then or chairs(NORTH, WEST))


@pytest.mark.parametrize("kind", sorted(CHAIR_KINDS))
def test_what_a_chair_may_say_is_believed_with_her_own_key_and_without_it_is_not(kind: str) -> None:
    believed(said(kind))
    for by in (None, DUTY):
        with pytest.raises(Untrusted):
            believed(said(kind), by)


@pytest.mark.parametrize("kind", sorted((FORMS.keys() | FACT_KINDS | {"report", "feed", "alert"}) - CHAIR_KINDS))
def test_what_a_chair_may_not_say_is_refused_with_her_own_key(kind: str) -> None:
    with pytest.raises(Untrusted, match="chair-may-not"):
        believed(said(kind))


@pytest.mark.parametrize("kind", ["position", "report", "recall", "procedure"])
def test_a_chairs_key_says_nothing_for_her_member(kind: str) -> None:
    with pytest.raises(Untrusted, match="chair-as-member"):
        believed(said(kind, hat="MEMBER"))


def test_an_officer_of_the_member_does_not_speak_as_its_chair() -> None:
    with pytest.raises(Untrusted, match="chair-key-missing"):
        believed(said("procedure", officer=DUTY), DUTY)


def test_who_is_not_in_the_rota_is_no_chair() -> None:
    assert WEST not in ring().rota_at(0, 0)
    assert EAST in ring().rota_at(0, 0)
    with pytest.raises(Untrusted, match="not-in-rota"):
        believed(said("procedure", member=WEST))


def test_a_chair_of_the_rota_before_is_believed_in_what_it_said_under_the_charter_of_then() -> None:
    then = chairs(NORTH)
    then.epoch = Epoch(1)
    then.rotas = (*then.rotas, Rota(Epoch(1), Micros(1), (EAST,)))

    believed(said("procedure", epoch=Epoch(0)), then=then)
    with pytest.raises(Untrusted, match="not-in-rota"):
        believed(said("procedure", epoch=Epoch(1)), then=then)


def test_a_rota_that_is_agreed_for_later_unseats_nobody_before_its_time() -> None:
    then, now = chairs(NORTH), said("procedure", epoch=Epoch(1)).at
    then.epoch = Epoch(1)
    then.rotas = (*then.rotas, Rota(Epoch(1), Micros(now + 1), (EAST,)))

    believed(said("procedure", epoch=Epoch(1)), then=then)
    with pytest.raises(Untrusted, match="not-in-rota"):
        believed(said("procedure", epoch=Epoch(1), at=Micros(now + 1)), then=then)


def test_a_hat_is_the_one_or_the_other() -> None:
    assert hat_of(("chair", "watch")) == "CHAIR"
    assert hat_of(("watch",)) == "MEMBER"
