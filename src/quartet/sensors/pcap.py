"""Read what was captured on a network: the UDP datagrams of a pcap file, with their times.

Own and small: both byte orders, micro- and nanoseconds; Ethernet (with VLAN tags), Linux cooked, raw IP; IPv4 and IPv6.
Cut anywhere, a file gives what was whole, and what was not is counted. Damaged within, it is read on from where several
headers in a row make sense again, and what lies between is told by its bytes. The newer pcapng is refused by its name.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros

MAX_PACKET: Final = 262_144
"""Bytes of one captured packet; a length beyond it says that the file is damaged from there on."""
MAX_VLANS: Final = 4
MAX_EXTENSIONS: Final = 8
"""Headers of IPv6 that are looked through for UDP."""
HEAD: Final = 24
RECORD: Final = 16
CHAIN: Final = 4
"""So many headers in a row that make sense are where a damaged file is read on."""
DAY: Final = 86_400
"""Seconds between two packets beyond which a header must be borne out by those after it."""
NEAR: Final = 60
"""Seconds between two of those in a row: more, and what was overwritten reaches into the first one's time."""
MAX_SEARCHED: Final = 16 * 1024 * 1024
"""Bytes through which it is looked for where a file goes on."""
BAD: Final = "bad-packet"
MAX_LOST: Final = 16
"""Places that are named; of more the bytes are counted with the last one."""

_ORDERS: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 1),
    b"\xa1\xb2\xc3\xd4": (">", 1),
    b"\x4d\x3c\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\x3c\x4d": (">", 1000),
}
"""The byte order that a file's first four bytes say, and how many units of its fractions are a microsecond."""
_NG: Final = b"\x0a\x0d\x0d\x0a"
_ETHERNET, _RAW, _NULL, _COOKED, _COOKED_2, _IPV4, _IPV6 = 1, 101, 0, 113, 276, 228, 229
_LINKS: Final = {_ETHERNET, _RAW, 12, 14, _NULL, _COOKED, _COOKED_2, _IPV4, _IPV6}
_VLANS: Final = {0x8100, 0x88A8, 0x9100}
_UDP: Final = 17
_EXTENSIONS: Final = {0, 43, 60, 135}
"""Headers of IPv6 after which others come, each with its length in the second byte."""


class Datagram(NamedTuple):
    """What went over the network to a port, and when; `packet` is its number in the file, by all that are whole in it.

    They are counted from 1, whatever is in them, as other tools count.
    """

    at: Micros
    port: int
    data: bytes
    packet: int


class Lost(Value, frozen=True):
    """Where a file is no packet any more: from which byte on, after how many packets, and how many bytes.

    `rest` is that nothing after it was read. The last one named may tell of several `places`, from its own on.
    """

    byte: int
    packets: int
    size: int
    rest: bool = False
    places: int = 1


class Pcap:
    """One file, as its bytes come; `skipped` counts what gave no datagram, by reason, `lost` is what was no packet."""

    def __init__(self) -> None:
        self.skipped: Counter[str] = Counter()
        self.taken = 0
        self.lost: list[Lost] = []
        self._rest = b""
        self._order = ""
        self._fractions = 1
        self._link = 0
        self._at = 0
        self._packets = 0
        self._second: int | None = None
        self._damaged: int | None = None
        """From which byte on it is looked for where the file goes on; None where it is not damaged."""
        self._sought = False
        """Whether the next header was found by those after it, however far it is from those before."""

    @property
    def cut(self) -> bool:
        """Whether it ended within a packet."""
        return "cut-off" in self.skipped

    def read(self, data: bytes) -> Iterator[Datagram]:
        """Yield the datagrams that `data` completes; raise `Malformed("bad-pcap" | "pcapng")` for another file."""
        self._rest += data
        if not self._order:
            if len(self._rest) < HEAD:
                return
            self._begin(self._rest[:HEAD])
            self._forward(HEAD)
        yield from self._go_on(ended=False)

    def close(self) -> list[Datagram]:
        """Return what the end of the file completes, and count what it cut off.

        Raise `Malformed("bad-pcap")` if it never was one.
        """
        if not self._order:
            raise Malformed("bad-pcap", f"{len(self._rest)} bytes where the header alone has {HEAD}")
        found = list(self._go_on(ended=True))
        if self._damaged is not None:
            self._lose(rest=True)
        elif self._rest:
            self.skipped["cut-off"] += 1
        self._rest = b""
        return found

    def _go_on(self, *, ended: bool) -> Iterator[Datagram]:
        """Yield all packets that are here whole, over what is damaged."""
        while self._damaged is None or self._found(ended=ended):
            yield from self._whole()
            if self._damaged is None:
                return

    def _whole(self) -> Iterator[Datagram]:
        """Yield the packets that are here whole, up to where it is damaged."""
        at, sought = 0, self._sought
        while len(self._rest) - at >= RECORD:
            seconds, fraction, size, _ = self._header(at)
            if not sought and not self._likely(at):
                self._damaged = self._at + at
                break
            if len(self._rest) - at - RECORD < size:
                break
            sought = self._sought = False
            at += RECORD + size
            self._second = seconds
            self._packets += 1
            moment = Micros(seconds * SECOND + fraction // self._fractions)
            yield from self._packet(self._rest[at - size : at], moment)
        self._forward(at)

    def _header(self, at: int) -> tuple[int, int, int, int]:
        """Return of a header the seconds, their fraction, and the packet's size here and on the network."""
        found: tuple[int, int, int, int] = struct.unpack_from(self._order + "4I", self._rest, at)
        return found

    def _likely(self, at: int) -> bool:
        """Return whether a header can follow on the packets before it."""
        seconds, fraction, size, whole = self._header(at)
        near = self._second is None or abs(seconds - self._second) <= DAY
        return near and size <= min(MAX_PACKET, whole) and fraction < SECOND * self._fractions

    def _found(self, *, ended: bool) -> bool:
        """Go on to where the file makes sense again; False where that cannot be said yet, or it never does."""
        begins, at = self._damaged or 0, 0
        while self._at + at - begins <= MAX_SEARCHED and len(self._rest) - at >= RECORD:
            sense = self._makes_sense(at, ended=ended)
            if sense is None:
                break
            if sense:
                self._forward(at)
                self._lose(rest=False)
                self._sought = True
                return True
            at += 1
        self._forward(len(self._rest) if self._at + at - begins > MAX_SEARCHED else at)
        return False

    def _makes_sense(self, at: int, *, ended: bool) -> bool | None:
        """Return whether headers in a row make sense from a place on; None if that is known only with more of the file.

        At the file's end fewer do: one whose packet ends with it, or two of which it cuts off the last.
        """
        before: int | None = None
        for count in range(CHAIN):
            if len(self._rest) - at < RECORD:
                enough = count > 1 or (count == 1 and at == len(self._rest))
                return enough if ended else None
            seconds, fraction, size, whole = self._header(at)
            near = before is None or abs(seconds - before) <= NEAR
            if not (near and 0 < size <= min(MAX_PACKET, whole) and fraction < SECOND * self._fractions):
                return False
            at, before = at + RECORD + size, seconds
            if at > len(self._rest):
                return count > 0 if ended else None
        return True

    def _forward(self, count: int) -> None:
        self._rest = self._rest[count:]
        self._at += count

    def _lose(self, *, rest: bool) -> None:
        """Note what was no packet, from where the damage began to here or to the end; it may be that nothing was."""
        begins, ends = self._damaged or 0, self._at + (len(self._rest) if rest else 0)
        self._damaged = None
        if ends == begins:
            return
        self.skipped[BAD] += 1
        if len(self.lost) < MAX_LOST:
            self.lost.append(Lost(begins, self._packets, ends - begins, rest))
        else:
            last = self.lost[-1]
            self.lost[-1] = Lost(last.byte, last.packets, last.size + ends - begins, rest, last.places + 1)

    def _begin(self, head: bytes) -> None:
        if head[:4] == _NG:
            raise Malformed("pcapng", "this is pcapng: convert it with `editcap -F pcap FILE OUT`")
        if head[:4] not in _ORDERS:
            raise Malformed("bad-pcap", f"it begins with {head[:4].hex()}, as no pcap file does")
        order, self._fractions = _ORDERS[head[:4]]
        self._link = struct.unpack_from(order + "I", head, 20)[0] & 0xFFFF
        if self._link not in _LINKS:
            raise Malformed("bad-pcap", f"link type {self._link} is none of Ethernet, Linux cooked, raw IP")
        self._order = order

    def _packet(self, packet: bytes, at: Micros) -> Iterator[Datagram]:
        found = _udp(self._link, packet)
        if isinstance(found, str):
            self.skipped[found] += 1
            return
        self.taken += 1
        yield Datagram(at, *found, self._packets)


def is_pcap(begin: bytes) -> bool:
    """Return whether a file that begins so is a pcap, of the old kind or the new."""
    return begin[:4] in _ORDERS or begin[:4] == _NG


def _udp(link: int, packet: bytes) -> tuple[int, bytes] | str:
    """Return port and payload of the UDP datagram in a packet, or why there is none."""
    at = _ip_at(link, packet)
    if at is None or at >= len(packet):
        return "not-ip"
    version = packet[at] >> 4
    if version == 4:
        return _of_ip4(packet, at)
    return _of_ip6(packet, at) if version == 6 else "not-ip"


def _ip_at(link: int, packet: bytes) -> int | None:
    if link == _ETHERNET:
        return _after_ethernet(packet)
    if link == _COOKED:
        return 16
    if link == _COOKED_2:
        return 20
    return 4 if link == _NULL else 0


def _after_ethernet(packet: bytes) -> int | None:
    at = 12
    for _ in range(MAX_VLANS + 1):
        kind = int.from_bytes(packet[at : at + 2], "big")
        if kind not in _VLANS:
            return at + 2 if kind in (0x0800, 0x86DD) else None
        at += 4
    return None


def _of_ip4(packet: bytes, at: int) -> tuple[int, bytes] | str:
    head = (packet[at] & 15) * 4
    if head < 20 or len(packet) < at + head:
        return BAD
    total, fragment = struct.unpack_from(">H2xH", packet, at + 2)
    if packet[at + 9] != _UDP:
        return "not-udp"
    if fragment & 0x3FFF:
        return "fragment"
    return _payload(packet[at + head : at + total] if total else packet[at + head :])


def _of_ip6(packet: bytes, at: int) -> tuple[int, bytes] | str:
    if len(packet) < at + 40:
        return BAD
    end = at + 40 + int.from_bytes(packet[at + 4 : at + 6], "big")
    following, at = packet[at + 6], at + 40
    for _ in range(MAX_EXTENSIONS):
        if following == _UDP:
            return _payload(packet[at:end])
        if following == 44:
            return "fragment"
        if following not in _EXTENSIONS or at + 2 > len(packet):
            return "not-udp"
        following, at = packet[at], at + (packet[at + 1] + 1) * 8
    return BAD


def _payload(udp: bytes) -> tuple[int, bytes] | str:
    """Return port and payload, as far as they were captured whole."""
    if len(udp) < 8:
        return BAD
    port, size = struct.unpack_from(">2xHH", udp)
    if not 8 <= size <= len(udp):
        return BAD
    return port, udp[8:size]
