"""An officer's key signs only what she asked for: the node cannot put another act before her."""

import pytest
from msgspec import structs

from quartet.cli.vouching import check_prepared
from quartet.core.control import control_id, make_control
from quartet.core.encoding import Value, b64, encode
from quartet.core.facts import CancelRecall, Grant, Narrow, Recall, Widen
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import Epoch, ExchangeId, ItemId, MemberId, Micros, OfficerName
from quartet.core.marking import Marking
from quartet.core.statement import item_id, reference
from quartet.node.drafting import Speaker, fact_statement, item_statement
from quartet.node.factviews import FactDraft, Marked, Prepared, narrowing
from quartet.node.views import Draft

HASH = "A" * 43
ANN = OfficerName("ann")
GRANT = Grant(control=HASH, item=HASH, author=MemberId("north"), member=MemberId("west"), until=None, scope="ITEM")
RECALL = Recall(controls=(HASH,), reason="NORMAL", in_incident=False)
REF = reference("north", ItemId(HASH))
ASKED = FactDraft(kind="grant", ref=REF, member=MemberId("west"))


def prepared(kind: str, body: Value, officer: OfficerName = ANN) -> Prepared:
    speaker = Speaker(
        exchange=ExchangeId(HASH),
        epoch=Epoch(0),
        member=MemberId("north"),
        officer=officer,
        at=Micros(1),
        sure=True,
        nonce=bytes(32),
    )
    data = encode(fact_statement(kind, body, speaker))
    return Prepared(b64(data), item_id(data))


@pytest.mark.parametrize(
    ("draft", "given"),
    [
        (ASKED, prepared("grant", GRANT)),
        (structs.replace(ASKED, ref=REF.lower()), prepared("grant", GRANT)),
        (structs.replace(ASKED, ref=HASH), prepared("grant", GRANT)),
        (FactDraft(kind="recall", ref="N-1"), prepared("recall", RECALL)),
        (
            FactDraft(kind="cancel-recall", ref="N-1"),
            prepared("cancel-recall", CancelRecall(recall=HASH, controls=(HASH,))),
        ),
    ],
)
def test_what_was_asked_is_signed(draft: FactDraft, given: Prepared) -> None:
    check_prepared(given, draft, ANN)


@pytest.mark.parametrize(
    ("draft", "given"),
    [
        (ASKED, prepared("recall", RECALL)),
        (ASKED, prepared("grant", structs.replace(GRANT, member=MemberId("east")))),
        (ASKED, prepared("grant", structs.replace(GRANT, scope="FOLLOWING"))),
        (ASKED, prepared("grant", structs.replace(GRANT, until=Micros(2)))),
        (ASKED, prepared("grant", structs.replace(GRANT, item="B" * 42 + "A"))),
        (ASKED, prepared("grant", GRANT, OfficerName("bob"))),
        (ASKED, structs.replace(prepared("grant", GRANT), id=ItemId(HASH))),
        (FactDraft(kind="recall", ref="N-1"), prepared("recall", structs.replace(RECALL, reason="LIFE"))),
    ],
)
def test_another_act_than_asked_is_not_signed(draft: FactDraft, given: Prepared) -> None:
    with pytest.raises(Untrusted, match="prepared-otherwise"):
        check_prepared(given, draft, ANN)


def marked(text: str) -> tuple[Marked, str, str]:
    """Return what a node shows of an item of its own, with the control's id and the item's reference."""
    speaker = Speaker(ExchangeId(HASH), Epoch(0), MemberId("north"), ANN, Micros(1), sure=True, nonce=bytes(32))
    draft = Draft(tlp="GREEN", title=text, text=text)
    statement = item_statement(draft, None, speaker, Marking(tlp="GREEN", rel=()), (), ())
    item = item_id(encode(statement))
    control = make_control(statement, item, bytes(16), 0)
    return Marked(item, statement.nonce, b64(control)), control_id(control), reference("north", item)


OURS, OUR_CONTROL, OUR_REF = marked("the bridge is open")
SECRET, SECRET_CONTROL, _ = marked("who told us")
WIDENED = FactDraft(kind="widen", ref=OUR_REF, members=(MemberId("east"), MemberId("west")))
NARROWED = FactDraft(kind="narrow", ref=OUR_REF, members=(MemberId("east"),), tlp="AMBER")
NARROWING = narrowing(NARROWED, MemberId("north"))
EAST, SOUTH = (MemberId("east"),), (MemberId("south"),)


def changed(body: Widen | Narrow, shown: Marked | None) -> Prepared:
    kind = "widen" if isinstance(body, Widen) else "narrow"
    return structs.replace(prepared(kind, body), marked=shown)


def test_a_narrowing_and_a_widening_of_the_item_that_was_named_are_signed() -> None:
    check_prepared(changed(Widen(OUR_CONTROL, EAST), OURS), WIDENED, ANN)
    check_prepared(changed(Narrow(OUR_CONTROL, NARROWING), OURS), NARROWED, ANN)
    check_prepared(changed(Narrow(OUR_CONTROL, NARROWING), OURS), structs.replace(NARROWED, ref=OURS.item), ANN)


@pytest.mark.parametrize(
    ("draft", "body", "shown"),
    [
        (WIDENED, Widen(SECRET_CONTROL, EAST), OURS),
        (WIDENED, Widen(SECRET_CONTROL, EAST), SECRET),
        (WIDENED, Widen(SECRET_CONTROL, EAST), structs.replace(SECRET, item=OURS.item)),
        (WIDENED, Widen(OUR_CONTROL, EAST), None),
        (WIDENED, Widen(OUR_CONTROL, SOUTH), OURS),
        (NARROWED, Narrow(SECRET_CONTROL, NARROWING), SECRET),
        (NARROWED, Narrow(OUR_CONTROL, structs.replace(NARROWING, rel=())), OURS),
        (NARROWED, Narrow(OUR_CONTROL, structs.replace(NARROWING, tlp="CLEAR")), OURS),
    ],
)
def test_no_other_item_is_narrowed_or_widened_than_the_one_that_was_named(
    draft: FactDraft, body: Widen | Narrow, shown: Marked | None
) -> None:
    with pytest.raises(Untrusted, match="prepared-otherwise"):
        check_prepared(changed(body, shown), draft, ANN)


def test_bytes_that_are_no_statement_are_not_signed() -> None:
    with pytest.raises(Malformed):
        check_prepared(Prepared(b64(b"a cheque"), ItemId(HASH)), ASKED, ANN)
