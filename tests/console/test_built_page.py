"""The built page as it is served, and the strings in it."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from browser import Browser, browser, reason

from quartet.console.web.page import ASK_AGAIN, FOREVER, Page
from quartet.core.category import Basis, Category, Flag
from quartet.core.grounds import EndWord
from quartet.core.reasons import Reason
from quartet.desk import FORMS, warning
from quartet.desk.action import Rule, Stance
from quartet.desk.cells import Box
from quartet.desk.chair import Act
from quartet.desk.communique import Agreement
from quartet.desk.consent import Condition, Denial
from quartet.desk.consent import Stage as ConsentStage
from quartet.desk.evidence import Hand, Status, Thing
from quartet.desk.identification import Stage as OfferStage
from quartet.desk.incident import Confidence, Rung, Stand
from quartet.desk.outcome import Against, State
from quartet.desk.rating import Mark
from quartet.desk.report import How, Polarity, Reliability
from quartet.desk.request import Reason as Refusal
from quartet.desk.request import Stage, Word
from quartet.desk.running import Move, Phase, TaskMove, TaskState
from quartet.desk.site import Ended, LevelWord, Reached, SiteSort
from quartet.intake.alike import Why as Alike
from quartet.intake.events import Confidence as Rests
from quartet.intake.events import EventType, What
from quartet.intake.events.values import CueRule
from quartet.intake.sayings import Doubt
from quartet.intake.texts import BlockKind
from quartet.node.adjusting import ADJUSTABLE, WhyNot
from quartet.node.desk.actionviews import Whose
from quartet.node.desk.incidentviews import WhichIncident
from quartet.node.desk.requestviews import Which
from quartet.picture.identify.clock import Phase as ClockPhase
from quartet.picture.identify.evidence import Sort
from quartet.picture.identify.movements import Way

FRONTEND = Path(__file__).parents[2] / "frontend"
LANGUAGES = ["en", "fr", "ar", "fa", "ru"]
MESSAGES = sorted((FRONTEND / "src").rglob("messages.json"))
SCRIPT = "console.log('x')\n" * 200


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Quartet</title>")
    (folder / "assets" / "index-1a2b.js").write_text(SCRIPT)
    (folder / "secret.txt").write_text("no kind of ours")
    return folder


@pytest.fixture(scope="module")
def north(tmp_path_factory: pytest.TempPathFactory, page: Path) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("p") / "t", page) as made:
        yield made


@pytest.mark.parametrize("place", ["/", "/inbox", "/items/N-K7Q-4MX", "/keys"])
def test_every_place_in_the_console_is_the_page(north: Browser, place: str) -> None:
    response = north.ask("GET", place)

    assert response.text == "<!doctype html><title>Quartet</title>"
    assert response.headers["cache-control"] == ASK_AGAIN


def test_a_hashed_asset_is_kept_for_ever_zipped_and_known_again(north: Browser) -> None:
    first = north.ask("GET", "/assets/index-1a2b.js", Accept_Encoding="gzip")
    again = north.ask("GET", "/assets/index-1a2b.js", If_None_Match=first.headers["etag"])
    plain = north.ask("GET", "/assets/index-1a2b.js", Accept_Encoding="identity")

    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["content-type"].startswith("text/javascript")
    assert first.headers["cache-control"] == FOREVER
    assert first.text == plain.text == SCRIPT
    assert "content-encoding" not in plain.headers
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("bytes=0-9", (0, 10)), ("bytes=3390-9999", (3390, 3400)), ("bytes=-7", (3393, 3400)), ("bytes=5-", (5, 3400))],
)
def test_a_part_of_a_file_is_given_as_it_lies_here(north: Browser, asked: str, expected: tuple[int, int]) -> None:
    whole = north.ask("GET", "/assets/index-1a2b.js", Accept_Encoding="identity")

    part = north.ask("GET", "/assets/index-1a2b.js", Range=asked, Accept_Encoding="gzip")

    first, end = expected
    assert (part.status_code, part.content) == (206, SCRIPT.encode()[first:end])
    assert part.headers["content-range"] == f"bytes {first}-{end - 1}/{len(SCRIPT)}"
    assert "content-encoding" not in part.headers
    assert part.headers["etag"] == whole.headers["etag"]
    assert part.headers["content-security-policy"] == whole.headers["content-security-policy"]


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=0-1,5-6", "bytes=-", "bytes=x-y", "items=0-1", "bytes=0-1x"])
def test_a_range_that_is_not_one_plain_one_is_passed_over(north: Browser, asked: str) -> None:
    assert north.ask("GET", "/assets/index-1a2b.js", Range=asked, Accept_Encoding="identity").text == SCRIPT


def test_a_part_behind_the_end_or_of_another_file_is_not_given(north: Browser) -> None:
    behind = north.ask("GET", "/assets/index-1a2b.js", Range="bytes=3400-")
    other = north.ask("GET", "/assets/index-1a2b.js", Range="bytes=0-9", If_Range='"another"')

    assert (behind.status_code, behind.content) == (416, b"")
    assert behind.headers["content-range"] == f"bytes */{len(SCRIPT)}"
    assert (other.status_code, other.text) == (200, SCRIPT)


@pytest.mark.parametrize(
    "place",
    ["/secret.txt", "/assets/../secret.txt", "/assets/%2e%2e/secret.txt", "/..%2f..%2fetc/passwd.x", "/api/none.js"],
)
def test_no_path_reaches_what_was_not_built(north: Browser, place: str) -> None:
    response = north.ask("GET", place)

    assert response.status_code == 404
    assert reason(response) in {"unknown-item", "no-such-route"}


def test_a_copy_without_a_page_says_what_to_do(tmp_path: Path) -> None:
    assert not Page(tmp_path).built
    assert Page(tmp_path).file("/") is None


def test_what_is_zipped_is_the_file(page: Path) -> None:
    file = Page(page).file("/assets/index-1a2b.js")

    assert file is not None
    assert file.zipped is not None
    assert gzip.decompress(file.zipped) == file.data == SCRIPT.encode()


@pytest.mark.parametrize("file", MESSAGES, ids=lambda file: file.parent.name)
def test_every_string_is_said_in_five_languages_and_names_the_same_things(file: Path) -> None:
    for key, texts in json.loads(file.read_text()).items():
        names = {tuple(sorted(re.findall(r"\{(\w+)\}", text))) for text in texts.values()}

        assert list(texts) == LANGUAGES, key
        assert all(text.strip() for text in texts.values()), key
        assert len(names) == 1, key


def desk_words() -> set[str]:
    """Return the words of the desk by which the page looks up what it says: kinds, fields, closed lists, reasons."""
    kinds = {*FORMS, *(field for known in FORMS.values() for field in known.form.__struct_fields__)}
    lists = (Word, Refusal, Stance, Move, TaskMove, Act, Which, Whose, WhichIncident, Condition, Denial)
    folds = (State, Phase, TaskState, Against, Agreement, Stage, ConsentStage)
    named: dict[str, Iterable[object]] = {
        **{"RUNG": get_args(Rung), "BAND": range(1, 8), "CONFIDENCE": get_args(Confidence), "MARK": get_args(Mark)},
        **{"THING": get_args(Thing), "HOW": get_args(How), "POLARITY": get_args(Polarity), "CREDIBILITY": range(1, 7)},
        **{"RELIABILITY": get_args(Reliability), "STAND": Stand, "STATUS": Status, "HAND": Hand},
    }
    page = (FRONTEND.parent / "docs" / "reference" / "reasons.md").read_text()
    return {
        *kinds,
        *(word for one in lists for word in get_args(one)),
        *(str(word) for one in folds for word in one),
        *(f"{name}_{word}" for name, words in named.items() for word in words),
        *re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE),
        *("SILENT", "VOID", "FINISH", "observer", *get_args(Rule), "CLOSE", "REOPEN", "GIVES", "TAKES"),
    }


def warning_words() -> set[str]:
    """Return the keys under which the pages of warnings and notifications look up words of their forms."""
    plain = {
        word
        for kind in (warning.Category, warning.Urgency, warning.Severity, warning.Certainty)
        for word in get_args(kind)
    }
    named = {f"do_{word}" for word in get_args(warning.Response)} | {f"word_{word}" for word in get_args(warning.Word)}
    stages = {f"stage_{stage.value}" for stage in warning.Stage} | {"stage_WITHDRAWN", "stage_ENDS"}
    stages |= {"write_UPDATE", "write_CANCEL"}
    desks = {f"desk_{how}" for how in ("acked", "unreached", "missing", "asked")}
    return plain | named | stages | desks | {"tab_now", "tab_all", "wrong_desk", "site", "movement"}


SKY_WORDS = {
    "pages/identification": {
        *(word for one in (Category, Flag, ClockPhase, Basis, Sort) for word in get_args(one)),
        *(str(state) for state in OfferStage),
        "PLAN_SAYS",
    },
    "pages/movements": {*get_args(Way)},
    "words/sites": {
        *(word for one in (SiteSort, LevelWord, Ended, Reached) for word in get_args(one)),
        "NONE",
    },
    "pages/reading/alike": {str(one) for one in Alike},
    "pages/intake": {
        *(f"type_{one.value}" for one in EventType),
        *(f"doubt_{one}" for one in (*Doubt, "model")),
        "mark_offered",
        *(f"what_{one.value}" for one in What),
        *(f"confidence_{one.value}" for one in Rests),
        *(f"kind_{one.value}" for one in BlockKind),
        *(f"rule_{one}" for one in get_args(CueRule)),
        *(f"fate_{one}" for one in ("open", "taken", "left")),
        *(f"mark_{one}" for one in ("span", "also", "when", "where", "count", "speaker", "root", "unnamed", "relay")),
    },
}
"""By which each page looks up what it says of aircraft, of sites and of open sources: closed lists, whole."""


@pytest.mark.parametrize("folder", SKY_WORDS)
def test_every_word_of_aircraft_sites_and_open_sources_is_said(folder: str) -> None:
    said = json.loads((FRONTEND / "src" / folder / "messages.json").read_text())

    assert SKY_WORDS[folder] - set(said) == set()


FRIENDS = re.compile(r"\b(friend(s|ly)?|ami(e|s|es|cal)?|друг(?! друг)|свой|صديقة?|دوست|خودی)\b", re.IGNORECASE)
"""What a code of identification calls its own, and would make all others something else."""


@pytest.mark.parametrize("file", MESSAGES, ids=lambda file: file.parent.name)
def test_no_short_word_of_the_console_says_that_somebody_is_a_friend(file: Path) -> None:
    """A label of up to three words is a name of what is seen; in a sentence such a word may be of another sense."""
    labels = [text for said in json.loads(file.read_text()).values() for text in said.values() if text.count(" ") < 3]

    assert [text for text in labels if FRIENDS.search(text)] == []


@pytest.mark.parametrize("file", MESSAGES, ids=lambda file: file.parent.name)
def test_every_string_is_used(file: Path) -> None:
    """Keys that a page looks up by a word of the node or of a list are named here."""
    used = "\n".join(p.read_text() for p in (FRONTEND / "src").rglob("*") if p.suffix in {".svelte", ".ts"})
    patterns = [re.sub(r"\\\$\\\{.*?\\\}", r"\\w+", re.escape(one)) for one in re.findall(r"`(\w*\$\{\w+\}\w*)`", used)]
    dynamic = {
        *("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE", "ASK", "NEVER", "TLP_RULE", "RELEASE", "DISPLAY"),
        *("up", "suspect", "down", "dark", "light", "contrast", "fully", "partly", "not_yet"),
        *(str(reason) for reason in Reason),
        *("due", "report", "feed", "message", "duty", "handover"),
        *("empty", "too_large", "too_many", "long_name", "twice"),
        *get_args(EndWord),
        *("name", "role", "phones", "until"),
        *get_args(WhyNot),
        *(key.replace(".", "_") for key in ADJUSTABLE),
        *Box.__struct_fields__,
        *("floor", "ceiling", "wrong_area", "wrong_height", "wrong_time"),
        *("recalled", "hours_4", "hours_24", "days_7", "never"),
        *("unknown", "pending", "neutral", "own", "measured", "extrapolated", "stale"),
        *desk_words(),
        *warning_words(),
        *SKY_WORDS.get(file.parent.relative_to(FRONTEND / "src").as_posix(), ()),
    }

    def is_used(key: str) -> bool:
        asked = re.search(rf"\.{re.escape(key)}\b", used) or f"['{key}']" in used
        return bool(asked) or key in dynamic or any(re.fullmatch(pattern, key) for pattern in patterns)

    unused = [key for key in json.loads(file.read_text()) if not is_used(key)]

    assert unused == []


def test_every_reason_of_the_gate_is_said_in_words() -> None:
    for words in ("reasons", "acts"):  # why not, and what would change it
        said = json.loads((FRONTEND / "src" / "words" / words / "messages.json").read_text())

        assert set(said) == {"due", *(str(reason) for reason in Reason)}, words


def test_every_end_of_a_grant_is_said_in_words() -> None:
    said = json.loads((FRONTEND / "src" / "pages" / "grants" / "messages.json").read_text())

    assert {*get_args(EndWord), "recalled"} <= set(said)


def test_the_lock_file_names_no_host_and_every_package_by_hash() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    packages = {name: one for name, one in lock.items() if name}

    assert [name for name, one in packages.items() if "resolved" in one] == []
    assert [name for name, one in packages.items() if not one.get("integrity", "").startswith("sha512-")] == []


def test_nothing_that_is_shipped_is_under_the_gpl() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    shipped = {name: one.get("license", "") for name, one in lock.items() if name and not one.get("dev")}

    assert [name for name, licence in shipped.items() if "GPL" in licence.replace("LGPL", "GPL") or not licence] == []
