"""The desk at the command line: proposals, incidents and the chair, said in forms and read as they stand."""

import dataclasses
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commandline import Said, Shell
from msgspec import structs
from trial import Trial, trial

from quartet.cli.standing import say_note
from quartet.cli.vouching import check_said
from quartet.core.encoding import b64, encode
from quartet.core.faults import Untrusted
from quartet.core.ids import Epoch, ExchangeId, ItemId, MemberId, Micros, OfficerName
from quartet.core.statement import item_id, reference
from quartet.desk.action import Position
from quartet.node.desk.watchviews import WatchNote
from quartet.node.drafting import Speaker, item_statement, marking_of
from quartet.node.factviews import Prepared
from quartet.node.views import Draft

HASH = "A" * 43
REF = reference("north", ItemId(HASH))
ANN = OfficerName("ann")
DAY_US = 86_400_000_000


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


class Desk:
    def __init__(self, shell: Shell, exchange: Trial, member: str) -> None:
        self._shell = shell
        self.folder = exchange[member]

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Said:
        return self._shell(*arguments, "--dir", self.folder.root, stdin=stdin)

    def json(self, *arguments: str | Path, stdin: bytes = b"") -> Any:
        said = self(*arguments, "--json", stdin=stdin)
        assert (said.code, said.error) == (0, "")
        return json.loads(said.out)

    def until(self, *arguments: str, has: Any) -> Any:
        """Look again until what is shown has something; give up after a minute."""
        end = time.monotonic() + 60
        while True:
            said = self(*arguments, "--json")
            if said.code == 0 and has(found := json.loads(said.out)):
                return found
            assert time.monotonic() < end, said
            time.sleep(0.2)


def proposal(tmp_path: Path) -> Path:
    now = time.time_ns() // 1_000
    form = {
        "aim": "Search the strait together",
        "legal_basis": "memorandum 4",
        "area": "the strait",
        "begins": now + 3 * DAY_US,
        "ends": now + 4 * DAY_US,
        "participants": ["east", "north"],
        "hosts": ["north"],
        "rule": "CONSENSUS",
        "decide_by": now + 2 * DAY_US,
    }
    file = tmp_path / "proposal.json"
    file.write_text(json.dumps(form))
    return file


def test_a_proposal_is_made_and_each_officer_says_where_her_member_stands(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    north, east = Desk(shell, exchange, "north"), Desk(shell, exchange, "east")
    options: list[str | Path] = ["--tlp", "AMBER", "--to", "east", "--kind", "proposal", "--form", proposal(tmp_path)]
    ref = north.json("send", *options, "-", stdin=b"A joint search")["ref"]
    (row,) = east.until("actions", "--which", "waiting", has=lambda rows: rows)
    assert (row["ref"], row["waits"]) == (ref, ["acknowledge", "position"])

    said = east("say", ref, "position", f"version={ref}", "stance=CONCUR")
    assert said.code == 0, said.error
    shown = north.until("actions", ref, has=lambda one: one["row"]["stances"]["east"] == "CONCUR")
    assert shown["row"]["state"] == "OPEN"
    told = north("actions", ref)
    assert "Search the strait together" in told.out
    assert "this member may: position, acknowledge, revise" in told.out


def test_what_makes_no_sense_is_refused_in_words(shell: Shell, exchange: Trial, tmp_path: Path) -> None:
    north = Desk(shell, exchange, "north")
    ref = north.json("send", "--tlp", "AMBER", "--to", "east", "-", stdin=b"near Dam 3")["ref"]

    for arguments, reason in (
        ((ref, "position", "stance"), "bad-field"),
        ((ref, "position", "stance=MAYBE"), "bad-form"),
        ((ref, "step", f"version={ref}", "move=STOP", "--tlp", "GREEN"), "tlp-wider"),
        ((ref, "step", f"version={ref}", "move=STOP", "--to", "west"), "beyond-audience"),
        (("N-ZZZ-ZZZ", "step", "move=STOP"), "unknown-item"),
        ((ref, "step", "--form", str(tmp_path / "nowhere.json")), "no-file"),
    ):
        said = north("say", *arguments)
        assert said.code in {1, 2}, said
        assert reason in said.error, said.error


def test_an_incident_is_read_with_its_ladder_and_a_report_with_its_sources(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    north, east = Desk(shell, exchange, "north"), Desk(shell, exchange, "east")
    now = time.time_ns() // 1_000
    file = tmp_path / "incident.json"
    file.write_text(json.dumps({"since": now - DAY_US, "until": now, "area": "the harbour"}))
    options: list[str | Path] = [
        "--tlp",
        "AMBER",
        "--to",
        "east",
        "--title",
        "Explosions",
        "--kind",
        "incident",
        "--form",
        file,
    ]
    ref = north.json("send", *options, "-", stdin=b"What is known")["ref"]
    question = north.json("say", ref, "question", f"incident={ref}", "rung=EVENT")["ref"]
    answer = ["hypothesis", f"question={question}", "rung=EVENT", "text=An attack"]
    hypothesis = north.json("say", question, *answer)["ref"]
    east.until("inbox", has=lambda rows: any(row["ref"] == hypothesis for row in rows))
    judged = ["assessment", f"question={question}", f"hypothesis={hypothesis}", "likelihood=6", "confidence=HIGH"]
    assert east("say", question, *judged).code == 0

    north.until("incidents", ref, has=lambda one: one["questions"][0]["assessments"])
    told = north("incidents", ref).out
    assert "east: An attack: very likely, confidence high" in told
    assert "other or unknown" in told

    event = {
        "what": "a blast",
        "how": "SAW",
        "polarity": "ASSERTS",
        "reliability": "B",
        "credibility": 2,
        "roots": [HASH],
    }
    file.write_text(json.dumps({"events": [event]}))
    report = north.json("send", "--tlp", "AMBER", "--to", "east", "--form", file, "-", stdin=b"Seen")["ref"]
    assert "a blast (B2): at most 1 root source(s), independence not established" in north("sources", report).out


LANGUAGES = {
    "en": ("On the harbour", "We looked together and found nothing more."),
    "fr": ("Du port", "Nous avons cherché ensemble et n’avons rien trouvé de plus."),
    "ar": ("عن الميناء", "بحثنا معاً ولم نجد شيئاً آخر."),
    "fa": ("درباره بندر", "با هم گشتیم و چیز دیگری نیافتیم."),
}


def test_a_text_in_four_languages_is_agreed_by_hash_published_and_checked_by_an_outsider_with_files_alone(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    members = ("north", "east", "south", "west")
    desks = {member: Desk(shell, exchange, member) for member in members}
    north = desks["north"]
    file = tmp_path / "text.json"
    versions = [{"language": code, "title": title, "text": text} for code, (title, text) in LANGUAGES.items()]
    file.write_text(json.dumps({"versions": versions, "members": sorted(members)}))
    options: list[str | Path] = ["--tlp", "AMBER", "--to", "all", "--kind", "communique-draft", "--form", file]
    ref = north.json("send", *options, "-", stdin=b"For all to agree")["ref"]
    refused = north("communique", "publish", ref)
    assert "not-agreed" in refused.error

    for member, desk in desks.items():
        desk.until("communique", "list", has=lambda rows: any(row["ref"] == ref for row in rows))
        assert desk("say", ref, "position", f"version={ref}", "stance=CONCUR").code == 0, member
    north.until("communique", "show", ref, has=lambda one: one["row"]["state"] == "AGREED")
    published = north.json("communique", "publish", ref)["ref"]
    early = north("communique", "export", ref, tmp_path / "early")
    assert "not-signed" in early.error
    for member, desk in desks.items():
        desk.until("inbox", has=lambda rows: any(row["ref"] == published for row in rows))
        assert desk("say", published, "position", f"version={published}", "stance=CONCUR").code == 0, member
    north.until("communique", "show", ref, has=lambda one: one["published"] and not one["published"][0]["missing"])
    folder, charter = tmp_path / "harbour", exchange["north"].charter
    _exported(north, ref, folder)

    checked = shell("communique", "verify", folder, "--charter", charter)
    assert checked.code == 0, checked.error
    assert "east, north, south, west stand behind this text" in checked.out
    assert "بحثنا معاً" in checked.out
    assert "<script" not in (folder / "communique.html").read_text()

    west = folder / "signed-by-west.proof"
    kept = west.read_bytes()
    for other in (folder / "signed-by-east.proof", folder / "communique.proof"):
        west.write_bytes(other.read_bytes())
        assert shell("communique", "verify", folder, "--charter", charter).code == 4
    west.write_bytes(kept)
    text = folder / "communique.proof"
    text.write_bytes(text.read_bytes().replace(b"A", b"B", 1))
    assert shell("communique", "verify", folder, "--charter", charter).code in {2, 4}


def _exported(desk: Desk, ref: str, folder: Path) -> None:
    """Export once all is on record: a proof is refused before."""
    end = time.monotonic() + 60
    while (said := desk("communique", "export", ref, folder)).code != 0:
        assert "not-on-record" in said.error, said.error
        assert time.monotonic() < end
        time.sleep(0.3)


def test_who_presides_is_told(shell: Shell, exchange: Trial) -> None:
    assert Desk(shell, exchange, "east")("chair").out.splitlines()[0].startswith("north presides")


SPEAKER = Speaker(
    exchange=ExchangeId(HASH),
    epoch=Epoch(0),
    member=MemberId("north"),
    officer=ANN,
    at=Micros(1),
    sure=True,
    nonce=bytes(32),
)
POSITION = Position(version=ItemId(HASH), stance="OBJECT", text="no")
ASKED = {"version": REF, "stance": "OBJECT", "text": "no"}


def prepared(form: Position, speaker: Speaker = SPEAKER) -> Prepared:
    draft = Draft(kind="position", tlp="AMBER", title="", text="", to=(MemberId("east"),))
    data = encode(item_statement(draft, form, speaker, marking_of(draft, draft.to), (), (ItemId(HASH),)))
    return Prepared(b64(data), item_id(data))


@pytest.mark.parametrize("asked", [ASKED, {**ASKED, "version": HASH}, {**ASKED, "version": REF.lower()}])
def test_the_position_that_was_asked_is_signed(asked: dict[str, Any]) -> None:
    check_said(prepared(POSITION), "position", asked, ANN)


@pytest.mark.parametrize(
    "given",
    [
        prepared(structs.replace(POSITION, stance="CONCUR")),
        prepared(structs.replace(POSITION, text="yes")),
        prepared(structs.replace(POSITION, version=ItemId("E" * 43))),
        prepared(POSITION, dataclasses.replace(SPEAKER, officer=OfficerName("bob"))),
        Prepared(prepared(POSITION).statement, ItemId(HASH)),
    ],
)
def test_another_position_than_was_asked_is_signed_by_no_key(given: Prepared) -> None:
    with pytest.raises(Untrusted, match="prepared-otherwise"):
        check_said(given, "position", ASKED, ANN)


def test_two_owners_hear_from_the_desk_that_they_meet_and_nothing_more(shell: Shell, exchange: Trial) -> None:
    west, *owners = (Desk(shell, exchange, member) for member in ("west", "north", "east"))
    where = ["--box", "47.0,8.0,47.1,8.1", "--height", "0:300", "--begins", "2h", "--ends", "5h", "--contact", "01 23"]
    first, second = (
        one.json("deconflict", "notify", "--desk", "west", *where, "--tlp", "AMBER")["ref"] for one in owners
    )
    seen = west.until("deconflict", "list", has=lambda told: told["clashes"])
    assert {seen["clashes"][0]["first"], seen["clashes"][0]["second"]} == {first, second}
    assert "not told yet: " in west("deconflict", "list").out

    sent = west.json("deconflict", "tell", first, second, "--contact", "air desk, 04 56")
    assert len(sent) == 2
    for owner, own, other in ((owners[0], first, second), (owners[1], second, first)):
        owner.until("deconflict", "list", has=lambda told: told["activities"][0]["conflicts"])
        told = owner("deconflict", "list").out
        assert f"{own}: conflict in N4700E00800" in told
        assert "west says: call air desk, 04 56" in told
        assert other not in told
    assert west("deconflict", "tell", first, second, "--contact", "x").out.strip() == "both knew already"


def test_an_outline_that_makes_no_sense_is_refused_in_words(shell: Shell, exchange: Trial) -> None:
    north = Desk(shell, exchange, "north")
    good = {"box": "47.0,8.0,47.1,8.1", "height": "0:300", "begins": "2h", "ends": "5h", "tlp": "AMBER", "desk": "west"}

    for change, reason in (
        ({"box": "47.0,8.0"}, "bad-form"),
        ({"box": "47.0,8.0,57.1,28.1"}, "bad-form"),
        ({"height": "300:0"}, "bad-form"),
        ({"ends": "1h"}, "bad-form"),
        ({"begins": "noon"}, "bad-time"),
        ({"tlp": "GREEN"}, "GREEN"),
    ):
        options = [word for name, value in {**good, **change}.items() for word in (f"--{name}", value)]
        said = north("deconflict", "notify", *options, "--contact", "01 23")
        assert said.code in {1, 2}, said
        assert reason in said.error, said.error


def test_of_a_notes_left_out_lines_its_author_is_told_beside_it_and_never_in_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_note(WatchNote("threat N-K7Q-4MX of north: holds", left_out=2))
    say_note(WatchNote("threat N-K7Q-4MX of north: holds"))

    said = capsys.readouterr()
    assert said.out == "threat N-K7Q-4MX of north: holds\n" * 2
    assert said.err.startswith("2 lines are left out: ")
    assert said.err.count("\n") == 1
