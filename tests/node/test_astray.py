"""A real flight that was led astray, and 842 that were not: a radar that stands by itself tells them apart."""

from random import Random

import pytest
from astray import CARPATHIANS, LED, LOST, astray, checked, clean, said, seen, truly

from quartet.core.ids import SECOND
from quartet.picture.geodesy import distance_m
from quartet.picture.radar import Radar

WITHIN_S = 30
"""Within so many seconds of the first false place a radar contradicts it: four of its scans, and what is waited for."""
ZURICH = Radar(name="zurich", lat=47.45, lon=8.56, height_m=450.0, period_s=12.0, range_m=250_000.0)


def test_a_flight_that_is_led_astray_is_contradicted_within_thirty_seconds_of_its_first_false_place() -> None:
    false = next(row for row in astray() if row.at > LOST and row.lat > 48)
    plots = [said(LED, row) for row in astray()] + list(seen(LED, truly(), CARPATHIANS, Random(1)))

    found = checked(LED, plots, CARPATHIANS)

    at, finding = found.findings["CONTRADICTED"]
    assert 0 <= (at - false.at) / SECOND <= WITHIN_S
    assert finding.sensor == "ridge"
    assert finding.off_m == pytest.approx(distance_m(finding.here, finding.there), rel=0.05)
    assert finding.off_m > 100_000
    assert any(at < LOST for at in found.verified)
    assert not any(false.at + 60 * SECOND < at < false.at + 600 * SECOND for at in found.verified)


def test_alone_it_is_found_to_jump() -> None:
    found = checked(LED, [said(LED, row) for row in astray()])

    assert set(found.findings) == {"JUMP"}
    assert found.verified == []


@pytest.mark.rare
def test_none_of_842_real_aircraft_conflicts_with_itself_or_with_a_radar_and_most_are_verified() -> None:
    conflicts: dict[str, object] = {}
    verified = covered = 0
    for address, way in clean().items():
        measured = list(seen(address, way, ZURICH, Random(address), gap_s=30))
        found = checked(address, [*(said(address, row) for row in way), *measured], ZURICH)
        conflicts |= {address: found.findings} if found.findings else {}
        covered += len(measured) >= 12
        verified += len(measured) >= 12 and bool(found.verified)

    assert len(clean()) == 842
    assert conflicts == {}
    assert covered > 600
    assert verified / covered > 0.95
