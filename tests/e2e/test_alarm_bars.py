"""What stands first in the bars that alarm over every page, and which of it a key answers.

The node is a real one; what it answers of sites, warnings and handovers is put in its place, for each order to be one
that happened.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from consoles import Console
from playwright.sync_api import Locator, Route, expect
from troubles import Troubled

pytestmark = pytest.mark.slow


def moment(seconds: float) -> str:
    """Return a time so many seconds from now: a page counts down from when it is told, not from when tests began."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def answers(console: Console, path: str, told: Any) -> None:
    """Let the node answer a question of the page so."""
    console.page.route(
        re.compile(rf"/api/{path}(\?|$)"),
        lambda route: route.fulfill(content_type="application/json", body=json.dumps(told)),
    )


def refuses(console: Console, path: str) -> None:
    """Let the node refuse what the page sends."""
    said = {"title": "refused", "status": 403, "detail": "not her desk", "reason": "not-of-desk"}

    def refuse(route: Route) -> None:
        route.fulfill(status=403, content_type="application/json", body=json.dumps(said))

    console.page.route(re.compile(path), refuse)


def asked_by(console: Console, key: str, path: str) -> str:
    """Press a key, and return where the page sends something by it."""
    with console.page.expect_request(re.compile(path)) as sent:
        console.page.keyboard.press(key)
    return sent.value.url.removeprefix(console.origin)


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
    told: dict[str, Any] = {
        "ref": step["ref"],
        "tlp": "AMBER",
        "site": "S",
        "name": "Heron",
        "sort": "SANCTUARY",
        "custodian": "w",
    }
    told |= {"phones": [], "volume": "V", "mover": mover, "level": level, "highest": level, "over": False}
    told |= {"waits": True, "acknowledged": None, "seen": [], "warnings": [step], "calls": [], "call_due": None}
    return told | {"late": False, "exercise": exercise, "unshown": []}


def near(mover: str, seconds: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "site": "S",
        "name": "Heron",
        "volume": "V",
        "mover": mover,
        "level": "PREDICTED",
        "too_near_s": seconds,
    }
    told |= {"distance_m": 3000, "bearing_deg": 180, "height_m": None, "seen": moment(0), "exempt": False}
    return told | {"exercise": False}


def site_bar(console: Console) -> Locator:
    return console.page.locator("section.alarms li")


def test_of_what_nears_sites_the_real_and_most_pressing_stands_first_and_the_key_answers_it(north: Console) -> None:
    movers = [  # as the node orders them: `tests/node/test_site_order.py`
        episode("older", "INSIDE", within=None, ago=90),
        episode("newer", "INSIDE", within=None, ago=10),
        episode("live", "PREDICTED", within=900, ago=5) | {"near": near("live", 1800), "too_near_s": 1800},
        episode("newest", "PREDICTED", within=400, ago=5) | {"too_near_s": 3600},
        episode("soon", "ADVISORY", within=20),
        episode("drill", "INSIDE", exercise=True),
        episode("drill2", "INSIDE", exercise=True),
        episode("drill3", "INSIDE", exercise=True),
    ]
    elsewhere = near("live", 5) | {"site": "another", "name": "Reed beds"}
    told: dict[str, Any] = {"at": moment(0), "sites": [], "near": [elsewhere], "warnings": movers}
    answers(north, "sites", told)
    refuses(north, "/api/site-warnings/.*/seen")

    expect(site_bar(north)).to_have_count(3)
    expect(site_bar(north).nth(0)).to_contain_text("older")
    expect(site_bar(north).nth(1)).to_contain_text("newer")
    expect(site_bar(north).nth(2)).to_contain_text("live")
    expect(site_bar(north).nth(2)).to_contain_text(re.compile(r"is too near Heron in (29m|30m)"))
    expect(site_bar(north).nth(0)).to_contain_text("TLP:AMBER")
    expect(site_bar(north).nth(0).locator("kbd")).to_have_text("Shift+A")
    expect(north.page.locator("section.alarms .rest kbd")).to_have_text("Shift+S")
    expect(north.page.locator(".banner")).to_contain_text("TLP:AMBER")
    assert asked_by(north, "A", "/seen$") == "/api/site-warnings/north-older/seen"

    told["warnings"] = [one for one in movers if one["level"] != "INSIDE" or one["exercise"]]
    answers(north, "sites", told)
    expect(site_bar(north).nth(0)).to_contain_text("live")
    expect(site_bar(north).nth(1)).to_contain_text("newest")
    expect(site_bar(north).nth(2)).to_contain_text("soon")
    north.page.unroute_all(behavior="wait")


def test_on_the_page_of_sites_what_is_pressing_stands_first_and_a_note_of_a_call_that_she_closed_stays_closed(
    north: Console,
) -> None:
    calm = episode("calm", "INSIDE", ago=1) | {"waits": False, "call_due": None}
    late = episode("called", "PREDICTED", ago=5) | {"waits": False, "call_due": moment(20)}
    told: dict[str, Any] = {"at": moment(0), "sites": [], "near": [], "warnings": []}
    told["warnings"] = [episode("first", "INSIDE", ago=30), late, calm]
    answers(north, "sites", told)
    page = north.page
    page.goto(f"{north.origin}/sites?warning=north-called")
    listed = page.locator("main").get_by_role("article")
    for n, mover in enumerate(["called", "first", "calm"]):
        expect(listed.nth(n)).to_contain_text(mover)
    whom = page.get_by_label("Who was called")
    expect(whom).to_be_focused()

    page.get_by_role("button", name="Cancel").click()
    for _ in range(2):
        with page.expect_response(re.compile(r"/api/sites(\?|$)")):
            pass
    expect(whom).to_have_count(0)

    listed.nth(2).get_by_role("button", name="Note the call").click()
    expect(listed.nth(2).get_by_label("Who was called")).to_be_focused()
    with page.expect_response(re.compile(r"/api/sites(\?|$)")):
        pass
    expect(listed.nth(2).get_by_label("Who was called")).to_be_focused()
    page.goto(f"{north.origin}/sites")
    for n, mover in enumerate(["first", "called", "calm"]):
        expect(listed.nth(n)).to_contain_text(mover)
    north.page.unroute_all(behavior="wait")


@pytest.mark.parametrize(("language", "sign"), [("en", "→"), ("fr", "→"), ("ar", "←"), ("fa", "←"), ("ru", "→")])
def test_what_is_near_points_to_its_site_from_whichever_side_the_page_is_read(
    north: Console, language: str, sign: str, pictures: Path
) -> None:
    answers(north, "sites", {"at": moment(0), "sites": [], "near": [], "warnings": [episode("4b1805", "INSIDE")]})
    north.speak(language)
    page = north.page
    page.goto(f"{north.origin}/sites")
    name = page.locator("main article strong").first
    expect(name).to_contain_text(sign)

    mover, site = (name.locator("bdi").nth(n).evaluate("(one) => one.getBoundingClientRect().left") for n in (0, 1))
    assert (mover < site) == (sign == "→")
    page.screenshot(path=pictures / f"sites-arrow-{language}.png")
    page.unroute_all(behavior="wait")


LAPSED: Final = "59:00"
"""For the page alone: her proof that it is she counts no more."""


def test_who_must_prove_herself_first_types_into_no_field_and_is_back_at_the_alarm_that_she_meant(
    north: Console, pictures: Path
) -> None:
    told: dict[str, Any] = {"at": moment(0), "sites": [], "near": [], "warnings": [episode("4b1805", "INSIDE")]}
    answers(north, "sites", told)
    refuses(north, "/api/site-warnings/.*/seen")
    page = north.page
    page.clock.install()
    page.goto(f"{north.origin}/sites")
    expect(site_bar(north)).to_have_count(1)
    page.clock.fast_forward(LAPSED)
    opener = page.get_by_role("navigation").get_by_role("link", name="Sites")
    opener.focus()

    page.keyboard.type("Acthe warden")

    proof = page.get_by_role("dialog", name="Is it you?")
    expect(proof).to_contain_text(re.compile("4b1805\\W+→\\W+Heron"))
    link = proof.get_by_label("one-time link")
    expect(link).to_have_value("")
    expect(page.get_by_label("Who was called")).to_have_count(0)
    assert north.faults() == []
    page.screenshot(path=pictures / "prove-alarm-en-dark.png")
    told["warnings"] = [episode("aaaaaa", "INSIDE", within=5, ago=900), *told["warnings"]]
    answers(north, "sites", told)
    expect(site_bar(north).nth(0)).to_contain_text("aaaaaa")
    link.fill(north.link())
    with page.expect_request(re.compile("/seen$")) as sent:
        link.press("Enter")
    assert sent.value.url.endswith("/api/site-warnings/north-4b1805/seen")
    expect(proof).to_have_count(0)
    expect(opener).to_be_focused()
    north.page.unroute_all(behavior="wait")


def test_the_question_before_a_drill_is_answered_says_that_it_is_one(north: Console) -> None:
    drill = episode("EXERCISE/4b1805", "INSIDE", exercise=True)
    answers(north, "sites", {"at": moment(0), "sites": [], "near": [], "warnings": [drill]})
    answers(north, "warnings", {"items": [warning("flood", "Severe", exercise=True)], "waiting": []})
    answers(north, "officer", {"name": "duty", "roles": ["watch"], "password": False, "keys": []})
    page = north.page
    page.clock.install()
    page.goto(f"{north.origin}/sites")
    expect(site_bar(north)).to_have_count(1)
    page.clock.fast_forward(LAPSED)

    page.keyboard.press("A")
    proof = page.get_by_role("dialog", name="Is it you?")
    expect(proof).to_contain_text(re.compile("EXERCISE\\W+4b1805\\W+→\\W+Heron"))
    page.keyboard.press("Escape")
    expect(proof).to_have_count(0)
    expect(warning_bar(north)).to_have_count(1)
    page.keyboard.press("!")
    expect(page.get_by_role("dialog", name="Your key first")).to_contain_text("EXERCISE east-flood · flood")
    page.unroute_all(behavior="wait")


def test_another_officer_who_signs_in_meanwhile_acknowledges_nothing_that_the_first_meant(world: Troubled) -> None:
    with world.console("north") as duty, world.console("north", officer="deputy", signed_in=False) as deputy:
        page, sent = duty.page, list[str]()
        page.on("request", lambda request: sent.append(request.url))
        told: dict[str, Any] = {"at": moment(0), "sites": [], "near": [], "warnings": [episode("4b1805", "INSIDE")]}
        answers(duty, "sites", told)
        refuses(duty, "/api/site-warnings/.*/seen")
        page.clock.install()
        page.goto(f"{duty.origin}/sites")
        expect(site_bar(duty)).to_have_count(1)
        page.clock.fast_forward(LAPSED)
        page.keyboard.press("A")
        expect(page.get_by_role("dialog", name="Is it you?")).to_be_visible()

        tab = page.context.new_page()
        tab.goto(f"{duty.origin}/inbox")
        tab.get_by_role("button", name="Sign out").click()
        expect(tab.get_by_role("button", name="Use a passkey")).to_be_visible()
        tab.goto(deputy.link())
        tab.wait_for_url("**/inbox")

        expect(page.get_by_role("banner")).to_contain_text("deputy")
        expect(page.get_by_role("dialog")).to_have_count(0)
        with page.expect_response(re.compile(r"/api/sites(\?|$)")):
            pass
        assert [url for url in sent if url.endswith("/seen")] == []
        page.unroute_all(behavior="wait")


def test_in_a_fresh_browser_she_makes_her_key_where_she_is_and_the_warning_that_she_meant_is_acknowledged(
    north: Console, pictures: Path
) -> None:
    answers(north, "warnings", {"items": [warning("flood", "Severe")], "waiting": []})
    answers(north, "officer", {"name": "duty", "roles": ["watch"], "password": False, "keys": []})
    refuses(north, "/acknowledgement/prepared")
    page = north.page
    page.goto(f"{north.origin}/sites")
    expect(warning_bar(north)).to_have_count(1)
    opener = page.get_by_role("navigation").get_by_role("link", name="Inbox")
    opener.focus()
    page.keyboard.press("!")

    asked = page.get_by_role("dialog", name="Your key first")
    expect(asked).to_contain_text("east-flood · flood")
    expect(asked.get_by_role("button", name="Make a passkey")).to_be_visible()
    page.keyboard.type("cn the warden")
    expect(page.get_by_label("Who was called")).to_have_count(0)
    expect(page.locator("#site-name")).to_have_value("")
    for language, theme in (("en", "dark"), ("ar", "light"), ("ru", "contrast")):
        north.look(theme)
        north.speak(language)
        expect(page.locator("dialog[open]")).to_contain_text("east-flood · flood")
        assert north.faults() == []
        page.screenshot(path=pictures / f"key-first-{language}-{theme}.png")
    north.speak("en")
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(opener).to_be_focused()
    page.keyboard.press("!")
    expect(asked).to_be_visible()
    answers(north, "warnings", {"items": [warning("storm", "Extreme"), warning("flood", "Severe")], "waiting": []})
    expect(warning_bar(north).nth(0)).to_contain_text("storm")
    with page.expect_request(re.compile("/acknowledgement/prepared$")) as sent:
        answers(north, "officer", {"name": "duty", "roles": ["watch"], "password": False, "keys": [passkey(north)]})
    assert sent.value.url.endswith("/api/warnings/east-flood/acknowledgement/prepared")
    expect(asked).to_have_count(0)
    expect(opener).to_be_focused()
    north.page.unroute_all(behavior="wait")


def warning(name: str, severity: str, **more: Any) -> dict[str, Any]:
    """Return a warning that rings at this member's watch, or as `more` has it."""
    told: dict[str, Any] = {
        "id": f"id-{name}",
        "ref": f"east-{name}",
        "author": "east",
        "officer": "duty",
        "tlp": "AMBER",
    }
    told |= {"at": moment(-more.pop("ago", 60)), "word": "ALERT", "stage": "IN_FORCE", "category": "Met"}
    told |= {"urgency": "Immediate", "severity": severity, "certainty": "Observed", "begins": moment(-60)}
    told |= {"until": moment(7200), "areas": [{"name": "Lower valley"}], "desks": [{"member": "north", "name": ""}]}
    told |= {"info": [{"language": "en", "hazard": name, "headline": name, "protect": "Leave the river bank."}]}
    told |= {"waits": [""], "asked": [{"desk": "", "role": "watch", "may": True}], "exercise": False}
    return told | more


THEIRS: Final = [{"desk": "dam-3", "role": "desk:dam-3", "may": False}]


def passkey(console: Console) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": "k",
        "kind": "passkey",
        "key": "",
        "label": "",
        "enrolled": True,
        "credential": "AAAA",
    }
    return told | {"origin": console.origin}


def warning_bar(console: Console) -> Locator:
    return console.page.get_by_role("alert", name="Warnings at your desk").get_by_role("article")


def test_the_key_answers_the_first_warning_that_she_may_and_the_bar_says_whose_role_another_is(north: Console) -> None:
    rows = [
        warning("drill", "Extreme", exercise=True, ago=900),
        warning("old-minor", "Minor", ago=800),
        warning("new-severe", "Severe", ago=5),
        warning("dam", "Extreme", waits=["dam-3"], asked=THEIRS, ago=700),
        warning("all-clear", "Extreme", word="CANCEL", ago=600),
    ]
    answers(north, "warnings", {"items": rows, "waiting": []})
    refuses(north, "/acknowledgement/prepared")
    answers(north, "officer", {"name": "duty", "roles": ["watch"], "password": False, "keys": [passkey(north)]})

    bar = warning_bar(north)
    expect(bar).to_have_count(5)
    for n, name in enumerate(["dam", "new-severe", "old-minor", "all-clear", "drill"]):
        expect(bar.nth(n)).to_contain_text(name)
    expect(bar.nth(0)).to_contain_text("For dam-3 acknowledges who has the role desk:dam-3")
    expect(bar.nth(0).get_by_role("button")).to_have_count(0)
    expect(bar.nth(1).get_by_role("button", name="Acknowledge for the watch")).to_be_visible()
    sent = asked_by(north, "!", "/acknowledgement/prepared$")
    assert sent == "/api/warnings/east-new-severe/acknowledgement/prepared"
    assert north.faults() == []
    north.page.unroute_all(behavior="wait")


def test_an_all_clear_says_in_the_bar_that_the_danger_is_over_and_not_until_when_it_holds(north: Console) -> None:
    rows = [warning("flood", "Minor"), warning("gas", "Extreme", word="CANCEL", ago=600)]
    answers(north, "warnings", {"items": rows, "waiting": []})

    holds, over = warning_bar(north).nth(0), warning_bar(north).nth(1)
    expect(holds).to_contain_text("holds until")
    expect(over).to_contain_text("END OF WARNING gas")
    expect(over).to_contain_text("says that the danger is over")
    expect(over).not_to_contain_text("holds until")
    expect(holds).not_to_contain_text("END OF WARNING")
    north.page.unroute_all(behavior="wait")


def test_what_was_relayed_says_in_the_bar_and_in_the_list_that_no_officer_stands_behind_it(north: Console) -> None:
    source = {"door": "sirens", "sender": "met@example", "identifier": "1", "sent": 0, "sha256": "0" * 64}
    rows = [warning("storm", "Severe", officer="node", source=source), warning("flood", "Minor")]
    answers(north, "warnings", {"items": rows, "waiting": []})
    north.page.goto(f"{north.origin}/warnings")

    says = "Relayed as it came from met@example, by the door sirens; no officer stands behind it."
    expect(warning_bar(north).nth(0)).to_contain_text(says)
    expect(warning_bar(north).nth(1)).not_to_contain_text("Relayed")
    listed = north.page.locator("main").get_by_role("article")
    expect(listed.filter(has_text="storm")).to_contain_text(says)
    expect(listed.filter(has_text="flood")).not_to_contain_text("Relayed")
    north.page.unroute_all(behavior="wait")


def offer(ref: str, *, stage: str = "UNANSWERED", exercise: bool = False, mine: bool = True) -> dict[str, Any]:
    told: dict[str, Any] = {
        "ref": ref,
        "member": "east",
        "to": "north",
        "tlp": "AMBER",
        "at": moment(-400),
        "key": "4b1805",
    }
    told |= {"flight_id": ref.upper(), "category": "PENDING", "bases": [], "flags": [], "boundary": "NORTH"}
    told |= {"crosses_at": moment(100), "plan": None, "stage": stage, "answers": [], "accepted": None}
    return told | {"mine": mine, "exercise": exercise}


def test_a_handover_that_nobody_answered_alarms_on_every_page_until_it_is_answered(north: Console) -> None:
    late = [offer("drill-1", exercise=True), offer("east-7")]
    answers(north, "offers/unanswered", late)
    page = {"now": moment(0), "spaces": ["NORTH"], "aircraft": [], "offers": late}
    answers(north, "identities", page)

    bar = north.page.get_by_role("alert", name="Handovers that nobody answered")
    rows = bar.get_by_role("listitem")
    expect(rows.nth(0)).to_contain_text("east hands EAST-7 to north at NORTH")
    expect(rows.nth(0)).to_contain_text("nobody answered: call east now")
    expect(rows.nth(1)).to_contain_text("EXERCISE")
    expect(north.page.get_by_role("navigation").get_by_role("link", name="Identification")).to_contain_text("2")
    north.page.locator("main").click()
    expect(bar).to_have_attribute("data-sounding", "yes")
    assert north.faults() == []
    north.page.keyboard.press("H")
    expect(bar).to_have_attribute("data-sounding", "no")
    for language, says in (("fr", "appelez east"), ("ar", "اتصل بـ"), ("fa", "تماس بگیرید"), ("ru", "звоните east")):
        north.speak(language)
        expect(north.page.locator("section.handovers")).to_contain_text(says)
    north.speak("en")
    rows.nth(0).get_by_role("link", name="Open the handover").click()
    chosen = north.page.locator("main [aria-current=true]")
    expect(chosen).to_contain_text("EAST-7")
    expect(chosen.get_by_role("button", name="Accept")).to_be_visible()

    answers(north, "offers/unanswered", [])
    expect(bar).to_have_count(0)
    expect(north.page.get_by_role("navigation").get_by_role("link", name="Identification")).not_to_contain_text("2")
    north.page.unroute_all(behavior="wait")


def test_a_red_handover_that_she_has_not_opened_alarms_without_saying_of_which_aircraft(north: Console) -> None:
    closed = {"tlp": "RED", "key": "", "flight_id": None, "category": None, "boundary": ""}
    answers(north, "offers/unanswered", [offer("east-9") | closed])

    bar = north.page.get_by_role("alert", name="Handovers that nobody answered")
    expect(bar).to_contain_text("TLP:RED")
    expect(bar).to_contain_text("east hands north an aircraft that you have not opened: it crosses at ")
    expect(bar.get_by_role("link", name="Open the handover")).to_have_attribute("href", "/identification?offer=east-9")
    north.page.unroute_all(behavior="wait")


def aircraft(name: str, *, exercise: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "key": name,
        "id": name,
        "address": None,
        "flight_id": name,
        "code": None,
        "lat": 47.0,
        "lon": 8.0,
    }
    told |= {"alt_m": None, "speed_mps": None, "track_deg": None, "at": moment(0), "members": ["north"]}
    told |= {"category": "UNIDENTIFIED", "kind": "unknown", "bases": [], "flags": [], "phase": "INFORM"}
    told |= {"since": moment(-400), "ask_at": moment(-300), "unidentified_at": moment(-100), "plan": None}
    told |= {"within": [], "entry": None, "verified": None, "evidence": [], "statements": []}
    return told | {"exercise": exercise, "said_in_exercise": exercise}


def test_an_exercises_aircraft_are_counted_apart_from_those_to_be_reported_in_truth(north: Console) -> None:
    craft = [aircraft("REAL1", exercise=False), aircraft("DRILL1", exercise=True), aircraft("DRILL2", exercise=True)]
    answers(north, "identities", {"now": moment(0), "spaces": [], "aircraft": craft, "offers": []})
    north.page.goto(f"{north.origin}/identification")

    expect(north.page.locator("p.late")).to_have_text("⚑ 1 to be reported to the competent authority")
    expect(north.page.locator("p.drilled")).to_have_text("EXERCISE 2 to be reported to the competent authority")
    north.page.unroute_all(behavior="wait")


def test_that_no_airspace_is_named_is_said_once_above_the_aircraft_and_only_where_it_is_so(north: Console) -> None:
    craft = [{**aircraft(name, exercise=False), "phase": "NOT_DUE"} for name in ("ONE1", "TWO2")]
    for spaces, count in (([], 1), (["NORTH"], 0)):
        answers(north, "identities", {"now": moment(0), "spaces": spaces, "aircraft": craft, "offers": []})
        north.page.goto(f"{north.origin}/identification")

        expect(north.page.locator("tbody tr")).to_have_count(2)
        expect(north.page.get_by_text("The settings name no airspace")).to_have_count(count)
        expect(north.page.locator("p.late")).to_have_count(0)
        north.page.unroute_all(behavior="wait")
