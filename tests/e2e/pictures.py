"""Take the console's pictures from a running drill: `make pictures` writes them to dist/pictures, for a release.

    python tests/e2e/pictures.py FOLDER

Each is of one size, and nothing in it is drawn by hand: what a picture shows, the console shows.
"""

import asyncio
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from consoles import Console, Exchange, open_exchange
from playwright.sync_api import expect

from quartet.exercise.scene import SCENE, set_scene

FOUR: Final = ("north", "east", "south", "west")
NAMES: Final = ("inbox", "reading", "why-not", "compose", "duty", "audit", "inbox-ar", "reading-ar")


def take(exchange: Exchange, folder: Path) -> list[Path]:
    """Set the scene in a running exchange, and take each picture; return where they are."""
    with ThreadPoolExecutor(1) as other:  # Playwright's loop runs in this thread
        other.submit(asyncio.run, set_scene(exchange.root)).result()
    folder.mkdir(parents=True, exist_ok=True)
    with exchange.console("north") as north, exchange.console("east") as east:
        _of_east(east, folder)
        _of_north(north, folder)
    return [folder / f"{name}.png" for name in NAMES]


def _of_east(east: Console, folder: Path) -> None:
    page = east.page
    water = east.rows.filter(has_text="Water level at Dam 3").first
    expect(water).to_be_visible()
    water.click()
    expect(page.get_by_text("On record")).to_be_visible()
    expect(page.get_by_text("north named east in it.")).to_be_visible()
    page.screenshot(path=folder / "reading.png")
    page.goto(f"{east.origin}/inbox")
    expect(water).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".preview article")).to_be_visible()
    page.screenshot(path=folder / "inbox.png")
    east.speak("ar")
    page.screenshot(path=folder / "inbox-ar.png")
    east.rows.filter(has_text="قارب صيد").first.click()
    expect(page.locator("h1")).to_contain_text("قارب صيد")
    expect(page.locator(".record")).to_contain_text("مسجّل")
    page.screenshot(path=folder / "reading-ar.png")


def _of_north(north: Console, folder: Path) -> None:
    page = north.page
    north.rows.filter(has_text=SCENE[-1].title).first.click()
    page.get_by_role("button", name="Grant it to east…").click()
    expect(page.get_by_role("dialog")).to_contain_text("and nobody else does.")
    page.screenshot(path=folder / "why-not.png")
    page.keyboard.press("Escape")
    page.goto(f"{north.origin}/duty")
    expect(page.get_by_text("ضابط المناوبة E1")).to_be_visible()
    page.screenshot(path=folder / "duty.png")
    page.goto(f"{north.origin}/audit")
    page.get_by_role("button", name="Check").first.click()
    expect(page.get_by_role("status").filter(has_text="Checked")).to_be_visible()
    page.screenshot(path=folder / "audit.png")
    page.goto(f"{north.origin}/compose")
    page.get_by_label("Title").fill("Ford at Lower Mill under water")
    page.get_by_label("Text").fill("Closed to all vehicles since noon.\nSeen by our patrol.")
    page.get_by_label("TLP:AMBER", exact=True).check()
    page.get_by_label("east", exact=True).check()
    expect(page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    page.screenshot(path=folder / "compose.png")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="quartet-") as made, open_exchange(Path(made) / "x", FOUR) as running:
        for taken in take(running, Path(sys.argv[1])):
            print(taken)
