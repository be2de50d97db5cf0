"""A page of instructions for an officer, done by a browser as it is written: each step of a list, each command.

    - At **north**, press `c`. Write `Ferry aground` under **Title**. You see **It goes to east, and to nobody else.**

What is in bold is on the screen word for word, what is in code is typed. A step that fits no sentence here fails: a
page of this kind has no word that nobody tried.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page, expect

WORD: Final = re.compile(r"\*\*(.+?)\*\*|`(.+?)`")
FOLDER: Final = "FOLDER"
"""What the page writes for the folder of the demo."""
LATER: Final = "DAY+2"
"""What it writes for the date of the day after tomorrow."""
ASIDE: Final = re.compile(r"Instead of .*? as in [-0-9]+\.")


def steps(page: Path) -> Iterator[str]:
    """Yield each step of a page in its order: an item of a list as one line, a command behind `$ `."""
    item: list[str] = []
    for line in [*page.read_text().splitlines(), ""]:
        if item and not line.startswith("  "):
            yield " ".join(item)
            item = []
        if line.startswith("- "):
            item = [line.removeprefix("- ")]
        elif item:
            item.append(line.strip())
        elif line.startswith("    "):
            yield f"$ {line.strip()}"


def sentences(step: str) -> list[tuple[str, list[str]]]:
    """Return each sentence of a step: its words, with `_` for what stands in bold or in code, and those in order."""
    marked: list[str] = []

    def keep(found: re.Match[str]) -> str:
        marked.append(found[1] or found[2])
        return "_"

    told, made = WORD.sub(keep, ASIDE.sub("", step)), []
    for part in re.split(r"(?<=[.:_]) (?=[A-Z])|; |(?<=_), (?=press|click|open|write|choose|pick|unfold|you )", told):
        count = part.count("_")
        made.append((part.strip(" .").lower(), [marked.pop(0) for _ in range(count)]))
    return made


class Guided:
    """An officer who does what a page says, at the consoles of some members and in a terminal."""

    def __init__(self, pages: dict[str, Page], folder: Path) -> None:
        self._pages = pages
        self._folder = folder
        self._page = next(iter(pages.values()))
        self._does: dict[str, Callable[..., None]] = {
            "at _": self._turn,
            "press _": self._press,
            "press _, then _": self._press,
            "click _": self._click,
            "click _ beside _": self._click_beside,
            "unfold _": self._unfold,
            "unfold _ under _": self._unfold,
            "open _": self._open,
            "write _ under _": self._write,
            "choose _": self._choose,
            "choose _ for _": self._choose,
            "pick _ under _": self._pick,
            "you see _": self._see,
            "you see _ beside _": self._see_beside,
            "you see no _ in the list": self._see_no,
        }

    def do(self, step: str) -> None:
        """Do a step; fail with its words where the screen is not as they say."""
        if step.startswith("$ "):
            self.type(step.removeprefix("$ "))
            return
        for words, marked in sentences(step):
            assert words in self._does, f"nobody can try this: {words!r} in {step!r}"
            try:
                self._does[words](*marked)
            except Exception as error:
                error.add_note(f"at {words!r} {marked} of {step!r}")
                raise

    def type(self, line: str) -> str:
        """Type a command of Quartet; fail if it does."""
        words = shlex.split(line.replace(FOLDER, str(self._folder)))
        assert words[0] == "quartet", line
        done = subprocess.run(
            [sys.executable, "-m", "quartet.cli", *words[1:]], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"
        return done.stdout

    def _turn(self, member: str) -> None:
        self._page = self._pages[member]

    def _press(self, *keys: str) -> None:
        if all(len(key) == 1 for key in keys):
            self._page.keyboard.type("".join(keys))  # two of a chord belong together, however slow the machine is
            return
        for key in keys:
            self._page.keyboard.press(key.replace("Ctrl", "Control"))

    def _click(self, name: str) -> None:
        self._one(self._named(name, "button", "link", "tab")).click()

    def _click_beside(self, name: str, text: str) -> None:
        self._beside(text).get_by_role("button", name=self._start(name)).click()

    def _unfold(self, name: str, under: str | None = None) -> None:
        folds = self._page.locator("summary").filter(has_text=re.compile(f"^\\s*{re.escape(name)}"))
        if under is not None:
            around = self._page.locator("main :is(section, article, li, [data-rung])")
            folds = around.filter(has_text=under).filter(has=folds).last.locator(folds)
        self._one(folds).click()

    def _open(self, text: str) -> None:
        self._one(self._page.get_by_role("option").filter(has_text=text)).click()

    def _write(self, text: str, label: str) -> None:
        later = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"
        self._one(self._page.get_by_label(self._start(label))).fill(text.replace(LATER, later))

    def _choose(self, name: str, group: str | None = None) -> None:
        place = self._page if group is None else self._one(self._page.get_by_role("group", name=self._start(group)))
        name_ = self._start(name)
        self._one(place.get_by_role("radio", name=name_).or_(place.get_by_role("checkbox", name=name_))).check()

    def _pick(self, name: str, label: str) -> None:
        self._one(self._page.get_by_label(self._start(label))).select_option(label=name)

    def _see(self, text: str) -> None:
        expect(self._one(self._page.get_by_text(text))).to_be_visible()

    def _see_beside(self, text: str, beside: str) -> None:
        expect(self._beside(beside)).to_contain_text(text)

    def _see_no(self, text: str) -> None:
        expect(self._page.get_by_role("option").filter(has_text=text)).to_have_count(0)

    def _named(self, name: str, *roles: str) -> Locator:
        first, *others = [self._page.get_by_role(role, name=self._start(name)) for role in roles]  # type: ignore[arg-type]
        for other in others:
            first = first.or_(other)
        return first

    def _beside(self, text: str) -> Locator:
        rows = self._page.locator("main :is(tr, li, [role=region])").filter(has_text=text)
        return self._one(rows)

    @staticmethod
    def _start(name: str) -> re.Pattern[str]:
        return re.compile(f"^\\s*{re.escape(name)}(?!\\w)")

    @staticmethod
    def _one(place: Locator) -> Locator:
        """The first that is on the screen."""
        return place.filter(visible=True).first
