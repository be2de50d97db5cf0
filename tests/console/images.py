"""Images as tests make them: with what cameras write beside the picture, and as an attacker would build them."""

import io
import random
import struct
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

CANARY = "canary-3f9a"
"""A word that must not leave with a picture."""
TAKEN = "2026:03:01 14:05:09"
_GPS, _EXIF = 0x8825, 0x8769


def noise(width: int = 48, height: int = 32) -> Image.Image:
    """Return a picture of which every pixel differs."""
    return Image.frombytes("RGB", (width, height), random.Random(7).randbytes(3 * width * height))


def exif(orientation: int = 6) -> Image.Exif:
    """Return what a telephone writes: where (south and west), when, with what."""
    made = Image.Exif()
    made[0x10F], made[0x110], made[0x112] = CANARY, "Model 9", orientation
    made.get_ifd(_EXIF).update({0x9003: TAKEN, 0xA431: f"{CANARY}-serial"})
    place = [IFDRational(47), IFDRational(22), IFDRational(3012, 100)]
    made.get_ifd(_GPS).update({1: "S", 2: place, 3: "W", 4: [IFDRational(8), IFDRational(30), IFDRational(0)]})
    return made


def photo(orientation: int = 6, *, progressive: bool = False) -> bytes:
    """Return a JPEG with everything beside its picture: Exif, XMP, a comment, IPTC, and a film behind its end."""
    out = io.BytesIO()
    image = noise()
    xmp = f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()
    image.save(
        out, "JPEG", exif=exif(orientation), xmp=xmp, comment=CANARY, progressive=progressive, icc_profile=b"icc" * 9
    )
    iptc = b"Photoshop 3.0\0" + CANARY.encode()
    data = out.getvalue()
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + data[2:] + b"film " + CANARY.encode()


def drawing(orientation: int = 3) -> bytes:
    """Return a PNG with texts, a time and Exif, and something behind its end."""
    out = io.BytesIO()
    said = PngInfo()
    said.add_text("Comment", CANARY)
    said.add_itxt("Author", CANARY, zip=True)
    said.add(b"tIME", struct.pack(">HBBBBB", 2026, 3, 1, 14, 5, 9))
    noise().convert("RGBA").save(out, "PNG", pnginfo=said, exif=exif(orientation), dpi=(72, 72))
    return out.getvalue() + CANARY.encode()


def plain_png(width: int = 8, height: int = 8) -> bytes:
    """Return a PNG that says nothing."""
    out = io.BytesIO()
    noise(width, height).save(out, "PNG")
    return out.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a small PNG that unpacks to hundreds of millions of pixels."""
    rows = zlib.compressobj(9)
    line = b"\0" * (1 + width // 8)
    data = b"".join(rows.compress(line) for _ in range(height)) + rows.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(k, d) for k, d in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
