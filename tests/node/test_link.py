"""Laws of the two streams of parcels between two peers, over lossy, repeating, disordering ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, Micros
from quartet.node.link import ANSWERS, MAX_AHEAD, MAX_BYTES_ON_WAY, PATIENCE, RESERVED, Cargo, Incoming, Outgoing

FATES = st.lists(st.sampled_from(["arrives", "lost", "twice", "late"]), min_size=1, max_size=60)


class Way:
    """One direction between two peers, with every parcel's number and what it carried."""

    def __init__(self) -> None:
        self.out = Outgoing()
        self.into = Incoming()
        self.now = Micros(0)
        self.held: list[tuple[int, str, str | None, list[tuple[int, int]], str]] = []
        self.got: list[str] = []

    def send(self, fate: str, load: str) -> None:
        seq, previous = self.out.seq + 1, self.out.last_hash
        parcel = (seq, f"h{seq}", previous, list(self.out.voids), load)
        self.out.sent(seq, f"h{seq}", self.now, Cargo(rows=[load]))
        if fate in ("arrives", "twice"):
            self.deliver(parcel)
        if fate == "twice":
            self.deliver(parcel)
        if fate == "late":
            self.held.append(parcel)

    def deliver(self, parcel: tuple[int, str, str | None, list[tuple[int, int]], str]) -> None:
        seq, header_hash, previous, voids, load = parcel
        if self.into.admit(seq, header_hash, previous, voids):
            self.got.append(load)

    def acknowledge(self) -> None:
        self.out.heard(self.into.received, self.now)


@given(FATES)
def test_what_is_lost_is_sent_again_and_every_gap_closes(fates: list[str]) -> None:
    way = Way()
    for n, fate in enumerate(fates):
        way.send(fate, f"load {n}")
        way.acknowledge()
        way.now = Micros(way.now + 1)
        if way.out.full:
            recover(way)
    recover(way)

    assert {f"load {n}" for n in range(len(fates))} <= set(way.got)
    assert not way.into.gap
    assert way.out.voids == []
    for parcel in way.held:
        before = len(way.got)
        way.deliver(parcel)
        assert len(way.got) == before, "a parcel that was passed is never accepted later"


def recover(way: Way) -> None:
    for _ in range(50):
        way.now = Micros(way.now + 100)
        gone = way.out.lost(way.now, 50)
        loads = [row for parcel in gone for row in parcel.cargo.rows]
        for load in loads or ["heartbeat"]:
            way.send("arrives", load)
        way.acknowledge()
        if way.out.on_way == 0 and not way.out.voids:
            return
    pytest.fail("the way never recovered")


def test_a_parcel_that_breaks_the_chain_of_headers_is_untrusted() -> None:
    into = Incoming()
    into.admit(1, "a", None, [])

    with pytest.raises(Untrusted, match="parcel-chain"):
        into.admit(2, "b", "not a", [])


def test_an_acknowledgement_of_what_was_never_sent_is_untrusted() -> None:
    with pytest.raises(Untrusted, match="received-not-sent"):
        Outgoing().heard((1, "a"), Micros(0))


def test_a_parcel_far_ahead_of_a_gap_is_untrusted() -> None:
    with pytest.raises(Untrusted, match="parcel-too-far-ahead"):
        Incoming().admit(MAX_AHEAD + 2, "z", "y", [])


def test_after_a_restart_all_that_was_not_confirmed_is_void() -> None:
    out = Outgoing(reserved=9, acked=4)
    into = Incoming(through=4, last=(4, "h4"))

    assert into.admit(10, "h10", out.last_hash, out.voids)

    assert into.received == (10, "h10")


@given(used=st.integers(0, 4 * RESERVED), arrived=st.integers(0, 4 * RESERVED))
def test_after_a_crash_no_number_is_used_twice_and_the_peer_follows_whatever_had_reached_it(
    used: int, arrived: int
) -> None:
    """What is kept is only the block: the crash may come after any parcel of it; any number of them have arrived."""
    out, into, last = Outgoing(), Incoming(), None
    for seq in range(1, used + 1):
        out.reserved = out.to_reserve
        assert out.seq + 1 == seq < out.reserved
        out.sent(seq, f"h{seq}", Micros(0), Cargo())
        if seq <= arrived:
            assert into.admit(seq, f"h{seq}", last, [])
        last = f"h{seq}"

    again = Outgoing(reserved=out.reserved)
    seq = again.seq + 1

    assert seq > used
    assert into.admit(seq, "new", again.last_hash, again.voids)
    assert into.received == (seq, "new")
    assert not again.heard((min(used, arrived), f"h{min(used, arrived)}"), Micros(0))


def test_a_peer_that_was_only_slow_is_not_sent_everything_again() -> None:
    out, took = Outgoing(), 2 * PATIENCE
    out.sent(1, "h1", Micros(0), Cargo(rows=["an item"]))
    assert out.lost(Micros(took), out.patience)

    out.heard((1, "h1"), Micros(took))
    out.sent(2, "h2", Micros(took), Cargo(rows=["the next"]))

    assert not out.lost(Micros(2 * took), out.patience)
    assert out.lost(Micros(took + ANSWERS * took + 1), out.patience)


def test_patience_comes_back_when_the_peer_is_quick_again() -> None:
    out = Outgoing()
    out.sent(1, "h1", Micros(0), Cargo(rows=["an item"]))
    out.heard((1, "h1"), Micros(10 * PATIENCE))
    assert out.patience > PATIENCE

    for seq in range(2, 60):
        out.sent(seq, f"h{seq}", Micros(0), Cargo(rows=["another"]))
        out.heard((seq, f"h{seq}"), Micros(1))

    assert out.patience == PATIENCE


def test_a_heartbeat_that_waits_for_the_next_tick_is_no_slow_answer() -> None:
    out = Outgoing()
    out.sent(1, "h1", Micros(0), Cargo())

    out.heard((1, "h1"), Micros(10 * PATIENCE))

    assert out.patience == PATIENCE


def test_no_more_bytes_are_on_their_way_than_a_flash_may_wait_for() -> None:
    out = Outgoing()
    out.sent(1, "h1", Micros(0), Cargo(), MAX_BYTES_ON_WAY // 2)
    assert not out.full

    out.sent(2, "h2", Micros(0), Cargo(), MAX_BYTES_ON_WAY // 2)

    assert out.full


def test_a_peer_that_was_away_is_not_taken_for_a_slow_one() -> None:
    slow, away = Outgoing(), Outgoing()
    for out in (slow, away):
        out.sent(1, "h1", Micros(0), Cargo(rows=["item"]))

    slow.heard((1, "h1"), Micros(20 * SECOND))
    away.heard((1, "h1"), Micros(20 * SECOND), away=True)

    assert slow.patience == 60 * SECOND
    assert away.patience == PATIENCE


def test_what_did_not_leave_while_nobody_confirms_leaves_room_in_a_header_for_what_is_void() -> None:
    out = Outgoing()
    for n in range(1, 500):
        out.sent(n, f"h{n}", Micros(n), Cargo())
        if n % 5 == 4:
            out.failed(n)
        if n % 5 == 0:
            out.lost(Micros(n + 2 * PATIENCE), PATIENCE)
            assert out.voids == [(1, n)]
