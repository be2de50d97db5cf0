"""Alerts out: who had one learns when it is taken back, and no receiver keeps another waiting."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from cap import checked, said
from capdoors import BEARER, SHA256, door, free_port, opened, until_up, written
from lxml import etree
from msgspec import structs
from warned import PROTECT, confirm, propose, shown, warn, warning
from world import exchange

from quartet.core.facts import Narrow
from quartet.desk.warning import Info
from quartet.gateways.cap.doors import door_of
from quartet.node.views import moment

pytestmark = pytest.mark.anyio
ATOM = "{http://www.w3.org/2005/Atom}"
Answer = Callable[[bytes], int]


class Siren:
    """A receiver: what it took, and what it was offered."""

    def __init__(self) -> None:
        self.offered: list[bytes] = []
        self.taken: list[bytes] = []
        self.port = 0

    @property
    def hook(self) -> dict[str, str]:
        return {"url": f"http://127.0.0.1:{self.port}/cap/secret-path"}

    def types(self) -> list[str]:
        return [said(checked(one), "msgType")[0] for one in self.taken]


@asynccontextmanager
async def siren(answer: Answer = lambda _: 200, *, port: int = 0) -> AsyncIterator[Siren]:
    one = Siren()

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(int(line.split(":")[1]) for line in head.splitlines() if line.startswith("content-length"))
        data = await reader.readexactly(length)
        one.offered.append(data)
        status = answer(data)
        if status == 200:
            one.taken.append(data)
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answered, "127.0.0.1", port)
    one.port = server.sockets[0].getsockname()[1]
    async with server:
        yield one


@pytest.mark.parametrize("marked", [("alert-check",), ("alert-check", "alert")])
async def test_a_drills_word_opens_no_door_for_a_warning_that_is_so(tmp_path: Path, marked: tuple[str, ...]) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        node, settings = world.nodes["north"], door(principals=["duty"])
        await warn(world, desks=("east",))
        held = {row.kind: node.holdings.verified(row.id) for row in world.rows("north")}

        assert [one.author for one in node.desk.doors.warnings(door_of(settings, node))] == ["north"]
        for item in map(held.__getitem__, marked):
            assert item is not None
            assert item.own is not None
            marking = structs.replace(item.own.control.marking, caveats=("EXERCISE",))
            await world.say("north", "narrow", Narrow(control=item.own.id, marking=marking))
        given = node.desk.doors.warnings(door_of(settings, node))

        assert [one.marking.caveat_words for one in given] == ([("EXERCISE",)] if "alert" in marked else [])


async def test_a_recall_sends_a_cancel_to_those_who_had_the_warning_and_to_no_other(tmp_path: Path) -> None:
    refuses: list[bool] = [True]
    async with siren() as first, siren(lambda _: 400 if refuses else 200) as second:
        settings = door(principals=["duty"], folder="out", hooks=[first.hook, second.hook])
        async with exchange(tmp_path, "north", "east") as world, opened(world, settings, tmp_path / "cap"):
            ref = await warn(world, desks=("east",))
            row = (await shown(world, "north", ref)).row
            await world.until(lambda: len(first.taken) == 1 and len(second.offered) >= 1)
            await written(tmp_path / "cap" / "out" / f"{row.id}.xml")

            await world.recall("north", ref)
            await world.until(lambda: len(first.taken) == 2)
            refuses.clear()
            await world.ticks("north", 6)

            root = checked(first.taken[1])
            assert (said(root, "msgType"), said(root, "info"), said(root, "scope")) == (["Cancel"], [], ["Private"])
            assert said(root, "references") == [
                f"north@warnings.example,{row.id},{said(checked(first.taken[0]), 'sent')[0]}"
            ]
            assert PROTECT.encode() not in first.taken[1]
            assert first.types() == ["Alert", "Cancel"]
            assert second.taken == []
            (cancel,) = [p for p in (tmp_path / "cap" / "out").iterdir() if "withdrawn" in p.name]
            assert checked(cancel.read_bytes()) is not None


async def test_the_cancel_of_what_the_world_had_is_public(tmp_path: Path) -> None:
    async with siren() as one, exchange(tmp_path, "north", "east") as world:
        async with opened(world, door(hooks=[one.hook]), tmp_path / "cap"):
            ref = await warn(world, desks=("east",), tlp="CLEAR", public=True)
            await world.until(lambda: len(one.taken) == 1)
            await world.recall("north", ref)
            await world.until(lambda: len(one.taken) == 2)

        assert [said(checked(data), "scope") for data in one.taken] == [["Public"], ["Public"]]


async def test_a_recall_while_the_door_was_shut_is_told_when_it_opens(tmp_path: Path) -> None:
    async with siren() as one, exchange(tmp_path, "north", "east") as world:
        settings = door(principals=["duty"], hooks=[one.hook])
        async with opened(world, settings, tmp_path / "cap"):
            ref = await warn(world, desks=("east",))
            await world.until(lambda: len(one.taken) == 1)
            await world.ticks("north", 2)
        await world.recall("north", ref)
        async with opened(world, settings, tmp_path / "cap"):
            await world.until(lambda: len(one.taken) == 2)

        assert one.types() == ["Alert", "Cancel"]


async def test_the_feed_lists_the_cancel_of_what_was_taken_back_and_no_word_of_it(tmp_path: Path) -> None:
    port = free_port()
    settings = door(listen=f"127.0.0.1:{port}", token_sha256=SHA256, principals=["duty"])
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, settings, tmp_path / "cap"),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=BEARER) as client,
    ):
        await until_up(client, "/", b"")
        ref = await warn(world, desks=("east",))
        row = (await shown(world, "north", ref)).row
        assert row.id in (await client.get("/cap/feed")).text

        await world.recall("north", ref)
        feed = await client.get("/cap/feed")

        (link,) = [one.get("href") or "" for one in etree.fromstring(feed.content).iter(f"{ATOM}link")]
        root = checked((await client.get(link)).content)
        assert said(root, "msgType") == ["Cancel"]
        assert said(root, "references")[0].split(",")[1] == row.id
        assert row.info[0].headline not in feed.text
        assert (await client.get(f"/cap/{row.id}.xml")).status_code == 404
        world.later(3 * 3600)
        assert "withdrawn" not in (await client.get("/cap/feed")).text


async def test_one_receivers_refusal_of_one_alert_blocks_nothing_and_is_alarmed_by_its_name(tmp_path: Path) -> None:
    def picky(data: bytes) -> int:
        return 422 if b"POISON" in data else 200

    async with siren(picky) as first, siren() as second:
        settings = door(principals=["duty"], hooks=[first.hook, second.hook])
        async with exchange(tmp_path, "north", "east") as world, opened(world, settings, tmp_path / "cap"):
            await warn(world, desks=("east",), info=(Info("en", "Flood", "POISON", "Go up."),))
            await world.until(lambda: len(second.taken) == 1)
            await warn(world, desks=("east",))

            await world.until(lambda: len(first.taken) == 1 and len(second.taken) == 2)
            await world.until(lambda: "cap-not-reached" in world.alarms("north"))
            alarms = {one.reason: one.detail for one in world.nodes["north"].status(world.viewer("north")).alarms}
            assert f"http://127.0.0.1:{first.port}" in alarms["cap-not-reached"]
            assert str(second.port) not in alarms["cap-not-reached"]
            assert "secret-path" not in alarms["cap-not-reached"]
            assert len(first.offered) < 12


async def test_a_receiver_that_is_away_keeps_no_other_waiting_and_has_all_once_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    async with siren() as other:
        settings = door(
            principals=["duty"],
            hooks=[{"url": f"http://127.0.0.1:{port}/"}, other.hook, {"url": "http://127.0.0.1:1/"}],
        )
        async with exchange(tmp_path, "north", "east") as world, opened(world, settings, tmp_path / "cap"):
            for _ in range(2):
                await warn(world, desks=("east",))
            await world.until(lambda: len(other.taken) == 2)
            await world.until(lambda: "cap-not-reached" in world.alarms("north"))

            async with siren(port=port) as back:
                await world.until(lambda: len(back.taken) == 2, 60)


async def test_a_warning_that_holds_again_goes_again_to_who_had_its_cancel(tmp_path: Path) -> None:
    async with siren() as one, exchange(tmp_path, "north", "east") as world:
        async with opened(world, door(principals=["duty"], hooks=[one.hook]), tmp_path / "cap"):
            ref = await warn(world, desks=("east",))
            await world.until(lambda: len(one.taken) == 1)
            await world.recall("north", ref)
            await world.until(lambda: len(one.taken) == 2)
            await world.fact("north", "cancel-recall", ref, officer="second")
            await world.until(lambda: len(one.taken) == 3)
            await world.ticks("north", 4)

        assert one.types() == ["Alert", "Cancel", "Update"]
        roots = [checked(data) for data in one.taken]
        names = [said(root, "identifier")[0] for root in roots]
        assert {ref.split(",")[1] for ref in said(roots[2], "references")[0].split()} == set(names[:2])
        assert len(set(names)) == 3


async def test_a_second_recall_ends_what_said_that_the_warning_held_again(tmp_path: Path) -> None:
    port = free_port()
    settings = door(listen=f"127.0.0.1:{port}", token_sha256=SHA256, principals=["duty"], folder="out")
    async with siren() as one, exchange(tmp_path, "north", "east") as world:
        settings = structs.replace(settings, hooks=door(hooks=[one.hook]).hooks)
        async with (
            opened(world, settings, tmp_path / "cap"),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=BEARER) as client,
        ):
            ref = await warn(world, desks=("east",))
            await world.until(lambda: len(one.taken) == 1)
            for count, (kind, officers) in enumerate(
                (("recall", ["duty"]), ("cancel-recall", ["second"]), ("recall", ["duty", "second"])), 2
            ):
                for officer in officers:
                    await world.fact("north", kind, ref, officer=officer)  # type: ignore[arg-type]  # a word of facts
                await world.until(lambda count=count: len(one.taken) == count)  # type: ignore[misc]  # it is bound
                newest = said(checked(one.taken[-1]), "identifier")[0]
                assert await written(tmp_path / "cap" / "out" / f"{newest}.xml") == one.taken[-1]
                (link,) = [
                    e.get("href") for e in etree.fromstring((await client.get("/cap/feed")).content).iter(f"{ATOM}link")
                ]
                assert (await client.get(link or "")).content == one.taken[-1]

        assert one.types() == ["Alert", "Cancel", "Update", "Cancel"]
        alert, _, again, end = [_reference(checked(data)) for data in one.taken]
        assert said(checked(one.taken[3]), "references")[0].split() == [alert, again]
        assert len({alert, again, end}) == 3


async def test_what_follows_a_warning_that_held_again_takes_the_place_of_both(tmp_path: Path) -> None:
    async with siren() as one, exchange(tmp_path, "north", "east") as world:
        async with opened(world, door(principals=["duty"], hooks=[one.hook]), tmp_path / "cap"):
            ref = await warn(world, desks=("east",))
            await world.until(lambda: len(one.taken) == 1)
            await world.recall("north", ref)
            await world.until(lambda: len(one.taken) == 2)
            await world.fact("north", "cancel-recall", ref, officer="second")
            await world.until(lambda: len(one.taken) == 3)
            await warn(world, desks=("east",), word="UPDATE", previous=ref)
            await world.until(lambda: len(one.taken) == 4)

        alert, _, again, _ = [_reference(checked(data)) for data in one.taken]
        assert set(said(checked(one.taken[3]), "references")[0].split()) == {alert, again}


async def test_what_holds_again_since_its_update_was_taken_back_is_said_again_once_for_each_time(
    tmp_path: Path,
) -> None:
    out = tmp_path / "cap" / "out"
    async with siren() as one, exchange(tmp_path, "north", "east") as world:
        settings = door(principals=["duty"], hooks=[one.hook], folder="out")
        async with opened(world, settings, tmp_path / "cap"):
            first = await warn(world, desks=("east",))
            await world.until(lambda: len(one.taken) == 1)
            update = await warn(world, desks=("east",), word="UPDATE", previous=first)
            await world.until(lambda: len(one.taken) == 2)
            await world.recall("north", update)
            await world.until(lambda: len(one.taken) == 4)
            await world.fact("north", "cancel-recall", update, officer="second")
            await world.until(lambda: len(one.taken) == 5)
            for officer in ("duty", "second"):
                await world.fact("north", "recall", update, officer=officer)
            await world.until(lambda: len(one.taken) == 7)
            await world.ticks("north", 4)
            stage = (await shown(world, "north", first)).row.stage

        assert stage == "IN_FORCE"
        assert one.types() == ["Alert", "Update", "Cancel", "Update", "Update", "Cancel", "Update"]
        alert, changed, _, again, back, _, anew = [_reference(checked(data)) for data in one.taken]
        refers = [said(checked(data), "references") for data in one.taken]
        named = [set(" ".join(some).split()) for some in refers]
        assert named[3] == {alert}
        assert {alert, changed, again} <= named[4]
        assert named[6] == {alert, again}
        assert len({alert, again, anew, back, changed}) == 5
        assert said(checked(one.taken[3]), "info/headline") == said(checked(one.taken[0]), "info/headline")
        assert {path.read_bytes() for path in out.glob("*.xml")} == set(one.taken)


async def test_an_answer_that_was_lost_has_the_very_same_message_tried_again_over_restarts_too(tmp_path: Path) -> None:
    async with (
        siren(lambda data: 500 if b"-restored" in data else 200) as one,
        exchange(tmp_path, "north", "east") as world,
    ):
        settings = door(principals=["duty"], hooks=[one.hook])
        async with opened(world, settings, tmp_path / "cap"):
            ref = await warn(world, desks=("east",))
            await world.until(lambda: len(one.taken) == 1)
            await world.recall("north", ref)
            await world.until(lambda: len(one.taken) == 2)
            await world.fact("north", "cancel-recall", ref, officer="second")
            await world.until(lambda: len(one.offered) >= 4)
        await world.stop("north")
        world.start("north")
        count = len(one.offered)
        async with opened(world, settings, tmp_path / "cap"):
            await world.until(lambda: len(one.offered) > count)

        assert len(set(one.offered[2:])) == 1


def _reference(root: etree._Element) -> str:
    """Return how others refer to a message."""
    return ",".join(said(root, name)[0] for name in ("sender", "identifier", "sent"))


async def test_an_alert_is_sent_when_its_second_officer_let_it_go_and_not_when_it_was_written(tmp_path: Path) -> None:
    async with siren() as first:
        settings = door(principals=["duty"], hooks=[first.hook])
        async with exchange(tmp_path, "north", "east") as world, opened(world, settings, tmp_path / "cap"):
            waits = await propose(world, warning(world, desks=("east",)))
            world.later(600)
            await confirm(world, waits.ref)
            left = world.now("north")
            await world.until(lambda: len(first.taken) == 1)

            (sent,) = said(checked(first.taken[0]), "sent")
            assert abs((datetime.fromisoformat(sent) - moment(left)).total_seconds()) < 300
