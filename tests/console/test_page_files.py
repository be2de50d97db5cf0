"""What the page does with a file before it goes: it names it as the node does, and leaves out what is no picture."""

import io
import json
import os

import pytest
from images import CANARY, TAKEN, drawing, noise, photo, plain_png
from pagecode import look, names, strip
from PIL import Image

from quartet.core.attachment import PART, file_id

SIZES = [0, 1, PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 7, 5 * PART, 8 * PART, 9 * PART + 1]


def in_parts(data: bytes) -> list[bytes]:
    return [data[at : at + PART] for at in range(0, len(data), PART)]


def test_the_page_names_a_file_as_the_node_does() -> None:
    files = [os.urandom(size) for size in SIZES]

    assert names(files) == [file_id(in_parts(data)) for data in files]


def test_where_when_and_with_what_is_told_before_a_photo_goes() -> None:
    seen = look(photo())

    said = seen["found"]["said"]
    assert seen["kind"] == "says"
    assert said["position"]["lat"] == pytest.approx(-(47 + 22 / 60 + 30.12 / 3600))
    assert said["position"]["lon"] == pytest.approx(-8.5)
    assert said["taken"] == TAKEN
    assert said["device"] == f"{CANARY} Model 9 {CANARY}-serial"
    assert {"XMP", "APP13", "comment"} <= set(seen["found"]["more"])
    assert any(word.endswith(" B") for word in seen["found"]["more"])


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("make", [photo, drawing])
def test_a_picture_leaves_without_what_stands_beside_it_and_not_a_pixel_changed(make, orientation: int) -> None:  # type: ignore[no-untyped-def]
    data = make(orientation)

    left = strip(data)

    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(left))
    assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()
    assert after.getexif().get(0x112, 1) == orientation
    assert dict(after.getexif()) == ({} if orientation == 1 else {0x112: orientation})
    assert after.getexif().get_ifd(0x8825) == {}
    assert CANARY.encode() not in left
    assert b"2026" not in left
    assert look(left)["kind"] == "clean"
    assert strip(left) == left


def test_the_scans_of_a_progressive_photo_stay_whole_and_its_colours_too() -> None:
    data = photo(progressive=True)

    left = strip(data)

    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(left))
    assert after.tobytes() == before.tobytes()
    assert after.info["icc_profile"] == before.info["icc_profile"] == b"icc" * 9
    assert CANARY.encode() not in left


def test_the_thumbnail_of_a_head_is_taken_out() -> None:
    out = io.BytesIO()
    noise().save(out, "JPEG")
    data = out.getvalue()
    assert data[2:4] == b"\xff\xe0"
    head = data[4:6] + data[6:18] + bytes([1, 1]) + b"\x01\x02\x03"
    thumb = data[:4] + (len(head)).to_bytes(2, "big") + head[2:] + data[20:]

    assert "thumbnail" in look(thumb)["found"]["more"]
    assert strip(thumb) == data


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 made by somebody",
        photo()[:300],
        drawing()[:60],
        b"\xff\xd8\xff\xe1\x00\x20Exif\0\0II*\0\xff\xff\xff\xff" + b"\0" * 20 + b"\xff\xd9",
        b"\xff\xd8\xff" + os.urandom(200),
    ],
)
def test_what_cannot_be_read_is_told_and_never_taken_for_clean(data: bytes) -> None:
    assert look(data)["kind"] == "unread"


def test_a_text_and_a_plain_picture_say_nothing() -> None:
    assert look(json.dumps({"a": 1}).encode(), "application/json")["kind"] == "clean"
    assert look(plain_png())["kind"] == "clean"
