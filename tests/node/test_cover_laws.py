"""Laws of cover: a parcel has the one size, what does not fit waits, nothing is lost, and the pace tells nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.cover import COVERS
from quartet.core.encoding import b64, digest
from quartet.core.ids import SECOND, ExchangeId, ItemId, MemberId, Micros
from quartet.core.keys import SecretKey
from quartet.core.parcel import Content, Header, content_hash, open_content, pack, pack_contents, room_in, unpack
from quartet.core.piece import Joining
from quartet.node.large import Larges, Urgency
from quartet.node.load import Cell
from quartet.node.pace import FASTER, Pace

NORTH, EAST = MemberId("north"), MemberId("east")
EXCHANGE = ExchangeId(b64(digest("quartet/test/v1", b"exchange")))
KEY = SecretKey(bytes(range(32)))
NARROW = COVERS["narrow"]
URGENCIES: tuple[Urgency, ...] = ("urgent", "frame", "other")

sizes = st.lists(
    st.tuples(st.one_of(st.integers(1, 400), st.integers(1, 60_000)), st.sampled_from(URGENCIES)), max_size=12
)


def header(seq: int, contents: bytes) -> Header:
    return Header(
        v=1,
        exchange=EXCHANGE,
        epoch=0,
        frm=NORTH,
        to=EAST,
        incarnations=(1, 1),
        seq=seq,
        previous=None,
        received=None,
        voids=(),
        content_hash=content_hash(contents),
        checkpoint=None,
    )


def content(n: int, size: int) -> Content:
    return open_content("receipts", n.to_bytes(2, "big") * size)


@given(sizes, st.sets(st.integers(0, 40)))
@settings(max_examples=80)
def test_every_parcel_has_the_one_size_and_all_comes_once_whatever_is_lost(
    wanted: list[tuple[int, Urgency]], lost: set[int]
) -> None:
    larges, joining = Larges(), Joining()
    waits = [(content(n, size), urgency) for n, (size, urgency) in enumerate(wanted)]
    came: list[Content] = []
    for seq in range(1, 400):
        cell = Cell(room_in(NARROW, header(seq, b"")), larges)
        cell.fill("urgent", share=2)
        inside = []
        for one, urgency in list(waits):
            if cell.takes(len(one.data), urgency=urgency):
                noted = cell.add(one, urgency=urgency)
                inside += [(one, urgency)] if noted is cell.cargo else []
                waits.remove((one, urgency))
        cell.fill(*URGENCIES)

        raw = pack_contents(cell.contents)
        plaintext = pack(header(seq, raw), raw, KEY, NARROW).plaintext
        assert len(plaintext) == NARROW

        if seq in lost:
            larges.lost(cell.cargo.pieces)
            waits += inside
            continue
        opened = unpack(plaintext, NORTH, EAST, EXCHANGE, KEY.public)
        wholes, held = joining.join(opened.contents)
        joining.done(wholes)
        came += [*(one for one in opened.contents if one.tag != "piece"), *held]
        larges.arrived(cell.cargo.pieces)
        if not waits and not larges.cargos:
            break

    assert sorted(one.data for one in came) == sorted(content(n, size).data for n, (size, _) in enumerate(wanted))


@given(st.lists(st.sampled_from(["up", "down", "away"]), max_size=200))
def test_after_an_outage_a_pair_sends_what_the_outage_left_out_and_no_faster_than_the_pace(ways: list[str]) -> None:
    pace = Pace(SECOND, 0)
    sent = [pace.parcels(n, up=way != "down", there=way == "up") for n, way in enumerate(ways, 1)]

    made_up = sum(n - 1 for n, way in zip(sent, ways, strict=True) if way == "up")
    out = sum(way != "up" for way in ways)
    assert all(1 <= n <= FASTER for n, way in zip(sent, ways, strict=True) if way == "up")
    assert [n for n, way in zip(sent, ways, strict=True) if way != "up"] == [
        way == "away" for way in ways if way != "up"
    ]
    assert made_up <= out
    rest = [pace.parcels(n, up=True, there=True) for n in range(len(ways) + 1, len(ways) + 1 + len(ways))]
    assert made_up + sum(rest) - len(rest) == out


@given(st.integers(0, 10**15), st.sampled_from([100_000, 1_000_000, 60_000_000]))
def test_the_next_slot_is_ahead_and_less_than_a_tick_away(now: int, tick: int) -> None:
    pace = Pace(tick, None)

    assert 0 < pace.moment(pace.following(Micros(now))) - now <= tick


def test_pieces_of_what_was_given_up_do_not_count_for_what_is_begun_again() -> None:
    larges, one = Larges(), [content(1, 5_000)]
    larges.begin(one, "other").parts.append((ItemId("i"), "root", 0))
    early = [span for _, span in larges.fill(6_000, URGENCIES)]
    larges.drop(lambda _: False)
    larges.begin(one, "other")
    late = [span for _, span in larges.fill(20_000, URGENCIES)]

    assert larges.arrived(early) == []
    assert len(larges.arrived(late)) == 1


def test_slots_that_a_node_missed_are_made_up_for_from_the_tick_on_that_was_its_last() -> None:
    pace, begun = Pace(SECOND, 10), Pace(SECOND, None)

    assert [pace.parcels(n, up=True, there=True) for n in (13, 14, 20, 21, 22)] == [3, 1, 4, 3, 1]
    assert [begun.parcels(n, up=True, there=True) for n in (13, 14)] == [1, 1]
