"""Who enters and leaves, and who that is, over the picture of one class of viewers: from what they may hold alone.

Aircraft concern us that are within an airspace of ours or fly straight into one within `AHEAD`; a member without any
is concerned with all that it sees. The clock of each begins when it concerns us.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import cos, radians, sin
from typing import Final, NamedTuple

from quartet.core.category import IDENTIFIED, Basis, Category, Flag
from quartet.core.ids import SECOND, Micros
from quartet.picture.identify.airspace import Airspace, Spot
from quartet.picture.identify.bases import Found, Mover, Plans, Words, bases_of
from quartet.picture.identify.clock import Clock, clock
from quartet.picture.identify.movements import FORGOTTEN, Crossed, Step, Trail, begin, ends, go_on
from quartet.picture.identify.plan import OVER_LAND_M, OVER_OCEAN_M
from quartet.picture.identify.score import category
from quartet.picture.identify.spoofing import Finding, Standing

AHEAD: Final = 600 * SECOND
"""How far ahead an entry is looked for."""
STEP_S: Final = 15
GONE: Final = 60 * SECOND
"""A track that was not seen for so long crosses no more."""
_DEGREE_M: Final = 111_195.0


class Entry(NamedTuple):
    """Where an aircraft flies into an airspace if it flies straight on, and when."""

    space: str
    at: Micros
    spot: Spot


class Identity(NamedTuple):
    """One aircraft that concerns us: what it is said to be, on which bases, and what is due."""

    mover: Mover
    category: Category
    bases: tuple[Basis, ...]
    flags: tuple[Flag, ...]
    clock: Clock
    plan: str | None
    within: tuple[str, ...]
    entry: Entry | None
    verified: str | None
    evidence: tuple[Finding, ...]


class Movement(NamedTuple):
    """One entry or exit, and what the aircraft was said to be then, on which bases."""

    id: str
    address: str | None
    flight_id: str | None
    crossed: Crossed
    category: Category
    bases: tuple[Basis, ...]


class Seen(NamedTuple):
    """What is remembered of one aircraft."""

    mover: Mover
    first: tuple[Micros, Spot]
    trail: Trail
    since: Micros | None = None
    late: bool = False
    identity: Identity | None = None


class Given(NamedTuple):
    """What an identification is made with, besides the picture."""

    spaces: Sequence[Airspace]
    plans: Plans
    registry: Mapping[str, str]
    words: Mapping[str, Words]
    standing: Callable[[str, Micros], Standing]


class Watch:
    """Follows the aircraft of one class of viewers."""

    def __init__(self, seen: Mapping[str, Seen] | None = None) -> None:
        self._seen: dict[str, Seen] = dict(seen or {})

    def copy(self) -> "Watch":
        """Return a watch that has seen the same."""
        return Watch(self._seen)

    def look(self, movers: Iterable[Mover], given: Given, now: Micros) -> tuple[Movement, ...]:
        """Take what is seen now, and return the entries and exits that are known since the last look."""
        moved: list[Movement] = []
        for mover in movers:
            seen, crossed = self._step(mover, given)
            seen = self._identified(seen, given, now)
            self._seen[mover.key] = seen
            moved += [_movement(seen, one) for one in crossed]
        for key, seen in list(self._seen.items()):
            if now - seen.mover.at > GONE and any(side.doubt for side in seen.trail.sides.values()):
                moved += [_movement(seen, one) for one in ends(seen.trail)]
                self._seen[key] = seen._replace(trail=begin(seen.trail.last, given.spaces))
            if now - seen.mover.at > FORGOTTEN:
                del self._seen[key]
        return tuple(moved)

    def identities(self, now: Micros) -> tuple[Identity, ...]:
        """Return the aircraft that concern us now, the most pressing first."""
        shown = [
            seen.identity
            for seen in self._seen.values()
            if seen.identity is not None and now - seen.mover.at <= GONE and seen.since is not None
        ]
        return tuple(sorted(shown, key=pressing))

    def _step(self, mover: Mover, given: Given) -> tuple[Seen, tuple[Crossed, ...]]:
        known = self._seen.get(mover.key)
        step = Step(mover.at, mover.spot)
        if known is None or mover.at - known.mover.at > FORGOTTEN:
            return Seen(mover, (mover.at, mover.spot), begin(step, given.spaces)), ()
        trail, crossed = go_on(known.trail, step, given.spaces)
        if mover.at < known.mover.at:
            mover = known.mover
        return known._replace(mover=_keeping(mover, known.mover), trail=trail), crossed

    def _identified(self, seen: Seen, given: Given, now: Micros) -> Seen:
        mover = seen.mover
        within = tuple(space.name for space in given.spaces if space.holds(mover.spot))
        entry = None if within else predicted(mover, given.spaces)
        words = given.words.get(mover.key, Words())
        concerns = bool(within) or entry is not None or not given.spaces or words != Words()
        if not concerns and seen.since is None:
            return seen
        since = seen.since or now
        ocean = any(space.oceanic and space.name in within for space in given.spaces)
        found = bases_of(mover, seen.first, given.plans, given.registry, words, OVER_OCEAN_M if ocean else OVER_LAND_M)
        standing = given.standing(mover.address, now) if mover.address else Standing(False, "", ())
        identity = _identity(seen, found, words, standing, (since, now), within, entry)
        late = identity.clock.phase in ("INFORM", "INFORMED")
        return seen._replace(since=since if concerns else None, late=late, identity=identity)


def predicted(mover: Mover, spaces: Iterable[Airspace], ahead: int = AHEAD) -> Entry | None:
    """Return where and when a mover that is outside flies into one of some airspaces, straight on and level."""
    if mover.speed_mps is None or mover.track_deg is None:
        return None
    far = mover.speed_mps * ahead / SECOND
    near = [space for space in spaces if space.near(mover.spot.lat, mover.spot.lon, far)]
    if not near:
        return None
    for second in range(STEP_S, ahead // SECOND + 1, STEP_S):
        spot = _on(mover, float(second))
        for space in near:
            if space.holds(spot):
                return Entry(space.name, Micros(mover.at + second * SECOND), spot)
    return None


def _on(mover: Mover, seconds: float) -> Spot:
    far, along = (mover.speed_mps or 0.0) * seconds / _DEGREE_M, radians(mover.track_deg or 0.0)
    lat = mover.spot.lat + far * cos(along)
    lon = mover.spot.lon + far * sin(along) / max(0.01, cos(radians(mover.spot.lat)))
    return Spot(max(-90.0, min(90.0, lat)), (lon + 180) % 360 - 180, mover.spot.alt_m)


def _keeping(mover: Mover, known: Mover) -> Mover:
    """Return a mover that still has what it said of itself a while ago."""
    return mover._replace(
        address=mover.address or known.address,
        flight_id=mover.flight_id or known.flight_id,
        code=mover.code or known.code,
    )


def _identity(
    seen: Seen,
    found: Found,
    words: Words,
    standing: Standing,
    times: tuple[Micros, Micros],
    within: tuple[str, ...],
    entry: Entry | None,
) -> Identity:
    since, now = times
    evidence = (*standing.conflicts, *_mismatched(seen.mover, found, now))
    conflict = bool(evidence)
    said = words.person or category(found.bases, found.named, conflict=conflict)
    late = seen.late or words.person == "UNIDENTIFIED"
    at = clock(since, now, entry and entry.at, identified=said in IDENTIFIED, late=late, informed=words.informed)
    if at.phase in ("INFORM", "INFORMED") and said == "PENDING":
        said = "UNIDENTIFIED"
    flags = (*found.flags, "IDENT_CONFLICT") if conflict else found.flags
    verified = standing.by if standing.verified else None
    plan = None if found.plan is None else found.plan.ref
    return Identity(seen.mover, said, found.bases, flags, at, plan, within, entry, verified, evidence)


def _mismatched(mover: Mover, found: Found, now: Micros) -> tuple[Finding, ...]:
    if found.mismatch is None:
        return ()
    here = mover.spot.lat, mover.spot.lon
    return (Finding("PLAN", mover.at, now, 0.0, 0.0, found.mismatch.ref, here, here),)


def _movement(seen: Seen, crossed: Crossed) -> Movement:
    mover, identity = seen.mover, seen.identity
    said: tuple[Category, tuple[Basis, ...]] = ("PENDING", ()) if identity is None else identity[1:3]
    return Movement(mover.id, mover.address, mover.flight_id, crossed, *said)


_FIRST: Final = ("INFORM", "ASK", "WAITING", "COMPARING", "INFORMED", "DONE")


def pressing(one: Identity) -> tuple[int, int, Micros, str]:
    """Return by what aircraft are listed: those with a flag first, then by how far their clock is."""
    return (0 if one.flags else 1, _FIRST.index(one.clock.phase), one.clock.unidentified_at, one.mover.key)
