"""Scenes for the tracker's measurement: movers in a plane, radars that turn, and what they see. Truth is known.

A scene is drawn from its seed alone. The area grows with the number of movers, so that their density is that of a
busy sky over Europe: one in some 9 km x 9 km.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quartet.picture.tracker import Look, Site

Floats = NDArray[np.float64]

SPACING_M: Final = 9_000.0
SECTORS: Final = 8
"""Parts of a turn in which a radar hands over what it saw."""
STEP_S: Final = 0.25
"""Truth is computed at so small steps, and interpolated straight between them."""


class Kind(NamedTuple):
    """How movers move: how often a turn begins, 1/s, and how hard, rad/s; zero is straight on."""

    name: str
    turns_begin: float
    turn_rates: tuple[float, float]
    turn_lasts: tuple[float, float]


STRAIGHT: Final = Kind("constant velocity", 0.0, (0.0, 0.0), (1.0, 1.0))
TURNING: Final = Kind("manoeuvring", 1 / 40, (np.radians(0.8), np.radians(3.5)), (8.0, 40.0))


class Scene(NamedTuple):
    """Truth (steps, movers, 4), m and m/s, every `STEP_S`; and the looks in the order of their ends."""

    side: float
    truth: Floats
    sites: tuple[Site, ...]
    looks: list[Look]

    def at(self, when: float) -> Floats:
        """Return the movers' states (movers, 4) at a time."""
        return between(self.truth, np.full(self.truth.shape[1], when))


def scene(
    kind: Kind,
    movers: int,
    seconds: float,
    seed: int,
    *,
    sigma_m: float = 50.0,
    sigma_azimuth: float = np.radians(0.05),
    detects: float = 0.9,
    period: float = 4.0,
    offsets: tuple[tuple[float, float], ...] = ((0.0, 0.0), (0.0, 0.0)),
    clutter: int | None = None,
) -> Scene:
    """Draw a scene of two radars, whose offsets are range m and azimuth rad."""
    drawn = np.random.default_rng(seed)
    side = SPACING_M * max(6.0, movers**0.5)
    truth = _paths(kind, movers, seconds, side, drawn)
    false = max(10, movers // 2) if clutter is None else clutter
    reach = side * 1.2
    places = ((-0.2 * side, 0.05 * side), (0.25 * side, -0.1 * side))
    sites = tuple(
        Site(f"radar-{n}", x, y, True, sigma_m, sigma_azimuth, detects, period, reach, float(false))
        for n, (x, y) in enumerate(places)
    )
    return Scene(side, truth, sites, looks_of(sites, truth, seconds, side, false, offsets, drawn))


def looks_of(
    sites: tuple[Site, ...],
    truth: Floats,
    seconds: float,
    side: float,
    false: int,
    offsets: tuple[tuple[float, float], ...],
    drawn: np.random.Generator,
) -> list[Look]:
    """Return what the radars see of the truth, in the order in which it is handed over."""
    looks: list[Look] = []
    for n, site in enumerate(sites):
        start = 0.37 * n * site.period_s + 0.1
        looks += _turns(n, site, start, truth, seconds, side, false, offsets[n], drawn)
    return sorted(looks, key=lambda look: look.ends)


def between(truth: Floats, when: Floats) -> Floats:
    """Return each mover's state (movers, 4) at its own time (movers,)."""
    step = np.clip(when / STEP_S, 0, len(truth) - 1.000001)
    low = step.astype(int)
    part = (step - low)[:, None]
    movers = np.arange(truth.shape[1])
    return np.asarray((1 - part) * truth[low, movers] + part * truth[low + 1, movers])


def _paths(kind: Kind, movers: int, seconds: float, side: float, drawn: np.random.Generator) -> Floats:
    """Return where each mover is at each step; who leaves the area turns back into it."""
    steps = int(seconds / STEP_S) + 2
    place = drawn.uniform(-side / 2, side / 2, (movers, 2))
    speed = drawn.uniform(80, 250, movers)
    course = drawn.uniform(0, 2 * np.pi, movers)
    rate, left = np.zeros(movers), np.zeros(movers)
    truth = np.empty((steps, movers, 4))
    for n in range(steps):
        truth[n, :, :2] = place
        truth[n, :, 2], truth[n, :, 3] = speed * np.sin(course), speed * np.cos(course)
        place = place + STEP_S * truth[n, :, 2:]
        left -= STEP_S
        rate[left <= 0] = 0.0
        begins = (left <= 0) & (drawn.uniform(size=movers) < kind.turns_begin * STEP_S)
        signs = drawn.choice((-1.0, 1.0), movers)
        rate[begins] = (drawn.uniform(*kind.turn_rates, movers) * signs)[begins]
        left[begins] = drawn.uniform(*kind.turn_lasts, movers)[begins]
        course = course + rate * STEP_S
    return truth


def _turns(
    n: int,
    site: Site,
    start: float,
    truth: Floats,
    seconds: float,
    side: float,
    false: int,
    offset: tuple[float, float],
    drawn: np.random.Generator,
) -> list[Look]:
    looks: list[Look] = []
    turn = start
    while turn + site.period_s < seconds:
        at, r, a = _seen(site, turn, truth, drawn)
        ghosts = _ghosts(site, turn, side, false, drawn)
        at, r, a = (np.concatenate(pair) for pair in zip((at, r, a), ghosts, strict=True))
        sector = np.minimum((a / (2 * np.pi) * SECTORS).astype(int), SECTORS - 1)
        for k in range(SECTORS):
            mine = np.flatnonzero(sector == k)
            mine = mine[np.argsort(at[mine], kind="stable")]
            edges = 2 * np.pi * k / SECTORS, 2 * np.pi * (k + 1) / SECTORS
            span = site.period_s / SECTORS
            looks.append(
                Look(
                    n, turn + k * span, turn + (k + 1) * span, at[mine], r[mine] + offset[0], a[mine] + offset[1], edges
                )
            )
        turn += site.period_s
    return looks


def _seen(site: Site, turn: float, truth: Floats, drawn: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Return time, range and azimuth of what a radar measures in one turn; north is passed at `turn`."""
    movers = truth.shape[1]
    when = np.full(movers, turn + site.period_s / 2)
    for _ in range(3):
        state = between(truth, when)
        azimuth = np.arctan2(state[:, 0] - site.x_m, state[:, 1] - site.y_m) % (2 * np.pi)
        when = turn + azimuth / (2 * np.pi) * site.period_s
    far = np.hypot(state[:, 0] - site.x_m, state[:, 1] - site.y_m)
    seen = (drawn.uniform(size=movers) < site.detects) & (far < site.range_m)
    r = far + drawn.normal(0, site.sigma_range_m, movers)
    a = (azimuth + drawn.normal(0, site.sigma_azimuth_rad, movers)) % (2 * np.pi)
    return when[seen], r[seen], a[seen]


def _ghosts(
    site: Site, turn: float, side: float, false: int, drawn: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    count = drawn.poisson(false)
    place = drawn.uniform(-side / 2, side / 2, (count, 2)) - (site.x_m, site.y_m)
    azimuth = np.arctan2(place[:, 0], place[:, 1]) % (2 * np.pi)
    return turn + azimuth / (2 * np.pi) * site.period_s, np.hypot(place[:, 0], place[:, 1]), azimuth
