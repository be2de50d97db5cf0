"""What stands first in the bars that alarm over every page, and which of it a key answers.

The node is a real one; what it answers of sites, warnings and handovers is put in its place, for each order to be one
that happened.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from consoles import Console
from playwright.sync_api import Locator, Request, Route, expect

pytestmark = pytest.mark.slow
NOW: Final = datetime.now(UTC)


def moment(seconds: float) -> str:
    return (NOW + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def answers(console: Console, path: str, told: Any) -> None:
    """Let the node answer a question of the page so."""
    console.page.route(
        re.compile(rf"/api/{path}(\?|$)"),
        lambda route: route.fulfill(content_type="application/json", body=json.dumps(told)),
    )


def posts(console: Console, path: str) -> list[str]:
    """Refuse what the page sends, and return where to."""
    sent: list[str] = []

    def refuse(route: Route, request: Request) -> None:
        sent.append(request.url.removeprefix(console.origin))
        route.fulfill(status=403, content_type="application/json", body=json.dumps({"reason": "not-of-desk"}))

    console.page.route(re.compile(path), refuse)
    return sent


def episode(mover: str, level: str, **more: Any) -> dict[str, Any]:
    """Return a warning of a site that waits, of so many seconds ago, too near in so many."""
    ago, within, exercise = more.get("ago", 60), more.get("within", 300), more.get("exercise", False)
    step = {
        "ref": f"north-{mover}",
        "at": moment(-ago),
        "level": level,
        "seen": moment(0),
        "within_s": within,
        "distance_m": 3000,
        "bearing_deg": 180,
        "height_m": None,
        "ended": None,
    }
    told = {"ref": step["ref"], "tlp": "AMBER", "site": "S", "name": "Heron", "sort": "SANCTUARY", "custodian": "w"}
    told |= {"phones": [], "volume": "V", "mover": mover, "level": level, "highest": level, "over": False}
    told |= {"waits": True, "acknowledged": None, "seen": [], "warnings": [step], "calls": [], "call_due": None}
    return told | {"late": False, "exercise": exercise, "unshown": []}


def near(mover: str, seconds: int) -> dict[str, Any]:
    told = {"site": "S", "name": "Heron", "volume": "V", "mover": mover, "level": "PREDICTED", "too_near_s": seconds}
    told |= {"distance_m": 3000, "bearing_deg": 180, "height_m": None, "seen": moment(0), "exempt": False}
    return told | {"exercise": False}


def site_bar(console: Console) -> Locator:
    return console.page.locator("section.alarms li")


def test_of_what_nears_sites_the_real_and_most_pressing_stands_first_and_the_key_answers_it(north: Console) -> None:
    movers = [
        episode("drill", "INSIDE", exercise=True),
        episode("drill2", "INSIDE", exercise=True),
        episode("drill3", "INSIDE", exercise=True),
        episode("soon", "ADVISORY", within=20),
        episode("newest", "PREDICTED", within=400, ago=5),
        episode("live", "PREDICTED", within=900, ago=5),
        episode("older", "INSIDE", within=None, ago=90),
        episode("newer", "INSIDE", within=None, ago=10),
    ]
    told = {"at": moment(0), "sites": [], "near": [near("live", 30)], "warnings": movers}
    answers(north, "sites", told)
    sent = posts(north, "/api/site-warnings/.*/seen")

    expect(site_bar(north)).to_have_count(3)
    expect(site_bar(north).nth(0)).to_contain_text("older")
    expect(site_bar(north).nth(1)).to_contain_text("newer")
    expect(site_bar(north).nth(2)).to_contain_text("live")
    with north.page.expect_request("**/seen"):
        north.page.keyboard.press("A")
    assert sent == ["/api/site-warnings/north-older/seen"]

    told["warnings"] = [one for one in movers if one["level"] != "INSIDE" or one["exercise"]][::-1]
    answers(north, "sites", told)
    expect(site_bar(north).nth(0)).to_contain_text("live")
    expect(site_bar(north).nth(1)).to_contain_text("newest")
    expect(site_bar(north).nth(2)).to_contain_text("soon")
    north.page.unroute_all(behavior="wait")
