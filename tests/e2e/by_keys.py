"""An officer who has no mouse: what she does at her console she does by keys alone, in her own language."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from consoles import Console
from playwright.sync_api import Locator, expect

PAGES: Final = Path(__file__).parents[2] / "frontend" / "src"
MANY: Final = 120
"""More stops than a page has."""
ISOLATE, POP = "\u2068", "\u2069"
RIGHT_TO_LEFT: Final = frozenset({"ar", "fa"})


class Hands:
    """Her hands on the keys of a console, and its words in one language."""

    def __init__(self, console: Console, language: str) -> None:
        self.console = console
        self.page = console.page
        self.language = language

    def said(self, part: str, key: str, **values: str) -> str:
        """Return one of the page's own strings, as it is shown: `said("pages/inbox", "title")`."""
        text = _messages(part)[key][self.language]
        for name, value in values.items():
            own = f"{ISOLATE}{value}{POP}" if self.language in RIGHT_TO_LEFT else value
            text = text.replace(f"{{{name}}}", own)
        return text

    def speak(self) -> None:
        """Choose her language in the header; the arrows choose in a list that is not opened."""
        languages = self.page.locator("select").filter(has=self.page.locator("option[value=fa]"))
        self.reach(languages)
        for _ in range(languages.locator("option").count()):
            if languages.input_value() == self.language:
                break
            self.press("ArrowDown")
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.reach(self.page.get_by_role("searchbox"))
        self.press("Escape")

    def press(self, *keys: str) -> None:
        """Press some keys, one after the other; letters without a pause, or a slow machine makes no chord of two."""
        if all(len(key) == 1 for key in keys):
            self.page.keyboard.type("".join(keys))
            return
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, place: Locator) -> None:
        """Go to a place with Tab alone; fail if no number of steps leads there."""
        expect(place).to_be_visible()
        for _ in range(MANY):
            if place.evaluate("place => place === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {place}")

    def push(self, place: Locator) -> None:
        """Go to a button and press it."""
        expect(place).to_be_enabled()
        self.reach(place)
        self.press("Enter")

    def type(self, place: Locator, text: str) -> None:
        """Go to a field and type into it."""
        self.reach(place)
        self.page.keyboard.insert_text(text)

    def tick(self, place: Locator) -> None:
        """Go to a box and tick it."""
        self.reach(place)
        self.press("Space")
        expect(place).to_be_checked()

    def choose(self, first: Locator, wanted: Locator) -> None:
        """Go to a row of choices, and along it with the arrows."""
        self.reach(first)
        self.press("Space")
        for _ in range(MANY):
            if wanted.is_checked():
                return
            self.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {wanted}")

    def button(self, part: str, key: str, **values: str) -> Locator:
        """Return the button that says one of the page's strings."""
        return self.page.get_by_role("button", name=self.said(part, key, **values), exact=True)


@cache
def _messages(part: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((PAGES / part / "messages.json").read_text())
    return found
