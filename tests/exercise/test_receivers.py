"""The demo's receivers and radar: live sensors of its members' settings, and what they say is read by the door."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from quartet.core.ids import MemberId
from quartet.exercise.receivers import STATIONS, Aerials, Seen, aerials, give_sensors
from quartet.exercise.setup import new_exchange
from quartet.node.folder import MemberFolder
from quartet.node.sensor import Sensor
from quartet.node.settings import load_member
from quartet.picture.plot import Plot, RadarPlot, ServiceMessage
from quartet.sensors.door import Heard
from quartet.sensors.formats import open_reader, source_of
from quartet.sensors.sockets import parse_address

MEMBERS = tuple(MemberId(name) for name in ("north", "east"))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_each_member_of_the_demo_has_its_sensors_in_its_settings_and_all_say_exercise(tmp_path: Path) -> None:
    root = tmp_path / "exchange"
    new_exchange(root, MEMBERS)

    give_sensors(root, MEMBERS)

    known = {member: load_member(MemberFolder(root / member)).sensors for member in MEMBERS}
    assert {member: [one.name for one in them] for member, them in known.items()} == {
        "north": ["receiver", "radar"],
        "east": ["receiver"],
    }
    assert all("EXERCISE" in one.caveats and one.exercise for them in known.values() for one in them)
    assert [one.to for one in known[MemberId("north")]] == [("east",)] * 2
    assert all(aerials(root, station) is not None for station in STATIONS if station.member in MEMBERS)


def test_what_they_say_is_read_with_names_measurements_and_turns() -> None:
    station = STATIONS[0]
    around = [Seen(f"4b18{n:02x}", 47.45 + n % 5 / 10, 8.7 + n / 40, 9_000.0, 200.0, 90.0) for n in range(20)]
    with heard("receiver") as receiver, heard("radar") as radar:
        speaks = Aerials(station, [receiver[0], radar[0]])
        for second in range(12):
            at = NOON + timedelta(seconds=second)
            speaks.tell(around, at)
            speaks.sweep(around, float(second), at)

        told, measured = read(*receiver), read(*radar)

    assert {one.icao24 for one in told if isinstance(one, Plot)} == {one.icao24 for one in around}
    assert len([one for one in measured if isinstance(one, RadarPlot)]) > 20
    norths = [one.at for one in measured if isinstance(one, ServiceMessage) and one.kind == "NORTH"]
    assert [later - earlier for earlier, later in pairwise(norths)] == [4_000_000, 4_000_000]


@contextmanager
def heard(name: str) -> Iterator[tuple[Sensor, socket.socket]]:
    """Yield a sensor as the settings would name it, and the socket at which it is heard."""
    with socket.socket(type=socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(0.2)
        address = f"udp://127.0.0.1:{ear.getsockname()[1]}"
        assert parse_address(address).kind == "udp"
        yield (
            Sensor(
                name=name,
                format="asterix",
                lat=47.45,
                lon=8.56,
                address=address,
                exercise=True,
                tlp="GREEN",
                caveats=("EXERCISE",),
            ),
            ear,
        )


def read(sensor: Sensor, ear: socket.socket) -> list[Heard]:
    """Return what a node's door makes of all that came."""
    reader = open_reader("asterix", source_of(sensor, live=False))
    found: list[Heard] = []
    try:
        while True:
            found += reader.datagram(ear.recv(65_536))
    except TimeoutError:
        return [*found, *reader.close()]
