"""Throw structured nonsense at every sensor's door, and count: `python tests/sensors/fuzz.py --of 1e6`.

Inputs are made so that they get past the first checks: records of real editions with a few bytes changed, sentences
with right checksums, frames with right parity, captures of them. What a door lets through must be a plot or a message
that can be; whatever else than a count or `Malformed` comes of it ends the run with the seed that made it.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from random import Random
from typing import Final

from asterix_structure import random_record
from modes_frames import airborne, callsign, frame, surface, velocity
from traffic_blocks import BEGAN, recording

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.node.plots import check_plot
from quartet.picture import ServiceMessage
from quartet.sensors.asterix import EDITIONS, Asterix
from quartet.sensors.asterix.layout import editions
from quartet.sensors.door import Heard, Reader, Source
from quartet.sensors.formats import open_reader
from quartet.sensors.pcap import Pcap

AT: Final = Micros(BEGAN + 4 * SECOND)
BATCH: Final = 64
"""Inputs that one reader takes; it may be quarantined before, so that many are new."""
POOL: Final = 400
"""Records of each edition that are made by libasterix, which is slow, and then changed."""
SPOKEN: Final = (21, 34, 48, 62)
"""Categories of which a simulated sensor speaks: their records are sensible until they are changed."""
ARMOUR: Final = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw"

Made = Callable[[Random], tuple[Reader, list[bytes]]]


class Records:
    """Makes blocks of any edition."""

    def __init__(self, rng: Random) -> None:
        self._forms = [(category, edition) for category in EDITIONS for edition in editions(category)]
        pool = product(self._forms, range(max(4, POOL // 10)))
        self._pool: dict[tuple[int, str], list[bytes]] = {form: [] for form in self._forms}
        for form, _ in pool:
            self._pool[form].append(random_record(*form, rng, rng.choice((0.1, 0.3, 0.7))))
        self._flown = {
            (category, edition): [
                recording(category, edition, count=1, scans=1, seed=seed)[0][1][3:] for seed in range(POOL // 10)
            ]
            for category, edition in self._forms
            if category in SPOKEN
        }

    def make(self, rng: Random) -> tuple[Reader, list[bytes]]:
        """Return a reader of some edition, and blocks of it or of another."""
        category, edition = rng.choice(self._forms)
        source = Source(
            name="x",
            lat=rng.uniform(-90, 90),
            lon=rng.uniform(-180, 180),
            exercise=rng.random() < 0.5,
            live=rng.random() < 0.3,
            editions=(f"{category:03} {edition}",),
        )
        pool = self._pool[category, edition]
        if rng.random() < 0.6:
            pool = self._flown.get((category, edition), pool)
        return Asterix(source), [self._block(category, pool, rng) for _ in range(BATCH)]

    def _block(self, category: int, pool: list[bytes], rng: Random) -> bytes:
        body = bytearray(b"".join(rng.choices(pool, k=rng.choice((1, 1, 3)))))
        for _ in range(rng.choice((*[0] * 12, 1, 2, 8))):
            body[rng.randrange(len(body))] = rng.randrange(256)
        size = len(body) + 3 + rng.choice((*[0] * 60, 1, -1, 40_000))
        return bytes((category,)) + max(0, min(size, 65_535)).to_bytes(2, "big") + bytes(body)


def sentences(rng: Random) -> tuple[Reader, list[bytes]]:
    """Return a reader of AIS, and lines of it."""
    return open_reader("ais", Source(name="x", lat=0, lon=0, live=rng.random() < 0.3)), [
        _line(rng) for _ in range(BATCH)
    ]


def _line(rng: Random) -> bytes:
    parts = rng.choice((1, 1, 1, 2, 3))
    kind = rng.choice("13B5CI9K4H") if rng.random() < 0.8 else rng.choice(ARMOUR)
    body = kind + "".join(rng.choices(ARMOUR, k=rng.choice((27, 27, 27, 5, 52, 70, 110))))
    text = f"AIVDM,{parts},{rng.randrange(1, parts + 1)},{rng.choice(('', '1', '2'))},A,{body},{rng.randrange(6)}"
    total = 0
    for one in text.encode():
        total ^= one
    line = bytearray(f"!{text}*{total:02X}".encode())
    if rng.random() < 0.1:
        line[rng.randrange(len(line))] = rng.randrange(256)
    return bytes(line) + b"\r\n"


def squitters(rng: Random) -> tuple[Reader, list[bytes]]:
    """Return a reader of Mode S, and frames of it in one of its spellings."""
    spell = rng.choice((_beast, _avr, _csv))
    return open_reader("modes", Source(name="x", lat=46, lon=7)), [spell(_frame(rng), rng) for _ in range(BATCH)]


def _frame(rng: Random) -> str:
    odd, lat, lon = rng.random() < 0.5, rng.uniform(-90, 90), rng.uniform(-180, 180)
    message = rng.choice(
        (
            partial(
                airborne, lat, lon, odd=odd, feet=rng.randrange(-1_000, 50_000), code=rng.choice((9, 11, 18, 20, 22))
            ),
            partial(surface, lat, lon, odd=odd, movement=rng.randrange(128)),
            partial(
                velocity, rng.randrange(-1_000, 1_000), rng.randrange(-1_000, 1_000), rng.randrange(-30_000, 30_000)
            ),
            partial(callsign, "TEST"),
            partial(rng.getrandbits, 56),
        )
    )()
    made = frame(message, f"{rng.choice((1, 2, 3)):06x}", rng.choice((0x8D, 0x8D, 0x90, 0x91, rng.randrange(256))))
    return made if rng.random() < 0.9 else made[:14]


def _beast(text: str, rng: Random) -> bytes:
    body = rng.getrandbits(48).to_bytes(6, "big") + b"\x80" + bytes.fromhex(text)
    data = bytearray(b"\x1a" + (b"2" if len(text) == 14 else b"3") + body.replace(b"\x1a", b"\x1a\x1a"))
    if rng.random() < 0.1:
        data[rng.randrange(len(data))] = rng.choice((0x1A, rng.randrange(256)))
    return bytes(data)


def _avr(text: str, rng: Random) -> bytes:
    return (f"*{text};\n" if rng.random() < 0.5 else f"@{rng.getrandbits(48):012X}{text};\n").encode()


def _csv(text: str, rng: Random) -> bytes:
    return f"{1_800_000_000 + rng.uniform(-5, 5):.6f},{text}\n".encode()


def run(make: Made, count: int, seed: int) -> tuple[int, float, Counter[str]]:
    """Give a door so many inputs; return how many it took, in how many seconds, and what became of them."""
    rng, seen, done = Random(seed), Counter[str](), 0
    began = time.process_time()
    while done < count:
        reader, inputs = make(rng)
        taken, count_taken = _taken(reader, inputs, as_stream=rng.random() < 0.2)
        done += count_taken
        seen["plots"] += sum(not isinstance(one, ServiceMessage) for one in taken)
        seen["messages"] += sum(isinstance(one, ServiceMessage) for one in taken)
        seen.update(reader.counts.refused)
    return done, time.process_time() - began, seen


def _taken(reader: Reader, inputs: Iterable[bytes], *, as_stream: bool) -> tuple[list[Heard], int]:
    """Return what came of inputs, and how many of them the reader looked at before it was quarantined."""
    out: list[Heard] = []
    count = 0
    try:
        for data in inputs:
            out += (reader.read if as_stream else reader.datagram)(data, AT)
            count += 1
        out += reader.close()
    except Malformed:
        pass  # quarantined, or nothing in it: an answer
    for one in out:
        if not isinstance(one, ServiceMessage):
            check_plot(one)
    return out, count


def captures(count: int, seed: int) -> tuple[int, float, Counter[str]]:
    """Give the reader of captures packets of any bytes, behind right and wrong heads."""
    rng, seen, done, began = Random(seed), Counter[str](), 0, time.process_time()
    while done < count:
        reader = Pcap()
        head = b"\xd4\xc3\xb2\xa1" + bytes(16) + rng.choice((1, 101, 113, 276, 0, 7)).to_bytes(4, "little")
        body = b"".join(_packet(rng) for _ in range(BATCH))
        done += BATCH
        try:
            seen["datagrams"] += sum(1 for _ in reader.read(head + body[: rng.randrange(len(body) + 1)]))
            reader.close()
        except Malformed as fault:
            seen[fault.reason] += 1
        seen.update(reader.skipped)
    return done, time.process_time() - began, seen


def _packet(rng: Random) -> bytes:
    head = rng.choice((b"", bytes(12) + b"\x08\x00", bytes(12) + b"\x81\x00\x00\x01\x86\xdd", bytes(14) + b"\x08\x00"))
    inner = bytearray(rng.choice((b"\x45", b"\x46", b"\x60", b"")) + rng.randbytes(rng.randrange(60)))
    if len(inner) > 24:
        inner[2:4], inner[6:8], inner[9] = len(inner).to_bytes(2, "big"), b"\0\0", 17
        inner[24 : 24 + 2] = (len(inner) - 20).to_bytes(2, "big")
    data = head + bytes(inner)
    size = len(data) if rng.random() < 0.95 else rng.getrandbits(32)
    whole = size if rng.random() < 0.95 else rng.getrandbits(32)
    # a time that no capture holds is damage, and what is damaged is not looked into
    at = rng.randrange(10**6).to_bytes(4, "little") if rng.random() < 0.95 else rng.randbytes(4)
    return (AT // SECOND).to_bytes(4, "little") + at + size.to_bytes(4, "little") + whole.to_bytes(4, "little") + data


def main() -> None:
    """Run every format, and say how many inputs a second it took."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--of", type=float, default=1e5, help="inputs of each format")
    given.add_argument("--seed", type=int, default=int(time.time()))
    asked = given.parse_args()
    makes: dict[str, Made] = {"asterix": Records(Random(asked.seed)).make, "ais": sentences, "modes": squitters}
    for name in (*makes, "pcap"):
        print(f"{name}: seed {asked.seed} ...", end=" ", flush=True)
        count, seconds, seen = (
            run(makes[name], int(asked.of), asked.seed) if name in makes else captures(int(asked.of), asked.seed)
        )
        told = ", ".join(f"{number} {word}" for word, number in seen.most_common(8))
        print(f"{count} inputs, {count / seconds:,.0f} a second: {told}", file=sys.stdout, flush=True)


if __name__ == "__main__":
    main()
