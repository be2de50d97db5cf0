"""A drill's members have real airspaces, as their nodes read them."""

from pathlib import Path

from quartet.core.ids import MemberId
from quartet.exercise.airspaces import OF, give_airspaces
from quartet.exercise.setup import new_exchange
from quartet.node.folder import MemberFolder
from quartet.node.identify.files import read_known
from quartet.node.settings import load_member
from quartet.picture.identify.airspace import Spot

BERN, MILAN, VIENNA, LYON = Spot(46.9, 7.5, 11_000), Spot(45.5, 9.2, 11_000), Spot(48.1, 16.6, 11_000), Spot(45.7, 5.1)


def test_each_member_of_a_drill_watches_its_own_region_and_knows_its_neighbours(tmp_path: Path) -> None:
    new_exchange(tmp_path / "x", tuple(OF))
    give_airspaces(tmp_path / "x", tuple(OF))

    for member, place in zip(("north", "south", "east", "west"), (BERN, MILAN, VIENNA, LYON), strict=True):
        folder = MemberFolder(tmp_path / "x" / member)
        known = read_known(folder, load_member(folder).identify)
        within = {space.name for space in known.spaces if space.holds(place)}

        assert known.watched == OF[MemberId(member)]
        assert within <= set(known.watched)
        assert within
