"""Read what was captured on a network: the UDP datagrams of a pcap file, with their times.

Own and small: both byte orders, micro- and nanoseconds; Ethernet (with VLAN tags), Linux cooked, raw IP; IPv4 and IPv6.
Cut anywhere, a file gives what was whole, and what was not is counted. The newer pcapng is refused by its name.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros

MAX_PACKET: Final = 262_144
"""Bytes of one captured packet; a length beyond it says that the file is damaged from there on."""
MAX_VLANS: Final = 4
MAX_EXTENSIONS: Final = 8
"""Headers of IPv6 that are looked through for UDP."""
HEAD: Final = 24
RECORD: Final = 16

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
    """What went over the network to a port, and when."""

    at: Micros
    port: int
    data: bytes


class Pcap:
    """One file, as its bytes come; `skipped` counts what gave no datagram, by reason."""

    def __init__(self) -> None:
        self.skipped: Counter[str] = Counter()
        self.taken = 0
        self._rest = b""
        self._order = ""
        self._fractions = 1
        self._link = 0
        self._lost = False

    @property
    def cut(self) -> bool:
        """Whether it ended within a packet, or was damaged so that its rest could not be read."""
        return self._lost or "cut-off" in self.skipped

    def read(self, data: bytes) -> Iterator[Datagram]:
        """Yield the datagrams that `data` completes; raise `Malformed("bad-pcap" | "pcapng")` for another file."""
        data = self._rest + data
        at = 0
        if not self._order:
            if len(data) < HEAD:
                self._rest = data
                return
            self._begin(data[:HEAD])
            at = HEAD
        while not self._lost and len(data) - at >= RECORD:
            seconds, fraction, size, _ = struct.unpack_from(self._order + "4I", data, at)
            if size > MAX_PACKET:
                self.skipped["bad-packet"] += 1
                self._lost = True
            elif len(data) - at - RECORD < size:
                break
            else:
                at += RECORD + size
                moment = Micros(seconds * SECOND + fraction // self._fractions)
                yield from self._packet(data[at - size : at], moment)
        self._rest = b"" if self._lost else data[at:]

    def close(self) -> None:
        """Count what the end of the file cut off; raise `Malformed("bad-pcap")` if it never was one."""
        if not self._order:
            raise Malformed("bad-pcap", f"{len(self._rest)} bytes where the header alone has {HEAD}")
        if self._rest:
            self.skipped["cut-off"] += 1
            self._rest = b""

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
        yield Datagram(at, *found)


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
        return "bad-packet"
    total, fragment = struct.unpack_from(">H2xH", packet, at + 2)
    if packet[at + 9] != _UDP:
        return "not-udp"
    if fragment & 0x3FFF:
        return "fragment"
    return _payload(packet[at + head : at + total] if total else packet[at + head :])


def _of_ip6(packet: bytes, at: int) -> tuple[int, bytes] | str:
    if len(packet) < at + 40:
        return "bad-packet"
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
    return "bad-packet"


def _payload(udp: bytes) -> tuple[int, bytes] | str:
    """Return port and payload, as far as they were captured whole."""
    if len(udp) < 8:
        return "bad-packet"
    port, size = struct.unpack_from(">2xHH", udp)
    if not 8 <= size <= len(udp):
        return "bad-packet"
    return port, udp[8:size]
