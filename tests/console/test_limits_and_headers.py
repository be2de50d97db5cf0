"""What every answer of the console tells a browser, and how it asks who comes too often to wait."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browser import Browser, browser, reason
from served import draft

from quartet.console.signin.limits import TRIES_OF_ADDRESS, TRIES_OF_ONE, Limit, TooMany
from quartet.console.web.headers import HEADERS, headers_for

GUESS = {"officer": "duty", "password": "guess", "code": "000000"}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text("<!doctype html><title>Quartet</title>")
    return folder


@pytest.fixture
def north(tmp_path_factory: pytest.TempPathFactory, page: Path) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("h") / "t", page) as made:
        yield made


def test_every_kind_of_answer_carries_every_header(north: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = north.ask("GET", "/").headers["etag"]
    answers = {
        401: north.ask("GET", "/api/items"),
        304: north.ask("GET", "/", If_None_Match=tag),
        404: north.ask("GET", "/nothing.js"),
        405: north.ask("PATCH", "/api/items"),
    }
    north.sign_in()
    answers[200] = north.ask("GET", "/api/items")
    answers[201] = north.ask("POST", "/api/items", draft())
    answers[400] = north.ask("POST", "/api/items", {"title": 1})
    answers[403] = north.ask("POST", "/api/items", draft(), Origin="http://evil.example")
    answers[413] = north.ask("POST", "/api/items", draft(text="x" * 2**21))
    answers[204] = north.ask("DELETE", "/api/session")
    for _ in range(int(TRIES_OF_ONE.burst) + 1):
        answers[429] = north.ask("POST", "/api/session/password", GUESS)
    north.sign_in()
    monkeypatch.setattr(north.node.health, "status", _bug)
    answers[500] = north.ask("GET", "/api/status")

    for status, answer in answers.items():
        assert answer.status_code == status, answer.text
        assert HEADERS.items() <= {(name.title(), value) for name, value in _plain(answer)}, status
        assert "server" not in answer.headers
        kept = "no-cache" if status == 304 else "no-store"
        assert answer.headers["cache-control"] == kept, status


def _plain(answer: httpx.Response) -> list[tuple[str, str]]:
    """Return the headers, spelt as the list spells them."""
    known = {name.lower(): name for name in HEADERS}
    return [(known.get(name.lower(), name), value) for name, value in answer.headers.items()]


def _bug(_: object) -> None:
    raise RuntimeError("canary-5b1e")


def test_a_bug_tells_the_asker_nothing_of_itself(north: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    north.sign_in()
    monkeypatch.setattr(north.node.health, "status", _bug)

    answer = north.ask("GET", "/api/status")

    assert reason(answer) == "bug"
    assert "canary" not in answer.text


def test_behind_tls_the_console_says_that_it_always_is_and_without_it_does_not() -> None:
    assert re.fullmatch(r"max-age=\d{8,}", headers_for("https://north.example")["Strict-Transport-Security"])
    assert "Strict-Transport-Security" not in headers_for("http://localhost:4310")


def test_who_guesses_is_told_how_long_to_wait(north: Browser) -> None:
    answers = [north.ask("POST", "/api/session/password", GUESS) for _ in range(8)]

    late = answers[-1]
    assert [answer.status_code for answer in answers] == [403] * 6 + [429] * 2
    assert reason(late) == "too-many-requests"
    assert 1 <= int(late.headers["retry-after"]) <= 60 / TRIES_OF_ONE.a_minute
    assert "retry-after" not in answers[0].headers


def test_who_has_everything_checked_too_often_waits_and_may_read_meanwhile(north: Browser) -> None:
    north.sign_in()

    answers = [north.ask("GET", "/api/verify") for _ in range(7)]

    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert north.ask("GET", "/api/items").status_code == 200


def test_whoever_it_is_the_door_lets_only_so_many_try(north: Browser) -> None:
    words = [north.ask("POST", "/api/session/link", {"word": "guess"}) for _ in range(int(TRIES_OF_ADDRESS.burst) + 2)]

    assert {reason(word) for word in words} == {"bad-link", "too-many-requests"}
    assert words[-1].headers["retry-after"] in {"1", "2"}


def test_who_waits_as_long_as_was_said_is_let_through() -> None:
    limit = Limit(TRIES_OF_ONE)
    for _ in range(int(TRIES_OF_ONE.burst)):
        limit.take("duty", 0.0)
    with pytest.raises(TooMany) as told:
        limit.take("duty", 0.0)

    limit.take("duty", float(told.value.wait_s))
    limit.take("another", 0.0)


def test_who_signs_in_anew_ends_her_last_session_and_keeps_her_purpose(north: Browser) -> None:
    north.sign_in()
    old = dict(north.headers)
    north.ask("PUT", "/api/session/purpose", {"purpose": "EXERCISE"})
    north.sign_in()

    told = north.ask("GET", "/api/session").json()
    north.headers = old

    assert told["purpose"] == "EXERCISE"
    assert reason(north.ask("GET", "/api/items")) == "no-session"
