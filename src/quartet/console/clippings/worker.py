"""Read an open source: a line of what is known of it and its bytes come in, a `Reading` goes out.

This runs as a process of its own, and before it reads a byte it gives up what it has (`confinement`): whoever finds a
fault in a reader of HTML has found a process that can open nothing and say nothing but a reading.
"""

import gc
import sys
from datetime import date
from typing import Final

import msgspec

from quartet.console.confinement import confine
from quartet.core.faults import Malformed
from quartet.intake.pages import Form, read
from quartet.intake.suggestions import suggest

SECONDS: Final = 20
MEMORY: Final = 2 * 1024**3
REFUSED: Final = 10
"""The exit code of bytes that are no page; the reason and what is said of it then stand in place of the reading."""


class Known(msgspec.Struct, frozen=True):
    """What is known of some bytes beside them: the first line of what is read."""

    form: Form
    today: date
    charset: str | None = None


REHEARSED: Final = {
    "en": "Fire in the port on Monday at 14:05, the port office said. Two people were hurt.",
    "fr": "Un incendie a éclaté lundi à 14 h 05 au port, selon la capitainerie. Deux blessés.",
    "ar": "قالت إدارة الميناء إن حريقاً اندلع في الميناء يوم الاثنين وأصيب شخصان.",
    "fa": "به گفتهٔ ادارهٔ بندر، روز دوشنبه در بندر آتش‌سوزی شد و دو نفر زخمی شدند.",
    "ru": "В понедельник в порту произошёл пожар, сообщила администрация порта. Двое пострадали.",
}


def rehearse() -> None:
    """Read once a text of each form and language, so that whatever is loaded late is loaded before `confine`."""
    for language, words in REHEARSED.items():
        page = f'<html lang="{language}"><body><h1>{words}</h1><p>{words}</p><p>{words}</p></body></html>'
        for form, text in (("html", page), ("txt", words)):
            reading(Known(form, date(2026, 3, 2)), text.encode())  # type: ignore[arg-type]
    for data in (b"\xff\xfe<\x00p\x00>\x00", b"\xcf\xf0\xe8\xe2\xe5\xf2", b"\xe3\xd1\xcd\xc8\xc7"):
        reading(Known("html", date(2026, 3, 2)), data)


def reading(known: Known, data: bytes) -> bytes:
    """Return what some bytes tell, as it is said to the node; raise `Malformed`."""
    return msgspec.json.encode(suggest(read(data, known.form, known.charset), known.today))


def main() -> None:
    """Read what comes, and say what it tells."""
    gc.disable()  # what a rehearsal makes stays: to look through it again and again took half of its time
    rehearse()
    gc.freeze()
    gc.enable()
    confine(SECONDS, MEMORY)
    line, _, data = sys.stdin.buffer.read().partition(b"\n")
    try:
        out = reading(msgspec.json.decode(line, type=Known), data)
    except Malformed as fault:
        sys.stdout.buffer.write(f"{fault.reason}\n{fault.detail}".encode())
        sys.stdout.buffer.flush()
        sys.exit(REFUSED)
    sys.stdout.buffer.write(out)


if __name__ == "__main__":
    main()
