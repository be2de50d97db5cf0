"""What an officer may do and learn at her browser: what her roles and her own items explain, and no more."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec
import pytest
from browser import Browser, browser, reason, take_back
from inside import at_rest
from served import draft

from quartet.console.api import streams
from quartet.core.ids import MemberId, OfficerName
from quartet.core.manifest import sign_officer_manifest
from quartet.exercise.plan import DUTY, Duty
from quartet.node.folder import MemberFolder
from quartet.node.office import charter_of, open_offline, read_officer_manifest

CLERK = Duty(OfficerName("clerk"), roles=())
CHIEF = Duty(OfficerName("chief"), roles=("administrator",))
NOBODYS = "N-ZZZ-ZZZ"
PATIENCE_S = 60
NORTH = MemberId("north")
BELOW = ("", "/receipts", "/why/east", "/proof", f"/attachments/{'A' * 43}")


@pytest.fixture(scope="module")
def duty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("r") / "t", officers=(CHIEF, CLERK, DUTY)) as made:
        made.sign_in()
        yield made


@pytest.fixture(scope="module")
def clerk(duty: Browser) -> Browser:
    other = duty.other(CLERK.name)
    other.sign_in()
    return other


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a stream notice soon that whoever asked may have it no more."""
    monkeypatch.setattr(streams, "BREATH_SECONDS", 0.2)


def secret(duty: Browser, **change: object) -> str:
    """Have the duty officer say what she alone may see, and return its reference."""
    said = duty.ask("POST", "/api/items", draft(tlp="RED", persons=["north/duty"], title="canary", **change))
    return str(said.json()["ref"])


@pytest.mark.parametrize("door", ["/api/acts", "/api/manifests/officers"])
def test_what_root_signed_is_handed_in_by_administrators_alone(duty: Browser, clerk: Browser, door: str) -> None:
    chief = duty.other(CHIEF.name)
    chief.sign_in()

    assert reason(duty.ask("PUT", door, {})) == "no-role"
    assert reason(clerk.ask("PUT", door, {})) == "no-role"
    assert reason(chief.ask("PUT", door, {})) not in {"no-role", "bug"}


def test_a_list_tells_nothing_of_what_she_may_not_see(duty: Browser, clerk: Browser) -> None:
    before = {path: clerk.ask("GET", path).text for path in _lists()}
    ref = secret(duty)

    after = {path: clerk.ask("GET", path) for path in _lists()}

    assert ref in duty.ask("GET", "/api/items?text=canary").text
    assert {path: answer.text for path, answer in after.items()} == before
    assert [path for path, answer in after.items() if "etag" in answer.headers] == []


def _lists() -> list[str]:
    asked = (
        "",
        "?text=canary",
        "?newest=true&limit=1",
        "?tlp=RED",
        "?precedence=FLASH",
        "?author=north",
        "?kind=report",
    )
    return [f"/api/items{query}" for query in asked]


def test_counts_are_for_the_watch(duty: Browser, clerk: Browser) -> None:
    secret(duty)

    hers, theirs = duty.ask("GET", "/api/status").json(), clerk.ask("GET", "/api/status").json()

    assert hers["items"] > 0
    assert theirs["items"] is None
    assert [link["due"] for link in theirs["links"]] == [None]


def test_an_item_that_she_may_not_see_is_told_as_one_that_does_not_exist(duty: Browser, clerk: Browser) -> None:
    ref = secret(duty)

    for path in BELOW:
        hidden, nobodys = (clerk.ask("GET", f"/api/items/{name}{path}") for name in (ref, NOBODYS))

        assert (hidden.status_code, hidden.text) == (404, nobodys.text)
        assert _plain(hidden.headers) == _plain(nobodys.headers)
    for kind in ("grant", "recall", "cancel-recall"):
        hidden, nobodys = (
            clerk.ask("POST", "/api/facts/prepared", {"kind": kind, "ref": name, "member": "east"})
            for name in (ref, NOBODYS)
        )
        assert (hidden.status_code, hidden.text) == (404, nobodys.text)
    for how in ("cites", "contains"):
        hidden, nobodys = (clerk.ask("POST", "/api/previews", draft(**{how: [name]})) for name in (ref, NOBODYS))
        assert (hidden.status_code, hidden.text) == (404, nobodys.text)


def _plain(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "date"}


@contextmanager
def listening(listener: Browser, since: str) -> Iterator[Future[httpx.Response]]:
    """Listen in a thread of its own to what comes after a cursor, until the listener is signed out at the end."""
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(listener.ask, "GET", f"/api/events?since={since}")
        try:
            yield told
        finally:
            listener.ask("DELETE", "/api/session")


def resting(north: Browser, count: int) -> None:
    """Wait until so many streams have told all that there is, and wait for what is new."""
    ends = time.monotonic() + PATIENCE_S
    while sum(map(at_rest, list(north.node.watching._bells))) < count:
        assert time.monotonic() < ends, "a stream never told all"
        time.sleep(0.02)


def test_her_stream_tells_what_comes_and_what_is_taken_back_of_her_own_items_alone(
    duty: Browser, clerk: Browser, quick: None
) -> None:
    first = duty.ask("POST", "/api/items", draft(title="the first")).json()["ref"]
    listener = duty.other(CLERK.name)
    listener.sign_in()
    since = clerk.ask("GET", "/api/items?newest=true&limit=1").json()["head"]
    with listening(listener, since) as told:
        hidden, seen = secret(duty), str(duty.ask("POST", "/api/items", draft(title="for all")).json()["ref"])
        for ref in (hidden, seen, first):
            take_back(duty, ref)
        resting(duty, 1)
    stream = told.result(90).text

    assert hidden not in stream
    assert "canary" not in stream
    assert stream.count("event: recall") == 2
    for ref in (seen, first):
        assert f'"kind":"recall","ref":null,"row":null,"refs":["{ref}"],"rows":[]' in stream


def test_what_is_for_a_purpose_is_seen_in_a_session_that_states_it(duty: Browser) -> None:
    ref = duty.ask("POST", "/api/items", draft(title="drill", purposes=["EXERCISE"])).json()["ref"]
    reader = duty.other(DUTY.name)
    reader.sign_in()

    without = reader.ask("GET", f"/api/items/{ref}")
    told = reader.ask("PUT", "/api/session/purpose", {"purpose": "EXERCISE"}).json()
    stated = reader.ask("GET", f"/api/items/{ref}")
    unknown = reader.ask("PUT", "/api/session/purpose", {"purpose": "WAR"})
    reader.ask("PUT", "/api/session/purpose", {"purpose": None})
    again = reader.ask("GET", f"/api/items/{ref}")

    assert (told["purpose"], told["purposes"]) == ("EXERCISE", ["EXERCISE"])
    assert reason(without) == reason(again) == "unknown-item"
    assert stated.json()["title"] == "drill"
    assert reason(unknown) == "unknown-purpose"


def test_a_stream_ends_with_the_purpose_for_which_it_began(duty: Browser, quick: None) -> None:
    reader = duty.other(DUTY.name)
    reader.sign_in()
    reader.ask("PUT", "/api/session/purpose", {"purpose": "EXERCISE"})
    with listening(reader, "") as told:
        resting(duty, 1)
        went_on = not told.done()
        reader.ask("PUT", "/api/session/purpose", {"purpose": None})

        stream = told.result(90)
    assert went_on
    assert stream.status_code == 200
    assert told_last(stream.text) == ("rights", {"seq": "", "kind": "rights", "ref": None, "row": None} | NOTHING)


NOTHING: dict[str, object] = {"refs": [], "rows": []}


def told_last(stream: str) -> tuple[str, Any]:
    """Return the name of the last event of a stream, and what it says; an event without an id moves no cursor."""
    fields = dict(line.split(": ", 1) for line in stream.strip().split("\r\n\r\n")[-1].splitlines())
    assert "id" not in fields
    return fields["event"], json.loads(fields["data"])


def test_at_either_door_a_stream_ends_when_root_gives_its_officer_other_roles(
    tmp_path_factory: pytest.TempPathFactory, quick: None
) -> None:
    with browser(tmp_path_factory.mktemp("roles") / "t", officers=(CHIEF, CLERK, DUTY)) as chief:
        clerk = chief.other(CLERK.name)
        clerk.sign_in()
        trained, gone = _listed(chief, 1, ("watch",)), _listed(chief, 2, None)
        with ThreadPoolExecutor(2) as pool:
            streams = [pool.submit(clerk.ask, "GET", "/api/events"), pool.submit(clerk.socket, "GET", "/events")]
            resting(chief, len(streams))
            went_on = not any(stream.done() for stream in streams)
            taken = chief.socket("PUT", "/manifests/officers", trained)
            try:
                told = [stream.result(90).text for stream in streams]
            finally:
                chief.socket("PUT", "/manifests/officers", gone)  # whatever fails, no stream goes on for ever

    assert went_on
    assert taken.status_code == 204, taken.text
    assert [told_last(text)[0] for text in told] == ["rights", "rights"]


def _listed(north: Browser, later: int, roles: tuple[str, ...] | None) -> bytes:
    """Return a later list of north's officers, as root signs it: the clerk with these roles, or without her."""
    folder = MemberFolder(north.root / "north")
    manifest, _ = read_officer_manifest(folder, NORTH, charter_of(folder))
    changed = tuple(
        one if one.name != CLERK.name else msgspec.structs.replace(one, roles=roles or ())
        for one in manifest.officers
        if one.name != CLERK.name or roles is not None
    )
    listed = msgspec.structs.replace(manifest, version=manifest.version + later, officers=changed)
    return sign_officer_manifest(listed, open_offline(folder).root)


@pytest.mark.parametrize("path", ["/api/verify", "/api/picture"])
def test_what_keeps_the_machine_busy_is_not_asked_without_end(
    tmp_path_factory: pytest.TempPathFactory, path: str
) -> None:
    with browser(tmp_path_factory.mktemp("busy") / "t") as officer:
        officer.sign_in()
        reasons = [_reason(officer.ask("GET", path)) for _ in range(8)]

    assert reasons[0] is None
    assert reasons[-1] == "too-many-requests"


def _reason(response: httpx.Response) -> str | None:
    told = response.json()
    return told.get("reason") if isinstance(told, dict) else None
