"""A site that another officer closes while its page stands open: what she says of it then is refused, in her words."""

import json
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect
from test_sites_page import sanctuary
from troubles import Troubled

from quartet.node.desk.siteviews import Closing
from quartet.node.views import Published

pytestmark = pytest.mark.slow

MESSAGES: Final = Path(__file__).parents[2] / "frontend" / "src" / "pages" / "sites" / "messages.json"


def test_who_makes_a_site_active_that_was_closed_meanwhile_reads_so_in_her_language(world: Troubled) -> None:
    words = json.loads(MESSAGES.read_text("utf-8"))
    with world.console("north") as north:
        page = north.page
        for language in ("en", "fr", "ar", "fa", "ru"):
            ref = north.client.post("/sites", sanctuary(), Published).ref
            page.goto(f"{north.origin}/sites")
            north.speak(language)
            site, asked = page.locator("li.site").filter(has_text=ref), page.get_by_role("dialog")

            site.get_by_role("button", name=words["activate"][language]).click()
            north.client.post(f"/sites/{ref}/closed", Closing(), Published)
            asked.get_by_role("button", name=words["sign"][language]).click()

            before, after = words["was_closed"][language].split("{change}")
            for part in (before, words["change"][language], after):
                expect(asked.get_by_role("alert")).to_contain_text(part)
