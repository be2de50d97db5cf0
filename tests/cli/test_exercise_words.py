"""What was made of an exercise's feed is called EXERCISE by every command that tells of it, and nothing else is."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from commandline import Shell
from test_site_command import DAM, STRANGER
from test_sitrep import Desk
from trial import Trial, trial

from quartet.cli import identify as commands
from quartet.cli.client import Client, open_client
from quartet.cli.identity import identify
from quartet.console.shapes import Taken
from quartet.node.identify.views import MovementPage, MovementView
from quartet.node.views import FeedDraft, Published, Sighting, moment

REAL = "3c6444"
SIMULATED = f"EXERCISE/{STRANGER}"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


class Mast:
    """A sensor of north's that sees one mover at the dam, again and again while it is asked for."""

    def __init__(self, exchange: Trial, mover: str, *caveats: str) -> None:
        self._folder, self._mover = exchange["north"], mover
        with self._client() as client:
            feed = FeedDraft(tlp="AMBER", title="mast", to=(), caveats=caveats)
            self._ref = client.post("/feeds", feed, Published).ref

    def sees(self) -> bool:
        at = moment(time.time_ns() // 1000)  # type: ignore[arg-type]
        where: dict[str, Any] = {"lat": 47.49, "lon": 8.0, "alt_m": 900, "speed_mps": 200, "track_deg": 0}
        with self._client() as client:
            seen = Sighting(id=self._mover, at=at, accuracy_m=100, **where)
            return client.post(f"/feeds/{self._ref}/sightings", [seen], Taken).taken == 1

    def _client(self) -> Client:
        return open_client(self._folder, identify(self._folder, None, None), None)


def line(text: str, word: str) -> str:
    """Return the one line in which a word stands, with its cells a space apart."""
    (found,) = [one for one in text.splitlines() if word in one]
    return " ".join(found.split())


def test_each_command_calls_what_is_of_an_exercise_so_and_what_is_not_not(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    north = Desk(shell, exchange, "north")
    file = tmp_path / "dam.geojson"
    file.write_text(json.dumps({"type": "Feature", "geometry": DAM, "properties": {"name": "dam", "radius_m": 2000}}))
    about = ("--name", "Dam 3", "--kind", "installation", "--custodian", "the keeper", "--phone", "04 56")
    empty = north("site", "warnings")
    north("site", "register", file, *about, "--tlp", "AMBER+STRICT")
    masts = [Mast(exchange, STRANGER, "EXERCISE"), Mast(exchange, REAL)]

    def until(*words: str, has: Any) -> Any:
        """Look again until all is told, while both are seen."""
        return north.until(*words, has=lambda found: all(mast.sees() for mast in masts) and len(has(found)) == 2)

    told = until("site", "warnings", has=lambda found: found)
    refs = {one["mover"].removeprefix("EXERCISE/"): one["ref"] for one in told}

    assert (empty.code, empty.out) == (0, "no site has been warned of, as far as you may see\n")
    for words, mover, real, drill in (
        (("inbox",), False, "INSIDE: Dam 3", "EXERCISE: INSIDE: Dam 3"),
        (("watch",), False, "acknowledge; call Dam 3", "acknowledge; call EXERCISE: Dam 3"),
        (("site", "list"), True, f"Dam 3 {REAL} inside", f"Dam 3 EXERCISE/{STRANGER} inside"),
        (("identify", "list"), True, f"{REAL} -", f"EXERCISE/{STRANGER} -"),
    ):
        if mover:
            until(*words, has=lambda found: found.get("near") or found.get("aircraft", ()))
        out = north(*words).out
        out = out if not mover else "\n".join(one for one in out.splitlines() if ";" not in one)
        assert real in line(out, REAL if mover else refs[REAL])
        assert drill in line(out, STRANGER if mover else refs[STRANGER])
        assert "EXERCISE" not in line(out, REAL if mover else refs[REAL])
    until("identify", "list", has=lambda found: found["aircraft"])
    assert "EXERCISE: of an exercise, or made of what is" in north("show", refs[STRANGER]).out
    assert "EXERCISE" not in north("show", refs[REAL]).out
    assert line(north("identify", "show", SIMULATED).out, "aircraft") == f"aircraft {SIMULATED}"
    assert line(north("identify", "show", REAL).out, "aircraft") == f"aircraft {REAL}"

    until("identify", "list", has=lambda found: found["aircraft"])
    stated = north("identify", "state", SIMULATED, "--category", "unidentified", "--reason", "x", "--tlp", "AMBER").out
    own = north("identify", "state", REAL, "--category", "unidentified", "--reason", "x", "--tlp", "AMBER").out
    shown, real = north("identify", "show", SIMULATED).out, own.split(":")[0]
    drill = stated.partition(":")[0].removeprefix("EXERCISE ")
    assert stated.startswith("EXERCISE ")
    assert stated.endswith("; it counts in the exercise alone\n")
    assert "EXERCISE" not in own
    assert f"EXERCISE {drill} north/duty until" in shown
    assert "EXERCISE north:unidentified" in line(north("identify", "list").out, STRANGER)
    assert line(north("identify", "show", REAL).out, real).startswith(real)

    picture, drills = north("picture").out, ("--caveat", "EXERCISE")
    assert "EXERCISE: 1 of 2 tracks, named EXERCISE/..., are of an exercise" in picture
    marked = north("identify", "state", REAL, "--category", "unidentified", "--reason", "x", "--tlp", "AMBER", *drills)
    assert marked.out.startswith("EXERCISE ")
    assert "EXERCISE" not in line(north("identify", "show", REAL).out, "category")
    for flight, caveats in (("SWR12A", drills), ("DLH1", ())):
        leaves = datetime.fromtimestamp(time.time() + 3_600, UTC).strftime("%H%M")
        telegram = tmp_path / f"{flight}.fpl"
        telegram.write_text(f"(FPL-{flight}-IS\n-A320/M-S/C\n-LSGG{leaves}\n-N0450F330 DCT\n-LSZH0045\n-0)\n")
        assert north("plan", "file", telegram, "--tlp", "AMBER", *caveats).code == 0
    plans = north("plan", "list").out
    assert "EXERCISE: SWR12A" in line(plans, "SWR12A")
    assert "EXERCISE" not in line(plans, "DLH1")


def test_an_entry_of_an_exercise_is_called_so_and_so_is_what_an_exercise_says_of_one_in_truth(
    shell: Shell, exchange: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crossed(address: str, **more: Any) -> MovementView:
        at = datetime(2026, 3, 1, tzinfo=UTC)
        about: dict[str, Any] = {"id": address, "address": address, "flight_id": None, "space": "NORTH", "way": "ENTRY"}
        where: dict[str, Any] = {"at": at, "lat": 47.0, "lon": 8.0, "alt_m": None, "seen": True}
        return MovementView(**about, **where, category="IDENTIFIED_CIVIL", bases=("PLAN",), **more)

    page = MovementPage(
        items=(crossed("aaaaaa", exercise=True), crossed("bbbbbb", said_in_exercise=True), crossed("cccccc"))
    )

    class Told:
        def get(self, *_: object) -> MovementPage:
            return page

    @contextmanager
    def connect(*_: object) -> Iterator[Told]:
        yield Told()

    monkeypatch.setattr(commands, "connect", connect)
    out = Desk(shell, exchange, "north")("movements").out

    assert "NORTH EXERCISE: aaaaaa - 47.0000,8.0000 - identified civil" in line(out, "aaaaaa")
    assert "NORTH bbbbbb - 47.0000,8.0000 - EXERCISE: identified civil" in line(out, "bbbbbb")
    assert "EXERCISE" not in line(out, "cccccc")


def test_a_plan_that_is_over_or_a_week_away_keeps_no_other_of_its_file_from_being_filed(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    def plan(flight: str, in_h: int) -> str:
        leaves = datetime.fromtimestamp(time.time() + 3_600 * in_h, UTC)
        field18 = f"DOF/{leaves:%y%m%d}"
        return f"(FPL-{flight}-IS\n-A320/M-S/C\n-LSGG{leaves:%H%M}\n-N0450F330 DCT\n-LSZH0045\n-{field18})\n\n"

    north = Desk(shell, exchange, "north")
    file = tmp_path / "plans.fpl"
    file.write_text(plan("FIRST1", 2) + plan("OVER2", -30) + plan("FAR3", 24 * 9) + "rubbish\n\n" + plan("LAST4", 3))

    said = north("plan", "file", file, "--tlp", "AMBER")

    assert said.code == 2
    assert "2 plans filed" in said.out
    assert "OVER2" in said.error
    assert "over" in line(said.error, "OVER2")
    assert "seven days" in line(said.error, "FAR3")
    listed = north("plan", "list").out
    assert [flight in listed for flight in ("FIRST1", "OVER2", "FAR3", "LAST4")] == [True, False, False, True]
