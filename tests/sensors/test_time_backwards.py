"""The times of a recording run forwards: a little disorder is put right, what runs backwards is refused by its word."""

import json

import pytest

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.sensors.modes.reader import ModeS
from quartet.sensors.order import Order
from quartet.sensors.pcap import Datagram


def packets(*seconds: float) -> list[Datagram]:
    """Return what went to our port: each second packet of its file."""
    return [Datagram(Micros(round(one * SECOND)), 8600, b"", 2 * n) for n, one in enumerate(seconds, 1)]


def given_by(order: Order, *seconds: float) -> list[float]:
    found = [one for each in packets(*seconds) for one in order.take(each)]
    return [one.at / SECOND for one in (*found, *order.end())]


def test_what_comes_a_little_late_is_put_in_its_place() -> None:
    order = Order()

    assert given_by(order, 10, 12, 11, 13, 14.5, 14, 15) == [10, 11, 12, 13, 14, 14.5, 15]
    assert order.backwards == 0


def test_what_comes_too_late_is_counted_and_the_first_of_it_named() -> None:
    order = Order()

    assert given_by(order, *range(10, 40), 20, 21, 41) == [*range(10, 40), 41]
    assert (order.backwards, order.first) == (2, (62, 20 * SECOND))


def test_one_packet_that_lies_about_its_time_loses_no_more_than_a_few() -> None:
    order = Order()

    assert given_by(order, *range(10, 40), 9_000, *range(40, 100)) == [*range(10, 40), 9_000, *range(59, 100)]
    assert order.backwards == 19


def test_a_capture_that_runs_backwards_is_refused_before_anything_of_it_is_given() -> None:
    with pytest.raises(Malformed, match="runs backwards from packet 8 on") as refused:
        given_by(Order(), *range(100, 0, -1))

    assert refused.value.reason == "time-backwards"


def test_lines_of_a_recording_that_run_backwards_are_refused_by_that_word() -> None:
    reader = ModeS("mast", (47.0, 8.0))
    frame = "8d406b902015a678d4d220aa4bda"
    lines = [json.dumps({"timestamp": 1_700_000_000 - n, "frame": frame}) for n in range(50)]

    reader.read("\n".join(lines).encode() + b"\n")

    assert reader.counts.refused == {"time-backwards": 47}


def test_one_line_that_lies_about_its_time_loses_no_more_than_a_few() -> None:
    """It ended the whole recording: all after it was refused, with the advice to sort what was sorted."""
    reader = ModeS("mast", (47.0, 8.0))
    frame = "8d406b902015a678d4d220aa4bda"
    moments = [*range(10), 90_000, *range(10, 3_010)]
    lines = [json.dumps({"timestamp": 1_700_000_000 + at, "frame": frame}) for at in moments]

    reader.read("\n".join(lines).encode() + b"\n")

    assert (reader.counts.taken, reader.counts.refused) == (2_992, {"time-backwards": 19})
    assert not reader.quarantined
