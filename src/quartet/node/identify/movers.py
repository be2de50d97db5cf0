"""From what was fused for a class of viewers to the aircraft of it, with what they said on feeds that it may see."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from quartet.core.frame import Track
from quartet.core.ids import ItemId, Micros
from quartet.node.identify.heard import SIGMA_M, Coded, Heard, Label
from quartet.node.pieces import Piece, Place
from quartet.picture.fusion import DRILL, Fused, Fusion
from quartet.picture.fusion.telling import (
    address_in,
    height_from,
    id_of,
    is_drill,
    key_of,
    members_of,
    motion_from,
    names_of,
    roots_of,
)
from quartet.picture.identify.airspace import Spot
from quartet.picture.identify.bases import Mover
from quartet.picture.identify.evidence import Measured, Said
from quartet.picture.identify.spoofing import Checks
from quartet.picture.track import DEGREE

SELF_SAID = ("adsb:", "ais:")
"""Roots that are a mover's own word."""


class Sources(NamedTuple):
    """What aircraft said, the feeds on which it counts, and which feeds govern what lies at a place of the picture.

    `drilled` are those of all these feeds that are of exercises: what is heard on one is of nobody who flies in truth.
    """

    heard: Heard
    feeds: Sequence[ItemId]
    under: Mapping[str, frozenset[str]]
    drilled: frozenset[str] = frozenset()

    def on(self, *, drill: bool) -> list[ItemId]:
        """Return the feeds on which is heard what is of an exercise, or what is so."""
        return [feed for feed in self.feeds if (feed in self.drilled) is drill]

    def mark(self, feeds: Iterable[str]) -> str:
        """Return how the names of aircraft begin of which some feeds tell."""
        return DRILL if not self.drilled.isdisjoint(feeds) else ""


def spelt(place: Place) -> str:
    """Return under which name a place of the picture is among the sources of what was fused."""
    return " ".join(place[1])


def movers_of(fusion: Fusion, by: Sources, now: Micros) -> Iterator[Mover]:
    """Yield the aircraft of a picture; ships are none."""
    heard = {drill: by.on(drill=drill) for drill in (False, True)}
    for part in fusion.singles():
        track = fusion.track(part)
        one = Fused((part,), track.lat, track.lon, track.covariance, fusion.row(part).at)
        yield from _mover(fusion, one, by, heard, now)
    for one in fusion.fused():
        yield from _mover(fusion, one, by, heard, now)


def _mover(
    fusion: Fusion, one: Fused, by: Sources, heard: Mapping[bool, Sequence[ItemId]], now: Micros
) -> Iterator[Mover]:
    address = address_in(fusion, one.parts) or None
    if address is not None and address.startswith("mmsi:"):
        return
    height, motion = fusion.track(height_from(fusion, one)), fusion.track(motion_from(fusion, one))
    lat, lon = one.lat / DEGREE, one.lon / DEGREE
    feeds = heard[is_drill(fusion, one.parts)]
    coded = None if address else by.heard.coded(feeds, lat, lon, one.seen)
    said = by.heard.label(feeds, address, now) if address else _coded(coded, now)
    yield Mover(
        key=key_of(fusion, one.parts),
        id=id_of(fusion, one),
        at=one.seen,
        spot=Spot(lat, lon, None if height.alt_m is None else float(height.alt_m)),
        speed_mps=None if motion.speed_cms is None else motion.speed_cms / 100,
        track_deg=None if motion.track_cdeg is None else motion.track_cdeg / 100,
        address=address,
        flight_id=said.flight_id,
        code=said.code,
        silent=coded is not None and coded.silent,
        roots=roots_of(fusion, one),
        members=members_of(fusion, one),
        names=() if address else names_of(fusion, one),
        rests=said.feeds.union(*(by.under.get(fusion.batches[part.source].place, ()) for part in one.parts)),
        drill=is_drill(fusion, one.parts),
    )


def _coded(coded: Coded | None, now: Micros) -> Label:
    return Label(now) if coded is None else Label(now, None, coded.code, coded.feeds)


def told_by_others(checks: Checks, pieces: Iterable[tuple[Place, Piece]], by: Sources) -> None:
    """Let checks take what other members' tracks say: of aircraft's own word alone, or of sensors' alone."""
    for place, (frame, segments) in pieces:
        feeds = by.under.get(spelt(place), frozenset())
        mark = by.mark(feeds)
        for segment in segments:
            for track in segment.columns.tracks():
                _told(checks, place[0], track, Micros(frame.header.at - track.age_ms * 1000), mark, feeds)


def _told(checks: Checks, member: str, track: Track, at: Micros, mark: str, feeds: frozenset[str]) -> None:
    name = track.id.decode("ascii", "replace")
    own = [root.startswith(tuple(one.encode() for one in SELF_SAID)) for root in track.lineage]
    if not own or name.startswith("t-") or len(name) != 6:
        return
    lat, lon = track.lat / DEGREE, track.lon / DEGREE
    if all(own):
        sigma = SIGMA_M if track.covariance is None else max(1.0, track.covariance[0] ** 0.5)
        speed = None if track.speed_cms is None else track.speed_cms / 100
        course = None if track.track_cdeg is None else track.track_cdeg / 100
        height = None if track.alt_m is None else float(track.alt_m)
        checks.said(mark + name, Said(at, lat, lon, sigma, height, speed, course, feeds))
    elif not any(own) and track.covariance is not None:
        ee, en, nn = track.covariance
        checks.measured(mark + name, Measured(at, lat, lon, (float(ee), float(en), float(nn)), member, feeds))
