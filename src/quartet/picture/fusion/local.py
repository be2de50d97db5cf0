"""The tracks of one source as columns: made once when they come, used by every viewer who may have them."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from quartet.core.frame import MAX_LINEAGE, Track
from quartet.core.ids import MemberId, Micros
from quartet.picture.compiled import Floats, Integers
from quartet.picture.fusion.association import (
    ADDRESS,
    COVARIANCE,
    EAST,
    HEIGHT,
    MARKS,
    MOVES,
    NORTH,
    PLACE,
    SEEN,
    SOURCE,
    STATE,
    VELOCITY,
    Arrays,
)
from quartet.picture.geodesy import EARTH_RADIUS_M
from quartet.picture.seen import Seen, seen_of

SELF_SAID: Final = ("adsb:", "ais:", "flight:")
"""Roots that are a mover's own word of itself: its address, its identity, its flight are one witness."""
DRILL: Final = "EXERCISE/"
"""How the name of what an exercise's feed sees begins; no member is called so, and nothing else's name begins so."""
_UNITS: Final = 10_000_000
_OWN_NAME: Final = re.compile(rb"[0-9a-f]{6}|mmsi:[0-9]{1,9}")
_TIGHTEST: Final = 1.0
"""Square metres: no place is taken to be known better."""
_FLAT: Final = 0.98
"""A covariance whose correlation is more (squared) is no measurement."""


class Batch(NamedTuple):
    """The tracks of one member under one set of controls, by id, each id once: as columns, and as scenes hold them.

    The arrays have no source yet; `addresses` are empty where a mover gives none; `members` is the member alone.
    `drill` is that an exercise's feed sees them, and the ids say so.
    """

    member: MemberId
    place: str
    at: Micros
    tracks: tuple[Track, ...]
    arrays: Arrays
    rows: tuple[Seen, ...]
    ids: tuple[str, ...]
    addresses: tuple[str, ...]
    members: tuple[MemberId, ...]
    drill: bool = False

    @property
    def mark(self) -> str:
        """How all names of an exercise begin; empty for what is so."""
        return DRILL if self.drill else ""

    @property
    def key(self) -> tuple[MemberId, str]:
        """What tells sources apart, and orders them."""
        return self.member, self.place


def batch_of(
    member: MemberId, place: str, at: Micros, tracks: Iterable[Track], flags: int = 0, *, drill: bool = False
) -> Batch:
    """Return the tracks of a source, ready to be fused; of two of one id the newer, and the greater of two alike."""
    latest: dict[bytes, Track] = {}
    for track in tracks:
        held = latest.get(track.id)
        if held is None or _order(track) > _order(held):
            latest[track.id] = track
    kept = tuple(latest[name] for name in sorted(latest))
    rows = tuple(seen_of(track, at, flags) for track in kept)
    ids = tuple(_called(track.id.decode("ascii", "replace"), drill=drill) for track in kept)
    addresses = tuple(_called(_identity(track.id, track.lineage).name) for track in kept)
    return Batch(member, place, at, kept, _arrays(kept, at), rows, ids, addresses, (member,), drill)


def _called(name: str, *, drill: bool = False) -> str:
    """Return a name that begins as those of an exercise do if it is of one, whatever its author calls it."""
    told = name.replace(DRILL, DRILL.lower()) if DRILL in name else name
    return DRILL + told if drill else told


def stacked(batches: Sequence[Batch]) -> Arrays:
    """Return the columns of several sources one behind the other, numbered by source."""
    sizes = [len(batch.tracks) for batch in batches]
    state, marks, roots = (list(column) for column in zip(*(batch.arrays for batch in batches), strict=True))
    widest = max(one.shape[1] for one in roots)
    wide = [one if one.shape[1] == widest else np.pad(one, ((0, 0), (0, widest - one.shape[1]))) for one in roots]
    made = Arrays(np.concatenate(state), np.concatenate(marks), np.concatenate(wide))
    made.marks[:, SOURCE] = np.repeat(np.arange(len(sizes)), sizes)
    return made


def independent(roots: Iterable[str]) -> int:
    """Return how many witnesses these roots are: all that a mover says of itself is one."""
    named = set(roots)
    said = {root for root in named if root.startswith(SELF_SAID)}
    return len(named - said) + bool(said)


def address_of(name: bytes, lineage: tuple[bytes, ...]) -> bytes:
    """Return the address that a mover gives of itself (24-bit or MMSI), by its roots or else its id; empty for none."""
    for root in sorted(lineage):
        if root.startswith((b"adsb:", b"ais:")):
            return root.replace(b"ais:", b"adsb:mmsi:")[5:]
    return name if _OWN_NAME.fullmatch(name) else b""


def _order(track: Track) -> tuple[int, str]:
    return -track.age_ms, repr(track)


class _Identity(NamedTuple):
    """A track's address, its hash, and the hashes of its roots; all that a mover says of itself is one, by its
    address."""

    name: str
    address: int
    roots: tuple[int, ...]


@lru_cache(maxsize=65_536)
def _identity(name: bytes, lineage: tuple[bytes, ...]) -> _Identity:
    address = address_of(name, lineage)
    roots = {address if address and _self_said(root) else b"root " + root for root in lineage}
    hashes = tuple(sorted(map(_hash, roots)))[:MAX_LINEAGE]
    return _Identity(address.decode("ascii", "replace"), _hash(address) if address else 0, hashes)


def _self_said(root: bytes) -> bool:
    return root.startswith(tuple(one.encode() for one in SELF_SAID))


def _hash(name: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little", signed=True) | 1


def _arrays(tracks: tuple[Track, ...], at: Micros) -> Arrays:
    n = len(tracks)
    state, marks = np.full((n, STATE), np.nan), np.zeros((n, MARKS), np.int64)
    lat, lon = (np.radians(np.fromiter(column, float, n) / _UNITS) for column in _columns(tracks, "lat", "lon"))
    east = np.stack((-np.sin(lon), np.cos(lon), np.zeros(n)), axis=1)
    north = np.stack((-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)), axis=1)
    up = np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)), axis=1)
    speed = np.fromiter((np.nan if t.speed_cms is None else t.speed_cms / 100 for t in tracks), float, n)
    course = np.fromiter((np.nan if t.track_cdeg is None else t.track_cdeg / 100 for t in tracks), float, n)
    moves = ~np.isnan(speed + course)
    along = np.where(moves, np.radians(course), 0.0)[:, None]
    state[:, PLACE:EAST], state[:, EAST:NORTH], state[:, NORTH:VELOCITY] = EARTH_RADIUS_M * up, east, north
    state[:, VELOCITY:HEIGHT] = np.where(moves, speed, 0.0)[:, None] * (np.sin(along) * east + np.cos(along) * north)
    state[:, HEIGHT] = np.fromiter((np.nan if t.alt_m is None else t.alt_m for t in tracks), float, n)
    state[:, COVARIANCE:] = _covariances(tracks)
    address, roots = _identities(tracks)
    marks[:, SEEN] = at - 1000 * np.fromiter((t.age_ms for t in tracks), np.int64, n)
    marks[:, MOVES], marks[:, ADDRESS] = moves, address
    return Arrays(state, marks, roots)


def _columns(tracks: tuple[Track, ...], *names: str) -> Iterable[Iterable[int]]:
    return ([getattr(track, name) for track in tracks] for name in names)


def _identities(tracks: tuple[Track, ...]) -> tuple[Integers, Integers]:
    found = [_identity(track.id, track.lineage) for track in tracks]
    address = np.fromiter((one.address for one in found), np.int64, len(found))
    roots = np.zeros((len(found), max((len(one.roots) for one in found), default=0)), np.int64)
    for row, one in enumerate(found):
        roots[row, : len(one.roots)] = one.roots
    return address, roots


def _covariances(tracks: tuple[Track, ...]) -> Floats:
    """Return what each track says of its place; an impossible covariance is none."""
    unsaid = (np.nan, np.nan, np.nan)
    told = np.array([track.covariance or unsaid for track in tracks], float).reshape(-1, 3)
    told[:, 0::2] = np.maximum(told[:, 0::2], _TIGHTEST)
    told[told[:, 1] ** 2 > _FLAT * told[:, 0] * told[:, 2]] = np.nan
    return told
