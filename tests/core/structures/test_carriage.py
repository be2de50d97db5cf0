"""Receipts, parcels and frames on their way there and back."""

import re
from pathlib import Path

import msgspec
import pytest
from four import EAST, NOON, NORTH, SOUTH, control_of, key, report, right_control, ring, seed, source, state, verified
from hypothesis import given, settings
from hypothesis import strategies as st
from wrong_carriage import contents, frame, header, receipt, right_parcel, tracks

import quartet
from quartet.core.encoding import b64, digest, digest64, encode, unb64
from quartet.core.faults import Fault, Malformed
from quartet.core.frame import MAX_FRAME, Frame, Group, Track, VerifiedFrame, make_frames, pack_frame, verify_frame
from quartet.core.packing import MAX_PLAINTEXT, MIN_PLAINTEXT, pad, unpad
from quartet.core.parcel import (
    MAX_CONTENT,
    MAX_HEADER,
    content_hash,
    open_content,
    pack,
    pack_contents,
    read_part,
    released_contents,
    released_part,
    unpack,
)
from quartet.core.receipt import batch_commitment, lone_receipt, make_batch, open_batch, verify_lone_receipt
from quartet.core.release import Released

small = st.integers(-(2**31), 2**31 - 1)
positive = st.integers(0, 2**31 - 1)
some_tracks = st.builds(
    Track,
    id=st.binary(min_size=1, max_size=32),
    lat=st.integers(-900_000_000, 900_000_000),
    lon=st.integers(-1_800_000_000, 1_800_000_000),
    alt_m=st.none() | small,
    speed_cms=st.none() | positive,
    track_cdeg=st.none() | st.integers(0, 35_999),
    covariance=st.none() | st.tuples(positive, small, positive),
    lineage=st.lists(st.binary(min_size=1, max_size=32), max_size=3).map(tuple),
    age_ms=positive,
)


@given(st.integers(1, 40))
def test_a_batch_of_receipts_is_believed_and_each_of_them_alone(size: int) -> None:
    receipts = [receipt(n) for n in range(size)]
    batch = make_batch(receipts, key(EAST, "item"))

    opened = open_batch(batch, ring())

    assert opened.receipts == tuple(receipts)
    sigs = digest("quartet/sigs/v1", msgspec.msgpack.decode(batch)[2])
    assert opened.commitment == digest64("quartet/commit/v1", unb64(opened.head.root), sigs)
    assert opened.commitment == batch_commitment(batch)
    for one in receipts:
        lone = lone_receipt(batch, one.id)
        assert lone is not None
        assert verify_lone_receipt(lone, ring()) == one


def test_a_batch_without_receipts_is_not_made() -> None:
    with pytest.raises(Malformed, match="bad-receipts"):
        make_batch([], key(EAST, "item"))


def test_a_parcel_comes_out_as_it_went_in() -> None:
    opened = unpack(right_parcel(), NORTH, EAST, state().exchange, key(NORTH, "link").public)

    assert opened.header == header()
    assert opened.contents == tuple(contents())
    assert [c.tag for c in opened.contents] == ["signed", "control", "path"]
    assert opened.header_hash == digest64("quartet/header/v1", encode(header()))


@given(st.integers(0, MAX_PLAINTEXT - 4))
@settings(max_examples=60, deadline=None)
def test_a_plaintext_is_the_smallest_power_of_two_that_holds_it(length: int) -> None:
    plaintext = pad(b"x" * length)

    assert unpad(plaintext) == b"x" * length
    assert len(plaintext) in [MIN_PLAINTEXT << n for n in range(10)]
    assert len(plaintext) == MIN_PLAINTEXT or len(plaintext) < 2 * (length + 4)


def test_the_largest_content_fits_beside_the_largest_header() -> None:
    content = pack_contents([open_content("act", b"x" * (MAX_CONTENT - 16))])
    full = header(content_hash=content_hash(content), checkpoint="x" * 4096, voids=((1, 2),) * 64)

    parcel = pack(full, content, key(NORTH, "link"))

    assert len(encode(full)) <= MAX_HEADER
    assert len(parcel.plaintext) == MAX_PLAINTEXT


def test_a_header_that_names_another_content_is_not_packed() -> None:
    with pytest.raises(Malformed, match="other-content"):
        pack(header(), b"\x90", key(NORTH, "link"))


def test_a_part_of_a_file_names_its_item_and_its_file() -> None:
    released = Released(item=verified(), to=EAST)

    content = released_part(released, b64(seed("file")), 3, b"bytes")

    part = read_part(content.data)
    assert content.tag == "attachment-part"
    assert (b64(part.item), part.attachment, part.number, part.data) == (verified().id, seed("file"), 3, b"bytes")


def test_a_fact_travels_without_a_control() -> None:
    bare = msgspec.structs.replace(verified(), own=None)

    assert [c.tag for c in released_contents(Released(item=bare, to=EAST))] == ["signed"]


def make(*groups: Group, seq: int = 12) -> list[Frame]:
    """Return north's frames of noon for these groups."""
    return make_frames(
        groups,
        exchange=state().exchange,
        member=NORTH,
        incarnation=1,
        seq=seq,
        at=NOON,
        key=key(NORTH, "item"),
        seed=seed("frame", seq),
    )


@given(st.lists(some_tracks, min_size=1, max_size=20).map(tuple))
@settings(max_examples=60, deadline=None)
def test_tracks_come_out_of_a_frame_as_they_went_in(shown: tuple[Track, ...]) -> None:
    (made,) = make(Group((right_control(),), shown))

    seen = verify_frame(pack_frame(made, EAST, [Released(item=verified(), to=EAST)]), NORTH, ring())

    (segment,) = seen.segments
    assert segment.columns.tracks() == shown
    assert segment.controls[0].id == verified().controls[0].id
    assert seen.commitment == digest64("quartet/frame/v1", made.header) == made.commitment


def test_a_frame_shows_each_recipient_its_segments_and_nothing_of_the_others() -> None:
    both = tuple(sorted([right_control(), encode(control_of(source()))]))
    (made,) = make(Group((right_control(),), tracks()[:1]), Group(both, tracks()[1:]))
    own_only = Released(item=msgspec.structs.replace(verified(), contained=()), to=EAST)

    for_east = verify_frame(pack_frame(made, EAST, [own_only]), NORTH, ring())
    for_south = verify_frame(pack_frame(made, SOUTH, [own_only]), NORTH, ring())
    for_all = verify_frame(pack_frame(made, EAST, [Released(item=verified(), to=EAST)]), NORTH, ring())

    assert [s.columns.tracks() for s in for_east.segments] == [tracks()[:1]]
    assert for_south.segments == ()
    assert len(for_all.segments) == 2
    assert len(set(for_all.header.segments)) == 16


def test_places_salts_and_fillers_differ_from_frame_to_frame() -> None:
    group = Group((right_control(),), tracks())
    first, second = (make(group, seq=n)[0] for n in (12, 13))

    read = [msgspec.json.decode(f.header)["segments"] for f in (first, second)]
    assert not set(read[0]) & set(read[1])


def test_an_empty_frame_looks_like_any_other() -> None:
    (empty,) = make()

    assert len(pack_frame(empty, EAST, [])) == len(pack_frame(frame(), SOUTH, []))


def test_a_frame_over_its_limit_is_split_by_area() -> None:
    crowd = tuple(Track(b"%032d" % n, n * 100_000, 0, 0, 0, 0, (1, 0, 1), (b"x" * 32,), 0) for n in range(8_500))

    made = make(Group((right_control(),), crowd))

    assert len(made) > 1
    assert [msgspec.json.decode(f.header)["seq"] for f in made] == [12 + n for n in range(len(made))]
    released = [Released(item=verified(), to=EAST)]
    seen = [verify_frame(pack_frame(f, EAST, released), NORTH, ring()) for f in made]
    shown = [t for f in seen for s in f.segments for t in s.columns.tracks()]
    assert sorted(shown) == sorted(crowd)
    assert all(sum(len(s) for s in f.segments.values()) <= MAX_FRAME for f in made)
    bands = [(min(t.lat for t in s), max(t.lat for t in s)) for f in seen for s in [_tracks(f)]]
    assert all(a[1] < b[0] for a, b in zip(sorted(bands), sorted(bands)[1:], strict=False))


def _tracks(seen: VerifiedFrame) -> list[Track]:
    return [t for s in seen.segments for t in s.columns.tracks()]


def test_more_sets_of_controls_than_segments_make_more_frames() -> None:
    groups = [Group((encode(control_of(report(), "item")),), tracks()[:1])] * 17

    assert [len(f.segments) for f in make(*groups)] == [16, 1]


def test_a_frame_with_a_seed_of_another_size_is_not_made() -> None:
    with pytest.raises(Fault, match="bad-seed"):
        make_frames(
            [], exchange=state().exchange, member=NORTH, incarnation=1, seq=1, at=NOON, key=key(NORTH, "item"), seed=b""
        )


def test_no_module_but_the_parcels_own_makes_a_content() -> None:
    package = Path(quartet.__path__[0])
    makers = {str(p.relative_to(package)) for p in package.rglob("*.py") if re.search(r"\bContent\(", p.read_text())}

    assert makers == {"core/parcel.py"}
