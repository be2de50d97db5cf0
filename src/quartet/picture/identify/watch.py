"""Who enters and leaves, and who that is, over the picture of one class of viewers: from what they may hold alone.

Aircraft concern us that are within an airspace of ours or fly straight into one within `AHEAD`; a member without any
is concerned with all that it sees, and nothing of it is due. The clock of each begins when it concerns us.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import cos, radians, sin
from typing import Final, NamedTuple

from quartet.core.category import IDENTIFIED, Basis, Category, Flag
from quartet.core.ids import SECOND, Micros
from quartet.picture.identify.airspace import Airspace, Spot
from quartet.picture.identify.bases import Found, Mover, Plans, Words, bases_of
from quartet.picture.identify.clock import Clock, clock
from quartet.picture.identify.evidence import Finding, Standing
from quartet.picture.identify.movements import FORGOTTEN, Crossed, Step, Trail, begin, ends, go_on
from quartet.picture.identify.plan import OVER_LAND_M, OVER_OCEAN_M
from quartet.picture.identify.score import category

AHEAD: Final = 600 * SECOND
"""How far ahead an entry is looked for."""
STEP_S: Final = 15
GONE: Final = 60 * SECOND
"""A track that was not seen for so long crosses no more."""
_DEGREE_M: Final = 111_195.0

Standings = Callable[[str, Micros], Standing]
"""What is known at a time of an aircraft that gives an address, by its key."""


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
    rests: frozenset[str] = frozenset()
    """The feeds, plans and words from which all of this is, but that it is verified."""
    verified_by: frozenset[str] = frozenset()
    measured_by: frozenset[str] = frozenset()
    """The feeds by which it is verified, and those of them on which the sensor that agrees measured it."""


class Movement(NamedTuple):
    """One entry or exit, and what the aircraft was said to be then, on which bases; `rests` is what it is from."""

    id: str
    address: str | None
    flight_id: str | None
    crossed: Crossed
    category: Category
    bases: tuple[Basis, ...]
    rests: frozenset[str] = frozenset()


class Seen(NamedTuple):
    """What is remembered of one aircraft: `began` are the feeds that saw it first, `crossing` those that saw it about a
    boundary that is in doubt.

    `made` is all from which it was followed and its clock began, `used` all from which it was ever identified.
    """

    mover: Mover
    first: tuple[Micros, Spot]
    trail: Trail
    since: Micros | None = None
    late: bool = False
    identity: Identity | None = None
    crossing: frozenset[str] = frozenset()
    began: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()


class Given(NamedTuple):
    """What an identification is made with, besides the picture."""

    spaces: Sequence[Airspace]
    plans: Plans
    registry: Mapping[str, str]
    words: Mapping[str, Words]
    standing: Standings


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
            moved += [_movement(seen, one) for one in crossed]
            self._seen[mover.key] = seen if _doubts(seen.trail) else seen._replace(crossing=frozenset())
        for key, seen in list(self._seen.items()):
            if now - seen.mover.at > GONE and _doubts(seen.trail):
                moved += [_movement(seen, one) for one in ends(seen.trail, given.spaces)]
                self._seen[key] = seen._replace(trail=begin(seen.trail.last, given.spaces), crossing=frozenset())
            if now - seen.mover.at > FORGOTTEN:
                del self._seen[key]
        return tuple(moved)

    @property
    def rests(self) -> frozenset[str]:
        """The feeds, plans and words from which all is that is remembered."""
        return frozenset().union(*(one for seen in self._seen.values() for one in (seen.made, seen.used)))

    def forget(self, lost: frozenset[str]) -> None:
        """Forget what is from items that may be had no more.

        What was followed by one begins anew; where one said who it is, that is said anew, and its clock goes on.
        """
        kept = {key: seen for key, seen in self._seen.items() if lost.isdisjoint(seen.made)}
        self._seen = {key: seen if lost.isdisjoint(seen.used) else _unsaid(seen) for key, seen in kept.items()}

    def known(self, key: str) -> Seen | None:
        """Return what is remembered of an aircraft."""
        return self._seen.get(key)

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
            return Seen(
                mover, (mover.at, mover.spot), begin(step, given.spaces), began=mover.rests, made=mover.rests
            ), ()
        trail, crossed = go_on(known.trail, step, given.spaces)
        if mover.at < known.mover.at:
            mover = known.mover
        crossing = known.crossing | known.mover.rests | mover.rests
        kept, made = _keeping(mover, known.mover), known.made | mover.rests
        return known._replace(mover=kept, trail=trail, crossing=crossing, made=made), crossed

    def _identified(self, seen: Seen, given: Given, now: Micros) -> Seen:
        mover = seen.mover
        within = tuple(space.name for space in given.spaces if space.in_use_at(mover.spot, mover.at))
        entry = None if within else predicted(mover, given.spaces)
        words = words_for(mover, given.words)
        by_itself = bool(within) or entry is not None or not given.spaces
        if not by_itself and words == Words() and seen.since is None:
            return seen
        since = seen.since or now
        identity = identified(seen._replace(since=since), given, now, within, entry)
        return seen._replace(
            since=since if by_itself or words != Words() else None,
            late=identity.clock.phase in ("INFORM", "INFORMED"),
            identity=identity,
            made=seen.made if by_itself else seen.made | words.rests,
            used=seen.used | identity.rests | identity.verified_by,
        )


def identified(seen: Seen, given: Given, now: Micros, within: tuple[str, ...], entry: Entry | None) -> Identity:
    """Return what an aircraft that concerns us is said to be, by what is given and by nothing else."""
    mover, words = seen.mover, words_for(seen.mover, given.words)
    ocean = any(space.oceanic and space.name in within for space in given.spaces)
    found = bases_of(mover, seen.first, given.plans, given.registry, words, OVER_OCEAN_M if ocean else OVER_LAND_M)
    standing = given.standing(mover.key, now) if mover.address else Standing(False, "", ())
    return _identity(seen, found, words, standing, (seen.since or now, now), within, entry, due=bool(given.spaces))


def words_for(mover: Mover, words: Mapping[str, Words]) -> Words:
    """Return what people said of an aircraft, by whichever of its names."""
    found = (words[name] for name in (mover.key, *mover.names) if name in words)
    return next(found, Words())


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
            at = Micros(mover.at + second * SECOND)
            if space.in_use_at(spot, at):
                return Entry(space.name, at, spot)
    return None


def _on(mover: Mover, seconds: float) -> Spot:
    far, along = (mover.speed_mps or 0.0) * seconds / _DEGREE_M, radians(mover.track_deg or 0.0)
    lat = mover.spot.lat + far * cos(along)
    lon = mover.spot.lon + far * sin(along) / max(0.01, cos(radians(mover.spot.lat)))
    return Spot(max(-90.0, min(90.0, lat)), (lon + 180) % 360 - 180, mover.spot.alt_m)


def _keeping(mover: Mover, known: Mover) -> Mover:
    """Return a mover that still has what it said of itself a while ago."""
    kept = mover._replace(
        address=mover.address or known.address,
        flight_id=mover.flight_id or known.flight_id,
        code=mover.code or known.code,
    )
    return kept if kept == mover else kept._replace(rests=mover.rests | known.rests)


def _identity(
    seen: Seen,
    found: Found,
    words: Words,
    standing: Standing,
    times: tuple[Micros, Micros],
    within: tuple[str, ...],
    entry: Entry | None,
    *,
    due: bool,
) -> Identity:
    since, now = times
    evidence = (*standing.conflicts, *_mismatched(seen.mover, found, now))
    conflict = bool(evidence)
    said = words.person or category(found.bases, found.named, conflict=conflict)
    late = seen.late or words.person == "UNIDENTIFIED"
    known, told = said in IDENTIFIED, words.informed
    at = clock(since, now, entry and entry.at, identified=known, late=late, informed=told, due=due)
    if said == "PENDING" and (late or now >= at.unidentified_at):
        said = "UNIDENTIFIED"
    flags = (*found.flags, "IDENT_CONFLICT") if conflict else found.flags
    verified = standing.by if standing.verified else None
    plan = None if found.plan is None else found.plan.ref
    rests = seen.mover.rests.union(words.rests, *(one.rests for one in evidence), () if plan is None else (plan,))
    rests |= seen.began if "ORIGIN" in found.bases else frozenset()
    about = seen.mover, said, found.bases, flags, at, plan, within, entry, verified, evidence
    return Identity(*about, rests, standing.rests, standing.by_feeds)


def _mismatched(mover: Mover, found: Found, now: Micros) -> tuple[Finding, ...]:
    if found.mismatch is None:
        return ()
    here = mover.spot.lat, mover.spot.lon
    ref = found.mismatch.ref
    return (Finding("PLAN", mover.at, now, 0.0, 0.0, ref, here, here, frozenset({ref})),)


def _movement(seen: Seen, crossed: Crossed) -> Movement:
    mover, identity = seen.mover, seen.identity
    said: tuple[Category, tuple[Basis, ...]] = ("PENDING", ()) if identity is None else identity[1:3]
    rests = seen.crossing | mover.rests | (frozenset() if identity is None else identity.rests)
    return Movement(mover.id, mover.address, mover.flight_id, crossed, *said, rests)


def _unsaid(seen: Seen) -> Seen:
    """Return what is remembered of an aircraft without who it is said to be."""
    return seen._replace(identity=None, late=False, used=frozenset())


def _doubts(trail: Trail) -> bool:
    return any(side.doubt for side in trail.sides.values())


_FIRST: Final = ("INFORM", "ASK", "WAITING", "COMPARING", "NOT_DUE", "INFORMED", "DONE")


def pressing(one: Identity) -> tuple[int, int, Micros, str]:
    """Return by what aircraft are put in order, the most pressing first."""
    return (0 if one.flags else 1, _FIRST.index(one.clock.phase), one.clock.unidentified_at, one.mover.key)
