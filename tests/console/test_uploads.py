"""What officers hand over and what comes back, as an attacker would: clear words, nothing outside, nothing lost."""

import asyncio
import io
import os
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser import Browser, browser, reason
from images import bomb, noise, photo, plain_png
from PIL import Image
from served import draft

from quartet.console.preview import drawing
from quartet.console.shapes import MAX_PART
from quartet.console.signin.limits import Limit, Rate
from quartet.core.attachment import file_id
from quartet.core.faults import Unavailable
from quartet.core.ids import OfficerName
from quartet.exercise.plan import DUTY, Duty

CLERK = Duty(OfficerName("clerk"), roles=())
HOSTILE = {
    "html.jpg": b"<!doctype html><script>alert(1)</script>",
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "cut.jpg": photo()[:400],
    "empty.png": b"\x89PNG\r\n\x1a\n",
    "eps.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "tiff.jpg": b"II*\0" + bytes(64),
    "noise.png": os.urandom(5000),
}


@pytest.fixture(scope="module")
def north(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("u") / "t", officers=(CLERK, DUTY)) as made:
        made.sign_in()
        yield made


def put(who: Browser, root: str, number: object, data: bytes, **headers: str | None) -> httpx.Response:
    """Hand over a part as the page does."""
    given = {n: v for n, v in (who.headers | headers).items() if v is not None}
    who.client.cookies.clear()
    return who.client.put(f"/api/attachments/{root}/parts/{number}", content=data, headers=given)


def named(data: bytes, name: str, **change: Any) -> dict[str, Any]:
    parts = [data[at : at + MAX_PART] for at in range(0, len(data), MAX_PART)]
    return {"id": file_id(parts), "name": name, "size": len(data), "media_type": "image/jpeg", **change}


def send(who: Browser, data: bytes, name: str = "photo.jpg", **change: object) -> tuple[str, str]:
    """Publish an item with a file; return the item's reference and the file's id."""
    file = named(data, name)
    for n, at in enumerate(range(0, len(data), MAX_PART)):
        assert put(who, file["id"], n, data[at : at + MAX_PART]).status_code == 204
    said = who.ask("POST", "/api/items", draft(attachments=[file], **change))
    assert said.status_code == 201, said.text
    return said.json()["ref"], file["id"]


def outside(root: Path) -> set[Path]:
    """Return every file of the member's folder that is not where files wait for their drafts, nor the database."""
    return {path for path in root.rglob("*") if "staging" not in path.parts and "quartet" not in path.name}


def test_a_file_comes_back_as_bytes_to_keep_in_no_origin_whatever_it_is(north: Browser) -> None:
    for name, data in HOSTILE.items():
        ref, root = send(north, data, name)

        answer = north.ask("GET", f"/api/items/{ref}/attachments/{root}")

        assert answer.content == data
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert {"default-src 'none'", "sandbox"} <= set(answer.headers["content-security-policy"].split("; "))


def test_a_preview_is_drawn_anew_without_what_stood_beside_the_picture(north: Browser) -> None:
    ref, root = send(north, photo(6))

    answer = north.ask("GET", f"/api/items/{ref}/attachments/{root}/preview")

    picture = Image.open(io.BytesIO(answer.content))
    assert answer.headers["content-type"] == "image/jpeg"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (32, 48), {})
    assert b"canary" not in answer.content


def test_a_large_picture_is_made_small_and_a_clear_one_stays_clear(north: Browser) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (3000, 1000), (9, 9, 9, 0)).save(out, "PNG")
    ref, root = send(north, out.getvalue(), "clear.png")

    picture = Image.open(io.BytesIO(north.ask("GET", f"/api/items/{ref}/attachments/{root}/preview").content))

    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", (1024, 341))


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_is_no_image_has_no_preview(north: Browser, name: str) -> None:
    ref, root = send(north, HOSTILE[name], name)

    answer = north.ask("GET", f"/api/items/{ref}/attachments/{root}/preview")

    assert (answer.status_code, reason(answer)) == (400, "not-an-image")


def test_a_picture_that_unpacks_to_gigabytes_is_refused_and_the_next_one_is_drawn(north: Browser) -> None:
    ref, root = send(north, bomb(), "bomb.png")
    good, other = send(north, plain_png(), "good.png")

    refused = north.ask("GET", f"/api/items/{ref}/attachments/{root}/preview")

    assert reason(refused) == "image-too-large"
    assert north.ask("GET", f"/api/items/{good}/attachments/{other}/preview").status_code == 200


def test_a_picture_that_is_also_a_page_is_drawn_as_a_picture_alone(north: Browser) -> None:
    script = b"<html><script>alert(1)</script>"
    ref, root = send(north, plain_png() + script, "both.png")

    answer = north.ask("GET", f"/api/items/{ref}/attachments/{root}/preview")

    assert answer.headers["content-type"] == "image/jpeg"
    assert b"script" not in answer.content


def test_drawing_that_takes_too_long_is_ended_and_told(north: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    ref, root = send(north, plain_png(9, 9))
    monkeypatch.setattr(drawing, "PATIENCE_S", 0.0)

    answer = north.ask("GET", f"/api/items/{ref}/attachments/{root}/preview")

    assert (answer.status_code, reason(answer)) == (503, "preview-failed")


def test_what_is_only_shown_has_no_file_and_no_preview(north: Browser) -> None:
    ref, root = send(north, plain_png(7, 7), mode="DISPLAY")

    for below in ("", "/preview"):
        assert reason(north.ask("GET", f"/api/items/{ref}/attachments/{root}{below}")) == "display-only"


def test_who_may_not_see_an_item_learns_nothing_of_its_picture(north: Browser) -> None:
    clerk = north.other(CLERK.name)
    clerk.sign_in()
    ref, root = send(north, plain_png(6, 6), tlp="RED", persons=["north/duty"])

    hidden = clerk.ask("GET", f"/api/items/{ref}/attachments/{root}/preview")
    nobodys = clerk.ask("GET", f"/api/items/N-ZZZ-ZZZ/attachments/{root}/preview")

    assert (hidden.status_code, hidden.text) == (404, nobodys.text)


@pytest.mark.parametrize(
    "name",
    [
        *("../../etc/passwd", "a/b", "..\\win.ini", "nul\0byte.txt", "..", "."),
        *("photo\u202egpj.exe", "line\nbreak", "\x1b[2J", "x" * 256, "\u0634" * 128, ""),
    ],
)
def test_a_name_that_is_a_path_or_hides_something_is_refused(north: Browser, name: str) -> None:
    data = b"x" * 10
    put(north, named(data, "x")["id"], 0, data)
    before = outside(north.root)

    answer = north.ask("POST", "/api/items", draft(attachments=[named(data, name)]))

    assert (answer.status_code, reason(answer)) == (400, "bad-file-name" if name and len(name) < 256 else "bad-request")
    assert outside(north.root) == before


@pytest.mark.parametrize("name", ["گزارش\u200cها.pdf", 'Übersicht (2) "neu".pdf', "a%2e%2e.txt", "-rf"])
def test_an_honest_name_in_any_script_goes_and_comes_back(north: Browser, name: str) -> None:
    ref, root = send(north, name.encode(), name)

    told = north.ask("GET", f"/api/items/{ref}/attachments/{root}").headers["content-disposition"]

    assert httpx.QueryParams("name=" + told.partition("filename*=UTF-8''")[2])["name"] == name
    assert told.isascii()
    assert told.count('"') == 2


@pytest.mark.parametrize("root", ["..%2f..%2fx", "..", "A" * 42, "A" * 44, "A" * 42 + "%00", "%2e%2e", "x/../../y"])
def test_an_id_that_is_no_hash_leads_nowhere(north: Browser, root: str) -> None:
    before = outside(north.root)

    answer = put(north, root, 0, b"x")

    assert answer.status_code in {400, 403, 404, 405}
    assert outside(north.root) == before


def test_a_part_that_no_file_has_is_refused_by_its_number_and_its_size(north: Browser) -> None:
    root = file_id([b"part"])

    assert reason(put(north, root, 8192, b"part")) == "bad-part"
    assert reason(put(north, root, 10**30, b"part")) == "bad-part"
    assert put(north, root, -1, b"part").status_code in {400, 404}
    assert put(north, root, "1e3", b"part").status_code in {400, 404}
    assert reason(put(north, root, 0, b"")) == "bad-part"
    assert reason(put(north, root, 0, bytes(MAX_PART + 1))) == "too-large"
    assert north.ask("GET", f"/api/attachments/{root}/parts").json() == []


def test_two_gigabytes_that_are_only_claimed_are_refused_before_they_come(north: Browser) -> None:
    claimed = put(north, file_id([b"x"]), 0, b"x", **{"Content-Length": str(2 * 1024**3)})
    data = b"small"
    put(north, file_id([data]), 0, data)

    larger = north.ask("POST", "/api/items", draft(attachments=[named(data, "x", size=2 * 1024**3)]))
    beyond = north.ask("POST", "/api/items", draft(attachments=[named(data, "x", size=2 * 1024**3 + 1)]))

    assert (claimed.status_code, reason(claimed)) == (413, "too-large")
    assert reason(larger) == "attachment-missing"
    assert reason(beyond) in {"attachment-missing", "attachment-too-large"}


def test_parts_that_are_not_of_the_file_they_name_make_no_item(north: Browser) -> None:
    data = os.urandom(2 * MAX_PART)
    file = named(data, "film.mp4")
    put(north, file["id"], 0, data[:MAX_PART])
    put(north, file["id"], 1, data[MAX_PART:-1])
    short = north.ask("POST", "/api/items", draft(attachments=[file]))
    put(north, file["id"], 1, os.urandom(MAX_PART))
    wrong = north.ask("POST", "/api/items", draft(attachments=[file]))

    put(north, file["id"], 1, data[MAX_PART:])

    assert reason(short) == reason(wrong) == "attachment-missing"
    assert north.ask("POST", "/api/items", draft(attachments=[file])).status_code == 201


def test_of_two_drafts_that_name_one_file_at_the_same_moment_one_has_it_and_no_other_went(north: Browser) -> None:
    data = os.urandom(3 * MAX_PART)
    file = named(data, "shared.bin")
    for n in range(3):
        put(north, file["id"], n, data[n * MAX_PART : (n + 1) * MAX_PART])
    drafts = [draft(title=f"shared {n}", attachments=[file]) for n in range(4)]

    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda one: north.client.post("/api/items", json=one, headers=north.headers), drafts))

    went = [
        row
        for row in north.ask("GET", "/api/items?limit=500").json()["items"]
        if row["title"] in {one["title"] for one in drafts}
    ]
    assert sorted(one.status_code for one in sent) == [201, 400, 400, 400]
    assert len(went) == 1
    assert north.ask("GET", f"/api/items/{went[0]['ref']}/attachments/{file['id']}").content == data


def test_a_draft_that_names_one_file_twice_goes_with_it(north: Browser) -> None:
    data = os.urandom(100)
    one, other = named(data, "one.bin"), named(data, "other.bin")
    put(north, one["id"], 0, data)

    sent = north.ask("POST", "/api/items", draft(title="twice", attachments=[one, other]))

    assert sent.status_code == 201, sent.text
    assert north.ask("GET", f"/api/items/{sent.json()['ref']}/attachments/{one['id']}").content == data


def test_who_was_cut_off_is_told_what_is_there_and_no_other_officer_is(north: Browser) -> None:
    clerk = north.other(CLERK.name)
    clerk.sign_in()
    data = os.urandom(3 * MAX_PART)
    root = named(data, "x")["id"]
    for n in (0, 2):
        put(north, root, n, data[n * MAX_PART : (n + 1) * MAX_PART])

    assert north.ask("GET", f"/api/attachments/{root}/parts").json() == [0, 2]
    assert clerk.ask("GET", f"/api/attachments/{root}/parts").json() == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Quartet-Csrf": None}, "no-csrf"),
        ({"Quartet-Csrf": "guess"}, "no-csrf"),
        ({"Origin": "http://localhost:9"}, "other-origin"),
        ({"Cookie": None}, "no-session"),
    ],
)
def test_another_page_hands_over_nothing(north: Browser, headers: dict[str, str | None], expected: str) -> None:
    root = file_id([expected.encode(), b"csrf"])

    answer = put(north, root, 0, b"x", **headers)

    assert reason(answer) == expected
    assert north.ask("GET", f"/api/attachments/{root}/parts").json() == []


def test_an_officer_who_floods_waits_and_her_page_and_the_others_do_not(
    north: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = north.other(CLERK.name)
    clerk.sign_in()
    monkeypatch.setattr(north.desk, "_uploads", Limit(Rate("parts", burst=3, a_minute=0.001)))
    root = file_id([b"flood"])

    flooded = [put(north, root, 0, b"flood").status_code for _ in range(5)]
    again = north.other(DUTY.name)
    again.sign_in()

    assert flooded == [204, 204, 204, 429, 429]
    assert reason(put(again, root, 0, b"flood")) == "too-many-requests"
    assert put(clerk, root, 0, b"flood").status_code == 204
    assert north.ask("GET", "/api/items").status_code == 200


def test_files_without_a_draft_fill_one_officers_share_and_nobody_elses(
    north: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quartet.node import staging

    clerk = north.other(CLERK.name)
    clerk.sign_in()
    monkeypatch.setattr(staging, "MAX_STAGED", 4 * MAX_PART)
    data = noise(300, 300).tobytes()[:MAX_PART]
    answers = [put(clerk, file_id([data, bytes([n])]), 0, data) for n in range(5)]

    assert [answer.status_code for answer in answers[:3]] == [204] * 3
    assert reason(answers[-1]) == "staging-full"
    assert send(north, b"honest", "honest.txt")


def test_one_who_draws_and_was_broken_cannot_fill_the_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import sys\nwhile True:\n    sys.stdout.buffer.write(b'\\xff\\xd8\\xff' + bytes(2**20))\n")
    monkeypatch.setattr(drawing, "WORKER", endless)

    async def act() -> None:
        with pytest.raises(Unavailable, match="preview-failed"):
            await drawing.Previews().draw(parts_of(plain_png()), "duty")

    tracemalloc.start()
    asyncio.run(act())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 4 * drawing.MAX_PREVIEW


def test_who_wants_many_previews_waits_for_herself_and_holds_no_image_meanwhile() -> None:
    async def act() -> tuple[list[str], bytes]:
        begun, seen = list[str](), asyncio.Event()

        async def parts(officer: str) -> AsyncIterator[bytes]:
            begun.append(officer)
            await seen.wait()
            yield plain_png()

        async def so_many(count: int) -> None:
            while len(begun) < count:  # noqa: ASYNC110 - who draws begins in a process of its own
                await asyncio.sleep(0.01)

        previews = drawing.Previews()
        hers = [asyncio.create_task(previews.draw(parts("duty"), "duty")) for _ in range(5)]
        await so_many(1)
        other = asyncio.create_task(previews.draw(parts("clerk"), "clerk"))
        await so_many(2)
        at_once = list(begun)
        seen.set()
        pictures = await asyncio.gather(other, *hers)
        return at_once, pictures[0].data[:2]

    assert asyncio.run(act()) == (["duty", "clerk"], b"\xff\xd8")


async def parts_of(data: bytes) -> AsyncIterator[bytes]:
    yield data


BEHIND = """
import os, socket, sys
sys.path.insert(0, sys.argv[1])
import worker
worker.rehearse()
worker.confine(worker.SECONDS, worker.MEMORY)
signals, looks = (lambda: os.kill(os.getpid(), 0)), (lambda: os.readlink("/proc/self/exe"))
files = (lambda: open("/etc/hostname")), (lambda: os.open("/", os.O_RDONLY))
for what in (*files, socket.socket, os.fork, signals, looks):
    try:
        what()
    except OSError:
        continue
    sys.exit(f"{what} was not refused")
print("confined")
"""


def test_who_draws_opens_no_file_and_no_socket_begins_no_process_and_signals_none() -> None:
    command = [sys.executable, "-I", "-B", "-c", BEHIND, str(drawing.WORKER.parent)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)

    assert (done.stdout, done.stderr) == ("confined\n", "")
