"""A request for information: each member that is asked has its own part, and its own clock."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joint import BEGAN, EAST, NORTH, SOUTH, WEST, said

from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros
from quartet.desk.action import HOUR
from quartet.desk.request import Asked, Closed, Reply, Request, Stage, asked, check_reply, check_request
from quartet.desk.said import Said

THROUGH = said(EAST, Request(asked=(NORTH,), broker=True))
REQUEST = said(NORTH, Request(asked=(EAST, SOUTH), precedence="PRIORITY"))
OTHER = said(NORTH, Request(asked=(EAST, SOUTH)))
CAME = Micros(BEGAN + HOUR)


def reply(member: MemberId, word: Any, at: int = CAME, **about: Any) -> Said[Reply]:
    hat = about.pop("hat", "MEMBER")
    return said(member, Reply(request=about.pop("request", REQUEST.id), word=word, **about), at, hat=hat)


def stands(*replies: Said[Reply], **received: int) -> Asked:
    return asked(REQUEST, replies, (), {MemberId(m): Micros(at) for m, at in received.items()})


def test_the_clock_starts_with_the_receipt() -> None:
    part = stands(east=CAME).parts[EAST]

    assert (part.stage, part.due) == (Stage.RECEIVED, CAME + 8 * HOUR)
    assert not part.overdue(Micros(CAME + 8 * HOUR))
    assert part.overdue(Micros(CAME + 8 * HOUR + 1))
    assert not stands().parts[SOUTH].overdue(Micros(CAME + 80 * HOUR))


@pytest.mark.parametrize(
    ("word", "stage", "over"),
    [
        ("ACKNOWLEDGE", Stage.ACKNOWLEDGED, True),
        ("PARTIAL", Stage.PARTLY, True),
        ("ANSWER", Stage.ANSWERED, False),
        ("NO_HOLDINGS", Stage.NO_HOLDINGS, False),
    ],
)
def test_what_a_member_says_is_where_it_has_got_to(word: Any, stage: Stage, over: bool) -> None:
    part = stands(reply(EAST, word), east=CAME).parts[EAST]

    assert part.stage is stage
    assert part.overdue(Micros(CAME + 9 * HOUR)) is over


def test_a_late_acknowledgement_takes_no_answer_back_and_a_later_answer_counts() -> None:
    refused = reply(EAST, "REFUSE", reason="NO_CONSENT")

    assert stands(reply(EAST, "ANSWER"), reply(EAST, "ACKNOWLEDGE", CAME + 1)).parts[EAST].stage is Stage.ANSWERED
    assert stands(refused).parts[EAST].reason == "NO_CONSENT"
    assert stands(refused, reply(EAST, "ANSWER", CAME + 1)).parts[EAST].stage is Stage.ANSWERED


def test_a_transfer_asks_another_and_nobody_who_was_not_asked_hands_it_on() -> None:
    found = stands(reply(EAST, "TRANSFER", to=WEST), reply(WEST, "ACKNOWLEDGE"))

    assert found.parts[EAST].stage is Stage.TRANSFERRED
    assert found.parts[WEST].stage is Stage.ACKNOWLEDGED
    assert WEST not in stands(reply(WEST, "TRANSFER", to=WEST)).parts


def test_what_no_honest_node_lets_out_hands_nothing_on_and_gives_no_reason() -> None:
    """A form is checked where it is published: another member's node may let out an answer that names somebody."""
    assert WEST not in stands(reply(EAST, "ANSWER", to=WEST)).parts
    refused = reply(EAST, "REFUSE", reason="HARM")
    assert stands(refused, reply(EAST, "PARTIAL", CAME + 1, reason="PURPOSE")).parts[EAST].reason == "HARM"


def test_its_asker_alone_closes_it_and_rates_it() -> None:
    def closed(member: MemberId, rating: int, hat: Any = "MEMBER") -> Said[Closed]:
        return said(member, Closed(request=REQUEST.id, rating=rating), hat=hat)

    assert asked(REQUEST, (), [closed(EAST, 1), closed(NORTH, 1, "CHAIR")], {}).closed is False
    found = asked(REQUEST, (), [closed(EAST, 1), closed(NORTH, 4)], {})
    assert (found.closed, found.rating) == (True, 4)


def put(word: Any, hat: Any = "CHAIR", member: MemberId = NORTH, **form: Any) -> Said[Reply]:
    return reply(member, word, request=THROUGH.id, hat=hat, **form)


def through(*replies: Said[Reply]) -> Asked:
    return asked(THROUGH, replies, (), {NORTH: CAME})


def test_what_the_chair_is_to_put_to_others_she_alone_answers_and_her_clock_runs_on_until_she_does() -> None:
    brokered = put("BROKERED", question=OTHER.id)
    found = through(brokered, put("ANSWER", "MEMBER"), put("ANSWER", member=SOUTH))

    assert (set(found.parts), found.questions) == ({NORTH}, (OTHER.id,))
    assert found.parts[NORTH].stage is Stage.BROKERED
    assert found.parts[NORTH].overdue(Micros(CAME + 7 * 24 * HOUR + 1))
    assert through(brokered, put("ANSWER")).parts[NORTH].stage is Stage.ANSWERED


def test_the_chair_hands_no_hidden_asker_to_another_and_brokers_nothing_that_members_were_asked() -> None:
    assert through(put("TRANSFER", to=SOUTH)).parts.keys() == {NORTH}
    assert through(put("TRANSFER", to=SOUTH)).parts[NORTH].stage is Stage.RECEIVED
    assert stands(reply(EAST, "BROKERED", question=OTHER.id), east=CAME).parts[EAST].stage is Stage.RECEIVED
    assert stands(reply(EAST, "BROKERED", question=OTHER.id)).questions == ()
    assert through(put("BROKERED", member=SOUTH, question=OTHER.id)).questions == ()


def test_one_asks_through_the_chair_of_one_member_alone_and_limits_whom_else_she_may_ask_only_then() -> None:
    with pytest.raises(Malformed, match="bad-form"):
        check_request(Request(asked=(EAST, SOUTH), broker=True), BEGAN)
    with pytest.raises(Malformed, match="bad-form"):
        check_request(Request(asked=(EAST,), among=(SOUTH,)), BEGAN)
    check_request(Request(asked=(EAST,), broker=True, among=(SOUTH,)), BEGAN)


@pytest.mark.parametrize(
    "form",
    [
        {"word": "BROKERED"},
        {"word": "ANSWER", "question": REQUEST.id},
        {"word": "REFUSE"},
        {"word": "ANSWER", "reason": "HARM"},
        {"word": "TRANSFER"},
        {"word": "PARTIAL", "to": WEST},
    ],
)
def test_a_refusal_has_a_reason_and_a_transfer_a_name(form: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="bad-form"):
        check_reply(Reply(request=REQUEST.id, **form), BEGAN)


words = st.sampled_from([("ACKNOWLEDGE", {}), ("ANSWER", {}), ("PARTIAL", {}), ("REFUSE", {"reason": "HARM"})])
replies = st.builds(
    lambda member, word, at, other, hat: reply(
        member, word[0], CAME + at, request=(OTHER if other else REQUEST).id, hat=hat, **word[1]
    ),
    st.sampled_from([EAST, SOUTH, WEST]),
    words | st.just(("TRANSFER", {"to": WEST})) | st.just(("TRANSFER", {"to": EAST})),
    st.integers(0, 5),
    st.booleans(),
    st.sampled_from(["MEMBER", "MEMBER", "CHAIR"]),
)


@given(st.lists(replies, max_size=8), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(told: list[Said[Reply]], dice: Any) -> None:
    twice = told * 2
    dice.shuffle(twice)

    assert stands(*twice, east=CAME) == stands(*told, east=CAME)


@given(st.lists(replies, max_size=8))
def test_what_is_about_another_request_or_for_the_chair_changes_nothing(told: list[Said[Reply]]) -> None:
    own = [one for one in told if one.form.request == REQUEST.id and one.hat == "MEMBER"]

    assert stands(*told, east=CAME) == stands(*own, east=CAME)


@given(st.lists(replies, max_size=8))
def test_a_part_is_done_by_its_own_members_words_alone(told: list[Said[Reply]]) -> None:
    for member, part in stands(*told, east=CAME, south=CAME, west=CAME).parts.items():
        others = [one for one in told if one.member != member]
        assert part.replies == tuple(
            one.id
            for one in sorted(told, key=lambda one: (one.at, one.id))
            if one.member == member and one.form.request == REQUEST.id and one.hat == "MEMBER"
        )
        alone = stands(*others, east=CAME, south=CAME, west=CAME).parts.get(member)
        assert alone is None or alone.stage is Stage.RECEIVED
