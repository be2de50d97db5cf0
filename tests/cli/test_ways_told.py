"""By which way a member is reached, in the words of `quartet status` and of the log."""

import logging

import pytest

from quartet.cli.world import _link
from quartet.core.ids import MemberId
from quartet.node.directwords import why_not_direct
from quartet.node.journal import Line, changes
from quartet.node.pulse import LinkPulse, Pulse
from quartet.node.statusviews import LinkState
from quartet.wire.carrier import By, Way

EAST = MemberId("east")
REFUSED = Way("none", "", direct=True, trouble="direct-refused")


@pytest.mark.parametrize(
    ("way", "by", "says"),
    [
        (Way("direct", "hub-1", direct=True), "directly", ""),
        (Way("hub", "hub-1"), "over hub-1", ""),
        (Way("none"), "no hub", ""),
        (REFUSED, "by neither", why_not_direct(EAST, "direct-refused")),
        (Way("hub", "hub-1", direct=True, trouble="direct-waits"), "over hub-1", why_not_direct(EAST, "direct-waits")),
    ],
)
def test_a_link_says_by_which_way_it_goes_and_why_it_does_not_go_directly(way: Way, by: str, says: str) -> None:
    row = _link(LinkState(member=EAST, state="up", heard=None, due=0, way=way))

    assert (row[2], row[-1]) == (by, says)


def test_a_way_that_changes_is_a_line_of_the_log_and_one_that_ends_a_warning() -> None:
    def pulse(by: By) -> Pulse:
        link = LinkPulse(state="up", heard_s=1, waiting=0, by=by)
        return Pulse(MemberId("north"), "1", False, 1, 0.0, True, 0, {EAST: link}, {}, {})

    over, gone = pulse("direct"), pulse("none")

    assert changes(over, over) == []
    assert changes(over, pulse("hub")) == [Line("way", logging.INFO, {"to": "east", "by": "hub"})]
    assert changes(over, gone) == [Line("way", logging.WARNING, {"to": "east", "by": "none"})]
