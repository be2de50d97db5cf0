"""Who guesses at the door shuts out nobody who may come in: not at her own browser, not at another address."""

import asyncio
import time
from base64 import b32decode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser import Browser, browser, reason
from inside import inside
from msgspec import structs

from quartet.console.api.serving import serve_console
from quartet.console.signin import Asker, SigninDesk, limits, open_book
from quartet.console.signin.limits import (
    TRIES_OF_ADDRESS,
    TRIES_OF_BROWSER,
    TRIES_OF_ONE,
    Limit,
    Line,
    TooMany,
    place_of,
)
from quartet.console.signin.marks import MAX_MARK, Marks
from quartet.console.signin.passkeys import CHALLENGE_LASTS, Challenges
from quartet.console.signin.totp import STEP, code_at
from quartet.console.web import make_console
from quartet.core.faults import Untrusted
from quartet.core.ids import Micros, OfficerName
from quartet.exercise.plan import DUTY
from quartet.exercise.ports import choose_ports
from quartet.node.settings import Console

PASSWORD = "four words make one"
GUESS = {"officer": "duty", "password": "guess", "code": "000000"}
LINK = "/api/session/link"


@pytest.fixture
def north(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("g") / "t") as made:
        slow(made.desk)
        yield made


def slow(desk: SigninDesk) -> None:
    """Let nobody have another try while a test lasts, however long the machine takes over it."""
    for name, rate in (
        ("_of_one", TRIES_OF_ONE),
        ("_of_browser", TRIES_OF_BROWSER),
        ("_of_address", TRIES_OF_ADDRESS),
    ):
        setattr(desk, name, Limit(structs.replace(rate, a_minute=0.001)))


def known(north: Browser) -> str:
    """Sign in at a browser, and return the mark that it keeps from then on."""
    cookies = north.sign_in().headers.get_list("set-cookie")
    (mark,) = (one.partition(";")[0] for one in cookies if ".known." in one)
    return mark


def test_who_guesses_shuts_no_officer_out_of_the_browser_where_she_signed_in_before(north: Browser) -> None:
    mark = known(north)
    secret = north.ask("POST", "/api/officer/password", {"password": PASSWORD}).json()["secret"]
    step = time.time_ns() // 1000 // STEP
    code = {n: code_at(b32decode(secret), step + n) for n in (-1, 0)}
    assert north.ask("POST", "/api/officer/password/code", {"code": code[-1]}).status_code == 204
    stranger = [north.ask("POST", "/api/session/password", GUESS, Cookie=None) for _ in range(int(TRIES_OF_ONE.burst))]
    stranger += [north.ask("POST", LINK, {"word": "guess"}, Cookie=None) for _ in range(int(TRIES_OF_ADDRESS.burst))]

    said = {"officer": "duty", "password": PASSWORD, "code": code[0]}
    shut = north.ask("POST", "/api/session/password", said, Cookie=None)
    hers = north.ask("POST", "/api/session/password", said, Cookie=mark)

    assert {reason(one) for one in stranger} == {"bad-password", "bad-link", "too-many-requests"}
    assert reason(shut) == "too-many-requests"
    assert (hers.status_code, hers.json()["officer"]) == (201, "duty")


def test_at_a_known_browser_there_are_so_many_tries_too_and_of_its_own_officer_alone(north: Browser) -> None:
    mark = known(north)
    others = [north.ask("POST", "/api/session/password", {**GUESS, "officer": "eve"}, Cookie=mark) for _ in range(8)]
    hers = [
        north.ask("POST", "/api/session/password", GUESS, Cookie=mark) for _ in range(int(TRIES_OF_BROWSER.burst) + 1)
    ]

    assert [reason(one) for one in others] == ["bad-password"] * int(TRIES_OF_ONE.burst) + ["too-many-requests"] * 2
    assert [reason(one) for one in hers[:-1]] == ["bad-password"] * int(TRIES_OF_BROWSER.burst)
    assert reason(hers[-1]) == "too-many-requests"
    assert "tries-of-browser" in hers[-1].json()["detail"]


def test_a_mark_opens_nothing_and_a_made_up_one_is_none(north: Browser) -> None:
    mark = known(north)
    name, _, value = mark.partition("=")
    made_up = [f"{name}={value[:-1]}{'A' if value[-1] != 'A' else 'B'}", f"{name}=", f"{name}={'x' * MAX_MARK}.y"]
    for _ in range(int(TRIES_OF_ADDRESS.burst)):
        north.ask("POST", LINK, {"word": "guess"}, Cookie=None)

    told = [north.ask("POST", LINK, {"word": "guess"}, Cookie=one) for one in made_up]

    assert {reason(one) for one in told} == {"too-many-requests"}
    assert reason(north.ask("POST", LINK, {"word": "guess"}, Cookie=mark)) == "bad-link"
    assert reason(north.ask("GET", "/api/items", Cookie=mark)) == "no-session"


def test_a_mark_is_of_one_officer_and_known_to_who_made_it_alone() -> None:
    ours, theirs = Marks(bytes(32)), Marks(bytes(31) + b"1")
    mark = ours.make(OfficerName("chief.d'état"))

    assert ours.officer(mark) == "chief.d'état"
    assert theirs.officer(mark) is None
    assert ours.officer(f"x{mark}") is None
    assert ours.make(OfficerName("chief")) != ours.make(OfficerName("chief"))


def test_the_cookie_of_a_mark_is_for_this_host_alone_and_for_no_script(north: Browser) -> None:
    session, mark = north.sign_in().headers.get_list("set-cookie")

    assert session.startswith("__Host-quartet-north-")
    assert mark.startswith(f"{session.partition('=')[0]}.known.")
    assert {"Path=/", "HttpOnly", "Secure", "SameSite=strict"} <= {word.strip() for word in mark.split(";")}
    assert "domain" not in mark.lower()


def test_who_signs_in_again_keeps_her_mark(north: Browser) -> None:
    mark = known(north)
    north.headers["Cookie"] = mark

    assert known(north) == mark


def test_challenges_without_end_push_out_nobodys_and_each_is_good_once_and_for_a_while() -> None:
    challenges, now = Challenges(), Micros(10**15)
    hers, late = challenges.make(now), challenges.make(now)
    for _ in range(20_000):
        challenges.make(now)

    assert challenges.use(hers, now) == hers
    for bad in (hers, bytes(len(hers)), b"", late[:-1], hers[:-1] + bytes([hers[-1] ^ 1])):
        with pytest.raises(Untrusted, match="bad-passkey"):
            challenges.use(bad, now)
    with pytest.raises(Untrusted, match="bad-passkey"):
        challenges.use(late, Micros(now + CHALLENGE_LASTS + 1))
    with pytest.raises(Untrusted, match="bad-passkey"):
        Challenges().use(late, now)


def test_passwords_are_looked_at_one_after_the_other_and_a_few_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_IN_LINE", 3)

    async def act() -> tuple[int, list[object]]:
        line, at_once, most, go = Line(), 0, 0, asyncio.Event()

        async def one() -> None:
            nonlocal at_once, most
            async with line.turn():
                at_once += 1
                most = max(most, at_once)
                await go.wait()
                at_once -= 1

        tries = [asyncio.ensure_future(one()) for _ in range(5)]
        while sum(one.done() for one in tries) < 2:  # noqa: ASYNC110 - two are sent away without waiting
            await asyncio.sleep(0)
        go.set()
        found = await asyncio.gather(*tries, return_exceptions=True)
        await one()
        return most, [type(one) for one in found if one is not None]

    assert asyncio.run(act()) == (1, [TooMany, TooMany])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("testclient", "testclient", True),
    ],
)
def test_addresses_of_one_household_count_together(one: str, other: str, alike: bool) -> None:
    assert (place_of(one) == place_of(other)) == alike


@asynccontextmanager
async def door(proxy: str | None) -> AsyncIterator[httpx.AsyncClient]:
    """Open a console on a port of its own, and what asks there as a proxy before it would."""
    (port,) = choose_ports(1)
    settings = Console(port=port, proxy=proxy)
    async with inside() as world:
        folder = world.store.path.parent
        desk = SigninDesk(world.node, open_book(folder / "signin", bytes(32)), settings.address)
        slow(desk)
        async with (
            serve_console(make_console(world.node, desk), settings, None),
            httpx.AsyncClient(base_url=desk.origin, headers={"Origin": desk.origin}) as client,
        ):
            yield client


@pytest.mark.parametrize(("proxy", "shut"), [("127.0.0.1", "bad-link"), (None, "too-many-requests")])
def test_who_asks_is_told_apart_by_a_proxys_word_if_the_settings_name_it_and_by_nobody_elses(
    proxy: str | None, shut: str
) -> None:
    async def guess(client: httpx.AsyncClient, forwarded: str) -> Any:
        said = {"X-Forwarded-For": forwarded}
        return reason(await client.post(LINK, json={"word": "guess"}, headers=said))

    async def act() -> list[str]:
        async with door(proxy) as client:
            for n in range(int(TRIES_OF_ADDRESS.burst)):
                await guess(client, f"198.51.100.{n}, 192.0.2.1")
            return [await guess(client, "198.51.100.250, 192.0.2.1"), await guess(client, "192.0.2.1, 192.0.2.2")]

    assert asyncio.run(act()) == ["too-many-requests", shut]


def test_an_officer_is_counted_by_her_name_at_every_browser_that_is_not_hers(tmp_path: Path) -> None:
    async def act() -> list[str]:
        async with inside() as world:
            desk = SigninDesk(world.node, open_book(tmp_path / "signin", bytes(32)), "http://localhost:4310")
            slow(desk)
            found = []
            for n in range(int(TRIES_OF_ONE.burst) + 1):
                with pytest.raises((Untrusted, TooMany)) as told:
                    await desk.by_password(DUTY.name, "guess", "000000", Asker(f"192.0.2.{n}"))
                found.append(told.value.reason)
            return found

    assert asyncio.run(act()) == ["bad-password"] * int(TRIES_OF_ONE.burst) + ["too-many-requests"]
