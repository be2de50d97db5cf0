"""Frames: where a member's tracks are now, signed once a tick, in segments by their set of controls.

The signed header holds sixteen salted hashes, real ones at drawn places among random ones: a recipient of some segments
learns neither what is in the others nor how many there are. All numbers are integers; latest wins.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta

from quartet.core.control import control_id
from quartet.core.encoding import Value, b64, decode, digest, digest64, encode, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import (
    Commitment,
    ControlId,
    CountField,
    ExchangeId,
    KeyId,
    MemberField,
    MemberId,
    Micros,
    TimeField,
)
from quartet.core.keyring import Keyring
from quartet.core.keys import SIGNATURE_SIZE, SecretKey
from quartet.core.packing import pad, read_packed, unpad, write_packed
from quartet.core.release import Released
from quartet.core.statement import MAX_CONTROL, MAX_CONTROLS, Hash
from quartet.core.verify import VerifiedControl, decode_contained, verify_control

SEGMENTS: Final = 16
MAX_FRAME: Final = 400 * 1024
MAX_FRAME_HEADER: Final = 4096
MAX_TRACKS: Final = 8_192
MAX_LINEAGE: Final = 16
SALT_SIZE: Final = 16
SEED_SIZE: Final = 32

_Degrees = Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]
_Name = Annotated[bytes, Meta(min_length=1, max_length=32)]
_Small = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
_Positive = Annotated[int, Meta(ge=0, le=2**31 - 1)]
_Place = Annotated[int, Meta(ge=0, le=SEGMENTS - 1)]
_Angle = Annotated[int, Meta(ge=0, le=35_999)]


class Track(NamedTuple):
    """One track as a frame tells it; None is "not known".

    Covariance is east-east, east-north, north-north in square metres; `lineage` names the root sources; `age_ms` is how
    old the last plot was when the frame was made.
    """

    id: bytes
    lat: int
    lon: int
    alt_m: int | None
    speed_cms: int | None
    track_cdeg: int | None
    covariance: tuple[int, int, int] | None
    lineage: tuple[bytes, ...]
    age_ms: int


class Columns(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Tracks column by column, all of one length."""

    id: Annotated[tuple[_Name, ...], Meta(min_length=1, max_length=MAX_TRACKS)]
    lat: Annotated[tuple[Annotated[int, Meta(ge=-900_000_000, le=900_000_000)], ...], Meta(max_length=MAX_TRACKS)]
    lon: Annotated[tuple[_Degrees, ...], Meta(max_length=MAX_TRACKS)]
    alt_m: Annotated[tuple[_Small | None, ...], Meta(max_length=MAX_TRACKS)]
    speed_cms: Annotated[tuple[_Positive | None, ...], Meta(max_length=MAX_TRACKS)]
    track_cdeg: Annotated[tuple[_Angle | None, ...], Meta(max_length=MAX_TRACKS)]
    covariance: Annotated[tuple[tuple[_Positive, _Small, _Positive] | None, ...], Meta(max_length=MAX_TRACKS)]
    lineage: Annotated[
        tuple[Annotated[tuple[_Name, ...], Meta(max_length=MAX_LINEAGE)], ...], Meta(max_length=MAX_TRACKS)
    ]
    age_ms: Annotated[tuple[_Positive, ...], Meta(max_length=MAX_TRACKS)]

    def tracks(self) -> tuple[Track, ...]:
        """Return the tracks one by one."""
        return tuple(Track(*row) for row in zip(*msgspec.structs.astuple(self), strict=True))


class Segment(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Tracks under one set of controls: each control as it travels beside a statement, sorted bytewise."""

    salt: Annotated[bytes, Meta(min_length=SALT_SIZE, max_length=SALT_SIZE)]
    controls: Annotated[
        tuple[Annotated[bytes, Meta(max_length=3 * MAX_CONTROL)], ...], Meta(min_length=1, max_length=MAX_CONTROLS)
    ]
    columns: Columns


class FrameHeader(Value, frozen=True):
    """What is signed: whose frame, which one, when, and the hashes of its segments."""

    v: Literal[1]
    exchange: Hash
    member: MemberField
    incarnation: CountField
    seq: CountField
    at: TimeField
    segments: Annotated[tuple[Hash, ...], Meta(min_length=SEGMENTS, max_length=SEGMENTS)]


class Group(NamedTuple):
    """Tracks under one set of controls, before they are a segment."""

    controls: tuple[bytes, ...]
    tracks: tuple[Track, ...]


class Frame(msgspec.Struct, frozen=True):
    """A frame as its author made it: every segment at its place. Each recipient gets those that it may have."""

    seq: int
    header: bytes
    key_id: KeyId
    sig: bytes
    segments: Mapping[int, bytes]
    controls: Mapping[int, frozenset[ControlId]]

    @property
    def commitment(self) -> Commitment:
        """What the author's log holds of the frame."""
        return frame_commitment(self.header)


class VerifiedSegment(msgspec.Struct, frozen=True):
    """A segment that belongs to its frame, with its controls checked."""

    place: int
    controls: tuple[VerifiedControl, ...]
    columns: Columns


class VerifiedFrame(msgspec.Struct, frozen=True):
    """A frame whose header and segments were checked; `header_bytes` and `sig` are kept for the replay's proof."""

    header: FrameHeader
    header_bytes: bytes
    key_id: KeyId
    sig: bytes
    commitment: Commitment
    segments: tuple[VerifiedSegment, ...]


class _Wire(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    header: bytes
    key_id: Annotated[bytes, Meta(min_length=32, max_length=32)]
    sig: Annotated[bytes, Meta(min_length=SIGNATURE_SIZE, max_length=SIGNATURE_SIZE)]
    shown: Annotated[tuple[tuple[_Place, bytes], ...], Meta(max_length=SEGMENTS)]


def make_frames(
    groups: Iterable[Group],
    *,
    exchange: ExchangeId,
    member: MemberId,
    incarnation: int,
    seq: int,
    at: Micros,
    key: SecretKey,
    seed: bytes,
    spread: int = 1,
) -> list[Frame]:
    """Return the frames of a tick, by number: one, unless they are over 400 KiB or 16 segments.

    `seed` is 32 random bytes: places, salts and the hashes at empty places come from it. The numbers are from `seq` on,
    or with a `spread` drawn from the next so many: who gets some of the frames does not learn that there are others.
    """
    if len(seed) != SEED_SIZE:
        raise Malformed("bad-seed", f"{len(seed)} bytes where {SEED_SIZE} must be")
    batches = _batches(_split(group) for group in groups)
    numbers = _numbers(seq, len(batches), max(spread, len(batches)), seed)
    made: list[Frame] = []
    for number, batch in sorted(zip(numbers, batches, strict=True), key=lambda one: one[0]):
        place = digest("quartet/frame-seed/v1", seed, len(made))
        segments = _placed(batch, place)
        hashes = tuple(b64(_segment_hash(segments[i]) if i in segments else _fill(place, i)) for i in range(SEGMENTS))
        header = encode(FrameHeader(1, exchange, member, incarnation, number, at, hashes))
        controls = {i: _control_ids(read_segment(data)) for i, data in segments.items()}
        made.append(Frame(number, header, key.id, key.sign("frame", header), segments, controls))
    return made


def shown_to(frame: Frame, to: MemberId, released: Iterable[Released]) -> list[int]:
    """Return the places of the segments whose controls the gate released to a member, in order."""
    admitted = [{c.id for c in r.item.controls} for r in released if r.to == to]
    return sorted(p for p, controls in frame.controls.items() if any(controls <= ids for ids in admitted))


def pack_frame(frame: Frame, to: MemberId, released: Iterable[Released]) -> bytes:
    """Return the padded plaintext of a frame for one member: the segments whose controls the gate released to it."""
    shown = tuple((place, frame.segments[place]) for place in shown_to(frame, to, released))
    return pad(write_packed(_Wire(frame.header, unb64(frame.key_id, 32), frame.sig, shown)))


def cut_frame(plaintext: bytes, by: Callable[[frozenset[ControlId]], str]) -> dict[str, bytes]:
    """Return a frame's plaintext in parts: under each name those segments whose controls are called so `by` it.

    Each part is a whole plaintext under the frame's own header and signature. What shows nothing is one part, of no
    controls. Raise `Malformed` for what is no frame.
    """
    wire = _read(plaintext)
    parts: dict[str, list[tuple[int, bytes]]] = {} if wire.shown else {by(frozenset()): []}
    for place, segment in wire.shown:
        parts.setdefault(by(_control_ids(read_segment(segment))), []).append((place, segment))
    return {
        name: pad(write_packed(_Wire(wire.header, wire.key_id, wire.sig, tuple(shown))))
        for name, shown in sorted(parts.items())
    }


def verify_frame(plaintext: bytes, member: MemberId, keyring: Keyring) -> VerifiedFrame:
    """Return what a frame says once everything about it was checked.

    (1) padding and shape, (2) exchange and member, (3) the item key's signature, (4) each segment is the one that the
    header names, (5) its shape, (6) its controls.
    """
    wire = _read(plaintext)
    raw, shown = wire.header, wire.shown
    header = decode(raw, FrameHeader, MAX_FRAME_HEADER)
    if header.exchange != keyring.exchange:
        raise Untrusted("other-exchange", header.exchange[:8])
    if header.member != member:
        raise Untrusted("frame-not-senders", f"{header.member} from {member}")
    key_id = KeyId(b64(wire.key_id))
    keyring.item_key(member, key_id).verify("frame", raw, wire.sig)
    for place, segment in shown:
        if b64(_segment_hash(segment)) != header.segments[place]:
            raise Untrusted("segment-other-hash", f"segment {place}")
    segments = tuple(_verified(place, segment, keyring) for place, segment in shown)
    return VerifiedFrame(header, raw, key_id, wire.sig, frame_commitment(raw), segments)


def frame_commitment(header: bytes) -> Commitment:
    """Return what the author's log holds of the frame with this header."""
    return Commitment(digest64("quartet/frame/v1", header))


def _read(plaintext: bytes) -> _Wire:
    wire = read_packed(unpad(plaintext), _Wire, MAX_FRAME + MAX_FRAME_HEADER + 1024)
    places = [place for place, _ in wire.shown]
    if places != sorted(set(places)):
        raise Malformed("unsorted", f"segments at {places}")
    return wire


def _verified(place: int, data: bytes, keyring: Keyring) -> VerifiedSegment:
    segment = read_segment(data)
    sealed = [decode_contained(c) for c in segment.controls]
    controls = tuple(verify_control(c, keyring, keyring.epoch) for c in sealed)
    if len({c.id for c in controls}) != len(controls):
        raise Untrusted("control-twice", f"segment {place}")
    return VerifiedSegment(place, controls, segment.columns)


def read_segment(data: bytes) -> Segment:
    """Return the segment with these bytes, or raise `Malformed`."""
    segment = read_packed(data, Segment, MAX_FRAME)
    if list(segment.controls) != sorted(set(segment.controls)):
        raise Malformed("unsorted", "controls are not sorted, each once")
    columns = msgspec.structs.astuple(segment.columns)
    if len({len(column) for column in columns}) != 1:
        raise Malformed("bad-columns", "columns of several lengths")
    return segment


def _control_ids(segment: Segment) -> frozenset[ControlId]:
    return frozenset(_control_id(c) for c in segment.controls)


@lru_cache(maxsize=1024)
def _control_id(sealed: bytes) -> ControlId:
    return control_id(unb64(decode_contained(sealed).control))


def _segment_hash(segment: bytes) -> bytes:
    return digest("quartet/segment/v1", segment)


def _fill(seed: bytes, place: int) -> bytes:
    return digest("quartet/frame-fill/v1", seed, place)


def _placed(batch: Sequence[Group], seed: bytes) -> dict[int, bytes]:
    """Return the segments of a frame at the places that the seed draws."""
    drawn = sorted(range(SEGMENTS), key=lambda place: digest("quartet/frame-place/v1", seed, place))
    salts = [digest("quartet/frame-salt/v1", seed, place)[:SALT_SIZE] for place in drawn]
    return {
        place: write_packed(Segment(salt, tuple(sorted(set(group.controls))), _columns(group.tracks)))
        for place, salt, group in zip(drawn, salts, batch, strict=False)
    }


def _numbers(seq: int, count: int, spread: int, seed: bytes) -> list[int]:
    """Return so many numbers out of `spread` from `seq` on, no two alike; in order where there is no choice."""
    if count == spread:
        return list(range(seq, seq + count))
    drawn: dict[int, None] = {}
    n = 0
    while len(drawn) < count:
        drawn[seq + int.from_bytes(digest("quartet/frame-number/v1", seed, n)[:8], "big") % spread] = None
        n += 1
    return list(drawn)


def _columns(tracks: Sequence[Track]) -> Columns:
    return Columns(*(tuple(column) for column in zip(*tracks, strict=True)))


def _batches(split: Iterable[list[Group]]) -> list[list[Group]]:
    """Return the groups by frame; at least one frame, for an empty one says "nothing seen"."""
    batches: list[list[Group]] = [[]]
    size = 0
    for group in (g for groups in split for g in groups):
        more = _size(group)
        if batches[-1] and (len(batches[-1]) == SEGMENTS or size + more > MAX_FRAME):
            batches.append([])
            size = 0
        batches[-1].append(group)
        size += more
    return batches


def _split(group: Group) -> list[Group]:
    """Return a group in pieces that fit a frame, each of an area of its own; nothing for no tracks."""
    if not group.tracks:
        return []
    if len(group.tracks) == 1 or (_size(group) <= MAX_FRAME and len(group.tracks) <= MAX_TRACKS):
        return [group]
    lats, lons = [t.lat for t in group.tracks], [t.lon for t in group.tracks]
    tall = max(lats) - min(lats) > max(lons) - min(lons)
    ordered = sorted(group.tracks, key=lambda t: (t.lat, t.lon) if tall else (t.lon, t.lat))
    half = len(ordered) // 2
    first, second = tuple(ordered[:half]), tuple(ordered[half:])
    return [*_split(group._replace(tracks=first)), *_split(group._replace(tracks=second))]


def _size(group: Group) -> int:
    return len(write_packed((bytes(SALT_SIZE), group.controls, _columns(group.tracks)))) + 64
