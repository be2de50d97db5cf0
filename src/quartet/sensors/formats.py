"""Which formats there are, and the reader of each; a format is loaded when a sensor speaks it.

Other packages add formats under the entry point `quartet.sensors`: a callable that takes a `Source`.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final, cast

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.node.sensor import Sensor
from quartet.sensors.door import Reader, Source

GROUP: Final = "quartet.sensors"
EPOCH: Final = Micros(0)
OURS: Final = {
    "asterix": "quartet.sensors.asterix:Asterix",
    "ais": "quartet.sensors.ais:Ais",
    "modes": "quartet.sensors.modes:reader_of",
}


def formats() -> tuple[str, ...]:
    """Return the names of the formats that there are."""
    return tuple(sorted({*OURS, *(one.name for one in entry_points(group=GROUP))}))


def open_reader(name: str, source: Source) -> Reader:
    """Return a reader of a format; raise `Malformed("unknown-format")`, and as the format does."""
    return _maker(name)(source)


def _maker(name: str) -> Callable[[Source], Reader]:
    if name in OURS:
        module, _, maker = OURS[name].partition(":")
        return cast(Callable[[Source], Reader], getattr(import_module(module), maker))
    for one in entry_points(group=GROUP, name=name):
        return cast(Callable[[Source], Reader], one.load())
    raise Malformed("unknown-format", f"{name} is no format; there are: {', '.join(formats())}")


def source_of(sensor: Sensor, *, live: bool, begins: Micros = EPOCH) -> Source:
    """Return what a reader must know of a sensor of the settings."""
    return Source(
        name=sensor.name,
        lat=sensor.lat,
        lon=sensor.lon,
        height_m=sensor.height_m,
        sac=sensor.sac,
        sic=sensor.sic,
        editions=sensor.editions,
        exercise=sensor.exercise,
        live=live,
        begins=begins,
        range_sigma_m=sensor.range_sigma_m,
        azimuth_sigma_deg=sensor.azimuth_sigma_deg,
        rotation_s=sensor.rotation_s,
    )
