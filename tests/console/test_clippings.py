"""An open source is read by a process that can open nothing: any bytes give a checked reading, or a refusal."""

import asyncio
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest

from quartet.console.clippings import reading
from quartet.console.clippings.reading import Clippings
from quartet.console.clippings.showing import clipping
from quartet.core.faults import Fault, Malformed, Unavailable
from quartet.intake.pages import MAX_BYTES, Form
from quartet.intake.suggestions import Reading

pytestmark = pytest.mark.slow

TODAY = date(2026, 3, 4)
PAGE = """<html lang="ar"><head><title>حريق في مستودع</title></head><body>
<nav><a href="/">الرئيسية</a></nav><h1>حريق في مستودع قرب الميناء</h1><p>2 آذار 2026</p>
<p>قالت بلدية المينا إن حريقاً اندلع في مستودع قرب الميناء يوم الأحد وأصيب ثلاثة عمال.</p></body></html>"""


def read(data: bytes, form: Form = "html", charset: str | None = None) -> Reading:
    return asyncio.run(Clippings().read(data, form, charset, "duty", TODAY))


def test_what_a_page_tells_comes_back_with_its_places() -> None:
    found = read(PAGE.encode())

    (one,) = found.suggestions
    assert found.page.language == "ar"
    assert one.happening.type == "fire"
    assert one.saying.root is None
    (offer,) = one.offered
    assert offer.root is not None
    assert offer.root.of(found.page.text) == "بلدية المينا"
    assert [(count.what, count.low) for count in one.happening.counts] == [("injured", 3)]


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 50, b"\xff\xfe", b"<" * 5_000, bytes(range(256)) * 40, b"<p>" * 60_000]
)
@pytest.mark.parametrize("form", ["html", "txt"])
def test_odd_bytes_give_a_reading_or_a_refusal_in_words(data: bytes, form: Form) -> None:
    try:
        read(data, form)
    except Fault as fault:
        assert fault.reason in {"too-large", "unreadable-page", "reading-failed"}  # noqa: PT017 - either will do


def test_a_page_that_is_too_large_or_of_no_encoding_is_refused() -> None:
    with pytest.raises(Malformed, match="too-large"):
        read(b"x" * (MAX_BYTES + 1), "txt")
    with pytest.raises(Malformed, match="bad-charset"):
        read(b"x", "txt", "é" * 50)


@pytest.mark.parametrize(
    "said",
    [
        "'x'",
        "{}",
        '\'{"page":{"text":"ab","blocks":[]},"suggestions":[],"mentioned":[{"start":0,"end":3}]}\'',
        '\'{"page":{"text":"ab","blocks":[]},"suggestions":[],"mentioned":[{"start":2,"end":1}]}\'',
    ],
)
def test_who_was_broken_by_a_page_and_says_what_he_likes_is_not_believed(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(
        f"import sys\nsys.stdin.buffer.read()\nsys.stdout.write({said} if isinstance({said}, str) else '')\n"
    )
    monkeypatch.setattr(reading, "WORKER", broken)

    with pytest.raises(Unavailable, match="reading-failed"):
        read(b"x")


def test_more_than_a_reading_holds_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, page, mentioned in (("names", "ab", 257), ("letters", "a" * 400_001, 0)):
        said = {
            "page": {"text": page, "blocks": []},
            "suggestions": [],
            "mentioned": [{"start": 0, "end": 1}] * mentioned,
        }
        broken = tmp_path / f"{name}.py"
        broken.write_text(f"import sys\nsys.stdin.buffer.read()\nsys.stdout.write({json.dumps(said)!r})\n")
        monkeypatch.setattr(reading, "WORKER", broken)

        with pytest.raises(Unavailable, match="reading-failed"):
            read(b"x")


def test_reading_that_takes_too_long_is_ended_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE_S", 0.0)

    with pytest.raises(Unavailable, match="reading-failed"):
        read(PAGE.encode())


BEHIND = """
import os, socket
from quartet.console.clippings import worker
worker.rehearse()
worker.confine(worker.SECONDS, worker.MEMORY)
for what in ((lambda: open("/etc/hostname")), (lambda: os.open("/", os.O_RDONLY)), socket.socket, os.fork):
    try:
        what()
    except OSError:
        continue
    raise SystemExit(f"{what} was not refused")
worker.reading(worker.Known("html", worker.date(2026, 3, 2)), PAGE.encode())
print("confined")
"""


def test_who_reads_opens_no_file_and_no_socket_and_begins_no_process() -> None:
    command = [sys.executable, "-B", "-c", f"PAGE = {PAGE!r}\n{BEHIND}"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)

    assert (done.stdout, done.stderr) == ("confined\n", "")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The Ostrel fire brigade said a fire broke out at Ostrel and two people were hurt.", "Ostrel fire brigade"),
        ("A fire broke out at Ostrel and two people were hurt, Ostrel fire brigade said.", "Ostrel fire brigade"),
        ("The Ostrel\u200b fire brigade said a fire broke out at Ostrel and two were hurt.", "Ostrel fire brigade"),
    ],
)
def test_a_root_has_one_name_with_or_without_its_article_and_whatever_hides_in_it(text: str, named: str) -> None:
    (one,) = clipping(read(text.encode(), "txt")).events

    assert one.root_named is None
    assert [offer.root_named for offer in one.offered] == [named]


def test_the_members_own_name_for_a_root_comes_before_its_own() -> None:
    found = read(PAGE.encode())

    (one,) = clipping(found, {"بلدية المينا": "Town of Mina"}.get).events

    assert [(offer.root_means, offer.root_named) for offer in one.offered] == [("Town of Mina", "Town of Mina")]


def test_what_an_officer_said_of_a_name_makes_it_whole_and_nothing_makes_up_for_a_doubtful_binding() -> None:
    means = {"The Ostrel fire brigade": "Ostrel Brigade"}.get
    plain = "The Ostrel fire brigade said a fire broke out at Ostrel and two people were hurt."
    doubtful = "The Ostrel fire brigade said a fire broke out at Ostrel, and the mayor of Ostrel said two were hurt."

    (sure,) = clipping(read(plain.encode(), "txt"), means).events
    (unsure,) = clipping(read(doubtful.encode(), "txt"), means).events

    assert (sure.speaker_means, sure.root) == ("Ostrel Brigade", None)
    assert [(offer.doubt, offer.root_named) for offer in sure.offered] == [("root", "Ostrel Brigade")]
    assert (unsure.speaker, unsure.root) == (None, None)


def test_more_than_may_be_offered_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = json.loads(msgspec.json.encode(read(PAGE.encode())))
    for offered in ([{"doubt": "name"}] * 5, [{"doubt": "name", "root": {"start": 0, "end": 10_000}}]):
        said["suggestions"][0]["offered"] = offered
        broken = tmp_path / f"offers-{len(offered)}.py"
        broken.write_text(f"import sys\nsys.stdin.buffer.read()\nsys.stdout.write({json.dumps(said)!r})\n")
        monkeypatch.setattr(reading, "WORKER", broken)

        with pytest.raises(Unavailable, match="reading-failed"):
            read(b"x")
        monkeypatch.undo()
