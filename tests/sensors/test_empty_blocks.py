"""Blocks of ASTERIX that hold no record: counted, and no evidence of another edition."""

from quartet.core.ids import SECOND, Micros
from quartet.exercise.asterix import Station, blocks, radar_report
from quartet.picture.plot import RadarPlot
from quartet.sensors.asterix.reader import Asterix
from quartet.sensors.door import Source

EMPTY = bytes((48, 0, 3))


def test_a_good_record_behind_many_empty_blocks_is_not_lost() -> None:
    reader = Asterix(Source(name="mast", lat=47.0, lon=8.0))
    plot = RadarPlot(at=Micros(43_200 * SECOND), sensor="mast", range_m=9_000.0, azimuth_deg=90.0, seen="SSR")
    (good,) = blocks(48, [radar_report(plot, Station(25, 1))])

    found = [*reader.read(EMPTY * 50 + good), *reader.close()]

    assert len(found) == 1
    assert reader.counts.refused == {"empty-block": 50}
    assert not reader.quarantined
