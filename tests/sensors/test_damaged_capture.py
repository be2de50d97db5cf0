"""A capture that is damaged within is read on where it makes sense again, and what was lost is told by its bytes."""

import struct
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_pcap import AT_S, ethernet, ip4, udp

from quartet.sensors.pcap import Datagram, Lost, Pcap

SIZE = 16 + len(ethernet(ip4(udp())))


def capture(count: int) -> bytes:
    """Return a capture of so many packets, one a second."""
    packet = ethernet(ip4(udp()))
    made = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    return made + b"".join(
        struct.pack("<IIII", AT_S + number, 7, len(packet), len(packet)) + packet for number in range(count)
    )


def read(data: bytes, piece: int) -> tuple[list[Datagram], Pcap]:
    reader = Pcap()
    found = [one for n in range(0, len(data), piece) for one in reader.read(data[n : n + piece])]
    return [*found, *reader.close()], reader


@pytest.mark.parametrize("garbage", [Random(7).randbytes(300), bytes(300), b"\xff" * 300], ids=["any", "zeros", "ones"])
def test_a_capture_is_read_on_behind_what_was_overwritten(garbage: bytes) -> None:
    data = bytearray(capture(200))
    begins = 24 + 50 * SIZE
    data[begins : begins + 300] = garbage

    found, reader = read(bytes(data), 1_000)

    spoilt = -(-300 // SIZE)
    assert len(found) == 200 - spoilt
    assert [one.at // 1_000_000 - AT_S for one in found] == [*range(50), *range(50 + spoilt, 200)]
    assert reader.lost == [Lost(begins, 50, spoilt * SIZE)]
    assert not reader.cut


def test_of_a_rest_that_never_makes_sense_again_it_is_told_how_much_was_not_read() -> None:
    data = capture(10) + Random(7).randbytes(5_000)

    found, reader = read(data, 1_000)

    assert len(found) == 10
    assert reader.lost == [Lost(24 + 10 * SIZE, 10, 5_000, rest=True)]
    assert not reader.cut


def test_of_many_damaged_places_all_are_counted_and_the_first_named() -> None:
    data = bytearray(capture(400))
    for place in range(40):
        begins = 24 + (5 + 9 * place) * SIZE
        data[begins : begins + 16] = b"\xff" * 16

    _, reader = read(bytes(data), 1_000)

    assert reader.skipped == {"bad-packet": 40}
    assert [one.places for one in reader.lost] == [*[1] * 15, 25]
    assert sum(one.size for one in reader.lost) == 40 * SIZE


def test_a_packet_that_is_longer_here_than_on_the_network_takes_nothing_behind_it_along() -> None:
    data = bytearray(capture(3_000))
    begins = 24 + 500 * SIZE
    data[begins + 10] ^= 2  # a bit of the length: 131,072 more

    found, reader = read(bytes(data), 10_000)

    assert len(found) == 2_999
    assert reader.lost == [Lost(begins, 500, SIZE)]


def test_a_clock_that_leaps_loses_nothing() -> None:
    later = bytearray(capture(10)[24:])
    for at in range(0, len(later), SIZE):
        later[at : at + 4] = struct.pack("<I", AT_S + 10_000_000 + at // SIZE)

    found, reader = read(capture(10) + bytes(later), 100)

    assert len(found) == 20
    assert reader.lost == []


@given(st.integers(0, 3_000), st.binary(max_size=400), st.integers(1, 500))
def test_wherever_it_is_damaged_the_pieces_it_comes_in_change_nothing(at: int, garbage: bytes, piece: int) -> None:
    data = bytearray(capture(60))
    at = min(24 + at, len(data))
    data[at : at + len(garbage)] = garbage

    in_pieces, reader = read(bytes(data), piece)
    at_once, other = read(bytes(data), len(data))

    assert (in_pieces, reader.lost, reader.skipped) == (at_once, other.lost, other.skipped)
