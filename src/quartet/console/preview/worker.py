"""Draw an image anew, small: bytes of it come on standard input, those of a picture of our own go to standard output.

This runs as a process of its own, and before it reads a byte it gives up what it has (`confinement`).
"""

import io
import sys
from typing import Final

from PIL import GifImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from quartet.console.confinement import confine

READS: Final = (
    JpegImagePlugin.JpegImageFile.format,
    PngImagePlugin.PngImageFile.format,
    GifImagePlugin.GifImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
)
SIDE: Final = 1024
MAX_PIXELS: Final = 50_000_000
SECONDS: Final = 5
MEMORY: Final = 1024**3
NO_IMAGE: Final = 10
TOO_LARGE: Final = 11
_FAULTS: Final = (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError)
"""What Pillow raises for bytes that are no image; a fault of memory ends the process."""


def draw(data: bytes) -> bytes:
    """Return a picture of the first frame, its metadata left behind; end the process where there is none."""
    try:
        with Image.open(io.BytesIO(data), formats=READS) as image:
            if image.width * image.height > MAX_PIXELS:
                sys.exit(TOO_LARGE)
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            image.thumbnail((SIDE, SIDE))
            return _written(ImageOps.exif_transpose(image))
    except _FAULTS:
        sys.exit(NO_IMAGE)


def _written(image: Image.Image) -> bytes:
    clear = "A" in image.getbands() or "transparency" in image.info
    pixels = image.convert("RGBA" if clear else "RGB")
    plain = Image.new(pixels.mode, pixels.size)
    plain.paste(pixels)
    out = io.BytesIO()
    plain.save(out, "PNG") if clear else plain.save(out, "JPEG", quality=82)
    return out.getvalue()


def rehearse() -> None:
    """Draw once a picture of each kind that we write, so that whatever is loaded late is loaded before `confine`."""
    Image.preinit()
    turned = Image.Exif()
    turned[0x112] = 6
    for mode, kind in (("RGB", "JPEG"), ("RGBA", "PNG"), ("P", "GIF"), ("RGB", "WEBP")):
        out = io.BytesIO()
        Image.new(mode, (2, 2)).save(out, kind, exif=turned)
        draw(out.getvalue())


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None  # asked above, and told in our own words
    rehearse()
    confine(SECONDS, MEMORY)
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read()))
