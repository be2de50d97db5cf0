"""Read bytes as characters: what they begin with, then what is said of them, then what they can be.

A declaration is believed only where the bytes bear it out. Any bytes give a text; what cannot be read stands as U+FFFD.
"""

import codecs
import re
from collections import Counter
from typing import Final, NamedTuple

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD: Final = 4_096
"""Within how many bytes a page says its encoding."""
_DECLARED: Final = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([a-z0-9_:.-]{2,40})", re.IGNORECASE)
_SAMPLE: Final = 65_536
"""How many bytes are looked at where nothing else tells the encoding."""
_WIDE: Final = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-32"}
_LEGACY: Final = ("cp1251", "cp1256", "cp1252", "koi8-r")
_ALIASES: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252", "iso8859-9": "cp1254"}
_KNOWN: Final = {
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *(f"cp{number}" for number in (*range(1250, 1259), 866, 864, 720)),
    *(f"iso8859-{number}" for number in (*range(1, 12), 13, 14, 15, 16)),
    *("koi8-r", "koi8-u", "mac-cyrillic", "mac-arabic", "mac-farsi", "mac-roman", "ascii"),
}
_MIXED: Final = 0.1
"""The share of bytes beyond ASCII that may be wrong in a text that is UTF-8 all the same."""
_FREQUENT: Final = {
    "cp1251": frozenset("оеаинтсрвлкмдпу"),
    "koi8-r": frozenset("оеаинтсрвлкмдпу"),
    "cp1256": frozenset("اليمنوتربةعدسفهكأقح"),
    "cp1252": frozenset("éèêàçùôîûœ’“”«»–—äöüßñóíá\xa0"),
}


_STRAY: Final = frozenset(map(chr, [*range(9), 0x0B, *range(0x0E, 0x20), 0x7F, 0xFFFD]))
"""What no text has many of: controls that are no line, no page and no tab, and what could not be read."""
_STRAYS: Final = 0.05
_FEW: Final = 64
"""Letters of a text in which some strays prove nothing."""


class Decoded(NamedTuple):
    """A text, the encoding by which it was read, and how many places of it could not be."""

    text: str
    charset: str
    unreadable: int


def decoded(data: bytes, declared: str | None, markup: bool) -> Decoded:
    """Return the text of some bytes; `declared` is what came beside them, and `markup` may say it within."""
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return _read(data[len(mark) :], charset)
    wide = _wide(data)
    if wide is not None:
        return _read(data, wide)
    said = _known(declared) or (_within(data) if markup else None)
    wrong, beyond = _wrong_as_utf8(data)
    if wrong == 0 or (said in (None, "utf-8") and wrong <= _MIXED * beyond):
        return _read(data, "utf-8")
    if said is None or said == "utf-8" or said in _WIDE:
        said = _likeliest(data)
    return _read(data, said)


def is_text(text: str) -> bool:
    """Return whether what was read can be a text: a picture, a program or what is packed has controls all over."""
    sample = text[:_SAMPLE]
    return len(sample) < _FEW or sum(letter in _STRAY for letter in sample) <= _STRAYS * len(sample)


def _read(data: bytes, charset: str) -> Decoded:
    text = data.decode(charset, "replace")
    return Decoded(text, charset, text.count("\ufffd"))


def _known(name: str | None) -> str | None:
    """Return an encoding by Python's name for it; None where it is none that is read here."""
    try:
        found = codecs.lookup(name.strip()).name if name and name.isascii() and len(name) <= 40 else None
    except (LookupError, ValueError):
        return None
    return _ALIASES.get(found, found) if found in _KNOWN else None


def _within(data: bytes) -> str | None:
    said = _DECLARED.search(data[:_HEAD])
    return None if said is None else _known(said.group(1).decode("ascii"))


def _wrong_as_utf8(data: bytes) -> tuple[int, int]:
    """Return how many places are no UTF-8, and how many bytes are beyond ASCII."""
    try:
        data.decode()
    except UnicodeDecodeError:
        sample = data[:_SAMPLE]
        beyond = len(sample) - len(sample.decode("ascii", "ignore"))
        wrong = sample.decode("utf-8", "replace").count("\ufffd")
        return (wrong, beyond) if wrong > 1 or len(data) <= _SAMPLE else (1, max(beyond, 10))
    return 0, 0


def _wide(data: bytes) -> str | None:
    """Return which UTF-16 bytes without a mark are: every second one is the same few where a text has one script."""
    sample = data[: _SAMPLE // 16]
    sample = sample[: len(sample) - len(sample) % 2]
    if len(sample) < 8:
        return None
    for high, charset in ((sample[1::2], "utf-16-le"), (sample[0::2], "utf-16-be")):
        often = sum(times for byte, times in Counter(high).items() if byte in _HIGH)
        if often >= 0.9 * len(high) and _has_signs(sample, charset):
            return charset
    return None


_HIGH: Final = frozenset({0x00, 0x04, 0x06, 0x20, 0xFB, 0xFC, 0xFD, 0xFE})
"""The high bytes of Latin, Cyrillic, Arabic and common signs in UTF-16."""


def _has_signs(sample: bytes, charset: str) -> bool:
    """Return whether a text so read has spaces or tags and few zeros: it is no run of zeros or of one byte."""
    text = sample.decode(charset, "replace")
    plain = sum(letter in " \n\r<>/=.," for letter in text)
    return plain >= 0.04 * len(text) and text.count("\0") < 0.1 * len(text) and "\ufffd" not in text[:-1]


def _likeliest(data: bytes) -> str:
    """Return in which encoding of one byte a letter each the letters beyond ASCII are those that its language has."""
    beyond = bytes(byte for byte in data[:_SAMPLE] if byte >= 0x80)
    return max(_LEGACY, key=lambda charset: _plausible(beyond, charset))


def _plausible(beyond: bytes, charset: str) -> float:
    letters = beyond.decode(charset, "replace")
    return sum(letter in _FREQUENT[charset] for letter in letters) / max(1, len(letters))
