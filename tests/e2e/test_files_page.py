"""Officers attach files: what a picture says is shown before it goes, and nothing of a file ever runs."""

import io
import re
import sys
from pathlib import Path

import pytest
from consoles import Console
from PIL import Image
from playwright.sync_api import FilePayload, Route, expect
from test_compose_page import write

sys.path.insert(0, str(Path(__file__).parents[1] / "console"))
from images import CANARY, photo

pytestmark = pytest.mark.slow

PART = 256 * 1024
PHOTO = FilePayload(name="dam.jpg", mimeType="image/jpeg", buffer=photo())
HOSTILE = {
    "page.html": b"<!doctype html><title>ran</title><script>document.title = 'ran'; parent.ran = 1</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>parent.ran = 1</script></svg>",
}


def attach(console: Console, *files: FilePayload) -> None:
    """Choose files."""
    console.page.locator("input[type=file]").set_input_files(list(files))


def fetched(console: Console, name: str) -> bytes:
    """Take a file of the item on view, as an officer does."""
    with console.page.expect_download() as coming:
        console.page.get_by_role("link", name=name).click()
    return Path(coming.value.path()).read_bytes()


GIVE = """(place, [kind, files]) => {
  const held = new DataTransfer()
  for (const [name, size] of files) held.items.add(new File([new Uint8Array(size)], name, { type: 'text/plain' }))
  const given = { bubbles: true, cancelable: true, clipboardData: held, dataTransfer: held }
  place.dispatchEvent(kind === 'paste' ? new ClipboardEvent(kind, given) : new DragEvent(kind, given))
}"""


def give(console: Console, kind: str, place: str, files: dict[str, int]) -> None:
    """Drop or paste files of a size, as an officer's hand does."""
    console.page.locator(place).evaluate(GIVE, [kind, list(files.items())])


def sent(console: Console) -> str:
    """Send what is written, and return its reference."""
    console.page.get_by_role("button", name="Sign and send").click()
    expect(console.page).to_have_url(re.compile(r"/items/N-"))
    return console.page.url.rpartition("/")[2]


def test_a_photo_goes_without_its_place_and_time_unless_she_keeps_them(
    north: Console, east: Console, pictures: Path
) -> None:
    for keeps in (False, True):
        write(north, f"A photo of the dam {keeps}", "See the wall.", tlp="AMBER", to=["east"])
        attach(north, PHOTO)
        row = north.page.get_by_role("group", name="Files").get_by_role("listitem")
        expect(row).to_contain_text("-47.37503, -8.50000")
        expect(row).to_contain_text("2026:03:01 14:05:09")
        expect(row).to_contain_text("Taken out before it leaves")
        if keeps:
            row.get_by_label("Let it leave with the picture").check()
            expect(row).to_contain_text("Leaves with the picture")
        expect(row).to_contain_text("At your node, ready to go")
        expect(north.page.get_by_role("article", name="As east will see it")).to_contain_text("dam.jpg")
        assert north.faults() == []
        north.page.screenshot(path=pictures / f"files-compose-{'kept' if keeps else 'clean'}-en-dark.png")
        ref = sent(north)

        east.page.goto(f"{east.origin}/items/{ref}")
        shown = east.page.get_by_role("img", name="Small picture of dam.jpg")
        expect(shown).to_have_js_property("naturalWidth", 32)
        data = fetched(east, "dam.jpg")

        assert (CANARY.encode() in data) == keeps
        assert dict(Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)) != {} if keeps else b"2026" not in data
    assert east.faults() == []
    east.page.screenshot(path=pictures / "files-reading-en-dark.png")


def test_what_would_run_is_kept_as_bytes_even_where_a_browser_goes_straight_to_it(north: Console) -> None:
    write(north, "Hostile", "Two files.", tlp="GREEN", to=["east"])
    attach(north, *(FilePayload(name=n, mimeType="text/html", buffer=data) for n, data in HOSTILE.items()))
    expect(north.page.get_by_text("At your node, ready to go")).to_have_count(2)
    sent(north)

    for name, data in HOSTILE.items():
        address = north.page.get_by_role("link", name=name).get_attribute("href")
        framed = "(url) => { const f = document.createElement('iframe'); f.src = url; document.body.append(f) }"
        assert fetched(north, name) == data
        with north.page.expect_download():
            north.page.evaluate("(url) => { location.href = url }", address)
        north.page.evaluate(framed, address)
    assert north.page.evaluate("window.ran") is None
    assert north.page.title() != "ran"
    north.forgive(len(HOSTILE))  # the policy refused the frames, as it must


def test_a_file_goes_on_where_the_way_was_lost(north: Console, east: Console) -> None:
    data = bytes(range(256)) * (5 * PART // 256) + b"end"
    asked: list[str] = []
    lost = True

    def way(route: Route) -> None:
        asked.append(route.request.url.rpartition("/")[2])
        if lost and len(asked) > 2:
            route.abort()
        else:
            route.continue_()

    north.page.route("**/api/attachments/*/parts/*", way)
    write(north, "A long file", "Read it.", tlp="GREEN", to=["east"])
    attach(north, FilePayload(name="long.bin", mimeType="", buffer=data))
    expect(north.page.get_by_text("Waiting, then going on from here (your node does not answer)")).to_be_visible()
    expect(north.page.get_by_role("button", name="Sign and send")).to_be_disabled()
    lost = False
    expect(north.page.get_by_text("At your node, ready to go")).to_be_visible()
    ref = sent(north)

    assert asked[:2] == ["0", "1"]
    assert asked.count("0") == asked.count("1") == 1
    assert sorted(set(asked)) == ["0", "1", "2", "3", "4", "5"]
    east.page.goto(f"{east.origin}/items/{ref}")
    assert fetched(east, "long.bin") == data


def test_files_are_dropped_and_pasted_refused_in_words_and_left_out_again(north: Console) -> None:
    north.page.goto(f"{north.origin}/compose")
    files = north.page.get_by_role("group", name="Files")
    give(north, "drop", ".files", {"dropped.txt": 10})
    give(north, "paste", "textarea", {"pasted.txt": 10})

    expect(files.get_by_text("At your node, ready to go")).to_have_count(2)
    expect(files.get_by_role("alert")).to_have_count(0)
    give(north, "drop", ".files", {"empty.txt": 0})
    expect(files.get_by_role("alert")).to_contain_text("empty.txt: it holds nothing")
    files.get_by_role("button", name="Leave dropped.txt out").click()
    expect(files.get_by_role("listitem")).to_have_count(1)
    north.page.get_by_role("button", name="Discard").click()


@pytest.mark.parametrize(("language", "theme"), [("ar", "dark"), ("en", "light")])
def test_axe_finds_nothing_where_files_are_attached(north: Console, language: str, theme: str, pictures: Path) -> None:
    write(north, "السد 3", "صورة.", tlp="GREEN", to=["east"])
    attach(north, PHOTO, FilePayload(name="notes.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7"))
    expect(north.page.locator(".files li progress")).to_have_count(0)
    north.speak(language)
    north.look(theme)

    assert north.faults() == []
    north.page.screenshot(path=pictures / f"files-compose-{language}-{theme}.png")
    north.page.get_by_role("textbox").first.focus()
