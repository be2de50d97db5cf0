"""Identification at the command line: what is stated, handed over and answered says so in words, also when too late."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from commandline import Shell
from test_sitrep import Desk
from trial import Trial, trial

from quartet.cli.client import open_client
from quartet.cli.identity import identify
from quartet.console.shapes import Taken
from quartet.node.views import FeedDraft, Published, Sighting, moment

CRAFT = "4b1805"
SETTINGS = """
[identify]
airspaces = "airspaces.geojson"
watch = ["{watch}"]
"""


def box(name: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, 46.0], [east, 46.0], [east, 48.0], [west, 48.0], [west, 46.0]]
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def prepare(made: Trial) -> None:
    both = {"type": "FeatureCollection", "features": [box("NORTH", 6.0, 8.0), box("EAST", 8.0, 10.0)]}
    for name in ("north", "east"):
        folder = made[name]
        folder.path("airspaces.geojson").write_text(json.dumps(both))
        with folder.settings.open("a") as file:
            file.write(SETTINGS.format(watch=name.upper()))


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t", prepare=prepare) as made:
        yield made


def sees(exchange: Trial, member: str, address: str, lon: float) -> None:
    """Let a member's own sensor see an aircraft that flies east."""
    folder = exchange[member]
    with open_client(folder, identify(folder, None, None), None) as client:
        feed = FeedDraft(tlp="AMBER", title="mast", to=())
        ref = client.post("/feeds", feed, Published).ref
        at = moment(time.time_ns() // 1000)  # type: ignore[arg-type]
        seen = Sighting(id=address, lat=47.0, lon=lon, at=at, alt_m=9000, speed_mps=200, track_deg=90, accuracy_m=100)
        client.post(f"/feeds/{ref}/sightings", [seen], Taken)


def offered(north: Desk, east: Desk, address: str, at: str) -> str:
    ref: str = north.json(
        "identify", "offer", address, "--to", "east", "--tlp", "AMBER", "--boundary", "EAST", "--at", at
    )["ref"]
    east.until("identify", "list", has=lambda page: any(one["ref"] == ref for one in page["offers"]))
    return ref


def test_a_list_says_once_that_the_settings_name_no_airspace(shell: Shell, exchange: Trial) -> None:
    lists = {name: Desk(shell, exchange, name)("identify", "list").out for name in ("north", "south")}

    assert {name: out.count("no airspace is named") for name, out in lists.items()} == {"north": 0, "south": 1}


def test_a_statement_says_what_it_states_until_when_and_to_whom(shell: Shell, exchange: Trial) -> None:
    north = Desk(shell, exchange, "north")
    sees(exchange, "north", CRAFT, 7.0)
    north.until("identify", "list", has=lambda page: any(one["id"] == CRAFT for one in page["aircraft"]))
    named = ("--category", "identified-civil", "--tlp", "AMBER")

    bare = north("identify", "state", CRAFT, *named)
    alone = north("identify", "state", CRAFT, *named, "--reason", "A registered glider")
    told = north("identify", "state", CRAFT, *named, "--control", "--reason", "control knows her", "--to", "east,south")

    assert (bare.code, bare.reason) == (2, "no-reason")
    assert "--reason" in bare.error
    assert f": {CRAFT} is stated identified civil until 20" in alone.out
    assert alone.out.endswith(", to your own member alone: --to tells others\n")
    assert told.out.endswith(", to east, south\n")


def test_an_answer_says_what_was_answered_and_how_the_offer_stands(shell: Shell, exchange: Trial) -> None:
    north, east = Desk(shell, exchange, "north"), Desk(shell, exchange, "east")
    sees(exchange, "north", "3c6444", 7.5)
    north.until("identify", "list", has=lambda page: any(one["id"] == "3c6444" for one in page["aircraft"]))
    ref = offered(north, east, "3c6444", "6m")

    silent = east("identify", "answer", ref, "--word", "ask")
    asked = east("identify", "answer", ref, "--word", "ask", "--text", "Which level?")
    taken = east("identify", "answer", ref, "--word", "accept")

    assert (silent.code, silent.reason) == (2, "bad-form")
    assert "--text" in silent.error
    assert ": you ask about 3c6444, which north offers at EAST 20" in asked.out
    assert asked.out.endswith("; the offer stands ASKED\n")
    assert ": you accept 3c6444, which north offers at EAST 20" in taken.out
    assert "; east states it " in taken.out
    assert taken.out.endswith("; the offer stands ACCEPTED\n")


def test_an_answer_that_comes_too_late_says_so_and_what_it_is_good_for(shell: Shell, exchange: Trial) -> None:
    north, east = Desk(shell, exchange, "north"), Desk(shell, exchange, "east")
    sees(exchange, "north", "4ca7b1", 7.9)
    north.until("identify", "list", has=lambda page: any(one["id"] == "4ca7b1" for one in page["aircraft"]))
    ref = offered(north, east, "4ca7b1", "60s")

    asked = east("identify", "answer", ref, "--word", "ask", "--text", "Which level?").out.splitlines()
    taken = east("identify", "answer", ref, "--word", "accept").out.splitlines()
    told = east.json("identify", "answer", ref, "--word", "reject", "--text", "Not ours")

    assert asked[0].endswith("; the offer stands UNANSWERED")
    assert asked[1].startswith("the time to answer ended 20")
    assert asked[1].endswith(": a question changes nothing any more, and the alarm stays; call north")
    assert taken[0].endswith("; the offer stands ACCEPTED")
    assert "your answer counts all the same and ends the alarm" in taken[1]
    assert (told["late"], told["offer"]["stage"]) == (True, "ACCEPTED")
