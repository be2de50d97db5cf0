"""What is alike at every sensor's door: what is counted, and how one that is not believed is refused."""

from collections.abc import Callable

import pytest

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.exercise.asterix import Station, blocks, radar_report
from quartet.picture import RadarPlot
from quartet.sensors.door import Source, Tally
from quartet.sensors.formats import OURS, open_reader

LINES = b"!noise that is no sentence and no frame\n" * 600
NOISE = {"modes": LINES, "ais": LINES, "asterix": b"\x30\x00\x05\xff\xff" * 600}


@pytest.mark.parametrize("format_", sorted(OURS))
def test_one_that_is_quarantined_says_which_how_much_and_why_and_reads_no_further(format_: str) -> None:
    reader = open_reader(format_, Source(name="mast", lat=46.9, lon=7.5))
    reader.read(NOISE[format_])
    counts = reader.counts

    assert reader.quarantined
    asked: tuple[Callable[[], object], ...] = (
        lambda: reader.read(b"more\n"),
        lambda: reader.datagram(b"more\n"),
        reader.close,
    )
    for ask in asked:
        with pytest.raises(Malformed, match=r"mast: \d+ of the last \d+ refused \(.*\d+ [a-z-]+.*\)") as refused:
            ask()
        assert refused.value.reason == "quarantined"
    assert reader.counts == counts


def test_a_radar_whose_clock_is_off_is_told_to_set_it_and_not_to_look_at_its_edition() -> None:
    reader = open_reader("asterix", Source(name="mast", lat=46.9, lon=7.5, live=True))
    yesterday, today = Micros(1_767_300_000 * SECOND), Micros(1_767_350_000 * SECOND)
    plot = RadarPlot(at=yesterday, sensor="mast", range_m=50_000, azimuth_deg=1, seen="PSR")
    for block in blocks(48, [radar_report(plot, Station(25, 13))] * 30):
        reader.datagram(block, today)

    with pytest.raises(
        Malformed, match=r"mostly time-apart: .* set the source's clock .* recording of another day"
    ) as no:
        reader.close()

    assert "edition" not in no.value.detail


def test_what_is_passed_by_is_not_what_speaks_against_a_source() -> None:
    tally = Tally()
    for _ in range(9):
        tally.pass_by("foreign-source")
    assert tally.counts.mostly is None

    for reason in ("spare-bits", "time-apart", "time-apart"):
        tally.refuse(reason)

    assert tally.counts.mostly == "time-apart"
