"""A capture gives its datagrams, whatever its byte order and network; cut anywhere, what was whole; never a crash."""

import struct
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.sensors.pcap import MAX_PACKET, Datagram, Pcap, is_pcap

AT_S: Final = 1_700_000_000
BODY: Final = b"\x30\x00\x03"


def udp(body: bytes = BODY, port: int = 8600) -> bytes:
    return struct.pack(">HHHH", 40_000, port, len(body) + 8, 0) + body


def ip4(inner: bytes, protocol: int = 17, fragment: int = 0, options: bytes = b"") -> bytes:
    head = 0x45 + len(options) // 4
    total = 20 + len(options) + len(inner)
    return (
        struct.pack(">BBHHHBBH4s4s", head, 0, total, 1, fragment, 64, protocol, 0, b"\x0a\0\0\1", b"\xef\0\0\1")
        + options
        + inner
    )


def ip6(inner: bytes, following: int = 17) -> bytes:
    return struct.pack(">IHBB", 6 << 28, len(inner), following, 64) + bytes(32) + inner


def ethernet(inner: bytes, *tags: int) -> bytes:
    kind = 0x86DD if inner[:1] >= b"\x60" else 0x0800
    return bytes(12) + b"".join(struct.pack(">HH", tag, 7) for tag in tags) + struct.pack(">H", kind) + inner


def capture(packets: list[bytes], *, order: str = "<", nano: bool = False, link: int = 1) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    made = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65_535, link)
    for number, packet in enumerate(packets):
        fraction = number * (1_000 if nano else 1)
        made += struct.pack(order + "IIII", AT_S, fraction, len(packet), len(packet)) + packet
    return made


def read(data: bytes, piece: int = 0) -> tuple[list[Datagram], dict[str, int]]:
    reader = Pcap()
    pieces: Iterator[bytes] = (data[n : n + piece] for n in range(0, len(data), piece)) if piece else iter([data])
    found = [one for each in pieces for one in reader.read(each)]
    reader.close()
    return found, dict(reader.skipped)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
def test_both_byte_orders_and_both_clocks_are_read(order: str, nano: bool) -> None:
    found, skipped = read(capture([ethernet(ip4(udp()))] * 3, order=order, nano=nano))

    assert found == [Datagram(AT_S * 1_000_000 + n, 8600, BODY, n + 1) for n in range(3)]  # type: ignore[arg-type]
    assert skipped == {}


@pytest.mark.parametrize(
    ("link", "packet"),
    [
        (1, ethernet(ip4(udp()))),
        (1, ethernet(ip4(udp()), 0x8100)),
        (1, ethernet(ip4(udp()), 0x88A8, 0x8100)),
        (1, ethernet(ip6(udp()))),
        (1, ethernet(ip6(struct.pack(">BB6x", 17, 0) + udp(), following=0))),
        (1, ethernet(ip4(udp(), options=bytes(8)))),
        (1, ethernet(ip4(udp())) + bytes(18)),
        (101, ip4(udp())),
        (101, ip6(udp())),
        (113, bytes(14) + b"\x08\x00" + ip4(udp())),
        (276, b"\x08\x00" + bytes(18) + ip4(udp())),
        (0, b"\x02\0\0\0" + ip4(udp())),
    ],
)
def test_every_network_that_is_read_gives_the_datagram(link: int, packet: bytes) -> None:
    found, skipped = read(capture([packet], link=link))

    assert [one.data for one in found] == [BODY]
    assert skipped == {}


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (ethernet(ip4(b"", protocol=6)), "not-udp"),
        (ethernet(ip4(udp(), fragment=0x2000)), "fragment"),
        (bytes(12) + b"\x08\x06" + bytes(28), "not-ip"),
        (ethernet(ip4(udp()))[:-1], "bad-packet"),
        (ethernet(ip4(udp()), *[0x8100] * 9), "not-ip"),
        (b"", "not-ip"),
    ],
)
def test_a_packet_that_gives_no_datagram_is_counted_and_stops_nothing(packet: bytes, reason: str) -> None:
    found, skipped = read(capture([packet, ethernet(ip4(udp()))]))

    assert (len(found), skipped) == (1, {reason: 1})


@given(st.integers(0, 600), st.integers(0, 90))
def test_a_capture_cut_anywhere_gives_what_was_whole(cut: int, piece: int) -> None:
    packet = ethernet(ip4(udp()))
    whole = capture([packet] * 8)
    data = whole[:cut]
    if cut < 24:
        with pytest.raises(Malformed, match="bad-pcap"):
            read(data, piece)
        return

    found, skipped = read(data, piece)

    size = 16 + len(packet)
    assert len(found) == min((len(data) - 24) // size, 8)
    assert skipped == ({"cut-off": 1} if (len(data) - 24) % size else {})


@given(st.binary(max_size=300), st.sampled_from(["<", ">"]), st.sampled_from([0, 1, 12, 101, 113, 276]))
def test_any_packets_give_datagrams_or_are_counted(data: bytes, order: str, link: int) -> None:
    found, skipped = read(capture([data, ethernet(data), ip4(data), ip6(data)], order=order, link=link))

    assert len(found) + sum(skipped.values()) == 4


def test_a_datagram_bears_the_number_of_its_packet_in_the_file_whatever_the_others_are() -> None:
    found, skipped = read(capture([b"arp", ethernet(ip4(udp())), b"arp", b"arp", ethernet(ip4(udp()))]))

    assert [one.packet for one in found] == [2, 5]
    assert skipped == {"not-ip": 3}


@given(st.binary(max_size=200))
def test_any_file_gives_datagrams_or_a_fault(data: bytes) -> None:
    for begin in (b"", capture([])):
        try:
            found, _ = read(begin + data)
        except Malformed:
            continue
        assert all(isinstance(one, Datagram) for one in found)


def test_a_length_that_cannot_be_ends_what_can_be_read() -> None:
    data = capture([ethernet(ip4(udp()))]) + struct.pack("<IIII", 0, 0, MAX_PACKET + 1, 0) + bytes(100)

    assert read(data) == ([Datagram(AT_S * 1_000_000, 8600, BODY, 1)], {"bad-packet": 1})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"\x0a\x0d\x0d\x0a" + bytes(40), "pcapng"), (bytes(24), "bad-pcap"), (capture([], link=147), "bad-pcap")],
)
def test_another_file_is_refused_by_its_name(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        read(data)

    assert caught.value.reason == reason


def test_a_capture_is_known_by_its_first_bytes() -> None:
    assert is_pcap(capture([]))
    assert is_pcap(b"\x0a\x0d\x0d\x0a")
    assert not is_pcap(BODY)
