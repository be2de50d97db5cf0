"""The pages are whole: links lead somewhere, commands exist, and what exists is on a page."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import api_page
import pytest
from cli_page import PAGE, commands, written
from typer.testing import CliRunner

from house import ROOT
from quartet import __version__
from quartet.cli.app import app
from quartet.console.api.streams import MAX_STREAMS
from quartet.console.metrics import families
from quartet.console.signin import limits
from quartet.console.web import tracks
from quartet.core.ids import MemberId
from quartet.core.reasons import Reason
from quartet.node.pulse import LinkPulse, Pulse
from quartet.node.trackviews import TrackView
from quartet.node.unasserted import MAX_PREPARED
from quartet.node.views import LogState

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changes").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    (?:\$ )?(.*)$", re.MULTILINE)
FAULT = re.compile(r"\b(?:Malformed|Untrusted|Unavailable|findings\.note)\(\s*\"([a-z0-9-]+)\"")
KINDS = ("tutorial", "howto", "reference", "explanation")


def spoken(page: Path) -> Iterator[str]:
    """Yield each shell line of a page."""
    text = page.read_text()
    blocks = [body for language, body in FENCE.findall(text) if language in ("", "console", "sh", "bash")]
    for line in [*(line for body in blocks for line in body.splitlines()), *INDENTED.findall(FENCE.sub("", text))]:
        yield line.strip().removeprefix("$ ").partition("  #")[0].rstrip("\\ ")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if re.match(r"(https?|mailto):", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_on_a_page_exists(page: Path) -> None:
    known = {name for name, _ in commands()}
    options = {name: {word for one in command.params for word in one.opts} for name, command in commands()}
    for line in spoken(page):
        for part in re.split(r"\s[|;]\s|&&", line):
            words = shlex.split(part, comments=True) if "quartet" in part else []
            if words[:1] != ["quartet"] or len(words) == 1 or words[1].startswith("-"):
                continue
            name = next((n for n in (" ".join(words[:3]), " ".join(words[:2])) if n in known), None)

            assert name is not None, line
            used = {word.strip("[]").partition("=")[0] for word in words if word.strip("[]").startswith("--")}
            assert used - {"--help"} <= options[name], line


def test_every_word_of_make_on_a_page_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    said = {word for page in PAGES for line in spoken(page) for word in re.findall(r"^make ([a-z]+)", line)}

    assert said
    assert said <= targets


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    assert PAGE.read_text() == written(PAGE.read_text()), "run: make docs"


def test_the_page_of_the_api_is_what_the_api_says() -> None:
    page = api_page.PAGE.read_text()

    assert page == api_page.written(page), "run: make docs"


def test_every_call_of_the_api_says_what_it_does() -> None:
    silent = [f"{method} {path}" for method, path, call in api_page.calls() if not call.get("description")]

    assert silent == []


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_has_help_with_an_example(name: str) -> None:
    shown = CliRunner().invoke(app, [*name.split()[1:], "--help"])

    assert shown.exit_code == 0
    assert "Example" in shown.output


def test_every_reason_word_is_explained() -> None:
    page = (ROOT / "docs" / "reference" / "reasons.md").read_text()
    explained = set(re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE))
    raised = {word for path in (ROOT / "src").rglob("*.py") for word in FAULT.findall(path.read_text())}

    assert sorted(raised - explained) == []
    assert sorted({reason.value for reason in Reason} - explained) == []


def test_every_limit_stands_in_the_reference_with_its_numbers() -> None:
    page = (ROOT / "docs" / "reference" / "api.md").read_text()
    rates = [one for one in (*vars(limits).values(), tracks.LOOKS) if isinstance(one, limits.Rate)]
    rows: dict[str, str] = dict(re.findall(r"^\| `?([a-z-]+)`? \|[^|]*\| ([^|]*) \|$", page, re.MULTILINE))
    counts = {"streams": MAX_STREAMS, "maps": tracks.MAX_OF_ONE, "prepared": MAX_PREPARED}

    assert len(rates) > 5
    for rate in rates:
        assert rows[rate.name].startswith(f"{rate.burst:g}, {rate.a_minute:g}"), rate.name
    for name, count in {**counts, "tries-in-line": limits.MAX_IN_LINE}.items():
        assert re.match(rf"{count}\b", rows[name]), name


def test_every_kind_of_page_is_there_and_the_index_names_each() -> None:
    index = (ROOT / "docs" / "index.md").read_text()
    for kind in KINDS:
        pages = list((ROOT / "docs" / kind).glob("*.md"))

        assert pages
        assert [page for page in pages if f"({kind}/{page.name})" not in index] == []


def test_every_decision_says_its_cost_and_stands_in_the_list() -> None:
    decisions = ROOT / "docs" / "decisions"
    index = (decisions / "index.md").read_text()
    for page in decisions.glob("0*.md"):
        text = page.read_text()

        assert [head for head in ("## Context", "## Decision", "## Cost") if head not in text] == [], page.name
        assert f"({page.name})" in index


def test_the_version_is_one() -> None:
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()
    assert 'path = "src/quartet/__init__.py"' in (ROOT / "pyproject.toml").read_text()


def test_the_first_screen_of_the_readme_has_the_two_commands() -> None:
    screen = "\n".join((ROOT / "README.md").read_text().splitlines()[:24])

    assert "make demo" in screen
    assert "make test" in screen


def test_the_page_of_figures_names_each_figure_and_no_other() -> None:
    member = MemberId("north")
    link, log = LinkPulse(state="up", heard_s=1, waiting=1, direct=True), LogState(size=1, cosigners=1)
    pulse = Pulse(
        member=member,
        version="0",
        trial=False,
        up_s=1,
        tick_lag_s=0.1,
        ticking=True,
        clock_apart_s=0,
        links={member: link},
        logs={member: log},
        alarms={"disk-full": 1},
    )
    made = {sample.name: set(sample.labels) for family in families(pulse) for sample in family.samples}
    page = (ROOT / "docs" / "reference" / "metrics.md").read_text()
    rows = re.findall(r"^\| `(quartet_[a-z_]+)` \|([^|]*)\|", page, re.MULTILINE)

    assert {name: set(re.findall(r"`([a-z]+)`", labels)) for name, labels in rows} == made
    assert made.keys() <= set(re.findall(r"quartet_[a-z_]+", (ROOT / "docs" / "grafana" / "quartet.json").read_text()))


def test_the_page_of_the_log_names_each_event() -> None:
    page = (ROOT / "docs" / "reference" / "metrics.md").read_text()
    said = {
        word for path in (ROOT / "src").rglob("*.py") for word in re.findall(r"\bLine\(\"([a-z-]+)\"", path.read_text())
    }

    assert len(said) > 5
    assert [word for word in sorted(said) if f"`{word}`" not in page] == []


def test_the_page_of_commands_lists_every_field_of_a_track() -> None:
    page = (ROOT / "docs" / "reference" / "cli.md").read_text()
    (row,) = [line for line in page.splitlines() if line.startswith("| `picture` |")]

    assert [name for name in TrackView.__struct_encode_fields__ if f'"{name}"' not in row] == []


THREATS = (ROOT / "docs" / "explanation" / "threat-model.md").read_text()
SHOWN = sorted(set(re.findall(r"`([a-z_0-9/]+\.py)(?:::(\w+))?`", THREATS)))


@pytest.mark.parametrize(("file", "test"), SHOWN, ids=[f"{file}::{test}" for file, test in SHOWN])
def test_what_the_threat_model_says_is_shown_by_a_test_is(file: str, test: str) -> None:
    source = (ROOT / "tests" / file).read_text()

    assert not test or re.search(rf"^(?:async )?def {test}\(", source, re.MULTILINE)
