"""A model is asked by the leave of the gate: what may not go is on no wire, and what comes back says what it is."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from models import Server, assist, model, said, server, translated, translator
from msgspec import ValidationError, convert, structs
from world import World, exchange

from atonce import at_once
from quartet.core.faults import Fault, Unavailable, Untrusted
from quartet.core.ids import OfficerName
from quartet.core.marking import TLP_ORDER
from quartet.core.release import Viewer
from quartet.intake.maker import BY_A_MODEL
from quartet.node.asking import Query
from quartet.node.assist.sent import Entry
from quartet.node.assist.settings import Assist
from quartet.node.views import Draft, Row

pytestmark = pytest.mark.anyio
TEXT = "the bridge near Dam 3"
PUBLIC = {"tlp": "CLEAR", "onward": "TLP_RULE"}


def trained(world: World, name: str) -> Viewer:
    return structs.replace(world.viewer(name), trained=frozenset({"NO_GATEWAY"}))


def rows(world: World, viewer: Viewer) -> tuple[Row, ...]:
    return at_once(world.nodes[viewer.member].read(viewer, Query())).items


async def reason(asked: Any) -> str:
    with pytest.raises(Fault) as caught:
        await asked
    return caught.value.reason


async def test_an_item_is_translated_beside_its_original_and_says_that_a_model_did_it(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        assist(node, tmp_path, translator=translator(one))
        sent = await world.send("north", [], TEXT, **PUBLIC)

        found = await node.assisting.translate(viewer, sent.ref, None)

        assert found.original == f"A report\n\n{TEXT}"
        assert found.text.endswith("pont près Dam 3")
        assert (found.language, found.tlp, found.made.by, found.made.model) == (
            "fr",
            "CLEAR",
            BY_A_MODEL,
            "LibreTranslate",
        )
        assert json.loads(one.bodies[0]) == {"q": found.original, "target": "fr", "source": "auto", "format": "text"}
        assert "x-marking: tlp:clear" in one.heads[0].lower()
        assert world.text("north", sent.ref) == TEXT


async def test_without_a_server_in_the_settings_no_port_is_there(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        sent = await world.send("north", [], TEXT, **PUBLIC)

        assert node.status(viewer).assist == ()
        assert await reason(node.assisting.translate(viewer, sent.ref, "fr")) == "port-off"
        assert await reason(node.assisting.near.of(viewer, sent.ref)) == "port-off"
        with pytest.raises(Unavailable, match="port-off"):
            node.assisting.may_extract("CLEAR")


async def test_status_says_which_ports_are_on_and_where_they_ask(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        assist(world.nodes["north"], tmp_path, translator=translator(one), embedder=model(one, "/v1/embeddings"))

        told = world.nodes["north"].status(world.viewer("north")).assist

        assert [(port.port, port.model, port.tlp) for port in told] == [
            ("translator", "LibreTranslate", "CLEAR"),
            ("embedder", "small-1", "CLEAR"),
        ]
        assert {port.host for port in told} == {f"http://127.0.0.1:{one.port}"}
        assert one.opened == 0


@pytest.mark.parametrize("most", ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT"])
async def test_whatever_its_marking_what_the_rule_does_not_let_out_is_never_on_the_wire(
    most: str, tmp_path: Path
) -> None:
    answering: dict[str, Any] = {} if most == "CLEAR" else {"principals": ["duty"]}
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], trained(world, "north")
        assist(node, tmp_path, translator=translator(one, tlp=most, **answering))
        for label in TLP_ORDER:
            for caveats in ((), ("NO_GATEWAY",)):
                onward: dict[str, Any] = {"onward": "TLP_RULE"} if label == "CLEAR" and not caveats else {}
                persons: dict[str, Any] = {"persons": ("north/duty",)} if label == "RED" else {}
                before = one.bytes
                sent = await world.send("north", [], f"secret {label}", tlp=label, caveats=caveats, **onward, **persons)
                may = not caveats and TLP_ORDER.index(label) <= TLP_ORDER.index(most)

                try:
                    await node.assisting.translate(viewer, sent.ref, "fr")
                except Untrusted:
                    assert not may, label
                    assert one.bytes == before, label
                else:
                    assert may, label
                    assert one.bytes > before, label


async def test_of_what_carries_anothers_text_its_controller_decides_too(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        east, viewer = world.nodes["east"], trained(world, "east")
        assist(east, tmp_path, translator=translator(one, tlp="AMBER", principals=["duty"]))
        shown = await world.send("north", ["east"], TEXT, mode="DISPLAY")
        source = await world.send("north", ["east"], TEXT, caveats=("NO_GATEWAY",))
        await world.until(lambda: {shown.id, source.id} <= {row.id for row in rows(world, viewer)})
        draft = Draft(tlp="AMBER", title="Ours", text="our words", contains=(source.ref,), caveats=("NO_GATEWAY",))
        sent = await east.publish(draft, viewer)

        assert await reason(east.assisting.translate(viewer, sent.ref, "fr")) == "no-gateway"
        assert await reason(east.assisting.translate(viewer, source.ref, "fr")) == "no-gateway"
        assert await reason(east.assisting.translate(viewer, shown.ref, "fr")) == "display-only"
        assert one.opened == 0


async def test_evidence_that_was_taken_back_goes_to_no_model_though_it_is_kept(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        assist(node, tmp_path, translator=translator(one, tlp="AMBER", principals=["duty"]))
        sent = await world.send("north", ["east"], TEXT, hold=True)
        await world.recall("north", sent.ref)
        await world.ticks("north")

        assert node.show(viewer, sent.ref).recalled
        assert await reason(node.assisting.translate(viewer, sent.ref, "fr")) == "recalled"
        assert one.opened == 0


async def test_what_stays_home_by_its_kind_goes_to_no_model(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        assist(node, tmp_path, translator=translator(one, tlp="AMBER", principals=["duty"]))
        note = await world.send("north", [], TEXT, kind="handover", form={})

        assert await reason(node.assisting.translate(viewer, note.ref, "fr")) == "stays-home"
        assert one.opened == 0


async def test_what_is_said_of_a_place_of_origin_goes_to_no_model(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, now = world.nodes["north"], world.now("north")
        assist(node, tmp_path, translator=translator(one, tlp="AMBER", principals=["duty"]))
        form = {"since": now - 60_000_000, "until": now, "area": "the harbour"}
        incident = await world.send("north", [], "x", title="Explosions", kind="incident", form=form)
        question = await world.about(
            "north", incident.ref, "question", {"incident": incident.ref, "rung": "PLACE_OF_ORIGIN"}
        )
        said_of_it = {"question": question.ref, "rung": "PLACE_OF_ORIGIN", "text": "the sector north of the river"}
        sector = await world.about("north", question.ref, "hypothesis", said_of_it)

        for ref in (question.ref, sector.ref):
            assert await reason(node.assisting.translate(world.viewer("north"), ref, "fr")) == "origin-stays"
        assert one.opened == 0


async def test_what_an_officer_may_not_see_is_unknown_to_her_here_too(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node = world.nodes["north"]
        assist(node, tmp_path, translator=translator(one, tlp="AMBER", principals=["duty"]))
        red = await world.send("north", [], TEXT, tlp="RED", persons=("north/duty",))

        asked = node.assisting.translate(world.viewer("north", "second"), red.ref, "fr")

        assert await reason(asked) == "unknown-item"
        assert one.opened == 0


async def test_what_is_taken_back_while_the_way_is_opened_does_not_go(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        assist(node, tmp_path, translator=translator(one))
        sent = await world.send("north", ["east"], TEXT, **PUBLIC)
        asking = node.assisting.sent.begin

        async def slowly(entries: Any) -> list[str]:
            await world.recall("north", sent.ref)
            return await asking(entries)

        node.assisting.sent.begin = slowly  # type: ignore[method-assign]

        assert await reason(node.assisting.translate(viewer, sent.ref, "fr")) == "unknown-item"
        assert (one.bytes, one.bodies) == (0, [])


async def test_what_was_taken_back_before_the_answer_came_is_not_shown(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        assist(node, tmp_path, translator=translator(one))
        sent = await world.send("north", ["east"], TEXT, **PUBLIC)
        one.wait = 1.0
        asked = asyncio.create_task(node.assisting.translate(viewer, sent.ref, "fr"))
        await world.until(lambda: one.bodies)
        await world.recall("north", sent.ref)

        assert await reason(asked) == "unknown-item"


async def test_where_an_officer_who_answered_is_one_no_more_only_the_worlds_passes(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        assist(node, tmp_path, translator=translator(one, tlp="AMBER", principals=["duty", "somebody-else"]))
        amber, clear = await world.send("north", [], TEXT), await world.send("north", [], TEXT, **PUBLIC)

        assert await reason(node.assisting.translate(viewer, amber.ref, "fr")) == "no-principal"
        assert one.bytes == 0
        assert (await node.assisting.translate(viewer, clear.ref, "fr")).text


async def test_what_went_is_kept_with_who_sent_it_and_told_to_who_may_know_of_it(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        assist(node, tmp_path, translator=translator(one))
        sent = await world.send("north", [], TEXT, **PUBLIC)
        await node.assisting.translate(viewer, sent.ref, "fr")
        one.answer = lambda _: said(b"{}")
        assert await reason(node.assisting.translate(viewer, sent.ref, "fr")) == "odd-model-answer"

        odd, went = node.assisting.sent.page(viewer).items

        assert (went.officer, went.port, went.ref, went.tlp, went.outcome) == (
            "duty",
            "translator",
            sent.ref,
            "CLEAR",
            "answered",
        )
        assert (went.host, odd.outcome) == (f"http://127.0.0.1:{one.port}", "odd")
        assert went.size == len(f"A report\n\n{TEXT}")
        assert TEXT.encode() not in b"".join(v.encode() for v in world.stores["north"].reader.metas("assist").values())


async def test_the_register_of_models_names_no_item_that_its_reader_may_not_know_of(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        kept = world.nodes["north"].assisting.sent
        red = await world.send("north", [], TEXT, tlp="RED", persons=("north/duty",))
        entry = Entry(
            world.now("north"), OfficerName("duty"), "translator", "http://127.0.0.1:1", "RED", 9, item=red.id
        )
        text = Entry(
            world.now("north"), OfficerName("duty"), "extractor", "http://127.0.0.1:1", "CLEAR", 9, attachment="A"
        )
        await kept.begin([entry, text])
        second = structs.replace(world.viewer("north", "second"), roles=())

        assert [one.ref for one in kept.page(world.viewer("north")).items] == [None, red.ref]
        assert [one.ref for one in kept.page(world.viewer("north", "second")).items] == [None]
        assert kept.page(second).items == ()


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a redirect": (lambda _: said(b"", "302 Found", location="http://127.0.0.1:9/translate"), "model-refused"),
    "a refusal": (lambda _: said(b"{}", "500 No"), "model-refused"),
    "no content": (lambda _: said(b"", "204 None"), "model-refused"),
    "too large": (lambda _: said(b'{"translatedText":"x","a":"' + b"x" * 5 * 1024**2 + b'"}'), "odd-model-answer"),
    "packed": (lambda _: said({"translatedText": "le pont"}, content_encoding="gzip"), "odd-model-answer"),
    "no JSON": (lambda _: said(b"<html>"), "odd-model-answer"),
    "not UTF-8": (lambda _: said(b'{"translatedText":"\xff"}'), "odd-model-answer"),
    "a lone surrogate": (lambda _: said(b'{"translatedText":"\\ud800"}'), "odd-model-answer"),
    "a number": (lambda _: said({"translatedText": 3}), "odd-model-answer"),
    "nothing": (lambda _: said({"translatedText": " "}), "odd-model-answer"),
    "a flood of words": (lambda _: said({"translatedText": "x" * 4000}), "odd-model-answer"),
    "deep": (lambda _: said(b"[" * 100_000), "odd-model-answer"),
    "no HTTP": (lambda _: b"hello\r\n\r\n", "model-not-reached"),
    "less than promised": (lambda _: translated(b'{"q":"x"}')[:-9], "model-not-reached"),
    "a head without end": (lambda _: b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 60_000, "model-not-reached"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_an_odd_answer_is_a_reason_word_and_no_translation(name: str, tmp_path: Path) -> None:
    answer, expected = HOSTILE[name]
    async with server(answer) as one, exchange(tmp_path, "north", "east") as world:
        assist(world.nodes["north"], tmp_path, translator=translator(one))
        sent = await world.send("north", [], TEXT, **PUBLIC)

        assert await reason(world.nodes["north"].assisting.translate(world.viewer("north"), sent.ref, "fr")) == expected
        assert one.opened == 1


async def test_a_server_that_is_slow_or_away_is_left_in_time(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        sent = await world.send("north", [], TEXT, **PUBLIC)
        one.wait = 30.0
        assist(node, tmp_path, translator=translator(one, answer_s=1))
        assert await reason(node.assisting.translate(viewer, sent.ref, "fr")) == "model-not-reached"
        away = Server(translated)
        away.port = 9
        assist(node, tmp_path, translator=translator(away))
        assert await reason(node.assisting.translate(viewer, sent.ref, "fr")) == "model-not-reached"

        assert [one.outcome for one in node.assisting.sent.page(viewer).items] == ["not-reached", "no-answer"]


async def test_a_secret_comes_from_a_file_that_nobody_else_can_read(tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        node, viewer, token = world.nodes["north"], world.viewer("north"), tmp_path / "token"
        token.write_text("a word\n")
        token.chmod(0o600)
        assist(node, tmp_path, translator=translator(one, token_file="token"))
        sent = await world.send("north", [], TEXT, **PUBLIC)
        await node.assisting.translate(viewer, sent.ref, "fr")
        token.chmod(0o644)

        assert "authorization: bearer a word" in one.heads[0].lower()
        assert await reason(node.assisting.translate(viewer, sent.ref, "fr"))
        assert len(one.heads) == 1


@pytest.mark.parametrize("to", ["", "french please", "fr\n", "../etc", "f"])
async def test_a_language_is_a_language(to: str, tmp_path: Path) -> None:
    async with server() as one, exchange(tmp_path, "north", "east") as world:
        assist(world.nodes["north"], tmp_path, translator=translator(one))
        sent = await world.send("north", [], TEXT, **PUBLIC)
        if to:
            assert (
                await reason(world.nodes["north"].assisting.translate(world.viewer("north"), sent.ref, to))
                == "bad-language"
            )
            assert one.opened == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://models.example/translate",
        "https://user@models.example/translate",
        "https://models.example/translate?key=1",
        "http://127.0.0.1.models.example/translate",
        "http://localhost:5000/translate",
        "file:///etc/passwd",
        "https://models.example",
    ],
)
def test_a_server_is_named_by_its_whole_address_over_tls_or_here(url: str) -> None:
    with pytest.raises(ValidationError):
        convert({"translator": {"url": url, "language": "fr"}}, Assist)


def test_a_bound_above_clear_needs_somebody_who_answers_and_red_is_none() -> None:
    server = {"url": "https://models.example/translate", "language": "fr"}

    assert convert({"translator": {**server, "tlp": "AMBER", "principals": ["duty"]}}, Assist).translator is not None
    for wrong in ({"tlp": "AMBER"}, {"tlp": "RED", "principals": ["duty"]}):
        with pytest.raises(ValidationError):
            convert({"translator": {**server, **wrong}}, Assist)
