"""Proofs, right and wrong, in two hands: the same steps, or the same reason why it proves nothing."""

import json

import proof_world as w
import test_export
from altered import FEW, altered
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from second import Answer, asked, found, spelt
from test_absent_witnesses import absent

from quartet.core.charter import found as founded
from quartet.core.encoding import encode
from quartet.core.ids import SECOND
from quartet.core.proof.export import verify_proof

CHARTER = w.charter()
PROOF = test_export.PROOF
HOURLY = test_export.HOURLY.proof()


def both(shown: list[bytes], charter: bytes = CHARTER) -> tuple[list[Answer], list[Answer]]:
    """Return what each implementation says of proofs, in order."""
    ours = [found(lambda data=data: json.loads(encode(verify_proof(data, charter)))) for data in shown]  # type: ignore[misc]
    theirs = asked([{"door": "proof", "proof": spelt(data), "charter": spelt(charter)} for data in shown])
    return ours, theirs


def test_right_proofs_hold_in_both_hands() -> None:
    state = founded(CHARTER)
    later = state.apply(w.act(state, "suspend", w.WEST, (w.TICK - 10) * SECOND))
    after = w.on_record(state=later)
    of_two = after.but(cosignatures=after.cosignatures[:2]).proof()

    ours, theirs = both([PROOF, HOURLY, w.on_record("recall").proof(), of_two])

    assert [answer.reason for answer in ours] == [None] * 4
    assert theirs == ours


def test_who_is_declared_absent_is_counted_by_neither_and_told_by_both() -> None:
    during = w.on_record(state=absent(w.TICK - 10, w.TICK + 3600))
    over = w.on_record(state=absent(w.TICK - 3600, w.TICK))
    back = w.on_record(state=absent(w.TICK - 10, w.TICK + 3600, back=w.TICK + 4))
    lines = during.cosignatures
    parts = [lines, lines[:2], lines[:1], lines[::2], lines[2:]]

    shown = [record.but(cosignatures=some).proof() for record in (during, over, back) for some in parts]
    ours, theirs = both(shown)

    assert theirs == ours
    assert {str(answer.value["absent"]) for answer in ours if answer.value} == {"['west']", "[]"}
    assert [answer.reason for answer in ours[:5]] == [None, None, "no-quorum", "no-quorum", "no-quorum"]


def test_each_way_to_be_wrong_has_the_same_word_in_both_hands() -> None:
    wrong = test_export.WRONG | {f"{name} by the hour": make for name, make in test_export.WRONG_BY_THE_HOUR.items()}

    ours, theirs = both([make().proof() for make in wrong.values()])

    assert [answer.reason for answer in ours] == [name.removesuffix(" by the hour") for name in wrong]
    assert theirs == ours


def test_another_charter_than_the_readers_is_refused_by_both() -> None:
    for charter in (w.charter("Another"), PROOF, b"", CHARTER[:-1], CHARTER + b"\n"):
        ours, theirs = both([PROOF], charter)

        assert theirs == ours
        assert ours[0].reason is not None


def test_a_proof_with_one_place_changed_is_judged_alike() -> None:
    shown = [text.encode("utf-8", "surrogatepass") for text in altered(json.loads(HOURLY), FEW)]

    ours, theirs = both(shown)

    wrong = [(data[:200], one, other) for data, one, other in zip(shown, ours, theirs, strict=True) if one != other]
    assert wrong == []
    assert len({answer.reason for answer in ours}) > 10


@given(st.lists(st.tuples(st.integers(0, len(HOURLY) - 1), st.integers(1, 255)), min_size=80, max_size=80))
@settings(max_examples=6, phases=[Phase.explicit, Phase.generate])
def test_a_byte_changed_anywhere_is_refused_by_both_in_one_word(changes: list[tuple[int, int]]) -> None:
    shown = [HOURLY[:at] + bytes([HOURLY[at] ^ by]) + HOURLY[at + 1 :] for at, by in changes]

    ours, theirs = both(shown)

    assert None not in {answer.reason for answer in ours}
    assert [(a, one, other) for a, one, other in zip(changes, ours, theirs, strict=True) if one != other] == []
