"""Simulate the sensors of a scene: what is true, and what each sensor would have recorded of it.

Everything follows from the scene and its seed, byte for byte. Targets are marked as simulated: a node shows them only
where its settings, or a feed's caveat, say EXERCISE.
"""

import json
import struct
from collections.abc import Iterable, Iterator
from math import atan2, degrees
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, Micros
from quartet.exercise.asterix import (
    NORTH,
    SECTOR,
    Station,
    blocks,
    broadcast_report,
    radar_message,
    radar_report,
    system_track,
)
from quartet.exercise.sky import Mover, Radar, Scene, State, cast_of, course, place_at, state_at
from quartet.exercise.squitter import identification, position, squitter, velocity
from quartet.picture.plane import Place, polar
from quartet.picture.plot import Plot, RadarPlot

SECTORS: Final = 32
BROADCAST_S: Final = 1.0
SYSTEM_S: Final = 4.0
TRUTH_S: Final = 1.0
SYSTEM: Final = Station(25, 100, simulated=True)
RECEIVER: Final = Station(25, 200, simulated=True)
PORT: Final = 8600
NETWORK_S: Final = 0.05
"""How long a block is on its way."""
SYSTEM_ACCURACY_M: Final = 120.0
MIN_RANGE_M: Final = 500.0

Timed = tuple[Micros, bytes]
"""When bytes were received, and they."""


class Recorded(Value, frozen=True):
    """What a simulation wrote: how many records of each file."""

    files: dict[str, int]


class Flight(NamedTuple):
    """A mover and its states."""

    number: int
    mover: Mover
    states: list[State]


def simulate(scene: Scene, out: Path) -> Recorded:
    """Write truth and recordings into a folder, which is made; return what was written."""
    out.mkdir(parents=True, exist_ok=True)
    flights = [Flight(n, mover, course(scene, mover)) for n, mover in enumerate(cast_of(scene), 1)]
    files = {"truth.jsonl": _lines(out / "truth.jsonl", truth(scene, flights))}
    for number, radar in enumerate(scene.radars):
        dice = Random(f"{scene.seed}/radar/{number}")  # noqa: S311 - the same scene gives the same bytes
        plots = radar_plots(scene, radar, flights, dice)
        files[f"{radar.name}.pcap"] = _pcap(out / f"{radar.name}.pcap", radar_blocks(scene, radar, plots))
    files["adsb.pcap"] = _pcap(out / "adsb.pcap", broadcasts(scene, flights))
    files["system.pcap"] = _pcap(out / "system.pcap", system(scene, flights))
    files["modes.jsonl"] = _lines(out / "modes.jsonl", squitters(scene, flights))
    return Recorded(files)


def truth(scene: Scene, flights: Iterable[Flight]) -> Iterator[dict[str, Any]]:
    """Yield where every mover is, second by second."""
    for second in _every(scene, TRUTH_S):
        for flight in flights:
            state = state_at(flight.states, second)
            place = place_at(scene, state)
            yield {
                "at": _moment(scene, second),
                "id": flight.number,
                "icao24": flight.mover.icao24,
                "callsign": flight.mover.callsign,
                "lat": round(place.lat, 7),
                "lon": round(place.lon, 7),
                "alt_m": round(state.alt_m, 2),
                "v_east": round(state.v_east, 3),
                "v_north": round(state.v_north, 3),
                "climb": round(state.climb, 3),
            }


def radar_plots(scene: Scene, radar: Radar, flights: list[Flight], rng: Random) -> list[RadarPlot]:
    """Return what a radar sees, in the order in which its beam passes: true targets, and false ones."""
    site = Place(radar.lat, radar.lon, radar.height_m)
    plots: list[RadarPlot] = []
    for turn in range(int(scene.seconds / radar.period_s) + 1):
        begins = turn * radar.period_s
        for flight in flights:
            seen = _passage(scene, radar, site, flight, begins)
            if seen is not None and rng.random() < radar.pd:
                plots.append(_measured(scene, radar, flight, seen, rng))
        plots += [_false(scene, radar, begins, rng) for _ in range(_poisson(radar.clutter, rng))]
    return sorted(plots, key=lambda one: (one.at, one.azimuth_deg, one.range_m))


def radar_blocks(scene: Scene, radar: Radar, plots: list[RadarPlot]) -> Iterator[Timed]:
    """Yield a radar's blocks: sector by sector a message of CAT 034, then the plots of CAT 048 in it."""
    station = Station(radar.sac, radar.sic, simulated=True)
    waiting = iter(plots)
    plot = next(waiting, None)
    for number in range(int(scene.seconds / radar.period_s * SECTORS) + 1):
        begins = number * radar.period_s / SECTORS
        at = _moment(scene, begins + radar.late_s)
        azimuth = (radar.phase_deg + number * 360 / SECTORS) % 360
        north = (azimuth - 360 / SECTORS) % 360 > azimuth
        messages = [radar_message(NORTH, at, station, period_s=radar.period_s)] if north else []
        messages.append(radar_message(SECTOR, at, station, azimuth_deg=azimuth))
        yield from ((_received(scene, begins), block) for block in blocks(34, messages))
        ends = _moment(scene, begins + radar.period_s / SECTORS + radar.late_s)
        batch: list[bytes] = []
        while plot is not None and plot.at < ends:
            batch.append(radar_report(plot, station))
            plot = next(waiting, None)
        arrived = _received(scene, begins + radar.period_s / SECTORS)
        yield from ((arrived, block) for block in blocks(48, batch))


def broadcasts(scene: Scene, flights: list[Flight]) -> Iterator[Timed]:
    """Yield the blocks of CAT 021 of a ground station that hears everybody who broadcasts."""
    for second in _every(scene, BROADCAST_S):
        heard = [one for one in flights if one.mover.broadcasts]
        records = [broadcast_report(_plot(scene, one, second), RECEIVER) for one in heard]
        yield from ((_received(scene, second), block) for block in blocks(21, records))


def system(scene: Scene, flights: list[Flight]) -> Iterator[Timed]:
    """Yield the blocks of CAT 062 of a system that tracks everybody."""
    for second in _every(scene, SYSTEM_S):
        records = []
        for one in flights:
            state = state_at(one.states, second)
            records.append(system_track(_plot(scene, one, second), (state.v_east, state.v_north), SYSTEM))
        yield from ((_received(scene, second), block) for block in blocks(62, records))


def squitters(scene: Scene, flights: list[Flight]) -> Iterator[dict[str, Any]]:
    """Yield the frames that a Mode S receiver hears: two positions and a velocity a second, a name every five."""
    for second in _every(scene, BROADCAST_S):
        said = [frame for one in flights if one.mover.broadcasts for frame in _said(scene, one, second)]
        yield from sorted(said, key=lambda frame: frame["timestamp"])


def _said(scene: Scene, flight: Flight, second: float) -> Iterator[dict[str, Any]]:
    spread = flight.number * 0.37 % 0.4
    icao24 = flight.mover.icao24 or "f00000"
    for odd in (False, True):
        at = second + spread + odd * 0.5
        place = place_at(scene, state_at(flight.states, at))
        yield _frame(scene, at, squitter(icao24, position(place.lat, place.lon, place.height_m, odd=odd)))
    state = state_at(flight.states, second + spread + 0.55)
    yield _frame(scene, second + spread + 0.55, squitter(icao24, velocity(state.v_east, state.v_north, state.climb)))
    if (round(second) + flight.number) % 5 == 0:
        yield _frame(scene, second + spread + 0.58, squitter(icao24, identification(flight.mover.callsign or "")))


def _frame(scene: Scene, second: float, frame: str) -> dict[str, Any]:
    return {"timestamp": _moment(scene, second) / SECOND, "frame": frame}


def _passage(scene: Scene, radar: Radar, site: Place, flight: Flight, begins: float) -> tuple[float, Place] | None:
    """Return when the beam passes a mover in a turn, and where it is then; None for not, or where it is out of reach.

    Who goes with the beam past where its turn begins is met in the next one.
    """
    when, turned = begins, 0.0
    for n in range(3):  # the mover moves while the beam turns: thrice is enough for any aircraft
        azimuth = polar(site, place_at(scene, state_at(flight.states, when))).azimuth_deg
        more = azimuth - radar.phase_deg - turned
        turned += (more + 180) % 360 - 180 if n else more % 360
        when = begins + turned / 360 * radar.period_s
    if not 0 <= turned < 360:
        return None
    place = place_at(scene, state_at(flight.states, when))
    far = polar(site, place).range_m
    return (when, place) if MIN_RANGE_M < far < radar.reach_m and when <= scene.seconds else None


def _measured(scene: Scene, radar: Radar, flight: Flight, seen: tuple[float, Place], rng: Random) -> RadarPlot:
    when, place = seen
    true = polar(Place(radar.lat, radar.lon, radar.height_m), place)
    mover, answers = flight.mover, flight.mover.transponder and radar.mode != "PSR"
    told = answers and radar.codes
    modes = radar.mode.startswith("MODE_S")
    return RadarPlot(
        at=_moment(scene, when + radar.late_s),
        sensor=radar.name,
        range_m=max(0.0, true.range_m + radar.bias_range_m + rng.gauss(0, radar.sigma_range_m)),
        azimuth_deg=(true.azimuth_deg + radar.bias_azimuth_deg + rng.gauss(0, radar.sigma_azimuth_deg)) % 360,
        seen=radar.mode if answers else "PSR",
        alt_m=place.height_m if answers else None,
        icao24=mover.icao24 if told and modes else None,
        squawk=mover.squawk if told else None,
        callsign=mover.callsign if told and modes else None,
        number=None,
    )


def _false(scene: Scene, radar: Radar, begins: float, rng: Random) -> RadarPlot:
    """Return a false plot, as likely on every square metre."""
    turned = rng.random()
    return RadarPlot(
        at=_moment(scene, begins + turned * radar.period_s + radar.late_s),
        sensor=radar.name,
        range_m=max(MIN_RANGE_M, radar.reach_m * rng.random() ** 0.5),
        azimuth_deg=(radar.phase_deg + turned * 360) % 360,
        seen="PSR",
    )


def _plot(scene: Scene, flight: Flight, second: float) -> Plot:
    state = state_at(flight.states, second)
    place = place_at(scene, state)
    speed = (state.v_east**2 + state.v_north**2) ** 0.5
    mover = flight.mover
    return Plot(
        at=_moment(scene, second),
        sensor="simulated",
        icao24=mover.icao24,
        lat=place.lat,
        lon=place.lon,
        on_ground=False,
        alt_m=state.alt_m,
        alt_source="BAROMETRIC",
        speed_mps=speed,
        track_deg=degrees(atan2(state.v_east, state.v_north)) % 360,
        climb_mps=state.climb,
        callsign=mover.callsign,
        accuracy_m=SYSTEM_ACCURACY_M,
        squawk=mover.squawk,
        number=flight.number,
    )


def _poisson(mean: float, rng: Random) -> int:
    """Return how many happen where so many happen on average."""
    count, passed = 0, rng.expovariate(1.0)
    while passed < mean:
        count, passed = count + 1, passed + rng.expovariate(1.0)
    return count


def _every(scene: Scene, step: float) -> Iterator[float]:
    return (number * step for number in range(int(scene.seconds / step) + 1))


def _moment(scene: Scene, second: float) -> Micros:
    return Micros(round((scene.begins + second) * SECOND))


def _received(scene: Scene, second: float) -> Micros:
    return _moment(scene, second + NETWORK_S)


# -- files


def _lines(path: Path, lines: Iterable[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="ascii") as out:
        for line in lines:
            out.write(json.dumps(line, separators=(",", ":")) + "\n")
            count += 1
    return count


def _pcap(path: Path, blocks_: Iterable[Timed]) -> int:
    """Write blocks as datagrams of a capture: raw IPv4, from and to addresses of documentation."""
    count = 0
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101))
        for at, data in blocks_:
            udp = struct.pack(">HHHH", PORT, PORT, len(data) + 8, 0) + data
            head = struct.pack(">BBHHHBBH", 0x45, 0, len(udp) + 20, count & 0xFFFF, 0, 1, 17, 0)
            packet = head + bytes((192, 0, 2, 1, 233, 252, 0, 1)) + udp
            out.write(struct.pack("<IIII", at // SECOND, at % SECOND, len(packet), len(packet)) + packet)
            count += 1
    return count
