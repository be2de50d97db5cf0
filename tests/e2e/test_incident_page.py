"""Officers of two members keep an incident in the browser: what is asked, who judges what, what nobody decides."""

import hashlib
import re
import time
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from consoles import PATIENCE_MS, Console
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.slow

NUMBER: Final = count(1)
PROOF: Final = "async (ref) => (await fetch(`/api/items/${ref}/proof`)).status"
SAY: Final = """async ([ref, body]) => {
  const { csrf } = await (await fetch('/api/session')).json()
  const headers = { 'Content-Type': 'application/json', 'Quartet-Csrf': csrf }
  const path = `/api/items/${ref}/said`
  return (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
}"""


def named(title: str) -> str:
    """Return a title that no other incident has: the tests of this folder share their exchange."""
    return f"{title} ({next(NUMBER)})"


def say(console: Console, ref: str, kind: str, form: dict[str, Any], text: str = "") -> str:
    """Say something about an item by the API that the page uses, and return its reference."""
    said: dict[str, Any] = console.page.evaluate(SAY, [ref, {"kind": kind, "form": form, "text": text}])
    assert "ref" in said, said
    return str(said["ref"])


def proven(console: Console, ref: str) -> None:
    """Wait until the node can prove an item: that it is on record may rest on more checkpoints than one."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while console.page.evaluate(PROOF, ref) != 200:
        assert time.monotonic() < until, f"{ref} is never proven"
        console.page.wait_for_timeout(200)


def opened(console: Console, title: str) -> str:
    """Open an incident by the API, and return its reference."""
    form = {"since": 1_700_000_000_000_000, "until": 1_700_003_600_000_000, "area": "the harbour"}
    text = "Two detonations were heard in the evening."
    return console.send(title, text, to=["east"], tlp="AMBER", kind="incident", form=form)


def look(console: Console, ref: str) -> None:
    """Open a file, once it is there."""
    console.page.goto(f"{console.origin}/incidents?which=all")
    console.rows.filter(has_text=ref).click()
    expect(console.page.get_by_role("heading", name="The ladder")).to_be_visible()


def rung(console: Console, name: str) -> Locator:
    """A rung of the ladder in the file on view."""
    return console.page.locator(f"[data-rung={name}]")


def form(within: Console | Locator, title: str) -> Locator:
    """Unfold what may be said under a title, and return its form."""
    place = within.page if isinstance(within, Console) else within
    place.locator("summary").filter(has_text=re.compile(f"^{re.escape(title)}$")).click()
    return place.get_by_role("form", name=title, exact=True)


def sign(told: Locator) -> None:
    """Sign what a form says, and see it folded again."""
    told.get_by_role("button", name="Sign and say").click()
    expect(told).to_be_hidden()


def ask(console: Console, name: str) -> None:
    """Ask a rung of the ladder."""
    sign(form(rung(console, name), "Ask this"))
    expect(rung(console, name).get_by_text("What each member judges")).to_be_visible()


def assess(console: Console, name: str, hypothesis: str, band: str, confidence: str, change: str) -> None:
    """Judge a hypothesis of a rung."""
    told = form(rung(console, name), "Assess")
    expect(told.get_by_role("button", name="Sign and say")).to_be_disabled()
    told.get_by_label("Of which hypothesis").select_option(label=hypothesis)
    told.get_by_role("group", name="Likelihood").get_by_role("radio", name=re.compile(f"^{band}")).check()
    told.get_by_role("group", name="Confidence").get_by_role("radio", name=confidence).check()
    told.get_by_role("checkbox").first.check()
    told.get_by_label("What would change it").fill(change)
    sign(told)


def judged(console: Console, name: str, member: str) -> Locator:
    """What a member judges on a rung."""
    return rung(console, name).get_by_role("region", name=member, exact=True)


def test_members_judge_an_incident_side_by_side_and_one_dissents_from_a_finding(
    north: Console, east: Console, pictures: Path
) -> None:
    title = named("Detonations at the harbour")
    north.page.keyboard.type("gn")
    north.page.get_by_role("button", name="Open an incident").click()
    north.page.get_by_label("A neutral title").fill(title)
    north.page.get_by_label("Area").fill("the harbour, north basin")
    north.page.get_by_label("What is known so far").fill("Two detonations were heard. Windows broke along the quay.")
    expect(north.page.get_by_role("button", name="Sign and open")).to_be_disabled()
    north.page.get_by_label("TLP:AMBER", exact=True).check()
    north.page.get_by_label("east", exact=True).check()
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "incident-begin-en-dark.png")
    north.page.get_by_role("button", name="Sign and open").click()
    expect(north.page.get_by_role("heading", name="The ladder")).to_be_visible()
    expect(north.page.get_by_role("heading", name=title)).to_be_visible()
    ref = north.page.url.rpartition("/")[2]
    expect(north.page.get_by_text("not asked")).to_have_count(6)
    assert north.page.locator("[data-rung]").evaluate_all("all => all.map(one => one.dataset.rung)") == [
        "EVENT",
        "OBJECT_TYPE",
        "DIRECTION",
        "PLACE_OF_ORIGIN",
        "ACTOR",
        "INTENT",
    ]

    ask(north, "EVENT")
    expect(rung(north, "EVENT").get_by_text("other or unknown").first).to_be_visible()
    told = form(rung(north, "EVENT"), "Propose a hypothesis")
    told.get_by_label("The hypothesis, in words").fill("An explosion on the quay")
    sign(told)
    told = form(north, "Add evidence")
    told.get_by_label("What it is").select_option(label="photograph")
    told.get_by_label("How it is known").select_option(label="by camera")
    told.get_by_label("What it shows, in words").fill("A crater of two metres beside crane 4")
    told.get_by_label("Who collected it").fill("harbour police")
    told.get_by_label("Place, in words").fill("quay, crane 4")
    told.get_by_label("Known within metres").fill("20")
    sign(told)
    expect(north.page.get_by_text("(within 20 m)")).to_be_visible()

    look(east, ref)
    assess(north, "EVENT", "An explosion on the quay", "very likely", "high", "A report of blasting works")
    assess(east, "EVENT", "An explosion on the quay", "unlikely", "low", "A second photograph")
    for console in (north, east):
        expect(judged(console, "EVENT", "north")).to_contain_text("very likely")
        expect(judged(console, "EVENT", "north")).to_contain_text("high")
        expect(judged(console, "EVENT", "east")).to_contain_text("unlikely")
        expect(judged(console, "EVENT", "east")).to_contain_text("A second photograph")
        expect(rung(console, "EVENT")).to_contain_text("members differ")
    sizes = [judged(north, "EVENT", member).bounding_box() for member in ("north", "east")]
    assert sizes[0] is not None
    assert sizes[1] is not None
    assert [sizes[0][key] for key in ("y", "width", "height")] == [sizes[1][key] for key in ("y", "width", "height")]

    told = form(rung(north, "EVENT"), "Propose a finding")
    told.get_by_label("Of which hypothesis").select_option(label="An explosion on the quay")
    told.get_by_label("The finding, word for word").fill("There was one explosion on the quay, beside crane 4.")
    told.get_by_label("north", exact=True).check()
    expect(told.get_by_role("button", name="Sign and say")).to_be_disabled()
    told.get_by_label("east", exact=True).check()
    sign(told)
    expect(rung(north, "EVENT").get_by_text("There was one explosion on the quay, beside crane 4.")).to_be_visible()
    finding = rung(north, "EVENT").locator("a.mono").last.inner_text()
    sign(form(rung(north, "EVENT"), "Concur"))
    told = form(rung(east, "EVENT"), "Dissent")
    told.get_by_label("Why you do not concur").fill("One photograph without a date shows no explosion.")
    sign(told)
    for console in (north, east):
        expect(rung(console, "EVENT")).to_contain_text("east dissents")
        expect(rung(console, "EVENT")).to_contain_text("does not stand")
        expect(rung(console, "EVENT")).to_contain_text("members differ")
        expect(console.page.get_by_text("facts open")).to_be_visible()
    pose(north, pictures, "incident")
    pose(north, pictures, "incidents", f"{north.origin}/incidents")

    # East hands an outsider what north found, as a file; the charter is all that he has besides.
    east.page.goto(f"{east.origin}/items/{finding}")
    proven(east, finding)
    with east.page.expect_download() as coming:
        east.page.get_by_role("link", name="Proof for an outsider").click()
    charter = east.folder / "charter.json"
    checked = east.quartet("verify", str(coming.value.path()), "--charter", str(charter))["proof"]
    assert (checked["author"], checked["officer"]) == ("north", "duty")


def test_the_file_shows_ranges_gaps_and_one_sides_word_and_what_was_taken_back_reopens_its_rung(
    north: Console, east: Console, pictures: Path
) -> None:
    ref = opened(north, named("A blast at the ford"))
    question = say(north, ref, "question", {"incident": ref, "rung": "EVENT"})
    blast = say(north, question, "hypothesis", {"question": question, "rung": "EVENT", "text": "A blast"})
    look(north, ref)
    told = form(north, "Add evidence")
    told.get_by_label("What it is").select_option(label="object")
    told.get_by_label("How it is known").select_option(label="seen")
    told.get_by_label("What it shows, in words").fill("A splinter of steel")
    told.get_by_label("Who collected it").fill("patrol 3")
    told.get_by_label("Hash a file here").set_input_files(
        {"name": "splinter.jpg", "mimeType": "image/jpeg", "buffer": b"splinter"}
    )
    digest = hashlib.sha256(b"splinter").hexdigest()
    expect(told.get_by_text(digest)).to_be_visible()
    sign(told)
    expect(north.page.get_by_text(f"sha256 {digest[:16]}")).to_be_visible()
    evidence = north.page.locator("section", has=north.page.get_by_role("heading", name="Evidence")).last
    splinter = evidence.locator("a.mono").first.inner_text()
    told = form(north, "Add an effect")
    told.get_by_label("Of what").fill("wounded")
    told.get_by_label("At least").fill("2")
    told.get_by_label("At most").fill("1")
    expect(told.get_by_role("button", name="Sign and say")).to_be_disabled()
    told.get_by_label("At most").fill("5")
    told.get_by_label(splinter).check()
    sign(told)
    expect(north.page.get_by_text("2 to 5 wounded")).to_be_visible()
    told = form(north, "Add to the timeline")
    told.get_by_label("What happened").fill("The camera was off")
    told.get_by_label("A gap").check()
    sign(told)
    expect(north.page.get_by_text("Nobody knows what happened then.")).to_be_visible()
    told = form(north, "Say that it changed hands")
    told.get_by_label("Member", exact=False).select_option("east")
    told.get_by_label("Why").fill("for the laboratory")
    sign(told)
    expect(north.page.get_by_text("one side’s word: the giver’s")).to_be_visible()
    expect(north.page.get_by_text("The evidential copy is with north.")).to_be_visible()
    look(east, ref)
    told = form(east, "Say that it changed hands")
    told.get_by_label("We took it from").check()
    told.get_by_label("Member", exact=False).select_option("north")
    told.get_by_label("Why").fill("for the laboratory")
    sign(told)
    for console in (north, east):
        expect(console.page.get_by_text("both sides say so")).to_be_visible()
        expect(console.page.get_by_text("The evidential copy is with east.")).to_be_visible()

    expect(rung(east, "EVENT").get_by_text("A blast", exact=True).first).to_be_visible()
    judgement = {"question": question, "hypothesis": blast, "likelihood": 6, "confidence": "HIGH"}
    judgements = {
        console.member: say(console, question, "assessment", {**judgement, "evidence": [splinter]})
        for console in (north, east)
    }
    found = {"question": question, "hypothesis": blast, "members": ["north", "east"]}
    finding = say(north, question, "finding", found, "It was a blast.")
    look(east, ref)
    expect(rung(east, "EVENT").get_by_text("It was a blast.")).to_be_visible()
    for console in (north, east):
        own = {"finding": finding, "assessment": judgements[console.member]}
        say(console, finding, "concurrence", own)
    for console in (north, east):
        expect(rung(console, "EVENT")).to_contain_text("found together")
        expect(console.page.get_by_text("facts agreed")).to_be_visible()
    north.quartet("recall", splinter)
    for console in (north, east):
        expect(rung(console, "EVENT")).to_contain_text("reopened")
        expect(judged(console, "EVENT", "east")).to_contain_text("BASIS WITHDRAWN")
        expect(console.page.get_by_role("listitem").filter(has_text="2 to 5 wounded")).to_contain_text(
            "BASIS WITHDRAWN"
        )
        expect(rung(console, "EVENT")).to_contain_text("All concur, and yet it does not stand")
        expect(console.page.get_by_text("rungs reopened: 1")).to_be_visible()
    pose(north, pictures, "incident-reopened")


def test_a_new_assessment_takes_the_old_ones_place_and_any_member_reopens_what_its_opener_closed(
    north: Console, east: Console
) -> None:
    ref = opened(north, named("A ship adrift"))
    question = say(north, ref, "question", {"incident": ref, "rung": "EVENT"})
    shot = {"incident": ref, "thing": "PHOTO", "how": "SAW", "collector": "pilot"}
    say(north, ref, "evidence", shot, "A ship without lights")
    look(north, ref)
    assess(north, "EVENT", "other or unknown", "roughly even", "low", "Its log")
    expect(judged(north, "EVENT", "north")).to_contain_text("roughly even chance")
    told = form(rung(north, "EVENT"), "Assess anew")
    told.get_by_label("Of which hypothesis").select_option(label="other or unknown")
    expect(told.get_by_text("Takes the place of our N-")).to_be_visible()
    told.get_by_role("radio", name=re.compile("^almost certain")).check()
    told.get_by_role("radio", name="moderate").check()
    sign(told)
    expect(judged(north, "EVENT", "north")).to_contain_text("almost certain")
    expect(judged(north, "EVENT", "north")).not_to_contain_text("roughly even chance")
    assert question

    look(east, ref)
    expect(east.page.locator("summary").filter(has_text="Close the incident")).to_have_count(0)
    told = form(north, "Close the incident")
    told.get_by_label("Why, in a few words").fill("All is said")
    sign(told)
    expect(east.page.get_by_text("closed: All is said")).to_be_visible()
    told = form(east, "Reopen the incident")
    told.get_by_label("Why, in a few words").fill("Its log was found")
    sign(told)
    expect(north.page.get_by_text("reopened: Its log was found")).to_be_visible()


def pose(console: Console, pictures: Path, name: str, url: str = "") -> None:
    """Take pictures of the page on view, dark, light and in Arabic; no fault of access in any."""
    if url:
        console.page.goto(url)
    expect(console.page.get_by_role("heading", level=1)).to_be_visible()
    for theme, language in (("dark", "en"), ("light", "en"), ("dark", "ar")):
        console.look(theme)
        console.speak(language)
        assert console.faults() == []
        console.page.screenshot(path=pictures / f"{name}-{language}-{theme}.png")
    console.look("dark")
    console.speak("en")


def test_an_origin_with_coordinates_is_refused_in_words_and_a_sector_is_taken(north: Console) -> None:
    ref = opened(north, named("A launch at night"))
    look(north, ref)
    ask(north, "PLACE_OF_ORIGIN")
    place = rung(north, "PLACE_OF_ORIGIN")
    told = form(place, "Propose a hypothesis")
    field = told.get_by_label("The hypothesis, in words")
    field.fill("a pad at 51.5034, 7.1021")
    told.get_by_role("button", name="Sign and say").click()
    expect(told.get_by_role("alert")).to_contain_text("an origin is a sector in words, never a position")
    expect(field).to_have_value("a pad at 51.5034, 7.1021")
    field.fill("the hills east of the river")
    sign(told)
    expect(place.get_by_text("the hills east of the river").first).to_be_visible()
    expect(place).not_to_contain_text("51.5034")
    place.locator("a.mono").last.click()
    expect(north.page.get_by_text("No proof for an outsider: about a place of origin")).to_be_visible()
    expect(north.page.get_by_role("link", name="Proof for an outsider")).to_have_count(0)


def reported(console: Console, title: str, to: str, **event: str) -> None:
    """Report one event by form at the compose page, ready to be sent."""
    page = console.page
    page.goto(f"{console.origin}/compose")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text", exact=True).fill("As it was told to us.")
    page.get_by_label("TLP:AMBER", exact=True).check()
    page.get_by_label(to, exact=True).check()
    page.get_by_text("By form: what happened").click()
    page.get_by_role("button", name="Add an event").click()
    told = page.get_by_role("group", name="Event 1")
    expect(told).to_be_visible()
    offered = told.get_by_label("Credibility of what it says").locator("option").all_inner_texts()
    assert [one[:1] for one in offered if one] == ["2", "3", "4", "5", "6"]
    expect(page.get_by_text("Event 1 is not whole")).to_be_visible()
    expect(page.get_by_role("button", name="Sign and send")).to_be_disabled()
    told.get_by_label("What happened").fill(event.get("what", "Rockets fell on the harbour"))
    told.get_by_label("How it is known").select_option(label=event.get("how", "published"))
    told.get_by_label(re.compile("^The source")).select_option(label=event.get("says", "says that it was so"))
    told.get_by_label("Reliability of the source").select_option(label="C · fairly reliable")
    told.get_by_label("Credibility of what it says").select_option(label="3 · possibly true")
    told.get_by_label("Count of what").fill("rockets")
    told.get_by_label("At least").fill("6")
    told.get_by_label("At most").fill("8")
    if event.get("source"):
        told.get_by_label("Who knew it first").fill(event["source"])
        told.get_by_label("Circle that shares").fill("all")
    expect(page.get_by_text(f"It goes to {to}, and to nobody else.")).to_be_visible()


def sent(console: Console) -> str:
    """Send what is composed, and return its reference."""
    console.page.get_by_role("button", name="Sign and send").click()
    console.page.wait_for_url("**/items/*")
    expect(console.page.get_by_role("heading", name="What it reports, event by event")).to_be_visible()
    ref: str = console.page.url.rpartition("/")[2]
    return ref


def test_one_source_that_another_member_relays_counts_once_and_its_name_stays_at_home(
    north: Console, east: Console, pictures: Path
) -> None:
    reported(north, named("Rockets at the harbour"), "east", source="Harbour Radio")
    assert north.faults() == []
    north.page.screenshot(path=pictures / "report-by-form-en-dark.png")
    first = sent(north)
    expect(north.page.get_by_text("At most 1, independence not established")).to_be_visible()

    expect(east.rows.filter(has_text=first)).to_be_visible()
    reported(east, named("Rockets, we hear as well"), "north", source=" harbour  RADIO")
    second = sent(east)
    told = form(east, "Say that these are the same")
    told.get_by_label("The other report").fill(first)
    sign(told)
    expect(east.page.get_by_text("CIRCULAR: it only repeats")).to_be_visible()
    for console, ref, other in ((east, second, first), (north, first, second)):
        console.page.goto(f"{console.origin}/items/{ref}")
        expect(console.page.get_by_role("link", name=other)).to_be_visible()
        expect(console.page.get_by_text("At most 1, independence not established")).to_be_visible()
        expect(console.page.get_by_text("possibly true")).to_be_visible()
        expect(console.page.get_by_text("6 to 8 rockets")).to_be_visible()
        expect(console.page.locator("article")).not_to_contain_text(re.compile("harbour radio", re.IGNORECASE))
    north.page.wait_for_load_state()
    pose(north, pictures, "report")


def test_ratings_are_made_apart_and_read_together_and_no_winner_is_computed(
    north: Console, east: Console, pictures: Path
) -> None:
    ref = opened(north, named("A fire at the depot"))
    question = say(north, ref, "question", {"incident": ref, "rung": "ACTOR"})
    for text in ("A short circuit", "Somebody set it"):
        say(north, question, "hypothesis", {"question": question, "rung": "ACTOR", "text": text})
    shot = {"incident": ref, "thing": "VIDEO", "how": "CAMERA", "collector": "depot guard"}
    video = say(north, ref, "evidence", shot, "A man climbs the fence at 21:40.")
    marks = {"north": ("II", "CC", "N"), "east": ("N", "N", "N")}
    for console in (north, east):
        look(console, ref)
        place = rung(console, "ACTOR")
        place.locator("summary").filter(has_text="Rate and seal").click()
        for row, mark in zip(
            ("A short circuit", "Somebody set it", "other or unknown"), marks[console.member], strict=True
        ):
            expect(place.get_by_role("button", name="Sign the seal")).to_be_disabled()
            place.get_by_label(f"{row}: {video}").select_option(mark)
        place.get_by_role("button", name="Sign the seal").click()
        expect(place.get_by_role("button", name="Show ours")).to_be_visible()
    for console in (north, east):
        expect(rung(console, "ACTOR")).to_contain_text("Sealed by east and north.")
        expect(rung(console, "ACTOR").get_by_role("table")).to_have_count(0)
    rung(north, "ACTOR").get_by_role("button", name="Show ours").click()
    expect(rung(east, "ACTOR")).to_contain_text("Waiting for east to show theirs.")
    expect(rung(east, "ACTOR").get_by_role("table")).to_have_count(0)
    rung(east, "ACTOR").get_by_role("button", name="Show ours").click()

    for console in (north, east):
        table = rung(console, "ACTOR").get_by_role("table", name="Ratings of north")
        expect(table.get_by_role("row", name=re.compile("^A short circuit"))).to_have_text(
            re.compile(r"A short circuit\s*II\s*2")
        )
        expect(rung(console, "ACTOR")).to_contain_text(f"Were this one item false, the order would change: {video}")
        expect(rung(console, "ACTOR")).to_contain_text("No single item, were it false, would change the order.")
    rung(north, "ACTOR").scroll_into_view_if_needed()
    pose(north, pictures, "incident-ratings")
