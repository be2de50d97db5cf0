"""Whether an aircraft is where it says it is: what it broadcasts against what others measure, and against itself.

A broadcast place is verified only after an independent sensor agreed over `SCANS` of its scans (chi-square, 99 %). It
conflicts where each of so many differences is over three standard deviations, or their mean over two miles; where one
address is at two places, or jumps further than anything flies; where it moves otherwise than it says. Each conflict has
its evidence.

One measurement decides nothing: what a glitch makes is gone with the next.
"""

from collections import deque
from collections.abc import Iterator
from copy import deepcopy
from itertools import chain
from math import cos, exp, hypot, radians, sin
from typing import Final, NamedTuple, TypeVar

from quartet.core.ids import SECOND, Micros
from quartet.picture.fusion import DRILL
from quartet.picture.geodesy import distance_m
from quartet.picture.identify.evidence import NOTHING, Finding, Measured, Said, Sort, Standing

SCANS: Final = 4
TWO_MILES_M: Final = 3_704.0
SIGMAS: Final = 3.0
AGREED: Final = 0.01
"""Differences that are less likely than this, if both are right, do not agree."""
VERIFIED_FOR: Final = 60 * SECOND
HOLDS: Final = 600 * SECOND
"""How long a conflict stands after its last evidence."""
APART: Final = 12 * SECOND
"""A measurement is compared with what was said so long before or after at most."""
SAYS: Final = 3
"""So many reports make a thread: fewer are a glitch."""
KEPT: Final = 16
ODD: Final = 5
"""So many steps in a row that are not as it says are no glitch."""
FASTEST_MPS: Final = 450.0
SLACK_M: Final = 3_704.0
ALIVE: Final = 30 * SECOND
OTHERWISE_MPS: Final = 120.0
CLIMB_MPS: Final = 150.0
_PULL_MPS2: Final = 5.0
_ALLOWED_M: Final = 100.0
_LATE_S: Final = 1.0
"""Standard deviations of what nobody has estimated: a radar's offsets, m, and the times, s; an aircraft's place may be
two seconds old when it is told (RTCA DO-260B, 2.2.5.2: total latency)."""
_DEGREE_M: Final = 111_195.0
MAX_KNOWN: Final = 10_000
"""Addresses that are known of what is so, and as many of exercises."""
MAX_THREADS: Final = 4
MAX_FINDINGS: Final = 16
"""Pieces of evidence of one address; the oldest go first."""
T = TypeVar("T", Said, Measured)


class _Off(NamedTuple):
    at: Micros
    east: float
    north: float
    ee: float
    en: float
    nn: float
    said: Said
    measured: Measured


class _Known:
    """One address."""

    def __init__(self) -> None:
        self.threads: list[deque[Said]] = []
        self.waiting: deque[Measured] = deque(maxlen=64)
        self.offs: dict[str, deque[_Off]] = {}
        self.findings: dict[tuple[Sort, frozenset[str]], Finding] = {}
        self.heard: dict[str, Micros] = {}
        self.verified = Micros(-VERIFIED_FOR)
        self.by = ""
        self.verified_by = NOTHING
        self.measured_by = NOTHING
        self.odd = 0
        self.odd_by = NOTHING

    def forget(self, lost: frozenset[str]) -> None:
        """Forget what some feeds told, and what was found by it."""
        self.threads = [t for one in self.threads if (t := _without(one, lost))]
        self.waiting = _without(self.waiting, lost)
        pairs = {sensor: deque((o for o in offs if _had(o, lost)), SCANS) for sensor, offs in self.offs.items()}
        self.offs = {sensor: offs for sensor, offs in pairs.items() if offs}
        self.findings = {key: one for key, one in self.findings.items() if lost.isdisjoint(one.rests)}
        if not lost.isdisjoint(self.verified_by):
            self.verified, self.by = Micros(-VERIFIED_FOR), ""
            self.verified_by = self.measured_by = NOTHING
        if not lost.isdisjoint(self.odd_by):
            self.odd, self.odd_by = 0, NOTHING


class Checks:
    """Compares what aircraft say with what is measured, address by address; the least lately heard is forgotten.

    An exercise's addresses, which say so, have a share of their own: none of them has one that is so forgotten.
    """

    def __init__(self) -> None:
        self._worlds: tuple[dict[str, _Known], dict[str, _Known]] = {}, {}
        self.rests = NOTHING
        """The feeds that told any of it."""

    def said(self, address: str, report: Said) -> None:
        """Take what an aircraft says of itself.

        What is older than what it said last is left out, and what repeats
        a place: a receiver that holds the last one heard says nothing new.
        """
        known = self._of(address, report.feeds)
        if any(thread[-1].at >= report.at for thread in known.threads if _same(thread[-1], report)):
            return
        thread = self._thread(known, report)
        before = thread[-1] if thread else None
        if before is not None and (before.lat, before.lon) == (report.lat, report.lon):
            return
        thread.append(report)
        if before is not None:
            self._moves(known, before, report)
        self._places(known, thread, report)

    def measured(self, address: str, plot: Measured) -> None:
        """Take what an independent sensor measured of an aircraft that answered with this address; each plot once."""
        known = self._of(address, plot.feeds)
        if plot.at > known.heard.get(plot.sensor, -1):
            known.heard[plot.sensor] = plot.at
            known.waiting.append(plot)

    def copy(self) -> "Checks":
        """Return checks that know the same."""
        return deepcopy(self)

    def forget(self, lost: frozenset[str]) -> None:
        """Forget what some feeds told that may be had no more, and what was found by it."""
        for known in self._all():
            known.forget(lost)
        self.rests -= lost

    def look(self, now: Micros) -> None:
        """Compare what waits, once what was said about the same moment is here; what is too old is dropped."""
        for known in self._all():
            while known.waiting and now - known.waiting[0].at >= APART // 2:
                self._compare(known, known.waiting.popleft())

    def standing(self, address: str, now: Micros) -> Standing:
        """Return what is known of an address at a time."""
        known = self._world(address).get(address)
        if known is None:
            return Standing(False, "", ())
        fresh = [one for one in known.findings.values() if now - one.last <= HOLDS]
        held = tuple(sorted(fresh, key=lambda one: (one.sort, one.since, sorted(one.rests))))
        verified = now - known.verified <= VERIFIED_FOR and not held
        rests = (known.verified_by, known.measured_by) if verified else (NOTHING, NOTHING)
        return Standing(verified, known.by, held, *rests)

    def doubted(self, now: Micros) -> frozenset[str]:
        """Return the addresses of which something contradicts who or where they are."""
        items = (item for world in self._worlds for item in world.items())
        return frozenset(a for a, known in items if any(now - one.last <= HOLDS for one in known.findings.values()))

    def _of(self, address: str, feeds: frozenset[str]) -> _Known:
        self.rests |= feeds
        world = self._world(address)
        known = world.pop(address, None) or _Known()
        world[address] = known
        if len(world) > MAX_KNOWN:
            del world[next(iter(world))]
        return known

    def _world(self, address: str) -> dict[str, _Known]:
        return self._worlds[address.startswith(DRILL)]

    def _all(self) -> Iterator[_Known]:
        return chain(*(world.values() for world in self._worlds))

    # -- against itself

    def _thread(self, known: _Known, report: Said) -> deque[Said]:
        """Return the thread that a report goes on with: the nearest that could have flown there, else a new one."""
        known.threads = [t for t in known.threads if len(t) >= SAYS or report.at - t[-1].at <= 2 * ALIVE]
        reach = [(_metres(t[-1], report), t) for t in known.threads]
        within = [(d, t) for d, t in reach if d <= SLACK_M + FASTEST_MPS * abs(report.at - t[-1].at) / SECOND]
        if within:
            return min(within, key=lambda one: one[0])[1]
        known.threads = known.threads[-MAX_THREADS + 1 :]
        known.threads.append(deque(maxlen=KEPT))
        return known.threads[-1]

    def _places(self, known: _Known, thread: deque[Said], report: Said) -> None:
        """Note two places or a jump once a second thread is no glitch."""
        others = [t for t in known.threads if t is not thread and len(t) >= SAYS]
        if len(thread) < SAYS or not others:
            return
        other = max(others, key=lambda t: t[-1].at)
        off = _metres(other[-1], report)
        two = other[-1].at >= thread[0].at
        rests = _feeds(*thread, *other)
        self._note(known, "TWO_PLACES" if two else "JUMP", report.at, off, 0.0, "", report, other[-1], rests)
        if not two:
            known.threads = [thread]

    def _moves(self, known: _Known, before: Said, after: Said) -> None:
        """Note what moves otherwise than it says, again and again."""
        gap = (after.at - before.at) / SECOND
        if not 2.0 <= gap <= 60.0:
            return
        far = _metres(before, after)
        strange = _otherwise(before, after, far, gap) or _leaps(before, after, gap)
        known.odd = known.odd + 1 if strange else 0
        known.odd_by = known.odd_by | before.feeds | after.feeds if strange else NOTHING
        if known.odd >= ODD:
            self._note(known, "MOTION", after.at, far, 0.0, "", after, before, known.odd_by)

    # -- against others

    def _compare(self, known: _Known, plot: Measured) -> None:
        said = _nearest(known, plot)
        if said is None:
            return
        offs = known.offs.setdefault(plot.sensor, deque(maxlen=SCANS))
        off = _off(said, plot)
        if offs and off.at - offs[-1].at > HOLDS // 10:
            offs.clear()
        offs.append(off)
        if len(offs) == SCANS:
            self._judge(known, plot.sensor, tuple(offs))

    def _judge(self, known: _Known, sensor: str, offs: tuple[_Off, ...]) -> None:
        n, last = len(offs), offs[-1]
        rests = _feeds(*(one.said for one in offs), *(one.measured for one in offs))
        east, north = sum(o.east for o in offs) / n, sum(o.north for o in offs) / n
        mean = last._replace(east=east, north=north)
        far, sigmas = hypot(east, north), _squared(mean) ** 0.5
        if far > TWO_MILES_M or all(_squared(one) > SIGMAS * SIGMAS for one in offs):
            self._note(known, "CONTRADICTED", last.at, far, sigmas, sensor, last.said, last.measured, rests)
        elif _likely(sum(map(_squared, offs)), n) >= AGREED:
            known.verified, known.by, known.verified_by = last.at, sensor, rests
            known.measured_by = last.measured.feeds

    def _note(
        self,
        known: _Known,
        sort: Sort,
        at: Micros,
        off: float,
        sigmas: float,
        sensor: str,
        here: Said | Measured,
        there: Said | Measured,
        rests: frozenset[str],
    ) -> None:
        old = known.findings.pop((sort, rests), None)
        since = old.since if old is not None and at - old.last <= HOLDS else at
        places = (here.lat, here.lon), (there.lat, there.lon)
        by = there.feeds if isinstance(there, Measured) else NOTHING
        known.findings[sort, rests] = Finding(sort, since, at, off, sigmas, sensor, *places, rests, by)
        while len(known.findings) > MAX_FINDINGS:
            del known.findings[next(iter(known.findings))]


def _without(told: deque[T], lost: frozenset[str]) -> deque[T]:
    return deque((one for one in told if lost.isdisjoint(one.feeds)), told.maxlen)


def _had(off: _Off, lost: frozenset[str]) -> bool:
    return lost.isdisjoint(off.said.feeds | off.measured.feeds)


def _feeds(*told: Said | Measured) -> frozenset[str]:
    return frozenset().union(*(one.feeds for one in told))


def _nearest(known: _Known, plot: Measured) -> Said | None:
    """Return what was said nearest in time to a measurement, of the thread that was heard last."""
    if not known.threads:
        return None
    thread = max(known.threads, key=lambda t: t[-1].at)
    said = min(thread, key=lambda one: abs(one.at - plot.at))
    still = said.speed_mps is None or said.track_deg is None
    return said if abs(said.at - plot.at) <= (2 * SECOND if still else APART) else None


def _off(said: Said, plot: Measured) -> _Off:
    """Return how far what was said is from what was measured, at the time of the measurement, and how sure that is."""
    gap = (plot.at - said.at) / SECOND
    speed = said.speed_mps or 0.0
    along = radians(said.track_deg or 0.0)
    across = cos(radians(plot.lat))
    east = ((said.lon - plot.lon + 180) % 360 - 180) * across * _DEGREE_M + speed * gap * sin(along)
    north = (said.lat - plot.lat) * _DEGREE_M + speed * gap * cos(along)
    spare = said.sigma_m**2 + (0.5 * _PULL_MPS2 * gap * gap) ** 2 + _ALLOWED_M**2 + (_LATE_S * speed) ** 2
    ee, en, nn = plot.covariance
    return _Off(plot.at, east, north, ee + spare, en, nn + spare, said, plot)


def _squared(off: _Off) -> float:
    """Return the squared distance in standard deviations."""
    det = off.ee * off.nn - off.en * off.en
    return (off.nn * off.east**2 - 2 * off.en * off.east * off.north + off.ee * off.north**2) / det


def _likely(total: float, scans: int) -> float:
    """Return how likely differences are at least so great: chi-square of two degrees of freedom a scan."""
    half, term, found = total / 2, 1.0, 0.0
    for n in range(scans):
        found += term
        term *= half / (n + 1)
    return exp(-half) * found


def _otherwise(before: Said, after: Said, far: float, gap: float) -> bool:
    """Return whether two reports lie further apart, or nearer, than the speeds that they say."""
    said = [one.speed_mps for one in (before, after) if one.speed_mps is not None]
    doubt = OTHERWISE_MPS + (before.sigma_m + after.sigma_m) / gap
    return bool(said) and not min(said) - doubt <= far / gap <= max(said) + doubt


def _leaps(before: Said, after: Said, gap: float) -> bool:
    """Return whether it climbs or falls as nothing does."""
    if before.alt_m is None or after.alt_m is None:
        return False
    return abs(after.alt_m - before.alt_m) / gap > CLIMB_MPS


def _metres(one: Said, other: Said) -> float:
    return distance_m((one.lat, one.lon), (other.lat, other.lon))


def _same(one: Said, other: Said) -> bool:
    """Return whether one report is another, or an older one of the same thread."""
    return one.at == other.at or _metres(one, other) <= SLACK_M
