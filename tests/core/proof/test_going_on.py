"""Behind which leaves a log goes on after a theft: what a quorum may have on record is never contradicted."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from quartet.core.proof.goingon import Chain, common, goes_on, goes_on_whoever_counted
from quartet.core.proof.quorum import quorum

LEAVES = [bytes([n]) * 32 for n in range(3)]
chains = st.lists(st.sampled_from(LEAVES), max_size=4)
OURS, THEIRS = [LEAVES[0], LEAVES[1]], [LEAVES[0], LEAVES[2], LEAVES[2]]


def on_record(held: list[list[bytes]], witnesses: int) -> list[list[bytes]]:
    """Return every chain that a quorum holds together, as far as it does."""
    return [_together(some) for some in combinations(held, quorum(witnesses))]


def _together(some: tuple[list[bytes], ...]) -> list[bytes]:
    return some[0][: min(common(some[0], one) for one in some)]


@given(chains, st.lists(chains, min_size=1, max_size=5), st.data())
def test_nothing_that_a_quorum_holds_is_left_out_whoever_has_not_answered_yet(
    own: list[bytes], held: list[list[bytes]], data: st.DataObject
) -> None:
    answered = data.draw(st.integers(0, len(held)))

    found = goes_on(own, held[:answered], len(held))

    if found is not None:
        for chain in on_record(held, len(held)):
            assert list(found[: len(chain)]) == chain


@given(chains, st.lists(chains, min_size=1, max_size=5))
def test_it_is_our_own_wherever_no_quorum_that_answered_holds_another(
    own: list[bytes], held: list[list[bytes]]
) -> None:
    parted = [chain for chain in on_record(held, len(held)) if own[: len(chain)] != chain]

    assert (goes_on(own, held, len(held)) == own) == (not parted)


@given(chains, st.lists(chains, min_size=1, max_size=5))
def test_once_all_have_answered_it_goes_on(own: list[bytes], held: list[list[bytes]]) -> None:
    assert goes_on(own, held, len(held)) is not None


def test_while_a_quorum_has_not_answered_it_waits() -> None:
    assert goes_on(OURS, [], 1) is None
    assert goes_on(OURS, [OURS], 3) is None
    assert goes_on(OURS, [OURS, OURS[:1]], 3) == OURS
    assert goes_on(OURS, [], 0) == OURS


def test_one_that_parts_from_ours_has_us_wait_for_whoever_may_side_with_it() -> None:
    assert goes_on(OURS, [OURS, THEIRS], 3) is None
    assert goes_on(OURS, [OURS, THEIRS, OURS], 3) == OURS
    assert goes_on(OURS, [OURS, THEIRS, THEIRS[:2]], 3) == THEIRS


def test_one_that_goes_on_behind_ours_is_not_left_out() -> None:
    longer: Chain = [*OURS, LEAVES[2]]

    assert goes_on(OURS, [longer], 1) == longer
    assert common(OURS, longer) == 2


ALL, BUT_WEST = frozenset({"east", "west"}), frozenset({"east"})


def test_who_alone_counted_while_another_was_absent_is_waited_for_and_believed() -> None:
    counted = [ALL, BUT_WEST]

    assert goes_on_whoever_counted(OURS, {"west": OURS}, counted) is None
    assert goes_on_whoever_counted(OURS, {"west": OURS, "east": THEIRS}, counted) == THEIRS
    assert goes_on_whoever_counted(OURS, {"west": THEIRS, "east": OURS}, counted) == OURS
    assert goes_on_whoever_counted(OURS, {"east": OURS}, counted) == OURS
    assert goes_on_whoever_counted(OURS, {"west": OURS}, [ALL]) == OURS


@given(chains, st.lists(chains, min_size=2, max_size=5), st.data())
def test_one_absence_never_has_a_log_stand_still_for_ever_nor_leave_out_what_is_on_record(
    own: list[bytes], held: list[list[bytes]], data: st.DataObject
) -> None:
    told, absent = dict(enumerate(held)), data.draw(st.integers(0, len(held) - 1))
    others = [at for at in told if at != absent]

    found = goes_on_whoever_counted(own, told, [list(told), others])

    assert found is not None
    for chain in [*on_record(held, len(held)), *on_record([held[at] for at in others], len(others))]:
        assert list(found[: len(chain)]) == chain
