"""An open source at the command line: what it tells is suggested, what is taken is reported, nothing is guessed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import Shell
from test_sitrep import Desk
from trial import Trial, trial

pytestmark = pytest.mark.slow

PAGE = """<html lang="fr"><head><title>Incendie</title></head><body><header>Le Courrier du Port</header>
<h1>Incendie dans une tannerie du quai nord</h1><p>2 mars 2026</p>
<p>Un incendie a éclaté dimanche soir dans une tannerie du quai nord et trois ouvriers ont été blessés,
auraient indiqué les pompiers d'Ostrel.</p><p>La capitainerie a démenti toute fuite d'ammoniac.</p>
<p>Un expert qui a requis l'anonymat a affirmé que le général Amos Tarling avait été prévenu.</p></body></html>"""
GRADE = ("--reliability", "B", "--credibility", "3")
SENT = ("--tlp", "GREEN", "--to", "east")


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "article.html"
    file.write_text(PAGE)
    return file


def test_what_a_page_tells_is_listed_and_who_is_not_named_says_nothing(
    shell: Shell, exchange: Trial, page: Path
) -> None:
    north = Desk(shell, exchange, "north")

    found = north.json("intake", page)
    told = north("intake", page).out

    text = found["text"]
    fire, leak = found["events"]
    assert (fire["type"], fire["polarity"], leak["polarity"]) == ("fire", "asserts", "denies")
    assert fire["root"] is fire["speaker"] is None
    assert "pompiers" in text[fire["offered"][0]["root"]["start"] : fire["offered"][0]["root"]["end"]]
    assert re.search(r"1: offered: les pompiers d'Ostrel - [a-z ,;?]+ \(take with --offer 1\)", told)
    assert [(count["what"], count["low"]) for count in fire["counts"]] == [("injured", 3)]
    assert "3 injured" in told
    named = [
        one[field] for event in found["events"] for one in (event, *event["offered"]) for field in ("root", "speaker")
    ]
    assert all("Tarling" not in text[one["start"] : one["end"]] for one in named if one)


def test_a_source_that_is_longer_than_is_read_says_so_whatever_is_done_with_it(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    north = Desk(shell, exchange, "north")
    long = tmp_path / "long.html"
    long.write_text(PAGE.replace("</body>", f"<p>{'rien de plus. ' * 40_000}</p></body>"))

    shown, sent = north("intake", long), north("intake", long, "--take", "1", *GRADE, *SENT)
    cut = north.json("intake", long)["cut_at"]

    assert (shown.code, sent.code) == (0, 0)
    for said in (shown, sent):
        assert f"long.html is longer than is read: of what stands behind its first {cut} characters" in said.error
    assert cut > 300_000


def test_the_events_that_are_taken_go_out_graded_with_their_original(shell: Shell, exchange: Trial, page: Path) -> None:
    north, east = (Desk(shell, exchange, name) for name in ("north", "east"))

    sent = north("intake", page, "--offer", "1", "--offer", "2", "--take", "1,2", *GRADE, "--circle", "all", *SENT)

    assert (sent.code, sent.error) == (0, "")
    ref = sent.out.strip()
    item = east.until("show", ref, has=bool)
    fire, leak = item["body"]["form"]["events"]
    assert (fire["reliability"], fire["credibility"], fire["how"]) == ("B", 3, "PUBLISHED")
    assert (fire["polarity"], leak["polarity"]) == ("ASSERTS", "DENIES")
    assert len({*fire["roots"], *leak["roots"]}) == 2
    assert [one["name"] for one in item["body"]["attachments"]] == ["article.html"]
    shown = east("show", ref).out
    assert all(word in shown for word in ("B3", "2026-03-01", "3 injured", "DENIED", "usually reliable; possibly true"))


def test_what_is_offered_and_not_taken_stands_in_no_report(shell: Shell, exchange: Trial, page: Path) -> None:
    north = Desk(shell, exchange, "north")

    sent = north("intake", page, "--take", "1", *GRADE, "--circle", "all", *SENT)

    item = north.json("show", sent.out.strip())
    assert item["body"]["form"]["events"][0].get("roots", []) == []
    assert "- les pompiers" not in item["body"]["text"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (("--take", "9", *GRADE, *SENT), "bad-take"),
        (("--take", "1,x", *GRADE, *SENT), "bad-take"),
        (("--take", "1", "--credibility", "3", *SENT), "not-graded"),
        (("--take", "1", "--reliability", "B", *SENT), "not-graded"),
        (("--take", "1", *GRADE), "no-tlp"),
        (("--offer", "1", "--take", "1", *GRADE, *SENT, "--circle", "nowhere"), "unknown-circle"),
        (("--charset", "no such"), "bad-charset"),
        (("--root", "3=x"), "bad-correction"),
        (("--offer", "3"), "bad-offer"),
        (("--offer", "1.9"), "bad-offer"),
        (("--offer", "x"), "bad-offer"),
        (("--place", "Elm Ford"), "bad-correction"),
        (("--speaker", "1= "), "bad-correction"),
    ],
)
def test_what_is_missing_is_named_and_nothing_goes_out(
    shell: Shell, exchange: Trial, page: Path, more: tuple[str, ...], reason: str
) -> None:
    north = Desk(shell, exchange, "north")
    before = north.json("inbox")

    answer = north("intake", page, *more)

    assert answer.code != 0
    assert answer.reason == reason
    assert north.json("inbox") == before


def test_a_name_that_is_put_right_is_remembered_only_if_she_says_so(shell: Shell, exchange: Trial, page: Path) -> None:
    north, east = (Desk(shell, exchange, name) for name in ("north", "east"))
    right = ("--offer", "1", "--root", "1=Ostrel Brigade", "--place", "1=North Quay")

    told = north("intake", page, *right)

    assert "not remembered: les pompiers d'Ostrel is Ostrel Brigade; --remember" in told.error
    assert "= Ostrel Brigade" in told.out
    assert north.json("alias", "list") == []

    taken = ("--speaker", "1=Ostrel Brigade", "--take", "1", *GRADE, "--circle", "all", *SENT)
    sent = north("intake", page, *right, "--remember", *taken)

    assert (sent.code, "remembered: les pompiers d'Ostrel is Ostrel Brigade" in sent.error) == (0, True)
    item = east.until("show", sent.out.strip(), has=bool)
    (fire,) = item["body"]["form"]["events"]
    assert fire["where"] == "North Quay"
    assert item["body"]["text"].endswith(" - Ostrel Brigade")
    assert [row["ref"] for row in north.json("search", 'root:"pompiers d\'Ostrel" place:"north quay"')["hits"]] == [
        sent.out.strip()
    ]
    assert [one["means"] for one in north.json("alias", "list")] == ["Ostrel Brigade"]
    assert north.json("intake", page)["events"][0]["offered"][0]["root_named"] == "Ostrel Brigade"

    near = page.with_name("near.txt")
    near.write_text("The Ostrell Brigade said that a fire broke out in the mill at Elm Ford.")
    offered = north("intake", near, "--place", "1=Ford of Elms", "--remember").out
    assert "Ostrell Brigade may be Ostrel Brigade; if it is: --speaker 1=NAME" in offered
    assert north.json("intake", near)["events"][0]["where_means"] == "Ford of Elms"
