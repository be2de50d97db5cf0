"""Pages of layouts that no rule was made for: whose they are, who supplied them, and never another."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from score_pages import HERE, page_of, printed, same
from score_pages import told as annotated

from quartet.intake.pages import read
from quartet.intake.pages.hosts import host, publisher

FOLDERS: Final = sorted(folder for folder in (HERE / "layouts").iterdir() if folder.is_dir())
TEXT: Final = "<h1>A bridge is closed</h1><p>The bridge over the Wend was closed on Monday, the road office said.</p>"


def outlet(head: str, body: str) -> str | None:
    """Return who publishes a page with some markup around an article."""
    page = read(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "html")
    return page.outlet.of(page.text) if page.outlet is not None else None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_page_of_another_layout_says_whose_it_is_and_who_supplied_it(folder: Path) -> None:
    found, right = printed(page_of(folder)), annotated(folder)

    assert {name: found[name] for name in found if not same(name, found[name], right[name])} == {}


def test_the_publisher_of_the_metadata_is_the_outlet_where_the_page_prints_the_name() -> None:
    head = (
        '<script type="application/ld+json">{"publisher": {"@type": "Organization", "name": "The Wend Post"}}</script>'
    )

    assert outlet(head, f"{TEXT}<footer>The Wend Post, 4 Mill Lane</footer>") == "The Wend Post"
    assert outlet(head, f"{TEXT}<footer>4 Mill Lane</footer>") is None


def test_a_body_opens_its_own_page_only_where_that_says_that_it_is_a_notice() -> None:
    notice = "<div>Wend Harbour Board</div><div>Press release</div>"

    assert outlet("", notice + TEXT) == "Wend Harbour Board"
    assert outlet("", "<div>Wend Harbour Board</div>" + TEXT) is None


def test_a_police_force_that_is_cited_in_a_line_of_its_own_is_no_agency() -> None:
    page = read(f"<html><body>{TEXT}<div>Based on a report by Tolm Police</div></body></html>".encode(), "html")

    assert page.agency is None


@given(st.text(max_size=40), st.integers(min_value=1, max_value=4))
def test_any_metadata_and_any_address_say_who_publishes_or_nothing(words: str, times: int) -> None:
    script = f'"publisher": {{{words * times} "name": "{words}"}}'

    assert isinstance(publisher(script), str)
    assert host(words * times) == "" or host(words * times).isalnum()


def test_metadata_of_many_open_braces_is_read_once() -> None:
    assert publisher('"publisher": {' * 100_000) == ""
    assert publisher('"publisher": [  {' + " " * 1_000_000) == ""
