"""The release rule against its vectors, read as another implementation would: nothing but the JSON."""

import json
from itertools import permutations
from typing import Any

import msgspec
import pytest
from release_cases import HERE, combined, text, written

from quartet.core.combine import combine
from quartet.core.control import Control
from quartet.core.facts import BODIES, NO_FACTS, Fact, Facts
from quartet.core.ids import Commitment, ControlId, Epoch, ItemId, MemberId, Micros, OfficerName
from quartet.core.marking import Marking
from quartet.core.membership import Membership, Span
from quartet.core.release import Decision, Released, Viewer, may_view, release
from quartet.core.statement import Citation, Contained, Statement
from quartet.core.verify import Verified, VerifiedControl

CASES: list[dict[str, Any]] = json.loads((HERE / "release.json").read_text())["cases"]
COMBINED: list[dict[str, Any]] = json.loads((HERE / "release_combine.json").read_text())["cases"]
NOTHING = "A" * 43


def _control(row: dict[str, Any]) -> VerifiedControl:
    control = Control(
        v=1,
        exchange=NOTHING,
        epoch=Epoch(0),
        issued=row["issued"],
        serial=row["serial"],
        controller=MemberId(row["controller"]),
        marking=msgspec.convert(row["marking"], Marking),
        bind=NOTHING,
    )
    return VerifiedControl(id=ControlId(row["id"]), control=control, sealed=Contained("", NOTHING, ""))


def _item(row: dict[str, Any]) -> Verified:
    own, *contained = (_control(c) for c in row["controls"])
    statement = Statement(
        v=1,
        exchange=NOTHING,
        epoch=Epoch(0),
        member=MemberId(row["author"]),
        officer=OfficerName("officer"),
        hat="MEMBER",
        at=row["at"],
        clock="SURE",
        nonce=NOTHING,
        precedence="ROUTINE",
        marking=own.control.marking,
        contains=(),
        cites=tuple(Citation(item=i) for i in row["cites"]),
        kind=row["kind"],
        kind_v=1,
        body=msgspec.Raw(b"{}"),
    )
    c = Commitment(NOTHING)
    return Verified(id=ItemId(row["id"]), c=c, statement=statement, signed=b"", own=own, contained=tuple(contained))


def _facts(rows: list[dict[str, Any]]) -> Facts:
    return NO_FACTS.plus(
        Fact(
            id=ItemId(row["id"]),
            member=MemberId(row["member"]),
            officer=OfficerName(row["officer"]),
            at=Micros(row["at"]),
            body=msgspec.convert(row["body"], BODIES[row["kind"]]),
        )
        for row in rows
    )


def _membership(row: dict[str, Any]) -> Membership:
    spans = {MemberId(m): tuple(Span(Micros(at), state) for at, state in s) for m, s in row["members"].items()}
    return Membership(
        spans=spans, tick=row["tick"], recall_delay=row["recall_delay"], purposes=frozenset(row["purposes"])
    )


def _answer(case: dict[str, Any], ask: dict[str, Any]) -> Decision:
    item, facts, membership = _item(case["item"]), _facts(case["facts"]), _membership(case["charter"])
    to, now = MemberId(ask["to"]), Micros(ask["now"])
    if "name" not in ask:
        return release(item, to, facts, membership, now, held=ask["held"])
    viewer = Viewer(
        member=to,
        name=OfficerName(ask["name"]),
        purpose=ask.get("purpose"),
        trained=frozenset(ask.get("trained", ())),
        body=ask.get("body"),
    )
    return may_view(item, viewer, facts, membership, now, held=ask["held"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_rule_answers_as_its_vectors_say(case: dict[str, Any]) -> None:
    for ask in case["asks"]:
        decision = _answer(case, ask)
        answer = "released" if isinstance(decision, Released) else decision.reason.value
        assert answer == ask["answer"], ask
        if isinstance(decision, Released) and "by" in ask:
            assert list(decision.grants) == ask["by"], ask


@pytest.mark.parametrize("case", COMBINED)
def test_markings_combine_as_their_vectors_say(case: dict[str, Any]) -> None:
    markings = [msgspec.convert(m, Marking) for m in case["markings"]]
    expected = msgspec.convert(case["combined"], Marking)

    for order in permutations(markings):
        assert combine(order) == expected


def test_the_vectors_on_file_are_those_of_the_cases() -> None:
    assert (HERE / "release.json").read_text() == text(written())
    assert (HERE / "release_combine.json").read_text() == text(combined())
