"""What one officer is told: by her own cursor, for her own purpose, at the beat of every other refusal."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing

import pytest
from inside import CLERK, FILE, FILE_ID, NORTH, Inside, inside

from quartet.console.api.pace import BEAT
from quartet.console.proof import PURPOSE
from quartet.core.faults import Malformed
from quartet.core.ids import OfficerName
from quartet.core.release import Viewer
from quartet.exercise.plan import DUTY
from quartet.node import unasserted
from quartet.node.seeing import HIDDEN, UNTOLD

MANY = 1_000

Act = Callable[[Inside], Awaitable[None]]


def in_a_world(act: Act) -> None:
    async def whole() -> None:
        async with inside() as world:
            await act(world)

    asyncio.run(whole())


def test_a_cursor_is_of_use_to_its_viewer_alone() -> None:
    async def act(world: Inside) -> None:
        for _ in range(2):
            await world.report(False)
        page = (await world.ask(CLERK.name, "GET", "/items?limit=1")).json()

        theirs = await world.ask(CLERK.name, "GET", f"/items?after={page['next']}")
        others = await world.ask(DUTY.name, "GET", f"/items?after={page['next']}")
        stream = await world.ask(DUTY.name, "GET", "/items?after=7")

        assert len(theirs.json()["items"]) == 1
        assert {others.json()["reason"], stream.json()["reason"]} == {"bad-cursor"}
        with pytest.raises(Malformed, match="bad-cursor"):
            world.node.reading.place(Viewer(NORTH, DUTY.name), page["next"])

    in_a_world(act)


def test_a_stream_resumed_after_any_event_loses_and_repeats_nothing() -> None:
    async def act(world: Inside) -> None:
        for secret in (False, True, False, True, True, False):
            await world.report(secret)
        whole = await world.stream("")

        assert [ref for _, ref in whole] == [ref for _, ref in world.known[False].items]
        for n, (seq, _) in enumerate(whole):
            assert await world.stream(seq) == whole[n + 1 :]

    in_a_world(act)


def test_what_she_may_not_see_does_not_fill_her_queue() -> None:
    async def act(world: Inside) -> None:
        watching = world.node.watching
        events = watching.watch(Viewer(NORTH, CLERK.name), "")
        first = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        await world.report(True)
        hidden = world.node.holdings.verified(world.known[True].items[0][0])  # type: ignore[arg-type]
        assert hidden is not None
        for _ in range(MANY + 1):
            watching.news(hidden)

        await world.report(False)

        assert (await asyncio.wait_for(first, 60)).ref == world.known[False].items[0][1]
        await events.aclose()  # type: ignore[attr-defined]

    in_a_world(act)


def test_the_unknown_and_the_hidden_are_refused_at_the_same_beat() -> None:
    async def act(world: Inside) -> None:
        await world.report(True)
        hidden = world.known[True].items[0][1]
        for target in (f"/items/{hidden}", "/items/N-ZZZ-ZZZ", f"/items/{hidden}/receipts"):
            began = time.monotonic()
            response = await world.ask(CLERK.name, "GET", target)

            assert response.status_code == 404
            assert time.monotonic() - began >= BEAT

    in_a_world(act)


def test_an_alarm_names_no_item_that_the_watch_may_not_see() -> None:
    async def act(world: Inside) -> None:
        await world.report(True)
        await world.alarm(True)
        ref = world.known[True].items[0][1]
        watch = Viewer(NORTH, CLERK.name, roles=("watch",))

        (told,) = world.node.status(watch).alarms
        (hers,) = world.node.status(Viewer(NORTH, DUTY.name, roles=DUTY.roles, trained=frozenset())).alarms

        assert told.detail == f"{HIDDEN} came with two commitments"
        assert hers.detail == f"{ref} came with two commitments"

    in_a_world(act)


@pytest.mark.parametrize("secret", [False, True])
def test_verify_tells_the_place_of_damage_to_who_may_know_what_lies_there(secret: bool) -> None:
    async def act(world: Inside) -> None:
        await world.report(secret)
        await world.tick(False)
        item, ref = world.known[secret].items[0]
        with closing(sqlite3.connect(world.store.path)) as database, database:
            database.execute("UPDATE item SET precedence = 'FLASH' WHERE ref = ?", (ref,))
            database.execute("DELETE FROM commitment")
            database.execute("INSERT INTO evidence (kind, subject, data, at) VALUES ('refused', 'east', x'00', 0)")

        officers = (Viewer(NORTH, CLERK.name), Viewer(NORTH, CLERK.name, roles=("watch",)), Viewer(NORTH, DUTY.name))
        clerk, watch, duty = [(await world.node.verify(viewer)).problems for viewer in officers]

        assert [p.reason for p in clerk] == [p.reason for p in watch] == [p.reason for p in duty]
        assert any(ref in p.where for p in duty)
        for told, mine in ((clerk, False), (watch, True)):
            text = " ".join(p.where for p in told)
            assert secret != any(name in text for name in (ref, item[:8]))
            assert secret == (HIDDEN in text)
            assert mine == ("evidence 1" in text)
            assert mine != (UNTOLD in text)

    in_a_world(act)


def test_a_basis_that_she_never_saw_is_an_id_and_whether_it_stands() -> None:
    async def act(world: Inside) -> None:
        await world.report(True)
        item, ref = world.known[True].items[0]
        draft = {"title": "Cites", "text": "x", "to": ["east"], "tlp": "AMBER", "cites": [ref]}
        citing = (await world.duty("POST", "/items", draft))["ref"]
        await world.recall(True)
        await world.purge(True)

        hers = (await world.duty("GET", f"/items/{citing}"))["provenance"]["cites"]
        theirs = (await world.ask(CLERK.name, "GET", f"/items/{citing}")).json()["provenance"]["cites"]

        assert hers == [{"id": item, "ref": ref, "member": "north", "withdrawn": True}]
        assert theirs == [{"id": item, "ref": None, "member": None, "withdrawn": True}]

    in_a_world(act)


def test_an_officer_uses_no_file_that_another_handed_over() -> None:
    async def act(world: Inside) -> None:
        await world.stage(True)
        file = {"id": FILE_ID, "name": "photo.jpg", "size": len(FILE)}
        draft = {"title": "t", "text": "x", "to": ["east"], "tlp": "AMBER", "attachments": [file]}
        await world.ask(CLERK.name, "PUT", f"/attachments/{FILE_ID}/parts/0", b"other bytes")

        refused = await world.ask(CLERK.name, "POST", "/items", draft)
        astray = {**draft, "attachments": [{**file, "id": f"../{FILE_ID}"}]}
        outside = await world.ask(CLERK.name, "POST", "/items", astray)

        assert refused.json()["reason"] == "attachment-missing"
        assert outside.json()["reason"] == "bad-request"
        assert "id" in await world.duty("POST", "/items", draft)

    in_a_world(act)


def test_what_is_for_a_purpose_is_shown_for_that_purpose() -> None:
    async def act(world: Inside) -> None:
        draft = {"title": "t", "text": "x", "to": ["east"], "tlp": "AMBER", "purposes": ["EXERCISE"]}
        ref = (await world.duty("POST", "/items", draft))["ref"]

        without = await world.ask(DUTY.name, "GET", f"/items/{ref}")
        stated = await world.ask(DUTY.name, "GET", f"/items/{ref}", purpose="EXERCISE")
        other = await world.ask(DUTY.name, "GET", f"/items/{ref}", purpose="WAR")
        unknown = await world.ask(DUTY.name, "POST", "/items", {**draft, "purposes": ["WAR"]})

        assert without.json()["reason"] == "unknown-item"
        assert stated.json()["marking"]["purposes"] == ["EXERCISE"]
        for refused in (other, unknown):
            assert refused.json()["reason"] == "unknown-purpose"
            assert "EXERCISE" in refused.json()["detail"]

    in_a_world(act)


def test_a_purpose_is_part_of_what_she_signs() -> None:
    async def act(world: Inside) -> None:
        request = world.proved(DUTY.name, "GET", "/items")
        request.headers[PURPOSE] = "EXERCISE"

        response = await world.client.send(request)

        assert response.json()["reason"] == "bad-signature"

    in_a_world(act)


def test_a_newcomer_is_told_of_what_every_officer_could_see_when_it_is_gone() -> None:
    async def act(world: Inside) -> None:
        for secret in (False, True):
            await world.report(secret)
            await world.recall(secret)
            await world.purge(secret)
        newcomer = Viewer(NORTH, OfficerName("newcomer"))

        told = world.node.receipts(newcomer, world.known[False].items[0][1])

        assert told.owed == ()
        stub = world.store.reader.stub(world.known[True].items[0][0])  # type: ignore[arg-type]
        assert stub is not None
        assert b"duty" not in stub

    in_a_world(act)


def test_what_one_officer_prepares_without_end_pushes_out_nothing_that_another_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unasserted, "MAX_PREPARED", 3)

    async def act(world: Inside) -> None:
        await world.report(False)
        ref = world.known[False].items[0][1]
        asked = {"kind": "grant", "ref": ref, "member": "east"}
        hers = await world.duty("POST", "/facts/prepared", asked)
        first, *others = [(await world.ask(CLERK.name, "POST", "/facts/prepared", asked)).json() for _ in range(4)]

        told = [await world.ask(CLERK.name, "POST", "/facts/foreseen", one) for one in (first, *others)]

        assert [one.status_code for one in told] == [403, 200, 200, 200]
        assert told[0].json()["reason"] == "not-prepared"
        assert (await world.duty("POST", "/facts/foreseen", hers))["member"] == "east"

    in_a_world(act)
