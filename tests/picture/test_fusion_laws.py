"""No information is counted twice: fused covariances against what intersection permits, against truth, and in
circles."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from fused import NOW, Covariance, of, only, said, track
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from quartet.core.frame import Track
from quartet.core.ids import MemberId
from quartet.picture.fusion import Batch, Fusion, batch_of, fuse, independent
from quartet.picture.fusion.intersection import weight
from quartet.picture.fusion.telling import roots_of

Matrix = NDArray[np.float64]
MEMBERS = ("north", "east", "south", "west")
ROUNDING = 1.002
"""A frame rounds variances of at least 1,000 m2 to whole ones, again at each step of the way."""


@st.composite
def covariances(draw: st.DrawFn) -> Covariance:
    """Return a covariance of any direction, of 32 to 220 m."""
    long, short = (draw(st.floats(1_000, 50_000)) for _ in range(2))
    angle = draw(st.floats(0, math.pi))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    made = turn @ np.diag([long, short]) @ turn.T
    return round(made[0, 0]), round(made[0, 1]), round(made[1, 1])


def matrix(covariance: Sequence[float]) -> Matrix:
    ee, en, nn = covariance
    return np.array([[ee, en], [en, nn]])


def no_surer(fused: Sequence[float], of_these: Sequence[Sequence[float]], rounding: float = 1 + 1e-6) -> bool:
    """Return whether a covariance is in no direction less than the least of these: what intersection permits."""
    informations = [np.linalg.inv(matrix(one)) for one in of_these]
    mine = np.linalg.inv(matrix(fused))
    for angle in np.linspace(0, math.pi, 37):
        along = np.array([math.cos(angle), math.sin(angle)])
        if along @ mine @ along > rounding * max(along @ one @ along for one in informations):
            return False
    return True


@given(covariances(), covariances())
@example((2_500, 0, 2_500), (2_500, 0, 2_500))
@example((2_500, 0, 2_500), (10_000, 0, 10_000))
@example((1_000, 0, 9_000), (9_000, 0, 1_000))
def test_the_part_of_each_is_the_one_at_which_the_covariance_is_least(one: Covariance, other: Covariance) -> None:
    a, b = (np.linalg.inv(matrix(each)) for each in (one, other))

    w = weight((a[0, 0], a[0, 1], a[1, 1]), (b[0, 0], b[0, 1], b[1, 1]))
    tried = [np.linalg.det(v * a + (1 - v) * b) for v in np.linspace(0, 1, 1_001)]

    assert 0 <= w <= 1
    assert np.linalg.det(w * a + (1 - w) * b) >= (1 - 2e-6) * max(tried)


@given(st.lists(covariances(), min_size=2, max_size=4))
def test_what_is_fused_is_in_no_direction_surer_than_the_surest_part_and_over_all_no_worse(
    given_: list[Covariance],
) -> None:
    batches = [
        of(member, track("4b1805", covariance=one, roots=(f"sensor:{member}",)))
        for member, one in zip(MEMBERS, given_, strict=False)
    ]

    _, one = only(*batches)

    assert one.covariance is not None
    assert no_surer(one.covariance, given_)
    assert np.linalg.det(matrix(one.covariance)) <= 1.000_01 * min(np.linalg.det(matrix(each)) for each in given_)


@given(covariances(), st.integers(2, 6))
def test_one_root_that_many_tell_counts_once(covariance: Covariance, count: int) -> None:
    """All who hear an aircraft's own word hear the same: six of them know no more than one."""
    batches = [of(f"m{n}", track("4b1805", covariance=covariance, roots=("adsb:4b1805",))) for n in range(count)]

    fusion, one = only(*batches)

    assert one.covariance == pytest.approx(covariance, abs=0.01)
    assert [part.counts for part in one.parts] == [True, *[False] * (count - 1)]
    assert independent(roots_of(fusion, one)) == 1


# -- against truth


@pytest.mark.parametrize("shared", [0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("late_s", [0.0, 5.0])
def test_errors_are_within_the_covariance_whatever_they_have_in_common(shared: float, late_s: float) -> None:
    """2,000 aircraft, three sensors, a part of whose errors is one and the same: the average NEES of two is two at
    most."""
    chance = np.random.default_rng(11)
    truth, told = _told(chance, 2_000, shared, late_s)

    fusion = fuse(of(member, *tracks) for member, tracks in zip(MEMBERS, told, strict=False))
    fused = {fusion.track(one.parts[0]).id: one for one in fusion.fused() if len(one.parts) == 3}
    nees = [_nees(fused[name], truth[name]) for name in fused]

    assert len(nees) > 1_990
    assert np.mean(nees) <= 2 * (1 + 3 / math.sqrt(len(nees)))
    assert np.mean(nees) > 0.2  # and not so wide that it says nothing


def _told(
    chance: np.random.Generator, count: int, shared: float, late_s: float
) -> tuple[dict[bytes, tuple[float, float]], list[list[Track]]]:
    """Return where aircraft are, by name, and what three sensors tell of them, the third so much later than the
    first."""
    truth: dict[bytes, tuple[float, float]] = {}
    told: list[list[Track]] = [[], [], []]
    for n in range(count):
        at = (-60 + 120 * (n // 50) / 40, -170 + 6.8 * (n % 50))
        course, speed = float(chance.uniform(0, 360)), float(chance.uniform(60, 250))
        truth[f"{n:06x}".encode()] = at
        common = chance.standard_normal(2)
        for k in range(3):
            spread = _drawn(chance)
            error = np.linalg.cholesky(matrix(spread)) @ (
                math.sqrt(shared) * common + math.sqrt(1 - shared) * chance.standard_normal(2)
            )
            age = late_s * (2 - k) / 2
            back = -speed * age
            east = error[0] + back * math.sin(math.radians(course))
            north = error[1] + back * math.cos(math.radians(course))
            told[k].append(
                track(
                    f"{n:06x}",
                    float(east),
                    float(north),
                    at=at,
                    covariance=spread,
                    roots=(f"sensor:{k}",),
                    speed=speed,
                    course=course,
                    age_s=age,
                )
            )
    return truth, told


def _drawn(chance: np.random.Generator) -> Covariance:
    turn, _ = np.linalg.qr(chance.standard_normal((2, 2)))
    made = turn @ np.diag(chance.uniform(400, 20_000, 2)) @ turn.T
    return round(made[0, 0]), round(made[0, 1]), round(made[1, 1])


def _nees(one: object, truth: tuple[float, float]) -> float:
    lat, lon, covariance = one.lat, one.lon, one.covariance  # type: ignore[attr-defined]
    north = (lat / 1e7 - truth[0]) * 111_195
    east = (lon / 1e7 - truth[1]) * 111_195 * math.cos(math.radians(truth[0]))
    off = np.array([east, north])
    return float(off @ np.linalg.inv(matrix(covariance)) @ off)


# -- in circles


class Member:
    """One who passes on what it fused, as no node does: a node tells what its own sensors see, and nothing else."""

    def __init__(self, name: str, own: Track | None) -> None:
        self.name = name
        self.own = own
        self.heard: dict[str, Track] = {}

    def hold(self) -> Fusion:
        sources = [batch_of(MemberId(self.name), "own", NOW, () if self.own is None else (self.own,))]
        sources += [of(name, told, place="passed on") for name, told in self.heard.items()]
        return fuse(sources)

    def tells(self) -> Track | None:
        """Return its fused track as a frame would tell it."""
        fusion = self.hold()
        for one in fusion.fused():
            roots = tuple(root.encode() for root in roots_of(fusion, one))
            assert one.covariance is not None
            ee, en, nn = (round(value) for value in one.covariance)
            return track(covariance=(ee, en, nn))._replace(id=b"4b1805", lat=one.lat, lon=one.lon, lineage=roots)
        return next((fusion.track(part) for part in fusion.singles()), None)


steps = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda pair: pair[0] != pair[1]), max_size=24)
owned = st.lists(st.none() | st.tuples(covariances(), st.floats(-60, 60), st.floats(-60, 60)), min_size=4, max_size=4)


@settings(max_examples=200)
@given(owned, steps)
@example([((2_500, 0, 2_500), 0.0, 0.0), None, None, None], [(0, 1), (1, 2), (2, 0), (0, 1), (1, 2), (2, 0)])
@example(
    [((1_000, 0, 9_000), 0.0, 0.0), ((9_000, 0, 1_000), 9.0, 9.0), None, None], [(0, 1), (1, 0), (0, 1), (1, 0)] * 4
)
def test_a_track_that_comes_back_shrinks_nothing_and_adds_no_witness(
    given_: list[tuple[Covariance, float, float] | None], passed: list[tuple[int, int]]
) -> None:
    """Whoever tells whom, in whatever order and in circles: nobody is ever surer than the real sensors permit
    together."""
    real = {f"sensor:{n}": one[0] for n, one in enumerate(given_) if one is not None}
    assume(real)
    members = [
        Member(
            MEMBERS[n],
            None if one is None else track("4b1805", one[1], one[2], covariance=one[0], roots=(f"sensor:{n}",)),
        )
        for n, one in enumerate(given_)
    ]
    for frm, to in passed:
        told = members[frm].tells()
        if told is not None:
            members[to].heard[members[frm].name] = told
        for member in members:
            now = member.tells()
            if now is not None:
                roots = {root.decode() for root in now.lineage}
                assert roots <= set(real)
                assert independent(roots) <= len(real)
                assert now.covariance is not None
                assert no_surer(now.covariance, [real[root] for root in roots], ROUNDING**2)


@given(covariances(), st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=8))
def test_what_one_member_alone_sees_comes_back_to_it_as_it_went(covariance: Covariance, way: list[int]) -> None:
    """A's track through B, through C, in any circle, and back to A: A's covariance is what it was, to the metre."""
    members = [Member(name, None) for name in MEMBERS]
    members[0].own = track("4b1805", covariance=covariance, roots=("sensor:0",))
    before = members[0].tells()
    at = 0
    for to in [*way, 0]:
        if to != at:
            told = members[at].tells()
            assert told is not None
            members[to].heard[members[at].name] = told
            at = to

    assert members[0].tells() == before


def test_the_law_of_circles_would_notice_who_adds_what_came_back() -> None:
    """Information added, as if it were news: three times round, and it would be surer than any sensor permits."""
    covariance = (2_500.0, 0.0, 2_500.0)
    added = np.linalg.inv(sum(np.linalg.inv(matrix(covariance)) for _ in range(3)))

    assert not no_surer((added[0, 0], added[0, 1], added[1, 1]), [covariance], ROUNDING**2)


def test_a_batch_that_is_used_again_is_as_it_was() -> None:
    mine: Batch = of("north", track("4b1805", roots=("sensor:1",)))
    before = [array.copy() for array in mine.arrays]

    fuse([mine, of("east", track("4b1805"))])

    for array, old in zip(mine.arrays, before, strict=True):
        np.testing.assert_array_equal(array, old)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(("4b1805", "1")), st.integers(-900, 900)), max_size=8))
@example([(False, "4b1805", 0), (True, "4b1805", 0)])
@example([(False, "1", 0), (True, "4b1805", 5), (False, "4b1805", 9), (True, "1", 0)])
def test_what_is_of_an_exercise_changes_nothing_of_what_is_fused_of_the_real_nor_the_other_way(
    seen: list[tuple[bool, str, int]],
) -> None:
    batches = [
        batch_of(MemberId(f"m{n}"), "a", NOW, [track(name, east_m=east)], drill=drill)
        for n, (drill, name, east) in enumerate(seen)
    ]
    real, drill = ([one for one in batches if one.drill is which] for which in (False, True))

    assert said(*batches) == said(*real) | said(*drill)
