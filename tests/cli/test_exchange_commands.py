"""The commands against running nodes: what is sent, seen, refused, granted, recalled and proven."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from commandline import Said, Shell, heavy_after
from trial import Trial, trial
from typer.testing import CliRunner

from quartet.cli.app import app
from quartet.cli.client import open_client
from quartet.cli.identity import identify
from quartet.cli.words import WORDS
from quartet.console.proof import Request, sign_request
from quartet.core.ids import Micros
from quartet.exercise.simulate import simulate
from quartet.exercise.sky import Drawn, Radar, Scene
from quartet.node.folder import MemberFolder
from quartet.node.views import MAX_PAGE, Page


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


class Desk:
    """One member's officer at her shell."""

    def __init__(self, shell: Shell, exchange: Trial, member: str) -> None:
        self._shell = shell
        self.folder = exchange[member]

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Said:
        return self._shell(*arguments, "--dir", self.folder.root, stdin=stdin)

    def json(self, *arguments: str | Path, stdin: bytes = b"", code: int = 0) -> Any:
        said = self(*arguments, "--json", stdin=stdin)
        assert (said.code, said.error) == (code, "")
        assert said.out.count("\n") == 1
        return json.loads(said.out)

    def send(self, text: str, *options: str) -> str:
        said = self("send", *options, "-", stdin=text.encode())
        assert said.code == 0, said.error
        return said.out.strip()

    def refs(self) -> list[str]:
        return [row["ref"] for row in self.json("inbox")]


Desks = Callable[[str], Desk]


@pytest.fixture
def desk(shell: Shell, exchange: Trial) -> Desks:
    return lambda member: Desk(shell, exchange, member)


def until(true: Callable[[], bool], within: float = 60.0) -> None:
    ends = time.monotonic() + within
    while not true():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.05)


def test_a_command_that_asks_its_node_loads_nothing_that_only_a_node_needs(desk: Desks) -> None:
    north = desk("north")
    ref, where = north.send("A bridge is closed\n", "--tlp", "GREEN", "--to", "east"), ["--dir", str(north.folder.root)]

    assert heavy_after(["inbox", *where], ["show", ref, *where], ["status", *where], ["receipts", ref, *where]) == []


def test_what_is_sent_reaches_whom_it_names_and_no_other(desk: Desks) -> None:
    ref = desk("north").send("Drone parts seen near Dam 3\n", "--tlp", "AMBER", "--to", "east,south")

    until(lambda: all(ref in desk(member).refs() for member in ("north", "east", "south")))

    assert ref not in desk("west").refs()
    shown = desk("east").json("show", ref.lower())
    assert (shown["title"], shown["tlp"], shown["author"]) == ("Drone parts seen near Dam 3", "AMBER", "north")
    assert shown["body"]["text"] == "Drone parts seen near Dam 3\n"
    assert shown["marking"] == {"tlp": "AMBER", "rel": ["east", "south"], "onward": "ASK", "mode": "RELEASE"}
    assert {"k", "n"} <= set(shown["on_record"])


def test_the_withheld_and_the_absent_are_told_alike(desk: Desks) -> None:
    ref = desk("north").send("for east", "--tlp", "AMBER", "--to", "east")
    until(lambda: ref in desk("east").refs())
    west = desk("west")

    for command in (["show"], ["receipts"], ["export"], ["why", "east"], ["recall"], ["grant", "south"]):
        withheld = west(command[0], ref, *command[1:])
        absent = west(command[0], "N-ZZZ-ZZZ", *command[1:])
        assert (withheld.code, withheld.error) == (absent.code, absent.error)
        assert (withheld.code, withheld.reason, withheld.out) == (1, "unknown-item", "")


def test_the_shapes_that_scripts_depend_on(desk: Desks) -> None:
    north, east = desk("north"), desk("east")

    sent = north.json("send", "--tlp", "GREEN", "--to", "east", "-", stdin=b"shapes")
    until(lambda: sent["ref"] in east.refs())
    until(lambda: "east" in north.json("receipts", sent["ref"])["delivered"])
    row = next(row for row in east.json("inbox") if row["ref"] == sent["ref"])
    verified = east.json("verify")

    assert set(sent) == {"id", "ref"}
    assert {"id", "ref", "author", "kind", "title", "tlp", "at"} <= set(row)
    assert row["at"].endswith("Z")
    assert {"body", "marking", "on_record"} <= set(east.json("show", sent["ref"]))
    receipts = north.json("receipts", sent["ref"])
    assert receipts["purged"] == {}
    assert receipts["owed"] == []
    assert receipts["delivered"]["east"].endswith("Z")
    assert verified["ok"] is True
    assert verified["problems"] == []
    assert set(verified["logs"]) == {"north", "east", "south", "west"}
    assert all({"size", "cosigners"} <= set(log) for log in verified["logs"].values())
    assert east.json("picture") == []
    assert {"member", "links", "logs", "alarms", "version"} <= set(east.json("status"))


def test_most_urgent_first(desk: Desks) -> None:
    north = desk("north")
    sent = {
        word: north.send(f"order {word}", "--tlp", "GREEN", "--to", "south", "--precedence", word)
        for word in ("ROUTINE", "FLASH", "PRIORITY", "IMMEDIATE")
    }

    order = [row["ref"] for row in north.json("inbox", "--search", "order ")]

    assert order == [sent[word] for word in ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE")]


def test_why_answers_its_author_with_yes_or_no(desk: Desks) -> None:
    north = desk("north")
    ref = north.send("why", "--tlp", "AMBER", "--to", "east")
    until(lambda: north("why", ref, "east").code == 0)

    no = north("why", ref, "west")

    assert (no.code, no.error) == (1, "")
    assert "not-named" in no.out
    assert north.json("why", ref, "west", code=1)["has"] is False
    assert north("why", ref, "mars").reason == "unknown-member"


def test_a_preview_shows_each_view_and_sends_nothing(desk: Desks) -> None:
    north = desk("north")
    before = north.refs()

    said = north("send", "--tlp", "AMBER", "--to", "east", "--preview", "-", stdin=b"not yet")
    views = north.json("send", "--tlp", "AMBER", "--to", "east", "--preview", "-", stdin=b"not yet")

    assert "as east will see it" in said.out
    assert "as west will see it" not in said.out
    assert {view["member"]: view["admitted"] for view in views} == {"east": True, "south": False, "west": False}
    assert next(view for view in views if view["member"] == "west")["sees"] is None
    assert north.refs() == before


def test_red_is_for_the_persons_named(desk: Desks) -> None:
    ref = desk("north").send("eyes", "--tlp", "RED", "--to", "east,south", "--persons", "east/duty")

    until(lambda: ref in desk("east").refs())

    assert ref not in desk("south").refs()
    assert desk("north")("send", "--tlp", "RED", "--to", "east", "-", stdin=b"x").reason == "red-names-nobody"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--to", "east,mars"], "unknown-member"),
        (["--to", "east", "--caveat", "NONSENSE"], "unknown-caveat"),
        (["--to", "east", "--contains", "N-ZZZ-ZZZ"], "unknown-item"),
    ],
)
def test_what_the_node_refuses_is_one_line(desk: Desks, options: list[str], reason: str) -> None:
    said = desk("north")("send", "--tlp", "GREEN", *options, "-", stdin=b"text")

    assert said.reason == reason
    assert said.out == ""


def test_a_file_goes_along_and_comes_back_whole(desk: Desks, tmp_path: Path) -> None:
    content = bytes(range(256)) * 3000
    (tmp_path / "photo.jpg").write_bytes(content)
    ref = desk("north").send("see", "--tlp", "GREEN", "--to", "east", "--attach", str(tmp_path / "photo.jpg"))
    east = desk("east")
    until(lambda: ref in east.refs())
    until(lambda: east("show", ref, "--save", tmp_path / "saved").code == 0)

    saved = tmp_path / "saved" / "photo.jpg"

    assert saved.read_bytes() == content
    assert east("show", ref, "--save", tmp_path / "saved").reason == "file-exists"
    assert [path.name for path in saved.parent.iterdir()] == ["photo.jpg"]


def test_an_empty_attachment_is_refused(desk: Desks, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()

    said = desk("north")("send", "--tlp", "GREEN", "--to", "east", "--attach", tmp_path / "empty", "-", stdin=b"x")

    assert (said.code, said.reason) == (2, "empty-file")


def test_consent_delivers_and_only_its_controller_can_give_it(desk: Desks) -> None:
    ref = desk("north").send("consent", "--tlp", "AMBER", "--to", "east")
    until(lambda: ref in desk("east").refs())

    refused = desk("east")("grant", ref, "west")
    granted = desk("north").json("grant", ref, "west", "--until", "1h")

    assert (refused.code, refused.reason) == (4, "not-controller")
    assert set(granted) == {"id", "ref"}
    until(lambda: ref in desk("west").refs())


def test_a_recall_hides_at_once_and_names_the_debtors_until_they_paid(desk: Desks, exchange: Trial) -> None:
    north, east = desk("north"), desk("east")
    ref = north.send("take back", "--tlp", "AMBER", "--to", "east,south")
    until(lambda: len(north.json("receipts", ref)["delivered"]) == 2)

    exchange.hub.drop_if = lambda passed: "south" in (passed.frm, passed.to)  # so that south owes while we look
    recalled = north.json("recall", ref)
    owing = north("receipts", ref)
    exchange.hub.drop_if = None

    assert set(recalled) == {"id", "ref"}
    assert owing.code == 1
    until(lambda: ref not in east.refs())
    paid = north("recall", ref, "--wait", "--timeout", "90")
    assert (paid.code, paid.error) == (0, "")
    assert "recalled already" in paid.out
    answer = north.json("receipts", ref)
    assert set(answer["purged"]) == {"east", "south"}
    assert answer["owed"] == []


def test_an_outsider_checks_an_exported_proof_with_files_alone(desk: Desks, shell: Shell, tmp_path: Path) -> None:
    east = desk("east")
    ref = desk("north").send("prove", "--tlp", "GREEN", "--to", "east")
    proof = tmp_path / "item.proof"
    until(lambda: east("export", ref, "--output", proof).code == 0)

    plain = shell("verify", proof, "--charter", east.folder.charter)
    said = shell("verify", proof, "--charter", east.folder.charter, "--json")

    assert plain.code == said.code == 0
    assert "on record since" in plain.out
    assert json.loads(said.out)["proof"]["author"] == "north"
    assert json.loads(said.out)["proof"]["on_record"].endswith("Z")
    assert east("export", ref, "--output", proof).reason == "file-exists"


def test_a_proof_with_one_byte_changed_proves_nothing(desk: Desks, shell: Shell, tmp_path: Path) -> None:
    east = desk("east")
    ref = desk("north").send("prove too", "--tlp", "GREEN", "--to", "east")
    proof = tmp_path / "item.proof"
    until(lambda: east("export", ref, "--output", proof).code == 0)
    whole = bytearray(proof.read_bytes())
    whole[len(whole) // 3] = ord("B") if whole[len(whole) // 3] != ord("B") else ord("C")
    proof.write_bytes(whole)

    plain = shell("verify", proof, "--charter", east.folder.charter)
    said = shell("verify", proof, "--charter", east.folder.charter, "--json")

    assert plain.code == said.code == 4
    assert plain.out == ""
    assert json.loads(said.out)["ok"] is False


def test_the_event_stream_tells_what_was_missed_and_what_comes_and_resumes(desk: Desks) -> None:
    north, east = desk("north"), desk("east")
    missed = north.send("event one", "--tlp", "GREEN", "--to", "east")
    until(lambda: missed in east.refs())

    with events(east.folder) as stream:
        heard = [next(stream)]
        while heard[-1]["ref"] != missed:
            heard.append(next(stream))
        comes = north.send("event two", "--tlp", "GREEN", "--to", "east")
        while heard[-1]["ref"] != comes:
            heard.append(next(stream))
    with events(east.folder, last=heard[-2]["seq"]) as stream:
        resumed = next(stream)

    assert heard[-1]["ref"] == resumed["ref"] == comes
    assert len({event["seq"] for event in heard}) == len(heard)
    told = [event["ref"] for event in heard if event["kind"] == "item"]
    with open_client(east.folder, identify(east.folder, None, None)) as client:
        listed = [row.ref for row in client.get("/items", Page, {"limit": MAX_PAGE}).items]
    assert told == [ref for ref in listed if ref in told]


@contextmanager
def events(folder: MemberFolder, last: str = "0") -> Iterator[Iterator[Any]]:
    identity = identify(folder, None, None)
    asked = Request("GET", "/events", b"")
    now = Micros(time.time_ns() // 1000)
    headers = sign_request(asked, identity.name, identity.key, now, os.urandom(16)) | {"Last-Event-ID": last}
    transport = httpx.HTTPTransport(uds=str(folder.root / "api.sock"))
    with (
        httpx.Client(transport=transport, timeout=60) as client,
        client.stream("GET", "http://node/events", headers=headers) as response,
    ):
        assert response.status_code == 200
        lines = response.iter_lines()
        yield (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


def test_a_recording_becomes_tracks_for_whom_the_feed_names(desk: Desks, tmp_path: Path) -> None:
    recording = tmp_path / "flight.csv"
    frames = ("8d40621d58c382d690c8ac2863a7", "8d40621d58c386435cc412692ad6")
    recording.write_text("".join(f"172024818{n}.5,{frame}\n" for n, frame in enumerate(frames)))
    options = ("--tlp", "GREEN", "--to", "east", "--speed", "max", "--reference", "52.25,3.9")

    fed = desk("north").json("feed", "--format", "modes", recording, *options)

    assert (fed["frames"], fed["sightings"], fed["refused"]) == (2, 1, {})
    until(lambda: bool(desk("east").json("picture")))
    track = desk("east").json("picture")[0]
    assert set(track) >= {"id", "lat", "lon", "alt_m", "speed_mps", "track_deg", "at", "from"}
    assert ([part["from"] for part in track["parts"]], track["roots"]) == (["north"], [f"adsb:{track['id']}"])
    assert track["from"] == "north"
    assert track["state"] in {"measured", "extrapolated", "old"}
    assert abs(track["lat"] - 52.26) < 0.01
    told = desk("north")("sensors").out
    assert "no sensors: the settings name none" in told
    assert f"{fed['ref']}: Mode S, flight.csv (GREEN): opened by hand, as a replayed recording is" in told
    assert desk("north").json("sensors") == []
    unknown = desk("north")("sensors", "--coverage", "radar-9")
    assert unknown.code != 0
    assert "unknown-sensor: radar-9" in unknown.error
    assert fed["ref"] not in desk("east")("sensors").out  # it is none of its own
    until(lambda: "old: not for 24 s" in desk("east")("picture").out, 40)
    assert desk("west").json("picture") == []


def test_a_simulated_radar_network_becomes_tracks_of_an_exercise(desk: Desks, tmp_path: Path) -> None:
    scene = tmp_path / "scene.toml"
    scene.write_text("lat = 46.0\nlon = 7.0\nseconds = 8\n[drawn]\ncount = 5\n")
    assert CliRunner().invoke(app, ["simulate", str(scene), "--out", str(tmp_path / "drill")]).exit_code == 0
    options = ("--tlp", "GREEN", "--to", "south", "--speed", "max", "--reference", "46.0,7.0", "--caveat", "EXERCISE")

    fed = desk("north").json("feed", "--format", "asterix", tmp_path / "drill" / "system.pcap", *options)

    assert (fed["frames"], fed["sightings"], fed["refused"]) == (15, 15, {})
    until(lambda: len([one for one in desk("south").json("picture") if one["id"].startswith("EXERCISE/f0000")]) == 5)


def test_a_bad_recording_is_told_what_is_wrong_with_it_and_not_with_the_options(desk: Desks, tmp_path: Path) -> None:
    drill = tmp_path / "drill"
    scene = Scene(lat=46.0, lon=7.0, seconds=30, drawn=Drawn(count=5), radars=(Radar(name="mast", lat=46.0, lon=7.0),))
    simulate(scene, drill)
    whole, cut, hello = drill / "mast.pcap", tmp_path / "cut.pcap", tmp_path / "hello"
    cut.write_bytes(whole.read_bytes()[:-10])
    hello.write_text("hello")
    options = ("--format", "asterix", "--tlp", "GREEN", "--to", "south", "--speed", "max", "--reference", "46.0,7.0")
    feed = partial(desk("north"), "feed", *options)

    simulated, text, elsewhere = feed(whole), feed(hello), feed(whole, "--caveat", "EXERCISE", "--port", "8601")
    told = feed(cut, "--caveat", "EXERCISE")
    fed = desk("north").json("feed", *options, "--caveat", "EXERCISE", cut)
    as_a_whole = desk("north").json("feed", *options, "--caveat", "EXERCISE", whole)

    assert (simulated.code, simulated.reason) == (2, "no-plots")
    assert " test-target: they are simulated: add --caveat EXERCISE" in simulated.error
    assert (text.code, text.reason) == (2, "no-blocks")
    assert "this is neither pcap nor ASTERIX" in text.error
    assert "there is 8600: check --port" in elsewhere.error
    assert (told.code, told.error.startswith(f"warning: {cut} ends early")) == (0, True)
    assert (fed["ends_early"], as_a_whole["ends_early"]) == (True, False)
    assert "how fast they fly is not known" in told.error
    assert as_a_whole["hurried"]


def test_a_damaged_recording_and_one_that_runs_backwards_say_so(desk: Desks, tmp_path: Path) -> None:
    drill = tmp_path / "drill"
    scene = Scene(lat=46.0, lon=7.0, seconds=60, drawn=Drawn(count=20), radars=(Radar(name="mast", lat=46.0, lon=7.0),))
    simulate(scene, drill)
    whole = (drill / "mast.pcap").read_bytes()
    damaged, backwards = tmp_path / "damaged.pcap", tmp_path / "backwards.pcap"
    damaged.write_bytes(whole[:10_000] + bytes(range(256)) * 8 + whole[12_048:])
    backwards.write_bytes(whole[:24] + b"".join(reversed(packets(whole))))
    options = ("--format", "asterix", "--tlp", "GREEN", "--to", "south", "--speed", "max", "--reference", "46.0,7.0")
    feed = partial(desk("north"), "feed", *options, "--caveat", "EXERCISE")

    told, reversed_ = feed(damaged), feed(backwards)
    fed = desk("north").json("feed", *options, "--caveat", "EXERCISE", damaged)
    as_a_whole = desk("north").json("feed", *options, "--caveat", "EXERCISE", drill / "mast.pcap")
    riddled = tmp_path / "riddled.pcap"
    spoilt = [b"\xff" * 16 + one[16:] if n % 9 == 5 and n < 180 else one for n, one in enumerate(packets(whole))]
    riddled.write_bytes(whole[:24] + b"".join(spoilt))
    in_many = desk("north").json("feed", *options, "--caveat", "EXERCISE", riddled)

    assert in_many["refused"]["bad-packet"] == 20
    assert [one["places"] for one in in_many["lost"]] == [*[1] * 15, 5]
    assert "is damaged: from byte " in told.error
    assert "what follows was read" in told.error
    assert "ends early" not in told.error
    assert "bad-packet" in told.out
    assert 0.9 * as_a_whole["sightings"] < fed["sightings"] < as_a_whole["sightings"]
    assert (reversed_.code, reversed_.reason) == (2, "time-backwards")
    assert "sort it by time" in reversed_.error


def packets(capture: bytes) -> list[bytes]:
    """Return the packets of a capture, each with its header."""
    found, at = [], 24
    while at < len(capture):
        size = 16 + int.from_bytes(capture[at + 8 : at + 12], "little")
        found.append(capture[at : at + size])
        at += size
    return found


def test_a_new_officer_acts_by_her_own_key_at_once(desk: Desks) -> None:
    south = desk("south")

    added = south.json("officer", "add", "second", "--roles", "watch")

    assert added["told"] is True
    assert {one["name"] for one in south.json("officer", "list")} == {"duty", "second"}
    assert south("inbox", "--as", "second").code == 0
    assert south("inbox").reason == "which-officer"
    assert south("officer", "add", "second").reason == "officer-exists"

    key, said = south.folder.officers / "second.key", ("send", "--tlp", "AMBER", "--to", "east", "--as", "second", "-")
    ref = south.json(*said, stdin=b"Hers")["ref"]
    gone = south("officer", "remove", "second", "--as", "duty")
    assert (gone.code, gone.error) == (0, "")
    assert gone.out.startswith("second is an officer no more; her sessions end\n")
    assert f"destroy her key: {key}" in gone.out
    assert "duty is alone" in gone.out
    assert south("inbox", "--as", "second").reason == "unknown-officer"
    assert {one["name"] for one in south.json("officer", "list", "--as", "duty")} == {"duty"}
    assert south("officer", "list", "--as", "second").reason == "no-such-officer"
    assert "south/second" in south("show", ref, "--as", "duty").out  # it stays hers
    assert south("officer", "remove", "duty", "--as", "duty").reason == "last-officer"
    assert south("officer", "remove", "second", "--as", "duty").reason == "no-such-officer"
    key.unlink()


def test_keys_are_shown_and_only_those_that_there_are_can_be_rotated(desk: Desks, exchange: Trial) -> None:
    keys = desk("west").json("keys", "show")

    assert [key["use"] for key in keys["keys"]] == ["item", "log", "log", "link"]
    assert desk("west")("keys", "rotate", "root").reason == "unknown-key"


def test_an_act_needs_the_signatures_of_the_others(desk: Desks, tmp_path: Path) -> None:
    north, east = desk("north"), desk("east")
    act = tmp_path / "act.json"
    hub = "hub-1=east=tls://127.0.0.1:4222"

    proposed = north.json("charter", "propose", "set", "--hub", hub, "--reason", "moved", "--output", act)
    too_soon = north("charter", "apply", act)
    for member in ("east", "south", "west"):
        assert desk(member)("charter", "sign", act).code == 0
    applied = north.json("charter", "apply", act)

    assert proposed["missing"] == ["east", "south", "west"]
    assert (too_soon.code, too_soon.reason) == (4, "act-not-carried")
    assert applied["epoch"] == 1
    until(lambda: bool(east.json("charter", "show")["epoch"] == 1))
    assert east.json("charter", "show")["hubs"][0]["host"] == "east"
    assert north("charter", "propose", "remove", "west").reason == "unknown-act"
    assert north("charter", "apply", act).reason == "act-not-next"


def test_every_command_of_the_contract_is_there_and_no_other_was_promised() -> None:
    named = {word.name for word in WORDS}

    assert named >= {
        "demo", "new-exchange", "up", "serve", "status", "send", "inbox", "show", "why", "grant", "receipts", "recall",
        "verify", "export", "feed", "picture", "backup", "restore", "carry",
    }  # fmt: skip
    assert "thread" not in named


def test_a_flash_that_goes_as_immediate_is_told_to_who_sent_it(shell: Shell, exchange: Trial) -> None:
    south = Desk(shell, exchange, "south")
    flash = ("send", "--tlp", "AMBER", "--to", "east", "--precedence", "FLASH", "-")

    told = [south(*flash, stdin=f"the dam rises, {n}".encode()) for n in range(7)]

    assert [one.code for one in told] == [0] * 7
    assert [one.error for one in told[:6]] == [""] * 6
    assert f"{told[6].out.strip()} went as IMMEDIATE" in told[6].error
