"""An officer's key signs only what she asked for: the node cannot put another act before her."""

import pytest
from msgspec import structs

from quartet.cli.vouching import check_prepared
from quartet.core.encoding import Value, b64, encode
from quartet.core.facts import CancelRecall, Grant, Recall
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import Epoch, ExchangeId, ItemId, MemberId, Micros, OfficerName
from quartet.core.statement import item_id, reference
from quartet.node.drafting import Speaker, fact_statement
from quartet.node.factviews import FactDraft, Prepared

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


def test_bytes_that_are_no_statement_are_not_signed() -> None:
    with pytest.raises(Malformed):
        check_prepared(Prepared(b64(b"a cheque"), ItemId(HASH)), ASKED, ANN)
