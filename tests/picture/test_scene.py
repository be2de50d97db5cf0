"""Scenes: what is shown of them, what changed, and numbers that tell nothing."""

from collections.abc import Iterable

from hypothesis import assume, example, given
from hypothesis import strategies as st

from quartet.core.frame import Track
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.picture.fusion import fuse
from quartet.picture.livewire import MAX_AGE, MAX_SHOWN, LiveFrame, read_live, write_live
from quartet.picture.look import Look, Sieve
from quartet.picture.scene import Numbers, Scene, Source, batched, frame_of, scene_of, within
from quartet.picture.seen import OURS, Seen

NORTH, EAST = MemberId("north"), MemberId("east")
NOW = Micros(1_800_000_000 * SECOND)
EVERYWHERE = Look((-180.0, -90.0, 180.0, 90.0), 1.0)
names = st.sampled_from(["4b1805", "3c6444", "4ca7b4", "406a2d", "3003ae"])


class Narrow(Numbers):
    """Numbers of which there are three, so that many tracks draw the same."""

    def draw(self, name: str, again: int = 0) -> int:
        return super().draw(name, again) % (3 if again < 8 else 1_000)


def track(name: str, lat: float = 47.0, lon: float = 8.0, alt_m: int | None = 9_000, age_ms: int = 500) -> Track:
    return Track(name.encode(), round(lat * 1e7), round(lon * 1e7), alt_m, 23_000, 4_500, None, (), age_ms)


tracks = st.builds(
    track,
    names,
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.none() | st.integers(-1_000, 200_000),
    st.integers(0, 90_000),
)
sources = st.lists(
    st.builds(
        Source,
        st.sampled_from([NORTH, EAST]),
        st.sampled_from(["a", "b"]),
        st.integers(NOW - 60 * SECOND, NOW).map(Micros),
        st.integers(1, 5),
        st.lists(tracks, max_size=4).map(tuple),
    ),
    max_size=4,
    unique_by=lambda one: (one.member, one.place),
)


def made(given_: Iterable[Source], numbers: Numbers | None = None) -> Scene:
    return scene_of(given_, NORTH, numbers or Numbers(bytes(16)))


def applied(
    scene: Scene, frame: LiveFrame
) -> tuple[dict[int, tuple[int, ...]], dict[int, tuple[str, tuple[str, ...]]]]:
    """Return what a map shows that had a scene and took a frame; of ages, since when they count."""
    rows = {} if frame.base is None else {n: _plain(n, one) for n, one in scene.tracks.items()}
    said = {} if frame.base is None else _said(scene)
    for gone in frame.removed:
        del rows[gone], said[gone]
    for row in frame.rows:
        rows[row.id] = (*row[:6], row.kind, row.flags)
    for name in frame.names:
        said[name.id] = (name.track, tuple(map(str, name.sources)))
    return rows, said


def _said(scene: Scene) -> dict[int, tuple[str, tuple[str, ...]]]:
    return {n: (name, tuple(map(str, members))) for n, (name, members) in scene.names.items()}


def _plain(number: int, one: Seen) -> tuple[int, ...]:
    return (number, *one[:5], one.kind, one.flags)


@given(sources, sources, st.booleans())
def test_a_delta_leads_from_what_a_map_has_to_what_there_is(
    before: list[Source], after: list[Source], narrow: bool
) -> None:
    numbers: Numbers = Narrow(bytes(16)) if narrow else Numbers(bytes(16))
    old, new = made(before, numbers), made(after, numbers)

    frame = frame_of(new, 2, NOW, (1, old))
    whole = frame_of(new, 2, NOW)

    shown = {n: _plain(n, one) for n, one in new.tracks.items()}
    assert applied(old, frame) == applied(Scene(), whole) == (shown, _said(new))


@given(sources)
@example([Source(NORTH, "a", NOW, 1, tuple(track(f"{n:06x}") for n in range(40)))])
def test_no_two_tracks_have_one_number_whatever_is_drawn(given_: list[Source]) -> None:
    """Each track is in one of the movers that are shown, and each of these has a number of its own."""
    scene = made(given_, Narrow(bytes(16)))

    fusion = fuse(batched(one, NORTH) for one in given_)
    found = [part for one in fusion.fused() for part in one.parts] + fusion.singles()
    told = sorted((fusion.batches[part.source].key, fusion.track(part).id) for part in found)
    assert told == sorted({((one.member, one.place), t.id) for one in given_ for t in one.tracks})
    assert len(scene.tracks) == len(scene.names) == len(fusion.fused()) + len(fusion.singles())


@given(sources, sources)
def test_a_tracks_number_tells_nothing_of_the_other_tracks(mine: list[Source], hidden: list[Source]) -> None:
    """What a viewer may not see is in no scene of hers: only that it was drawn for others could tell."""
    both = Numbers(bytes(16))
    made([*hidden, *mine], both)

    assert made(mine, both) == made(mine, Numbers(bytes(16)))


def test_numbers_of_another_node_are_others() -> None:
    one, other = (
        made([Source(NORTH, "a", NOW, 1, (track("4b1805"),))], Numbers(key)) for key in (b"k" * 16, b"q" * 16)
    )

    assert set(one.tracks) != set(other.tracks)


@given(sources, st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90)))
def test_a_look_shows_what_is_in_its_box_and_nothing_else(
    given_: list[Source], box: tuple[float, float, float, float]
) -> None:
    west, south, east, north = box
    assume(south <= north)
    scene = made(given_)

    shown = within(scene, Look(box, 3.0)).tracks

    for number, one in scene.tracks.items():
        lon, lat = one.lon, one.lat
        inside = (west * 1e7 <= lon <= east * 1e7) if west <= east else (lon >= west * 1e7 or lon <= east * 1e7)
        assert (number in shown) == (inside and south * 1e7 <= lat <= north * 1e7)


def test_a_filter_lets_through_whom_it_names_and_whose_height_is_in_the_band_or_not_known() -> None:
    low, high, unsaid = track("4b1805", alt_m=1_000), track("3c6444", alt_m=11_000), track("4ca7b4", alt_m=None)
    far = track("4b1805", lat=10.0, alt_m=1_000)
    scene = made([Source(NORTH, "a", NOW, 2, (low, high)), Source(EAST, "a", NOW, 2, (unsaid, far))])

    def shown(**sieve: object) -> set[tuple[str, str]]:
        look = Look(EVERYWHERE.bbox, 1.0, filter=Sieve(**sieve))  # type: ignore[arg-type]
        return {(name, " ".join(members)) for name, members in within(scene, look).names.values()}

    assert shown(sources=("east",)) == {("4ca7b4", "east"), ("4b1805", "east")}
    assert shown(floor_m=5_000.0) == {("3c6444", "north"), ("4ca7b4", "east")}
    assert shown(ceiling_m=5_000.0, sources=("north",)) == {("4b1805", "north")}


def test_a_mover_of_several_members_is_shown_once_and_by_the_filter_of_each() -> None:
    north, east = track("4b1805", alt_m=None), track("4b1805", lat=47.0001, age_ms=900)
    scene = made([Source(EAST, "a", NOW, 4, (east,)), Source(NORTH, "a", NOW, 2, (north,))])

    (number, (name, members)), one = next(iter(scene.names.items())), next(iter(scene.tracks.values()))
    looks = [Look(EVERYWHERE.bbox, 1.0, filter=Sieve(sources=(member,))) for member in (NORTH, EAST, MemberId("west"))]

    assert (name, sorted(members)) == ("4b1805", ["east", "north"])
    assert (one.flags & OURS, one.flags >> 1) == (1, 4)  # of ours too, and under the narrower marking
    assert one.altitude == 1_181  # 9,000 m, from the one that knows it
    assert [list(within(scene, look).tracks) for look in looks] == [[number], [number], []]


def test_a_mover_keeps_its_number_while_others_join_it_and_leave() -> None:
    mine, theirs = Source(NORTH, "a", NOW, 2, (track("4b1805"),)), Source(EAST, "a", NOW, 2, (track("4b1805"),))

    numbers = {number for given_ in ([mine], [mine, theirs], [theirs]) for number in made(given_).tracks}

    assert len(numbers) == 1


def test_a_name_has_as_many_members_as_there_is_room_for() -> None:
    given_ = [Source(MemberId(f"{n:02}-{'x' * 28}"), "a", NOW, 2, (track("4b1805"),)) for n in range(9)]

    frame = frame_of(made(given_), 1, NOW)

    assert len(frame.names[0].sources) == 4
    assert read_live(write_live(frame)) == frame


def test_more_tracks_than_go_into_a_frame_are_thinned_and_it_says_so() -> None:
    many = tuple(track(f"{n:06x}", lon=n / 1_000) for n in range(MAX_SHOWN + 100))

    shown = within(made([Source(NORTH, "a", NOW, 1, many)]), EVERYWHERE)

    assert shown.cut
    assert len(shown.tracks) == len(shown.names) == MAX_SHOWN
    west = sum(one.lon < 5e7 for one in shown.tracks.values())
    assert 4_000 < west < 6_000


def test_a_track_says_whose_sensor_saw_it_under_what_marking_and_how_long_ago() -> None:
    scene = made(
        [
            Source(NORTH, "a", NOW, 3, (track("4b1805", age_ms=2_000),)),
            Source(EAST, "a", NOW, 5, (track("x", lat=10.0),)),
        ]
    )

    rows = {name: row for row in frame_of(scene, 1, Micros(NOW + SECOND)).rows for name, _ in [scene.names[row.id]]}

    assert (rows["4b1805"].flags & OURS, rows["4b1805"].flags >> 1, rows["4b1805"].age) == (1, 3, 300)
    assert (rows["x"].flags & OURS, rows["x"].flags >> 1) == (0, 5)
    old = frame_of(scene, 1, Micros(NOW + 3_600 * SECOND)).rows
    assert {row.age for row in old} == {MAX_AGE}
