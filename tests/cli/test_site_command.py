"""Sites at the command line: registered, warned of, acknowledged, called, exempted; and nothing of it elsewhere."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commandline import Shell
from msgspec import structs
from test_sitrep import Desk
from trial import Trial, trial

from episodes import shown_near
from quartet.cli.client import open_client
from quartet.cli.identity import identify
from quartet.cli.siteview import say_warnings
from quartet.console.shapes import Taken
from quartet.core.ids import MemberId
from quartet.node.desk.siteviews import CallView, EpisodeView, SiteWarningView
from quartet.node.views import FeedDraft, Published, Sighting, moment

DAM = {"type": "Point", "coordinates": [8.0, 47.5]}
AWAY = {"type": "Point", "coordinates": [9.0, 46.5]}
STRANGER = "4b1805"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


def sees(exchange: Trial, lat: float) -> None:
    """Let a sensor of north's, which east may have, see the stranger."""
    folder = exchange["north"]
    with open_client(folder, identify(folder, None, None), None) as client:
        feed = FeedDraft(tlp="AMBER", title="mast", to=(MemberId("east"),))
        ref = client.post("/feeds", feed, Published).ref
        at = moment(time.time_ns() // 1000)  # type: ignore[arg-type]
        seen = Sighting(id=STRANGER, lat=lat, lon=8.0, at=at, alt_m=900, speed_mps=200, track_deg=0, accuracy_m=100)
        client.post(f"/feeds/{ref}/sightings", [seen], Taken)


def test_a_site_is_registered_warned_of_answered_and_quiet_for_one_flight(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    north, east = Desk(shell, exchange, "north"), Desk(shell, exchange, "east")
    file = tmp_path / "dam.geojson"
    file.write_text(json.dumps({"type": "Feature", "geometry": DAM, "properties": {"name": "dam", "radius_m": 2000}}))
    about = ("--name", "Dam 3", "--kind", "installation", "--custodian", "the keeper", "--phone", "04 56")

    wide = north("site", "register", file, *about, "--tlp", "AMBER")
    assert (wide.code, "site-too-wide" in wide.error) == (2, True)
    site = north.json("site", "register", file, *about, "--tlp", "AMBER+STRICT")["ref"]
    assert north.json("site", "list")["sites"][0]["volumes"][0]["active"] is True

    sees(exchange, 47.49)
    (told,) = north.until("site", "warnings", has=lambda found: found)
    assert (told["level"], told["mover"], told["waits"]) == ("INSIDE", STRANGER, True)
    assert "site-warning" in [one["reason"] for one in north.json("status")["alarms"]]
    north.json("site", "seen", told["ref"])
    assert f"CALL BY {told['call_due'][:10]}" in north("site", "list").out
    north.json("site", "call", told["ref"], "--called", "the keeper", "--outcome", "no-answer", "--text", "rings on")
    shown = north("site", "list")
    assert f"{told['ref']}" in shown.out
    assert "called the keeper: no-answer rings on" in shown.out
    assert "CALL AGAIN BY 20" in shown.out
    again = north.json("site", "list")["warnings"][0]
    assert again["call_due"] > told["call_due"]
    assert again["calls"][0]["outcome"] == "NO_ANSWER"
    assert "site-warning" not in [one["reason"] for one in north.json("status")["alarms"]]

    flight = ("--flight", STRANGER, "--reason", "survey", "--person", "the keeper")
    exempted = north("site", "exempt", site, "--volume", "dam", *flight, "--ends", "2h")
    given = exempted.out.split(":")[0]
    assert exempted.out.startswith(f"{given}: {STRANGER} may pass dam until 20")
    assert exempted.out.endswith(f"; end it with: quartet site lift {site} {given}\n")
    north.until("site", "list", has=lambda found: any(one["exempt"] for one in found["near"]))
    assert f"{STRANGER} may pass dam" in north("site", "list").out
    assert north("site", "exempt", site, "--volume", "all", *flight, "--ends", "2h").code == 2
    assert north("site", "lift", site, given).out.endswith(f": {given} is ended\n")
    assert north.json("site", "list")["sites"][0]["exemptions"] == []
    active = north("site", "activate", site, "--volume", "dam", "--ends", "7d").out
    assert active.split(": ", 1)[1].startswith("dam is active until 20")
    assert f"end it with: quartet site lift {site} " in active

    refused = north("recall", site)
    assert (refused.code, refused.error.startswith(f"not-agreed: {site} is a site: ")) == (1, True)
    assert "1 note of calls go with it" in refused.error
    assert f"quartet site close {site}; to recall it all the same: --yes" in refused.error
    assert north("site", "close", site).out.endswith(f": {site} is looked after no more, and its record stays\n")
    assert "CLOSED" in north("site", "list").out
    for word, more in (("activate", ()), ("exempt", flight)):
        late = north("site", word, site, "--volume", "dam", *more, "--ends", "2h")
        opens = f"site-closed: {site} is closed: register it anew with --corrects {site}"
        assert (late.code, late.error.startswith(opens)) == (2, True)
    assert told["ref"] in [one["ref"] for one in north.json("site", "warnings")]
    assert north("recall", site, "--yes").code == 0
    assert north.json("site", "warnings") == []

    assert east.json("site", "list") | {"at": ""} == {"at": "", "sites": [], "near": [], "warnings": []}
    assert east.json("site", "warnings") == []
    assert not any("site" in row["kind"] for row in east.json("inbox"))
    said = [east("site", "seen", told["ref"]), east("site", "seen", "N-000-000")]
    assert [one.error.replace(told["ref"], "N-000-000") for one in said] == [said[1].error] * 2


def test_an_outcome_is_one_word_however_it_is_spelt(shell: Shell, exchange: Trial) -> None:
    north = Desk(shell, exchange, "north")

    for spelt in ("no-answer", "no_answer", "No answer", "NO_ANSWER"):
        said = north("site", "call", "N-000-000", "--called", "the keeper", "--outcome", spelt)
        assert said.error.startswith("unknown-item: "), said
    wrong = north("site", "call", "N-000-000", "--called", "the keeper", "--outcome", "none")

    assert wrong.error == "unknown-outcome: --outcome none: choose one of REACHED, NO-ANSWER, REFUSED\n"


def an_episode(due: datetime | None) -> EpisodeView:
    return shown_near(mover=STRANGER, call_due=due, late=True)


def test_a_call_that_is_overdue_says_since_when(capsys: pytest.CaptureFixture[str]) -> None:
    one = an_episode(datetime(2026, 3, 1, 12, 1, tzinfo=UTC))

    say_warnings((one, structs.replace(one, late=False)))

    late, soon = capsys.readouterr().out.splitlines()
    assert "CALL, OVERDUE SINCE 2026-03-01 12:01:00Z" in late
    assert "CALL BY 2026-03-01 12:01:00Z" in soon


def test_levels_and_calls_of_a_warning_are_told_in_the_order_of_time(capsys: pytest.CaptureFixture[str]) -> None:
    begins = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    steps = tuple(
        SiteWarningView(
            ref=f"N-{level}",
            at=begins + timedelta(minutes=minutes),
            level=level,  # type: ignore[arg-type]
            seen=begins,
            within_s=None,
            distance_m=None,
            bearing_deg=None,
            height_m=None,
            ended=None,
        )
        for level, minutes in (("PREDICTED", 0), ("INSIDE", 4))
    )
    call = CallView(
        ref="N-call",
        officer="duty",
        called="the keeper",
        phone="",
        at=begins + timedelta(minutes=2),
        outcome="NO_ANSWER",
        text="",
    )

    say_warnings((structs.replace(an_episode(None), warnings=steps, calls=(call,)),))

    told = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[1:3] for line in told] == [
        ["12:00:00Z", "predicted"],
        ["12:02:00Z", "duty"],
        ["12:04:00Z", "inside"],
    ]


def test_what_is_no_warning_or_no_site_and_a_name_that_no_mover_has_are_told_in_words(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    north = Desk(shell, exchange, "north")
    file = tmp_path / "hide.geojson"
    file.write_text(json.dumps({"type": "Feature", "geometry": AWAY, "properties": {"name": "hide", "radius_m": 500}}))
    about = ("--name", "Hide", "--kind", "sanctuary", "--custodian", "the warden", "--phone", "07", "--tlp")
    site = north.json("site", "register", file, *about, "AMBER+STRICT")["ref"]
    report = north.json("send", "--tlp", "AMBER", "--to", "east", "-", stdin=b"Nothing new.")["ref"]
    flight = ("--volume", "hide", "--reason", "survey", "--person", "the warden", "--ends", "2h", "--flight")

    told = north("site", "seen", site)
    other = north("site", "exempt", report, *flight, STRANGER)
    spaced = north("site", "exempt", site, *flight, "SWR 12")
    called = north("site", "exempt", site, *flight, "SWR12A")
    shouted = north("site", "exempt", site, *flight, "4B1806")

    assert told.error.startswith(f"not-warned: {site} is a site and no warning of a site, ")
    assert told.error.endswith("the first column of `quartet site warnings` names them\n")
    assert other.error == (
        f"not-a-site: {report} is a report and no site, the first column of `quartet site list` names them\n"
    )
    assert (spaced.code, spaced.reason) == (2, "bad-flight")
    assert "4b1805" in spaced.error
    assert "regex" not in spaced.error
    assert "SWR12A is no address: only a track of that name may pass, and a Flight ID is none" in called.out
    assert "4b1806 may pass hide until 20" in shouted.out
    (hide,) = [one for one in north.json("site", "list")["sites"] if one["ref"] == site]
    assert {one["flight"] for one in hide["exemptions"]} == {"SWR12A", "4b1806"}
