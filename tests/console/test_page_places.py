"""How the page writes places: the military grid as NGA's GEOTRANS 3 writes it."""

from pagecode import grids

GEOTRANS = {
    (38.8977, -77.0365): "18S UJ 23394 07395",
    (47.39534, 7.09133): "32T LT 55968 50864",
    (46.5, 11.0): "32T PS 53462 51546",
    (-33.8568, 151.2153): "56H LH 34900 52288",
    (36.2, 44.0): "38S MF 10099 06595",
    (24.5, 54.4): "40R BN 36523 12065",
    (0.00001, 0.00001): "31N AA 66022 00001",
    (-0.00001, -179.99999): "01M AV 66022 99998",
    (-79.99, 179.99): "60C WS 57995 18039",
    (83.9, -32.0): "25X EP 11863 17033",
}
WIDER_ZONES = {
    (60.39, 5.32): "32V KN 97230 00510",
    (78.2, 15.6): "33X WG 13696 80760",
    (79.9, 41.9): "37X EJ 56752 71838",
}


def test_a_place_is_written_in_the_grid_as_geotrans_writes_it() -> None:
    places = GEOTRANS | WIDER_ZONES

    assert dict(zip(places, grids(list(places)), strict=True)) == places


def test_near_the_poles_no_place_has_a_reference_in_this_grid() -> None:
    assert grids([(84.1, 0.0), (-80.1, 0.0)]) == [None, None]
