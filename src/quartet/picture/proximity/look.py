"""What one class of viewers is to be warned of: its own fused picture against the volumes that are active for it.

The state of a look is a value: those who may hold the same, and were told the same, share it. Who is exempt is looked
at no less, and told as exempt; it raises nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import atan2, degrees
from types import MappingProxyType
from typing import Final, NamedTuple

from quartet.core.ids import SECOND, Micros
from quartet.core.volume import Volume
from quartet.picture.compiled import Floats
from quartet.picture.fusion import Fusion
from quartet.picture.proximity.field import Field, field_of
from quartet.picture.proximity.levels import (
    ADVISED_UNTIL_S,
    ADVISORY_S,
    Level,
    Standing,
    forgets,
    level_of,
    stands,
    stays,
    waits,
)
from quartet.picture.proximity.movers import Heights, Mover, Sky, climbs_of, rows_of
from quartet.picture.proximity.within import X, Y, seconds_until

KEPT: Final = 300 * SECOND
"""How long what stands is kept of a mover without a plot: as long as a tracker keeps who it was, and longer than a ship
at anchor is silent."""
NOT_YET_S: Final = 0.001

Pair = tuple[str, str, str]
"""A site's key, the name of a volume of it, and a mover's id; for who is exempt its id or its own address."""


class Near(NamedTuple):
    """A mover near a volume: what its last plot says, what is believed, in how many seconds of that plot it is too
    near (infinite for not so soon), and how far off the volume itself it is, m, in which direction from its middle."""

    pair: Pair
    mover: Mover
    said: Level
    level: Level
    seconds: float
    distance_m: float
    bearing_deg: float
    exempt: bool


class State(NamedTuple):
    """What stands between two looks: of each pair; and the heights of movers near sites, by site and mover."""

    standing: Mapping[Pair, Standing] = MappingProxyType({})
    heights: Mapping[tuple[str, str], Heights] = MappingProxyType({})


class Looked(NamedTuple):
    """What a look found: the state after it, and who is near, the most urgent first."""

    state: State
    near: tuple[Near, ...]


NOTHING: Final = State()


def look(
    state: State, fusion: Fusion, sites: Mapping[str, tuple[Volume, ...]], exempt: frozenset[Pair], now: Micros
) -> Looked:
    """Return what is near the active volumes of these sites, by the key of each, and what stands after that."""
    standing = {pair: kept for pair, kept in state.standing.items() if _waits(pair, kept, sites, exempt, now)}
    heights: dict[tuple[str, str], Heights] = {}
    found: list[Near] = []
    sky = Sky(fusion)
    stood: dict[str, set[str]] = {}
    for pair in state.standing:
        stood.setdefault(pair[0], set()).add(pair[2])
    told: dict[str, dict[str, Heights]] = {}
    for (key, of), one in state.heights.items():
        told.setdefault(key, {})[of] = one
    for key in sorted(sites):
        field = field_of(sites[key]) if sites[key] else None
        movers = [] if field is None else sky.near(field, stood.get(key, ()))
        if field is None or not movers:
            continue
        climbs = climbs_of(told.get(key, {}), movers)
        heights |= {(key, of): one for of, one in climbs.items()}
        for near, kept in _near_site(key, field, movers, rows_of(movers, climbs, field), state, exempt, now):
            standing.pop(near.pair, None)
            if not near.exempt and not forgets(kept):
                standing[near.pair] = kept
            found.append(near)
    return Looked(State(MappingProxyType(standing), MappingProxyType(heights)), _ranked(found))


def of_site(state: State, key: str) -> State:
    """Return what stands at one site."""
    standing = {pair: kept for pair, kept in state.standing.items() if pair[0] == key}
    heights = {which: told for which, told in state.heights.items() if which[0] == key}
    return State(MappingProxyType(standing), MappingProxyType(heights))


def together(looks: Iterable[Looked]) -> Looked:
    """Return what looks at different sites found."""
    standing: dict[Pair, Standing] = {}
    heights: dict[tuple[str, str], Heights] = {}
    near: list[Near] = []
    for one in looks:
        standing |= one.state.standing
        heights |= one.state.heights
        near += one.near
    return Looked(State(MappingProxyType(standing), MappingProxyType(heights)), _ranked(near))


def _ranked(found: Iterable[Near]) -> tuple[Near, ...]:
    return tuple(sorted(found, key=lambda one: (-one.level, one.seconds, one.pair)))


def is_exempt(pair: Pair, address: str, exempt: frozenset[Pair]) -> bool:
    """Return whether a mover may pass a volume: by its id, or by the address that it gives of itself."""
    return pair in exempt or (bool(address) and (*pair[:2], address) in exempt)


def _waits(
    pair: Pair, kept: Standing, sites: Mapping[str, tuple[Volume, ...]], exempt: Iterable[Pair], now: Micros
) -> bool:
    """Return whether what stood of a pair still does while its mover is not seen."""
    active = pair[1] in {volume.name for volume in sites.get(pair[0], ())}
    return active and pair not in exempt and now - kept.seen < KEPT


def _near_site(
    key: str, field: Field, movers: list[Mover], rows: Floats, state: State, exempt: frozenset[Pair], now: Micros
) -> Iterator[tuple[Near, Standing]]:
    seconds = seconds_until(rows, field.shapes, ADVISED_UNTIL_S)
    soon = seconds <= ADVISORY_S
    for n, mover in enumerate(movers):
        for v, volume in enumerate(field.volumes):
            pair = key, volume.name, mover.id
            if now - mover.seen >= KEPT or (not soon[n, v] and pair not in state.standing):
                continue
            passes = not mover.doubled and is_exempt(pair, mover.address, exempt)
            stood = state.standing.get(pair)
            said = Level.NONE if passes else _said(stood, float(seconds[n, v]), mover.seen, volume, now)
            kept = _kept(stood, mover, said, passes)
            x, y = float(rows[n, X]), float(rows[n, Y])
            middle_x, middle_y = field.middles[v]
            yield (
                Near(
                    pair,
                    mover,
                    said,
                    Level.NONE if passes else kept.level,
                    float(seconds[n, v]),
                    field.border(v, x, y).distance_m,
                    degrees(atan2(x - middle_x, y - middle_y)) % 360.0,
                    passes,
                ),
                kept,
            )


def _kept(before: Standing | None, mover: Mover, said: Level, passes: bool) -> Standing:
    """Return what stands of a pair after what was said; of who passes, or is inside, nothing is left to be known."""
    if before is None or passes or mover.moves or said == Level.INSIDE:
        return stands(before, said, mover.seen)
    return waits(before, mover.seen)


def _said(before: Standing | None, seconds: float, seen: Micros, volume: Volume, now: Micros) -> Level:
    """Return what a plot says: INSIDE only where it was seen there, never because time has passed since."""
    if seconds <= 0.0:
        return Level.INSIDE
    left = max(NOT_YET_S, seconds - max(0, now - seen) / SECOND)
    return stays(before, level_of(left, volume.near_aerodrome), left)
