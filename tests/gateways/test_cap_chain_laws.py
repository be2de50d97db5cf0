"""What a door says of one warning again and again: each message another, and whatever is remembered is read back."""

from cap import NOW
from hypothesis import given
from hypothesis import strategies as st
from test_cap_writing import told

from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.gateways.cap.chain import CANCELLED, Links, grown, names_of, read_links, restored, spelt
from quartet.node.desk.outgoing import Ended, Outgoing

NORTH = MemberId("north")
SAID: Outgoing = told()
TIMES = st.integers(NOW - 10 * SECOND, NOW + 10 * SECOND).map(Micros)


def ended(at: Micros) -> Ended:
    return Ended(ItemId("A"), NORTH, NOW, at, Micros(NOW + 9 * SECOND), Marking("AMBER"), False)


@given(st.lists(st.tuples(st.booleans(), TIMES, TIMES), max_size=8))
def test_each_message_is_another_and_every_end_names_all_that_said_that_it_holds(
    looks: list[tuple[bool, Micros, Micros]],
) -> None:
    links: Links = ()
    for back, at, now in looks:
        before, one = links, ended(at) if back else SAID
        links = grown(links, one, followed=False, now=now)
        assert links[: len(before)] == before
        assert (bool(links) and links[-1].word == CANCELLED) == back
        assert grown(links, one, followed=False, now=now) == links

    times = [at // SECOND for _, _, at in names_of("A", NORTH, links)]
    assert times == sorted(set(times))
    assert len({name for name, _, _ in names_of("A", NORTH, links)} | {"A"}) == len(links) + 1
    assert read_links(spelt(links)) == links
    assert len(restored("A", NORTH, links)) == len(links) // 2


def test_one_that_was_followed_is_never_said_to_hold_again() -> None:
    links = grown((), ended(NOW), followed=False, now=NOW)
    assert grown(links, SAID, followed=True, now=NOW) == links
