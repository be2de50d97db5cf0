"""The browsers' door: nobody is let in who did not prove herself, from our own page, in the last minutes."""

import asyncio
import hashlib
import json
import re
import time
from base64 import b32decode
from collections.abc import Iterator
from typing import Any

import cbor2
import pytest
from browser import ORIGIN, Browser, browser, reason
from cryptography.hazmat.primitives.asymmetric import ec
from served import draft

from quartet.console.signin import sessions
from quartet.console.signin.totp import STEP, code_at
from quartet.core.encoding import b64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import OfficerName
from quartet.core.keys import SecretKey
from quartet.exercise.plan import DUTY


@pytest.fixture
def north(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("c") / "t") as made:
        yield made


def test_the_cookie_is_for_this_host_alone_and_for_no_script(north: Browser) -> None:
    cookie = north.sign_in().headers["set-cookie"]

    assert re.match("__Host-quartet-north-[A-Za-z0-9_-]{8}=", cookie)
    assert {"Path=/", "HttpOnly", "Secure", "SameSite=strict"} <= {word.strip() for word in cookie.split(";")}
    assert "domain" not in cookie.lower()


def test_a_member_of_one_name_in_two_exchanges_has_two_cookies(
    north: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with browser(tmp_path_factory.mktemp("other") / "t") as other:
        names = {one.sign_in().headers["set-cookie"].partition("=")[0] for one in (north, other)}

    assert len(names) == 2


def test_a_link_opens_the_console_once(north: Browser) -> None:
    word = north.link()

    first = north.ask("POST", "/api/session/link", {"word": word})
    second = north.ask("POST", "/api/session/link", {"word": word})

    assert first.json()["officer"] == "duty"
    assert (second.status_code, reason(second)) == (403, "bad-link")


@pytest.mark.parametrize("path", ["/api/items", "/api/status", "/api/events", "/api/officer", "/api/verify"])
def test_nothing_is_told_to_who_is_not_signed_in(north: Browser, path: str) -> None:
    response = north.ask("GET", path)

    assert (response.status_code, reason(response)) == (401, "no-session")


def test_before_sign_in_the_console_says_whose_it_is_and_no_more(north: Browser) -> None:
    told = north.ask("GET", "/api/session").json()

    assert (told["member"], told["trial"], told["officer"], told["csrf"]) == ("north", True, None, None)


def test_who_signed_in_publishes_and_reads(north: Browser) -> None:
    north.sign_in()

    sent = north.ask("POST", "/api/items", draft())
    listed = north.ask("GET", "/api/items?newest=true&precedence=ROUTINE&tlp=AMBER").json()["items"]

    assert sent.status_code == 201
    assert [row["ref"] for row in listed] == [sent.json()["ref"]]
    assert north.ask("GET", "/api/items?precedence=FLASH").json()["items"] == []
    assert north.ask("GET", "/api/items?tlp=RED").json()["items"] == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Quartet_Csrf": None}, "no-csrf"),
        ({"Quartet_Csrf": "guess"}, "no-csrf"),
        ({"Origin": None}, "other-origin"),
        ({"Origin": "http://localhost:4311"}, "other-origin"),
        ({"Origin": "null"}, "other-origin"),
        ({"Sec_Fetch_Site": "cross-site"}, "other-origin"),
        ({"Sec_Fetch_Site": "same-site"}, "other-origin"),
        ({"Host": "evil.example"}, "other-host"),
        ({"Cookie": None}, "no-session"),
        ({"Cookie": "NAME=guess"}, "no-session"),
    ],
)
def test_another_page_changes_nothing(north: Browser, headers: dict[str, str | None], expected: str) -> None:
    name = north.sign_in().headers["set-cookie"].partition("=")[0]
    sent = {key: value and value.replace("NAME", name) for key, value in headers.items()}

    response = north.ask("POST", "/api/items", draft(), **sent)

    assert reason(response) == expected
    assert north.ask("GET", "/api/items").json()["items"] == []


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Sec_Fetch_Site": "cross-site"}])
def test_another_page_reads_nothing(north: Browser, headers: dict[str, str | None]) -> None:
    north.sign_in()

    assert north.ask("GET", "/api/items", **headers).status_code == 403


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(north: Browser) -> None:
    north.sign_in()

    assert north.ask("DELETE", "/api/session").status_code == 204
    assert reason(north.ask("GET", "/api/items")) == "no-session"


def test_an_untouched_session_ends_and_what_the_page_asks_on_its_own_does_not_touch_it(
    north: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    north.sign_in()
    monkeypatch.setattr(north.desk.sessions, "idle", 300_000)

    told = []
    for _ in range(4):
        time.sleep(0.1)
        told.append(north.ask("GET", "/api/status", Quartet_Background="1").json().get("reason"))

    assert "session-expired" in told


def test_what_speaks_for_the_member_wants_a_proof_of_the_last_minutes(
    north: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    north.sign_in()
    monkeypatch.setattr(sessions, "UNLOCK", 0)

    assert reason(north.ask("POST", "/api/items", draft())) == "locked"
    assert reason(north.ask("POST", "/api/officer/keys", {"key": b64(bytes(32)), "label": "x"})) == "locked"
    assert north.ask("GET", "/api/items").status_code == 200


def test_a_password_counts_after_its_first_code_and_each_code_counts_once(north: Browser) -> None:
    north.sign_in()
    north.ask("POST", "/api/officer/password", {"password": "four words make one"})
    secret = north.desk._pending[north.desk.officer(_only(north)).name][1]

    def code(later: int) -> str:
        return code_at(secret, time.time_ns() // 1000 // STEP + later)

    assert north.ask("POST", "/api/officer/password/code", {"code": code(-1)}).status_code == 204
    say = {"officer": "duty", "password": "four words make one"}
    assert reason(north.ask("POST", "/api/session/password", {**say, "code": code(-1)})) == "bad-password"
    north.keep(north.ask("POST", "/api/session/password", {**say, "code": code(0)}))
    again = north.ask("POST", "/api/session/password", {**say, "code": code(0)})
    wrong = north.ask("POST", "/api/session/password", {**say, "password": "another", "code": code(1)})
    stranger = north.ask("POST", "/api/session/password", {**say, "officer": "eve", "code": code(1)})

    assert reason(again) == "bad-password"
    assert wrong.json() == stranger.json()


def _only(north: Browser) -> sessions.Session:
    (session,) = north.desk.sessions._open.values()
    return session


def test_guessing_is_slow_for_each_officer_by_name(north: Browser) -> None:
    say = {"officer": "duty", "password": "guess", "code": "000000"}

    answers = [reason(north.ask("POST", "/api/session/password", say)) for _ in range(8)]

    assert answers[:6] == ["bad-password"] * 6
    assert answers[6:] == ["too-many-requests"] * 2


def test_a_weak_password_is_refused(north: Browser) -> None:
    north.sign_in()

    assert reason(north.ask("POST", "/api/officer/password", {"password": "elevenchars"})) == "weak-password"


def test_no_browser_makes_links(north: Browser) -> None:
    north.sign_in()

    assert north.ask("POST", "/api/links", {}).status_code in {404, 405}


def test_every_answer_has_the_headers_and_the_page_its_strict_policy(north: Browser) -> None:
    for path in ("/", "/inbox", "/api/session", "/api/items", "/nothing.js"):
        headers = north.ask("GET", path).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy


def test_the_console_answers_at_its_own_address(north: Browser) -> None:
    assert north.desk.origin == ORIGIN


def test_a_code_that_comes_twice_at_the_same_moment_counts_once(north: Browser) -> None:
    north.sign_in()
    password = "correct horse battery"
    secret = b32decode(north.ask("POST", "/api/officer/password", {"password": password}).json()["secret"])
    step = int(time.time() * 1_000_000) // STEP
    assert north.ask("POST", "/api/officer/password/code", {"code": code_at(secret, step)}).status_code == 204

    async def act() -> list[object]:
        code = code_at(secret, step + 1)
        tries = (north.desk.by_password(DUTY.name, password, code) for _ in range(3))
        return await asyncio.gather(*tries, return_exceptions=True)

    opened = [one for one in asyncio.run(act()) if not isinstance(one, Untrusted)]

    assert len(opened) == 1


def test_of_two_keys_that_are_added_at_one_time_both_are_kept(north: Browser) -> None:
    keys = [b64(SecretKey(bytes([n]) * 32).public.raw) for n in range(1, 4)]

    async def act() -> None:
        await asyncio.gather(*(north.desk.add_key(DUTY.name, key, "browser") for key in keys))

    asyncio.run(act())

    assert sorted(one.key for one in north.desk.person(DUTY.name).keys) == sorted(keys)


def test_a_passkey_is_of_one_officer(north: Browser) -> None:
    other = OfficerName("other")

    async def act() -> None:
        await north.desk.add_passkey(DUTY.name, made_passkey(north, DUTY.name), "hers")
        await north.desk.add_passkey(other, made_passkey(north, other), "taken")

    with pytest.raises(Malformed, match="passkey-taken"):
        asyncio.run(act())
    assert north.desk.person(other).passkeys == ()


def made_passkey(north: Browser, name: OfficerName) -> dict[str, Any]:
    """Answer as an authenticator does that makes a passkey; each time of the same credential id."""
    challenge = north.desk.ask_new_passkey(name)["challenge"]
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
    credential = b"the same"
    party = hashlib.sha256(b"localhost").digest()
    data = party + b"\x45" + bytes(4 + 16) + len(credential).to_bytes(2, "big") + credential + cose
    said = {"type": "webauthn.create", "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}
    response = {
        "clientDataJSON": b64(json.dumps(said).encode()),
        "attestationObject": b64(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
    }
    return {"id": b64(credential), "rawId": b64(credential), "type": "public-key", "response": response}


def test_two_consoles_of_one_process_answer_each_for_its_own_node(
    north: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with browser(tmp_path_factory.mktemp("other") / "t") as other:
        for one in (north, other):
            one.sign_in()
            sent = one.ask("POST", "/api/items", draft(title=one.node.registry.exchange))
            assert sent.status_code == 201, sent.text
        for one in (other, north, other):
            for listed in (one.ask("GET", "/api/items").json(), one.socket("GET", "/items").json()):
                assert [item["title"] for item in listed["items"]] == [one.node.registry.exchange]
