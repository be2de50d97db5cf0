"""A draft that is sent twice goes once: who lost the answer sends again, or asks what became of it."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from browser import Browser, browser, reason, take_back
from inside import NORTH, WORD, inside
from served import draft

from quartet.core.ids import OfficerName
from quartet.core.release import Viewer
from quartet.exercise.plan import DUTY, Duty
from quartet.node.once import KEPT_FOR

CLERK = Duty(OfficerName("clerk"), roles=())
HER = Viewer(member=NORTH, name=DUTY.name, roles=DUTY.roles)


@pytest.fixture(scope="module")
def north(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("o") / "t", officers=(CLERK, DUTY)) as made:
        made.sign_in()
        yield made


def titled(north: Browser, title: str) -> list[Any]:
    return [row for row in north.ask("GET", "/api/items?limit=500").json()["items"] if row["title"] == title]


def test_a_draft_that_is_sent_again_is_the_item_that_went(north: Browser) -> None:
    said = draft(title="once", once="a" * 22)
    word = f"/api/drafts/{'a' * 22}"
    before = north.ask("GET", word)

    first, second = north.ask("POST", "/api/items", said), north.ask("POST", "/api/items", said)

    assert (before.status_code, reason(before)) == (404, "unknown-item")
    assert first.json() == second.json() == north.ask("GET", word).json()
    assert len(titled(north, "once")) == 1


def test_many_at_once_are_one(north: Browser) -> None:
    said = draft(title="many", once="b" * 22)
    with ThreadPoolExecutor(6) as pool:
        sent = list(pool.map(lambda _: north.client.post("/api/items", json=said, headers=north.headers), range(6)))

    assert {one.json()["ref"] for one in sent} == {row["ref"] for row in titled(north, "many")}
    assert len(titled(north, "many")) == 1


def test_who_waited_for_one_that_failed_and_who_came_then_still_go_one_by_one() -> None:
    async def act() -> int:
        async with inside() as world:
            once, going, most = world.node.handover.once, 0, 0

            async def go() -> None:
                nonlocal going, most
                async with once.alone(HER, WORD):
                    going += 1
                    most = max(most, going)
                    await asyncio.sleep(0.01)
                    going -= 1

            first, waits = asyncio.create_task(go()), asyncio.create_task(go())
            await first
            await asyncio.gather(waits, go())
            return most

    assert asyncio.run(act()) == 1


def test_what_was_changed_after_it_went_is_told_and_not_taken_for_sent(north: Browser) -> None:
    said = draft(title="changed", once="c" * 22)
    ref = north.ask("POST", "/api/items", said).json()["ref"]

    again = north.ask("POST", "/api/items", {**said, "text": "another text"})

    assert reason(again) == "already-sent"
    assert ref in again.json()["detail"]
    assert len(titled(north, "changed")) == 1


def test_what_was_refused_may_be_mended_under_the_same_word(north: Browser) -> None:
    said = draft(title="mended", once="d" * 22)

    refused = north.ask("POST", "/api/items", {**said, "to": ["nobody"]})
    mended = north.ask("POST", "/api/items", said)

    assert reason(refused) == "unknown-member"
    assert mended.status_code == 201


def test_a_word_is_of_use_to_its_officer_alone(north: Browser) -> None:
    said = draft(title="hers", once="e" * 22)
    north.ask("POST", "/api/items", said)
    clerk = north.other(CLERK.name)
    clerk.sign_in()

    asked = clerk.ask("GET", f"/api/drafts/{'e' * 22}")
    sent = clerk.ask("POST", "/api/items", said)

    assert reason(asked) == "unknown-item"
    assert sent.status_code == 201
    assert len(titled(north, "hers")) == 2


def test_a_message_is_said_once_too(north: Browser) -> None:
    ref = north.ask("POST", "/api/items", draft(title="subject")).json()["ref"]
    for _ in range(2):
        north.ask("POST", f"/api/items/{ref}/thread", {"text": "once said", "once": "f" * 22})

    assert [one["text"] for one in north.ask("GET", f"/api/items/{ref}/thread").json()["messages"]] == ["once said"]


def test_a_message_that_is_sent_again_went_once_and_is_told_so_though_its_subject_is_gone(north: Browser) -> None:
    ref = north.ask("POST", "/api/items", draft(title="to be gone")).json()["ref"]
    said = {"text": "once said", "once": "g" * 22}
    went = north.ask("POST", f"/api/items/{ref}/thread", said)
    take_back(north, ref)

    again = north.ask("POST", f"/api/items/{ref}/thread", said)
    changed = north.ask("POST", f"/api/items/{ref}/thread", {**said, "text": "changed"})
    another = north.ask("POST", f"/api/items/{ref}/thread", {**said, "once": "h" * 22})

    assert (again.status_code, again.json()) == (201, went.json())
    assert reason(changed) == "already-sent"
    assert went.json()["ref"] in changed.json()["detail"]
    assert reason(another) == "unknown-item"


def test_words_are_kept_through_a_restart_and_forgotten_when_nobody_sends_them_again() -> None:
    async def act() -> None:
        async with inside() as world:
            await world.report(False)
            once = world.node.handover.once
            (item, ref) = world.known[False].items[0]
            assert world.store.reader.metas("once:")
            assert item in next(iter(world.store.reader.metas("once:").values()))
            assert (await world.duty("GET", f"/drafts/{WORD}"))["ref"] == ref

            early = await once.sweep(world.clock.now())
            world.clock.at += KEPT_FOR + 1
            late = await once.sweep(world.clock.now())

            assert (early, late) == (0, 1)
            assert world.store.reader.metas("once:") == {}

    asyncio.run(act())
