"""Encodings: a declaration is believed where the bytes bear it out, and any bytes give a text or are refused."""

import codecs
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.intake.pages import Form, read
from quartet.intake.pages.decoding import decoded, is_text
from quartet.intake.texts import Page

RUSSIAN = "Мост через реку закрыли в понедельник после того, как на нём увидели трещину."
ARABIC = "أُغلق الجسر على النهر يوم الاثنين بعد ظهور شق فيه."
FRENCH = "Le pont a été fermé lundi à cause d'une fissure : « c'était prévu », dit l'évêque."
ENGLISH = "The bridge was closed on Monday after a crack was seen in it."
PERSIAN = "پل روی رود روز دوشنبه پس از دیده شدن ترک در آن بسته شد."


def declared(text: str, charset: str, said: str) -> Page:
    """Return what is read of a page that says its encoding."""
    markup = f"<html><head><meta charset={said}></head><body><p>{text}</p></body></html>"
    return read(markup.encode(charset), "html")


@pytest.mark.parametrize(
    ("text", "charset", "said"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "cp1251", "utf-8"),
        (RUSSIAN, "koi8-r", "utf-8"),
        (RUSSIAN, "utf-8", "windows-1251"),
        (RUSSIAN, "utf-8", "iso-8859-1"),
        (ARABIC.replace("\u064f", ""), "cp1256", "windows-1256"),
        (ARABIC.replace("\u064f", ""), "cp1256", "utf-8"),
        (ARABIC, "utf-8", "windows-1256"),
        (FRENCH, "cp1252", "iso-8859-1"),
        (FRENCH, "cp1252", "utf-8"),
        (FRENCH, "utf-8", "latin1"),
        (FRENCH, "utf-8", "no-such-encoding"),
        (ENGLISH, "ascii", "utf-16"),
        (PERSIAN, "utf-8", "utf-8"),
    ],
)
def test_a_page_is_read_by_its_encoding_also_where_another_is_declared(text: str, charset: str, said: str) -> None:
    found = declared(text, charset, said)

    assert found.text == text
    assert found.unreadable == 0


@pytest.mark.parametrize("text", [RUSSIAN, ARABIC, FRENCH, ENGLISH, PERSIAN])
@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-8"])
@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("form", ["html", "txt"])
def test_utf_16_is_known_with_a_mark_and_without_one(text: str, charset: str, marked: bool, form: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-8": codecs.BOM_UTF8}[charset]

    found = read((mark if marked else b"") + text.encode(charset), "html" if form == "html" else "txt")

    assert found.text == text
    assert found.charset == charset


def test_what_came_beside_the_bytes_is_believed_before_what_stands_in_them() -> None:
    markup = f"<meta charset=koi8-r><p>{RUSSIAN}</p>".encode("cp1251")

    assert read(markup, "html", "windows-1251").text == RUSSIAN


def test_a_text_of_two_encodings_is_read_by_the_one_of_nearly_all_and_says_how_much_is_unreadable() -> None:
    found = read((RUSSIAN * 20).encode() + b" \xe9t\xe9 " + ARABIC.encode(), "txt")

    assert found.charset == "utf-8"
    assert found.unreadable == 2
    assert [control.name for control in found.controls] == ["REPLACEMENT CHARACTER"] * 2
    assert found.text.endswith(ARABIC)


@given(st.binary(max_size=300), st.sampled_from(["html", "txt"]), st.one_of(st.none(), st.text(max_size=12)))
def test_any_bytes_and_any_declaration_give_a_text_or_are_refused_as_none(
    data: bytes, form: Form, said: str | None
) -> None:
    if not is_text(decoded(data, said, form == "html").text):
        with pytest.raises(Malformed, match="unreadable-page"):
            read(data, form, said)
        return
    found = read(data, form, said)

    assert codecs.lookup(found.charset)
    assert found.unreadable >= found.text.count("\ufffd") - data.count(b"\0") or form == "html"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_whatever_is_utf_8_is_read_as_it_stands(text: str) -> None:
    sentence = RUSSIAN * 40 + " " + text  # so long that no few controls make it none

    assert read(sentence.encode(), "txt").text == " ".join(sentence.split())


@pytest.mark.parametrize("head", [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"%PDF-1.7\n", b""])
@pytest.mark.parametrize("form", ["html", "txt"])
def test_a_picture_a_program_and_what_is_packed_are_refused_as_no_text(head: bytes, form: str) -> None:
    dice = random.Random(head + form.encode())
    packed = zlib.compress(dice.randbytes(4_000))

    with pytest.raises(Malformed, match="unreadable-page"):
        read(head + packed, "html" if form == "html" else "txt")


def test_a_text_with_some_controls_and_letters_that_cannot_be_read_is_a_text() -> None:
    words = (FRENCH * 20).encode("cp1252")
    found = read(words[:300] + b"\x00\x07\xff" + words[300:], "txt")

    assert "fissure" in found.text
