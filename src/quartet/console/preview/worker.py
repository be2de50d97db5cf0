"""Draw an image anew, small: bytes of it come on standard input, those of a picture of our own go to standard output.

This runs as a process of its own, and before it reads a byte it gives up what it has: from then on it opens no file and
no socket, begins no process, signals and looks into none - the node's own is of the same user -, and has so much memory
and so many seconds. It imports nothing of Quartet.
"""

import ctypes
import io
import os
import platform
import resource
import sys
from typing import Final

from PIL import GifImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

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
_NOBODY: Final = 65534
_CALLS: Final = {
    "x86_64": (0xC000003E, (0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 28, 60, 202, 228, 231, 318)),
    "aarch64": (
        0xC00000B7,
        (63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 124, 216, 233, 93, 98, 113, 94, 278),
    ),
}
"""Of each machine its word in `seccomp(2)`, and the calls that drawing needs: read, write, close, fstat, lseek, mmap,
mprotect, munmap, brk, how a signal is taken, sched_yield, mremap, madvise, exit, futex, clock_gettime, getrandom."""
_NO_NEW_PRIVS, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _IF, _RETURN = 0x20, 0x15, 0x06
_MACHINE_AT, _REFUSED, _ALLOWED = 4, 0x00050001, 0x7FFF0000
_FAULTS: Final = (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError)
"""What Pillow raises for bytes that are no image; a fault of memory ends the process."""


class _Step(ctypes.Structure):
    """`struct sock_filter`."""

    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("size", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def confine() -> None:
    """Give up all that drawing needs not; nothing of it can be had back. End the process where that cannot be."""
    libc = ctypes.CDLL(None)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (most, most))
    if os.geteuid() == 0:  # root could raise every limit again
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    _refuse_calls(libc)


def _refuse_calls(libc: ctypes.CDLL) -> None:
    """Let the kernel refuse every call but those of `_CALLS`."""
    if platform.machine() not in _CALLS:
        sys.exit("the calls of this machine are not known here")
    machine, calls = _CALLS[platform.machine()]
    steps = [
        *((_LOAD, 0, 0, _MACHINE_AT), (_IF, 1, 0, machine), (_RETURN, 0, 0, _REFUSED), (_LOAD, 0, 0, 0)),
        *((_IF, len(calls) - n, 0, call) for n, call in enumerate(calls)),
        *((_RETURN, 0, 0, _REFUSED), (_RETURN, 0, 0, _ALLOWED)),
    ]
    program = _Program(len(steps), (_Step * len(steps))(*(_Step(*step) for step in steps)))
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program)):
        sys.exit("the kernel does not let calls be refused")


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
    confine()
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read()))
